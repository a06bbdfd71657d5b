/** Medusa 2 by its Admin API; polled by the time of the last change, and what waits for its payment is looked at on each run. */
import type { HttpAccount } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import type { Cart, CartSession } from '../Cart';
import { cartOutcome } from '../common/outcomes';
import { MedusaApi } from './api';
import { listOrders, newestOrders, ordersByKey } from './listing';
import { orderByNumber } from './numbers';
import { LABEL, type MedusaSettings } from './settings';
import { toOrder } from './toOrder';
import { uploadTracking } from './tracking';
import { acknowledge, addNote, cancel } from './updates';

export { checkAccess } from './access';
export { states } from './states';
export { NOTES_KEY, REFERENCE_KEY, type MedusaSettings } from './settings';

export const medusaCart: Cart<HttpAccount, MedusaSettings> = {
	code: 'medusa',
	label: LABEL,
	toOrder,
	open,
};

function open(account: HttpAccount, settings: MedusaSettings): CartSession {
	const api = new MedusaApi(account, settings);
	return {
		account: `medusa:${account.account}`,
		scope: [...(settings.channels ?? [])].sort().join(','),
		source: `medusa:${account.account}:${[...(settings.channels ?? [])].sort().join(',')}:${settings.store}`,
		listOrders(cursor, filter) {
			const clock = readingClock(account.http, cursor);
			return listOrders(new MedusaApi({ ...account, http: clock.http }, settings), clock, cursor, filter);
		},
		ordersByKey: async (keys, filter) => await ordersByKey(api, keys, filter),
		previewOrders: (filter) => newestOrders(api, filter),
		getOrder: async (orderNumber) => await orderByNumber(api, orderNumber),
		uploadTracking: async (order, shipment, { notifyCustomer }) =>
			await cartOutcome(async () => await uploadTracking(api, settings, order, shipment, notifyCustomer)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(api, order)),
		addNote: async (order, text) => await cartOutcome(async () => await addNote(api, order, text)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
	};
}
