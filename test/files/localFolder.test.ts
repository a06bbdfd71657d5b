import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import { n8nFileAccess, unrestrictedFileAccess } from '../../lib/files/fileAccess';
import { openLocalFolder } from '../../lib/files/localFolder';
import { safeFileName } from '../../lib/files/names';
import { inTransactionScope } from '../../lib/order/transactionScope';
import { put, temporaryDirectory, temporaryFolder, textOf, tree } from './openLocal';

const HOSTILE = ['', '.', '..', '../x', 'a/b', '/etc/passwd', 'a\\b', '.hidden', 'nul\0.csv', `${'x'.repeat(256)}`];

afterEach(() => jest.restoreAllMocks());

describe('the local folder', () => {
	it('creates, lists, reads and moves', async () => {
		const { root, folder } = temporaryFolder();
		expect(await folder.list('orders')).toEqual([]);
		expect(await folder.create('orders', 'a.csv', 'one')).toBe('created');
		expect(await folder.create('orders', 'a.csv', 'two')).toBe('exists');
		expect(await folder.list('orders')).toEqual([{ name: 'a.csv', size: 3, modifiedAt: expect.any(Number) }]);
		expect(await folder.stat('orders', 'a.csv')).toMatchObject({ size: 3 });
		expect(await folder.stat('orders', 'b.csv')).toBeNull();
		expect(await textOf(folder.read('orders', 'a.csv'))).toBe('one');
		expect(await folder.move('orders', 'a.csv', 'orders/archive')).toBe('a.csv');
		expect(await folder.move('orders', 'a.csv', 'orders/archive')).toBeNull();
		expect(tree(root)).toEqual({ 'orders/archive/a.csv': 'one' });
	});

	it('never overwrites when it moves', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'new', 'orders/archive/a.csv': 'old' });
		const name = await folder.move('orders', 'a.csv', 'orders/archive');
		expect(name).toMatch(/^a-[0-9a-f]{8}\.csv$/);
		expect(tree(root)).toEqual({ 'orders/archive/a.csv': 'old', [`orders/archive/${name}`]: 'new' });
	});

	it('gives a file to one of several movers', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'x' });
		const names = await Promise.all(Array.from({ length: 8 }, async () => await folder.move('orders', 'a.csv', 'orders/archive')));
		expect(names.filter((name) => name !== null)).toHaveLength(1);
		expect(Object.values(tree(root))).toEqual(['x']);
	});

	it('lets one of several writers of a name win, and shows no other content', async () => {
		const { root, folder } = temporaryFolder();
		const outcomes = await Promise.all(Array.from({ length: 12 }, async (_, n) => await folder.create('orders', 'a.csv', `writer ${n}`)));
		expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
		expect(tree(root)).toEqual({ 'orders/a.csv': `writer ${outcomes.indexOf('created')}` });
	});

	it('does the same on a file system without hard links', async () => {
		const { root, folder } = temporaryFolder();
		jest.spyOn(fsPromises, 'link').mockRejectedValue(Object.assign(new Error('no links'), { code: 'EPERM' }));
		expect(await folder.create('orders', 'a.csv', 'one')).toBe('created');
		expect(await folder.create('orders', 'a.csv', 'two')).toBe('exists');
		expect(tree(root)).toEqual({ 'orders/a.csv': 'one' });
	});

	it.each(HOSTILE)('refuses the name %j', async (name) => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'x' });
		const refusal = { code: 'file_access' };
		await expect(folder.stat('orders', name)).rejects.toMatchObject(refusal);
		await expect(folder.create('orders', name, 'x')).rejects.toMatchObject(refusal);
		await expect(folder.move('orders', name, 'archive')).rejects.toMatchObject(refusal);
		await expect(textOf(folder.read('orders', name))).rejects.toMatchObject(refusal);
		if (name !== '' && name !== 'a/b') await expect(folder.list(name)).rejects.toMatchObject(refusal);
		expect(tree(root)).toEqual({ 'orders/a.csv': 'x' });
	});

	it('does not follow links out of the folder', async () => {
		const { root, folder } = temporaryFolder();
		const outside = temporaryDirectory();
		put(outside, { 'secret.csv': 'secret' });
		put(root, { 'orders/a.csv': 'x' });
		fs.symlinkSync(path.join(outside, 'secret.csv'), path.join(root, 'orders/link.csv'));
		fs.symlinkSync(outside, path.join(root, 'escape'));
		fs.symlinkSync('/nowhere/at/all', path.join(root, 'dangling'));
		expect((await folder.list('orders')).map(({ name }) => name)).toEqual(['a.csv']);
		expect(await folder.stat('orders', 'link.csv')).toBeNull();
		await expect(textOf(folder.read('orders', 'link.csv'))).rejects.toMatchObject({ code: 'file_access' });
		expect(await folder.move('orders', 'link.csv', 'orders/archive')).toBeNull();
		for (const directory of ['escape', 'escape/deeper', 'dangling']) {
			await expect(folder.list(directory)).rejects.toMatchObject({ code: 'file_access' });
			await expect(folder.create(directory, 'a.csv', 'x')).rejects.toMatchObject({ code: 'file_access' });
		}
		await expect(folder.move('orders', 'a.csv', 'escape')).rejects.toMatchObject({ code: 'file_access' });
		expect(tree(outside)).toEqual({ 'secret.csv': 'secret' });
		expect(fs.existsSync(path.join(root, 'orders/a.csv'))).toBe(true);
	});

	it('does not block on a pipe', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'x' });
		spawnSync('mkfifo', [path.join(root, 'orders/pipe.csv')]);
		expect((await folder.list('orders')).map(({ name }) => name)).toEqual(['a.csv']);
		await expect(textOf(folder.read('orders', 'pipe.csv'))).rejects.toMatchObject({ code: 'file_access' });
	});

	it('does not create a root that is missing', async () => {
		const root = path.join(temporaryDirectory(), 'not-mounted');
		const folder = openLocalFolder(root, unrestrictedFileAccess);
		for (const call of [
			() => folder.list('orders'),
			() => folder.create('orders', 'a.csv', 'x'),
			() => folder.move('orders', 'a.csv', 'b'),
		]) {
			await expect(call()).rejects.toMatchObject({
				code: 'file_access',
				retryable: true,
				message: expect.stringContaining('does not exist'),
			});
		}
		expect(fs.existsSync(root)).toBe(false);
	});

	it('says in plain words why it cannot write, and that nothing was written', async () => {
		const { root, folder } = temporaryFolder();
		jest.spyOn(fsPromises, 'link').mockRejectedValue(Object.assign(new Error('full'), { code: 'ENOSPC' }));
		await expect(folder.create('orders', 'a.csv', 'x')).rejects.toMatchObject({
			message: expect.stringContaining('no space is left on the disk'),
			remedy: 'Free space on the disk.',
			written: 'no',
			retryable: true,
		});
		expect(tree(root)).toEqual({});
	});

	it('says that the file may be there when the step after its appearance fails', async () => {
		const { folder } = temporaryFolder();
		const link = fsPromises.link.bind(fsPromises);
		jest.spyOn(fsPromises, 'link').mockImplementation(async (from, to) => {
			await link(from, to);
			throw Object.assign(new Error('the share went away'), { code: 'EIO' });
		});
		await expect(folder.create('orders', 'a.csv', 'x')).rejects.toMatchObject({ written: 'maybe' });
	});

	it('leaves out hidden and temporary files, and removes stale ones of its own', async () => {
		const { root, folder } = temporaryFolder();
		const stale = '.1-0123456789abcdef.tmp';
		const fresh = '.2-0123456789abcdef.tmp';
		put(root, {
			'orders/.hidden': '',
			'orders/part.csv.TMP': '',
			[`orders/${stale}`]: '',
			[`orders/${fresh}`]: '',
			'orders/.foreign.tmp': '',
		});
		const old = (Date.now() - 2 * 86_400_000) / 1000;
		for (const name of [stale, '.foreign.tmp']) fs.utimesSync(path.join(root, 'orders', name), old, old);
		expect(await folder.list('orders')).toEqual([]);
		await folder.create('orders', 'a.csv', 'x');
		expect(Object.keys(tree(root))).toEqual([
			'orders/.2-0123456789abcdef.tmp',
			'orders/.foreign.tmp',
			'orders/.hidden',
			'orders/a.csv',
			'orders/part.csv.TMP',
		]);
	});

	it('refuses to work inside a database transaction', async () => {
		const { folder } = temporaryFolder();
		const calls: Array<() => Promise<unknown>> = [
			async () => await folder.list(''),
			async () => await folder.stat('', 'a'),
			async () => await folder.create('', 'a', 'x'),
			async () => await folder.move('', 'a', 'b'),
			async () => await textOf(folder.read('', 'a')),
		];
		for (const call of calls) await expect(inTransactionScope(call)).rejects.toMatchObject({ code: 'network_in_transaction' });
	});

	it('leaves no file open, also when reading is given up', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'x'.repeat(300_000) });
		const before = fs.readdirSync('/proc/self/fd').length;
		for (let round = 0; round < 20; round += 1) {
			for await (const chunk of folder.read('orders', 'a.csv')) {
				expect(chunk.length).toBeGreaterThan(0);
				break;
			}
			await folder.list('orders');
			await folder.create('orders', 'b.csv', 'x');
		}
		expect(fs.readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 1);
	});
});

