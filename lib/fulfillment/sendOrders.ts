/**
 * Sends Routed orders to the warehouse, each once. The intent is saved first (Queued, with a lease and an epoch), then the
 * WMS is called, then the outcome is recorded under the same epoch. What a crash leaves Queued is claimed again when its
 * lease has run out, and looked up by its reference before anything is sent.
 */
import { asError, describeProblem, FieldLimitError, StaleOrderError, type FieldProblem } from '../order/errors';
import type { Alert } from '../order/alerts';
import type { Order } from '../order/order';
import { statusLabel } from '../order/status';
import { entry, type Actor } from '../order/timeline';
import type { Claim, OrderFields, OrderStore, Transition } from '../store/OrderStore';
import type { SendOutcome, Wms, WmsSession } from '../wms/Wms';
import { deliver, messageOf } from './deliver';
import { nextTryInMs, type RetryPolicy } from './retryPolicy';

export interface SendRequest<Request> {
	store: OrderStore;
	wms: Pick<Wms<never, Request>, 'code' | 'label' | 'capabilities' | 'toRequest'>;
	session: WmsSession<Request>;
	orderIds: string[];
	/** Names this process or execution in the claim. */
	worker: string;
	actor: Actor;
	/** Must be longer than the slowest answer of the WMS; a late worker writes nothing. */
	leaseMs: number;
	/** How many calls are on their way to the WMS at once. */
	concurrency: number;
	retry: RetryPolicy;
}

export interface SendResult {
	orderId: string;
	/** Null when the store does not know the order. */
	order: Order | null;
	output: 'open' | 'delayed' | 'error';
	/** For people, when the order did not go out now. */
	message: string | null;
}

/** Results come in the order of `orderIds`. One order's failure never stops the others. */
export async function sendOrders<Request>(request: SendRequest<Request>): Promise<SendResult[]> {
	const ids = [...new Set(request.orderIds)];
	const together = request.session.createOrders === undefined ? 1 : (request.wms.capabilities.ordersPerCall ?? 1);
	const atATime = Math.max(1, request.concurrency) * Math.max(together, 5);
	for (let start = 0; start < ids.length; start += atATime) {
		// Claimed few at a time right before they go out, so that no lease runs out while its order waits in a queue.
		const before = Date.now();
		const claims = await claimSome(request, ids.slice(start, start + atATime));
		const calls = Array.from({ length: Math.ceil(claims.length / together) }, (_, index) => claims.slice(index * together, (index + 1) * together));
		await inParallel(calls, request.concurrency, async (call) => await send(request, call, before + request.leaseMs / 2));
	}
	const after = new Map((await request.store.getMany(ids)).map((order) => [order.id, order]));
	return request.orderIds.map((orderId) => resultOf(orderId, after.get(orderId) ?? null));
}

interface Claimed extends Claim {
	/** Left behind by a run that never came back: nobody knows whether it was sent. */
	stuck: boolean;
}

async function claimSome<Request>({ store, wms, worker, actor, leaseMs }: SendRequest<Request>, ids: string[]): Promise<Claimed[]> {
	const common = { ids, limit: ids.length, leaseMs, worker, actor };
	const fresh = await store.claim({ ...common, statuses: ['routed'], to: 'queued', reason: `Sending to ${wms.label}.`, wms: wms.code });
	// A send that never came back: the lease ran out, so nobody works on it any more.
	const stuck = await store.claim({ ...common, statuses: ['queued'], onlyDue: true });
	return [...fresh.map((claim) => ({ ...claim, stuck: false })), ...stuck.map((claim) => ({ ...claim, stuck: true }))];
}

/** Orders that go out in one call. Each has its own outcome. */
async function send<Request>(
	request: SendRequest<Request>,
	claims: readonly Claimed[],
	/** By our own clock, counted from before the claim: after it we no longer start anything. */
	startBefore: number,
): Promise<void> {
	const { wms, session } = request;
	const deliveries = claims.map((claim) => ({ reference: claim.order.reference, lookFirst: mustLookFirst(wms, claim), ...translated(wms, claim.order) }));
	const outcomes = await deliver(session, deliveries, { startBefore, canBeAsked: canBeAsked(wms) });
	await inParallel([...claims.entries()], 1, async ([index, claim]) => await record(request, claim, outcomes[index]!));
}

async function record<Request>(request: SendRequest<Request>, claim: Claim, outcome: SendOutcome): Promise<void> {
	try {
		await request.store.transition(transitionFor(request, claim, outcome));
	} catch (error) {
		// The lease ran out and another worker took over, or a shipment arrived already: their word counts.
		if (!(error instanceof StaleOrderError)) throw asError(error);
	}
}

