import { READY } from '../../lib/order/cartWord';
import { magentoCart } from '../../lib/carts/magento';
import { ships } from '../../lib/order/goods';
import type { Order } from '../../lib/order/order';
import { FAULTS } from '../../testing/servers/Peer';
import { bundleRows, MagentoPeer, sampleOrder } from '../../testing/servers/magento';
import { magentoShop, sessionOf, stored } from './magentoHarness';
import { aShipment } from './order';
import { polledCart } from './polledCart';

polledCart('Magento', magentoCart, magentoShop);

describe('an order of Magento', () => {
	const content = (changes: object = {}) => magentoCart.toOrder({ ...sampleOrder(7), ...changes }).content;

	it('is translated field by field', () => {
		expect(magentoCart.toOrder(sampleOrder(7))).toMatchObject({
			externalId: '7',
			word: READY,
			content: {
				orderNumber: '00007',
				orderedAt: '2026-11-20T12:00:00.000Z',
				customer: { email: 'ada@example.com', phone: '030 1234' },
				billingAddress: { name: 'Ada Lovelace', address1: 'Hauptstr. 1', region: 'BER' },
				shippingAddress: {
					name: 'Charles Babbage',
					address1: 'Nebenweg 2',
					address2: 'Hinterhaus',
					address3: '3. Stock, links',
					region: 'Brandenburg',
					country: 'DE',
					phone: '0331 55',
				},
				lines: [
					{ externalId: '71', sku: 'MUG', quantity: 2, unitPrice: '10.5' },
					{ externalId: '72', sku: 'TEE-L', quantity: 3, unitPrice: '10.5' },
					{ externalId: '74', sku: 'EBOOK', kind: 'virtual' },
				],
				shippingMethod: 'DHL - Standard',
				currency: 'EUR',
				subtotal: '52.5',
				shippingAmount: '4.9',
				taxAmount: '9.98',
				discountAmount: '5',
				total: '62.38',
				discountCodes: ['TEN'],
			},
		});
		expect(content().lines).toHaveLength(3);
	});

	it('takes a bundle apart, and knows what it belongs to', () => {
		const { lines } = content({ items: bundleRows(7) });
		expect(lines).toMatchObject([
			{ externalId: '71', sku: 'SET', kind: 'container' },
			{ externalId: '71', sku: 'CUP', quantity: 2, kit: { lineId: '71', sku: 'SET', quantity: 1 } },
			{ externalId: '71', sku: 'SPOON', quantity: 4, kit: { lineId: '71', sku: 'SET', quantity: 2 } },
		]);
	});

	it('takes off what was canceled or refunded', () => {
		const [mug, ...rest] = sampleOrder(7).items as object[];
		expect(content({ items: [{ ...mug, qty_refunded: 1 }, ...rest] }).lines[0]!.quantity).toBe(1);
	});

	it('is the same whatever we write back', () => {
		const items = (sampleOrder(7).items as object[]).map((item) => ({ ...item, qty_shipped: 2 }));
		expect(
			content({
				status: 'at_warehouse',
				state: 'complete',
				updated_at: '2027-01-01 00:00:00',
				status_histories: [{ comment: 'x' }],
				items,
			}),
		).toEqual(content());
	});

	it.each([
		['canceled', true],
		['closed', true],
		['complete', false],
		['new', false],
	])('%s: canceled %s', (state, canceled) =>
		expect(magentoCart.toOrder({ ...sampleOrder(7), state }).word.readiness).toBe(canceled ? 'canceled' : 'ready'),
	);

	it.each([
		['items[0].qty_ordered', { items: [{ item_id: 1, qty_ordered: 0.5 }] }],
		['billing_address.country_id', { billing_address: { country_id: 'DEU' } }],
		['created_at', { created_at: 'x' }],
	])('names %s when it is wrong', (path, changes) => expect(() => content(changes)).toThrow(path));
});

