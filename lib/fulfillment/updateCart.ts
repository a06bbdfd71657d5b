/** Tells the cart: that the warehouse has the order, and what was shipped; each once. */
import type { CartOutcome, CartSession } from '../carts/Cart';
import { asError, FulfillmentError, StaleOrderError } from '../order/errors';
import type { Order, Shipment } from '../order/order';
import { statusLabel } from '../order/status';
import { entry, type Actor } from '../order/timeline';
import type { OrderStore, UploadClaim } from '../store/OrderStore';
import { nextTryInMs, type RetryPolicy } from './retryPolicy';

export interface CartUpdateRequest {
	store: OrderStore;
	session: CartSession;
	worker: string;
	actor: Actor;
	leaseMs: number;
	retry: RetryPolicy;
}

export interface CartUpdateResult {
	orderId: string;
	order: Order | null;
	/** The shipments that were uploaded now, or had been before. */
	shipments: Shipment[];
	output: 'done' | 'delayed' | 'error';
	message: string | null;
}

/**
 * Uploads the tracking of every shipment of these orders that the cart was not told about. Each shipment is claimed by one
 * worker, and the adapter looks at what the cart has before it writes, so that a repeat after a crash uploads nothing twice.
 */
export async function uploadTracking(
	request: CartUpdateRequest & { orderIds: string[]; notifyCustomer: boolean },
): Promise<CartUpdateResult[]> {
	const { store, session, worker, leaseMs } = request;
	const ids = [...new Set(request.orderIds)];
	const problems = new Map<string, { output: 'delayed' | 'error'; message: string }>();
	for (let start = 0; start < ids.length; start += CLAIM_SIZE) {
		const orderIds = ids.slice(start, start + CLAIM_SIZE);
		// An order may have many parcels, so the batch is taken until nothing is left of it.
		for (;;) {
			const claims = await store.claimUploads({ orderIds, limit: CLAIM_SIZE, leaseMs, worker, onlyDue: true });
			if (claims.length === 0) break;
			for (const claim of claims) {
				const outcome = await attempt(async () => await session.uploadTracking(claim.order, claim.shipment, request));
				const problem = await recordUpload(request, claim, outcome);
				if (problem !== null) problems.set(claim.order.id, problem);
			}
		}
	}
	const after = new Map((await store.getMany(ids)).map((order) => [order.id, order]));
	return request.orderIds.map((orderId) => {
		const order = after.get(orderId) ?? null;
		if (order === null) return unknownOrder(orderId);
		const pending = order.shipments.filter(({ uploadedAt, uploadHeldBack }) => uploadedAt === null && !uploadHeldBack);
		const problem = problems.get(orderId) ?? (pending.length > 0 ? waiting(pending) : null);
		return {
			orderId,
			order,
			shipments: order.shipments.filter(({ uploadedAt }) => uploadedAt !== null),
			output: problem?.output ?? 'done',
			message: problem?.message ?? null,
		};
	});
}

const CLAIM_SIZE = 50;

const waiting = (pending: readonly Shipment[]): { output: 'delayed' | 'error'; message: string } => {
	const problem = pending.find(({ uploadProblem }) => uploadProblem !== null)?.uploadProblem;
	return { output: 'delayed', message: problem ?? 'Another run is uploading the tracking.' };
};

const unknownOrder = (orderId: string): CartUpdateResult => ({
	orderId,
	order: null,
	shipments: [],
	output: 'error',
	message: `The order store does not know order ${orderId}.`,
});

async function recordUpload(
	{ store, actor, retry }: CartUpdateRequest,
	{ shipment, epoch, order }: UploadClaim,
	outcome: CartOutcome,
): Promise<{ output: 'delayed' | 'error'; message: string } | null> {
	const base = { shipmentId: shipment.id, epoch, actor };
	try {
		if (outcome.kind === 'done' || outcome.kind === 'already_done') {
			await store.recordUpload({ ...base, result: { kind: 'uploaded', message: outcome.message } });
			return null;
		}
		const waitMs =
			outcome.kind === 'unavailable' ? nextTryInMs(retry, shipment.uploadAttempts + 1, outcome.retryAfterMs) : null;
		const name = `Shipment ${shipment.trackingNumber ?? shipment.externalId} of order ${order.orderNumber}`;
		const alert = waitMs === null ? ({ code: 'rejected_by_cart', message: `${name}: ${outcome.problem}` } as const) : null;
		await store.recordUpload({ ...base, result: { kind: 'failed', problem: outcome.problem, retryInMs: waitMs, alert } });
		return { output: waitMs === null ? 'error' : 'delayed', message: outcome.problem };
	} catch (error) {
		// Our lease ran out and another worker took the shipment over: its word counts.
		if (!(error instanceof StaleOrderError)) throw asError(error);
		return { output: 'delayed', message: 'Another run took the upload over.' };
	}
}

/** Tells the cart that the warehouse has these orders. A cart that takes no such word is noted as told. */
export async function acknowledge(request: CartUpdateRequest & { orderIds: string[] }): Promise<CartUpdateResult[]> {
	const { store, session, actor } = request;
	const results: CartUpdateResult[] = [];
	const orders = new Map((await store.getMany([...new Set(request.orderIds)])).map((order) => [order.id, order]));
	for (const orderId of request.orderIds) {
		const order = orders.get(orderId);
		if (!order) {
			results.push(unknownOrder(orderId));
			continue;
		}
		const result = { orderId, order, shipments: [] };
		if (order.acknowledgedAt !== null) {
			results.push({ ...result, output: 'done', message: null });
			continue;
		}
		if (order.openedAt === null) {
			const message = `The order is ${statusLabel(order.status)}; the cart is told once the warehouse has it.`;
			results.push({ ...result, output: 'error', message });
			continue;
		}
		const outcome: CartOutcome = session.acknowledge
			? await attempt(async () => await session.acknowledge!(order))
			: { kind: 'already_done', message: 'This cart takes no acknowledgement.' };
		if (outcome.kind === 'rejected' || outcome.kind === 'unavailable') {
			// Nothing is written: the order stays due, and the next run tries again.
			results.push({ ...result, output: outcome.kind === 'rejected' ? 'error' : 'delayed', message: outcome.problem });
			continue;
		}
		try {
			await store.amend({
				orderId,
				version: order.version,
				actor,
				set: { acknowledgedAt: 'now', dueAt: null },
				entries: [entry('cart_acknowledged', actor, { message: outcome.message })],
			});
		} catch (error) {
			if (!(error instanceof StaleOrderError)) throw asError(error);
		}
		const told = await store.get(orderId);
		orders.set(orderId, told ?? order);
		results.push({ ...result, order: told ?? order, output: 'done', message: outcome.message });
	}
	return results;
}

async function attempt(call: () => Promise<CartOutcome>): Promise<CartOutcome> {
	try {
		return await call();
	} catch (error) {
		if (error instanceof FulfillmentError && !error.retryable) return { kind: 'rejected', problem: `${error.message} ${error.remedy}` };
		return { kind: 'unavailable', problem: error instanceof Error ? error.message : String(error) };
	}
}
