/** Orders of real shops that came out wrong once: fixtures/cases/magento. */
import { magentoCart } from '../../lib/carts/magento';
import { lessShipped, ships } from '../../lib/order/goods';
import { MagentoPeer } from '../../testing/servers/magento';
import bundle from './fixtures/cases/magento/m1-bundle-part-refunded.json';
import partlyShipped from './fixtures/cases/magento/m2-partly-shipped.json';
import giftCard from './fixtures/cases/magento/m3-physical-gift-card.json';
import moves from './fixtures/cases/magento/m7-held-after-import.json';
import { sessionOf, stored } from './magentoHarness';

const FILTER = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [] as string[], tags: [], skus: [], pageSize: 50 };

/** What a warehouse gets of an order of which we shipped nothing. */
function sent(raw: unknown) {
	const { content, shipped = {} } = magentoCart.toOrder(raw);
	return content.lines
		.map((line) => lessShipped(line, shipped[line.id] ?? 0))
		.filter((line) => line.quantity > 0 && ships(line))
		.map(({ sku, quantity }) => [sku, quantity]);
}

const withRows = (change: (row: object, index: number) => object) => ({
	...bundle,
	items: bundle.items.map((row, index) => ({ ...row, ...change(row, index) })),
});

it('ships the other parts of a bundle when one was refunded', () => {
	expect(sent(bundle)).toEqual([
		['CUP', 1],
		['SPOON', 2],
	]);
	const { lines } = magentoCart.toOrder(bundle).content;
	expect(lines).toMatchObject([
		{ kind: 'container', sku: 'SET' },
		{ kind: 'part', partOf: lines[0]!.id, notOurs: [{ quantity: 1, reason: 'refunded' }] },
		{ kind: 'part', partOf: lines[0]!.id },
	]);
});

it.each([
	[
		'nothing',
		{ qty_refunded: 0 },
		[
			['CUP', 2],
			['SPOON', 2],
		],
	],
	[
		'one of a bundle with a price of its own',
		{ qty_refunded: 1 },
		[
			['CUP', 1],
			['SPOON', 1],
		],
	],
	['all of it', { qty_canceled: 2, qty_refunded: 0 }, []],
	[
		'nothing, one shipped by others',
		{ qty_refunded: 0, qty_shipped: 1 },
		[
			['CUP', 1],
			['SPOON', 1],
		],
	],
])('counts %s at the bundle', (_, own, right) =>
	expect(sent(withRows((_row, index) => (index === 0 ? own : { qty_refunded: 0 })))).toEqual(right),
);

it('counts what others shipped of a part', () =>
	expect(sent(withRows((_, index) => (index === 2 ? { qty_shipped: 2 } : {})))).toEqual([['CUP', 1]]));

it('keeps a virtual part of a bundle, which is not sent and completes nothing', () => {
	const { lines } = magentoCart.toOrder(withRows((_, index) => (index === 2 ? { is_virtual: 1 } : { qty_refunded: 0 }))).content;
	expect(lines.map(({ kind, kit }) => [kind, kit?.quantity])).toEqual([
		['container', undefined],
		['part', 1],
		['virtual', undefined],
	]);
});

it('ships what others have not shipped', () => expect(sent(partlyShipped)).toEqual([['LAMP', 2]]));

it('ships printed gift cards, not those by e-mail', () => {
	expect(sent(giftCard)).toEqual([
		['GIFTCARD-50', 1],
		['LAMP', 1],
	]);
	expect(
		sent({ ...giftCard, items: giftCard.items.map((row) => ({ ...row, is_virtual: row.product_type === 'giftcard' ? 1 : 0 })) }),
	).toEqual([['LAMP', 1]]);
});

it('hears each move of m7', async () => {
	const shop = await MagentoPeer.open();
	const { entity_id: id } = shop.place(moves['imported with']);
	const said: string[] = [];
	for (const move of [...moves['then, before sending'], { state: 'processing', status: 'own_check' }, moves['imported with']]) {
		shop.touch(id, move);
		const { orders } = await sessionOf(shop).ordersByKey!([String(id)], FILTER);
		said.push(...orders.map(({ word }) => `${word.readiness}: ${word.reason}`));
	}
	expect(said).toEqual([
		'waiting: on hold',
		'waiting: payment review',
		'waiting: suspected fraud',
		'canceled: canceled_fraud',
		'waiting: status own_check',
		'ready: null',
	]);
});

it('knows the status that acknowledged, and what is complete', async () => {
	const shop = await MagentoPeer.open();
	const [acknowledged, complete] = [shop.place(), shop.place({ state: 'complete', status: 'complete' })];
	const session = sessionOf(shop, { store: 'acme', acknowledgeStatus: 'at_warehouse' });
	await session.acknowledge!(stored(acknowledged));
	const read = async (statuses: string[]) =>
		(
			await session.ordersByKey!(
				[acknowledged, complete].map(({ entity_id: id }) => String(id)),
				{ ...FILTER, statuses },
			)
		).orders.map(({ notEligible, word, shipped }) => [notEligible, word.readiness, Object.values(shipped ?? {})]);
	expect(await read([])).toEqual([
		['status at_warehouse', 'ready', []],
		['status complete', 'ready', [2, 3]],
	]);
	expect(await read(['complete'])).toEqual([
		['status at_warehouse', 'ready', []],
		[undefined, 'ready', []],
	]);
});

it('reads given orders in one call, says which are gone, and shows the newest in the editor', async () => {
	const shop = await MagentoPeer.open();
	const placed = [shop.place(), shop.place(), shop.place({ state: 'holded', status: 'holded' })].map(({ entity_id: id }) => String(id));
	const session = sessionOf(shop);
	shop.remove(Number(placed[0]));
	shop.peer.calls.length = 0;
	const { orders, gone } = await session.ordersByKey!([...placed, 'unreadable:x'], FILTER);
	expect([orders.map(({ externalId }) => externalId), gone]).toEqual([placed.slice(1), [placed[0], 'unreadable:x']]);
	expect(shop.peer.calls.filter((call) => /orders/.test(call))).toHaveLength(2);
	for await (const page of session.previewOrders!({ ...FILTER, pageSize: 1 }))
		expect(page.orders.map(({ externalId }) => externalId)).toEqual([placed[1]]);
});
