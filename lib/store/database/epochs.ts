/**
 * How an older copy of an embedded store is noticed. The store has a number, its epoch, that grows while something is written. The same number stands in a file beside
 * it, under a hidden name that no copy of `orders.sqlite*` takes along: if that one is higher than the store's, the store is a copy from before.
 */
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_TABLE_PREFIX } from './config';

/** The epoch grows once in this time at the most, in milliseconds. */
const EPOCH_MS = 1_000;

/** As SQLite takes it: it runs inside every transaction that is the first one of its second. */
const NEXT = `UPDATE ${DEFAULT_TABLE_PREFIX}meta SET value = CAST(CAST(value AS integer) + 1 AS text) WHERE key = 'epoch' RETURNING value`;

interface Epoch {
	/** `store_id`. */
	store: string;
	epoch: number;
}

/** @example besideOf('/home/node/.n8n/orders/orders.sqlite') // "/home/node/.n8n/orders/.epoch-1f0c6a2b.json" */
export function besideOf(file: string): string {
	const real = realpathSync(file);
	const name = createHash('sha256').update(path.basename(real)).digest('hex').slice(0, 8);
	return path.join(path.dirname(real), `.epoch-${name}.json`);
}

/** Null = there is none, or nobody can read it: then it says nothing. */
export function readEpoch(beside: string): Epoch | null {
	try {
		const { store, epoch } = JSON.parse(readFileSync(beside, 'utf8')) as Partial<Epoch>;
		return typeof store === 'string' && Number.isSafeInteger(epoch) ? { store, epoch: epoch! } : null;
	} catch {
		return null;
	}
}

/** Whole or not at all. What is committed is committed: a disk on which it cannot be written only means that a copy is not noticed. */
export function writeEpoch(beside: string, { store, epoch }: Epoch): void {
	const fresh = `${beside}.${process.pid}.tmp`;
	try {
		writeFileSync(fresh, JSON.stringify({ store, epoch }), { mode: 0o600 });
		renameSync(fresh, beside);
	} catch {
		// Tried again a second later, when something is written.
	}
}

/** Lets the epoch of an open store grow, and keeps the file beside it up with it. */
export class Epochs {
	private growsAt = 0;
	private timer: NodeJS.Timeout | undefined;

	/**
	 * @param known what the store and the file beside it say now
	 * @param grow a transaction that writes something, when there is none by itself
	 * @param overwritten throws: the store has an older epoch than it had, so it was overwritten in its place
	 */
	constructor(
		private readonly beside: string,
		private known: Epoch,
		private readonly grow: () => Promise<void>,
		private readonly overwritten: () => never,
	) {}

	/** For the end of a transaction that wrote; gives what is to be done after its commit. */
	beforeCommit(run: (statement: string) => unknown[]): () => void {
		if (performance.now() < this.growsAt) return this.remember;
		const [row] = run(NEXT) as Array<{ value: string }>;
		const epoch = Number(row?.value ?? 0);
		if (epoch <= this.known.epoch) this.overwritten();
		return () => {
			this.known = { ...this.known, epoch };
			this.growsAt = performance.now() + EPOCH_MS;
			this.close();
			writeEpoch(this.beside, this.known);
		};
	}

	/** What is written in the rest of a second, when the epoch has grown already, must not be unnoticed in a copy from between. */
	private readonly remember = (): void => {
		this.timer ??= setTimeout(
			() => {
				this.timer = undefined;
				void this.grow().catch(() => undefined);
			},
			Math.max(0, this.growsAt - performance.now()) + 1,
		).unref();
	};

	/** Before the store is closed: what was written since it grew must not be unnoticed either. A disk that refuses it hinders nothing. */
	async settle(): Promise<void> {
		if (this.timer === undefined) return;
		this.close();
		this.growsAt = 0;
		await this.grow().catch(() => undefined);
	}

	close(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
	}
}
