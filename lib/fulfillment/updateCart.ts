/** Tells the cart: that the warehouse has the order, and what was shipped; each once. */
import type { CartOutcome, CartSession } from '../carts/Cart';
import { pendingUploads } from '../order/derive';
import { asError, FulfillmentError, StaleOrderError } from '../order/errors';
import { isAtWms } from '../order/operations';
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
	const { store } = request;
	const ids = [...new Set(request.orderIds)];
	const problems: Problems = new Map();
	for (let start = 0; start < ids.length; start += CLAIM_SIZE) {
		const orderIds = ids.slice(start, start + CLAIM_SIZE);
		// An order may have many parcels, so the batch is taken until nothing is left of it.
		let more = true;
		while (more) more = await uploadBatch({ ...request, orderIds }, problems);
	}
	const after = new Map((await store.getMany(ids)).map((order) => [order.id, order]));
	return request.orderIds.map((orderId) => {
		const order = after.get(orderId) ?? null;
		if (order === null) return unknownOrder(orderId);
		const pending = pendingUploads(order.shipments).filter(({ uploadHeldBack }) => !uploadHeldBack);
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

type Problems = Map<string, { output: 'delayed' | 'error'; message: string }>;

/** False = nothing is left to claim, or this run has no time left for it. */
async function uploadBatch(request: Parameters<typeof uploadTracking>[0], problems: Problems): Promise<boolean> {
	const { store, session, orderIds, leaseMs, worker } = request;
	// By our own clock, counted from before the claim: what starts later might still run when another worker takes it over.
	const startBefore = Date.now() + leaseMs / 2;
	const claims = await store.claimUploads({ orderIds, limit: CLAIM_SIZE, leaseMs, worker, onlyDue: true });
	for (const claim of claims) {
		// The others are due again when their claims run out.
		if (Date.now() >= startBefore) return false;
		const outcome = await attempt(async () => await session.uploadTracking(claim.order, claim.shipment, request));
		const problem = await recordUpload(request, claim, outcome);
		if (problem !== null) problems.set(claim.order.id, problem);
	}
	return claims.length > 0;
}

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
	const { store, session } = request;
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
		// One that the warehouse refused or canceled may be on its way anew; it has been opened before.
		if (order.openedAt === null || !(isAtWms(order) || order.status === 'closed')) {
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
		await noteTold(request, order, outcome.message);
		const told = await store.get(orderId);
		orders.set(orderId, told ?? order);
		results.push({ ...result, order: told ?? order, output: 'done', message: outcome.message });
	}
	return results;
}

/** The cart was told, whatever happened to the order meanwhile, so that is noted on the order as it is now. */
async function noteTold({ store, actor }: CartUpdateRequest, order: Order, message: string | null): Promise<void> {
	let now: Order | null = order;
	for (let tried = 1; now !== null && now.acknowledgedAt === null; tried += 1) {
		try {
			return await store.amend({
				orderId: order.id,
				version: now.version,
				actor,
				set: { acknowledgedAt: 'now' },
				entries: [entry('cart_acknowledged', actor, { message })],
			});
		} catch (error) {
			if (!(error instanceof StaleOrderError)) throw asError(error);
			// It stays due, and the cart is told again: adapters look at what the cart has first.
			if (tried >= TRIES) return;
			now = await store.get(order.id);
		}
	}
}

/** The order may be written by others at the same time; noting that the cart was told is tried this often. */
const TRIES = 3;

async function attempt(call: () => Promise<CartOutcome>): Promise<CartOutcome> {
	try {
		return await call();
	} catch (error) {
		if (error instanceof FulfillmentError && !error.retryable) return { kind: 'rejected', problem: `${error.message} ${error.remedy}` };
		return { kind: 'unavailable', problem: error instanceof Error ? error.message : String(error) };
	}
}
