/** What happened to orders since a consumer last asked; each event once per consumer. */
import { withRecommendation, type AlertView } from '../order/alerts';
import type { Order } from '../order/order';
import type { OrderStatus } from '../order/status';
import type { TimelineEntry, TimelineKind } from '../order/timeline';
import type { ImportFailure, OrderStore } from '../store/OrderStore';

export interface EventsRequest {
	orderStore: OrderStore;
	/** Names the reader; its position is kept in the order store, so that it survives restarts and re-imports of the workflow. */
	consumer: string;
	kinds: TimelineKind[];
	/** For `status_changed`: only these new statuses; empty = all. */
	toStatuses: OrderStatus[];
	stores: string[];
	limit: number;
	/** Look at the newest orders' events without moving the position. */
	peek: boolean;
}

interface OrderEvent {
	event: TimelineKind;
	at: string;
	/** null of an import failure, which no order came of. */
	orderId: string | null;
	/** Of an alert with its recommended steps: that of the order is of its most urgent alert, which may be another one. */
	data: TimelineEntry['data'] | AlertView | FailureView;
	/** As it is now; null when it was deleted since. */
	order: Order | null;
}

/** What people see of an import failure; its payload stays in the order store. */
interface FailureView extends Pick<ImportFailure, 'id' | 'store' | 'subject' | 'origin' | 'message'> {
	recommendation: string;
}

/**
 * Reads the next events. The position moves before they are handed on: a crash right then loses the message about an event,
 * never the event, which stays in the order's timeline. A new consumer starts at the present.
 */
export async function readEvents(request: EventsRequest): Promise<OrderEvent[]> {
	const { orderStore, kinds, limit } = request;
	if (request.peek) return await peek(request);
	const source = `events:${request.consumer}`;
	const position = (await orderStore.cursor(source)) as string | null;
	const scope = request.stores.length > 0 ? { stores: request.stores } : {};
	const { entries, next } = await orderStore.events({ after: position, kinds, ...scope, limit });
	if (next === position) return [];
	// Another process of the same trigger took them: they are in good hands.
	if (!(await orderStore.moveCursor(source, position, next))) return [];
	return await withOrders(
		orderStore,
		entries.filter((entry) => wanted(entry, request.toStatuses)),
	);
}

const wanted = (entry: TimelineEntry, toStatuses: OrderStatus[]): boolean =>
	entry.kind !== 'status_changed' || toStatuses.length === 0 || toStatuses.includes(entry.data.to);

async function peek({ orderStore, kinds, toStatuses, stores }: EventsRequest): Promise<OrderEvent[]> {
	const { items } = await orderStore.search({ limit: 3, sort: { by: 'updatedAt', direction: 'desc' } });
	const entries: TimelineEntry[] = [];
	for (const { id } of items) {
		entries.push(...(await orderStore.timeline(id)).filter((entry) => kinds.includes(entry.kind) && wanted(entry, toStatuses)).slice(-1));
	}
	const failures = kinds.includes('import_failed')
		? (await orderStore.importFailures({ ...(stores.length > 0 ? { stores } : {}), openOnly: true, limit: 3 })).items
		: [];
	return [...(await withOrders(orderStore, entries)), ...failures.map((failure) => failed(failure, failure.lastSeenAt))];
}

async function withOrders(orderStore: OrderStore, entries: TimelineEntry[]): Promise<OrderEvent[]> {
	const idsOf = (ofFailures: boolean): string[] => [
		...new Set(entries.filter(({ kind }) => (kind === 'import_failed') === ofFailures).map(({ orderId }) => orderId)),
	];
	const orders = new Map((await orderStore.getMany(idsOf(false))).map((order) => [order.id, order]));
	const ids = idsOf(true);
	const failures = new Map(
		(ids.length === 0 ? [] : (await orderStore.importFailures({ ids, limit: ids.length })).items).map((failure) => [failure.id, failure]),
	);
	return entries.flatMap((entry): OrderEvent[] => {
		const { kind, at, orderId } = entry;
		if (kind === 'import_failed') {
			const failure = failures.get(orderId);
			return failure === undefined ? [] : [failed(failure, at)];
		}
		return [
			{
				event: kind,
				at,
				orderId,
				data: kind === 'alert_raised' ? withRecommendation(entry.data) : entry.data,
				order: orders.get(orderId) ?? null,
			},
		];
	});
}

const failed = ({ id, store, subject, origin, message, remedy }: ImportFailure, at: string): OrderEvent => ({
	event: 'import_failed',
	at,
	orderId: null,
	data: { id, store, subject, origin, message, recommendation: remedy },
	order: null,
});
