import { READY } from '../../lib/order/cartWord';
import { bigCommerceCart, rateFeedback } from '../../lib/carts/bigCommerce';
import type { Order } from '../../lib/order/order';
import { FAULTS } from '../../testing/servers/Peer';
import { BigPeer, sampleAddress, sampleOrder, sampleProduct } from '../../testing/servers/bigCommerce';
import { bigShop, sessionOf, stored } from './bigCommerceHarness';
import { aShipment } from './order';
import { polledCart } from './polledCart';

polledCart('BigCommerce', bigCommerceCart, bigShop);

const raw = (changes: object = {}) => ({
	order: sampleOrder(118),
	products: [sampleProduct(118, 1, 5, 0)],
	address: sampleAddress(118, 5),
	coupons: [],
	part: 0,
	...changes,
});

describe('an order of BigCommerce', () => {
	it('is translated field by field', () => {
		expect(bigCommerceCart.toOrder(raw({ coupons: [{ code: 'SAVE' }] }))).toMatchObject({
			externalId: '118',
			word: READY,
			content: {
				orderNumber: '118',
				orderedAt: '2026-11-20T12:00:00.000Z',
				customer: { email: 'ada@example.com', phone: '617 555 0100' },
				billingAddress: { name: 'Ada Lovelace', address1: '12 Byron St', region: 'Massachusetts', country: 'US' },
				shippingAddress: {
					name: 'Charles Babbage 5',
					company: 'Engines',
					address2: 'Flat 2',
					city: 'Austin',
					postalCode: '73301',
					email: 'charles@example.com',
				},
				lines: [{ externalId: '1', sku: 'MUG-0', name: 'Mug 0', quantity: 2, unitPrice: '10.0000', options: { Color: 'Red' } }],
				shippingMethod: 'UPS Ground',
				currency: 'USD',
				subtotal: '30.0000',
				shippingAmount: '5.0000',
				taxAmount: '2.5000',
				discountAmount: '1.00',
				total: '36.5000',
				discountCodes: ['SAVE'],
				notes: 'Leave with the porter',
				custom: { channel_id: '1' },
			},
		});
	});

	it('keeps digital goods as such, and takes off what was refunded', () => {
		const products = [
			sampleProduct(118, 1, 5, 0),
			{ ...sampleProduct(118, 2, 5, 1), type: 'digital' },
			{ ...sampleProduct(118, 3, 5, 2), quantity_refunded: 1 },
		];
		expect(
			bigCommerceCart.toOrder(raw({ products })).content.lines.map(({ externalId, quantity, kind }) => [externalId, quantity, kind]),
		).toEqual([
			['1', 2, undefined],
			['2', 2, 'virtual'],
			['3', 1, undefined],
		]);
	});

	it.each([
		['KGS', 500],
		['LBS', 226.8],
		['Ounces', 14.17],
		['Grams', 0.5],
		['Tonnes', 500_000],
		['Stones', null],
		[null, null],
	])('gives the weight of one unit in grams: %s', (weightUnit, weight) =>
		expect(bigCommerceCart.toOrder(raw({ weightUnit })).content.lines[0]!.weight).toBe(weight),
	);

	it('is the same whatever we write back', () => {
		const order = {
			...sampleOrder(118),
			status_id: 2,
			status: 'Shipped',
			staff_notes: 'x',
			date_modified: 'Sat, 21 Nov 2026 12:00:00 +0000',
			items_shipped: 3,
		};
		const products = [{ ...sampleProduct(118, 1, 5, 0), quantity_shipped: 2 }];
		expect(bigCommerceCart.toOrder(raw({ order, products })).content).toEqual(bigCommerceCart.toOrder(raw()).content);
	});

	it.each([
		[4, 'canceled'],
		[5, 'canceled'],
		[6, 'canceled'],
		[11, 'ready'],
		[2, 'ready'],
		[13, 'waiting'],
		[99, 'waiting'],
	])('status %i: %s', (status_id, word) =>
		expect(bigCommerceCart.toOrder(raw({ order: { ...sampleOrder(1), status_id } })).word.readiness).toBe(word),
	);

	it.each([
		['products[0].quantity', { products: [{ id: 1, quantity: -1 }] }],
		['products[0].id', { products: [{ quantity: 1 }] }],
		['address.country_iso2', { address: { country_iso2: 'USA' } }],
		['order.date_created', { order: { ...sampleOrder(1), date_created: 'yesterday' } }],
	])('names %s when it is wrong', (path, changes) => expect(() => bigCommerceCart.toOrder(raw(changes))).toThrow(path));
});

