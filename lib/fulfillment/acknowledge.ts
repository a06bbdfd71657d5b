/** Tells the cart that the warehouse has an order, once for each order of the cart. */
import type { CartOutcome } from '../carts/Cart';
import { alertsBy } from '../order/alerts';
import { isAtWms } from '../order/operations';
import type { Order } from '../order/order';
import { hasTrait, statusLabel } from '../order/status';
import { entry } from '../order/timeline';
import { cartGate } from './cartAccount';
import { cartOrdersOf } from './cartOrders';
import { unknownOrder } from './orderResult';
import { againWhenStale, unlessStale } from './staleOrders';
import { asOutcome, worstOf, type CartUpdateRequest, type CartUpdateResult } from './cartUpdate';

/**
 * Tells the cart that the warehouse has these orders. A cart that takes no such word is noted as told. Of an order that is split the cart is told
 * with the first part that a warehouse has; of a bundle each order in it is told.
 */
export async function acknowledge(request: CartUpdateRequest & { orderIds: string[] }): Promise<CartUpdateResult[]> {
	const { orderStore } = request;
	const results: CartUpdateResult[] = [];
	const orders = new Map((await orderStore.getMany([...new Set(request.orderIds)])).map((order) => [order.id, order]));
	const gate = await cartGate(request, [...orders.values()]);
	const cartOrders = await cartOrdersOf(orderStore, [...orders.values()]);
	const standsForItself = ({ id }: Order): boolean => cartOrders.get(id)?.every((target) => target.id === id) === true;
	const mayTell = (order: Order): boolean => gate.refusal(order.id) === null && order.acknowledgedAt === null && isThere(order);
	/** What the cart said in this run, by its order. */
	const outcomeByOrder = await toldTogether(
		request,
		[...orders.values()].filter((order) => mayTell(order) && standsForItself(order)),
	);
	for (const orderId of request.orderIds) {
		const order = orders.get(orderId);
		if (!order) {
			results.push({ ...unknownOrder(orderId), shipments: [] });
			continue;
		}
		const result = { orderId, order, shipments: [] };
		const refusal = gate.refusal(orderId);
		if (refusal !== null) {
			results.push({ ...result, output: 'error', message: refusal });
			continue;
		}
		if (order.acknowledgedAt !== null) {
			results.push({ ...result, output: 'done', message: null });
			continue;
		}
		if (!isThere(order)) {
			const message = `The order is ${statusLabel(order.status)}; the cart is told once the warehouse has it.`;
			results.push({ ...result, output: 'error', message });
			continue;
		}
		for (const target of cartOrders.get(orderId) ?? []) {
			if (!outcomeByOrder.has(target.id)) outcomeByOrder.set(target.id, await acknowledgeOnce(request, target, target.id === orderId));
		}
		const outcomes = (cartOrders.get(orderId) ?? []).map(({ id }) => outcomeByOrder.get(id)!);
		const { output, message } = worstOf(outcomes);
		if (output === 'done') await gate.worked(order);
		// When not all were told nothing is written: the order stays due, and the next run tries again.
		if (output === 'done' && orders.get(orderId)?.acknowledgedAt === null) await noteAcknowledged(request, order, message, true);
		const after = (await orderStore.get(orderId)) ?? order;
		orders.set(orderId, after);
		results.push({ ...result, order: after, output, message });
	}
	return results;
}

/** One that the warehouse refused or canceled may be on its way anew; it has been opened before. */
const isThere = (order: Order): boolean => order.openedAt !== null && (isAtWms(order) || hasTrait(order.status, 'received'));

/**
 * Carts that take several orders in a call are told of them so; of parts and bundles they are told one by one. When the call fails each is tried by itself,
 * which says what is wrong with which.
 */
async function toldTogether({ session }: CartUpdateRequest, orders: readonly Order[]): Promise<Map<string, CartOutcome>> {
	if (session.acknowledgeMany === undefined || orders.length < 2) return new Map();
	try {
		const outcomes = await session.acknowledgeMany(orders);
		return new Map(orders.flatMap(({ id }, index) => (outcomes[index] === undefined ? [] : [[id, outcomes[index]] as const])));
	} catch {
		return new Map();
	}
}

/** @param alone the order is at the warehouse itself, so whoever asked notes it */
async function acknowledgeOnce(request: CartUpdateRequest, target: Order, alone: boolean): Promise<CartOutcome> {
	const { orderStore, session } = request;
	// Another part may have been told of meanwhile, by another run.
	const { acknowledgedAt } = alone ? target : ((await orderStore.get(target.id)) ?? target);
	if (acknowledgedAt !== null) return { kind: 'already_done', message: null };
	const outcome: CartOutcome = session.acknowledge
		? await asOutcome(async () => await session.acknowledge!(target))
		: { kind: 'already_done', message: 'This cart takes no acknowledgement.' };
	if (!alone && (outcome.kind === 'done' || outcome.kind === 'already_done'))
		await noteAcknowledged(request, target, outcome.message, false);
	return outcome;
}

/**
 * The cart was told, whatever happened to the order meanwhile, so that is noted on the order as it is now.
 *
 * @param own false = nothing becomes due by it, for another order is at the warehouse in its place
 */
async function noteAcknowledged(
	{ orderStore, actor }: CartUpdateRequest,
	order: Order,
	message: string | null,
	own: boolean,
): Promise<void> {
	const write = async (triedBefore: number): Promise<void> => {
		const now = triedBefore === 0 ? order : await orderStore.get(order.id);
		if (now === null || now.acknowledgedAt !== null) return;
		await orderStore.amend({
			orderId: order.id,
			version: now.version,
			actor,
			set: { acknowledgedAt: 'now', alerts: { clear: alertsBy('place') }, ...(own ? {} : { dueAt: null }) },
			entries: [entry('cart_acknowledged', actor, { message })],
		});
	};
	// At the worst it stays due, and the cart is told again: adapters look at what the cart has first.
	await unlessStale(
		async () => await againWhenStale(write),
		() => undefined,
	);
}
