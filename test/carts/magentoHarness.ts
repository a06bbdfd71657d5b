import type { CartSession } from '../../lib/carts/Cart';
import { magentoCart, type MagentoSettings } from '../../lib/carts/magento';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { MagentoPeer, TOKEN, type MagentoOrder } from '../../testing/servers/magento';
import type { CartHarness } from './contract';
import { anOrder, aShipment } from './order';
import type { PolledShop } from './polledCart';

/** @param timeoutMs of each request */
export const sessionOf = (shop: MagentoPeer, settings: MagentoSettings = { store: 'acme' }, timeoutMs = 10_000): CartSession => {
	const http = fetchHttp(shop.url, { authorization: `Bearer ${TOKEN}` });
	return magentoCart.open({ http: async (request) => await http({ ...request, timeoutMs }), account: 'shop.example.com' }, settings);
};

/** The order as the store has it once the warehouse got it. */
export function stored(order: MagentoOrder, changes: Partial<Order> = {}): Order {
	const { content, externalId } = magentoCart.toOrder(order);
	const lines = content.lines.map((line) => ({ ...line, quantityShipped: 0, quantityCanceled: 0 }));
	return anOrder({ ...content, lines, externalId, cart: 'magento', reference: `acme.${externalId}`, status: 'open', ...changes });
}

export const magentoHarness: CartHarness = {
	async withOrders(count) {
		const shop = await MagentoPeer.open();
		for (let index = 0; index < count; index += 1) shop.place();
		return sessionOf(shop);
	},
	async withBadOrders() {
		const shop = await MagentoPeer.open();
		shop.place({ items: [{ item_id: 1, sku: 'x', qty_ordered: 1.5 }] });
		shop.place();
		shop.place({ created_at: 'soon' });
		return sessionOf(shop);
	},
	async withTracking() {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		const order = stored(placed);
		return {
			session: sessionOf(shop),
			order,
			shipment: (externalId) =>
				aShipment({ id: externalId, externalId, trackingNumber: `T-${externalId}`, lines: [{ lineId: order.lines[0]!.id, quantity: 1 }] }),
			given: async () => await Promise.resolve(shop.tracks(placed.entity_id).length),
			numbers: async () => await Promise.resolve(shop.tracks(placed.entity_id)),
		};
	},
};

export async function magentoShop(): Promise<PolledShop> {
	const shop = await MagentoPeer.open();
	let lists = 0;
	return {
		session: sessionOf(shop),
		place: (step = 60) => String(shop.place({}, { step }).entity_id),
		change: (id) => {
			const { extension_attributes: given } = structuredClone(shop.orders.get(Number(id))!) as unknown as {
				extension_attributes: { shipping_assignments: [{ shipping: { address: { street: [string] } } }] };
			};
			given.shipping_assignments[0].shipping.address.street[0] = '7 Oak Ave';
			shop.touch(Number(id), { extension_attributes: given });
		},
		touch: (id) => shop.touch(Number(id), {}),
		cancel: (id) => shop.touch(Number(id), { state: 'canceled', status: 'canceled' }),
		hide: (id) => {
			const order = shop.orders.get(Number(id))!;
			shop.orders.delete(order.entity_id);
			return () => void shop.orders.set(order.entity_id, order);
		},
		onList: (callback) => {
			shop.beforeList = () => callback((lists += 1));
		},
		wait: (seconds) => {
			shop.now += seconds;
		},
	};
}
