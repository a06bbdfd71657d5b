/** When a file is complete, and what becomes of those that were not, after all. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isWholeEnd } from '../../lib/files/endsWhole';
import { FolderFailure, type Folder } from '../../lib/files/Folder';
import { isFinishedName } from '../../lib/files/names';
import { openSftpFolder } from '../../lib/files/sftpFolder';
import { stableFiles } from '../../lib/files/stableFiles';
import { Sshd, sshdMissing } from '../../testing/servers/sshd';
import { put, temporaryFolder, tree } from './openLocal';
import { LineReader, Writer } from './writers';

jest.setTimeout(60_000);

interface Place {
	root: string;
	folder: Folder;
	close(): Promise<void>;
}

const local = async (): Promise<Place> => await Promise.resolve({ ...temporaryFolder(), close: async () => await Promise.resolve() });

/** One server for all; each place is a directory of its own. */
const server: { sshd: Sshd | null; places: number } = { sshd: null, places: 0 };
async function sftp(): Promise<Place> {
	const sshd = (server.sshd ??= await Sshd.open());
	server.places += 1;
	const root = path.join(sshd.root, `place-${server.places}`);
	fs.mkdirSync(root);
	const folder = openSftpFolder({ ...sshd.account, directory: root });
	return { root, folder, close: folder.close };
}
afterAll(async () => await server.sshd?.close());

const agedBy = (root: string, name: string, ms: number): void => {
	const at = (Date.now() - ms) / 1000;
	fs.utimesSync(path.join(root, name), at, at);
};

/** The same folder on a machine whose clock differs from ours by so much. */
const withClock = (folder: Folder, byMs: number): Folder => {
	const dated = <Entry extends { modifiedAt: number } | null>(entry: Entry): Entry =>
		entry === null ? entry : { ...entry, modifiedAt: entry.modifiedAt + byMs };
	return {
		...folder,
		list: async (directory) => (await folder.list(directory)).map(dated),
		stat: async (directory, name) => dated(await folder.stat(directory, name)),
		take: async (...given) => dated(await folder.take(...given)),
		now: async (directory) => {
			const now = await folder.now(directory);
			return now === null ? null : now + byMs;
		},
	};
};

const places: Array<[string, () => Promise<Place>]> = [['on a disk', local]];
if (sshdMissing() === null) places.push(['over OpenSSH', sftp]);
/** A server with another clock than ours is one that cannot be told by our own. */
const MINUTES = 300_000;

