/** What became of one order in a run, in the same words for everything that is asked of carts and of warehouses. */
import type { Order } from '../order/order';

/** @typeParam Output where it goes next: `done` in the words of the use case ("open", "canceled"), `delayed` = it is tried again, `error` = a person is needed */
export interface OrderResult<Output extends string> {
	orderId: string;
	/** Null when the order store does not know the order. */
	order: Order | null;
	output: Output | 'delayed' | 'error';
	/** For people; null = there is nothing to say. */
	message: string | null;
}

/** An id that is no order's, or no order's any more. */
export const unknownOrder = (orderId: string): OrderResult<never> & { output: 'error' } => ({
	orderId,
	order: null,
	output: 'error',
	message: `The order store does not know order ${orderId}.`,
});
