/** Statuses of a cart and the settings of a trigger: which orders it takes as new ones, and which of those that the store has wait. */
import { READY, waiting } from '../../order/cartWord';
import type { ImportedOrder } from '../../order/order';

/**
 * The order as a trigger with these statuses sees it. One in another status is not taken as a new one; if the store has it, it waits, unless the cart says
 * more (canceled, gone). One in a status that was asked for is ready, whatever the cart usually means by it.
 *
 * @param isHeld in a state that stops a placed order: it is taken as a new one, and waits
 * @param status as people know it, "on-hold"
 * @example judged(order, { isWanted: false, status: 'packing' }) // { ...order, notEligible: 'status packing', word: waiting('status packing') }
 */
export function judged(
	order: ImportedOrder,
	{ isWanted, isHeld = false, status }: { isWanted: boolean; isHeld?: boolean; status: string },
): ImportedOrder {
	const { word } = order;
	if (isWanted) return word.readiness === 'waiting' ? { ...order, word: READY } : order;
	const why = `status ${status}`;
	return { ...order, ...(isHeld ? {} : { notEligible: why }), word: word.readiness === 'ready' ? waiting(why) : word };
}
