/** The documentation is true: generated parts are current, links lead somewhere, and what people copy from it works. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stale } from '../../scripts/docs/generate';
import { withGenerated, withPictures } from '../../scripts/docs/markdown';
import { lifecycleSvg } from '../../scripts/docs/statusDiagram';
import { ALERT_CODES } from '../../lib/order/alerts';
import { ORDER_STATUSES, statusLabel } from '../../lib/order/status';
import { defaultStoreFile } from '../../nodes/shared/context';
import { MINUTE, Site, template } from '../templates/site';
import { anchorsOf, brokenLinks, fencesOf, pages, readPage, ROOT, type Fence } from './pages';

const all = pages();

/** Runs a command of the documentation as a person would: in a shell, with this Node, at home in `home`. */
function runShell(script: string, home: string): string {
	const env = { PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`, HOME: home };
	return execFileSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8', cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const runnable = (file: string): Fence[] => fencesOf(readPage(file)).filter(({ marks }) => marks.includes('runnable'));

function unknownScripts(text: string): string[] {
	const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
	const named = [...text.matchAll(/npm run (?:--silent )?([a-z0-9][a-z0-9:-]*)/g)].map(([, name]) => name!);
	return named.filter((name) => !Object.hasOwn(scripts, name));
}

describe('generated parts', () => {
	it('are current; else run: npm run docs', () => {
		expect(stale()).toEqual([]);
	});

	it('need a place in the page, and a place needs a part', () => {
		const page = withGenerated('<!-- generated: a (by "npm run docs"; do not edit) -->\nold\n<!-- end of generated: a -->\n', { a: 'new' }, 'x.md');
		expect(page).toBe('<!-- generated: a (by "npm run docs"; do not edit) -->\n\nnew\n\n<!-- end of generated: a -->\n');
		expect(withGenerated(page, { a: 'new' }, 'x.md')).toBe(page);
		expect(() => withGenerated('', { a: 'new' }, 'x.md')).toThrow('x.md has no place for "a"');
		expect(() => withGenerated(page, {}, 'x.md')).toThrow('has a place for "a", which nothing generates');
	});

	it('show a picture once it exists', () => {
		const page = 'a\n\n<!-- picture: p.png, the canvas -->\n\nb\n';
		const shown = withPictures(page, () => true);
		expect(shown).toBe('a\n\n<!-- picture: p.png, the canvas -->\n![The canvas](images/p.png)\n\nb\n');
		expect(withPictures(shown, () => true)).toBe(shown);
		expect(withPictures(shown, () => false)).toBe(page);
	});

	it('draw every status', () => {
		const svg = lifecycleSvg();
		for (const status of ORDER_STATUSES) expect(svg).toContain(`>${statusLabel(status)}</text>`);
	});
});

describe.each(all)('$file', (page) => {
	it('has no broken link or picture', () => {
		expect(brokenLinks(page)).toEqual([]);
	});

	it('has shell commands that a shell can read', () => {
		for (const { text, line } of fencesOf(page).filter(({ language }) => language === 'sh')) {
			const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
			expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: '' });
		}
	});

	it('has JSON that can be read', () => {
		for (const { text } of fencesOf(page).filter(({ language }) => language === 'json')) expect(() => JSON.parse(text)).not.toThrow();
	});

	it('runs only npm scripts that exist', () => {
		expect(unknownScripts(page.text)).toEqual([]);
	});
});

it('the workflows of GitHub run only npm scripts that exist', () => {
	const workflows = globSync('.github/workflows/*.yml', { cwd: ROOT });
	expect(workflows.length).toBeGreaterThan(1);
	for (const file of workflows) expect({ file, unknown: unknownScripts(readPage(file).text) }).toEqual({ file, unknown: [] });
});

describe('the troubleshooting page', () => {
	const anchors = anchorsOf(readPage('docs/troubleshooting.md'));

	it('says what to do about every alert', () => {
		expect(ALERT_CODES.filter((code) => !anchors.has(code))).toEqual([]);
	});

	it('says what to do about every error', () => {
		const source = readFileSync(path.join(ROOT, 'lib/order/errors.ts'), 'utf8');
		const union = /export type FulfillmentErrorCode =([^;]+);/.exec(source)?.[1] ?? '';
		const codes = [...union.matchAll(/'([a-z_]+)'/g)].map(([, code]) => code!);
		expect(codes.length).toBeGreaterThan(10);
		expect(codes.filter((code) => !anchors.has(code) && ![...anchors].some((anchor) => anchor.includes(code)))).toEqual([]);
	});
});

describe('what people copy', () => {
	let site: Site;
	let home: string;
	beforeEach(async () => {
		site = await Site.open();
		home = mkdtempSync(path.join(tmpdir(), 'docs-home-'));
		symlinkSync(site.folder, path.join(home, '.n8n-files'));
	});
	afterEach(async () => {
		const problems = site.problems();
		await site.close();
		rmSync(home, { recursive: true, force: true });
		expect(problems).toEqual([]);
	});

	/** What was written a moment ago counts as complete only after two seconds; here a minute has passed. */
	function aMinuteLater(): void {
		const then = new Date(Date.now() - MINUTE);
		for (const file of globSync(['shop/orders/*.csv', 'warehouse/shipments/*.csv'], { cwd: site.folder })) utimesSync(path.join(site.folder, file), then, then);
	}

	it('ships the first order by the quick start, step by step', async () => {
		const [folders, order, look, ship, tracking, ...more] = runnable('docs/quick-start.md').map(({ text }) => text);
		expect(more).toEqual([]);
		rmSync(path.join(site.folder, 'shop'), { recursive: true });
		rmSync(path.join(site.folder, 'warehouse'), { recursive: true });
		runShell(folders!, home);
		runShell(order!, home);
		aMinuteLater();
		await site.tick(template('01'));
		expect(runShell(look!, home)).toContain('Ada Lovelace');
		expect(await site.statuses()).toEqual({ '#1001': 'open' });
		expect(readdirSync(path.join(site.folder, 'shop/orders'))).toEqual(['archive']);

		runShell(ship!, home);
		aMinuteLater();
		await site.tick(template('03'));
		expect(runShell(tracking!, home)).toContain('1Z999AA10123456784');
		expect(await site.statuses()).toEqual({ '#1001': 'closed' });

		// "Try what goes wrong"
		runShell(order!, home);
		aMinuteLater();
		expect(await site.tick(template('01'))).toEqual([]);
		runShell(`${order!.replaceAll('#1001', '#1002').replace('Standard Shipping', 'Pigeon')}`, home);
		aMinuteLater();
		await site.tick(template('01'));
		expect((await site.order('#1002')).alert?.code).toBe('unmapped_shipping_method');
	});

	it('imports the examples of the file formats', async () => {
		const [csv] = fencesOf(readPage('docs/file-formats.md')).filter(({ language }) => language === 'csv');
		const [json] = fencesOf(readPage('docs/file-formats.md')).filter(({ language }) => language === 'json');
		site.put('shop/orders', 'a.csv', csv!.text.replaceAll('1001', '2001'));
		site.put('shop/orders', 'b.json', json!.text);
		await site.tick(template('01'));
		expect((await site.order('2001')).description).toBe('2 × RED-MUG, 1 × TEE-L');
		expect(await site.order('1001')).toMatchObject({ status: 'open', total: '39.80' });
	});

	it('backs up the embedded store while it is in use', async () => {
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		const folder = path.join(home, '.n8n', 'n8n-nodes-order-fulfillment');
		mkdirSync(path.dirname(folder), { recursive: true });
		// The very folder, with its write-ahead log, in which the store is open.
		symlinkSync(path.dirname(defaultStoreFile()), folder);
		const [backup, ...more] = runnable('docs/upgrade-and-backup.md');
		expect(more).toEqual([]);
		runShell(backup!.text, home);
		const [copy] = readdirSync(path.join(home, 'backup'));
		const restored = path.join(home, 'restored.sqlite');
		cpSync(path.join(home, 'backup', copy!), restored);
		const database = new DatabaseSync(restored);
		expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
		expect(database.prepare('SELECT order_number, status FROM oms_order').all()).toEqual([{ order_number: '1', status: 'open' }]);
		database.close();
	});
});
