/**
 * What TypeORM leaves open on Postgres. A transaction whose process was stopped in the middle (a paused container, a laptop that sleeps, a host that is gone) would
 * keep its rows locked, and events back, for as long as that lasts: the server ends it. And who waits for one of our few connections is told that, not that the
 * database cannot be reached.
 */
import type { EventEmitter } from 'node:events';
import type { DataSource, ReplicationMode } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { asError, FulfillmentError } from '../../order/errors';
import { ConnectionSlots } from './connectionSlots';

/**
 * How long the server lets a transaction of ours be idle. Shorter than the shortest lease (30 s): whoever takes over the work of a process that was stopped does not
 * wait for its locks. Nothing of a transaction that was ended this way stays, so it is run again when the process goes on.
 */
const IDLE_LIMIT_SECONDS = 20;

/** Within the transaction and in the same message: as a setting of the session, a pooler in between would hand it on to other programs, or refuse it. */
const BEGIN = `START TRANSACTION; SET LOCAL idle_in_transaction_session_timeout = '${IDLE_LIMIT_SECONDS}s'`;

/** How long a caller waits for a connection while all are in use, in milliseconds. */
const WAIT_MS = 30_000;

const allInUse = (size: number): FulfillmentError =>
	new FulfillmentError(
		'store_busy',
		`All ${size} connections of this n8n process to the order store have been in use for ${WAIT_MS / 1000} seconds.`,
		'Run the workflow again, and let fewer of them run at the same time. If it keeps happening, add workers in queue mode: each has its own connections.',
		{ retryable: true },
	);

/** What is used here of pg's client. */
type Client = Pick<EventEmitter, 'removeListener'> & { on(event: 'error', listener: (error: unknown) => void): Client };

type RunnerClass = new (driver: PostgresDriver, mode: ReplicationMode) => PostgresQueryRunner;

/** Call once, after the DataSource was initialized. @param size how many connections its pool has */
export function makeBounded(dataSource: DataSource, size: number): void {
	const driver = dataSource.driver as PostgresDriver;
	const Base = driver.createQueryRunner('master').constructor as RunnerClass;
	const places = new ConnectionSlots(size, WAIT_MS, () => allInUse(size));
	let connected = 0;

	class BoundedRunner extends Base {
		private place: Promise<() => void> | undefined;
		private client: Client | undefined;
		/** What ended the connection while nobody was asking anything of it. */
		private connectionLost: unknown;
		private readonly onLost = (error: unknown): void => void (this.connectionLost ??= error);

		// It hands on the driver's own client, as TypeORM does.
		override async connect(): ReturnType<PostgresQueryRunner['connect']> {
			if (this.client !== undefined) return this.client;
			const leave = await (this.place ??= places.take());
			try {
				const client = (await super.connect()) as Client;
				if (this.client === undefined) {
					this.client = client.on('error', this.onLost);
					connected += 1;
				}
				return client;
			} catch (error) {
				leave();
				// The server does not answer: the others need not wait for their turn to learn it.
				if (connected === 0) places.refuse(error);
				throw asError(error);
			}
		}

		override async query<T>(sql: string, parameters?: unknown[], structured = false): Promise<T> {
			if (this.isReleased && this.connectionLost !== undefined) throw asError(this.connectionLost);
			return (await super.query(sql === 'START TRANSACTION' ? BEGIN : sql, parameters, structured as true)) as T;
		}

		override async release(): Promise<void> {
			await super.release();
			if (this.client !== undefined) {
				this.client.removeListener('error', this.onLost);
				this.client = undefined;
				connected -= 1;
			}
			// Whoever was refused a place has none to give back.
			await this.place?.then(
				(leave) => leave(),
				() => undefined,
			);
		}
	}

	driver.createQueryRunner = (mode: ReplicationMode) => new BoundedRunner(driver, mode);
}
