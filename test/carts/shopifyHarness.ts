import type { CartSession } from '../../lib/carts/Cart';
import { withHttpStatus, costOf, feedbackOf, SHOPIFY_LIMIT, shopifyCart, type ShopifySettings } from '../../lib/carts/shopify';
import type { Http } from '../../lib/http/Http';
import { createLimiter, limited } from '../../lib/http/rateLimit';
import { retrying } from '../../lib/http/retrying';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import type { ShopOrder } from '../../testing/servers/shopify/Shop';
import { openShopify, TOKEN, type ShopifyPeer } from '../../testing/servers/shopify/shopifyPeer';
import type { CartHarness } from './contract';
import { anOrder, aShipment } from './order';

/** Pauses that take no time. */
export const INSTANT = { now: () => Date.now(), sleep: async () => {} };

/** The shop as the nodes reach it, without n8n. */
export function accountOf(
	{ peer }: ShopifyPeer,
	{ timeoutMs = 10_000, token = TOKEN } = {},
): { http: Http; account: string; clock: typeof INSTANT } {
	const plain = fetchHttp(peer.url, { 'x-shopify-access-token': token });
	const said: Http = async (request) => withHttpStatus(await plain({ ...request, timeoutMs }));
	return {
		http: retrying(limited(said, createLimiter(SHOPIFY_LIMIT), { costOf, feedbackOf }), undefined, INSTANT),
		account: 'acme.myshopify.com',
		clock: INSTANT,
	};
}

export const sessionOf = (shopify: ShopifyPeer, settings: ShopifySettings = {}): CartSession =>
	shopifyCart.open(accountOf(shopify), settings);

/** The order as the store has it after its import. */
export async function imported(session: CartSession, order: ShopOrder, changes: Partial<Order> = {}): Promise<Order> {
	const raw = await session.getOrder!(order.name);
	const { externalId, content } = shopifyCart.toOrder(raw);
	return anOrder({
		...content,
		cart: 'shopify',
		externalId,
		status: 'open',
		lines: content.lines.map((line) => ({ ...line, quantityShipped: 0, quantityCanceled: 0 })),
		...changes,
	});
}

export const shopifyHarness: CartHarness = {
	async withOrders(count) {
		const shopify = await openShopify();
		for (let number = 0; number < count; number += 1)
			shopify.shop.place({
				lines: [{ quantity: 2 }, { sku: null, attributes: [{ key: 'Engraving', value: 'Ada' }], variantTitle: 'Large' }],
			});
		return sessionOf(shopify);
	},
	async withBadOrders() {
		const shopify = await openShopify();
		for (const name of ['', 'Mug', '']) shopify.shop.place({ lines: [{ name, sku: null }] });
		return sessionOf(shopify);
	},
	async withTracking() {
		const shopify = await openShopify();
		const placed = shopify.shop.place({ lines: [{ quantity: 4 }, { quantity: 2 }] });
		const session = sessionOf(shopify);
		const order = await imported(session, placed);
		return {
			session,
			given: async () => await Promise.resolve(placed.fulfillments.length),
			numbers: async () => await Promise.resolve(placed.fulfillments.flatMap(({ tracking }) => tracking.map(({ number }) => number ?? ''))),
			order,
			shipment: (externalId) =>
				aShipment({
					id: externalId,
					externalId,
					trackingNumber: `1Z-${externalId}`,
					lines: order.lines.map(({ id }, index) => ({ lineId: id, quantity: 2 - index })),
				}),
		};
	},
};
