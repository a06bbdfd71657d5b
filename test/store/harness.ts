/** A fresh store for each test, on every database that is there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { NodeSqlite } from '../../lib/store/database/nodeSqlite';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { openOrderStore } from '../../lib/store/connect';
import { openDataSource } from '../../lib/store/database/dataSource';
import { POSTGRES, SQLITE } from '../../lib/store/database/dialect';
import { openDatabase, type Database } from '../../lib/store/database/session';
import { tableNames } from '../../lib/store/database/tables';
import { leftOut } from '../scope/leftOut';

export type DialectName = 'sqlite' | 'postgres';

const POSTGRES_URL = new URL(process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test');

const postgresTarget = {
	host: POSTGRES_URL.hostname,
	port: Number(POSTGRES_URL.port || 5432),
	database: POSTGRES_URL.pathname.slice(1),
	user: decodeURIComponent(POSTGRES_URL.username),
	password: decodeURIComponent(POSTGRES_URL.password),
};

/** Suites are declared before anything can be awaited, so a child process looks for the server. */
function postgresAnswers(): boolean {
	const look = `const s = require('node:net').connect(${postgresTarget.port}, '${postgresTarget.host}');
		s.setTimeout(3000, () => process.exit(1)); s.on('connect', () => process.exit(0)); s.on('error', () => process.exit(1));`;
	try {
		execFileSync(process.execPath, ['-e', look], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

function dialects(): DialectName[] {
	if (postgresAnswers()) return ['sqlite', 'postgres'];
	const why = `no server at ${postgresTarget.host}:${postgresTarget.port}`;
	leftOut('the suites of Postgres', `${why}: set TEST_POSTGRES_URL`);
	return ['sqlite'];
}

export interface TestStore {
	orderStore: OrderStore;
	config: StoreConfig;
	dialect: DialectName;
	/** Another store object on the same database, as another process has it. */
	another(): Promise<OrderStore>;
	/** SQL past the store; `{order}` stands for the table's full name. Parameters are `$1`, … */
	raw<R extends object>(sql: string, parameters?: unknown[]): Promise<R[]>;
}

const cleanups: Array<() => Promise<void> | void> = [];
let count = 0;
/** A run that was killed leaves its schemas behind; they must not be in the way of another one. */
const run = Date.now().toString(36);

afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs the same tests on each database. @param only where the database makes no difference and the tests take long */
export function onEachDatabase(
	name: string,
	tests: (open: () => Promise<TestStore>, dialect: DialectName) => void,
	only: readonly DialectName[] = ['sqlite', 'postgres'],
): void {
	describe.each(dialects().filter((dialect) => only.includes(dialect)))(`${name} (%s)`, (dialect) => {
		tests(async () => await openTestStore(dialect), dialect);
	});
}

/** A target with nothing in it; removed after the test. */
export function freshConfig(dialect: DialectName): StoreConfig {
	if (dialect === 'sqlite') {
		const folder = mkdtempSync(path.join(tmpdir(), 'order-store-'));
		cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
		return { kind: 'sqlite', file: path.join(folder, 'store', 'orders.sqlite') };
	}
	const schema = newSchema();
	cleanups.push(async () => await drop(schema));
	return { kind: 'postgres', ...postgresTarget, ssl: false, schema };
}

/** A target with nothing in its tables, if it has any: on Postgres to make and to drop them takes ten times as long as to empty them. */
export function emptyConfig(dialect: DialectName): StoreConfig {
	if (dialect === 'sqlite') return freshConfig(dialect);
	const schema = emptied.pop() ?? newSchema();
	cleanups.push(async () => {
		try {
			await withClient(async (client) => await client.query(emptying(schema)));
			emptied.push(schema);
		} catch {
			// Only a superuser gets past triggers.
			await drop(schema);
		}
	});
	return { kind: 'postgres', ...postgresTarget, ssl: false, schema };
}

const emptied: string[] = [];

afterAll(async () => {
	for (const schema of emptied.splice(0)) await drop(schema);
});

const newSchema = (): string => `test_${run}_${process.pid}_${(count += 1)}`;

const drop = async (schema: string): Promise<void> =>
	void (await withClient(async (client) => await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)));

/** Past the triggers that keep the timeline; what is counted begins at 1 again. */
const emptying = (schema: string): string => `DO $do$
	DECLARE each record;
	BEGIN
		SET LOCAL session_replication_role = replica;
		FOR each IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = '${schema}' AND tablename <> 'oms_migrations' LOOP
			EXECUTE 'DELETE FROM ' || each.name;
		END LOOP;
		FOR each IN SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname = '${schema}' LOOP
			PERFORM setval(each.name::regclass, 1, false);
		END LOOP;
	END $do$`;

export async function withClient<T>(body: (client: pg.Client) => Promise<T>): Promise<T> {
	const client = new pg.Client(postgresTarget);
	client.on('notice', () => undefined);
	await client.connect();
	try {
		return await body(client);
	} finally {
		await client.end();
	}
}

export const tableOf = (config: StoreConfig, table: string): string =>
	config.kind === 'postgres' ? `"${config.schema}".oms_${table}` : `oms_${table}`;

/** What a store works on, for tests of its parts; closed after the test. */
export async function databaseOf(config: StoreConfig): Promise<Database> {
	const { dataSource } = await openDataSource(config);
	cleanups.push(async () => await dataSource.destroy());
	return openDatabase(dataSource, config.kind === 'postgres' ? POSTGRES : SQLITE, tableNames(config));
}

export async function openTestStore(dialect: DialectName, config = emptyConfig(dialect)): Promise<TestStore> {
	const open = async () => {
		const orderStore = await openOrderStore(config);
		cleanups.push(async () => await orderStore.close());
		return orderStore;
	};
	return {
		orderStore: await open(),
		config,
		dialect,
		another: open,
		raw: rawOf(config),
	};
}

/** SQL past the store. */
export function rawOf(config: StoreConfig): TestStore['raw'] {
	const named = (sql: string) => sql.replace(/\{(\w+)\}/g, (_, table: string) => tableOf(config, table));
	return async <R extends object>(sql: string, parameters: unknown[] = []) => {
		if (config.kind === 'postgres') return (await withClient(async (client) => await client.query(named(sql), parameters))).rows as R[];
		const database = new NodeSqlite(config.file, { timeout: 2000 });
		try {
			const statement = database.prepare(named(sql).replace(/\$(\d+)/g, '?$1'));
			if (statement.reader) return statement.all(...parameters) as R[];
			statement.run(...parameters);
			return [];
		} finally {
			database.close();
		}
	};
}
