/** Orders that the cart split after the store had got to know them as one: what is known keeps its key, and nothing of it is sent again. */
import { waiting } from '../../order/cartWord';
import type { ImportedOrder } from '../../order/order';
import { sql, type OrderRow, type Transaction } from '../database';

/** When it came, and when it, or what stands for it, first went out; null = it did not. */
type Row = Pick<OrderRow, 'external_id' | 'imported_at'> & { sent_at: string | null };

const reasonOf = (key: string): string => `split off from order ${key} in the cart, which had gone out with its goods`;

/** The orders as the store knows them. */
export async function asKnown(transaction: Transaction, store: string, orders: readonly ImportedOrder[]): Promise<ImportedOrder[]> {
	const split = orders.filter(({ asBefore, splitFrom }) => asBefore !== undefined || splitFrom !== undefined);
	if (split.length === 0) return [...orders];
	const known = await rowsOf(
		transaction,
		store,
		split.flatMap(({ externalId, asBefore, splitFrom }) => [
			externalId,
			...(asBefore === undefined ? [] : [asBefore.externalId]),
			...(splitFrom === undefined ? [] : [splitFrom]),
		]),
	);
	return orders.map((order) => {
		const { externalId, asBefore, splitFrom, word } = order;
		const own = known.get(externalId);
		if (asBefore !== undefined && own === undefined && known.has(asBefore.externalId)) return asBefore;
		if (splitFrom === undefined || word.readiness !== 'ready') return order;
		const sentAt = known.get(splitFrom)?.sent_at ?? null;
		// One that was known before the other went out is a matter of its own.
		const waits = sentAt !== null && (own === undefined || own.imported_at >= sentAt);
		return waits ? { ...order, word: waiting(reasonOf(splitFrom)) } : order;
	});
}

async function rowsOf({ query, dialect, tables }: Transaction, store: string, keys: readonly string[]): Promise<Map<string, Row>> {
	const rows = await query<Row>(
		sql`SELECT o.external_id, o.imported_at,
			(SELECT min(s.requested_at) FROM ${tables.sending} s WHERE s.order_id IN (
				SELECT p.id FROM ${tables.order} p WHERE p.id = o.id OR p.id = o.bundled_into
				UNION ALL SELECT p.id FROM ${tables.order} p WHERE p.parent_id IS NOT NULL AND p.parent_id IN (o.id, o.bundled_into))) AS sent_at
			FROM ${tables.order} o WHERE o.store = $1 AND o.external_id ${dialect.anyOf(2)} AND o.parent_id IS NULL AND o.bundle_size = 0`,
		[store, dialect.list([...new Set(keys)])],
	);
	return new Map(rows.map((row) => [row.external_id, row]));
}
