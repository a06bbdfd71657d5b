/** What happened to orders since a consumer last asked; each event once per consumer. */
import type { Order } from '../order/order';
import type { OrderStatus } from '../order/status';
import type { TimelineEntry, TimelineKind } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';

export interface EventsRequest {
	store: OrderStore;
	/** Names the reader; its position is kept in the store, so that it survives restarts and re-imports of the workflow. */
	consumer: string;
	kinds: TimelineKind[];
	/** For `status_changed`: only these new statuses; empty = all. */
	toStatuses: OrderStatus[];
	stores: string[];
	limit: number;
	/** Look at the newest orders' events without moving the position. */
	peek: boolean;
}

export interface OrderEvent {
	event: TimelineKind;
	at: string;
	orderId: string;
	data: TimelineEntry['data'];
	/** As it is now; null when it was deleted since. */
	order: Order | null;
}

/**
 * Reads the next events. The position moves before they are handed on: a crash right then loses the message about an event,
 * never the event, which stays in the order's timeline. A new consumer starts at the present.
 */
export async function readEvents(request: EventsRequest): Promise<OrderEvent[]> {
	const { store, kinds, limit } = request;
	if (request.peek) return await peek(request);
	const source = `events:${request.consumer}`;
	const position = (await store.cursor(source)) as string | null;
	const scope = request.stores.length > 0 ? { stores: request.stores } : {};
	const { entries, next } = await store.events({ after: position, kinds, ...scope, limit });
	if (next === position) return [];
	// Another process of the same trigger took them: they are in good hands.
	if (!(await store.moveCursor(source, position, next))) return [];
	return await withOrders(store, entries.filter((entry) => wanted(entry, request.toStatuses)));
}

const wanted = (entry: TimelineEntry, toStatuses: OrderStatus[]): boolean =>
	entry.kind !== 'status_changed' || toStatuses.length === 0 || toStatuses.includes(entry.data.to);

async function peek({ store, kinds, toStatuses }: EventsRequest): Promise<OrderEvent[]> {
	const { items } = await store.search({ limit: 3, sort: { by: 'updatedAt', direction: 'desc' } });
	const entries: TimelineEntry[] = [];
	for (const { id } of items) {
		entries.push(...(await store.timeline(id)).filter((entry) => kinds.includes(entry.kind) && wanted(entry, toStatuses)).slice(-1));
	}
	return await withOrders(store, entries);
}

async function withOrders(store: OrderStore, entries: TimelineEntry[]): Promise<OrderEvent[]> {
	const orders = new Map((await store.getMany([...new Set(entries.map(({ orderId }) => orderId))])).map((order) => [order.id, order]));
	return entries.map(({ kind, at, orderId, data }) => ({ event: kind, at, orderId, data, order: orders.get(orderId) ?? null }));
}
