/** Others may write the same order at the same time. What was decided on old data is decided again, or their word counts. */
import { asError, FulfillmentError, StaleOrderError } from '../order/errors';
import type { Order } from '../order/order';
import type { OrderStore } from '../store/OrderStore';

/** How often something is decided anew before the last StaleOrderError is passed on. */
const TRIES = 3;

/**
 * Decides on the order as it is now, and again when somebody else wrote it in between.
 *
 * @param missing what to do when the order was deleted
 * @throws FulfillmentError `order_not_found`; StaleOrderError after the last try
 * @example await onOrderNow(orderStore, orderId, async (order) => await orderStore.amend({ orderId, version: order.version, … }), 'The order may have been deleted.')
 */
export async function onOrderNow<T>(
	orderStore: OrderStore,
	orderId: string,
	body: (order: Order) => Promise<T>,
	missing: string,
): Promise<T> {
	return await againWhenStale(async () => {
		const order = await orderStore.get(orderId);
		if (order === null) throw new FulfillmentError('order_not_found', `The order store has no order ${orderId}.`, missing);
		return await body(order);
	});
}

/** Runs `body` again when somebody else wrote in between. @param body gets how often it was tried before, and reads what it decides on anew */
export async function againWhenStale<T>(body: (triedBefore: number) => Promise<T>): Promise<T> {
	for (let tried = 1; ; tried += 1) {
		try {
			return await body(tried - 1);
		} catch (error) {
			if (!(error instanceof StaleOrderError) || tried >= TRIES) throw asError(error);
		}
	}
}

/** Writes, or does something else when somebody else wrote in between: their word counts. */
export async function unlessStale<T>(write: () => Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
	try {
		return await write();
	} catch (error) {
		if (!(error instanceof StaleOrderError)) throw asError(error);
		return await otherwise();
	}
}
