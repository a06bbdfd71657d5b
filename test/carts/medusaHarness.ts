import type { CartSession } from '../../lib/carts/Cart';
import { medusaCart, type MedusaSettings } from '../../lib/carts/medusa';
import { medusaHeaders } from '../../lib/carts/medusa/headers';
import type { Http } from '../../lib/http/Http';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { MedusaShop, secretKey, type Bought } from '../real/medusaShop';
import type { CartHarness } from './contract';
import { anOrder, aShipment } from './order';

/** @param url of a proxy; default: of the server */
export const httpOf =
	(shop: MedusaShop, url = shop.url): Http =>
	async (request) =>
		await fetchHttp(url, medusaHeaders({ apiKey: await secretKey() }))(request);

export const sessionOf = (shop: MedusaShop, settings: MedusaSettings = { store: 'acme' }, { http = httpOf(shop) } = {}): CartSession =>
	medusaCart.open({ http, account: new URL(shop.url).host }, { channels: [shop.channel], ...settings });

/** The order as the store has it once the warehouse got it. */
export async function stored(shop: MedusaShop, { number }: Bought, changes: Partial<Order> = {}): Promise<Order> {
	const { content, externalId } = medusaCart.toOrder(await sessionOf(shop).getOrder!(number));
	const lines = content.lines.map((line) => ({ ...line, quantityShipped: 0, quantityCanceled: 0 }));
	return anOrder({ ...content, lines, externalId, cart: 'medusa', reference: `acme.${externalId}`, status: 'open', ...changes });
}

export const medusaHarness: CartHarness = {
	laterNumber: 'refused',
	async withOrders(count) {
		const shop = await MedusaShop.open();
		await shop.placeMany(count, { lines: [{ sku: 'TEE-L', quantity: 2 }] });
		return sessionOf(shop);
	},
	async withBadOrders() {
		const shop = await MedusaShop.open();
		for (const quantity of [1.5, 1, 0.25]) await shop.placeMany(1, { lines: [{ sku: 'ROPE', quantity }] });
		return sessionOf(shop);
	},
	async withTracking() {
		const shop = await MedusaShop.open();
		const [placed] = await shop.placeMany(1);
		const order = await stored(shop, placed!);
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
			given: async () => (await shop.tracking(placed!.id)).length,
			numbers: async () => await shop.tracking(placed!.id),
		};
	},
};