describe('reading', () => {
	it('finds an order by the number that people read', async () => {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		expect(await sessionOf(shop).getOrder!(`#${placed.increment_id}`)).toMatchObject({ entity_id: placed.entity_id });
		expect(await sessionOf(shop).getOrder!('404')).toBeNull();
	});

	it('gives weights in grams, whose unit is asked once, and none when the integration may not see it', async () => {
		const shop = await MagentoPeer.open();
		for (let count = 0; count < 2; count += 1) shop.place();
		const filter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 1 };
		const weights = async () => {
			const found = [];
			for await (const { orders } of sessionOf(shop).listOrders(null, filter))
				found.push(...orders.map((order) => order.content.lines.filter(ships).map(({ weight }) => weight)));
			return found;
		};
		expect(await weights()).toEqual([
			[1000, 1000],
			[1000, 1000],
		]);
		expect(shop.peer.calls.filter((call) => call.endsWith('/storeConfigs'))).toHaveLength(1);
		shop.weightUnit = 'lbs';
		expect((await weights())[0]).toEqual([453.59, 453.59]);
		shop.withheld = ['Magento_Backend::store'];
		expect((await weights())[0]).toEqual([null, null]);
	});

	it('says what to do about a token that the shop does not take', async () => {
		const shop = await MagentoPeer.open();
		shop.token = 'other';
		await expect(sessionOf(shop).getOrder!('1')).rejects.toMatchObject({
			code: 'credentials_invalid',
			message: expect.stringContaining('Magento_Sales::actions_view'),
			remedy: expect.stringContaining('Bearer'),
		});
	});
});

