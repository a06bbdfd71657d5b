/**
 * Makes one SQLite DataSource safe for many callers. TypeORM gives all of them the same connection, so overlapping
 * transactions end up in one another: measured, a rolled-back transaction's rows stayed and a committed one's were gone. Here
 * every writer owns the connection from its first statement until it is released, first come first served; reads outside
 * transactions use a second, read-only connection. Another process's lock is awaited, not slept on: SQLite's own wait would
 * stop the event loop of n8n.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { QueryFailedError, type DataSource, type ReplicationMode } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { asError, FulfillmentError } from '../../order/errors';
import { NodeSqlite } from './nodeSqlite';
import { SqliteConnection } from './sqliteConnection';

/** How long a write waits for another process before it gives up, in milliseconds. */
const WAIT_MS = 15_000;
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

/** Runs `work` again until no other process holds the lock; mostly nobody does, and then there is no promise either. */
export function whenFree<T>(work: () => T): T | Promise<T> {
	try {
		return work();
	} catch (error) {
		if (!isBusy(error)) throw asError(error);
		return onceFree(work);
	}
}

async function onceFree<T>(work: () => T): Promise<T> {
	const end = performance.now() + WAIT_MS;
	for (;;) {
		// Two waiting processes must not wake in step for ever.
		await sleep(3 + Math.random() * 20);
		try {
			return work();
		} catch (error) {
			if (!isBusy(error)) throw asError(error);
			if (performance.now() > end) throw storeBusy(error);
		}
	}
}

/** A runner that can also run statements without a promise for each. Must be called inside a transaction; arrays are used up. */
interface DirectRunner {
	/** One statement for many rows. Gives the rows changed by each. */
	runMany(sql: string, rows: readonly unknown[][]): number[];
}

export const isDirect = (runner: object): runner is DirectRunner => 'runMany' in runner;

/** What the gate tells of the transactions that go through it, and may be refused by. */
export interface Watch {
	/** Before a transaction begins, and after it was committed. Throws when its writes do not count. */
	check(): void;
	/** Before a read. */
	checkAtTimes(): void;
	/** At the end of a transaction that wrote something, as a part of it; gives what is to be done once it is committed. */
	beforeCommit(run: (statement: string) => unknown[]): (() => void) | undefined;
	close(): void;
}

/** The only way to a SQLite database: one connection that writers own one after the other, and one for reads. */
class WriteGate {
	readonly writer: SqliteConnection;
	readonly reader: SqliteConnection;
	private tail: Promise<void> = Promise.resolve();

	constructor(
		readonly driver: BetterSqlite3Driver,
		readonly watch: Watch,
	) {
		this.writer = new SqliteConnection(driver.databaseConnection as NodeSqlite);
		this.reader = new SqliteConnection(new NodeSqlite(this.writer.database.name, { timeout: 10 }));
		this.writer.database.pragma('busy_timeout = 10');
		this.reader.database.pragma('query_only = ON');
	}

	/** Resolves when it is our turn, with the function that lets the next one in. */
	async turn(): Promise<() => void> {
		const before = this.tail;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.tail = promise;
		await before;
		return resolve;
	}

	/** Opens a transaction of whose turn it is. */
	begin(): void | Promise<void> {
		this.watch.check();
		return whenFree(() => {
			// Not deferred, which is all that TypeORM knows: that fails at once when a read turns into a write.
			this.writer.run('BEGIN IMMEDIATE', []);
			this.writer.wrote = false;
		});
	}

	/** Gives what is to be done once the transaction counts as over; it may throw. */
	commit(): (() => void) | Promise<() => void> {
		const { writer, watch } = this;
		const committed = writer.wrote ? watch.beforeCommit((statement) => writer.run(statement, []).records) : undefined;
		return whenFree(() => {
			writer.run('COMMIT', []);
			return () => {
				// What went into a file that is not there any more is nowhere.
				watch.check();
				committed?.();
			};
		});
	}

