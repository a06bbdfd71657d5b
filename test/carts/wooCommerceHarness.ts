import { wooCommerceCart, type WooCommerceSettings } from '../../lib/carts/wooCommerce';
import type { CartSession } from '../../lib/carts/Cart';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { BASIC, WooPeer, type WooOrder } from '../../testing/servers/wooCommerce';
import type { CartHarness } from './contract';
import { anOrder, aShipment } from './order';
import type { PolledShop } from './polledCart';

/** @param timeoutMs of each request */
export const sessionOf = (woo: WooPeer, settings: WooCommerceSettings = { store: 'acme' }, timeoutMs = 10_000): CartSession => {
	const http = fetchHttp(woo.url, { authorization: BASIC });
	return wooCommerceCart.open({ http: async (request) => await http({ ...request, timeoutMs }), account: 'shop.example.com' }, settings);
};

/** The order as the store has it once the warehouse got it. */
export function stored(order: WooOrder, changes: Partial<Order> = {}): Order {
	const { content, externalId } = wooCommerceCart.toOrder(order);
	const lines = content.lines.map((line) => ({ ...line, quantityShipped: 0, quantityCanceled: 0 }));
	return anOrder({ ...content, lines, externalId, cart: 'wooCommerce', reference: `acme.${externalId}`, status: 'open', ...changes });
}

export const trackings = (woo: WooPeer, id: number): Array<Record<string, unknown>> =>
	(woo.meta(id, '_wc_shipment_tracking_items') ?? []) as Array<Record<string, unknown>>;

export const wooCommerceHarness: CartHarness = {
	async withOrders(count) {
		const woo = await WooPeer.open();
		for (let index = 0; index < count; index += 1) woo.place();
		return sessionOf(woo);
	},
	async withBadOrders() {
		const woo = await WooPeer.open();
		woo.place({ line_items: [{ id: 1, name: 'x', quantity: 'many' }] });
		woo.place();
		woo.place({ shipping: { first_name: 'A', city: 'B', address_1: 'C', country: 'Germany' } });
		return sessionOf(woo);
	},
	async withTracking() {
		const woo = await WooPeer.open();
		const placed = woo.place();
		const order = stored(placed);
		return {
			session: sessionOf(woo),
			order,
			shipment: (externalId) =>
				aShipment({ externalId, trackingNumber: `T-${externalId}`, lines: [{ lineId: order.lines[0]!.id, quantity: 1 }] }),
			given: async () => await Promise.resolve(trackings(woo, placed.id).length),
			numbers: async () => await Promise.resolve(trackings(woo, placed.id).map((each) => String(each.tracking_number))),
		};
	},
};

export async function wooShop(): Promise<PolledShop> {
	const woo = await WooPeer.open();
	let lists = 0;
	return {
		session: sessionOf(woo),
		place: (step = 60) => String(woo.place({}, { step }).id),
		change: (id) => woo.touch(Number(id), { shipping: { ...(woo.orders.get(Number(id))!.shipping as object), address_1: '7 Oak Ave' } }),
		touch: (id) => woo.touch(Number(id), {}),
		cancel: (id) => woo.touch(Number(id), { status: 'cancelled' }),
		hide: (id) => {
			const order = woo.orders.get(Number(id))!;
			woo.orders.delete(order.id);
			return () => void woo.orders.set(order.id, order);
		},
		onList: (callback) => {
			woo.beforeList = () => callback((lists += 1));
		},
		wait: (seconds) => {
			woo.now += seconds;
		},
	};
}
