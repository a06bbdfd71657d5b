/** Tells the cart what was shipped, each shipment once. */
import type { CartOutcome } from '../carts/Cart';
import { withinLease } from '../http/timeLimit';
import { pendingUploads } from '../order/derive';
import type { Order, Shipment } from '../order/order';
import { numbersText, trackingNumbersOf } from '../order/packages';
import { entry, type NewTimelineEntry } from '../order/timeline';
import type { ShipmentOutcome } from '../rules/shipment';
import type { OrderStore, UploadClaim } from '../store/OrderStore';
import { cartGate, type CartGate } from './cartAccount';
import { cartOrdersOf } from './cartOrders';
import { unknownOrder } from './orderResult';
import { nextTryInMs } from './retryPolicy';
import { compactTrace } from './ruleWords';
import { unlessStale } from './staleOrders';
import { asOutcome, type CartUpdateRequest, type CartUpdateResult } from './cartUpdate';

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
	const { orderStore } = request;
	const asked = await orderStore.getMany([...new Set(request.orderIds)]);
	const gate = await cartGate(request, asked);
	const given = asked.filter(({ id }) => gate.refusal(id) === null);
	// A bundle stands for the orders in it; they have what is theirs of each shipment.
	const bundled = await cartOrdersOf(
		orderStore,
		given.filter(({ bundleSize }) => bundleSize > 0),
	);
	const idsOf = (orderId: string): string[] => bundled.get(orderId)?.map(({ id }) => id) ?? [orderId];
	const ids = [...new Set(request.orderIds.filter((id) => gate.refusal(id) === null).flatMap(idsOf))];
	const problems: Problems = new Map();
	for (let start = 0; start < ids.length; start += CLAIM_SIZE) {
		const orderIds = ids.slice(start, start + CLAIM_SIZE);
		// An order may have many shipments, so the batch is taken until nothing is left of it.
		let more = true;
		while (more) more = await uploadBatch({ ...request, orderIds }, gate, problems);
	}
	const after = new Map(
		(await orderStore.getMany([...ids, ...bundled.keys(), ...request.orderIds.filter((id) => gate.refusal(id) !== null)])).map((order) => [
			order.id,
			order,
		]),
	);
	const problemOf = (order: Order) => {
		const pending = pendingUploads(order.shipments).filter(({ uploadHeldBack }) => !uploadHeldBack);
		return problems.get(order.id) ?? (pending.length > 0 ? waiting(pending) : heldBack(order));
	};
	return request.orderIds.map((orderId) => {
		const order = after.get(orderId) ?? null;
		if (order === null) return { ...unknownOrder(orderId), shipments: [] };
		const message = gate.refusal(orderId);
		if (message !== null) return { orderId, order, shipments: [], output: 'error', message };
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

interface Problem {
	output: 'delayed' | 'error';
	message: string;
}

type Problems = Map<string, Problem>;

/** False = nothing is left to claim, or this run has no time left for it. */
async function uploadBatch(request: Parameters<typeof uploadTracking>[0], gate: CartGate, problems: Problems): Promise<boolean> {
	const { orderStore, session, orderIds, leaseMs, worker } = request;
	// By our own clock, counted from before the claim: what starts later might still run when another worker takes it over.
	const before = Date.now();
	const startBefore = before + leaseMs / 2;
	const claims = await orderStore.claimUploads({ orderIds, limit: CLAIM_SIZE, leaseMs, worker, onlyDue: true });
	const asDecided =
		request.shipmentRules === undefined
			? (order: Order) => order
			: await withBundles(
					orderStore,
					claims.map(({ order }) => order),
				);
	for (const claim of claims) {
		// The others are due again when their claims run out.
		if (Date.now() >= startBefore) return false;
		const ruled = request.shipmentRules?.evaluate(asDecided(claim.order), claim.shipment, {
			now: new Date(await orderStore.now()),
			notifyCustomer: request.notifyCustomer,
		});
		const entries = ruled === undefined ? [] : rulesEntry(request, claim, ruled);
		const outcome =
			ruled === undefined || ruled.decision.kind === 'upload'
				? await withinLease(
						before,
						leaseMs,
						async () =>
							await asOutcome(
								async () =>
									await session.uploadTracking(claim.order, ruled?.shipment ?? claim.shipment, {
										notifyCustomer: ruled?.notifyCustomer ?? request.notifyCustomer,
									}),
							),
					)
				: ruled.decision;
		const problem = await recordUpload(request, claim, outcome, entries);
		if (problem === null) await gate.worked(claim.order);
		else problems.set(claim.order.id, problem);
	}
	return claims.length > 0;
}

/** Rules of orders ran on the bundle: where it went, and how, is true of the orders in it. */
async function withBundles(orderStore: OrderStore, orders: readonly Order[]): Promise<(order: Order) => Order> {
	const bundles = new Map(
		(await orderStore.getMany([...new Set(orders.flatMap(({ bundledInto }) => bundledInto ?? []))])).map((bundle) => [bundle.id, bundle]),
	);
	return (order) => {
		const bundle = order.bundledInto === null ? undefined : bundles.get(order.bundledInto);
		return bundle === undefined
			? order
			: { ...order, warehouse: bundle.warehouse, carrier: bundle.carrier, serviceLevel: bundle.serviceLevel };
	};
}

/** What the rules did; written with the outcome, so that a repeat after a crash says it once. Of a rule set also that it had nothing to do. */
function rulesEntry(
	{ actor, shipmentRules }: Parameters<typeof uploadTracking>[0],
	{ order, shipment }: UploadClaim,
	{ decision, trace }: ShipmentOutcome,
): NewTimelineEntry[] {
	const done = compactTrace(trace);
	const ruleSet = shipmentRules?.ruleSet(order) ?? null;
	if (ruleSet === null && Array.isArray(done) && done.length === 0) return [];
	const name = `Shipment ${numbersText(shipment) ?? shipment.externalId}`;
	const text = { upload: `${name}: the cart is told.`, hold_back: `${name}: the cart is not told.`, error: `${name}: a rule failed.` }[
		decision.kind
	];
	return [entry('rules_applied', actor, { decision: text, ruleSet, trace: done })];
}

/** A shipment that a rule held back keeps its order open, so it is no success. */
function heldBack({ shipments }: Order): Problem | null {
	const held = shipments.find(
		({ uploadedAt, uploadHeldBack, uploadProblem }) => uploadedAt === null && uploadHeldBack && uploadProblem !== null,
	);
	return held === undefined ? null : { output: 'delayed', message: `${held.uploadProblem} Reprocess the order to run the rules again.` };
}

const waiting = (pending: readonly Shipment[]): Problem => {
	const problem = pending.find(({ uploadProblem }) => uploadProblem !== null)?.uploadProblem;
	return { output: 'delayed', message: problem ?? 'Another run is uploading the tracking.' };
};

async function recordUpload(
	{ orderStore, actor, retry }: CartUpdateRequest,
	{ shipment, epoch, order }: UploadClaim,
	outcome: CartOutcome | Exclude<ShipmentOutcome['decision'], { kind: 'upload' }>,
	entries: NewTimelineEntry[],
): Promise<Problem | null> {
	const base = { shipmentId: shipment.id, epoch, actor, entries };
	const write = async (): Promise<Problem | null> => {
		if (outcome.kind === 'hold_back') {
			await orderStore.recordUpload({ ...base, result: { kind: 'held_back', reason: outcome.reason } });
			return { output: 'delayed', message: outcome.reason };
		}
		if (outcome.kind === 'error') {
			const { message } = outcome.alert;
			await orderStore.recordUpload({ ...base, result: { kind: 'failed', problem: message, retryInMs: null, alert: outcome.alert } });
			return { output: 'error', message };
		}
		if (outcome.kind === 'done' || outcome.kind === 'already_done') {
			await orderStore.recordUpload({
				...base,
				result: { kind: 'uploaded', message: outcome.message, numbers: trackingNumbersOf(shipment) },
			});
			return null;
		}
		const waitMs = outcome.kind === 'unavailable' ? nextTryInMs(retry, shipment.uploadAttempts + 1, outcome.retryAfterMs) : null;
		const name = `Shipment ${numbersText(shipment) ?? shipment.externalId} of order ${order.orderNumber}`;
		const code =
			outcome.kind === 'unavailable' && outcome.alert !== undefined ? outcome.alert : waitMs === null ? 'rejected_by_cart' : null;
		const problem = outcome.kind === 'unavailable' ? outcome.cause : outcome.problem;
		const alert = code === null ? null : { code, message: `${name}: ${problem}` };
		await orderStore.recordUpload({ ...base, result: { kind: 'failed', problem, retryInMs: waitMs, alert } });
		return { output: waitMs === null ? 'error' : 'delayed', message: problem };
	};
	// Our lease ran out and another worker took the shipment over: its word counts.
	return await unlessStale(write, () => ({ output: 'delayed', message: 'Another run took the upload over.' }));
}
