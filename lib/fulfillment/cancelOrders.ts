/**
 * Cancels orders: at the warehouse where it has them, else here alone. What the warehouse says decides; when its answer does not come, the
 * order stays as it is and is asked about again, for a second cancellation does no harm.
 */
import type { Alert } from '../order/alerts';
import { outstanding } from '../order/derive';
import { asError, FulfillmentError, StaleOrderError } from '../order/errors';
import { isAtWms, permission } from '../order/operations';
import type { Order } from '../order/order';
import { mayBeAtWms, partStateOf } from '../order/parts';
import { entry, type Actor } from '../order/timeline';
import type { OrderFields, OrderStore } from '../store/OrderStore';
import type { Wms, WmsSession } from '../wms/Wms';
import { refusedInBundle } from './bundles';

export interface CancelRequest {
	store: OrderStore;
	/** Null = no warehouse can be asked here; an order that one has is refused. */
	warehouse: { wms: Pick<Wms<never>, 'code' | 'label' | 'capabilities'>; session: Pick<WmsSession<never>, 'cancelOrder'> } | null;
	orderIds: string[];
	reason: string | null;
	worker: string;
	actor: Actor;
	/** Must be longer than the slowest answer of the WMS. */
	leaseMs: number;
}

export interface CancelResult {
	orderId: string;
	/** Null when the store does not know the order. */
	order: Order | null;
	output: 'canceled' | 'delayed' | 'error';
	message: string | null;
}

/** Results come in the order of `orderIds`. One order's failure never stops the others. */
export async function cancelOrders(request: CancelRequest): Promise<CancelResult[]> {
	const results: CancelResult[] = [];
	for (const orderId of request.orderIds) {
		const order = await request.store.get(orderId);
		if (order === null) results.push({ orderId, order, output: 'error', message: `The order store does not know order ${orderId}.` });
		else results.push({ orderId, ...(await cancelOne(request, order)) });
	}
	return results;
}

type One = Omit<CancelResult, 'orderId'>;

async function cancelOne(request: CancelRequest, order: Order): Promise<One> {
	if (order.status === 'canceled') return { order, output: 'canceled', message: null };
	const inBundle = await refusedInBundle(request.store, order, 'cancel');
	if (inBundle !== null) return { order, output: 'error', message: `${inBundle.why} ${inBundle.remedy}` };
	const parts = order.parentId === null ? await request.store.parts([order.id]) : [];
	if (parts.length > 0) return await cancelParts(request, order, parts);
	const allowed = permission('cancel', order, { force: false });
	if (!allowed.allowed) return { order, output: 'error', message: `${allowed.why} ${allowed.remedy}` };
	// It may be on its way to the warehouse at this moment; what comes of it is known soon.
	if (order.status === 'queued') return { order, output: 'delayed', message: 'The order is being sent; cancel it again once the warehouse has answered.' };
	try {
		// One whose sending failed without an answer may be there all the same: only the warehouse knows.
		if (isAtWms(order) || (order.wms !== null && mayBeAtWms(partStateOf(order)))) return await cancelAtWms(request, order);
		await move(request, order, request.reason ?? 'Canceled before it was sent.');
		return { order: await request.store.get(order.id), output: 'canceled', message: null };
	} catch (error) {
		if (!(error instanceof StaleOrderError)) throw asError(error);
		return { order: await request.store.get(order.id), output: 'delayed', message: 'The order changed meanwhile; try again.' };
	}
}

/** Part by part; the order is Canceled with the last of them. After a crash a repeat goes on where this ended. */
async function cancelParts(request: CancelRequest, order: Order, parts: readonly Order[]): Promise<One> {
	const allowed = permission('cancel', order, { force: false });
	if (!allowed.allowed) return { order, output: 'error', message: `${allowed.why} ${allowed.remedy}` };
	const answers: One[] = [];
	for (const part of parts) {
		if (part.status !== 'closed' && part.status !== 'archived') answers.push(await cancelOne(request, part));
	}
	const now = await request.store.get(order.id);
	const failed = answers.filter(({ output }) => output !== 'canceled');
	if (failed.length === 0 && now?.status === 'canceled') return { order: now, output: 'canceled', message: null };
	const message = failed.map((answer) => `${answer.order?.reference ?? 'part'}: ${answer.message ?? 'not canceled'}`).join(' ') || 'Parts of the order were shipped or put away before.';
	return { order: now, output: failed.some(({ output }) => output === 'error') || failed.length === 0 ? 'error' : 'delayed', message };
}

async function cancelAtWms(request: CancelRequest, order: Order): Promise<One> {
	const { store, warehouse, worker, actor, leaseMs } = request;
	if (warehouse === null || order.wms !== warehouse.wms.code) {
		const message = `The warehouse (${order.wms ?? 'unknown'}) has the order. Cancel it with WMS Send, set to that warehouse system.`;
		return { order, output: 'error', message };
	}
	const { wms, session } = warehouse;
	if (!wms.capabilities.cancel || session.cancelOrder === undefined) {
		return { order, output: 'error', message: `${wms.label} cannot be asked to cancel. Cancel the order there by hand; its report cancels it here.` };
	}
	// One worker asks; whoever else wants to finds the order changed.
	const [claim] = await store.claim({ ids: [order.id], statuses: [order.status], limit: 1, leaseMs, worker, actor });
	if (claim === undefined) return { order, output: 'delayed', message: 'Another run works on the order; try again.' };
	const answer = await asked(async () => await session.cancelOrder!({ reference: order.reference, wmsOrderId: order.wmsOrderId }));
	if ('problem' in answer) return { order: await store.get(order.id), output: 'delayed', message: answer.problem };
	if (answer.said === 'too_late') {
		const alert: Alert = { code: 'cancel_too_late', message: `${wms.label} said that it is too late to cancel the order.` };
		await store.amend({ orderId: order.id, epoch: claim.epoch, actor, set: { alert }, entries: [entry('note', actor, { text: alert.message })] });
		return { order: await store.get(order.id), output: 'error', message: alert.message };
	}
	const why = answer.said === 'canceled' ? `${wms.label} canceled the order.` : `${wms.label} does not have the order (any more).`;
	// A shipment that was reported meanwhile counts more than the answer: then nothing is written, and the warehouse is asked again.
	await move(request, claim.order, request.reason === null ? why : `${request.reason} ${why}`);
	return { order: await store.get(order.id), output: 'canceled', message: null };
}

/** Nothing of it will be shipped any more; what was shipped stays shipped. */
async function move({ store, actor }: CancelRequest, order: Order, reason: string): Promise<void> {
	const progress: OrderFields['progress'] = Object.fromEntries(
		order.lines.map((line) => [line.id, { shipped: line.quantityShipped, canceled: line.quantityCanceled + outstanding(line) }]),
	);
	await store.transition({
		orderId: order.id,
		from: order.status,
		to: 'canceled',
		version: order.version,
		actor,
		reason,
		set: { alert: null, statusReason: reason, heldUntil: null, retryAt: null, progress },
	});
}

async function asked(call: () => Promise<'canceled' | 'too_late' | 'not_found'>): Promise<{ said: 'canceled' | 'too_late' | 'not_found' } | { problem: string }> {
	try {
		return { said: await call() };
	} catch (error) {
		if (error instanceof FulfillmentError && error.code === 'network_in_transaction') throw asError(error);
		return { problem: `It is not known whether the warehouse canceled: ${error instanceof Error ? error.message : String(error)}` };
	}
}
