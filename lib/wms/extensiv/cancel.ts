/** Cancels what there is of an order, while all of it is open. */
import { PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import { textOf } from '../common/json';
import type { CancelOutcome, WaitingOrder } from '../Wms';
import { errorCodeOf, readOnlyOf } from './hal';
import type { Orders } from './orders';
import { stateOf } from './reports';

/** Tries to cancel an order that somebody changes at the same time. */
const TRIES = 3;

/** What there is of an order may be canceled only while all of it is open. */
export async function cancelOrder(orders: Orders, { reference }: WaitingOrder): Promise<CancelOutcome> {
	const parts = await orders.find(reference);
	if (parts.length === 0) return 'not_found';
	if (parts.some((part) => stateOf(part) === 'closed')) return 'too_late';
	for (const part of parts.filter((each) => stateOf(each) !== 'canceled')) {
		if ((await cancelPart(orders, textOf(readOnlyOf(part).orderId) ?? '', 1)) === 'too_late') return 'too_late';
	}
	return 'canceled';
}

async function cancelPart(orders: Orders, key: string, tried: number): Promise<'canceled' | 'too_late'> {
	const { order, etag } = await orders.read(key);
	const state = stateOf(order);
	if (state === 'canceled') return 'canceled';
	if (state === 'closed') return 'too_late';
	try {
		await orders.call({
			method: 'POST',
			url: `/orders/${encodeURIComponent(key)}/canceler`,
			headers: { 'if-match': etag },
			body: JSON.stringify({ reason: 'Canceled by the shop' }),
		});
		return 'canceled';
	} catch (error) {
		if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
		// Somebody changed the order since it was read.
		if (error.details.status === 412 && tried < TRIES) return await cancelPart(orders, key, tried + 1);
		if (stateOf((await orders.read(key)).order) === 'canceled') return 'canceled';
		if (error.details.received === 'maybe' || error.details.status === 412) throw asError(error);
		if (errorCodeOf(error) === 'OrderCanceled') return 'canceled';
		return 'too_late';
	}
}
