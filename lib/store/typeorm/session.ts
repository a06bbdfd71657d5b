/** The one way to the database: reads, and transactions in which everything happens or nothing. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { inTransactionScope } from '../../order/transactionScope';
import { recordset, type Dialect } from './dialect';
import { isRepeatable, translated } from './errors';
import { storable } from './rows';
import { TABLES, type Columns, type TableName, type TableNames } from './tables';
import { isDirect } from './writeGate';

type Row = Readonly<Record<string, string | number | null>>;

/** What the body of a read or a transaction works with. */
export interface Session {
	readonly dialect: Dialect;
	readonly tables: TableNames;
	query<R extends object>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
	/** Gives the number of rows changed. */
	execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
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
	breathe(): Promise<void>;
}

/** What the body of a transaction that awaits nothing works with. */
export interface AtOnce {
	query<R extends object>(sql: string, parameters: readonly unknown[]): R[];
	execute(sql: string, parameters: readonly unknown[]): number;
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
				const run = (sql: string, parameters: readonly unknown[]) => runner.runNow(dialect.sql(sql), parameters.map(clean));
				const result = body({
					query: (sql, parameters) => run(sql, parameters).records as never,
					execute: (sql, parameters) => run(sql, parameters).affected ?? 0,
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
	const query = async (sql: string, parameters: readonly unknown[] = []) =>
		await runner.query(dialect.sql(sql), parameters.map(clean), true);
	const session: Transaction = {
		dialect,
		tables,
		query: async (sql, parameters) => (await query(sql, parameters)).records as never,
		execute: async (sql, parameters) => (await query(sql, parameters)).affected ?? 0,
		now: async () => {
			if (dialect.now === null) return clock();
			const [row] = await session.query<{ now: string }>(`SELECT ${dialect.now} AS now`);
			return row!.now;
		},
		insertMany: async (table, rows, keys) => {
			if (rows.length === 0) return new Set();
			const columns = TABLES[table] as Columns;
			const names = Object.keys(rows[0]!).map((name) => `"${name}"`).join(', ');
			if (rows.length === 1 && !isDirect(runner)) {
				// One row needs no JSON; also, a planner that expects a hundred rows may read the whole table.
				const values = Object.values(rows[0]!);
				const places = values.map((_, index) => `$${index + 1}`).join(', ');
				const sql = `INSERT INTO ${tables[table]} (${names}) VALUES (${places}) ON CONFLICT DO NOTHING`;
				return new Set((await session.execute(sql, values)) > 0 ? [0] : []);
			}
			if (isDirect(runner)) {
				const places = Object.keys(rows[0]!).map((_, index) => `?${index + 1}`).join(', ');
				const changes = runner.runMany(
					`INSERT INTO ${tables[table]} (${names}) VALUES (${places}) ON CONFLICT DO NOTHING`,
					arraysOf(rows),
				);
				return new Set(changes.flatMap((changed, index) => (changed > 0 ? index : [])));
			}
			const key = keys.map((name) => `"${name}"`).join(', ');
			const inserted = await session.query<Record<string, string>>(
				`INSERT INTO ${tables[table]} (${names}) SELECT ${names} FROM ${recordset(only(columns, Object.keys(rows[0]!)))} ` +
					`ON CONFLICT DO NOTHING${key === '' ? '' : ` RETURNING ${key}`}`,
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
			if (isDirect(runner)) {
				const assignments = set.map((name, index) => `"${name}" = ?${index + 1}`).join(', ');
				const conditions = guard.map((name, index) => `"${name}" = ?${set.length + index + 1}`).join(' AND ');
				const changes = runner.runMany(
					`UPDATE ${tables[table]} AS o SET ${assignments} WHERE ${conditions}`,
					rows.map((row) => [...set.map((name) => clean(row[name])), ...guard.map((name) => row[`guard_${name}`] ?? row[name])]),
				);
				return new Set(changes.flatMap((changed, index) => (changed > 0 ? String(rows[index]![key]) : [])));
			}
			if (rows.length === 1) {
				const [row] = rows;
				const values = [...set.map((name) => row![name]), ...guard.map((name) => row![`guard_${name}`] ?? row![name])];
				const assignments = set.map((name, index) => `"${name}" = $${index + 1}`).join(', ');
				const conditions = guard.map((name, index) => `"${name}" = $${set.length + index + 1}`).join(' AND ');
				const sql = `UPDATE ${tables[table]} AS o SET ${assignments} WHERE ${conditions}`;
				return new Set((await session.execute(sql, values)) > 0 ? [String(row![key])] : []);
			}
			const columns = TABLES[table] as Columns;
			// A column may be both guarded and set ("status"): the value that is expected has a name of its own.
			const types: Record<string, Columns[string]> = only(columns, set);
			for (const name of guard) types[`guard_${name}`] = columns[name]!;
			const changed = await session.query<Record<string, string>>(
				`UPDATE ${tables[table]} AS o SET ${set.map((name) => `"${name}" = d."${name}"`).join(', ')} ` +
					`FROM ${recordset(types)} WHERE o."${key}" = ANY($2::text[]) AND ${guard.map((name) => `o."${name}" = d."guard_${name}"`).join(' AND ')} ` +
					`RETURNING o."${key}" AS key`,
				[JSON.stringify(rows.map((row) => ({ ...cleaned(row), ...guarded(row, guard) }))), rows.map((row) => row[key])],
			);
			return new Set(changed.map((row) => row.key!));
		},
		breathe: async () => {
			await new Promise(setImmediate);
		},
	};
	return session;
}

/** Columns with words from outside. The others are made here: ids, times, codes, and JSON, which escapes what is no text. */
const FOREIGN: ReadonlySet<string> = new Set([
	'store', 'cart', 'external_id', 'order_number', 'merchant', 'warehouse', 'status_reason', 'alert_message', 'wms', 'wms_order_id',
	'claim_owner', 'search_text', 'tracking_text', 'carrier', 'service_level', 'tracking_number', 'tracking_url', 'upload_problem',
	'actor_name',
]);

const clean = (value: unknown): unknown => (typeof value === 'string' ? storable(value) : value);

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
