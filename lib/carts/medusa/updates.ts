/** What Medusa is told besides shipments, which it has metadata for: that the warehouse has the order, notes; and cancellation. Each looks first. */
import type { Order } from '../../order/order';
import type { CartOutcome } from '../Cart';
import type { MedusaApi } from './api';
import { isLive, type OrderFulfillments } from './raw';
import { NOTES_KEY, REFERENCE_KEY } from './settings';
import { orderNotFound } from './tracking';

/** Medusa takes nothing any more for an order that is canceled. */
const CANCELED = 'The order is canceled in Medusa, where nothing can be written to it any more.';

export async function acknowledge(api: MedusaApi, order: Order): Promise<CartOutcome> {
	const found = await api.fulfillments(order.externalId);
	if (found === null) return orderNotFound(order);
	if (found.metadata?.[REFERENCE_KEY] === order.reference) return { kind: 'already_done', message: null };
	if (found.status === 'canceled') return { kind: 'already_done', message: CANCELED };
	await api.setMetadata(order.externalId, { [REFERENCE_KEY]: order.reference });
	return { kind: 'done', message: null };
}

export async function addNote(api: MedusaApi, order: Order, text: string): Promise<CartOutcome> {
	const found = await api.fulfillments(order.externalId);
	return found === null ? orderNotFound(order) : await note(api, order, found, text);
}

/** The notes are one text of the order: what is there stays. */
async function note(api: MedusaApi, order: Order, found: OrderFulfillments, text: string): Promise<CartOutcome> {
	const written = found.metadata?.[NOTES_KEY];
	const notes = typeof written === 'string' ? written : '';
	if (`\n${notes}\n`.includes(`\n${text}\n`)) return { kind: 'already_done', message: null };
	if (found.status === 'canceled') return { kind: 'rejected', problem: CANCELED };
	await api.setMetadata(order.externalId, { [NOTES_KEY]: notes === '' ? text : `${notes}\n${text}` });
	return { kind: 'done', message: null };
}

/** Medusa gives back what was paid, and refuses to cancel what is in fulfillments. */
export async function cancel(api: MedusaApi, order: Order, reason: string): Promise<CartOutcome> {
	const found = await api.fulfillments(order.externalId);
	if (found === null) return orderNotFound(order);
	if (found.status === 'canceled') return { kind: 'already_done', message: 'The order is canceled already.' };
	if (found.fulfillments.some(isLive)) {
		return {
			kind: 'rejected',
			problem: `Order ${order.orderNumber} has fulfillments in Medusa, so it is not canceled. Cancel the fulfillments there first if the goods did not leave; for what was left out, edit the order there.`,
		};
	}
	if (reason.trim() !== '') await note(api, order, found, reason);
	await api.cancel(order.externalId);
	return { kind: 'done', message: null };
}