describe('writing', () => {
	const quiet = { notifyCustomer: false };
	const parcel = (order: Order, count: number, changes: object = {}) =>
		aShipment({
			id: `s${count}`,
			externalId: `S${count}`,
			trackingNumber: `T${count}`,
			carrier: 'UPS',
			serviceLevel: 'Ground',
			lines: [{ lineId: order.lines[0]!.id, quantity: 1 }],
			...changes,
		});

	it('ships by the rows that can be shipped, from the source, and tells the customer when asked', async () => {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		const order = stored(placed);
		const lines = order.lines.filter(ships).map(({ id, quantity }) => ({ lineId: id, quantity }));
		const session = sessionOf(shop, { store: 'acme', sourceCode: 'berlin' });
		expect(await session.uploadTracking(order, parcel(order, 1, { lines }), { notifyCustomer: true })).toMatchObject({ kind: 'done' });
		expect(shop.shipments).toMatchObject([
			{
				items: [
					{ order_item_id: placed.entity_id * 10 + 1, qty: 2 },
					{ order_item_id: placed.entity_id * 10 + 2, qty: 3 },
				],
				tracks: [{ track_number: 'T1', title: 'UPS Ground', carrier_code: 'ups' }],
				source: 'berlin',
				notify: true,
			},
		]);
	});

	it('adds the track of a parcel whose goods are shipped already to their shipment', async () => {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		const order = stored(placed);
		const session = sessionOf(shop, { store: 'acme', carriers: { ups: 'ups_eu' } });
		const lines = [{ lineId: order.lines[0]!.id, quantity: 2 }];
		expect(await session.uploadTracking(order, parcel(order, 1, { lines }), quiet)).toMatchObject({ kind: 'done' });
		expect(await session.uploadTracking(order, parcel(order, 2, { lines }), quiet)).toMatchObject({ kind: 'done' });
		expect(await session.uploadTracking(order, parcel(order, 2, { lines }), quiet)).toMatchObject({ kind: 'already_done' });
		expect(shop.tracks(placed.entity_id)).toEqual(['T1', 'T2']);
		expect(shop.shipments).toHaveLength(1);
		expect(shop.shipments[0]!.tracks).toMatchObject([{ carrier_code: 'ups_eu' }, { carrier_code: 'ups_eu' }]);
	});

	it('gives a shipment its track when the number comes later', async () => {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		const order = stored(placed);
		const session = sessionOf(shop);
		expect(await session.uploadTracking(order, parcel(order, 1, { trackingNumber: null }), quiet)).toMatchObject({ kind: 'done' });
		expect(await session.uploadTracking(order, parcel(order, 1, { trackingNumber: null }), quiet)).toMatchObject({ kind: 'already_done' });
		expect(await session.uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({ kind: 'done' });
		expect(shop.shipments).toHaveLength(1);
		expect(shop.tracks(placed.entity_id)).toEqual(['T1']);
	});

	it('reports a bundle as itself, with the parcel that completes it', async () => {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		shop.touch(placed.entity_id, { items: bundleRows(placed.entity_id) });
		const order = stored(shop.orders.get(placed.entity_id)!);
		const [cups, spoons] = order.lines
			.filter(ships)
			.map(({ id, quantity }, index) => parcel(order, index + 1, { lines: [{ lineId: id, quantity }] }));
		order.shipments = [cups!, spoons!];
		expect(await sessionOf(shop).uploadTracking(order, cups!, quiet)).toMatchObject({ kind: 'already_done' });
		expect(await sessionOf(shop).uploadTracking(order, spoons!, quiet)).toMatchObject({ kind: 'done' });
		expect(shop.shipments).toMatchObject([{ items: [{ order_item_id: placed.entity_id * 10 + 1, qty: 2 }] }]);
	});

	it('passes on what Magento refuses', async () => {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		const order = stored(placed);
		expect(await sessionOf(shop, { store: 'acme', sourceCode: 'moon' }).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('moon'),
		});
		shop.touch(placed.entity_id, { state: 'holded' });
		expect(await sessionOf(shop).uploadTracking(order, parcel(order, 1), quiet)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('does not allow a shipment'),
		});
	});

	it('acknowledges with a comment and a status, and cancels once', async () => {
		const shop = await MagentoPeer.open();
		const placed = shop.place();
		const order = stored(placed);
		const session = sessionOf(shop, { store: 'acme', acknowledgeStatus: 'at_warehouse' });
		expect(await session.acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(await session.acknowledge!(order)).toMatchObject({ kind: 'already_done' });
		expect(shop.orders.get(placed.entity_id)).toMatchObject({
			status: 'at_warehouse',
			status_histories: [
				{ comment: `The warehouse has the order as ${order.reference}.`, is_customer_notified: 0, is_visible_on_front: 0 },
			],
		});
		expect(await session.cancel!(order, 'Sold out')).toMatchObject({ kind: 'done' });
		expect(await session.cancel!(order, 'Sold out')).toMatchObject({ kind: 'already_done' });
		expect(shop.orders.get(placed.entity_id)).toMatchObject({
			state: 'canceled',
			status_histories: [expect.anything(), { comment: 'Sold out' }],
		});
		const invoiced = shop.place();
		shop.touch(invoiced.entity_id, { items: invoiced.items.map((item) => ({ ...item, qty_invoiced: 1 })) });
		expect(await session.cancel!(stored(invoiced), 'x')).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('credit memo'),
		});
		expect(await session.cancel!({ ...order, externalId: '5' }, 'x')).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('no order'),
		});
	});

	it.each(FAULTS)('%s at any request: the repeat leaves one shipment with one track', async (fault) => {
		for (let at = 0; at < 3; at += 1) {
			const shop = await MagentoPeer.open();
			const placed = shop.place();
			const order = stored(placed);
			shop.peer.faultAt = (index) => (index === at ? fault : null);
			const session = sessionOf(shop, { store: 'acme' }, fault === 'silent' ? 1_000 : 10_000);
			const outcomes = [];
			for (let tries = 0; tries < 4; tries += 1) outcomes.push((await session.uploadTracking(order, parcel(order, 1), quiet)).kind);
			expect(outcomes[3]).toBe('already_done');
			expect(shop.shipments).toHaveLength(1);
			expect(shop.tracks(placed.entity_id)).toEqual(['T1']);
		}
	});
});
