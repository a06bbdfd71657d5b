/** Orders of lines that the cart added to an order which is done: made in one transaction with what they end. */
import { contentOfAdded, isOffer, share } from '../../order/addedLines';
import { cartSays, type CartWord } from '../../order/cartWord';
import { FulfillmentError, StaleOrderError } from '../../order/errors';
import { withEdits, type OrderEdits } from '../../order/layers';
import type { OrderContent } from '../../order/order';
import { addedReference } from '../../order/reference';
import { ENTRIES, hasTrait } from '../../order/status';
import { entry } from '../../order/timeline';
import type { OrderStore } from '../OrderStore';
import { after, type ContentRow, type Database, DAY_MS, newId, type OrderRow, parse, sql, stored, type Transaction } from '../database';
import {
	append,
	contentColumns,
	type FullRow,
	fullRows,
	insertUnderFreeKeys,
	REFERENCE_TRIES,
	snapshotHash,
	storedAlerts,
	UNTOUCHED,
} from '../orders';
import { applyAll } from './moves';
import { asShared, ordersOfAdded, sentAdded, settledOf } from './ordersOfAdded';
import { wordColumns, wordIn } from './instead';

export const sendAddedLines =
	(database: Database): OrderStore['sendAddedLines'] =>
	async ({ orderId, version, actor }) =>
		await database.write(async (transaction) => {
			// Of two that want the same, the second one finds the order changed.
			const [order] = await fullRows(transaction, [orderId], true);
			if (order === undefined || order.version !== version) throw new StaleOrderError(orderId, `version ${version}`);
			const { payload, settled_lines: settled } = await transaction.one<Pick<ContentRow, 'settled_lines' | 'payload'>>(
				sql`SELECT settled_lines, payload FROM ${transaction.tables.order_content} WHERE order_id = $1`,
				[orderId],
			);
			const snapshot = parse<OrderContent>(order.snapshot);
			if (settled === null && isOffered(order)) {
				throw new FulfillmentError(
					'operation_refused',
					`It is not known which lines were added to order ${order.reference}: its alert is of an older version.`,
					'Let the shop make an order of these lines, then use Resolve Alert.',
				);
			}
			const others = (await ordersOfAdded(transaction, [orderId])).get(orderId) ?? [];
			const sent = await sentAdded(transaction, others);
			const { offered: added } = share(
				snapshot.lines,
				settledOf({ settled_lines: settled }),
				others.map((row) => asShared(row, sent)),
			);
			if (!hasTrait(order.status, 'over') || !isOffered(order) || !isOffer(added)) {
				throw new FulfillmentError(
					'operation_refused',
					`No lines are offered to be sent of order ${order.reference}.`,
					'Lines that the cart adds after an order is closed raise the alert lines_added; then they can be sent.',
				);
			}
			const now = await transaction.now();
			const { row, content, edits } = await insertOrder(transaction, order, contentOfAdded(snapshot, added), now);
			await transaction.insertMany(
				'order_content',
				[
					{
						order_id: row.id,
						snapshot: stored(content),
						edits: stored(edits),
						result: null,
						served_holds: '[]',
						begun_holds: '[]',
						progress: '{}',
						payload,
						settled_lines: null,
					},
				],
				[],
			);
			await append(transaction, [{ ...entry('added_to', actor, { orderId, reference: order.reference }), orderId: row.id }], now);
			await transaction.execute(sql`UPDATE ${transaction.tables.order} SET parts_made = parts_made + 1 WHERE id = $1`, [orderId]);
			const lines = added.map(({ id, quantity }) => ({ lineId: id, quantity }));
			await applyAll(transaction, [
				{
					orderId,
					version,
					actor,
					reason: null,
					set: { alerts: { clear: ['lines_added'] } },
					entries: [entry('added_lines_sent', actor, { orderId: row.id, reference: row.reference, lines })],
				},
			]);
			return row.id;
		});

const isOffered = (order: FullRow): boolean => storedAlerts(order).some(({ code }) => code === 'lines_added');

interface Inserted {
	row: OrderRow;
	content: OrderContent;
	edits: OrderEdits;
}

/** Counted with the parts of the order, whose row is locked. */
async function insertOrder(transaction: Transaction, order: FullRow, content: OrderContent, now: string): Promise<Inserted> {
	const edits = editsOf(order);
	for (let tries = 1; tries <= REFERENCE_TRIES; tries += 1) {
		// From the second try on: another order has the reference that it would have got, or had it.
		const reference = addedReference(order.reference_base, order.parts_made + 1, tries === 1 ? null : tries === 2 ? order.id : newId());
		const row = rowOf(order, content, edits, reference, now);
		if ((await insertUnderFreeKeys(transaction, [row])).size === 1) return { row, content, edits };
	}
	throw new Error(`An order of the lines added to ${order.id} could not be made: its references are taken`);
}

/** Due at once: a person waits for it, and no import hands it on. Unless the cart does not want the order shipped now. */
function rowOf(order: FullRow, content: OrderContent, edits: OrderEdits, reference: string, now: string): OrderRow {
	const word: CartWord = wordIn(order);
	return {
		...UNTOUCHED,
		id: newId(),
		store: order.store,
		cart: order.cart,
		external_id: order.external_id,
		reference,
		reference_base: reference,
		...contentColumns(withEdits(content, edits), { imported_at: now, external_id: order.external_id, reference }),
		...(word.readiness === 'waiting'
			? { status: ENTRIES.waiting, status_reason: cartSays(word), held_until: word.until, due_at: null }
			: { status: ENTRIES.added, due_at: now }),
		...wordColumns(word),
		parent_id: order.id,
		imported_at: now,
		updated_at: now,
		abandon_at: after(now, order.abandon_days * DAY_MS),
		abandon_days: order.abandon_days,
		snapshot_hash: snapshotHash(stored(content)),
	};
}

const QUANTITY = /^lines\..*\.quantity$/;

/** What people corrected of the order (an address, a SKU) is right for these lines too; how many are sent is another matter. The warehouse that the cart asks for is for the rules to read. */
function editsOf({ edits, snapshot }: FullRow): OrderEdits {
	const { warehouse } = parse<OrderContent>(snapshot);
	const kept = Object.entries(parse<OrderEdits>(edits)).filter(([path]) => !QUANTITY.test(path));
	return { ...(warehouse === null ? {} : { warehouse }), ...Object.fromEntries(kept) };
}
