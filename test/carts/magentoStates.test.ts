/** Every state that Magento has: what an order that goes there does, before and after it was sent, and that it comes back. */
import { magentoCart, states } from '../../lib/carts/magento';
import { MagentoPeer } from '../../testing/servers/magento';
import { sessionOf } from './magentoHarness';
import { statesSuite, type StatesShop } from './statesSuite';

/** The status that a shop gives an order in a state of the table, unless it is called like it. */
const STATE: Readonly<Record<string, Record<string, string>>> = {
	new: { state: 'new', status: 'pending' },
	fraud: { state: 'payment_review', status: 'fraud' },
	own: { state: 'processing', status: 'own_check' },
};

async function openShop(): Promise<StatesShop> {
	const shop = await MagentoPeer.open();
	return {
		session: sessionOf(shop),
		place: () => String(shop.place().entity_id),
		moveTo: (id, state) => {
			shop.touch(Number(id), STATE[state] ?? { state, status: state });
			return () => shop.touch(Number(id), { state: 'processing', status: 'processing' });
		},
	};
}

statesSuite('Magento', magentoCart, openShop, states, {
	new: { before: 'delayed', after: 'held_in_cart' },
	pending_payment: { before: 'delayed', after: 'held_in_cart' },
	payment_review: { before: 'delayed', after: 'held_in_cart' },
	fraud: { before: 'delayed', after: 'held_in_cart' },
	processing: { before: 'new', after: null },
	holded: { before: 'delayed', after: 'held_in_cart' },
	complete: { before: 'canceled', after: 'canceled_in_cart' },
	closed: { before: 'canceled', after: 'canceled_in_cart' },
	canceled: { before: 'canceled', after: 'canceled_in_cart' },
	own: { before: 'delayed', after: 'held_in_cart' },
});
