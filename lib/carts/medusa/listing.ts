/**
 * Which orders of a shop are imported, and how they are found. A payment does not move the time of an order's last change; so orders that wait
 * for theirs are remembered, and looked at on each run. What was imported is remembered too: its changes count whatever becomes of the payment,
 * as when it is edited and the difference is not paid yet.
 */
import type { JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import type { ImportFilter, RawOrderPage } from '../Cart';
import { changesSince } from '../changes';
import { toPage } from '../listing';
import { MAX_PER_PAGE, type MedusaApi } from './api';
import type { RawMedusaOrder } from './raw';
import { DEFAULT_STATUSES } from './settings';
import { toOrder } from './toOrder';

/** So many are looked at on each run; beyond it the oldest are left out. */
export const MAX_WAITING = 1_000;

/** So many are remembered as imported, the newest ones. */
export const MAX_IMPORTED = 2_000;

/** Keys of orders. */
interface Seen {
	waiting: Set<string>;
	imported: Set<string>;
}

export async function* listOrders(api: MedusaApi, cursor: Cursor | null, filter: ImportFilter): AsyncGenerator<RawOrderPage> {
	const pageSize = Math.max(1, Math.min(MAX_PER_PAGE, filter.pageSize));
	const statuses = filter.statuses.length > 0 ? filter.statuses : DEFAULT_STATUSES;
	const position = typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor) ? cursor : {};
	const seen: Seen = { waiting: idsIn(position.waiting), imported: idsIn(position.imported) };
	const taken = (orders: readonly RawMedusaOrder[]): RawMedusaOrder[] => orders.filter((order) => isTaken(order, statuses, seen));
	const waiting = [...seen.waiting];
	for (let start = 0; start < waiting.length; start += pageSize) {
		const ids = waiting.slice(start, start + pageSize);
		const orders = await api.byIds(ids);
		const there = new Set(orders.map(({ id }) => id));
		// One that was deleted is not asked for again.
		for (const id of ids) if (!there.has(id)) seen.waiting.delete(id);
		const ready = taken(orders);
		if (ready.length > 0) yield pageOf(ready, position, seen);
	}
	const changes = changesSince({
		cursor,
		first: async () => filter.earliestOrderDate ?? (await api.now()),
		fetch: async (since, page) => await api.changedSince(since, page, pageSize),
		pageSize,
	});
	for await (const { orders, next } of changes) yield pageOf(taken(orders.map(({ raw }) => raw as RawMedusaOrder)), next, seen);
}

/** People are done with these, or have not begun. */
const OVER = new Set(['archived', 'completed', 'draft']);

/** Nothing that concerns the warehouse comes after these. */
const FULFILLED = new Set(['fulfilled', 'shipped', 'delivered']);

/** Whether the order is to be imported, or taken back, as it is now; keeps what is to be looked at again. */
function isTaken(order: RawMedusaOrder, statuses: readonly string[], { waiting, imported }: Seen): boolean {
	waiting.delete(order.id);
	if (order.status === 'canceled' || order.payment_status === 'refunded') {
		imported.delete(order.id);
		return true;
	}
	if (OVER.has(order.status)) return false;
	if (isReady(order, statuses)) imported.add(order.id);
	else if (!imported.has(order.id)) waiting.add(order.id);
	const isOurs = imported.has(order.id);
	if (FULFILLED.has(order.fulfillment_status)) imported.delete(order.id);
	return isOurs;
}

/** How far a payment is. One that is further than what is asked for will do: it may be so when we see it first. */
const PROGRESS: readonly string[] = ['not_paid', 'awaiting', 'requires_action', 'partially_authorized', 'authorized', 'partially_captured', 'captured', 'partially_refunded'];

function isReady({ payment_status: status, total }: RawMedusaOrder, statuses: readonly string[]): boolean {
	const enough = Math.min(...statuses.map((one) => PROGRESS.indexOf(one)).filter((place) => place >= 0));
	// Nothing to pay is paid.
	return PROGRESS.indexOf(status) >= enough || (status === 'not_paid' && total === 0);
}

const pageOf = (orders: readonly RawMedusaOrder[], position: { [key: string]: JsonValue }, { waiting, imported }: Seen): RawOrderPage => ({
	...toPage({ orders: orders.map((raw) => ({ id: raw.id, changedAt: '', raw })), next: { since: '', from: '' } }, toOrder),
	next: { ...position, waiting: [...waiting].slice(-MAX_WAITING), imported: [...imported].slice(-MAX_IMPORTED) },
});

const idsIn = (ids: JsonValue | undefined): Set<string> => new Set(Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : []);