describe('reading', () => {
	const filter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 250 };
	const listed = async (big: BigPeer, more: object = {}) => {
		const found = [];
		for await (const { orders } of sessionOf(big).listOrders(null, { ...filter, ...more })) found.push(...orders);
		return found;
	};

	it('reads products past the fiftieth', async () => {
		const big = await BigPeer.open();
		big.place({}, { lines: 120 });
		expect((await listed(big))[0]!.content.lines).toHaveLength(120);
	});

	it('asks the unit of weights once, and comes without weights when the token may not see it', async () => {
		const big = await BigPeer.open();
		for (let count = 0; count < 3; count += 1) big.place();
		expect((await listed(big)).map(({ content: { lines } }) => lines[0]!.weight)).toEqual([500, 500, 500]);
		expect(big.peer.calls.filter((call) => call.endsWith('/v2/store'))).toHaveLength(1);
		big.scopes = ['store_v2_orders'];
		expect((await listed(big)).map(({ content: { lines } }) => lines[0]!.weight)).toEqual([null, null, null]);
	});

	it('makes one order of each address', async () => {
		const big = await BigPeer.open();
		const { id } = big.place({}, { addresses: 2, lines: 3 });
		const orders = await listed(big);
		expect(
			orders.map(({ externalId, content }) => [
				externalId,
				content.orderNumber,
				content.shippingAddress?.name,
				content.lines.map(({ sku }) => sku),
			]),
		).toEqual([
			[`${id}.${id * 10}`, `${id}-1`, `Charles Babbage ${id * 10}`, ['MUG-0', 'MUG-2']],
			[`${id}.${id * 10 + 1}`, `${id}-2`, `Charles Babbage ${id * 10 + 1}`, ['MUG-1']],
		]);
		expect(bigCommerceCart.toOrder(await sessionOf(big).getOrder!(`${id}-2`)).externalId).toBe(orders[1]!.externalId);
		expect(await sessionOf(big).getOrder!(`${id}-3`)).toBeNull();
	});

	it('gives every order, and says which of them are not asked for', async () => {
		const big = await BigPeer.open();
		for (const status_id of [0, 1, 7, 9, 11, 5]) big.place({ status_id });
		expect((await listed(big, { statuses: ['9', '11'] })).map(({ word, notEligible }) => [word.readiness, notEligible ?? null])).toEqual([
			['waiting', 'status Incomplete'],
			['waiting', 'status Pending'],
			['waiting', 'status Awaiting Payment'],
			['ready', null],
			['ready', null],
			['canceled', 'status Cancelled'],
		]);
		expect(await listed(await BigPeer.open())).toEqual([]);
	});

	it('says what to do about a token that was revoked', async () => {
		const big = await BigPeer.open();
		big.token = 'other';
		await expect(sessionOf(big).getOrder!('1')).rejects.toMatchObject({
			code: 'credentials_invalid',
			remedy: expect.stringContaining('scope Orders: modify'),
		});
	});

	it('knows the count that BigCommerce tells', () => {
		const told = (left: string) =>
			rateFeedback({
				status: 200,
				body: null,
				headers: { 'x-rate-limit-requests-left': left, 'x-rate-limit-time-reset-ms': '1500', 'x-rate-limit-requests-quota': '450' },
			});
		expect(told('7')).toEqual({ available: 7, capacity: 450 });
		expect(told('0')).toEqual({ available: 0, capacity: 450, pauseMs: 1500 });
		expect(rateFeedback({ status: 200, body: null, headers: {} })).toBeNull();
	});
});

