/** Medusa 2 by its Admin API; polled by the time of the last change, and what waits for its payment is looked at on each run. */
import type { HttpAccount } from '../../http/Http';
import type { Cart, CartSession } from '../Cart';
import { cartOutcome } from '../outcomes';
import { MedusaApi } from './api';
import { listOrders } from './listing';
import { orderByNumber } from './numbers';
import { LABEL, type MedusaSettings } from './settings';
import { toOrder } from './toOrder';
import { uploadTracking } from './tracking';
import { acknowledge, addNote, cancel } from './updates';

export { checkAccess } from './access';
export { NOTES_KEY, REFERENCE_KEY, type MedusaSettings } from './settings';

export const medusaCart: Cart<HttpAccount, MedusaSettings> = {
	code: 'medusa',
	label: LABEL,
	credential: 'medusaOrdersApi',
	toOrder,
	open: (account, settings) => open(new MedusaApi(account, settings), account.account, settings),
};

function open(api: MedusaApi, account: string, settings: MedusaSettings): CartSession {
	return {
		source: `medusa:${account}:${[...(settings.channels ?? [])].sort().join(',')}:${settings.store ?? ''}`,
		listOrders: (cursor, filter) => listOrders(api, cursor, filter),
		getOrder: async (orderNumber) => await orderByNumber(api, orderNumber),
		uploadTracking: async (order, shipment, { notifyCustomer }) => await cartOutcome(async () => await uploadTracking(api, settings, order, shipment, notifyCustomer)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(api, order)),
		addNote: async (order, text) => await cartOutcome(async () => await addNote(api, order, text)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
	};
}
