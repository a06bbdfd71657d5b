/** What every operation of people on an order has in common. Each is checked against the contract's table. */
import { FulfillmentError } from '../order/errors';
import { OPERATION_LABELS, permission, type Operation } from '../order/operations';
import type { Order } from '../order/order';
import { verdictOn } from '../order/sending';
import { isLive } from '../order/sendingState';
import type { OrderStatus } from '../order/status';
import { entry, type Actor } from '../order/timeline';
import type { OrderFields, OrderStore, Transition } from '../store/OrderStore';
import { isOfAddedLines, nextReference } from '../order/reference';
import { refusedInBundle } from './bundles';
import { onOrderNow } from './staleOrders';

export interface OperationRequest {
	orderStore: OrderStore;
	orderId: string;
	actor: Actor;
	/** Lifts the refusals that the contract lets a person lift. */
	force?: boolean;
}

export const decide = async <T>({ orderStore, orderId }: OperationRequest, body: (order: Order) => Promise<T>): Promise<T> =>
	await onOrderNow(orderStore, orderId, body, 'Check the ID; the order may have been deleted.');

export function permit(operation: Operation, order: Order, force = false): OrderStatus {
	const result = permission(operation, order, { force });
	if (result.allowed) return result.to;
	throw new FulfillmentError(
		'operation_refused',
		`Order ${order.orderNumber} cannot be changed by "${OPERATION_LABELS[operation]}": ${result.why}`,
		result.remedy,
	);
}

export async function readBack({ orderStore, orderId }: OperationRequest): Promise<Order> {
	return (await orderStore.get(orderId))!;
}

/** Moves an order, or writes the fields in place when it has that status already. */
export async function moveOrAmend(
	{ orderStore, actor }: OperationRequest,
	order: Order,
	to: OrderStatus,
	reason: string,
	set: OrderFields,
	{ unsplit: parts, sending }: Pick<Transition, 'unsplit' | 'sending'> = {},
) {
	const common = { orderId: order.id, version: order.version, actor, set, ...(sending === undefined ? {} : { sending }) };
	if (order.status === to) await orderStore.amend({ ...common, entries: [entry('note', actor, { text: reason })] });
	else await orderStore.transition({ ...common, ...(parts === undefined ? {} : { unsplit: parts }), from: order.status, to, reason });
}

/**
 * A reference that the WMS saw and let go of (rejected, canceled, or gone by a person's word) would be refused there, or taken
 * for a repeat, and the order would never be shipped. One that may be there keeps it: with another one it could be shipped twice.
 */
export const freshReference = (order: Order, state = order.sending): Pick<OrderFields, 'reference' | 'wmsOrderId' | 'wms'> =>
	verdictOn('reprocess', state) === 'anew' || (order.sentAt !== null && !isLive(state))
		? { reference: nextReference(order.reference), wmsOrderId: null, wms: null }
		: {};

/** Due at once: a person waits for it, and no import hands it on. */
export const ANEW: OrderFields = {
	result: null,
	servedHolds: [],
	begunHolds: [],
	attempts: 0,
	alerts: { clear: 'all' },
	heldUntil: null,
	retryAt: null,
	statusReason: null,
	dueAt: 'now',
};

export const partsOf = async (orderStore: OrderStore, { id, parentId }: Order): Promise<Order[]> =>
	parentId === null ? await orderStore.parts([id]) : [];

export async function refuseWithParts(orderStore: OrderStore, order: Order, remedy: string): Promise<void> {
	// What was added later goes besides.
	const parts = (await partsOf(orderStore, order)).filter((part) => !isOfAddedLines(part));
	if (parts.length === 0) return;
	const references = parts.map(({ reference }) => reference).join(', ');
	throw new FulfillmentError('operation_refused', `Order ${order.orderNumber} is split into ${references}.`, remedy);
}

export async function refuseInBundle(orderStore: OrderStore, order: Order, operation: Operation): Promise<void> {
	const refused = await refusedInBundle(orderStore, order, operation);
	if (refused === null) return;
	throw new FulfillmentError(
		'operation_refused',
		`Order ${order.orderNumber} cannot be changed by "${OPERATION_LABELS[operation]}": ${refused.why}`,
		refused.remedy,
	);
}

export type BulkResult = { orderId: string; ok: true; order: Order } | { orderId: string; ok: false; error: Error };

/** Runs an operation on many orders; one bad order never stops the others. */
export async function onEach(orderIds: readonly string[], operation: (orderId: string) => Promise<Order>): Promise<BulkResult[]> {
	const results: BulkResult[] = [];
	for (const orderId of orderIds) {
		try {
			results.push({ orderId, ok: true, order: await operation(orderId) });
		} catch (error) {
			results.push({ orderId, ok: false, error: error instanceof Error ? error : new Error(String(error)) });
		}
	}
	return results;
}
