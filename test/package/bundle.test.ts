/** The bundler's promises on a package of three files: one home for each piece of code, the database part on demand. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { bundle } = require('../../tools/build/bundle.cjs') as { bundle(root: string, log: (line: string) => void): Promise<string[]> };

const FILES = {
	'package.json': '{"name":"trial"}',
	'lib/order/thing.ts': "export class Thing { constructor(readonly label: string) {} }\nexport default 'the default export';",
	'lib/store/connect.ts': "import { Thing } from '../order/thing';\nexport const open = (): Thing => new Thing('from the store');",
	'nodes/shared/open.ts': "export const open = async () => (await import('../../lib/store/connect')).open();",
	'nodes/One/One.node.ts':
		"import label, { Thing } from '../../lib/order/thing';\nimport { open } from '../shared/open';\nimport { own } from './own';\nexport class One { Thing = Thing; label = label; own = own; open = open; }",
	'nodes/One/own.ts': "export const own = 'own';",
	'nodes/Two/Two.node.ts': "import { Thing } from '../../lib/order/thing';\nexport class Two { Thing = Thing; }",
	'credentials/KeyApi.credentials.ts': "export class KeyApi { name = 'keyApi'; }",
};

interface Loaded {
	Thing: new (label: string) => { label: string };
	label: string;
	own: string;
	open(): Promise<unknown>;
}

describe('bundle', () => {
	let folder: string;
	const write = (files: Record<string, string>): void => {
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
			writeFileSync(path.join(folder, name), text);
		}
	};
	const read = (file: string): string => readFileSync(path.join(folder, 'dist', file), 'utf8');

	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
		write(FILES);
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('puts lib/ into one shared file and the database part into another', async () => {
		expect((await bundle(folder, () => undefined)).sort()).toEqual([
			'credentials/KeyApi.credentials.js',
			'nodes/One/One.node.js',
			'nodes/Two/Two.node.js',
			'shared.js',
			'store.js',
		]);
		for (const file of ['nodes/One/One.node.js', 'nodes/Two/Two.node.js', 'store.js']) expect(read(file)).not.toContain('class Thing');
		expect(read('shared.js').match(/__name\(this, "Thing"\)/g)).toHaveLength(1);
	});

	it('lets nodes and store meet in the same classes', async () => {
		await bundle(folder, () => undefined);
		const load = createRequire(path.join(folder, 'dist/x.js'));
		const { One } = load('./nodes/One/One.node.js') as { One: new () => Loaded };
		const { Two } = load('./nodes/Two/Two.node.js') as { Two: new () => Loaded };
		const one = new One();
		expect(one.label).toBe('the default export');
		expect(one.own).toBe('own');
		expect(new Two().Thing).toBe(one.Thing);
		expect(await one.open()).toBeInstanceOf(one.Thing);
		expect(One.name).toBe('One');
	});

	it('builds the same bytes twice, and names no folder of this machine', async () => {
		await bundle(folder, () => undefined);
		const first = read('shared.js') + read('nodes/One/One.node.js');
		await bundle(folder, () => undefined);
		expect(read('shared.js') + read('nodes/One/One.node.js')).toBe(first);
		expect(first).not.toContain(folder);
	});

	it('lets a node itself load the database part', async () => {
		write({ 'nodes/Two/Two.node.ts': "export class Two { open = async () => (await import('../../lib/store/connect')).open(); }" });
		await bundle(folder, () => undefined);
		const load = createRequire(path.join(folder, 'dist/x.js'));
		const { Two } = load('./nodes/Two/Two.node.js') as { Two: new () => Loaded };
		expect(await new Two().open()).toMatchObject({ label: 'from the store' });
	});

	it.each(['nodes/shared/open.ts', 'nodes/One/own.ts'])('refuses a static import of the database part in %s', async (file) => {
		write({ [file]: "export { open, open as own } from '../../lib/store/connect';" });
		await expect(bundle(folder, () => undefined)).rejects.toThrow('must load the database part with await import');
	});

	it('refuses a file whose class is not named like it', async () => {
		write({ 'nodes/Two/Two.node.ts': 'export class Other {}' });
		await expect(bundle(folder, () => undefined)).rejects.toThrow('nodes/Two/Two.node.ts must export the class Two');
	});

	it('refuses code of ours that would be in two files', async () => {
		write({ 'nodes/shared/open.ts': "export { own as open } from '../One/own';" });
		await expect(bundle(folder, () => undefined)).rejects.toThrow('nodes/One/own.ts is in nodes/One/One.node.js and in shared.js');
	});
});
