/** Every status that WooCommerce has: what an order that goes there does, before and after it was sent, and that it comes back. */
import { states, wooCommerceCart } from '../../lib/carts/wooCommerce';
import { statesSuite, type StatesShop } from './statesSuite';
import { sessionOf } from './wooCommerceHarness';
import { WooPeer } from '../../testing/servers/wooCommerce';

async function openShop(): Promise<StatesShop> {
	const woo = await WooPeer.open();
	woo.statuses = ['fraud-check'];
	return {
		session: sessionOf(woo),
		place: () => String(woo.place().id),
		moveTo: (id, state) => {
			const order = woo.orders.get(Number(id));
			if (state === 'deleted') {
				woo.remove(Number(id));
				return () => void woo.orders.set(Number(id), order!);
			}
			woo.touch(Number(id), { status: state === 'plugin' ? 'fraud-check' : state });
			return () => woo.touch(Number(id), { status: 'processing' });
		},
	};
}

statesSuite('WooCommerce', wooCommerceCart, openShop, states, {
	'auto-draft': { before: 'delayed', after: 'held_in_cart' },
	'checkout-draft': { before: 'delayed', after: 'held_in_cart' },
	pending: { before: 'delayed', after: 'held_in_cart' },
	'on-hold': { before: 'delayed', after: 'held_in_cart' },
	processing: { before: 'new', after: null },
	completed: { before: 'canceled', after: 'canceled_in_cart' },
	cancelled: { before: 'canceled', after: 'canceled_in_cart' },
	refunded: { before: 'canceled', after: 'canceled_in_cart' },
	failed: { before: 'canceled', after: 'canceled_in_cart' },
	trash: { before: 'canceled', after: 'canceled_in_cart' },
	deleted: { before: 'canceled', after: 'canceled_in_cart' },
	plugin: { before: 'delayed', after: 'held_in_cart' },
});
