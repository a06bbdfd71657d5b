/**
 * Timeline entries for readers that come again, each once. A position is the number of an entry, ours alone: it means the same on every server that the store is moved to.
 *
 * Postgres gives numbers before the commit, so a lower one may become visible after a higher one. Whoever inserts holds a lock on the table until its transaction ends,
 * and everybody may see who does: a missing number is decided once every transaction that held the lock after the highest number was read is over. Transactions
 * elsewhere on the server play no part.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderStore } from '../OrderStore';
import { all, type Database, type Session, sql, type Sql } from '../database';
import { entryOf, ENTRY_ROW, type EntryRow } from './timeline';

/** How long one call waits for transactions that are just writing, and how often it looks, in milliseconds. A transaction of ours takes a few. */
const PATIENCE_MS = 2_000;
const STEP_MS = 10;

/** @param patienceMs for tests */
export const eventsOf = (database: Database, patienceMs = PATIENCE_MS): OrderStore['events'] => {
	const settledBelow = database.dialect.kind === 'postgres' ? gaps(database, patienceMs) : newest(database);
	return async ({ after, kinds, stores, limit }) => {
		const from = after === null ? null : parsePosition(after);
		const upTo = Math.max(await settledBelow(from), from ?? 0);
		if (from === null || upTo === from) return { entries: [], next: String(upTo) };
		return await database.read(async ({ query, dialect, tables }) => {
			const parameters: unknown[] = [from, upTo];
			const add = (value: unknown): number => parameters.push(value);
			const conditions = [sql`t.seq > $1`, sql`t.seq <= $2`];
			if (kinds) conditions.push(sql`t.kind ${dialect.anyOf(add(dialect.list(kinds)))}`);
			if (stores) conditions.push(ofStores(tables, dialect.anyOf(add(dialect.list(stores)))));
			const rows = await query<EntryRow>(
				sql`SELECT ${ENTRY_ROW} FROM ${tables.timeline} t WHERE ${all(conditions)} ORDER BY t.seq LIMIT $${add(limit)}`,
				parameters,
			);
			// Everything up to there was looked at, wanted or not, so the next search starts behind it.
			return { entries: rows.map(entryOf), next: String(rows.length < limit ? upTo : (rows.at(-1)?.seq ?? upTo)) };
		});
	};
};

/** A report of a warehouse that serves several stores is nobody's in particular: all are told that it could not be recorded. */
const ofStores = ({ order, import_failure: failure }: Session['tables'], areTheirs: Sql): Sql =>
	sql`(EXISTS (SELECT 1 FROM ${order} o WHERE o.id = t.order_id AND o.store ${areTheirs})
		OR t.kind = 'import_failed' AND EXISTS (SELECT 1 FROM ${failure} f WHERE f.id = t.order_id AND (f.store = '' OR f.store ${areTheirs})))`;

/** A position that we cannot read is one of another kind of store: everything is told again rather than something missed. */
const parsePosition = (position: string): number => (/^\d{1,15}$/.test(position) ? Number(position) : 0);

type Settled = (from: number | null) => Promise<number>;

/** On SQLite transactions commit one after the other: what is there is all that there will be below it. */
const newest =
	(database: Database): Settled =>
	async () =>
		await database.read(
			async ({ one, tables }) => (await one<{ top: number }>(sql`SELECT coalesce(max(seq), 0) AS top FROM ${tables.timeline}`)).top,
		);

/** The highest number up to which every entry is there that there will ever be. */
function gaps(database: Database, patienceMs: number): Settled {
	/** What was found out before stays true. */
	let known = 0;
	return async (from) => {
		const { top, writers } = await database.read(async (session) => await look(session, from ?? NONE));
		// Below the newest of before: its order was deleted, or the database was put back to an older state.
		known = Math.min(known, top);
		if (from !== null && top <= from) return from;
		if (writers.length === 0) return (known = top);
		const prefix = await database.read(async (session) => await withoutGap(session, Math.max(from ?? 0, known), top));
		if (prefix === top) return top;
		return (await over(database, writers, patienceMs)) ? (known = top) : prefix;
	};
}

/** Below every number. */
const NONE = -1;

/**
 * The highest number that is visible, and, if it is above another one, who was writing after it was visible. In one statement, whose view of the rows is older than
 * anything that it does.
 */
async function look({ one, tables }: Session, above: number): Promise<{ top: number; writers: string[] }> {
	return await one<{ top: number; writers: string[] }>(
		sql`SELECT t.top, CASE WHEN t.top > $2::bigint THEN ARRAY(
			SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = $1::text::regclass AND mode = 'RowExclusiveLock' AND granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
			) ELSE '{}' END AS writers FROM (SELECT coalesce(max(seq), 0) AS top FROM ${tables.timeline}) t`,
		[tables.timeline.text, above],
	);
}

/** The highest number up to which none is missing. */
async function withoutGap({ one, tables }: Session, above: number, top: number): Promise<number> {
	const { prefix } = await one<{ prefix: number }>(
		sql`SELECT coalesce(max(seq), $1::bigint) AS prefix FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM ${tables.timeline} WHERE seq > $1::bigint AND seq <= $2::bigint) numbered
			WHERE seq = $1::bigint + place`,
		[above, top],
	);
	return prefix;
}

/** Whether all of these transactions ended in time. */
async function over(database: Database, writers: readonly string[], patienceMs: number): Promise<boolean> {
	const end = performance.now() + patienceMs;
	let open = writers;
	for (;;) {
		const still = new Set((await database.read(async (session) => await look(session, NONE))).writers);
		open = open.filter((writer) => still.has(writer));
		if (open.length === 0) return true;
		if (performance.now() >= end) return false;
		await sleep(STEP_MS);
	}
}
