/** The one way to the database: reads, and transactions in which everything happens or nothing. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { wholeText } from '../../order/texts';
import { inTransactionScope } from '../../order/transactionScope';
import type { Dialect } from './dialect';
import { isRepeatable, translated } from './errors';
import { parsedRows } from './rowParser';
import type { Columns } from './columns';
import { sql, type Sql } from './sql';
import type { SqliteConnection } from './sqliteConnection';
import { TABLES, type TableName, type TableNames } from './tables';
import { Texts, type UpdateColumns } from './texts';
import { gateOf, isDirect } from './writeGate';

type Row = Readonly<Record<string, string | number | null>>;

/** What the body of a read or a transaction works with. */
export interface Session {
	readonly dialect: Dialect;
	readonly tables: TableNames;
	query<R extends object>(statement: Sql, parameters?: readonly unknown[]): Promise<R[]>;
	/** The row of a statement that always gives one. */
	one<R extends object>(statement: Sql, parameters?: readonly unknown[]): Promise<R>;
	/** Gives the number of rows changed. */
	execute(statement: Sql, parameters?: readonly unknown[]): Promise<number>;
	/** The database's present. */
	now(): Promise<string>;
}

export interface Transaction extends Session {
	/**
	 * Inserts many rows at once; rows that exist already are left as they are. Gives the indexes of those that are new.
	 * `keys` = columns that tell one row from another.
	 */
	insertMany<R extends Row>(table: TableName, rows: readonly R[], keys: readonly string[]): Promise<Set<number>>;
	/**
	 * Sets `columns` of many rows at once, each only while its `guard` columns are as given. Gives the keys of those changed.
	 * `key` is a column of `guard`.
	 */
	updateMany<R extends Row>(table: TableName, rows: readonly R[], how: UpdateColumns): Promise<Set<string>>;
	/** Lets timers and other callers of this process have their turn; for long transactions. */
	yieldToEventLoop(): Promise<void>;
}

/** What the body of a transaction that awaits nothing works with. */
interface AtOnce {
	query<R extends object>(statement: Sql, parameters: readonly unknown[]): R[];
	execute(statement: Sql, parameters: readonly unknown[]): number;
	readonly now: string;
}

export interface Database {
	readonly dialect: Dialect;
	readonly tables: TableNames;
	readonly dataSource: DataSource;
	read<T>(body: (session: Session) => Promise<T>): Promise<T>;
	write<T>(body: (transaction: Transaction) => Promise<T>): Promise<T>;
	/** A short transaction whose body awaits nothing. Only on SQLite, whose driver answers at once. */
	writeAtOnce<T>(body: (transaction: AtOnce) => T): Promise<T>;
}

const inside = new AsyncLocalStorage<{ open: boolean }>();

/** The present where the clock of this machine is the database's. */
const clock = (): string => new Date(Date.now()).toISOString();

/** How often a transaction that lost against another one (deadlock, serialization) is run again. */
const TRIES = 4;

export function openDatabase(dataSource: DataSource, dialect: Dialect, tables: TableNames): Database {
	const refuseInside = () => {
		// On SQLite it would wait for itself for ever; on Postgres it would not be part of the transaction.
		if (inside.getStore()?.open) throw new Error('The store was called inside one of its own transactions; use its session');
	};
	const texts = new Texts(tables);
	// Of the driver, which ours is: the DataSource would make an EntityManager for each besides, which nobody uses.
	return {
		dialect,
		tables,
		dataSource,
		async read(body) {
			refuseInside();
			const runner = dataSource.driver.createQueryRunner('slave');
			try {
				return await body(sessionOf(runner, dialect, tables, texts));
			} catch (error) {
				throw translated(error);
			} finally {
				await runner.release();
			}
		},
		async write(body) {
			refuseInside();
			for (let tried = 1; ; tried += 1) {
				const runner = dataSource.driver.createQueryRunner('master');
				try {
					await runner.startTransaction();
					const scope = { open: true };
					const result = await inside.run(scope, async () => {
						try {
							return await inTransactionScope(async () => await body(sessionOf(runner, dialect, tables, texts)));
						} finally {
							scope.open = false;
						}
					});
					await runner.commitTransaction();
					return result;
				} catch (error) {
					if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
					if (!isRepeatable(error) || tried >= TRIES) throw translated(error);
				} finally {
					await runner.release();
				}
				await sleep(tried * 10 * Math.random());
			}
		},
		async writeAtOnce(body) {
			refuseInside();
			const gate = gateOf(dataSource);
			if (gate === undefined) throw new Error(`writeAtOnce is not for ${dialect.kind}`);
			try {
				return await gate.atOnce((writer) => body(atOnceOf(writer, dialect)));
			} catch (error) {
				throw translated(error);
			}
		},
	};
}

// The objects that bodies work with are made for every transaction, so their functions are methods: for each arrow with a name the build calls a function that gives it
// that name (keepNames), which costs more than to make it.

