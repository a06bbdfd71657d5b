/** The one way to the database: reads, and transactions in which everything happens or nothing. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { wholeText } from '../../order/texts';
import { inTransactionScope } from '../../order/transactionScope';
import { recordset, type Dialect } from './dialect';
import { isRepeatable, translated } from './errors';
import { parsedRows } from './rowParser';
import { all, identifier, listed, NOTHING, sql, type Sql } from './sql';
import type { Columns } from './columns';
import { column, TABLES, type TableName, type TableNames } from './tables';
import { isDirect } from './writeGate';

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
	updateMany<R extends Row>(
		table: TableName,
		rows: readonly R[],
		how: { key: string; guard: readonly string[]; set: readonly string[]},
	): Promise<Set<string>>;
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
	return {
		dialect,
		tables,
		dataSource,
		async read(body) {
			refuseInside();
			const runner = dataSource.createQueryRunner('slave');
			try {
				return await body(sessionOf(runner, dialect, tables));
			} catch (error) {
				throw translated(error);
			} finally {
				await runner.release();
			}
		},
		async write(body) {
			refuseInside();
			for (let tried = 1; ; tried += 1) {
				const runner = dataSource.createQueryRunner('master');
				try {
					await runner.startTransaction();
					const scope = { open: true };
					const result = await inside.run(scope, async () => {
						try {
							return await inTransactionScope(async () => await body(sessionOf(runner, dialect, tables)));
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
			const runner = dataSource.createQueryRunner('master');
			try {
				if (!isDirect(runner)) throw new Error(`writeAtOnce is not for ${dialect.kind}`);
				await runner.startTransaction();
				const run = (statement: Sql, parameters: readonly unknown[]) => runner.runNow(dialect.text(statement), parameters.map(clean));
				const result = body({
					query: (statement, parameters) => parsedRows(run(statement, parameters).records),
					execute: (statement, parameters) => run(statement, parameters).affected ?? 0,
					now: clock(),
				});
				await runner.commitTransaction();
				return result;
			} catch (error) {
				throw translated(error);
			} finally {
				// Rolls back what was not committed.
				await runner.release();
			}
		},
	};
}

function sessionOf(runner: QueryRunner, dialect: Dialect, tables: TableNames): Transaction {
	const query = async (statement: Sql, parameters: readonly unknown[] = []) =>
		await runner.query(dialect.text(statement), parameters.map(clean), true);
	const session: Transaction = {
		dialect,
		tables,
		query: async (statement, parameters) => parsedRows((await query(statement, parameters)).records),
		one: async <R extends object>(statement: Sql, parameters: readonly unknown[] = []) => {
			const [row] = await session.query<R>(statement, parameters);
			if (row === undefined) throw new Error('A statement that always gives a row gave none');
			return row;
		},
		execute: async (statement, parameters) => (await query(statement, parameters)).affected ?? 0,
		now: async () => {
			if (dialect.now === null) return clock();
			return (await session.one<{ now: string }>(sql`SELECT ${dialect.now} AS now`)).now;
		},
		insertMany: async (table, rows, keys) => {
			if (rows.length === 0) return new Set();
			const columns: Columns = TABLES[table];
			const given = Object.keys(rows[0]!);
			const names = listed(given.map((name) => column(table, name)));
			const each = sql`INSERT INTO ${tables[table]} (${names}) VALUES (${listed(given.map((_, index) => sql`$${index + 1}`))}) ON CONFLICT DO NOTHING`;
			if (isDirect(runner)) {
				const changes = runner.runMany(dialect.text(each), arraysOf(rows));
				return new Set(changes.flatMap((changed, index) => (changed > 0 ? index : [])));
			}
			// One row needs no JSON; also, a planner that expects a hundred rows may read the whole table.
			if (rows.length === 1) return new Set((await session.execute(each, Object.values(rows[0]!))) > 0 ? [0] : []);
			const key = listed(keys.map((name) => column(table, name)));
			const inserted = await session.query<Record<string, string>>(
				sql`INSERT INTO ${tables[table]} (${names}) SELECT ${names} FROM ${recordset(only(columns, given))}
					ON CONFLICT DO NOTHING${keys.length === 0 ? NOTHING : sql` RETURNING ${key}`}`,
				[JSON.stringify(rows.map(cleaned))],
			);
			const written = new Set(inserted.map((row) => keyOf(row, keys)));
			const indexes = new Set<number>();
			rows.forEach((row, index) => {
				// Of two equal rows in one call the first one was inserted.
				if (written.delete(keyOf(row, keys))) indexes.add(index);
			});
			return indexes;
		},
		updateMany: async (table, rows, { key, guard, set }) => {
			if (rows.length === 0) return new Set();
			const sets = set.map((name) => column(table, name));
			const guards = guard.map((name) => column(table, name));
			if (isDirect(runner) || rows.length === 1) {
				const assignments = listed(sets.map((name, index) => sql`${name} = $${index + 1}`));
				const conditions = all(guards.map((name, index) => sql`${name} = $${set.length + index + 1}`));
				const each = sql`UPDATE ${tables[table]} AS o SET ${assignments} WHERE ${conditions}`;
				const values = rows.map((row) => [...set.map((name) => clean(row[name])), ...guard.map((name) => row[`guard_${name}`] ?? row[name])]);
				const changes = isDirect(runner) ? runner.runMany(dialect.text(each), values) : [await session.execute(each, values[0])];
				return new Set(changes.flatMap((changed, index) => (changed > 0 ? String(rows[index]![key]) : [])));
			}
			const columns: Columns = TABLES[table];
			// A column may be both guarded and set ("status"): the value that is expected has a name of its own.
			const types: Record<string, Columns[string]> = only(columns, set);
			for (const name of guard) types[`guard_${name}`] = columns[name]!;
			const expected = (name: string): Sql => identifier(`guard_${name}`);
			const changed = await session.query<{ key: string }>(
				sql`UPDATE ${tables[table]} AS o SET ${listed(sets.map((name) => sql`${name} = d.${name}`))}
					FROM ${recordset(types)} WHERE o.${column(table, key)} = ANY($2::text[]) AND ${all(guard.map((name) => sql`o.${column(table, name)} = d.${expected(name)}`))}
					RETURNING o.${column(table, key)} AS key`,
				[JSON.stringify(rows.map((row) => ({ ...cleaned(row), ...guarded(row, guard) }))), rows.map((row) => row[key])],
			);
			return new Set(changed.map((row) => row.key));
		},
		yieldToEventLoop: async () => {
			await new Promise(setImmediate);
		},
	};
	return session;
}

/** Columns with words from outside; the others need no cleaning. A name that is foreign in one table is cleaned in all. */
const FOREIGN: ReadonlySet<string> = new Set(Object.values(TABLES).flatMap((columns: Columns) => Object.keys(columns).filter((name) => columns[name]?.foreign)));

const clean = (value: unknown): unknown => (typeof value === 'string' ? wholeText(value) : value);

function cleaned(row: Row): Record<string, unknown> {
	const copy: Record<string, unknown> = {};
	for (const name in row) copy[name] = FOREIGN.has(name) ? clean(row[name]) : row[name];
	return copy;
}

/** The values of rows, which all have the same columns. */
function arraysOf(rows: readonly Row[]): unknown[][] {
	const columns = Object.keys(rows[0]!).map((name) => ({ name, foreign: FOREIGN.has(name) }));
	return rows.map((row) => columns.map(({ name, foreign }) => (foreign ? clean(row[name]) : row[name])));
}

const guarded = (row: Row, guard: readonly string[]): Row =>
	Object.fromEntries(guard.map((name) => [`guard_${name}`, row[`guard_${name}`] ?? row[name] ?? null]));

const only = (columns: Columns, names: readonly string[]): Record<string, Columns[string]> =>
	Object.fromEntries(names.map((name) => [name, columns[name]!]));

const keyOf = (row: Readonly<Record<string, unknown>>, keys: readonly string[]): string =>
	keys.length === 1 ? String(row[keys[0]!]) : JSON.stringify(keys.map((key) => row[key]));
