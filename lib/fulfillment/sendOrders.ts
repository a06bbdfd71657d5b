/**
 * Sends Routed orders to the warehouse, each once. The intent is saved first (Queued, with a lease and an epoch), then the
 * WMS is called, then the outcome is recorded under the same epoch. What a crash leaves Queued is claimed again when its
 * lease has run out. What may be at the warehouse is a fact of the sending: it decides whether the order is looked up first, sent again,
 * or left to a person.
 */
import { withinLease } from '../http/timeLimit';
import { FieldLimitError, type FieldProblem } from '../order/errors';
import type { IsoDate, Order } from '../order/order';
import { isLive } from '../order/sendingState';
import { hasTrait, statusLabel } from '../order/status';
import type { Claim, OrderStore, Recovery } from '../store/OrderStore';
import { LATE_MS, type Wms } from '../wms/Wms';
import { isPart } from '../order/reference';
import { isChanged } from './bundles';
import { deliver, messageOf, type Delivery, type DeliveryOutcome } from './deliver';
import { unknownOrder, type OrderResult } from './orderResult';
import { canBeAsked, decidedAnew, differing, transitionFor } from './sendOutcomes';
import type { SendRequest } from './sendRequest';
import { unlessStale } from './staleOrders';
import { accountOf, keepAccountOfPlace, refusedForAccount, recordSendingRun, stopOrdersOfOtherAccount } from './warehouseAccount';
import { UNSCOPED } from './workScope';

export type SendResult = OrderResult<'open'>;

/** Results come in the order of `orderIds`. One order's failure never stops the others. */
export async function sendOrders<Request>(request: SendRequest<Request>): Promise<SendResult[]> {
	const ids = [...new Set(request.orderIds)];
	const recovery = ids.length === 0 ? null : await request.orderStore.recovery();
	const together = request.session.createOrders === undefined ? 1 : (request.wms.capabilities.ordersPerCall ?? 1);
	/** Those that went out, or were to, in this run. */
	const tried = new Set<string>();
	const atATime = Math.max(1, request.concurrency) * Math.max(together, 5);
	for (let start = 0; start < ids.length; start += atATime) {
		// Claimed few at a time right before they go out, so that no lease runs out while its order waits in a queue.
		const before = Date.now();
		const claims = await claimSome(request, ids.slice(start, start + atATime));
		for (const { order } of claims) tried.add(order.id);
		const calls = Array.from({ length: Math.ceil(claims.length / together) }, (_, index) =>
			claims.slice(index * together, (index + 1) * together),
		);
		await inParallel(
			calls,
			request.concurrency,
			async (call) =>
				await withinLease(before, request.leaseMs, async () => await send(request, call, recovery, before + request.leaseMs / 2)),
		);
	}
	const after = new Map((await request.orderStore.getMany(ids)).map((order) => [order.id, order]));
	for (const order of await stopOrdersOfOtherAccount(request, [...after.values()])) after.set(order.id, order);
	const refused = await refusedForAccount(request, [...after.values()]);
	for (const order of await request.orderStore.getMany([...refused.keys()])) after.set(order.id, order);
	await recordSendingRun(
		request,
		[...after.values()].filter(({ id }) => tried.has(id)),
	);
	return request.orderIds.map((orderId) => {
		const result = resultOf(orderId, after.get(orderId) ?? null);
		const message = refused.get(orderId);
		return message === undefined ? result : { ...result, output: 'error', message };
	});
}

async function claimSome<Request>(
	{ orderStore, wms, session, worker, actor, leaseMs, work = UNSCOPED }: SendRequest<Request>,
	ids: string[],
): Promise<Claim[]> {
	const sendTo = { wms: wms.code, account: accountOf(session) };
	const common = { ids, limit: ids.length, leaseMs, worker, actor, sendTo, ...(work.stores === null ? {} : { stores: [...work.stores] }) };
	const fresh = await orderStore.claim({ ...common, statuses: ['routed'], to: 'queued', reason: `Sending to ${wms.label}.` });
	// A send that never came back: the lease ran out, so nobody works on it any more.
	const stuck = await orderStore.claim({ ...common, statuses: ['queued'], onlyDue: true });
	return [...fresh, ...stuck];
}

/** Orders that go out in one call. Each has its own outcome. */
async function send<Request>(
	request: SendRequest<Request>,
	claims: readonly Claim[],
	recovery: Recovery | null,
	/** By our own clock, counted from before the claim: after it we no longer start anything. */
	startBefore: number,
): Promise<void> {
	const { orderStore, wms, session } = request;
	const now = await orderStore.now();
	const changed = new Set([...(await changedBundles(orderStore, claims)), ...(await changedParts(orderStore, claims))]);
	const earlier = await thereEarlier(orderStore, claims);
	const deliveries = claims.map((claim): Delivery<Request> => {
		const outSince = claim.sending?.before === 'may_be_there' ? claim.sending.record.requestedAt : forgotten(wms, claim, recovery, now);
		return {
			claim,
			outSince,
			lookFirst: outSince !== null || mustLookFirst(wms, claim),
			ordersChanged: changed.has(claim.order.id),
			hasEarlier: earlier.has(claim.order.id),
			...translated(wms, claim.order),
		};
	});
	const outcomes = await deliver(session, deliveries, {
		startBefore,
		canBeAsked: canBeAsked(wms),
		uniqueReference: wms.capabilities.uniqueReference,
		lateMs: request.lateMs ?? wms.capabilities.lateMs ?? LATE_MS,
		now,
		sendAgain: async ({ order, epoch }, absent) => await orderStore.sendAgain({ orderId: order.id, epoch, absent }),
	});
	await inParallel([...claims.entries()], 1, async ([index, claim]) => await record(request, claim, outcomes[index]!));
}

