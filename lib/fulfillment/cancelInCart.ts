import { hasTrait, statusLabel } from '../order/status';
import { asOutcome, tryToAddNote, updateEachCartOrder, type CartUpdateRequest, type CartUpdateResult } from './cartUpdate';

/**
 * Cancels orders in the cart. An order that is still to be shipped is refused: cancel it at the warehouse first, or it leaves although the
 * customer was told otherwise.
 */
export const cancelInCart = async (request: CartUpdateRequest & { orderIds: string[]; reason: string }): Promise<CartUpdateResult[]> =>
	await updateEachCartOrder(request, async (order) => {
		if (!hasTrait(order.status, 'not_shipping')) {
			return { kind: 'rejected', problem: `The order is ${statusLabel(order.status)}. Cancel it with WMS Send first, then in the cart.` };
		}
		if (!request.session.cancel)
			return { kind: 'rejected', problem: 'This cart cannot be asked to cancel. Cancel the order there by hand.' };
		const outcome = await asOutcome(async () => await request.session.cancel!(order, request.reason));
		if (outcome.kind === 'done') await tryToAddNote(request, order, `Canceled in the cart: ${request.reason}`);
		return outcome;
	});