const atOnceOf = (writer: SqliteConnection, dialect: Dialect): AtOnce => ({
	query(statement, parameters) {
		return parsedRows(writer.run(dialect.text(statement), parameters.map(clean)).records);
	},
	execute(statement, parameters) {
		return writer.run(dialect.text(statement), parameters.map(clean)).affected ?? 0;
	},
	now: clock(),
});

function sessionOf(runner: QueryRunner, dialect: Dialect, tables: TableNames, texts: Texts): Transaction {
	const session: Transaction = {
		dialect,
		tables,
		async query(statement, parameters = []) {
			return parsedRows((await runner.query(dialect.text(statement), parameters.map(clean), true)).records);
		},
		async one<R extends object>(statement: Sql, parameters: readonly unknown[] = []) {
			const [row] = await session.query<R>(statement, parameters);
			if (row === undefined) throw new Error('A statement that always gives a row gave none');
			return row;
		},
		async execute(statement, parameters = []) {
			return (await runner.query(dialect.text(statement), parameters.map(clean), true)).affected ?? 0;
		},
		async now() {
			if (dialect.now === null) return clock();
			return (await session.one<{ now: string }>(sql`SELECT ${dialect.now} AS now`)).now;
		},
		async insertMany(table, rows, keys) {
			if (rows.length === 0) return new Set();
			const given = givenColumns(table, rows);
			if (isDirect(runner)) {
				const changes = runner.runMany(dialect.text(texts.insert(table, given)), arraysOf(rows, given));
				return new Set(changes.flatMap((changed, index) => (changed > 0 ? index : [])));
			}
			// One row needs no JSON; also, a planner that expects a hundred rows may read the whole table.
			if (rows.length === 1) return new Set((await session.execute(texts.insert(table, given), arraysOf(rows, given)[0])) > 0 ? [0] : []);
			const inserted = await session.query<Record<string, string>>(texts.insertAll(table, given, keys), [
				JSON.stringify(rows.map((row) => cleaned(row, given))),
			]);
			const written = new Set(inserted.map((row) => keyOf(row, keys)));
			const indexes = new Set<number>();
			rows.forEach((row, index) => {
				// Of two equal rows in one call the first one was inserted.
				if (written.delete(keyOf(row, keys))) indexes.add(index);
			});
			return indexes;
		},
		async updateMany(table, rows, how) {
			if (rows.length === 0) return new Set();
			const { key, guard, set } = how;
			if (isDirect(runner) || rows.length === 1) {
				const each = texts.update(table, how);
				const values = rows.map((row) => [
					...set.map((name) => clean(row[name])),
					...guard.map((name) => row[`guard_${name}`] ?? row[name]),
				]);
				const changes = isDirect(runner) ? runner.runMany(dialect.text(each), values) : [await session.execute(each, values[0])];
				return new Set(changes.flatMap((changed, index) => (changed > 0 ? String(rows[index]![key]) : [])));
			}
			const changed = await session.query<{ key: string }>(texts.updateAll(table, how), [
				JSON.stringify(rows.map((row) => ({ ...cleaned(row, set), ...guarded(row, guard) }))),
				rows.map((row) => row[key]),
			]);
			return new Set(changed.map((row) => row.key));
		},
		async yieldToEventLoop() {
			await new Promise(setImmediate);
		},
	};
	return session;
}

/** Columns with words from outside; the others need no cleaning. A name that is foreign in one table is cleaned in all. */
const FOREIGN: ReadonlySet<string> = new Set(
	Object.values(TABLES).flatMap((columns: Columns) => Object.keys(columns).filter((name) => columns[name]?.foreign)),
);

const clean = (value: unknown): unknown => (typeof value === 'string' ? wholeText(value) : value);

function cleaned(row: Row, names: readonly string[]): Record<string, unknown> {
	const copy: Record<string, unknown> = {};
	for (const name of names) copy[name] = FOREIGN.has(name) ? clean(row[name]) : row[name];
	return copy;
}

/**
 * The columns of rows, which all have the same, without those that are NULL in every row: the database puts that there by itself, and half of the columns of a new
 * order are such.
 */
function givenColumns(table: TableName, rows: readonly Row[]): string[] {
	const columns: Columns = TABLES[table];
	return Object.keys(rows[0]!).filter((name) => columns[name]?.nullable !== true || rows.some((row) => row[name] !== null));
}

function arraysOf(rows: readonly Row[], names: readonly string[]): unknown[][] {
	const columns = names.map((name) => ({ name, foreign: FOREIGN.has(name) }));
	return rows.map((row) => columns.map(({ name, foreign }) => (foreign ? clean(row[name]) : row[name])));
}

const guarded = (row: Row, guard: readonly string[]): Row =>
	Object.fromEntries(guard.map((name) => [`guard_${name}`, row[`guard_${name}`] ?? row[name] ?? null]));

const keyOf = (row: Readonly<Record<string, unknown>>, keys: readonly string[]): string =>
	keys.length === 1 ? String(row[keys[0]!]) : JSON.stringify(keys.map((key) => row[key]));
