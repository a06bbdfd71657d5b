/** Writes and reads the timeline, which only grows. */
import type { Actor, NewTimelineEntry, TimelineEntry, TimelineKind } from '../../order/timeline';
import type { OrderStore } from '../OrderStore';
import { jsonOf, stored } from './rows';
import type { Database, Session, Transaction } from './session';
import type { TimelineRow } from './tables';

export type EntryOf = NewTimelineEntry & { orderId: string };

/** Appends entries; those of one order stay in the order given. */
export async function append(transaction: Transaction, entries: readonly EntryOf[], at: string): Promise<void> {
	await transaction.insertMany(
		'timeline',
		entries.map(({ orderId, kind, actor, data }): TimelineRow => timelineRow(orderId, at, kind, actor, stored(data))),
		[],
	);
}

export const timelineRow = (orderId: string, at: string, kind: TimelineKind, actor: Actor, data: string): TimelineRow => ({
	order_id: orderId,
	at,
	kind,
	actor_kind: actor.kind,
	actor_name: actor.name,
	data,
});

type ReadRow = TimelineRow & { seq: number; xact: string };

const entryOf = (row: ReadRow, position: string): TimelineEntry =>
	({
		id: String(row.seq),
		orderId: row.order_id,
		at: row.at,
		position,
		kind: row.kind,
		actor: { kind: row.actor_kind, name: row.actor_name },
		data: jsonOf(row.data),
	}) as TimelineEntry;

/** `xact` = 0 on SQLite, whose transactions commit one after the other. */
const columns = (session: Session): string =>
	`t.seq, t.order_id, t.at, t.kind, t.actor_kind, t.actor_name, t.data, ${session.dialect.kind === 'postgres' ? 't.xact::text' : `'0'`} AS xact`;

const positionOf = ({ xact, seq }: Pick<ReadRow, 'xact' | 'seq'>): string => `${xact}.${seq}`;

export const timelineOf = (database: Database) => async (orderId: string): Promise<TimelineEntry[]> =>
	await database.read(async (session) => {
		const rows = await session.query<ReadRow>(
			`SELECT ${columns(session)} FROM ${session.tables.timeline} t WHERE t.order_id = $1 ORDER BY t.seq`,
			[orderId],
		);
		return rows.map((row) => entryOf(row, positionOf(row)));
	});

/**
 * Sequence numbers of Postgres are given before the commit, so a lower one may become visible after a higher one. Entries are
 * therefore read in the order of their transactions, and only those older than every transaction that is still open: what
 * comes later always sorts behind what was given out.
 */
export const eventsOf = (database: Database): OrderStore['events'] => async ({ after, kinds, stores, limit }) =>
	await database.read(async (session) => {
		const { dialect, tables } = session;
		const horizon = await horizonOf(session);
		if (after === null) return { entries: [], next: horizon };
		const from = parsePosition(after);
		const parameters: unknown[] = [from.seq];
		const add = (value: unknown): number => parameters.push(value);
		const conditions: string[] = [];
		if (dialect.kind === 'postgres') {
			conditions.push(`(t.xact, t.seq) > ($${add(from.xact)}::text::xid8, $1::bigint)`);
			conditions.push(`t.xact < $${add(parsePosition(horizon).xact)}::text::xid8`);
		} else {
			conditions.push('t.seq > $1', `t.seq <= $${add(parsePosition(horizon).seq)}`);
		}
		if (kinds) conditions.push(`t.kind ${dialect.anyOf(add(dialect.list(kinds)))}`);
		const join = stores
			? `JOIN ${tables.order} o ON o.id = t.order_id AND o.store ${dialect.anyOf(add(dialect.list(stores)))}`
			: '';
		const rows = await session.query<ReadRow>(
			`SELECT ${columns(session)} FROM ${tables.timeline} t ${join} WHERE ${conditions.join(' AND ')} ` +
				`ORDER BY ${dialect.kind === 'postgres' ? 't.xact, ' : ''}t.seq LIMIT $${add(limit)}`,
			parameters,
		);
		const entries = rows.map((row) => entryOf(row, positionOf(row)));
		// Everything up to the horizon was looked at, wanted or not, so the next search starts there.
		return { entries, next: rows.length < limit ? later(horizon, after) : positionOf(rows.at(-1)!) };
	});

async function horizonOf(session: Session): Promise<string> {
	if (session.dialect.kind === 'postgres') {
		const [row] = await session.query<{ xmin: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin');
		return `${row!.xmin}.0`;
	}
	const [row] = await session.query<{ seq: number }>(`SELECT coalesce(max(seq), 0) AS seq FROM ${session.tables.timeline}`);
	return `0.${row!.seq}`;
}

function parsePosition(position: string): { xact: string; seq: string } {
	const [, xact, seq] = /^(\d{1,20})\.(\d{1,19})$/.exec(position) ?? [];
	// A position that we cannot read is one of another kind of database: everything is told again rather than something missed.
	return { xact: xact ?? '0', seq: seq ?? '0' };
}

function later(left: string, right: string): string {
	const [a, b] = [parsePosition(left), parsePosition(right)];
	const order = BigInt(a.xact) - BigInt(b.xact) || BigInt(a.seq) - BigInt(b.seq);
	return order >= 0n ? left : right;
}
