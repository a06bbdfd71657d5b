import type { CartSession } from '../../lib/carts/Cart';
import { vendureCart, type VendureSettings } from '../../lib/carts/vendure';
import type { Http } from '../../lib/http/Http';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { VendureShop, type Bought } from '../real/vendureShop';
import type { CartHarness } from './contract';
import { anOrder, aShipment } from './order';

export const SUPERADMIN = { username: 'superadmin', password: 'superadmin' };

export const httpOf = (shop: VendureShop): Http => fetchHttp(shop.url, { 'vendure-token': shop.channel });

export const sessionOf = (
	shop: VendureShop,
	settings: VendureSettings = { store: 'acme' },
	{ signIn = SUPERADMIN, http = httpOf(shop) } = {},
): CartSession => vendureCart.open({ http, account: new URL(shop.url).host, signIn }, { channel: shop.channel, ...settings });

/** The order as the store has it once the warehouse got it. */
export async function stored(shop: VendureShop, { code }: Bought, changes: Partial<Order> = {}): Promise<Order> {
	const { content, externalId } = vendureCart.toOrder(await sessionOf(shop).getOrder!(code));
	const lines = content.lines.map((line) => ({ ...line, quantityShipped: 0, quantityCanceled: 0 }));
	return anOrder({ ...content, lines, externalId, cart: 'vendure', reference: `acme.${externalId}`, status: 'open', ...changes });
}

export const vendureHarness: CartHarness = {
	async withOrders(count) {
		const shop = await VendureShop.open();
		await shop.placeMany(count, { lines: [{ sku: 'TEE-L', quantity: 2 }] });
		return sessionOf(shop);
	},
	async withBadOrders() {
		const shop = await VendureShop.open();
		const kosovo = { fullName: 'Ada', streetLine1: 'Rruga 1', city: 'Prishtina', postalCode: '10000', countryCode: 'XKX' };
		for (const address of [kosovo, undefined, kosovo]) await shop.place(address === undefined ? {} : { address });
		return sessionOf(shop);
	},
	async withTracking() {
		const shop = await VendureShop.open();
		const placed = await shop.place();
		const order = await stored(shop, placed);
		return {
			session: sessionOf(shop),
			order,
			shipment: (externalId) =>
				aShipment({
					id: externalId,
					externalId,
					trackingNumber: `T-${externalId}`,
					lines: order.lines.map(({ id }) => ({ lineId: id, quantity: 1 })),
				}),
			given: async () => (await shop.tracking(placed.id)).length,
			numbers: async () => (await shop.tracking(placed.id)).flatMap((one) => one.split(', ')),
		};
	},
};
