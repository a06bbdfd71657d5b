/** docs/upgrade-and-backup.md, carried out word for word: backup, loss, restore, also by somebody who does not stop n8n; and the move to another server. */
import { leftOut } from '../scope/leftOut';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { csvFiles, readCsv } from '../../demo/folders';
import { readEvents } from '../../lib/fulfillment/readEvents';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { openOrderStore } from '../../lib/store/connect';
import { defaultOrderStoreFile } from '../../nodes/shared/context';
import { actor, imported, importOne } from '../store/fixtures';
import { freshConfig, onEachDatabase, withClient } from '../store/harness';
import { Site, template } from '../templates/site';
import { runnable, runShell } from './shell';

const PAGE = 'docs/upgrade-and-backup.md';
const commands = runnable(PAGE);

function block(mark: string): string {
	const found = commands.filter(({ marks }) => marks.includes(mark));
	if (found.length !== 1) throw new Error(`${PAGE} has ${found.length} commands "${mark}"`);
	return found[0]!.text;
}

const isThere = (program: string): boolean => {
	try {
		execFileSync(program, ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
};

/** Backups have the second in their names. */
async function nextSecond(): Promise<void> {
	const second = Math.floor(Date.now() / 1000);
	while (Math.floor(Date.now() / 1000) === second) await new Promise(setImmediate);
}

it('is carried out as a whole', () => {
	expect(commands.map(({ marks }) => marks[1])).toEqual(['backup', 'sqlite3', 'pg-backup', 'restore', 'pg-restore', 'snapshot', 'give-back']);
});

describe('the embedded store', () => {
	let site: Site;
	let home: string;
	beforeEach(async () => {
		site = await Site.open();
		home = mkdtempSync(path.join(tmpdir(), 'docs-home-'));
		symlinkSync(site.folder, path.join(home, '.n8n-files'));
		mkdirSync(path.join(home, '.n8n'));
		// The very folder in which the store is open.
		mkdirSync(path.dirname(defaultOrderStoreFile()), { recursive: true });
		symlinkSync(path.dirname(defaultOrderStoreFile()), path.join(home, '.n8n', 'n8n-nodes-order-fulfillment'));
	});
	afterEach(async () => {
		await site.close();
		rmSync(home, { recursive: true, force: true });
	});

	const backups = () => readdirSync(path.join(home, 'backup')).sort();
	const numbersIn = (file: string) => {
		const database = new DatabaseSync(file, { readOnly: true });
		expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
		const rows = database.prepare('SELECT order_number FROM oms_order ORDER BY 1').all().map(({ order_number: number }) => number);
		database.close();
		return rows;
	};
	const restartN8n = async () => await (await site.store()).close();
	/** References of all that the warehouse ever got, one for each time. */
	const sent = () =>
		['orders', 'orders/processed'].flatMap((name) => {
			const folder = path.join(site.folder, 'warehouse', name);
			// One file an order, one row a line.
			return csvFiles(folder).flatMap((file) => [...new Set(readCsv(path.join(folder, file)).map(({ reference }) => reference!))]);
		});

	it('is backed up while it is in use, more than once a day, and not when there is nothing at the path', async () => {
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		runShell(block('backup'), home);
		site.exports({ orderNumber: '2' });
		await site.tick(template('01'));
		await nextSecond();
		runShell(block('backup'), home);
		const [first, second, ...more] = backups();
		expect(more).toEqual([]);
		expect(numbersIn(path.join(home, 'backup', first!))).toEqual(['1']);
		expect(numbersIn(path.join(home, 'backup', second!))).toEqual(['1', '2']);
		expect(statSync(path.join(home, 'backup', second!)).mode & 0o077).toBe(0);
		expect(() => runShell(block('backup').replace('/orders.sqlite', '/no-orders.sqlite'), home)).toThrow('unable to open database file');
		expect(backups()).toHaveLength(2);
		expect(site.problems()).toEqual([]);
	});

	if (!isThere('sqlite3')) leftOut('the backup by the program sqlite3', 'it is not installed');
	(isThere('sqlite3') ? it : it.skip)('is backed up with the program sqlite3', async () => {
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		runShell(block('sqlite3'), home);
		expect(numbersIn(path.join(home, 'backup', backups()[0]!))).toEqual(['1']);
	});

	/** Order 1 is in the backup; of order 2, and of what was shipped, only the shop and the warehouse know. */
	async function lose(): Promise<void> {
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		runShell(block('backup'), home);
		await nextSecond();
		site.exports({ orderNumber: '2' });
		await site.tick(template('01'));
		site.ships((await site.order('1')).reference, 1, 'RED-MUG', 2);
		await site.tick(template('03'));
		expect(await site.statuses()).toEqual({ 1: 'closed', 2: 'open' });
		expect(site.problems()).toEqual([]);
	}

	async function everythingIsKnownAgain(): Promise<void> {
		expect(await (await site.store()).recovery()).toEqual({ since: expect.any(String), by: 'Order Store' });
		for (let minute = 0; minute < 3; minute += 1) {
			await site.tick(template('01'), template('02'), template('03'));
		}
		expect(await site.statuses()).toEqual({ 1: 'closed', 2: 'open' });
		// Each was sent once, and its tracking was uploaded once.
		expect(sent().sort()).toEqual([(await site.order('1')).reference, (await site.order('2')).reference].sort());
		expect(site.tracking()).toHaveLength(1);
	}

	it('is restored, and what happened since is known again', async () => {
		await lose();
		await restartN8n();
		runShell(block('restore'), home);
		expect(numbersIn(defaultOrderStoreFile())).toEqual(['1']);
		runShell(block('give-back'), home);
		await everythingIsKnownAgain();
		expect(site.problems()).toEqual([]);
		// What was there before can be looked at.
		const [aside] = readdirSync(path.dirname(defaultOrderStoreFile())).filter((name) => name.startsWith('before-restore-'));
		expect(numbersIn(path.join(path.dirname(defaultOrderStoreFile()), aside!, 'orders.sqlite'))).toEqual(['1', '2']);
	});

	it('loses nothing when n8n runs on while it is restored', async () => {
		await lose();
		runShell(block('restore'), home);
		runShell(block('give-back'), home);
		// The workflows run on, and a new order comes.
		site.exports({ orderNumber: '3' });
		const before = sent();
		for (let minute = 0; minute < 2; minute += 1) await site.tick(template('01'), template('02'), template('03'));
		expect(site.problems().every((problem) => problem.includes('was replaced or deleted while n8n had it open') && problem.includes('Restart n8n'))).toBe(true);
		expect(site.problems().length).toBeGreaterThan(2);
		expect(sent()).toEqual(before);
		expect(numbersIn(defaultOrderStoreFile())).toEqual(['1']);
		await restartN8n();
		for (let minute = 0; minute < 3; minute += 1) await site.tick(template('01'), template('02'), template('03'));
		expect(await site.statuses()).toEqual({ 1: 'closed', 2: 'open', 3: 'open' });
		expect(new Set(sent()).size).toBe(3);
		expect(sent()).toHaveLength(3);
		expect(await (await site.store()).recovery()).toEqual({ since: expect.any(String), by: 'Order Store' });
	});

	it('leaves everything as it was when the backup to restore is not there', async () => {
		await lose();
		await restartN8n();
		rmSync(path.join(home, 'backup'), { recursive: true });
		expect(() => runShell(block('restore'), home)).toThrow();
		expect(numbersIn(defaultOrderStoreFile())).toEqual(['1', '2']);
		expect(await site.statuses()).toEqual({ 1: 'closed', 2: 'open' });
	});

	it('is told that a snapshot of its whole folder was put back', async () => {
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		await restartN8n();
		runShell(block('snapshot'), home);
		expect(await (await site.store()).recovery()).toEqual({ since: expect.any(String), by: 'Restore' });
	});
});

const pgTools = ['psql', 'pg_dump', 'pg_restore'];
const missing = pgTools.filter((program) => !isThere(program));

onEachDatabase(
	'Postgres',
	() => {
		let home: string;
		let databases: string[];
		let stores: OrderStore[];
		let target: Extract<StoreConfig, { kind: 'postgres' }>;
		const role = `restore_${process.pid}_${Date.now().toString(36)}`;

		beforeEach(async () => {
			home = mkdtempSync(path.join(tmpdir(), 'docs-home-'));
			databases = [];
			stores = [];
			// Somebody who may do nothing but what is theirs.
			await withClient(async (client) => await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER PASSWORD 'secret'`));
			target = { ...(freshConfig('postgres') as typeof target), database: await newDatabase('a'), user: role, password: 'secret', schema: 'public' };
		});
		afterEach(async () => {
			for (const orderStore of stores) await orderStore.close();
			await withClient(async (client) => {
				for (const name of databases) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
				await client.query(`DROP ROLE ${role}`);
			});
			rmSync(home, { recursive: true, force: true });
		});

		async function newDatabase(name: string): Promise<string> {
			databases.push(`${role}_${name}`);
			await withClient(async (client) => await client.query(`CREATE DATABASE ${role}_${name} OWNER ${role}`));
			return `${role}_${name}`;
		}
		const opened = async (config: StoreConfig): Promise<OrderStore> => {
			const orderStore = await openOrderStore(config);
			stores.push(orderStore);
			return orderStore;
		};
		const shell = (script: string, { host, port, database } = target) =>
			runShell(script, home, { PGHOST: host, PGPORT: String(port), PGDATABASE: database, PGUSER: role, PGPASSWORD: 'secret' });
		const note = async (orderStore: OrderStore, orderId: string, text: string) => {
			const order = (await orderStore.get(orderId))!;
			await orderStore.amend({ orderId, version: order.version, actor, entries: [{ kind: 'note', actor, data: { text } }] });
		};
		const heard = async (orderStore: OrderStore) =>
			(await readEvents({ orderStore, consumer: 'w:n', kinds: ['note'], toStatuses: [], stores: [], limit: 100, peek: false })).map(({ data }) => (data as { text: string }).text);
		const numbers = async (orderStore: OrderStore) => (await orderStore.search({ limit: 10, sort: { by: 'orderNumber', direction: 'asc' } })).items.map(({ orderNumber }) => orderNumber);

		/** Of what is written after the backup, the restored store knows nothing. */
		async function backedUp(): Promise<{ orderStore: OrderStore; orderId: string }> {
			const orderStore = await opened(target);
			const { id } = await importOne(orderStore, imported('1'));
			expect(await heard(orderStore)).toEqual([]);
			await note(orderStore, id, 'a');
			expect(await heard(orderStore)).toEqual(['a']);
			await note(orderStore, id, 'b');
			await orderStore.controlNumber({ sequence: 's', key: '1' });
			shell(block('pg-backup'));
			return { orderStore, orderId: id };
		}

		it('is backed up and restored, begins recovery before anything else, and events go on', async () => {
			const { orderStore, orderId } = await backedUp();
			expect(readdirSync(path.join(home, 'backup')).every((name) => (statSync(path.join(home, 'backup', name)).mode & 0o077) === 0)).toBe(true);
			await importOne(orderStore, imported('2'));
			await orderStore.controlNumber({ sequence: 's', key: '2' });
			await note(orderStore, orderId, 'lost');
			expect(await heard(orderStore)).toEqual(['b', 'lost']);
			await orderStore.close();
			shell(block('pg-restore'));

			const restored = await opened(target);
			expect(await restored.recovery()).toEqual({ since: expect.any(String), by: 'Restore' });
			expect(await numbers(restored)).toEqual(['N1']);
			expect((await restored.controlNumber({ sequence: 's', key: '2' })).number).toBe(100_002);
			await note(restored, orderId, 'c');
			expect(await heard(restored)).toEqual(['b', 'c']);
			expect(await heard(restored)).toEqual([]);
			// The timeline is kept as ever, and what was there before can be looked at.
			const client = new pg.Client({ ...target, ssl: false });
			await client.connect();
			await expect(client.query(`UPDATE oms_timeline SET kind = 'x'`)).rejects.toThrow('append-only');
			const { rows: [aside] } = await client.query<{ name: string }>(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'oms_before_restore_%'`);
			expect((await client.query(`SELECT order_number FROM ${aside!.name}.oms_order ORDER BY 1`)).rows).toEqual([{ order_number: 'N1' }, { order_number: 'N2' }]);
			await client.end();
		});

		it('tells a process that ran on while it was restored', async () => {
			const { orderStore, orderId } = await backedUp();
			await importOne(orderStore, imported('2'));
			shell(block('pg-restore'));
			expect(await orderStore.recovery()).toEqual({ since: expect.any(String), by: 'Restore' });
			expect(await numbers(orderStore)).toEqual(['N1']);
			await note(orderStore, orderId, 'c');
			expect(await heard(orderStore)).toEqual(['b', 'c']);
		});

		it('is moved to another server: events go on where they were, without recovery and without a superuser', async () => {
			const { orderStore } = await backedUp();
			await orderStore.close();
			const there = { ...target, database: await newDatabase('b') };
			const withoutLast = block('pg-restore').replace(/^psql .* -c "INSERT INTO public\.oms_meta .*\n/m, '');
			expect(withoutLast).not.toContain('begin_recovery');
			shell(withoutLast, there);
			const moved = await opened(there);
			expect(await moved.recovery()).toBeNull();
			expect(await numbers(moved)).toEqual(['N1']);
			expect(await heard(moved)).toEqual(['b']);
			await note(moved, (await moved.search({ limit: 1 })).items[0]!.id, 'c');
			expect(await heard(moved)).toEqual(['c']);
			expect((await moved.controlNumber({ sequence: 's', key: '2' })).number).toBe(2);
		});

		it('leaves everything as it was when the dump is not there', async () => {
			const { orderStore } = await backedUp();
			for (const name of readdirSync(path.join(home, 'backup'))) rmSync(path.join(home, 'backup', name));
			expect(() => shell(block('pg-restore'))).toThrow();
			expect(await numbers(orderStore)).toEqual(['N1']);
			expect(existsSync(path.join(home, 'backup'))).toBe(true);
		});
	},
	missing.length === 0 ? ['postgres'] : [],
);
if (missing.length > 0) leftOut('the dump of Postgres', `${missing.join(', ')} not installed`);