describe.each(places)('a file that somebody is writing, %s', (_, open) => {
	let place: Place;
	beforeEach(async () => {
		place = await open();
	});
	afterEach(async () => await place.close());

	it.each([
		['pauses for longer than the settle time', 2_600, 0],
		['pauses shortly, by a clock that is 5 minutes behind', 700, -MINUTES],
		['pauses shortly, by a clock that is 5 minutes ahead', 700, MINUTES],
	])('is read whole when its writer %s', async (_name, pauseMs, clock) => {
		const reader = new LineReader(withClock(place.folder, clock), 2_000);
		const writer = new Writer(place.root, 'in/a.csv');
		writer.write('1\n2\n');
		const written = pause(pauseMs).then(() => {
			writer.write('3\n');
			writer.close();
		});
		let isWritten = false;
		while (!isWritten) {
			await reader.poll();
			isWritten = await Promise.race([written.then(() => true), pause(100).then(() => false)]);
		}
		if (pauseMs < 2_000) expect(reader.lines.size).toBe(0);
		await reader.pollUntil(3);
		expect([...reader.lines]).toEqual(['1', '2', '3']);
	});

	it('comes back when its writer, who held it open, writes on after it was put away', async () => {
		const reader = new LineReader(place.folder, 1);
		const writer = new Writer(place.root, 'in/a.csv');
		writer.write('1\n');
		await reader.pollUntil(1);
		expect(Object.keys(tree(place.root))).toEqual(['in/archive/a.csv']);
		writer.write('2\n');
		await reader.pollUntil(2);
		await reader.poll();
		writer.write('3\n');
		writer.close();
		await reader.pollUntil(3);
		expect([...reader.lines]).toEqual(['1', '2', '3']);
		await reader.poll();
		expect(tree(place.root)).toEqual({ 'in/archive/a.csv': '1\n2\n3\n' });
		expect(reader.read).toEqual(['a.csv', 'a.csv', 'a.csv']);
	});

	it('comes back also from under a second name, by whichever process polls next', async () => {
		put(place.root, { 'in/archive/a.csv': 'of yesterday\n' });
		const first = new LineReader(place.folder, 1);
		const writer = new Writer(place.root, 'in/a.csv');
		writer.write('1\n');
		await first.pollUntil(1);
		writer.write('2\n');
		const second = new LineReader(place.folder, 1);
		second.cursor = JSON.parse(JSON.stringify(first.cursor)) as typeof first.cursor;
		await second.pollUntil(2);
		expect([...second.lines]).toEqual(['1', '2']);
		writer.close();
	});

	it('comes back at once when it grew while it was put away', async () => {
		const writer = new Writer(place.root, 'in/a.csv');
		writer.write('1\n');
		const busy: Folder = {
			...place.folder,
			move: async (...given) => {
				writer.write('2\n');
				return await place.folder.move(...given);
			},
		};
		await new LineReader(busy, 1).pollUntil(1);
		expect(Object.keys(tree(place.root))).toEqual([expect.stringMatching(/^in\/reading\/.*-a\.csv$/)]);
		writer.close();
	});

	it('is read when it got its name, and again when it is uploaded again', async () => {
		const reader = new LineReader(place.folder, 1);
		const writer = new Writer(place.root, 'in/a.csv.filepart');
		writer.write('1\n');
		await pause(1_100);
		await reader.poll();
		expect(reader.lines.size).toBe(0);
		writer.write('2\n');
		writer.close();
		fs.renameSync(path.join(place.root, 'in/a.csv.filepart'), path.join(place.root, 'in/a.csv'));
		await reader.pollUntil(2);
		put(place.root, { 'in/a.csv': '1\n2\n3\n' });
		await reader.pollUntil(3);
		expect([...reader.lines]).toEqual(['1', '2', '3']);
		expect(reader.read).toEqual(['a.csv', 'a.csv']);
	});

	it('waits longer while its end looks cut off', async () => {
		put(place.root, { 'in/cut.csv': 'RED-MUG,1', 'in/whole.csv': 'RED-MUG,12\n' });
		for (const name of ['in/cut.csv', 'in/whole.csv']) agedBy(place.root, name, 10_000);
		const stable = async () => (await stableFiles(place.folder, 'in', { settleMs: 2_000 })).map(({ name }) => name);
		expect(await stable()).toEqual(['whole.csv']);
		agedBy(place.root, 'in/cut.csv', 40_000);
		expect(await stable()).toEqual(['cut.csv', 'whole.csv']);
	});

	it('waits for a day while it is empty', async () => {
		put(place.root, { 'in/empty.csv': '' });
		agedBy(place.root, 'in/empty.csv', 80_000_000);
		expect(await stableFiles(place.folder, 'in', {})).toEqual([]);
		agedBy(place.root, 'in/empty.csv', 90_000_000);
		expect(await stableFiles(place.folder, 'in', {})).toHaveLength(1);
	});

	it('is told apart by two looks where nothing can be written, or its date is in the future', async () => {
		put(place.root, { 'in/a.csv': '1\n' });
		const mute: Folder = { ...place.folder, now: async () => await Promise.resolve(null) };
		const writing: Folder = {
			...mute,
			list: async (directory) => {
				const files = await mute.list(directory);
				fs.appendFileSync(path.join(place.root, 'in/a.csv'), '2\n');
				return files;
			},
		};
		expect(await stableFiles(writing, 'in', { settleMs: 100 })).toEqual([]);
		expect(await stableFiles(mute, 'in', { settleMs: 100 })).toHaveLength(1);
		put(place.root, { 'in/b.csv': '1\n' });
		agedBy(place.root, 'in/b.csv', -MINUTES);
		expect((await stableFiles(place.folder, 'in', { settleMs: 100 })).map(({ name }) => name)).toContain('b.csv');
	});

	it('leaves nothing behind when the time is asked for', async () => {
		put(place.root, { 'in/a.csv': '1\n' });
		const now = await place.folder.now('in');
		expect(Math.abs(Date.now() - (now ?? 0))).toBeLessThan(10_000);
		expect(await place.folder.now('absent')).toBeNull();
		expect(Object.keys(tree(place.root))).toEqual(['in/a.csv']);
	});
});

