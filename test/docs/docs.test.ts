/** The documentation is true: generated parts are current, links lead somewhere, and what people copy from it works. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generated, stale } from '../../scripts/docs/generate';
import { prose, withGenerated, withPictures } from '../../scripts/docs/markdown';
import { lifecycleSvg } from '../../scripts/docs/statusDiagram';
import { ALERT_CODES } from '../../lib/order/alerts';
import { ORDER_STATUSES, statusLabel } from '../../lib/order/status';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import { MINUTE, Site, template } from '../templates/site';
import { anchorsOf, brokenAddresses, brokenLinks, fencesOf, pageBehind, pages, readPage, ROOT } from './pages';
import { runnable, runShell } from './shell';

const all = pages();

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

	it('name a page of a node that is no more, so that it is removed', () => {
		const files = generated();
		files.delete('docs/nodes/wms-send.md');
		expect(stale(files)).toEqual(['docs/nodes/wms-send.md']);
	});

	it('turn the links of a description into links, and show other tags as text', () => {
		expect(prose('See <a href="https://docs.example/x">this page</a> and &lt;line ID&gt;')).toBe('See [this page](https://docs.example/x) and `<line ID>`');
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

describe('pages that the editor opens', () => {
	it('are there for every credential', () => {
		const urls = loadSourceClasses().credentialTypes.map((CredentialClass) => {
			const { name, documentationUrl } = new CredentialClass() as unknown as { name: string; documentationUrl: string };
			return { name, page: pageBehind(documentationUrl) };
		});
		expect(urls.length).toBeGreaterThan(10);
		expect(urls.filter(({ page }) => page === null || !existsSync(path.join(ROOT, page.split('#')[0]!)))).toEqual([]);
	});

	it('are there for every node', () => {
		const codexes = globSync('nodes/*/*.node.json', { cwd: ROOT });
		expect(codexes.length).toBe(loadSourceClasses().nodeTypes.length);
		const missing = codexes.flatMap((file) => {
			const { resources } = JSON.parse(readPage(file).text) as { resources: Record<'primaryDocumentation' | 'credentialDocumentation', Array<{ url: string }>> };
			const urls = [...resources.primaryDocumentation, ...resources.credentialDocumentation];
			return urls.flatMap(({ url }) => (pageBehind(url) === null ? [`${file}: ${url}`] : []));
		});
		expect(missing).toEqual([]);
	});

	it('have the headings to which addresses in nodes, credentials and forms point', () => {
		const files = globSync(['{nodes,credentials,lib}/**/*.{ts,json}', 'templates/*.json', '.github/**/*.{yml,md}', 'package.json'], { cwd: ROOT });
		expect(files.flatMap((file) => brokenAddresses(readPage(file)))).toEqual([]);
	});
});

it('the README is short', () => {
	expect(Buffer.byteLength(readPage('README.md').text)).toBeLessThanOrEqual(8_000);
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
		expect(readdirSync(path.join(site.folder, 'shop/orders'))).toEqual(['archive', 'reading']);

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
});
