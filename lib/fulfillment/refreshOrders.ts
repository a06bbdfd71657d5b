/**
 * Reads orders anew from their cart right before they are sent, so that the time between a poll and the sending has no gap. What the cart says now is
 * recorded as an import records it; an order that it could not be asked about waits, since sending what the shop stopped is worse than late.
 */
import type { Cart, CartSession, ImportFilter } from '../carts/Cart';
import { asError, FulfillmentError } from '../order/errors';
import type { Order } from '../order/order';
import { hasTrait, statusLabel } from '../order/status';
import type { Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';
import { cartGate } from './cartAccount';
import { cartOrdersOf } from './cartOrders';
import { recordByKey } from './recordByKey';
import { againWhenStale, unlessStale } from './staleOrders';
import type { WorkScope } from './workScope';

export interface RefreshRequest {
	orderStore: OrderStore;
	cart: Pick<Cart<never>, 'code' | 'label' | 'toOrder'>;
	session: CartSession;
	/** That of the import trigger: which statuses of the cart are ready. */
	filter: ImportFilter;
	abandonAfterDays: number;
	onChange: 'replace' | 'ignore';
	/** Orders of one store. */
	orderIds: readonly string[];
	actor: Actor;
	/** Whose orders they may be. Default: everybody's. */
	work?: WorkScope;
}

export interface RefreshResult {
	orderId: string;
	/** Null when the store does not know the order. */
	order: Order | null;
	/** ready: the cart wants it, and it may be sent. waiting: not now; the message says for what. canceled: nothing of it is to be sent. */
	output: 'ready' | 'waiting' | 'canceled' | 'error';
	message: string | null;
}

/** As many as are asked for at once. */
const BATCH = 50;

/** How long an order waits when the cart could not be asked. It does not count as a try to send it. */
const ASK_AGAIN_MS = 5 * 60_000;

/** Results come in the order of `orderIds`. Throws nothing that concerns one order only. */
export async function refreshOrders(request: RefreshRequest): Promise<RefreshResult[]> {
	const ids = [...new Set(request.orderIds)];
	const results = new Map<string, RefreshResult>();
	for (let start = 0; start < ids.length; start += BATCH)
		for (const result of await refreshBatch(request, ids.slice(start, start + BATCH))) results.set(result.orderId, result);
	const unknown = (orderId: string): RefreshResult => ({
		orderId,
		order: null,
		output: 'error',
		message: `The order store does not know order ${orderId}.`,
	});
	return request.orderIds.map((id) => results.get(id) ?? unknown(id));
}

async function refreshBatch(request: RefreshRequest, ids: readonly string[]): Promise<RefreshResult[]> {
	const { orderStore, session } = request;
	const orders = await orderStore.getMany([...ids]);
	const gate = await cartGate({ ...request, cart: request.cart.code }, orders);
	const own = orders.filter(({ id }) => gate.refusal(id) === null);
	const refused = orders.flatMap((order): RefreshResult[] => {
		const message = gate.refusal(order.id);
		return message === null ? [] : [{ orderId: order.id, order, output: 'error', message }];
	});
	// The cart is asked about its own orders: for a part about the whole, for a bundle about the orders in it.
	const asked = await cartOrdersOf(orderStore, own);
	// What came as items of a workflow is not the cart's, whatever key it has.
	const isOfCart = ({ cart }: Order): boolean => cart === request.cart.code;
	const keys = [...new Set(own.flatMap(({ id }) => (asked.get(id) ?? []).filter(isOfCart).map(({ externalId }) => externalId)))];
	let problem: string | null = null;
	let unreadable: ReadonlyMap<string, string> = new Map();
	// A cart of files says nothing later.
	if (session.ordersByKey !== undefined && keys.length > 0) {
		try {
			const { source, ordersByKey } = session;
			const unread = await recordByKey({ ...request, session: { source, ordersByKey } }, own.map(({ store: name }) => name)[0] ?? '', keys);
			unreadable = new Map(unread.map(({ key, message, remedy }) => [key, couldNotAsk(request, message, remedy)]));
		} catch (error) {
			const failure = asError(error);
			problem = couldNotAsk(request, failure.message, failure instanceof FulfillmentError ? failure.remedy : null);
		}
	}
	// One that cannot be read any more cannot be said to be ready either; the others can.
	const isOther = [...unreadable.keys()].some((key) => !keys.includes(key));
	const problemOf = (id: string): string | null =>
		problem ??
		(isOther ? [...unreadable.values()] : (asked.get(id) ?? []).flatMap(({ externalId }) => unreadable.get(externalId) ?? []))[0] ??
		null;
	for (const order of own) {
		const reason = problemOf(order.id);
		if (reason !== null) await waitToAsk(request, order.id, reason);
	}
	const after = await orderStore.getMany(own.map(({ id }) => id));
	const found = new Set(after.map(({ id }) => id));
	// A split or a bundle that the cart's word undid is not there any more; it is given as it was.
	const undone = own
		.filter(({ id }) => !found.has(id))
		.map((order): RefreshResult => ({
			orderId: order.id,
			order,
			output: 'canceled',
			message: `${order.reference} was undone, since the cart changed an order in it.`,
		}));
	return [...refused, ...after.map((order) => resultOf(order, problemOf(order.id))), ...undone];
}

const couldNotAsk = ({ cart }: RefreshRequest, message: string, remedy: string | null): string =>
	`${cart.label} could not be asked whether the order may be sent: ${message}${remedy === null ? '' : ` ${remedy}`}`;

/** Sending waits; the next try asks again. What was sent already goes on. */
async function waitToAsk({ orderStore, actor }: RefreshRequest, orderId: string, reason: string): Promise<void> {
	const wait = async (): Promise<void> => {
		const order = await orderStore.get(orderId);
		if (order?.status !== 'routed') return;
		await orderStore.transition({
			orderId,
			from: order.status,
			to: 'delayed',
			version: order.version,
			actor,
			reason,
			set: { statusReason: reason, retryAt: { inMs: ASK_AGAIN_MS } },
		});
	};
	await unlessStale(
		async () => await againWhenStale(wait),
		() => undefined,
	);
}

function resultOf(order: Order, problem: string | null): RefreshResult {
	const { id: orderId, status, statusReason } = order;
	if ((status === 'routed' && problem === null) || hasTrait(status, 'received') || hasTrait(status, 'being_sent'))
		return { orderId, order, output: 'ready', message: null };
	if (hasTrait(status, 'over') || hasTrait(status, 'put_away') || status === 'skipped')
		return { orderId, order, output: 'canceled', message: statusReason ?? `The order is ${statusLabel(status)}.` };
	return { orderId, order, output: 'waiting', message: problem ?? statusReason ?? `The order is ${statusLabel(status)}.` };
}
