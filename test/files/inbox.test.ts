/** Taking files from an inbox. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { openContent } from '../../lib/files/content';
import { FolderFailure, type Folder } from '../../lib/files/Folder';
import { takenFiles, waitingFiles, type InboxFile } from '../../lib/files/inbox';
import { doneBefore, endedAs, endOf, positionIn } from '../../lib/files/position';
import { putAway, putAwayEnded } from '../../lib/files/putAway';
import { nameBefore, takenName } from '../../lib/files/taken';
import type { Cursor } from '../../lib/order/wmsEvent';
import { takesEverything } from './hurriedPartner';
import { collected, put, temporaryFolder, textOf, tree } from './openLocal';

const AT_ONCE = { settleMs: 0 };
const PLACES = [{ inbox: 'orders', archive: 'orders/archive', failed: 'orders/failed' }];
/** Before the file's own name. */
const TAKEN = /\/reading\/\d{8}T\d{9}Z-[0-9a-f]{16}-/;
const places = (root: string): string[] => Object.keys(tree(root)).map((file) => file.replace(TAKEN, '/reading/*-'));
const taken = async (folder: Folder, settings = AT_ONCE): Promise<InboxFile[]> =>
	await collected(takenFiles(folder, 'orders', settings, 'age'));

describe('names of taken files', () => {
	it('are never the same, sort by time, and tell the name before', () => {
		const names = Array.from({ length: 500 }, () => takenName('orders.csv', new Date('2026-11-23T07:30:00.000Z')));
		expect(new Set(names).size).toBe(500);
		expect(names[0]).toMatch(/^20261123T073000000Z-[0-9a-f]{16}-orders\.csv$/);
		expect(takenName('a.csv', new Date('2026-11-24T00:00:00.000Z')) > names[0]!).toBe(true);
		expect(nameBefore('orders.csv')).toBeNull();
	});

	it('fit whatever a file is called', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme', minLength: 1, maxLength: 260 }),
				fc.constantFrom('', '.csv', '.ndjson', '.'.padEnd(100, 'x')),
				(stem, extension) => {
					const name = `${stem}${extension}`;
					const made = takenName(name);
					expect(Buffer.byteLength(made)).toBeLessThanOrEqual(255);
					const before = nameBefore(made);
					if (Buffer.byteLength(name) <= 200) expect(before).toBe(name);
					else if (extension.length < 20) expect(before?.endsWith(extension)).toBe(true);
				},
			),
		);
	});
});

