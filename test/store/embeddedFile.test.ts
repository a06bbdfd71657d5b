/** The file of the embedded store: taken away or replaced while it is open, put back to an older state, and files of other programs. */
import {
	copyFileSync,
	cpSync,
	existsSync,
	globSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { getOrderStore, openOrderStore, testConnection } from '../../lib/store/connect';
import { besideOf, readEpoch } from '../../lib/store/database/epochs';
import { sql } from '../../lib/store/database/sql';
import { actor, imported, importOne } from './fixtures';
import { databaseOf, freshConfig, rawOf } from './harness';
import { oldStore } from './oldStore';

type Config = Extract<StoreConfig, { kind: 'sqlite' }>;

const fresh = (): Config => freshConfig('sqlite') as Config;
const REPLACED = {
	code: 'store_unavailable',
	retryable: false,
	message: expect.stringMatching(/orders\.sqlite".* was replaced or deleted while n8n had it open\.$/),
	remedy: expect.stringContaining('Restart n8n'),
};

/** As the documentation does it. */
function backUp({ file }: Config, name = 'backup.sqlite'): string {
	const copy = path.join(path.dirname(file), '..', name);
	const database = new DatabaseSync(file);
	database.prepare('VACUUM INTO ?').run(copy);
	database.close();
	return copy;
}
function restore({ file }: Config, copy: string): void {
	for (const old of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${old}`, { force: true });
	copyFileSync(copy, file);
}
const numbers = async (config: Config) =>
	(await rawOf(config)<{ n: string }>('SELECT order_number AS n FROM {order} ORDER BY 1')).map(({ n }) => n);
const later = (ms: number) => {
	const now = performance.now.bind(performance);
	return jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
};
afterEach(() => jest.restoreAllMocks());

describe('a file that is replaced or deleted while the store is open', () => {
	it.each<[string, (config: Config, copy: string) => void]>([
		['replaced by a copy', restore],
		['deleted', ({ file }) => rmSync(file)],
		['moved away', ({ file }) => renameSync(file, `${file}.old`)],
		['replaced by a directory', ({ file }) => [rmSync(file), mkdirSync(file)]],
		['gone with its folder', ({ file }) => renameSync(path.dirname(file), `${path.dirname(file)}-old`)],
	])('stops everything when it is %s', async (_, happens) => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		const order = await importOne(orderStore, imported('1'));
		const copy = backUp(config);
		happens(config, copy);
		await expect(importOne(orderStore, imported('2'))).rejects.toMatchObject(REPLACED);
		// Reads as well, at once, and for as long as this store is open.
		await expect(orderStore.get(order.id)).rejects.toMatchObject(REPLACED);
		await expect(orderStore.claim({ statuses: ['new'], limit: 1, leaseMs: 1, worker: 'w', actor })).rejects.toMatchObject(REPLACED);
		await expect(
			orderStore.transition({ orderId: order.id, from: 'new', to: 'archived', version: 1, actor, reason: null }),
		).rejects.toMatchObject(REPLACED);
		await orderStore.close();
	});

	it('writes nothing into the file that took its place', async () => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		await importOne(orderStore, imported('1'));
		restore(config, backUp(config));
		const before = readFileSync(config.file);
		await expect(importOne(orderStore, imported('2'))).rejects.toMatchObject(REPLACED);
		expect(readFileSync(config.file).equals(before)).toBe(true);
		await orderStore.close();
		expect(readFileSync(config.file).equals(before)).toBe(true);
		expect(await numbers(config)).toEqual(['N1']);
	});

	it('is noticed by reads alone within a second', async () => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		const order = await importOne(orderStore, imported('1'));
		rmSync(config.file);
		later(1_001);
		await expect(orderStore.get(order.id)).rejects.toMatchObject(REPLACED);
		await orderStore.close();
	});

	it('says so of a transaction that it happened to before the commit: nobody acts on what is nowhere', async () => {
		const config = fresh();
		await (await openOrderStore(config)).close();
		const database = await databaseOf(config);
		const written = database.write(async ({ execute, tables }) => {
			await execute(sql`UPDATE ${tables.meta} SET value = value`);
			rmSync(config.file);
			return 'the intent to send';
		});
		await expect(written).rejects.toMatchObject(REPLACED);
		await expect(database.writeAtOnce(() => 'another')).rejects.toMatchObject(REPLACED);
	});

	it('leaves the store of the process as it is until it is closed; the next one is in recovery', async () => {
		const config = fresh();
		await importOne(await getOrderStore(config), imported('1'));
		const copy = backUp(config);
		await importOne(await getOrderStore(config), imported('2'));
		later(1_001);
		await importOne(await getOrderStore(config), imported('3'));
		restore(config, copy);
		for (let time = 0; time < 3; time += 1)
			await expect(importOne(await getOrderStore(config), imported('4'))).rejects.toMatchObject(REPLACED);
		await expect(testConnection(config)).rejects.toMatchObject(REPLACED);
		await (await getOrderStore(config)).close();
		const anew = await getOrderStore(config);
		expect(await anew.recovery()).toEqual({ since: expect.stringMatching(/Z$/), by: 'Order Store' });
		await importOne(anew, imported('4'));
		expect(await numbers(config)).toEqual(['N1', 'N4']);
		await anew.close();
	});

	it('goes on when the file is only written to by another process, or reached by another path', async () => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		const link = path.join(path.dirname(config.file), '..', 'link.sqlite');
		symlinkSync(config.file, link);
		const other = await openOrderStore({ kind: 'sqlite', file: link });
		for (const [index, one] of [orderStore, other, orderStore, other].entries()) await importOne(one, imported(String(index)));
		later(5_000);
		expect((await orderStore.search({ limit: 9 })).items).toHaveLength(4);
		await other.close();
		await importOne(orderStore, imported('9'));
		await orderStore.close();
	});
});

describe('an older copy', () => {
	/** A store with an order, a copy of it, and an order since. */
	async function withCopy(): Promise<{ config: Config; copy: string }> {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		await importOne(orderStore, imported('1'));
		await orderStore.controlNumber({ sequence: 's', key: '1' });
		const copy = backUp(config);
		later(1_001);
		await importOne(orderStore, imported('2'));
		await orderStore.close();
		jest.restoreAllMocks();
		return { config, copy };
	}

	it('is noticed when it is opened: the store is in recovery, once, and control numbers go on above', async () => {
		const { config, copy } = await withCopy();
		restore(config, copy);
		const stores = await Promise.all([1, 2, 3].map(async () => await openOrderStore(config)));
		const recovery = await stores[0]!.recovery();
		expect(recovery).toEqual({ since: expect.stringMatching(/Z$/), by: 'Order Store' });
		for (const orderStore of stores) expect(await orderStore.recovery()).toEqual(recovery);
		expect((await stores[1]!.controlNumber({ sequence: 's', key: '2' })).number).toBe(100_002);
		for (const orderStore of stores) await orderStore.close();
		const again = await openOrderStore(config);
		expect(await again.recovery()).toEqual(recovery);
		await again.endRecovery({ actor });
		await again.close();
		const after = await openOrderStore(config);
		expect(await after.recovery()).toBeNull();
		await after.close();
	});

	it('is noticed each time that it is put back', async () => {
		const { config, copy } = await withCopy();
		for (let time = 0; time < 3; time += 1) {
			restore(config, copy);
			const orderStore = await openOrderStore(config);
			expect(await orderStore.recovery()).not.toBeNull();
			await orderStore.close();
		}
	});

	it.each(['stays open', 'is closed at once'])(
		'is noticed though all that was written since came in the second of the copy, and the store %s',
		async (end) => {
			const config = fresh();
			const orderStore = await openOrderStore(config);
			await importOne(orderStore, imported('1'));
			const copy = backUp(config);
			const { epoch } = readEpoch(besideOf(config.file))!;
			await importOne(orderStore, imported('2'));
			while (end === 'stays open' && readEpoch(besideOf(config.file))!.epoch === epoch) await new Promise(setImmediate);
			await orderStore.close();
			restore(config, copy);
			const anew = await openOrderStore(config);
			expect(await anew.recovery()).not.toBeNull();
			await anew.close();
		},
	);

	it.each<[string, (config: Config, copy: string) => void]>([
		['the store itself, opened again', () => undefined],
		['a copy of the newest state', (config) => restore(config, backUp(config, 'newest.sqlite'))],
		['a copy on another machine, where nothing stands beside it', (config, copy) => [rmSync(besideOf(config.file)), restore(config, copy)]],
		[
			'another store in its place',
			(config, copy) => {
				const other = new DatabaseSync(copy);
				other.exec(`UPDATE oms_meta SET value = 'another' WHERE key = 'store_id'`);
				other.close();
				restore(config, copy);
			},
		],
		[
			'a copy beside which stands what nobody can read',
			(config, copy) => [writeFileSync(besideOf(config.file), '{"store": "x'), restore(config, copy)],
		],
	])('is not seen in %s', async (_, happens) => {
		const { config, copy } = await withCopy();
		happens(config, copy);
		const orderStore = await openOrderStore(config);
		expect(await orderStore.recovery()).toBeNull();
		// What stands beside it is of this store now.
		const [row] = await rawOf(config)<{ value: string }>(`SELECT value FROM {meta} WHERE key = 'store_id'`);
		expect(readEpoch(besideOf(config.file))).toEqual({ store: row!.value, epoch: expect.any(Number) });
		await orderStore.close();
	});

	it('stands beside the store under a name that no copy of its files takes along, for its user alone', async () => {
		const { config } = await withCopy();
		const folder = path.dirname(config.file);
		expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([path.basename(besideOf(config.file))]);
		expect(path.basename(besideOf(config.file))).toMatch(/^\.epoch-[0-9a-f]{8}\.json$/);
		expect(globSync('orders.sqlite*', { cwd: folder })).not.toContain(path.basename(besideOf(config.file)));
		expect(statSync(besideOf(config.file)).mode & 0o777).toBe(0o600);
	});

	it('stops the store over which it is written, as soon as it shows', async () => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		await importOne(orderStore, imported('1'));
		await rawOf(config)(`UPDATE {meta} SET value = '0' WHERE key = 'epoch'`);
		later(1_001);
		await expect(importOne(orderStore, imported('2'))).rejects.toMatchObject(REPLACED);
		await expect(orderStore.now()).resolves.toMatch(/Z$/);
		await expect(orderStore.search({ limit: 1 })).rejects.toMatchObject(REPLACED);
		await orderStore.close();
		expect(await numbers(config)).toEqual(['N1']);
	});

	it('costs a write a second at the most: transactions that change nothing leave the file alone', async () => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		const epoch = async () => (await rawOf(config)<{ value: string }>(`SELECT value FROM {meta} WHERE key = 'epoch'`))[0]!.value;
		await importOne(orderStore, imported('1'));
		const first = await epoch();
		for (let index = 2; index < 20; index += 1) await importOne(orderStore, imported(String(index)));
		later(60_000);
		await orderStore.claim({ statuses: ['queued'], limit: 1, leaseMs: 1, worker: 'w', actor });
		await importOne(orderStore, imported('2'), { onChange: 'ignore' });
		expect(Number(await epoch()) - Number(first)).toBeLessThanOrEqual(1);
		await orderStore.close();
	});
});

describe('files of others', () => {
	const FOREIGN = {
		code: 'store_configuration',
		message: expect.stringMatching(/orders\.sqlite" is a database of another program\.$/),
		remedy: expect.stringContaining('another path'),
	};

	function foreign(config: Config, make: (database: DatabaseSync) => void): DatabaseSync {
		mkdirSync(path.dirname(config.file), { recursive: true });
		const database = new DatabaseSync(config.file);
		make(database);
		return database;
	}

	it.each<[string, (database: DatabaseSync) => void]>([
		[
			'with tables of its own',
			(database) => database.exec('CREATE TABLE workflow_entity (id text); INSERT INTO workflow_entity VALUES (1)'),
		],
		['with a header of its own', (database) => database.exec('PRAGMA application_id = 252006673')],
		['with tables of its own and our header', (database) => database.exec('PRAGMA application_id = 42; CREATE TABLE t (a)')],
		['in WAL mode', (database) => database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)')],
	])('are refused before anything is written: %s', async (_, make) => {
		const config = fresh();
		foreign(config, make).close();
		const before = { content: readFileSync(config.file), mode: statSync(config.file).mode, files: readdirSync(path.dirname(config.file)) };
		await expect(openOrderStore(config)).rejects.toMatchObject(FOREIGN);
		await expect(getOrderStore(config)).rejects.toMatchObject(FOREIGN);
		expect(readFileSync(config.file).equals(before.content)).toBe(true);
		expect(statSync(config.file).mode).toBe(before.mode);
		expect(existsSync(`${config.file}-journal`)).toBe(false);
	});

	it('are refused while their program has them open, with all that it wrote in its log', async () => {
		const config = fresh();
		const program = foreign(config, (database) => database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)'));
		await expect(openOrderStore(config)).rejects.toMatchObject(FOREIGN);
		expect(program.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }]);
		program.exec('INSERT INTO t VALUES (2)');
		program.close();
	});

	it('are told from an empty file, and from what is no database', async () => {
		const config = fresh();
		mkdirSync(path.dirname(config.file), { recursive: true });
		writeFileSync(config.file, '', { mode: 0o644 });
		const orderStore = await openOrderStore(config);
		await importOne(orderStore);
		expect(statSync(config.file).mode & 0o777).toBe(0o600);
		await orderStore.close();
		const other = fresh();
		mkdirSync(path.dirname(other.file), { recursive: true });
		writeFileSync(other.file, 'Dear diary, '.repeat(500));
		await expect(openOrderStore(other)).rejects.toMatchObject({
			code: 'store_unavailable',
			message: expect.stringContaining('no SQLite database'),
		});
		expect(readFileSync(other.file, 'utf8')).toBe('Dear diary, '.repeat(500));
	});

	it('are told from a store of ours, also from one of an older version, and after a crash in the middle of a write', async () => {
		const { config } = await oldStore('sqlite', 'ControlNumbers1764400000000');
		const id = async () => (await rawOf(config)<{ application_id: number }>('PRAGMA application_id'))[0]!.application_id;
		expect(await id()).toBe(0);
		const orderStore = await openOrderStore(config);
		await importOne(orderStore);
		expect(await id()).toBe(0x6f6d7353);
		await orderStore.close();
		const { file } = config as Config;
		// A journal that must be rolled back first, which needs a connection that may write.
		const database = new DatabaseSync(file);
		database.exec(
			'PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE oms_order SET status_reason = hex(zeroblob(20000)); UPDATE oms_order_content SET payload = hex(zeroblob(20000))',
		);
		cpSync(path.dirname(file), `${path.dirname(file)}-crashed`, { recursive: true });
		database.exec('ROLLBACK');
		database.close();
		const crashed = path.join(`${path.dirname(file)}-crashed`, path.basename(file));
		expect(existsSync(`${crashed}-journal`)).toBe(true);
		const anew = await openOrderStore({ kind: 'sqlite', file: crashed });
		expect((await anew.search({ limit: 2 })).items).toHaveLength(1);
		await anew.close();
		rmSync(`${path.dirname(file)}-crashed`, { recursive: true });
	});
});
