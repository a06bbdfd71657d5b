/** Tells the cart what was shipped, that an order is canceled, and what people write. */
import type { CartOutcome, CartSession } from '../carts/Cart';
import { pendingUploads } from '../order/derive';
import { asError, FulfillmentError, StaleOrderError } from '../order/errors';
import type { Order, Shipment } from '../order/order';
import { statusLabel, type OrderStatus } from '../order/status';
import { entry, type Actor, type NewTimelineEntry } from '../order/timeline';
import type { ShipmentOutcome } from '../rules/shipment';
import type { OrderStore, UploadClaim } from '../store/OrderStore';
import { compactTrace } from './applyRules';
import { cartOrdersOf } from './cartOrders';
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

/** Rules that every shipment goes through before the cart is told, on each try anew. */
export interface ShipmentRulesRequest {
	/** By order, since a rule may hold values that n8n resolved for one item. Pure. */
	evaluate(order: Order, shipment: Shipment, context: { now: Date; notifyCustomer: boolean }): ShipmentOutcome;
	/** Name and version of the rule set, for the timeline; null = rules of the node. */
	ruleSet(order: Order): string | null;
}

/**
 * Uploads the tracking of every shipment of these orders that the cart was not told about. Each shipment is claimed by one
 * worker, and the adapter looks at what the cart has before it writes, so that a repeat after a crash uploads nothing twice.
 */
