/** Vendure 3 by its Admin API; new orders are found by when they were placed, changes by their version. */
import type { Http } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import type { Cart, CartSession } from '../Cart';
import { cartOutcome } from '../common/outcomes';
import { VendureApi } from './api';
import { graphqlOf, LABEL, type VendureAccount } from './graphql';
import { listOrders, newestOrders, ordersByKey } from './listing';
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
	toOrder,
	open,
};

function open(account: VendureAccount, settings: VendureSettings): CartSession {
	const apiOf = (http: Http): VendureApi => new VendureApi(graphqlOf({ ...account, http }), settings.customFields ?? []);
	const api = apiOf(account.http);
	return {
		account: `vendure:${account.account}`,
		scope: settings.channel ?? '',
		source: `vendure:${account.account}:${settings.channel ?? ''}:${settings.store}`,
		listOrders(cursor, filter) {
			const clock = readingClock(account.http, cursor);
			return listOrders(apiOf(clock.http), clock, cursor, filter);
		},
		previewOrders: (filter) => newestOrders(api, filter),
		ordersByKey: async (keys, filter) => await ordersByKey(api, keys, filter),
		getOrder: async (orderNumber) => await api.byCode(orderNumber.trim().replace(/^#/, '')),
		uploadTracking: async (order, shipment) => await cartOutcome(async () => await uploadTracking(api, settings, order, shipment)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(api, settings, order)),
		addNote: async (order, text) => await cartOutcome(async () => await addNote(api, order, text)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(api, order, reason)),
	};
}