/** Orders of which an earlier sending turned out to be there, whatever becomes of this one. */
async function thereEarlier(orderStore: OrderStore, claims: readonly Claim[]): Promise<Set<string>> {
	const numbers = new Map(
		claims.flatMap(({ order, sending }) =>
			sending !== null && sending.record.number > 1 ? [[order.id, sending.record.number] as const] : [],
		),
	);
	const live = numbers.size === 0 ? [] : (await orderStore.sendings([...numbers.keys()])).filter(({ state }) => isLive(state));
	return new Set(live.filter(({ orderId, number }) => number < numbers.get(orderId)!).map(({ orderId }) => orderId));
}

/** Bundles that may be at the warehouse already, and of which the cart changed or canceled an order since. */
async function changedBundles(orderStore: OrderStore, claims: readonly Claim[]): Promise<Set<string>> {
	const ids = claims.flatMap(({ order, sending }) =>
		order.bundleSize > 0 && order.parentId === null && sending?.before === 'may_be_there' ? order.id : [],
	);
	return new Set(ids.length === 0 ? [] : (await orderStore.sources(ids)).filter(isChanged).map(({ bundledInto }) => bundledInto!));
}

/** Parts that may be at the warehouse already, and of which the cart changed the order since. */
async function changedParts(orderStore: OrderStore, claims: readonly Claim[]): Promise<string[]> {
	const parts = claims.flatMap(({ order, sending }) => (isPart(order) && sending?.before === 'may_be_there' ? order : []));
	if (parts.length === 0) return [];
	const wholes = await orderStore.getMany([...new Set(parts.flatMap(({ parentId }) => parentId ?? []))]);
	const changed = new Set(wholes.filter(({ alerts }) => alerts.some(({ code }) => code === 'changed_in_cart')).map(({ id }) => id));
	return parts.filter(({ parentId }) => parentId !== null && changed.has(parentId)).map(({ id }) => id);
}

async function record<Request>(request: SendRequest<Request>, claim: Claim, outcome: DeliveryOutcome): Promise<void> {
	const { orderStore } = request;
	const write = async (): Promise<void> => {
		if (outcome.kind === 'absent')
			for (const result of await orderStore.transitionMany(decidedAnew(request, claim, outcome.because)))
				if (!result.ok) throw result.error;
		if ((outcome.kind === 'accepted' || outcome.kind === 'duplicate') && claim.sending?.placed === false)
			await keepAccountOfPlace(request, claim.order);
		if (outcome.kind !== 'absent')
			await orderStore.transition(transitionFor(request, claim, outcome, await differing(orderStore, claim, outcome)));
	};
	// The lease ran out and another worker took over, or a shipment arrived already: their word counts.
	await unlessStale(write, () => undefined);
}

type Capable = Pick<Wms<never>, 'capabilities'>;

const mustLookFirst = (wms: Capable, { order }: Claim): boolean =>
	canBeAsked(wms) && (order.attempts > 1 || !wms.capabilities.uniqueReference);

/** Clocks of shops go wrong by less. */
const CLOCK_MARGIN_MS = 60 * 60 * 1000;

/**
 * In recovery an order may have gone out without our knowing it; null = it cannot have. A warehouse that can be asked is asked about every
 * order; for one that cannot, a person has to look, so only for those that were there at the time.
 */
function forgotten(wms: Capable, { order, sending }: Claim, recovery: Recovery | null, now: IsoDate): IsoDate | null {
	if (recovery === null) return null;
	const { since } = recovery;
	// Found out after the restore.
	if (sending !== null && sending.before !== 'none' && sending.knownSince !== null && sending.knownSince > since) return null;
	const at = order.orderedAt === null ? Number.NaN : Date.parse(order.orderedAt);
	const after = at > Date.parse(since) + CLOCK_MARGIN_MS && at < Date.parse(now) + CLOCK_MARGIN_MS;
	return after && !canBeAsked(wms) ? null : since;
}

/** An order that the adapter cannot translate is that order's problem, not that of the others. */
function translated<Request>(wms: SendRequest<Request>['wms'], order: Order): { request: Request } | { problems: FieldProblem[] } {
	try {
		return { request: wms.toRequest(order) };
	} catch (error) {
		if (error instanceof FieldLimitError) return { problems: error.problems };
		return { problems: [{ field: 'order', problem: messageOf(error) }] };
	}
}

function resultOf(orderId: string, order: Order | null): SendResult {
	if (order === null) return unknownOrder(orderId);
	const { status } = order;
	if (hasTrait(status, 'received')) return { orderId, order, output: 'open', message: null };
	if (status === 'delayed' || hasTrait(status, 'being_sent'))
		return { orderId, order, output: 'delayed', message: order.statusReason ?? 'Another run is sending the order.' };
	if (status === 'error') return { orderId, order, output: 'error', message: order.alert?.message ?? order.statusReason };
	return { orderId, order, output: 'error', message: `The order is ${statusLabel(status)}; only Routed orders are sent.` };
}

/** Runs `work` on every item, at most `width` at once. The first error that is not the item's own is thrown at the end. */
async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
	const failures: unknown[] = [];
	let next = 0;
	const lane = async () => {
		for (let index = next++; index < items.length; index = next++) {
			try {
				await work(items[index]!);
			} catch (error) {
				failures.push(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, lane));
	if (failures.length > 0) throw failures[0];
}