describe('an inbox', () => {
	it('gives each file under its own name, taken, the oldest first', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'A', 'orders/b.csv': 'B' });
		fs.utimesSync(path.join(root, 'orders/b.csv'), 1000, 1000);
		const files = await taken(folder);
		expect(files.map(({ original }) => original)).toEqual(['b.csv', 'a.csv']);
		expect(places(root)).toEqual(['orders/reading/*-b.csv', 'orders/reading/*-a.csv']);
		for (const { directory, name, original } of files)
			expect(await textOf(folder.read(directory, name))).toBe(original.slice(0, 1).toUpperCase());
		for (const file of files) await putAway(folder, file, 'orders/archive');
		expect(places(root)).toEqual(['orders/archive/a.csv', 'orders/archive/b.csv']);
	});

	it('lets one of many take a file', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'A' });
		const outcomes = await Promise.all(
			Array.from({ length: 8 }, async (_, index) => await folder.take('orders', 'a.csv', 'orders/reading', `${index}`)),
		);
		const won = outcomes.filter((outcome) => outcome !== null);
		expect(won).toEqual([{ name: expect.any(String), size: 1, modifiedAt: expect.any(Number) }]);
		expect(tree(root)).toEqual({ [`orders/reading/${won[0]?.name}`]: 'A' });
	});

	it('loses no file of a partner in a hurry', async () => {
		const { root, folder } = temporaryFolder();
		await takesEverything(root, folder);
	});

	it.each(['age', 'name'] as const)('is read in order by many at the same time (by %s)', async (order) => {
		const { root, folder } = temporaryFolder();
		const names = Array.from({ length: 12 }, (_, index) => `${String(index).padStart(2, '0')}.csv`);
		put(root, Object.fromEntries(names.map((name) => [`orders/${name}`, name])));
		for (const [index, name] of names.entries()) fs.utimesSync(path.join(root, 'orders', name), 1000 + index, 1000 + index);
		const done: string[] = [];
		await Promise.all(
			Array.from({ length: 4 }, async () => {
				for await (const file of takenFiles(folder, 'orders', AT_ONCE, order)) {
					if ((await folder.move(file.directory, file.name, 'orders/archive', file.original)) !== null) done.push(file.original);
				}
			}),
		);
		expect(done).toEqual(names);
		expect(places(root)).toEqual(names.map((name) => `orders/archive/${name}`));
	});

	it('gives first what was taken before, also what another process is reading', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/b.csv': 'B' });
		const [before] = await taken(folder);
		put(root, { 'orders/a.csv': 'A' });
		const now = await taken(folder);
		expect(now.map(({ name, original }) => [name === before?.name, original])).toEqual([
			[true, 'b.csv'],
			[false, 'a.csv'],
		]);
	});

	it('gives what another one took after the beginning', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'A', 'orders/b.csv': 'B' });
		const found: string[] = [];
		for await (const { original } of takenFiles(folder, 'orders', AT_ONCE, 'name')) {
			if (found.length === 0) await folder.take('orders', 'b.csv', 'orders/reading', takenName('b.csv'));
			found.push(original);
		}
		expect(found).toEqual(['a.csv', 'b.csv']);
	});

	it('leaves alone what is not ours in the directory of taken files', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/reading/a.csv': 'A' });
		expect(await taken(folder)).toEqual([]);
		expect(places(root)).toEqual(['orders/reading/a.csv']);
	});

	it('waits for one that got another content between the look and the taking', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'old' });
		const long = Date.now() / 1000 - 1000;
		fs.utimesSync(path.join(root, 'orders/a.csv'), long, long);
		const overwritten: Folder = {
			...folder,
			take: async (...given) => {
				put(root, { 'orders/new': 'newer' });
				fs.renameSync(path.join(root, 'orders/new'), path.join(root, 'orders/a.csv'));
				return await folder.take(...given);
			},
		};
		expect(await taken(overwritten, { settleMs: 500_000 })).toEqual([]);
		expect(await taken(folder, { settleMs: 500_000 })).toEqual([]);
		const [name] = Object.keys(tree(root)) as [string];
		fs.utimesSync(path.join(root, name), long, long);
		expect((await taken(folder, { settleMs: 500_000 })).map(({ original, size }) => [original, size])).toEqual([['a.csv', 5]]);
	});

	it('gives one that cannot be taken with its problem, and goes on', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'A', 'orders/b.csv': 'B' });
		const locked: Folder = {
			...folder,
			take: async (directory, name, ...to) => {
				if (name === 'a.csv') throw new FolderFailure('locked', 'Unlock it.', 'no', { retryable: true });
				return await folder.take(directory, name, ...to);
			},
		};
		expect((await taken(locked)).map(({ original, directory, problem }) => [original, directory, problem?.message])).toEqual([
			['b.csv', 'orders/reading', undefined],
			['a.csv', 'orders', 'locked'],
		]);
	});

	it('throws when none can be taken: that is the folder, not a file', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'A', 'orders/b.csv': 'B' });
		const readOnly = {
			...folder,
			take: async () => await Promise.reject(new FolderFailure('the disk is mounted read-only', 'Mount the disk for writing.', 'no')),
		};
		await expect(taken(readOnly)).rejects.toThrow('the disk is mounted read-only');
	});

	it('can be looked at without a trace', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/b.csv': 'B' });
		await taken(folder);
		put(root, { 'orders/a.csv': 'A' });
		expect((await collected(waitingFiles(folder, 'orders', AT_ONCE, 'age'))).map(({ original }) => original)).toEqual(['b.csv', 'a.csv']);
		expect(places(root)).toEqual(['orders/a.csv', 'orders/reading/*-b.csv']);
	});

	it.each(['../x', '.x', '', '..', 'x\0'])('refuses the name %j', async (name) => {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': 'A' });
		const refusal = { code: 'file_access' };
		await expect(folder.take('orders', name, 'orders/reading', 'a')).rejects.toMatchObject(refusal);
		await expect(folder.take('orders', 'a.csv', 'orders/reading', name)).rejects.toMatchObject(refusal);
		await expect(folder.move('orders', 'a.csv', 'orders/archive', name)).rejects.toMatchObject(refusal);
		if (name !== '') await expect(folder.take('orders', 'a.csv', name, 'a')).rejects.toMatchObject(refusal);
		expect(places(root)).toEqual(['orders/a.csv']);
	});
});

