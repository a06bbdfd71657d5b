/** Tells the cart that the warehouse has an order, once for each order of the cart. */
import type { CartOutcome } from '../carts/Cart';
import { asError, StaleOrderError } from '../order/errors';
import { isAtWms } from '../order/operations';
import type { Order } from '../order/order';
import { statusLabel } from '../order/status';
import { entry } from '../order/timeline';
import { cartOrdersOf } from './cartOrders';
import { attempt, unknownOrder, worstOf, type CartUpdateRequest, type CartUpdateResult } from './updateCart';

/**
 * Tells the cart that the warehouse has these orders. A cart that takes no such word is noted as told. Of an order that is split the cart is told
 * with the first part that a warehouse has; of a bundle each order in it is told.
 */
export async function acknowledge(request: CartUpdateRequest & { orderIds: string[] }): Promise<CartUpdateResult[]> {
	const { store } = request;
	const results: CartUpdateResult[] = [];
	const orders = new Map((await store.getMany([...new Set(request.orderIds)])).map((order) => [order.id, order]));
	const cartOrders = await cartOrdersOf(store, [...orders.values()]);
	/** What the cart said in this run, by its order. */
	const told = new Map<string, CartOutcome>();
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
		for (const target of cartOrders.get(orderId) ?? []) {
			if (!told.has(target.id)) told.set(target.id, await tellOnce(request, target, target.id === orderId));
		}
		const outcomes = (cartOrders.get(orderId) ?? []).map(({ id }) => told.get(id)!);
		const { output, message } = worstOf(outcomes);
		// When not all were told nothing is written: the order stays due, and the next run tries again.
		if (output === 'done' && orders.get(orderId)?.acknowledgedAt === null) await noteTold(request, order, message, true);
		const after = (await store.get(orderId)) ?? order;
		orders.set(orderId, after);
		results.push({ ...result, order: after, output, message });
	}
	return results;
}

/** @param alone the order is at the warehouse itself, so whoever asked notes it */
async function tellOnce(request: CartUpdateRequest, target: Order, alone: boolean): Promise<CartOutcome> {
	const { store, session } = request;
	// Another part may have been told of meanwhile, by another run.
	const { acknowledgedAt } = alone ? target : ((await store.get(target.id)) ?? target);
	if (acknowledgedAt !== null) return { kind: 'already_done', message: null };
	const outcome: CartOutcome = session.acknowledge
		? await attempt(async () => await session.acknowledge!(target))
		: { kind: 'already_done', message: 'This cart takes no acknowledgement.' };
	if (!alone && (outcome.kind === 'done' || outcome.kind === 'already_done')) await noteTold(request, target, outcome.message, false);
	return outcome;
}

/**
 * The cart was told, whatever happened to the order meanwhile, so that is noted on the order as it is now.
 *
 * @param own false = nothing becomes due by it, for another order is at the warehouse in its place
 */
async function noteTold({ store, actor }: CartUpdateRequest, order: Order, message: string | null, own: boolean): Promise<void> {
	let now: Order | null = order;
	for (let tried = 1; now !== null && now.acknowledgedAt === null; tried += 1) {
		try {
			return await store.amend({
				orderId: order.id,
				version: now.version,
				actor,
				set: { acknowledgedAt: 'now', ...(own ? {} : { dueAt: null }) },
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
