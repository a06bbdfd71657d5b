/** Orders of Shopify into the real store: nothing missed, nothing twice, whatever happens between two pages. */
import { shopifyCart } from '../../lib/carts/shopify';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { actor } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { openShopify, type ShopifyPeer } from '../../testing/servers/shopify/shopifyPeer';
import { FAULTS } from '../../testing/servers/Peer';
import { accountOf } from './shopifyHarness';

const EARLIEST = '2026-01-01T00:00:00.000Z';

onEachDatabase('importing from Shopify', (open) => {
	async function begin(pageSize = 3) {
		const { orderStore } = await open();
		const shopify = await openShopify();
		const session = shopifyCart.open(accountOf(shopify, { timeoutMs: 900 }), {});
		const run = async () =>
			await importOrders({
				orderStore,
				cart: shopifyCart,
				session,
				storeName: 'acme',
				filter: { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize },
				abandonAfterDays: 45,
				onChange: 'replace',
				actor,
				handOutLimit: 1000,
				budgetMs: 60_000,
			});
		const numbers = async () =>
			(await orderStore.search({ limit: 100, sort: { by: 'orderNumber', direction: 'asc' } })).items.map(({ orderNumber }) => orderNumber);
		return { orderStore, shopify, shop: shopify.shop, run, numbers };
	}
	const wanted = (count: number): string[] => Array.from({ length: count }, (_, index) => `#${1001 + index}`);
	/** At the nth time that a page of changes is asked for. */
	const atPage = (shopify: ShopifyPeer, page: number, act: () => void): void => {
		let asked = 0;
		shopify.before = (operation) => {
			if (operation === 'ChangedOrders' && (asked += 1) === page) act();
		};
	};

	it('reads to the end, also where many orders bear the same second over borders of pages', async () => {
		const { shop, run, numbers } = await begin();
		for (let index = 0; index < 20; index += 1) shop.place({ at: shop.now + Math.floor(index / 8) });
		expect((await run()).counts).toMatchObject({ created: 20, failed: 0 });
		expect(await numbers()).toEqual(wanted(20));
		expect((await run()).counts).toMatchObject({ created: 0, updated: 0 });
	});

	it('misses none when orders change between two pages', async () => {
		const { shopify, shop, run, numbers } = await begin();
		for (let index = 0; index < 10; index += 1) shop.place();
		atPage(shopify, 2, () => {
			for (const name of ['#1001', '#1004', '#1005']) shop.touch(shop.named(name));
			shop.place();
		});
		expect((await run()).counts).toMatchObject({ created: 11 });
		expect(await numbers()).toEqual(wanted(11));
	});

	it('keeps what it has when the shop is closed between two pages, says so, and goes on once it is open', async () => {
		const { shopify, shop, run, numbers } = await begin();
		for (let index = 0; index < 7; index += 1) shop.place();
		atPage(shopify, 2, () => (shopify.inactive = true));
		const first = await run();
		expect(first).toMatchObject({ counts: { failed: 0 }, complete: false });
		const recorded = await numbers();
		expect(first.orders.map(({ orderNumber }) => orderNumber).sort()).toEqual(recorded);
		expect(recorded.length).toBeGreaterThanOrEqual(3);
		expect(recorded.length).toBeLessThan(7);
		// One that is placed meanwhile, by a person in the admin, is there afterwards too.
		shop.place();
		const before = [await numbers(), shopify.operations.length];
		for (let count = 0; count < 2; count += 1) {
			await expect(run()).rejects.toMatchObject({
				name: 'PartnerError',
				code: 'partner_unavailable',
				retryable: true,
				message: expect.stringContaining('The shop is not active'),
				remedy: expect.stringContaining('Open the shop at Shopify again'),
			});
		}
		expect([await numbers(), shopify.operations.length]).toEqual(before);
		shopify.inactive = false;
		expect(await run()).toMatchObject({ counts: { created: 8 - recorded.length, updated: 0, canceled: 0, failed: 0 }, complete: true });
		expect(await numbers()).toEqual(wanted(8));
	});

	it('finds an order that became visible after later ones', async () => {
		const { shop, run, numbers } = await begin();
		shop.place();
		const late = shop.place();
		late.visibleFrom = shop.now + 100;
		shop.place();
		await run();
		expect(await numbers()).toEqual(['#1001', '#1003']);
		shop.now += 100;
		await run();
		expect(await numbers()).toEqual(wanted(3));
	});

	it('updates what is not sent, and cancels', async () => {
		const { orderStore, shop, run } = await begin();
		const order = shop.place({ lines: [{ quantity: 1 }, {}] });
		await run();
		shop.edit(order, 0, 5);
		expect((await run()).counts).toMatchObject({ updated: 1 });
		expect((await orderStore.search({ limit: 5 })).items[0]?.lines.map(({ quantity }) => quantity)).toEqual([5, 1]);
		shop.cancel(order, true);
		expect((await run()).counts).toMatchObject({ canceled: 1 });
		expect((await orderStore.search({ limit: 5 })).items[0]?.status).toBe('canceled');
	});

	it('lets two pollers run at once', async () => {
		const { shop, run, numbers } = await begin();
		for (let index = 0; index < 15; index += 1) shop.place();
		const both = await Promise.all([run(), run()]);
		await run();
		expect(await numbers()).toEqual(wanted(15));
		expect(both[0].counts.created + both[1].counts.created).toBeLessThanOrEqual(15);
	});

	it.each(FAULTS)('ends with the same orders after %s at any request', async (fault) => {
		const { shopify, shop, run, numbers } = await begin(4);
		for (let index = 0; index < 9; index += 1) shop.place();
		for (let at = 0; at < 8; at += 1) {
			const start = shopify.peer.requests.length;
			shopify.peer.faultAt = (index) => (index === start + at ? fault : null);
			await run().catch((error: unknown) => expect(error).toMatchObject({ name: 'PartnerError' }));
		}
		shopify.peer.faultAt = () => null;
		await run();
		expect(await numbers()).toEqual(wanted(9));
	});
});