describe('a file that cannot be moved', () => {
	const denied = new FolderFailure('the user may not do this', 'Allow it.', 'no', {
		retryable: true,
		cause: Object.assign(new Error('denied'), { code: 3 }),
	});
	const immovable = (folder: Folder): Folder => ({
		...folder,
		take: async () => await Promise.reject(denied),
		move: async () => await Promise.reject(denied),
	});

	it('is read where it is, once, told once, and again when it changed; when it may be moved it is', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'in/a.csv': '1\n', 'in/b.csv': '2\n' });
		const reader = new LineReader(immovable(folder), 1);
		await reader.pollUntil(2);
		await reader.poll();
		expect(reader.read).toEqual(['a.csv', 'b.csv']);
		expect(reader.told).toEqual(['a.csv: the user may not do this', 'b.csv: the user may not do this']);
		fs.utimesSync(path.join(root, 'in/b.csv'), 1000, 1000);
		await reader.poll();
		expect(reader.read).toHaveLength(2);
		put(root, { 'in/a.csv': '1\n3\n', 'in/c.csv': '4\n' });
		await reader.pollUntil(4);
		expect(reader.read).toEqual(['a.csv', 'b.csv', 'a.csv', 'c.csv']);
		const allowed = new LineReader(folder, 1);
		allowed.cursor = reader.cursor;
		await allowed.poll();
		expect(allowed.read).toEqual([]);
		expect(Object.keys(tree(root))).toEqual(['in/archive/a.csv', 'in/archive/b.csv', 'in/archive/c.csv']);
	});

	it('stays in the queue when only the archive is closed', async () => {
		const { root, folder } = temporaryFolder();
		put(root, { 'in/a.csv': '1\n', 'in/b.csv': '2\n' });
		const reader = new LineReader({ ...immovable(folder), take: folder.take }, 1);
		await reader.pollUntil(2);
		await reader.poll();
		expect(reader.read).toEqual(['a.csv', 'b.csv']);
		expect(reader.told).toHaveLength(2);
	});
});

describe('what looks unfinished', () => {
	it.each(['a.csv.tmp', 'a.csv.part', 'a.csv.PARTIAL', 'a.csv.filepart', 'a.crdownload', '~$a.csv', '.a.csv'])('by its name %s', (name) =>
		expect(isFinishedName(name)).toBe(false),
	);

	it.each(['a.csv', 'partial.csv', 'a~$.csv', 'part'])('is not the name %s', (name) => expect(isFinishedName(name)).toBe(true));

	it.each([
		['a,b\n', true],
		['a,b\r\n', true],
		['a,b\r', true],
		['a,b\r\n\x1a', true],
		['[{"a":1}]', true],
		['{"a":1}', true],
		['SE*2*1~GE*1*1~IEA*1*000000001~', true],
		['SE*2*1~GE*1*1~IEA*1*000000001', false],
		['SE*2*1~GE*1*1~', false],
		['a,b', false],
		['a\n1', false],
		['[{"a":1},', false],
	])('by its end %j: %s', (end, isWhole) => expect(isWholeEnd(end)).toBe(isWhole));
});
