import { execFile } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { createServer } from 'node:net';
import { FulfillmentError } from '../../lib/order/errors';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { getOrderStore, openOrderStore, testConnection } from '../../lib/store/connect';
import { openDataSource } from '../../lib/store/database/dataSource';
import { translated } from '../../lib/store/database/errors';
import { NodeSqlite } from '../../lib/store/database/nodeSqlite';
import { childScript } from '../childScript';
import { actor, imported, importOne, page } from './fixtures';
import { freshConfig, onEachDatabase, openTestStore } from './harness';

const run = promisify(execFile);
const child = async (config: StoreConfig, orders = 0): Promise<string> => {
	const script = path.join(__dirname, 'child.ts');
	const { stdout, stderr } = await run(process.execPath, [...childScript(script), JSON.stringify({ config, orders })]);
	expect(stderr).toBe('');
	return stdout;
};

onEachDatabase('connecting', (open, dialect) => {
	it('makes the tables once when 20 processes start at the same time', async () => {
		const config = freshConfig(dialect);
		const outputs = await Promise.all(Array.from({ length: 20 }, async () => await child(config)));
		expect(outputs).toEqual(Array(20).fill('created 0'));
		const orderStore = await openOrderStore(config);
		await importOne(orderStore);
		await orderStore.close();
	}, 120_000);

	it('imports once from two processes', async () => {
		const test = await open();
		const created = await Promise.all([child(test.config, 200), child(test.config, 200)]);
		expect(created.map((text) => Number(text.split(' ')[1])).reduce((sum, count) => sum + count)).toBe(200);
		expect((await test.orderStore.search({ limit: 500 })).items).toHaveLength(200);
	}, 60_000);

	it('refuses a store that a newer version made', async () => {
		const test = await openTestStore(dialect, freshConfig(dialect));
		await test.raw(`INSERT INTO {migrations} (timestamp, name) VALUES (1999999999999, 'Future1999999999999')`);
		await expect(openOrderStore(test.config)).rejects.toMatchObject({ code: 'newer_schema', remedy: expect.stringContaining('Update') });
	});

	it('shares one store per target, and opens it anew after close', async () => {
		const { config } = await open();
		const [first, second] = await Promise.all([getOrderStore(config), getOrderStore({ ...config })]);
		expect(second).toBe(first);
		await testConnection(config);
		await first.close();
		const third = await getOrderStore(config);
		expect(third).not.toBe(first);
		expect(await third.now()).toMatch(/Z$/);
		await third.close();
	});
});

describe('the embedded store', () => {
	const fresh = () => freshConfig('sqlite') as Extract<StoreConfig, { kind: 'sqlite' }>;

	it('is private to the user', async () => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		expect(statSync(config.file).mode & 0o777).toBe(0o600);
		expect(statSync(path.dirname(config.file)).mode & 0o777).toBe(0o700);
		await orderStore.close();
	});

	it('is refused in queue mode', async () => {
		process.env.EXECUTIONS_MODE = 'queue';
		try {
			await expect(getOrderStore(fresh())).rejects.toMatchObject({
				code: 'store_configuration',
				remedy: expect.stringContaining('Postgres'),
			});
		} finally {
			delete process.env.EXECUTIONS_MODE;
		}
	});

	it('keeps what a second transaction wrote when the first one, started before, fails', async () => {
		const { dataSource } = await openDataSource(fresh());
		await dataSource.query('CREATE TABLE t (a text)');
		let failFirst!: () => void;
		const first = dataSource.transaction(async (manager) => {
			await manager.query(`INSERT INTO t VALUES ('first')`);
			await new Promise<void>((_, reject) => (failFirst = () => reject(new Error('first fails'))));
		});
		const failure = expect(first).rejects.toThrow('first fails');
		const second = dataSource.transaction(async (manager) => await manager.query(`INSERT INTO t VALUES ('second')`));
		await new Promise(setImmediate);
		failFirst();
		await failure;
		await second;
		expect(await dataSource.query('SELECT a FROM t')).toEqual([{ a: 'second' }]);
		await dataSource.destroy();
	});

	it('waits for another process without stopping the event loop', async () => {
		const config = fresh();
		const orderStore = await openOrderStore(config);
		const rival = new NodeSqlite(config.file);
		rival.prepare('BEGIN IMMEDIATE').run();
		let done = false;
		const importing = importOne(orderStore).then(() => (done = true));
		for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
		expect(done).toBe(false);
		rival.prepare('ROLLBACK').run();
		rival.close();
		await importing;
		await orderStore.close();
	});

	it('takes its time from the clock of the machine', async () => {
		const orderStore = await openOrderStore(fresh());
		const order = await importOne(orderStore);
		const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse(order.importedAt) + 46 * 86_400_000);
		try {
			expect(await orderStore.abandonOverdue({ includePartiallyShipped: false, limit: 5, actor })).toEqual([order.id]);
		} finally {
			clock.mockRestore();
		}
		await orderStore.close();
	});
});

