/** Orders of lines that were added to others, as they are. */
import { isOfAddedLines } from '../../order/reference';
import { type ContentRow, type Having, type OrderRow, sql, type Transaction } from '../database';

export type AddedRow = Having<
	Pick<OrderRow, 'id' | 'parent_id' | 'reference' | 'status' | 'sending' | 'readiness' | 'cart_reason' | 'ready_at' | 'cancel_due_at' | 'canceled_in_cart_at' | 'version'>,
	'parent_id'
> &
	Pick<ContentRow, 'snapshot' | 'edits' | 'result' | 'progress' | 'payload'>;

/** Oldest first, by the order that the lines were added to. Whoever changes them has locked them. */
export async function ordersOfAdded({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, AddedRow[]>> {
	const found = new Map<string, AddedRow[]>();
	if (ids.length === 0) return found;
	const rows = await query<AddedRow>(
		sql`SELECT o.id, o.parent_id, o.reference, o.status, o.sending, o.readiness, o.cart_reason, o.ready_at, o.cancel_due_at, o.canceled_in_cart_at, o.version,
			c.snapshot, c.edits, c.result, c.progress, c.payload FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id
			WHERE o.parent_id IS NOT NULL AND o.parent_id ${dialect.anyOf(1)} ORDER BY o.id`,
		[dialect.list(ids)],
	);
	for (const row of rows.filter(({ parent_id: parentId, reference }) => isOfAddedLines({ parentId, reference }))) found.set(row.parent_id, [...(found.get(row.parent_id) ?? []), row]);
	return found;
}