export async function uploadTracking(
	request: CartUpdateRequest & { orderIds: string[]; notifyCustomer: boolean; shipmentRules?: ShipmentRulesRequest },
): Promise<CartUpdateResult[]> {
	const { store } = request;
	const given = await store.getMany([...new Set(request.orderIds)]);
	// A bundle stands for the orders in it; they have what is theirs of each parcel.
	const bundled = await cartOrdersOf(store, given.filter(({ bundleSize }) => bundleSize > 0));
	const idsOf = (orderId: string): string[] => bundled.get(orderId)?.map(({ id }) => id) ?? [orderId];
	const ids = [...new Set(request.orderIds.flatMap(idsOf))];
	const problems: Problems = new Map();
	for (let start = 0; start < ids.length; start += CLAIM_SIZE) {
		const orderIds = ids.slice(start, start + CLAIM_SIZE);
		// An order may have many parcels, so the batch is taken until nothing is left of it.
		let more = true;
		while (more) more = await uploadBatch({ ...request, orderIds }, problems);
	}
	const after = new Map((await store.getMany([...ids, ...bundled.keys()])).map((order) => [order.id, order]));
	const problemOf = (order: Order) => {
		const pending = pendingUploads(order.shipments).filter(({ uploadHeldBack }) => !uploadHeldBack);
		return problems.get(order.id) ?? (pending.length > 0 ? waiting(pending) : heldBack(order));
	};
	return request.orderIds.map((orderId) => {
		const order = after.get(orderId) ?? null;
		if (order === null) return unknownOrder(orderId);
		const found = idsOf(orderId).flatMap((id) => {
			const each = after.get(id);
			return (each && problemOf(each)) ?? [];
		});
		const problem = found.find(({ output }) => output === 'error') ?? found[0] ?? null;
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
	const asDecided = request.shipmentRules === undefined ? (order: Order) => order : await withBundles(store, claims.map(({ order }) => order));
	for (const claim of claims) {
		// The others are due again when their claims run out.
		if (Date.now() >= startBefore) return false;
		const ruled = request.shipmentRules?.evaluate(asDecided(claim.order), claim.shipment, { now: new Date(await store.now()), notifyCustomer: request.notifyCustomer });
		const entries = ruled === undefined ? [] : rulesEntry(request, claim, ruled);
		const outcome =
			ruled === undefined || ruled.decision.kind === 'upload'
				? await attempt(async () => await session.uploadTracking(claim.order, ruled?.shipment ?? claim.shipment, { notifyCustomer: ruled?.notifyCustomer ?? request.notifyCustomer }))
				: ruled.decision;
		const problem = await recordUpload(request, claim, outcome, entries);
		if (problem !== null) problems.set(claim.order.id, problem);
	}
	return claims.length > 0;
}

/** Rules of orders ran on the bundle: where it went, and how, is true of the orders in it. */
async function withBundles(store: OrderStore, orders: readonly Order[]): Promise<(order: Order) => Order> {
	const bundles = new Map((await store.getMany([...new Set(orders.flatMap(({ bundledInto }) => bundledInto ?? []))])).map((bundle) => [bundle.id, bundle]));
	return (order) => {
		const bundle = order.bundledInto === null ? undefined : bundles.get(order.bundledInto);
		return bundle === undefined ? order : { ...order, warehouse: bundle.warehouse, carrier: bundle.carrier, serviceLevel: bundle.serviceLevel };
	};
}

/** What the rules did; written with the outcome, so that a repeat after a crash says it once. Of a rule set also that it had nothing to do. */
function rulesEntry({ actor, shipmentRules }: Parameters<typeof uploadTracking>[0], { order, shipment }: UploadClaim, { decision, trace }: ShipmentOutcome): NewTimelineEntry[] {
	const done = compactTrace(trace);
	const ruleSet = shipmentRules?.ruleSet(order) ?? null;
	if (ruleSet === null && Array.isArray(done) && done.length === 0) return [];
	const name = `Shipment ${shipment.trackingNumber ?? shipment.externalId}`;
	const text = { upload: `${name}: the cart is told.`, hold_back: `${name}: the cart is not told.`, error: `${name}: a rule failed.` }[decision.kind];
	return [entry('rules_applied', actor, { decision: text, ruleSet, trace: done })];
}

/** A shipment that a rule held back keeps its order open, so it is no success. */
function heldBack({ shipments }: Order): { output: 'delayed'; message: string } | null {
	const held = shipments.find(({ uploadedAt, uploadHeldBack, uploadProblem }) => uploadedAt === null && uploadHeldBack && uploadProblem !== null);
	return held === undefined ? null : { output: 'delayed', message: `${held.uploadProblem} Reprocess the order to run the rules again.` };
}

const waiting = (pending: readonly Shipment[]): { output: 'delayed' | 'error'; message: string } => {
	const problem = pending.find(({ uploadProblem }) => uploadProblem !== null)?.uploadProblem;
	return { output: 'delayed', message: problem ?? 'Another run is uploading the tracking.' };
};

export const unknownOrder = (orderId: string): CartUpdateResult => ({
	orderId,
	order: null,
	shipments: [],
	output: 'error',
	message: `The order store does not know order ${orderId}.`,
});

async function recordUpload(
	{ store, actor, retry }: CartUpdateRequest,
	{ shipment, epoch, order }: UploadClaim,
	outcome: CartOutcome | Exclude<ShipmentOutcome['decision'], { kind: 'upload' }>,
	entries: NewTimelineEntry[],
): Promise<{ output: 'delayed' | 'error'; message: string } | null> {
	const base = { shipmentId: shipment.id, epoch, actor, entries };
	try {
		if (outcome.kind === 'hold_back') {
			await store.recordUpload({ ...base, result: { kind: 'held_back', reason: outcome.reason } });
			return { output: 'delayed', message: outcome.reason };
		}
		if (outcome.kind === 'error') {
			const { message } = outcome.alert;
			await store.recordUpload({ ...base, result: { kind: 'failed', problem: message, retryInMs: null, alert: outcome.alert } });
			return { output: 'error', message };
		}
		if (outcome.kind === 'done' || outcome.kind === 'already_done') {
			await store.recordUpload({ ...base, result: { kind: 'uploaded', message: outcome.message } });
			return null;
		}
		const waitMs =
			outcome.kind === 'unavailable' ? nextTryInMs(retry, shipment.uploadAttempts + 1, outcome.retryAfterMs) : null;
		const name = `Shipment ${shipment.trackingNumber ?? shipment.externalId} of order ${order.orderNumber}`;
		const code = outcome.kind === 'unavailable' && outcome.alert !== undefined ? outcome.alert : waitMs === null ? 'rejected_by_cart' : null;
		const alert = code === null ? null : { code, message: `${name}: ${outcome.problem}` };
		await store.recordUpload({ ...base, result: { kind: 'failed', problem: outcome.problem, retryInMs: waitMs, alert } });
		return { output: waitMs === null ? 'error' : 'delayed', message: outcome.problem };
	} catch (error) {
		// Our lease ran out and another worker took the shipment over: its word counts.
		if (!(error instanceof StaleOrderError)) throw asError(error);
		return { output: 'delayed', message: 'Another run took the upload over.' };
	}
}

/**
 * Cancels orders in the cart. An order that is still to be shipped is refused: cancel it at the warehouse first, or it leaves although the
 * customer was told otherwise.
 */
export const cancelInCart = async (request: CartUpdateRequest & { orderIds: string[]; reason: string }): Promise<CartUpdateResult[]> =>
	await onEachOrder(request, async (order) => {
		if (!MAY_CANCEL.includes(order.status)) {
			return { kind: 'rejected', problem: `The order is ${statusLabel(order.status)}. Cancel it with WMS Send first, then in the cart.` };
		}
		if (!request.session.cancel) return { kind: 'rejected', problem: 'This cart cannot be asked to cancel. Cancel the order there by hand.' };
		const outcome = await attempt(async () => await request.session.cancel!(order, request.reason));
		if (outcome.kind === 'done') await note(request, order, `Canceled in the cart: ${request.reason}`);
		return outcome;
	});

/** Where nothing is on its way to the customer. */
const MAY_CANCEL: readonly OrderStatus[] = ['canceled', 'skipped', 'archived', 'abandoned'];

/** Writes a note into orders of the cart, for the people there. */
export const addCartNote = async (request: CartUpdateRequest & { orderIds: string[]; textOf(orderId: string): string }): Promise<CartUpdateResult[]> =>
	await onEachOrder(request, async (order, asked) => {
		const text = request.textOf(asked.id).trim();
		if (text === '') return { kind: 'rejected', problem: 'The note is empty. Write something under "Note".' };
		if (!request.session.addNote) return { kind: 'rejected', problem: 'This cart takes no notes.' };
		const outcome = await attempt(async () => await request.session.addNote!(order, text));
		if (outcome.kind === 'done') await note(request, order, `Note in the cart: ${text}`);
		return outcome;
	});

/** What is told of a part or of a bundle is told of the cart's orders, each once. */
async function onEachOrder(request: CartUpdateRequest & { orderIds: string[] }, tell: (order: Order, asked: Order) => Promise<CartOutcome>): Promise<CartUpdateResult[]> {
	const orders = new Map((await request.store.getMany([...new Set(request.orderIds)])).map((order) => [order.id, order]));
	const cartOrders = await cartOrdersOf(request.store, [...orders.values()]);
	const told = new Map<string, CartOutcome>();
	const results: CartUpdateResult[] = [];
	for (const orderId of request.orderIds) {
		const order = orders.get(orderId);
		if (!order) {
			results.push(unknownOrder(orderId));
			continue;
		}
		const outcomes: CartOutcome[] = [];
		for (const each of cartOrders.get(orderId) ?? []) {
			const outcome = told.get(each.id) ?? (await tell(each, order));
			told.set(each.id, outcome);
			outcomes.push(outcome);
		}
		results.push({ orderId, order, shipments: [], ...worstOf(outcomes) });
	}
	return results;
}

/** Of several orders of the cart: what a person has to see. */
export function worstOf(outcomes: readonly CartOutcome[]): Pick<CartUpdateResult, 'output' | 'message'> {
	const outcome = outcomes.find(({ kind }) => kind === 'rejected') ?? outcomes.find(({ kind }) => kind === 'unavailable') ?? outcomes[0];
	if (outcome === undefined) return { output: 'error', message: 'The orders that it bundles are not there any more.' };
	const output = outcome.kind === 'rejected' ? 'error' : outcome.kind === 'unavailable' ? 'delayed' : 'done';
	return { output, message: 'problem' in outcome ? outcome.problem : outcome.message };
}

/** Only for people: when the order changed meanwhile, what was done stands in the cart. */
async function note({ store, actor }: CartUpdateRequest, order: Order, text: string): Promise<void> {
	const now = await store.get(order.id);
	if (now === null) return;
	try {
		await store.amend({ orderId: order.id, version: now.version, actor, entries: [entry('note', actor, { text })] });
	} catch (error) {
		if (!(error instanceof StaleOrderError)) throw asError(error);
	}
}

export async function attempt(call: () => Promise<CartOutcome>): Promise<CartOutcome> {
	try {
		return await call();
	} catch (error) {
		if (error instanceof FulfillmentError && !error.retryable) return { kind: 'rejected', problem: `${error.message} ${error.remedy}` };
		return { kind: 'unavailable', problem: error instanceof Error ? error.message : String(error) };
	}
}
