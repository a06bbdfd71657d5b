/** Orders of lines that were added to others, as they are. */
import { asSold, type OrderOfAdded, type Quantities } from '../../order/addedLines';
import { ourSide } from '../../order/cartWord';
import type { OrderContent } from '../../order/order';
import { isOfAddedLines } from '../../order/reference';
import { isLive } from '../../order/sendingState';
import { hasTrait } from '../../order/status';
import { type ContentRow, type Having, type OrderRow, parse, sql, type Transaction } from '../database';
import { sentSnapshots } from './sendings';

export type AddedRow = Having<
	Pick<
		OrderRow,
		| 'id'
		| 'parent_id'
		| 'reference'
		| 'status'
		| 'sending'
		| 'readiness'
		| 'cart_reason'
		| 'ready_at'
		| 'cancel_due_at'
		| 'canceled_in_cart_at'
		| 'version'
	>,
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
	for (const row of rows.filter(({ parent_id: parentId, reference }) => isOfAddedLines({ parentId, reference })))
		found.set(row.parent_id, [...(found.get(row.parent_id) ?? []), row]);
	return found;
}

/** What those that went out went out with, as the cart sold it, by id. Keeps it with their sendings. */
export async function sentAdded(transaction: Transaction, rows: readonly AddedRow[]): Promise<Map<string, OrderContent>> {
	return await sentSnapshots(
		transaction,
		rows.filter(({ sending }) => isLive(sending)).map((row) => ({ id: row.id, snapshot: parse<OrderContent>(row.snapshot) })),
	);
}

/** Whether what the cart says otherwise still counts for it. */
export const hears = ({ status, sending, readiness, canceled_in_cart_at: canceledAt }: AddedRow): boolean =>
	isLive(sending)
		? hasTrait(status, 'under_way')
		: hasTrait(status, 'starts_anew') ||
			ourSide({ status, sending, readiness, canceledByCart: canceledAt !== null }) === 'canceled_by_cart';

/** @param sent see `sentAdded` */
export const asShared = (row: AddedRow, sent: ReadonlyMap<string, OrderContent>): OrderOfAdded => ({
	id: row.id,
	standing: isLive(row.sending) ? 'sent' : hears(row) ? 'to_be_sent' : 'over',
	lines: asSold(sent.get(row.id) ?? parse<OrderContent>(row.snapshot)),
});

/** What an order stands for itself. Nothing, while the cart never changed it since it was closed. */
export const settledOf = ({ settled_lines: settled }: Pick<ContentRow, 'settled_lines'>): Quantities =>
	settled === null ? {} : parse<Quantities>(settled);
