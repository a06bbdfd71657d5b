/** Orders that are closed while the cart says something else than what was sent: what it added is offered from now on. */
import { atLeast, isOffer, offerInWords, type Quantities, share } from '../../order/addedLines';
import type { Alert } from '../../order/alerts';
import { isObject } from '../../order/json';
import { currentContent, differences } from '../../order/layers';
import type { JsonValue, OrderContent } from '../../order/order';
import { inWords, shippedBy } from '../../order/sending';
import { isLive } from '../../order/sendingState';
import { shippedAsSold } from '../../order/shippedLines';
import type { Actor, FieldChange } from '../../order/timeline';
import { type ContentRow, type OrderRow, parse, sql, type Transaction } from '../database';
import { layersOf, type Progress, storedAlerts } from '../orders';
import { changesSinceSent, together } from './changesSinceSent';
import type { Move } from './move';
import type { Plan } from './plan';
import { sentSnapshots } from './sendings';

const SYSTEM: Actor = { kind: 'system', name: 'Added Lines' };

/** Whether an order is closed of which the cart changed something after it was sent. What stands for others is no order of the cart. */
export const closesChanged = ({ row, columns }: Plan): boolean =>
	columns.status === 'closed' &&
	row.parent_id === null &&
	row.bundle_size === 0 &&
	storedAlerts({ alerts: columns.alerts ?? row.alerts }).some(({ code }) => code === 'changed_in_cart');

type Closed = Pick<OrderRow, 'id' | 'version' | 'sending'> &
	Pick<ContentRow, 'settled_lines' | 'snapshot' | 'edits' | 'result' | 'progress'>;

/** The rows are locked, and written. */
export async function closedMoves(transaction: Transaction, ids: readonly string[]): Promise<Move[]> {
	if (ids.length === 0) return [];
	const { query, dialect, tables } = transaction;
	const rows = await query<Closed>(
		sql`SELECT o.id, o.version, o.sending, c.settled_lines, c.snapshot, c.edits, c.result, c.progress FROM ${tables.order} o
			JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.id ${dialect.anyOf(1)} AND c.settled_lines IS NULL ORDER BY o.id`,
		[dialect.list(ids)],
	);
	const own = rows.filter(({ sending }) => isLive(sending)).map(({ id, snapshot }) => ({ id, snapshot: parse<OrderContent>(snapshot) }));
	const sent = await sentSnapshots(transaction, own);
	const since = await changesSinceSent(
		transaction,
		rows.filter(({ id }) => !sent.has(id)).map(({ id }) => id),
	);
	return rows.flatMap((row) => {
		const now = parse<OrderContent>(row.snapshot);
		const before = sent.get(row.id);
		return offerOf(row, now, shippedBy(before === undefined ? together(since.get(row.id) ?? []) : differences(before, now))) ?? [];
	});
}

/** Null = nothing was added that a warehouse would ship. */
function offerOf(row: Closed, now: OrderContent, changes: readonly FieldChange[]): Move | null {
	const quantities = new Map(now.lines.map(({ id, quantity }) => [id, quantityBefore(id, changes) ?? quantity]));
	const settledLines = atLeast(Object.fromEntries(quantities), leftOf(row));
	const { offered } = share(now.lines, settledLines, []);
	if (!isOffer(offered)) return null;
	const offeredPaths = new Set(offered.flatMap(({ id }) => [pathOf(id), `${pathOf(id)}.quantity`]));
	const rest = changes.filter(({ path }) => !offeredPaths.has(path));
	const added: Alert = { code: 'lines_added', message: `Added in the cart after the order was sent: ${offerInWords(offered)}.` };
	const differs = (): Alert => ({
		code: 'changed_in_cart',
		message: `Changed in the cart after it was sent to the warehouse: ${inWords(rest, now.lines)}.`,
	});
	return {
		orderId: row.id,
		version: row.version,
		actor: SYSTEM,
		reason: null,
		set: { settledLines, alerts: rest.length > 0 ? { raise: [added, differs()] } : { raise: [added], clear: ['changed_in_cart'] } },
	};
}

/** What left of an order, as the cart sold it. */
export function leftOf(row: Pick<ContentRow, 'snapshot' | 'edits' | 'result' | 'progress'>): Quantities {
	const shipped = Object.entries(parse<Progress>(row.progress)).map(([id, done]): [string, number] => [id, done.shipped]);
	return shippedAsSold(currentContent(layersOf(row)).lines, Object.fromEntries(shipped));
}

const pathOf = (lineId: string): FieldChange['path'] => `lines.${lineId}`;

/** Null = its quantity is what it was. */
function quantityBefore(lineId: string, changes: readonly FieldChange[]): number | null {
	const whole = changes.find(({ path }) => path === pathOf(lineId));
	if (whole !== undefined) return isObject(whole.before) ? asNumber(whole.before.quantity) : 0;
	const quantity = changes.find(({ path }) => path === `${pathOf(lineId)}.quantity`);
	return quantity === undefined ? null : asNumber(quantity.before);
}

const asNumber = (value: JsonValue | undefined): number => (typeof value === 'number' ? value : 0);
