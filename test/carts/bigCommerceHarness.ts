import { bigCommerceCart, type BigCommerceSettings } from '../../lib/carts/bigCommerce';
import type { CartSession } from '../../lib/carts/Cart';
import type { Order } from '../../lib/order/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { BigPeer, TOKEN } from '../../testing/servers/bigCommerce';
import type { CartHarness } from './contract';
import { anOrder, aShipment } from './order';
import type { PolledShop } from './polledCart';

/** @param timeoutMs of each request */
export const sessionOf = (big: BigPeer, settings: BigCommerceSettings = { store: 'acme' }, timeoutMs = 10_000): CartSession => {
	const http = fetchHttp(big.url, { 'x-auth-token': TOKEN });
	return bigCommerceCart.open({ http: async (request) => await http({ ...request, timeoutMs }), account: 'abc123' }, settings);
};

/** The order as the store has it once the warehouse got it. @param number "101", or "101-2" for its second address */
export async function stored(big: BigPeer, number: number | string, changes: Partial<Order> = {}): Promise<Order> {
	const { content, externalId } = bigCommerceCart.toOrder(await sessionOf(big).getOrder!(String(number)));
	const lines = content.lines.map((line) => ({ ...line, quantityShipped: 0, quantityCanceled: 0 }));
	return anOrder({ ...content, lines, externalId, cart: 'bigCommerce', reference: `acme.${externalId}`, status: 'open', ...changes });
}

export const bigCommerceHarness: CartHarness = {
	async withOrders(count) {
		const big = await BigPeer.open();
		for (let index = 0; index < count; index += 1) big.place();
		return sessionOf(big);
	},
	async withBadOrders() {
		const big = await BigPeer.open();
		big.products.get(big.place().id)![0]!.quantity = 'many';
		big.place();
		big.addresses.get(big.place().id)![0]!.country_iso2 = 'Germany';
		return sessionOf(big);
	},
	async withTracking() {
		const big = await BigPeer.open();
		const { id } = big.place();
		const order = await stored(big, id);
		return {
			session: sessionOf(big),
			order,
			shipment: (externalId) =>
				aShipment({
					id: externalId,
					externalId,
					trackingNumber: `T-${externalId}`,
					lines: [{ lineId: order.lines[externalId === 'SHIP-1' ? 0 : 1]!.id, quantity: 1 }],
				}),
			given: async () => await Promise.resolve(big.shipments.get(id)?.length ?? 0),
			numbers: async () =>
				await Promise.resolve((big.shipments.get(id) ?? []).flatMap((one) => String(one.tracking_number).split(', ')).filter(Boolean)),
		};
	},
};

export async function bigShop(): Promise<PolledShop> {
	const big = await BigPeer.open();
	let lists = 0;
	return {
		session: sessionOf(big),
		place: (step = 60) => String(big.place({}, { step }).id),
		change: (id) => {
			const [address, ...others] = big.addresses.get(Number(id))!;
			big.addresses.set(Number(id), [{ ...address, street_1: '7 Oak Ave' }, ...others]);
			big.touch(Number(id), {});
		},
		touch: (id) => big.touch(Number(id), {}),
		cancel: (id) => big.touch(Number(id), { status_id: 5 }),
		hide: (id) => {
			const order = big.orders.get(Number(id))!;
			big.orders.delete(order.id);
			return () => void big.orders.set(order.id, order);
		},
		onList: (callback) => {
			big.beforeList = () => callback((lists += 1));
		},
		wait: (seconds) => {
			big.now += seconds;
		},
	};
}