	/** A whole transaction whose body awaits nothing, without a runner: making one and going through it took a few hundredths of a move. */
	async atOnce<T>(body: (writer: SqliteConnection) => T): Promise<T> {
		const leave = await this.turn();
		try {
			await this.begin();
			let result: T;
			let committed: () => void;
			try {
				result = body(this.writer);
				committed = await this.commit();
			} catch (error) {
				this.rollback();
				throw asError(error);
			}
			committed();
			return result;
		} finally {
			leave();
		}
	}

	private rollback(): void {
		try {
			this.writer.run('ROLLBACK', []);
		} catch {
			// SQLite has done it by itself, as it does when the disk is full.
		}
	}

	/** @param disconnect the driver's own */
	async close(disconnect: () => Promise<void>): Promise<void> {
		await this.turn();
		this.watch.close();
		this.reader.database.close();
		await disconnect();
	}
}

type RunnerClass = new (driver: BetterSqlite3Driver) => BetterSqlite3QueryRunner;

/** TypeORM's own runner with the gate before it. @param Base TypeORM's, which its main file does not export */
const gatedRunnerOf = (Base: RunnerClass) =>
	class GatedRunner extends Base implements DirectRunner {
		private leave: Promise<() => void> | undefined;

		constructor(
			private readonly gate: WriteGate,
			private readonly readsOnly: boolean,
		) {
			super(gate.driver);
		}

		override async connect(): Promise<NodeSqlite> {
			return (await this.ownConnection()).database;
		}

		private async ownConnection(): Promise<SqliteConnection> {
			if (this.readsOnly) return this.gate.reader;
			if (this.isReleased) throw new Error('The query runner was released already');
			this.leave ??= this.gate.turn();
			await this.leave;
			return this.gate.writer;
		}

		// TypeORM's own version costs about as much as the statement: broadcasts, a log line, a copy of the parameters.
		override async query<T>(sql: string, parameters: unknown = [], structured = false): Promise<T> {
			const values = parameters as unknown[];
			const connection = await this.ownConnection();
			if (this.readsOnly) this.gate.watch.checkAtTimes();
			else if (this.transactionDepth === 0) this.gate.watch.check();
			const result = this.transactionDepth === 0 ? await whenFree(() => connection.run(sql, values)) : connection.run(sql, values);
			return (structured ? result : result.raw) as T;
		}

		runMany(sql: string, rows: readonly unknown[][]): number[] {
			if (!this.isTransactionActive) throw new Error('runMany needs a transaction');
			return this.gate.writer.runMany(sql, rows);
		}

		// The outermost transaction without TypeORM's broadcasts, which nobody listens to; savepoints as TypeORM does them.
		override async startTransaction(): Promise<void> {
			if (this.transactionDepth > 0) return await super.startTransaction();
			await this.ownConnection();
			await this.gate.begin();
			this.isTransactionActive = true;
			this.transactionDepth = 1;
		}

		override async commitTransaction(): Promise<void> {
			if (this.transactionDepth !== 1) return await super.commitTransaction();
			const committed = await this.gate.commit();
			this.isTransactionActive = false;
			this.transactionDepth = 0;
			committed();
		}

		override async release(): Promise<void> {
			if (this.isReleased) return;
			if (this.isTransactionActive) await this.rollbackTransaction().catch(() => undefined);
			await super.release();
			this.isReleased = true;
			(await this.leave)?.();
		}
	};

const gates = new WeakMap<DataSource, WriteGate>();

/** The gate before a DataSource; only one over SQLite has one. */
export const gateOf = (dataSource: DataSource): Pick<WriteGate, 'atOnce'> | undefined => gates.get(dataSource);

/** Puts the gate in front of an initialized DataSource over `NodeSqlite`. Call once, before anything is queried. */
export function makeSafe(dataSource: DataSource, watch: Watch): void {
	const driver = dataSource.driver as BetterSqlite3Driver;
	const Runner = gatedRunnerOf(driver.createQueryRunner('master').constructor as RunnerClass);
	const gate = new WriteGate(driver, watch);
	gates.set(dataSource, gate);
	delete driver.queryRunner;
	driver.createQueryRunner = (mode: ReplicationMode) => new Runner(gate, mode === 'slave');
	const disconnect = driver.disconnect.bind(driver);
	driver.disconnect = async () => await gate.close(disconnect);
}
