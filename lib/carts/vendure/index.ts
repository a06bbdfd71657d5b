/** Vendure 3 by its Admin API; new orders are found by when they were placed, changes by their version. */
import type { Cart, CartSession } from '../Cart';
import { cartOutcome } from '../outcomes';
import { VendureApi } from './api';
import { graphqlOf, LABEL, type VendureAccount } from './graphql';
import { listOrders } from './listing';
import type { VendureSettings } from './settings';
import { toOrder } from './toOrder';
import { uploadTracking } from './tracking';
import { acknowledge, addNote, cancel } from './updates';

export { checkAccess } from './access';
export type { VendureAccount } from './graphql';
export { DEFAULT_HANDLER, isFieldName, type VendureSettings } from './settings';

export const vendureCart: Cart<VendureAccount, VendureSettings> = {
	code: 'vendure',
	label: LABEL,
	credential: 'vendureOrdersApi',
	toOrder,
	open: (account, settings) => open(new VendureApi(graphqlOf(account), settings.customFields ?? []), account.account, settings),
};

function open(api: VendureApi, account: string, settings: VendureSettings): CartSession {
	return {
		source: `vendure:${account}:${settings.channel ?? ''}:${settings.store ?? ''}`,
		listOrders: (cursor, filter) => listOrders(api, cursor, filter),
		getOrder: async (orderNumber) => await api.byCode(orderNumber.trim().replace(/^#/, '')),
		uploadTracking: async (order, shipment) => await cartOutcome(async () => await uploadTracking(api, settings, order, shipment)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(api, settings, order)),
		addNote: async (order, text) => await cartOutcome(async () => await addNote(api, order, text)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
	};
}
