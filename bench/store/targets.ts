/** Two equal databases: one for our store, one for the driver alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import pg from 'pg';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { openOrderStore } from '../../lib/store/connect';

export type DialectName = 'sqlite' | 'postgres';
export type Row = Record<string, string | number | null>;

/** A driver without anything of ours; statements are compiled once where the driver can. */
export interface Driver {
	dialect: DialectName;
	table(name: string): string;
	query(sql: string, values?: readonly unknown[]): Promise<Row[]>;
	insertEach?(sql: string, rows: ReadonlyArray<readonly (string | number | null)[]>): void;
	close(): Promise<void>;
}

function sqliteDriver(file: string): Driver {
	const database = new DatabaseSync(file);
	database.exec('PRAGMA journal_mode = WAL');
	database.exec('PRAGMA synchronous = FULL');
	database.exec('PRAGMA cache_size = -16000');
	const statements = new Map<string, StatementSync>();
	return {
		dialect: 'sqlite',
		table: (name) => `oms_${name}`,
		query: async (sql, values = []) => {
			const text = sql.replace(/\$(\d+)/g, '?$1');
			let statement = statements.get(text);
			if (!statement) statements.set(text, (statement = database.prepare(text)));
			return statement.all(...(values as SQLInputValue[])) as Row[];
		},
		insertEach: (sql, rows) => {
			let statement = statements.get(sql);
			if (!statement) statements.set(sql, (statement = database.prepare(sql)));
			for (const row of rows) statement.run(...row);
		},
		close: async () => database.close(),
	};
}

async function postgresDriver(config: Extract<StoreConfig, { kind: 'postgres' }>): Promise<Driver> {
	const types = {
		getTypeParser: (oid: number) => (oid === 20 || oid === 23 ? Number : (value: string) => value),
	} as unknown as pg.CustomTypesConfig;
	const client = new pg.Client({ ...config, ssl: false, types });
	await client.connect();
	return {
		dialect: 'postgres',
		table: (name) => `"${config.schema}".oms_${name}`,
		query: async (sql, values) => (await client.query(sql, values as unknown[])).rows as Row[],
		close: async () => await client.end(),
	};
}

export interface Pair {
	orderStore: OrderStore;
	/** The driver on our store's own database: prepares and reads, never measured. */
	inside: Driver;
	/** The driver on the other database. */
	raw: Driver;
	/** Another connection to that database. */
	another(): Promise<Driver>;
	close(): Promise<void>;
}

export async function openPair(dialect: DialectName): Promise<Pair> {
	const folder = mkdtempSync(path.join(tmpdir(), 'order-store-bench-'));
	const url = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test');
	const schemas: string[] = [];
	const config = (name: string): StoreConfig => {
		if (dialect === 'sqlite') return { kind: 'sqlite', file: path.join(folder, `${name}.sqlite`) };
		const schema = `bench_${process.pid}_${name}`;
		schemas.push(schema);
		return {
			kind: 'postgres',
			host: url.hostname,
			port: Number(url.port || 5432),
			database: url.pathname.slice(1),
			user: decodeURIComponent(url.username),
			password: decodeURIComponent(url.password),
			ssl: false,
			schema,
		};
	};
	const driver = async (of: StoreConfig) => (of.kind === 'sqlite' ? sqliteDriver(of.file) : await postgresDriver(of));
	const [ours, theirs] = [config('ours'), config('raw')];
	const orderStore = await openOrderStore(ours);
	await (await openOrderStore(theirs)).close();
	const [inside, raw] = [await driver(ours), await driver(theirs)];
	return {
		orderStore,
		inside,
		raw,
		another: async () => await driver(theirs),
		close: async () => {
			await orderStore.close();
			for (const schema of schemas) await raw.query(`DROP SCHEMA "${schema}" CASCADE`);
			await inside.close();
			await raw.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** The fastest way of the driver to insert many rows: one INSERT on Postgres, a compiled one for each row on SQLite. */
export async function insertRows(driver: Driver, table: string, rows: readonly Row[]): Promise<void> {
	if (rows.length === 0) return;
	const columns = Object.keys(rows[0]!);
	if (driver.insertEach) {
		const places = columns.map((_, index) => `?${index + 1}`).join(', ');
		const names = columns.map((name) => `"${name}"`).join(', ');
		driver.insertEach(
			`INSERT INTO ${driver.table(table)} (${names}) VALUES (${places}) ON CONFLICT DO NOTHING`,
			rows.map((row) => Object.values(row)),
		);
		return;
	}
	let place = 0;
	const values = rows.map(() => `(${columns.map(() => `$${(place += 1)}`).join(', ')})`).join(', ');
	await driver.query(
		`INSERT INTO ${driver.table(table)} (${columns.map((name) => `"${name}"`).join(', ')}) VALUES ${values} ON CONFLICT DO NOTHING`,
		rows.flatMap((row) => columns.map((name) => row[name]!)),
	);
}
