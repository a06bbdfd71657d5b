/** What all cart updates share: the shape of the request, the outcome per order, and the note in the timeline. */
import type { CartOutcome, CartSession } from '../carts/Cart';
import { FulfillmentError } from '../order/errors';
import type { Order, Shipment } from '../order/order';
import { addNote } from './addNote';
import { cartGate, type CartAccount } from './cartAccount';
import { cartOrdersOf } from './cartOrders';
import { unknownOrder, type OrderResult } from './orderResult';
import type { RetryPolicy } from './retryPolicy';
import { unlessStale } from './staleOrders';

export interface CartUpdateRequest extends CartAccount {
	session: CartSession;
	worker: string;
	leaseMs: number;
	retry: RetryPolicy;
}

export interface CartUpdateResult extends OrderResult<'done'> {
	/** The shipments that were uploaded now, or had been before. */
	shipments: Shipment[];
}

/** Updates the orders that the cart knows, each once: of a part its order, of a bundle its orders. */
export async function updateEachCartOrder(
	request: CartUpdateRequest & { orderIds: string[] },
	update: (order: Order, asked: Order) => Promise<CartOutcome>,
): Promise<CartUpdateResult[]> {
	const orders = new Map((await request.orderStore.getMany([...new Set(request.orderIds)])).map((order) => [order.id, order]));
	const gate = await cartGate(request, [...orders.values()]);
	const cartOrders = await cartOrdersOf(request.orderStore, [...orders.values()]);
	const outcomeByOrder = new Map<string, CartOutcome>();
	const results: CartUpdateResult[] = [];
	for (const orderId of request.orderIds) {
		const order = orders.get(orderId);
		const refusal = gate.refusal(orderId);
		if (!order || refusal !== null) {
			results.push(
				order === undefined
					? { ...unknownOrder(orderId), shipments: [] }
					: { orderId, order, shipments: [], output: 'error', message: refusal },
			);
			continue;
		}
		const outcomes: CartOutcome[] = [];
		for (const each of cartOrders.get(orderId) ?? []) {
			const outcome = outcomeByOrder.get(each.id) ?? (await update(each, order));
			outcomeByOrder.set(each.id, outcome);
			outcomes.push(outcome);
			if (outcome.kind === 'done') await gate.worked(each);
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
	return { output, message: messageOf(outcome) };
}

function messageOf(outcome: CartOutcome): string | null {
	if (outcome.kind === 'rejected') return outcome.problem;
	return outcome.kind === 'unavailable' ? outcome.cause : outcome.message;
}

/** The note is for people only: a failure to write it is ignored, since the cart is updated already. */
export const tryToAddNote = async ({ orderStore, actor }: CartUpdateRequest, { id: orderId }: Order, text: string): Promise<boolean> =>
	await unlessStale(
		async () => await addNote({ orderStore, orderId, text, actor }),
		() => false,
	);

/** Turns an exception of an adapter into an outcome. */
export async function asOutcome(call: () => Promise<CartOutcome>): Promise<CartOutcome> {
	try {
		return await call();
	} catch (error) {
		if (error instanceof FulfillmentError && !error.retryable) return { kind: 'rejected', problem: `${error.message} ${error.remedy}` };
		return { kind: 'unavailable', cause: error instanceof Error ? error.message : String(error) };
	}
}