describe('names of files from keys', () => {
	it('keeps a harmless key and never gives two keys one name', () => {
		expect(safeFileName('acme-us.1001')).toBe('acme-us.1001');
		const hostile = ['../../etc/passwd', '..\\..\\x', '/abs', '.hidden', 'a b', 'a_b', 'CON', 'x'.repeat(300), 'é', 'e', '\0', '', 'a.tmp'];
		const names = hostile.map((key) => safeFileName(key));
		expect(new Set(names).size).toBe(hostile.length);
		for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}$/);
	});
});

describe("n8n's file access", () => {
	const cases: Array<[env: Record<string, string>, target: string, allowed: boolean]> = [
		[{}, '<home>/.n8n-files/x', true],
		[{}, '<home>/other', false],
		[{}, '<home>/.n8n-files-2/x', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '<home>/data; ~/more ' }, '<home>/data/x/y', true],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '<home>/data; ~/more ' }, '<home>/more', true],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '<home>/data; ~/more ' }, '<home>/data/../x', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '"<home>/data"' }, '<home>/data/x', true],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '' }, '<home>/anything', true],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '' }, '<home>/.n8n/config', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '', N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES: 'false' }, '<home>/.n8n/config', true],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '', N8N_USER_FOLDER: '<home>/u' }, '<home>/u/.n8n/config', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '', N8N_CUSTOM_EXTENSIONS: '<home>/ext' }, '<home>/ext/a', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '' }, '<home>/repo/.git/config', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '', N8N_BLOCK_FILE_PATTERNS: '\\.env$' }, '<home>/a/.env', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '', N8N_BLOCK_FILE_PATTERNS: '(' }, '<home>/a', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '<home>' }, '<home>/link/x', false],
		[{ N8N_RESTRICT_FILE_ACCESS_TO: '<home>' }, '<home>/dangling', false],
	];

	it.each(cases)('%j, %s: %s', async (env, target, allowed) => {
		const home = temporaryDirectory();
		fs.symlinkSync(temporaryDirectory(), path.join(home, 'link'));
		fs.symlinkSync('/nowhere/at/all', path.join(home, 'dangling'));
		const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replaceAll('<home>', home)]));
		const answer = n8nFileAccess({ HOME: home, ...filled }, home).assertFileAccess(target.replaceAll('<home>', home));
		if (allowed) expect(await answer).toBe(path.resolve(target.replaceAll('<home>', home)));
		else await expect(answer).rejects.toMatchObject({ code: 'file_access', remedy: expect.any(String) });
	});

	it('names the path and the variable to change', async () => {
		await expect(n8nFileAccess({ HOME: '/home/me' }, '/home/me').assertFileAccess('/data/exchange')).rejects.toMatchObject({
			message: expect.stringContaining('/data/exchange'),
			remedy: expect.stringContaining('N8N_RESTRICT_FILE_ACCESS_TO'),
		});
	});

	it('keeps a folder inside the allowed paths', async () => {
		const home = temporaryDirectory();
		put(home, { '.n8n-files/exchange/orders/a.csv': 'x' });
		const access = n8nFileAccess({ HOME: home }, home);
		expect(await openLocalFolder(path.join(home, '.n8n-files/exchange'), access).list('orders')).toHaveLength(1);
		await expect(openLocalFolder(home, access).list('')).rejects.toMatchObject({ code: 'file_access' });
	});
});