describe('node:sqlite behind its facade', () => {
	const database = () => new NodeSqlite(':memory:');

	it('closes the traps', () => {
		const db = database();
		db.prepare('CREATE TABLE t (a UNIQUE, b)').run();
		const insert = db.prepare('INSERT INTO t VALUES (?1, ?2)');
		insert.run(true, undefined);
		expect(db.prepare('SELECT a, b FROM t').all()).toEqual([expect.objectContaining({ a: 1, b: null })]);
		expect(() => insert.run(new Date(), 1)).toThrow('Cannot bind');
		expect(() => db.prepare('SELECT 1; SELECT 2')).toThrow('more than one statement');
		expect(() => insert.run(1, 2)).toThrow(expect.objectContaining({ code: 'SQLITE_CONSTRAINT_UNIQUE' }));
		expect(() => db.prepare('SELECT a FROM nowhere')).toThrow('nowhere');
		db.prepare('SELECT 1; -- the end').all();
		expect(db.close().close().open).toBe(false);
	});

	it('gives rows by the columns that the tables have now', () => {
		const db = database();
		db.prepare('CREATE TABLE t (a, "constructor")').run();
		db.prepare('INSERT INTO t VALUES (1, 2)').run();
		const all = db.prepare('SELECT t.*, 9 AS last FROM t');
		expect(all.all()).toEqual([{ a: 1, constructor: 2, last: 9 }]);
		db.prepare('ALTER TABLE t ADD COLUMN c DEFAULT 3').run();
		expect(all.all()).toEqual([{ a: 1, constructor: 2, c: 3, last: 9 }]);
		expect(db.prepare('SELECT a, 5 AS a FROM t WHERE a = ?1').all(1)).toEqual([{ a: 5 }]);
		expect(db.prepare('SELECT a FROM t WHERE a = 7').all()).toEqual([]);
	});
});

describe('configuration', () => {
	const postgres = { kind: 'postgres', host: '127.0.0.1', port: 1, database: 'd', user: 'u', password: 'hunter2', ssl: false } as const;

	it.each(['Oms_', '1x', 'a'.repeat(22), 'x"; drop', 'a-b'])('refuses the prefix %j', async (tablePrefix) => {
		await expect(openOrderStore({ ...postgres, tablePrefix })).rejects.toMatchObject({ code: 'store_configuration' });
	});

	it('says that a store is down, without secrets, and tries again with the next call', async () => {
		for (let tried = 0; tried < 2; tried += 1) {
			const error = await getOrderStore(postgres).catch((reason: unknown) => reason);
			expect(error).toBeInstanceOf(FulfillmentError);
			expect(error).toMatchObject({ code: 'store_unavailable', retryable: true });
			expect(JSON.stringify({ ...(error as Error), message: String(error) })).not.toContain('hunter2');
		}
	});

	it('says that a server hung up', async () => {
		const server = createServer((socket) => socket.destroy());
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		await expect(testConnection({ ...postgres, port })).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
		await new Promise((resolve) => server.close(resolve));
	});
});

describe('what the disk says', () => {
	it.each([
		['SQLITE_FULL', /no space is left .*\(SQLITE_FULL\)/, /Free space/],
		['53100', /no space is left/, /Free space/],
		['ENOSPC', /no space is left/, /Free space/],
		['SQLITE_READONLY', /may only be read/, /for writing/],
		['EROFS', /may only be read/, /for writing/],
		['EACCES', /the user who runs n8n may not/, /write permission/],
		['SQLITE_IOERR', /input\/output error/, /Check the disk/],
		['SQLITE_NOTADB', /no SQLite database/, /backup/],
	])('%s is a sentence with a remedy, and worth another try', (code, message, remedy) => {
		expect(translated(Object.assign(new Error('of the driver'), { code }))).toMatchObject({
			code: 'store_unavailable',
			retryable: true,
			message: expect.stringMatching(message),
			remedy: expect.stringMatching(remedy),
		});
	});

	it('is a file that is no database', async () => {
		const config = freshConfig('sqlite') as Extract<StoreConfig, { kind: 'sqlite' }>;
		mkdirSync(path.dirname(config.file), { recursive: true });
		writeFileSync(config.file, 'orders of 2026, '.repeat(1000));
		await expect(openOrderStore(config)).rejects.toMatchObject({
			code: 'store_unavailable',
			message: expect.stringContaining('no SQLite database'),
		});
	});
});

onEachDatabase('a database that goes away', (open, dialect) => {
	it('is reached again by the next call', async () => {
		const test = await open();
		if (dialect === 'postgres' && test.config.kind === 'postgres') {
			await test.raw(
				`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'n8n-nodes-order-fulfillment' AND pid <> pg_backend_pid() AND query LIKE '%${test.config.schema}%'`,
			);
		}
		await test.orderStore
			.importPage(page([imported('1')]))
			.catch((error: unknown) => expect(error).toMatchObject({ code: 'store_unavailable' }));
		await test.orderStore.importPage(page([imported('1')]));
		expect((await test.orderStore.search({ limit: 5 })).items).toHaveLength(1);
	});
});
