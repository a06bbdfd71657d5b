/** What Vendure is told besides shipments: that the warehouse has the order, notes, cancellation. Each looks first at what is there. */
import type { Order } from '../../order/order';
import type { CartOutcome } from '../Cart';
import type { VendureApi } from './api';
import type { VendureSettings } from './settings';
import { orderNotFound, leftOf } from './tracking';

export async function acknowledge(api: VendureApi, { acknowledgeField = '' }: VendureSettings, order: Order): Promise<CartOutcome> {
	const field = acknowledgeField.trim() || null;
	const found = await api.notes(order.externalId, field);
	if (found === null) return orderNotFound(order);
	if (field !== null) {
		if (found.customFields?.[field] === order.reference) return { kind: 'already_done', message: null };
		await api.setCustomField(order.externalId, field, order.reference);
		return { kind: 'done', message: null };
	}
	return await note(api, order.externalId, found.notes, `The warehouse has the order as ${order.reference}.`);
}

export async function addNote(api: VendureApi, order: Order, text: string): Promise<CartOutcome> {
	const found = await api.notes(order.externalId, null);
	return found === null ? orderNotFound(order) : await note(api, order.externalId, found.notes, text);
}

async function note(api: VendureApi, id: string, notes: readonly string[], text: string): Promise<CartOutcome> {
	if (notes.includes(text)) return { kind: 'already_done', message: null };
	await api.addNote(id, text);
	return { kind: 'done', message: null };
}

/** Vendure would also cancel what was shipped, so that is left out. Money is given back in Vendure. */
export async function cancel(api: VendureApi, order: Order, reason: string): Promise<CartOutcome> {
	const found = await api.notes(order.externalId, null);
	if (found === null) return orderNotFound(order);
	if (found.state === 'Cancelled') return { kind: 'already_done', message: 'The order is canceled already.' };
	const left = [...leftOf(found)].filter(([, quantity]) => quantity > 0).map(([orderLineId, quantity]) => ({ orderLineId, quantity }));
	const shipped = (found.fulfillments ?? []).some(({ state }) => state !== 'Cancelled');
	if (!shipped) {
		await api.cancel(order.externalId, reason, null);
		return { kind: 'done', message: null };
	}
	if (left.length === 0)
		return {
			kind: 'rejected',
			problem: `All of order ${order.orderNumber} is in fulfillments in Vendure, so it is not canceled. Cancel the fulfillments there first if the goods did not leave.`,
		};
	await api.cancel(order.externalId, reason, left);
	return { kind: 'done', message: 'What was not shipped is canceled.' };
}