describe('writing', () => {
	const notify = { notifyCustomer: true };
	const parcel = (order: Order, count: number, changes: object = {}) =>
		aShipment({
			id: `s${count}`,
			externalId: `S${count}`,
			trackingNumber: `T${count}`,
			carrier: 'UPS',
			serviceLevel: 'Ground',
			lines: [{ lineId: order.lines[count - 1]!.id, quantity: 2 }],
			...changes,
		});

	it('adds a shipment for each parcel, with the row of the order and its address', async () => {
		const big = await BigPeer.open();
		const { id } = big.place();
		const order = await stored(big, id);
		const session = sessionOf(big, { store: 'acme', carriers: { ups: 'ups' } });
		expect(await session.uploadTracking(order, parcel(order, 1), notify)).toMatchObject({ kind: 'done' });
		expect(big.orders.get(id)!.status_id).toBe(3);
		expect(await session.uploadTracking(order, parcel(order, 2, { carrier: 'Hermes' }), notify)).toMatchObject({ kind: 'done' });
		expect(big.orders.get(id)!.status_id).toBe(2);
		expect(await session.uploadTracking(order, parcel(order, 2), notify)).toMatchObject({ kind: 'already_done' });
		expect(big.shipments.get(id)).toMatchObject([
			{
				order_address_id: id * 10,
				items: [{ order_product_id: id * 1000, quantity: 2 }],
				tracking_number: 'T1',
				shipping_provider: 'ups',
				shipping_method: 'UPS Ground',
			},
			{ tracking_number: 'T2', tracking_link: expect.stringMatching(/^https:/), shipping_method: 'Hermes Ground' },
		]);
	});

	it('knows a shipment without a tracking number by its key', async () => {
		const big = await BigPeer.open();
		const { id } = big.place();
		const order = await stored(big, id);
		const bare = parcel(order, 1, { trackingNumber: null, trackingUrl: null });
		expect(await sessionOf(big).uploadTracking(order, bare, notify)).toMatchObject({ kind: 'done' });
		expect(await sessionOf(big).uploadTracking(order, bare, notify)).toMatchObject({ kind: 'already_done' });
		expect(big.shipments.get(id)).toHaveLength(1);
	});

	it('ships one of several addresses', async () => {
		const big = await BigPeer.open();
		const { id } = big.place({}, { addresses: 2 });
		const order = await stored(big, `${id}-2`);
		expect(await sessionOf(big).uploadTracking(order, parcel(order, 1), notify)).toMatchObject({ kind: 'done' });
		expect(big.shipments.get(id)).toMatchObject([{ order_address_id: id * 10 + 1 }]);
		expect(await sessionOf(big).cancel!(order, 'x')).toMatchObject({ kind: 'rejected' });
	});

	it('passes on what BigCommerce refuses', async () => {
		const big = await BigPeer.open();
		const { id } = big.place();
		const order = await stored(big, id);
		big.products.get(id)![0]!.quantity_shipped = 1;
		expect(await sessionOf(big).uploadTracking(order, parcel(order, 1), notify)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('quantity'),
		});
		big.products.set(id, []);
		expect(await sessionOf(big).uploadTracking(order, parcel(order, 1), notify)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('edited'),
		});
	});

	it('acknowledges by staff note or status, keeps what people wrote, and cancels once', async () => {
		const big = await BigPeer.open();
		const { id } = big.place({ staff_notes: 'Call first' });
		const order = await stored(big, id);
		expect(await sessionOf(big).acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(await sessionOf(big).acknowledge!(order)).toMatchObject({ kind: 'already_done' });
		expect(big.orders.get(id)!.staff_notes).toBe(`Call first\nThe warehouse has the order as acme.${id}.`);
		const byStatus = sessionOf(big, { store: 'acme', acknowledgeBy: 'status' });
		expect(await byStatus.acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(await byStatus.acknowledge!(order)).toMatchObject({ kind: 'already_done' });
		expect(big.orders.get(id)!.status_id).toBe(9);
		expect(await byStatus.cancel!(order, 'Sold out')).toMatchObject({ kind: 'done' });
		expect(await byStatus.cancel!(order, 'Sold out')).toMatchObject({ kind: 'already_done' });
		expect(big.orders.get(id)!.status_id).toBe(5);
		const shipped = big.place({ status_id: 2 });
		expect(await byStatus.cancel!(await stored(big, shipped.id), 'x')).toMatchObject({ kind: 'rejected' });
		expect(await byStatus.cancel!({ ...order, externalId: '7' }, 'x')).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('no order'),
		});
	});

	it.each(FAULTS)('%s at any request: the repeat leaves one shipment', async (fault) => {
		for (let at = 0; at < 5; at += 1) {
			const big = await BigPeer.open();
			const { id } = big.place();
			const order = await stored(big, id);
			const before = big.peer.requests.length;
			big.peer.faultAt = (index) => (index === before + at ? fault : null);
			const session = sessionOf(big, { store: 'acme' }, fault === 'silent' ? 1_000 : 10_000);
			const outcomes = [];
			for (let tries = 0; tries < 4; tries += 1) outcomes.push((await session.uploadTracking(order, parcel(order, 1), notify)).kind);
			expect(outcomes[3]).toBe('already_done');
			expect(big.shipments.get(id)).toHaveLength(1);
		}
	});
});
