/** Notes of an order, each added once. */
import { decodeHTMLStrict } from 'entities';
import type { Order } from '../../order/order';
import type { CartOutcome } from '../Cart';
import type { WooApi } from './api';

/** WordPress may put tags around a text, encode signs in it, and take signs out: what is left of it tells whether it is the same. */
const plain = (text: string): string =>
	decodeHTMLStrict(text.replace(/<[^>]*>/g, ''))
		.replace(/["'&<>\\]/g, '')
		.replace(/\s+/g, ' ')
		.trim();

/** @param forCustomer WooCommerce mails it to the customer */
export async function noteOnce(api: WooApi, order: Order, text: string, { forCustomer = false } = {}): Promise<CartOutcome> {
	if ((await api.notes(order.externalId)).some((note) => plain(note) === plain(text))) return { kind: 'already_done', message: null };
	await api.addNote(order.externalId, text, { forCustomer });
	return { kind: 'done', message: null };
}