describe('the position in a file', () => {
	async function oneFile(content = 'A') {
		const { root, folder } = temporaryFolder();
		put(root, { 'orders/a.csv': content });
		const [file] = await taken(folder);
		const { hash } = await openContent(folder, file!.directory, file!.name);
		return { root, folder, file: file!, hash };
	}

	it('counts for this very file only', async () => {
		const { file, hash } = await oneFile();
		const position = positionIn(file, hash, 7);
		expect(doneBefore(file, hash, position)).toBe(7);
		expect(doneBefore(file, 'other', position)).toBe(0);
		for (const other of [
			{ ...file, name: 'b' },
			{ ...file, size: 2 },
			{ ...file, modifiedAt: 2 },
			{ ...file, directory: 'x' },
		])
			expect(doneBefore(other, hash, position)).toBe(0);
		const before: Cursor = { file: 'orders/a.csv', size: 1, modifiedAt: file.modifiedAt, done: 7 };
		for (const foreign of [null, 7, 'x', [], {}, before] satisfies Array<Cursor | null>) expect(doneBefore(file, hash, foreign)).toBe(0);
		expect(endedAs(file, position)).toBeNull();
		expect(endedAs(file, endOf(file, hash, 7, 'failed'))).toBe('failed');
		expect(endedAs({ ...file, size: 2 }, endOf(file, hash, 7, 'archive'))).toBeNull();
	});

	it.each(['archive', 'failed'] as const)('has a file put away that was recorded to its end (%s)', async (to) => {
		const { root, folder, file, hash } = await oneFile();
		await putAwayEnded(folder, positionIn(file, hash, 1), PLACES);
		expect(places(root)).toEqual(['orders/reading/*-a.csv']);
		await putAwayEnded(folder, endOf(file, hash, 1, to), PLACES);
		await putAwayEnded(folder, endOf(file, hash, 1, to), PLACES);
		expect(places(root)).toEqual([`orders/${to}/a.csv`]);
	});

	it('does not put away what was written to after its end', async () => {
		const { root, folder, file, hash } = await oneFile();
		fs.appendFileSync(path.join(root, file.directory, file.name), 'more');
		await putAwayEnded(folder, endOf(file, hash, 1, 'archive'), PLACES);
		expect(places(root)).toEqual(['orders/reading/*-a.csv']);
	});

	it('reads a small file once, and tells large ones apart by their beginnings', async () => {
		const { root, folder } = temporaryFolder();
		put(root, {
			'a/small': 'x'.repeat(100),
			'a/large': 'x'.repeat(200),
			'a/larger': `${'x'.repeat(150)}y`,
			'a/other': `y${'x'.repeat(199)}`,
		});
		let reads = 0;
		const counted: Folder = { ...folder, read: (...given) => ((reads += 1), folder.read(...given)) };
		const of = async (name: string) => await openContent(counted, 'a', name, 100);
		const small = await of('small');
		expect([await textOf(small.bytes()), await textOf(small.bytes())]).toEqual(['x'.repeat(100), 'x'.repeat(100)]);
		expect(reads).toBe(1);
		const large = await of('large');
		expect(await textOf(large.bytes())).toBe('x'.repeat(200));
		expect((await of('larger')).hash).toBe(large.hash);
		expect((await of('other')).hash).not.toBe(large.hash);
	});
});
