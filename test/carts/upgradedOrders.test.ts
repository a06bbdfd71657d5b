/** Orders that the version before recorded, polled again with the same answers: what is translated in another way now is no news. */
import type { Cart, CartSession } from '../../lib/carts/Cart';
import { magentoCart } from '../../lib/carts/magento';
import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import { importOrders } from '../../lib/fulfillment/importOrders';
import type { ImportedOrder } from '../../lib/order/order';
import { bundleRows, MagentoPeer } from '../../testing/servers/magento';
import { WooPeer } from '../../testing/servers/wooCommerce';
import { actor, importOne, openOrder } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { EARLIEST } from './contract';
import kit from './fixtures/cases/woocommerce/w1-product-bundle.json';
import { sessionOf as magentoSession } from './magentoHarness';
import { sessionOf as wooSession } from './wooCommerceHarness';

const FILTER = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 50 };

/** As a version translated it that knew goods only. */
const before = ({ content, externalId, word, raw }: ImportedOrder): ImportedOrder => ({
	externalId,
	word,
	raw,
	content: {
		...content,
		custom: {},
		lines: content.lines
			.filter(({ kind }) => kind !== 'service' && kind !== 'virtual')
			.map(({ kind: _kind, partOf: _partOf, notOurs: _notOurs, ...line }) => line),
	},
});

const SHOPS: Record<string, () => Promise<{ cart: Cart<never, never>; session: CartSession; raws: unknown[] }>> = {
	WooCommerce: async () => {
		const woo = await WooPeer.open();
		const more = { ...kit, fee_lines: [{ id: 31, name: 'Gift &amp; wrap', total: '4.00' }] };
		const raws = [1, 2].map((count) =>
			woo.place({ ...more, id: 7000 + count, number: String(7000 + count), date_modified_gmt: '2026-11-20T12:00:00' }),
		);
		return { cart: wooCommerceCart, session: wooSession(woo), raws };
	},
	Magento: async () => {
		const shop = await MagentoPeer.open();
		const raws = [1, 2].map(() => {
			const { entity_id: id } = shop.place();
			shop.touch(id, { items: bundleRows(id) });
			return { ...shop.orders.get(id)!, store_weight_unit: 'kgs' };
		});
		return { cart: magentoCart, session: magentoSession(shop), raws };
	},
};

onEachDatabase('orders of the version before', (open) => {
	it.each(Object.keys(SHOPS))('%s: no move, no alert', async (name) => {
		const { orderStore } = await open();
		const { cart, session, raws } = await SHOPS[name]!();
		const [first, second] = raws.map((raw) => before(cart.toOrder(raw)));
		const ids = [(await importOne(orderStore, first!)).id, (await openOrder(orderStore, second!)).id];
		const report = await importOrders({
			orderStore,
			cart,
			session,
			storeName: 'acme',
			filter: FILTER,
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
			handOutLimit: 100,
			budgetMs: 60_000,
		});
		expect(report.counts).toMatchObject({ created: 0, updated: 0, waiting: 0, canceled: 0, failed: 0 });
		const orders = await orderStore.getMany(ids);
		expect(orders.map(({ status, alerts }) => [status, alerts])).toEqual([
			['new', []],
			['open', []],
		]);
	});
});
