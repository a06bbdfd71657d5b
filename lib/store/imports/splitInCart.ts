/** Orders that the cart split after the store had got to know them as one: what is known keeps its key, and nothing of it is sent again. */
import { waiting } from '../../order/cartWord';
import type { ImportedOrder } from '../../order/order';
import { sql, type OrderRow, type Transaction } from '../database';

type Row = Pick<OrderRow, 'external_id' | 'sending' | 'readiness' | 'cart_reason'>;

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
		const whole = known.get(splitFrom);
		const reason = reasonOf(splitFrom);
		// One that was known before the other went out is a matter of its own.
		const waits =
			whole !== undefined && whole.sending !== 'none' && (own === undefined || (own.readiness === 'waiting' && own.cart_reason === reason));
		return waits ? { ...order, word: waiting(reason) } : order;
	});
}

async function rowsOf({ query, dialect, tables }: Transaction, store: string, keys: readonly string[]): Promise<Map<string, Row>> {
	const rows = await query<Row>(
		sql`SELECT external_id, sending, readiness, cart_reason FROM ${tables.order} WHERE store = $1 AND external_id ${dialect.anyOf(2)} AND parent_id IS NULL AND bundle_size = 0`,
		[store, dialect.list([...new Set(keys)])],
	);
	return new Map(rows.map((row) => [row.external_id, row]));
}
