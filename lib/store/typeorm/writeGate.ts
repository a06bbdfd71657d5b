/**
 * Makes one SQLite DataSource safe for many callers. TypeORM gives all of them the same connection, so overlapping
 * transactions end up in one another: measured, a rolled-back transaction's rows stayed and a committed one's were gone. Here
 * every writer owns the connection from its first statement until it is released, first come first served; reads outside
 * transactions use a second, read-only connection. Another process's lock is awaited, not slept on: SQLite's own wait would
 * stop the event loop of n8n.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryFailedError, QueryResult, type DataSource, type ReplicationMode } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { asError, FulfillmentError } from '../../order/errors';
import { NodeSqlite, type Statement } from './nodeSqlite';

/** How long a write waits for another process before it gives up, in milliseconds. */
const WAIT_MS = 15_000;
/** Statements that stay compiled, for each connection. */
const CACHE_SIZE = 200;

export const isBusy = (error: unknown): boolean => {
	const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
	return typeof cause === 'object' && cause !== null && 'code' in cause && /^SQLITE_(BUSY|LOCKED)/.test(String(cause.code));
};

export const storeBusy = (cause: unknown): FulfillmentError =>
	new FulfillmentError(
		'store_busy',
		`Another process has been writing to the order store for more than ${WAIT_MS / 1000} seconds.`,
		'Run the workflow again. If it keeps happening, choose a Postgres credential for the order store.',
		{ retryable: true, cause },
	);

/** As TypeORM reports what a driver says. */
const failedQuery = (sql: string, values: unknown[], error: unknown): QueryFailedError => new QueryFailedError(sql, values, asError(error));

/** Runs `work` again until no other process holds the lock. */
export async function whenFree<T>(work: () => T): Promise<T> {
	const end = performance.now() + WAIT_MS;
	for (;;) {
		try {
			return work();
		} catch (error) {
			if (!isBusy(error)) throw asError(error);
			if (performance.now() > end) throw storeBusy(error);
			// Two waiting processes must not wake in step for ever.
			await sleep(3 + Math.random() * 20);
		}
	}
}

/** One connection with its compiled statements. */
class Connection {
	private readonly statements = new Map<string, Statement>();

	constructor(readonly database: NodeSqlite) {}

	statement(sql: string): Statement {
		let statement = this.statements.get(sql);
		if (!statement) {
			statement = this.database.prepare(sql);
			this.statements.set(sql, statement);
			if (this.statements.size > CACHE_SIZE) this.statements.delete(this.statements.keys().next().value!);
		}
		return statement;
	}
}

/** A runner that can also run statements without a promise for each. Must be called inside a transaction; arrays are used up. */
export interface DirectRunner {
	runNow(sql: string, values: unknown[]): QueryResult;
	/** One statement for many rows. Gives the rows changed by each. */
	runMany(sql: string, rows: readonly unknown[][]): number[];
}

export const isDirect = (runner: object): runner is DirectRunner => 'runMany' in runner;

type RunnerClass = new (driver: BetterSqlite3Driver) => BetterSqlite3QueryRunner;

/** Puts the gate in front of an initialized DataSource over `NodeSqlite`. Call once, before anything is queried. */
export function makeSafe(dataSource: DataSource): void {
	const driver = dataSource.driver as BetterSqlite3Driver;
	const Base = driver.createQueryRunner('master').constructor as RunnerClass;
	const writer = new Connection(driver.databaseConnection as NodeSqlite);
	const reader = new Connection(new NodeSqlite(writer.database.name, { timeout: 10 }));
	writer.database.pragma('busy_timeout = 10');
	reader.database.pragma('query_only = ON');

	let tail: Promise<void> = Promise.resolve();
	/** Resolves when it is our turn, with the function that lets the next one in. */
	const turn = async (): Promise<() => void> => {
		const before = tail;
		let leave!: () => void;
		tail = new Promise((resolve) => (leave = resolve));
		await before;
		return leave;
	};

	class GatedRunner extends Base implements DirectRunner {
		private leave: Promise<() => void> | undefined;

		constructor(private readonly readsOnly: boolean) {
			super(driver);
		}

		override async connect(): Promise<NodeSqlite> {
			return (await this.ownConnection()).database;
		}

		private async ownConnection(): Promise<Connection> {
			if (this.readsOnly) return reader;
			if (this.isReleased) throw new Error('The query runner was released already');
			this.leave ??= turn();
			await this.leave;
			return writer;
		}

		// TypeORM's own version costs about as much as the statement: broadcasts, a log line, a copy of the parameters.
		override async query<T>(sql: string, parameters: unknown = [], structured = false): Promise<T> {
			const values = parameters as unknown[];
			const connection = await this.ownConnection();
			// TypeORM knows only the deferred form, which fails at once when a read turns into a write.
			const text = sql === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : sql;
			const run = () => this.runOnce(connection, text, values);
			const mayWait = this.transactionDepth === 0 || text === 'COMMIT';
			const result = mayWait ? await whenFree(run) : run();
			return (structured ? result : result.raw) as T;
		}

		private runOnce(connection: Connection, sql: string, values: unknown[]): QueryResult {
			const result = new QueryResult();
			try {
				const statement = connection.statement(sql);
				if (statement.reader) {
					result.records = statement.all(...values) as Array<Record<string, unknown>>;
					result.raw = result.records;
					result.affected = result.records.length;
				} else {
					const { changes, lastInsertRowid } = statement.run(...values);
					result.raw = lastInsertRowid;
					result.affected = changes;
				}
			} catch (error) {
				throw failedQuery(sql, values, error);
			}
			return result;
		}

		runNow(sql: string, values: unknown[]): QueryResult {
			if (!this.isTransactionActive) throw new Error('runNow needs a transaction');
			return this.runOnce(writer, sql, values);
		}

		runMany(sql: string, rows: readonly unknown[][]): number[] {
			if (!this.isTransactionActive) throw new Error('runMany needs a transaction');
			try {
				const statement = writer.statement(sql);
				return rows.map((row) => statement.runRow(row).changes);
			} catch (error) {
				throw failedQuery(sql, [], error);
			}
		}

		// The outermost transaction without TypeORM's broadcasts, which nobody listens to; savepoints as TypeORM does them.
		override async startTransaction(): Promise<void> {
			if (this.transactionDepth > 0) return await super.startTransaction();
			await this.query('BEGIN TRANSACTION');
			this.isTransactionActive = true;
			this.transactionDepth = 1;
		}

		override async commitTransaction(): Promise<void> {
			if (this.transactionDepth !== 1) return await super.commitTransaction();
			await this.query('COMMIT');
			this.isTransactionActive = false;
			this.transactionDepth = 0;
		}

		override async release(): Promise<void> {
			if (this.isReleased) return;
			if (this.isTransactionActive) await this.rollbackTransaction().catch(() => undefined);
			await super.release();
			this.isReleased = true;
			(await this.leave)?.();
		}
	}

	driver.queryRunner = undefined;
	driver.createQueryRunner = (mode: ReplicationMode) => new GatedRunner(mode === 'slave');
	const disconnect = driver.disconnect.bind(driver);
	driver.disconnect = async () => {
		await turn();
		reader.database.close();
		await disconnect();
	};
}
