/** What the cart changed of orders since what stands for them went out: parts, or the bundle that they are in. With those no earlier snapshot of the order is kept. */
import { isLive } from '../../order/sendingState';
import type { FieldChange } from '../../order/timeline';
import { type OrderRow, parse, sameJson, sql, type TimelineRow, type Transaction } from '../database';

/** Whether parts or a bundle went out for it. */
export const isRepresented = ({ sending, status, parts_made: parts }: Pick<OrderRow, 'sending' | 'status' | 'parts_made'>): boolean =>
	!isLive(sending) && (status === 'bundled' || parts > 0);

/** By order, the oldest first. Of one that did not go out nothing. */
export async function changesSinceSent(
	{ query, dialect, tables }: Transaction,
	ids: readonly string[],
): Promise<Map<string, FieldChange[]>> {
	if (ids.length === 0) return new Map();
	const rows = await query<Pick<TimelineRow, 'order_id' | 'data'>>(
		sql`SELECT t.order_id, t.data FROM ${tables.timeline} t JOIN ${tables.order} o ON o.id = t.order_id
			WHERE t.order_id ${dialect.anyOf(1)} AND t.kind = 'snapshot_changed' AND t.at >= (
				SELECT min(s.requested_at) FROM ${tables.sending} s WHERE s.order_id IN (
					SELECT p.id FROM ${tables.order} p WHERE p.id = o.bundled_into
					UNION ALL SELECT p.id FROM ${tables.order} p WHERE p.parent_id IS NOT NULL AND p.parent_id IN (o.id, o.bundled_into)))
			ORDER BY t.seq`,
		[dialect.list(ids)],
	);
	const found = new Map<string, FieldChange[]>();
	for (const { order_id: id, data } of rows) found.set(id, [...(found.get(id) ?? []), ...parse<{ changes: FieldChange[] }>(data).changes]);
	return found;
}

/** From what each field was first to what it is last; what the cart took back is no change. */
export function together(changes: readonly FieldChange[]): FieldChange[] {
	const byPath = new Map<string, FieldChange>();
	for (const change of changes) byPath.set(change.path, { ...change, before: (byPath.get(change.path) ?? change).before });
	return [...byPath.values()].filter(({ before, after }) => !sameJson(before, after));
}
