/** Writes and reads the timeline, which only grows. */
import type { Actor, NewTimelineEntry, TimelineEntry, TimelineKind } from '../../order/timeline';
import { type Database, jsonOf, sql, stored, type TimelineRow, type Transaction } from '../database';

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

export type EntryRow = TimelineRow & { seq: number };

export const entryOf = (row: EntryRow): TimelineEntry =>
	({
		id: String(row.seq),
		orderId: row.order_id,
		at: row.at,
		position: String(row.seq),
		kind: row.kind,
		actor: { kind: row.actor_kind, name: row.actor_name },
		data: jsonOf(row.data),
	}) as TimelineEntry;

/** SELECT list of what an entry is read from; `t` = timeline. */
export const ENTRY_ROW = sql`t.seq, t.order_id, t.at, t.kind, t.actor_kind, t.actor_name, t.data`;

export const timelineOf =
	(database: Database) =>
	async (orderId: string): Promise<TimelineEntry[]> =>
		await database.read(async ({ query, tables }) => {
			const rows = await query<EntryRow>(sql`SELECT ${ENTRY_ROW} FROM ${tables.timeline} t WHERE t.order_id = $1 ORDER BY t.seq`, [
				orderId,
			]);
			return rows.map(entryOf);
		});