type Capable = Pick<Wms<never>, 'capabilities'>;

const canBeAsked = ({ capabilities }: Capable): boolean => capabilities.lookUp !== false;

const mustLookFirst = (wms: Capable, { stuck, order }: Claimed): boolean => stuck || (canBeAsked(wms) && (order.attempts > 1 || !wms.capabilities.uniqueReference));

/** An order that the adapter cannot translate is that order's problem, not that of the others. */
function translated<Request>(
	wms: SendRequest<Request>['wms'],
	order: Order,
): { request: Request } | { problems: FieldProblem[] } {
	try {
		return { request: wms.toRequest(order) };
	} catch (error) {
		if (error instanceof FieldLimitError) return { problems: error.problems };
		return { problems: [{ field: 'order', problem: messageOf(error) }] };
	}
}

function transitionFor<Request>({ wms, actor, retry }: SendRequest<Request>, { order, epoch }: Claim, outcome: SendOutcome): Transition {
	const base = { orderId: order.id, from: 'queued' as const, epoch, actor };
	const said = (message: string | null, wmsOrderId: string | null = null) => [
		entry('send_outcome', actor, { outcome: outcome.kind, wmsOrderId, message }),
	];
	switch (outcome.kind) {
		case 'accepted':
		case 'duplicate':
			return {
				...base,
				to: 'open',
				reason: outcome.kind === 'accepted' ? `${wms.label} confirmed receipt.` : `${wms.label} had the order already.`,
				set: {
					wms: wms.code,
					wmsOrderId: outcome.wmsOrderId,
					sentAt: 'now',
					openedAt: 'now',
					alert: null,
					statusReason: null,
					retryAt: null,
				},
				entries: said(null, outcome.wmsOrderId),
			};
		case 'rejected': {
			const alert = alertOf(outcome.problems);
			return { ...base, to: 'error', reason: alert.message, set: { alert, statusReason: alert.message }, entries: said(alert.message) };
		}
		case 'unavailable':
		case 'unknown': {
			const blind = outcome.kind === 'unknown' && !canBeAsked(wms);
			const waitMs = blind ? null : nextTryInMs(retry, order.attempts, outcome.kind === 'unavailable' ? outcome.retryAfterMs : undefined);
			if (waitMs === null) {
				const code = outcome.kind === 'unknown' ? 'outcome_unknown' : 'retries_used_up';
				const message = order.attempts === 1 ? outcome.cause : `After ${order.attempts} tries: ${outcome.cause}`;
				return { ...base, to: 'error', reason: message, set: { alert: { code, message }, statusReason: message }, entries: said(outcome.cause) };
			}
			const message = `Try ${order.attempts} failed: ${outcome.cause}`;
			return {
				...base,
				to: 'delayed',
				reason: message,
				set: { retryAt: { inMs: waitMs }, heldUntil: null, statusReason: message, ...meanwhile(order, outcome) },
				entries: said(outcome.cause),
			};
		}
	}
}

/** What a person can do while the order waits; an earlier alert of this kind is over once the cause is another one. */
function meanwhile({ alert }: Order, outcome: Extract<SendOutcome, { kind: 'unavailable' | 'unknown' }>): Pick<OrderFields, 'alert'> {
	if (outcome.kind === 'unavailable' && outcome.alert !== undefined) return { alert: { code: outcome.alert, message: outcome.cause } };
	return alert?.code === 'credentials_invalid' ? { alert: null } : {};
}

const alertOf = (problems: readonly FieldProblem[]): Alert => ({
	code: problems[0]?.code ?? 'rejected_by_wms',
	message: problems.map((problem) => describeProblem(problem)).join('; ') || 'The warehouse refused the order without a reason.',
});

function resultOf(orderId: string, order: Order | null): SendResult {
	if (order === null) return { orderId, order, output: 'error', message: `The order store does not know order ${orderId}.` };
	switch (order.status) {
		case 'open':
		case 'partially_shipped':
		case 'closed':
			return { orderId, order, output: 'open', message: null };
		case 'delayed':
		case 'queued':
			return { orderId, order, output: 'delayed', message: order.statusReason ?? 'Another run is sending the order.' };
		case 'error':
			return { orderId, order, output: 'error', message: order.alert?.message ?? order.statusReason };
		default:
			return {
				orderId,
				order,
				output: 'error',
				message: `The order is ${statusLabel(order.status)}; only Routed orders are sent.`,
			};
	}
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
