import type { Clock } from '../../http/clock';
import type { HttpAccount } from '../../http/Http';
import type { Cart } from '../Cart';
import { cartOutcome } from '../common/outcomes';
import { listOrders, newestOrders, orderByNumber, ordersByKey } from './listing';
import type { ShopifySettings } from './settings';
import { toOrder } from './toOrder';
import { uploadTracking } from './tracking';
import { acknowledge, addNote, cancel } from './updates';

/**
 * Shopify by its Admin GraphQL API.
 *
 * @example
 * shopifyCart.open({ http, account: 'acme.myshopify.com' }, { location: 'Berlin' }).listOrders(null, filter)
 */
export const shopifyCart: Cart<HttpAccount & { clock?: Clock }, ShopifySettings> = {
	code: 'shopify',
	label: 'Shopify',
	toOrder,
	open: ({ http, account, clock }, settings) => ({
		account: `shopify:${account}`,
		scope: settings.location ?? '',
		source: `shopify:${account}${(settings.location ?? '') === '' ? '' : `:${settings.location ?? ''}`}`,
		listOrders: (cursor, filter) => listOrders(http, settings, cursor, filter),
		previewOrders: (filter) => newestOrders(http, settings, filter),
		ordersByKey: async (keys, filter) => await ordersByKey(http, settings, keys, filter),
		getOrder: async (orderNumber) => await orderByNumber(http, settings, orderNumber),
		uploadTracking: async (order, shipment, options) =>
			await cartOutcome(async () => await uploadTracking(http, settings, order, shipment, options)),
		acknowledge: async (order) => await cartOutcome(async () => await acknowledge(http, settings, order)),
		addNote: async (order, text) => await cartOutcome(async () => await addNote(http, order, text)),
		cancel: async (order, reason) => await cartOutcome(async () => await cancel(http, settings, order, reason, clock)),
	}),
};
