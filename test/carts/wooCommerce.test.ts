import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import type { Order } from '../../lib/order/order';
import { FAULTS } from '../servers/Peer';
import { sampleOrder, WooPeer, type WooOrder } from '../servers/wooCommerce';
import { aShipment } from './order';
import { polledCart } from './polledCart';
import { sessionOf, stored, trackings, wooShop } from './wooCommerceHarness';

polledCart('WooCommerce', wooCommerceCart, wooShop);

describe('an order of WooCommerce', () => {
	const content = (changes: object = {}) => wooCommerceCart.toOrder({ ...sampleOrder(1001), ...changes }).content;

	it('is translated field by field', () => {
		expect(wooCommerceCart.toOrder(sampleOrder(1001))).toMatchObject({
			externalId: '1001',
			canceled: false,
			content: {
				orderNumber: '1001', orderedAt: '2026-11-20T12:00:00.000Z', customer: { email: 'ada@example.com', phone: '+49 30 1234' },
				billingAddress: { name: 'Ada Lovelace', company: 'Engines Ltd', address1: 'Hauptstr. 1', address2: null, region: 'DE-BE', email: 'ada@example.com' },
				shippingAddress: { name: 'Charles Babbage', company: null, address1: 'Nebenweg 2', address2: 'Hinterhaus', city: 'Potsdam', postalCode: '01067', country: 'DE', phone: '+49 30 1234', email: null },
				lines: [
					{ externalId: '10011', sku: 'RED-MUG', name: 'Red Mug', quantity: 2, unitPrice: '9', options: {} },
					{ externalId: '10012', sku: 'TEE-L', name: 'Tee - L', quantity: 1, unitPrice: '15.3', options: { Size: 'L' } },
				],
				shippingMethod: 'DHL Paket', currency: 'EUR', subtotal: '35.30', shippingAmount: '4.90', taxAmount: '7.26', discountAmount: '2.00', total: '44.97',
				discountCodes: ['WELCOME'], notes: 'Ring twice', custom: { delivery_window: 'morning' },
			},
		});
	});

	it.each([
		['the billing address when there is no other', { shipping: { first_name: '', last_name: '', address_1: '', city: '', postcode: '', country: '' } }, { shippingAddress: { name: 'Ada Lovelace', city: 'Berlin' } }],
		['a number of a plugin', { number: 'DE-77' }, { orderNumber: 'DE-77' }],
		['no date', { date_created_gmt: null }, { orderedAt: null }],
		['a line without a SKU', { line_items: [{ id: 1, name: 'Thing', quantity: 1, sku: '', price: 16.666666666667 }] }, { lines: [{ sku: null, name: 'Thing', unitPrice: '16.66666667' }] }],
		['refunded quantities', { order_refunds: [{ id: 5, line_items: [{ quantity: -1, meta_data: [{ key: '_refunded_item_id', value: '10011' }] }] }] }, { lines: [{ quantity: 1 }, { quantity: 1 }] }],
	])('%s', (_, changes, expected) => expect(content(changes)).toMatchObject(expected));

	it('is the same whatever we write back', () => {
		const meta = [...(sampleOrder(1001).meta_data as object[]), { id: 9, key: '_wc_shipment_tracking_items', value: [{}] }, { id: 10, key: '_order_fulfillment_reference', value: 'x' }];
		expect(content({ status: 'completed', date_modified_gmt: '2026-12-01T00:00:00', meta_data: meta })).toEqual(content());
	});

	it.each(['cancelled', 'refunded', 'failed'])('%s takes it back', (status) => expect(wooCommerceCart.toOrder({ ...sampleOrder(1), status }).canceled).toBe(true));

	it.each([
		['line_items[0].quantity', { line_items: [{ id: 1, quantity: 1.5 }] }],
		['line_items[0].id', { line_items: [{ quantity: 1 }] }],
		['shipping.country', { shipping: { address_1: 'x', country: 'Germany' } }],
		['total', { total: '1,50' }],
		['line_items', { line_items: 'x' }],
	])('names %s when it is wrong', (path, changes) => expect(() => content(changes)).toThrow(path));
});

describe('reading', () => {
	it('finds an order by its number, of WooCommerce or of a plugin, with its refunds', async () => {
		const woo = await WooPeer.open();
		const plain = woo.place({ refunds: [{ id: 5, total: '-9.00' }] });
		woo.refunds.set(plain.id, [{ id: 5, reason: 'broken', line_items: [{ id: 8, quantity: -1, meta_data: [{ id: 1, key: '_refunded_item_id', value: String(plain.id * 10 + 1) }] }] }]);
		const numbered = woo.place({ number: 'DE-77' });
		const session = sessionOf(woo);
		expect(wooCommerceCart.toOrder(await session.getOrder!(`#${plain.id}`)).content.lines[0]!.quantity).toBe(1);
		expect(await session.getOrder!('DE-77')).toMatchObject({ id: numbered.id });
		expect(await session.getOrder!(String(numbered.id))).toBeNull();
		expect(await session.getOrder!('4')).toBeNull();
	});

	it('asks for several statuses, also of plugins, and always for what takes orders back', async () => {
		const woo = await WooPeer.open();
		woo.statuses = ['ready-to-ship'];
		for (const status of ['processing', 'on-hold', 'ready-to-ship', 'completed', 'refunded']) woo.place({ status });
		const ids: string[] = [];
		for await (const { orders } of sessionOf(woo).listOrders(null, { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: ['on-hold', 'ready-to-ship'], tags: [], skus: [], pageSize: 50 })) {
			ids.push(...orders.map((order) => (order as WooOrder).status));
		}
		expect(ids).toEqual(['on-hold', 'ready-to-ship', 'refunded']);
	});

	it.each([-720, -300, 0, 120, 840])('misses none on a site %i minutes ahead of GMT', async (offset) => {
		const woo = await WooPeer.open();
		woo.offset = offset;
		const session = sessionOf(woo);
		const filter = { earliestOrderDate: new Date(woo.now * 1000).toISOString(), statuses: [], tags: [], skus: [], pageSize: 50 };
		woo.place({}, { step: -3_600 });
		const placed = woo.place({}, { step: 3_600 });
		const found: unknown[] = [];
		for await (const { orders } of session.listOrders(null, filter)) found.push(...orders.map((order) => (order as WooOrder).id));
		expect(found).toEqual([placed.id]);
	});

	it.each([
		['revoked keys', (woo: WooPeer): void => void (woo.key = 'other'), 'credentials_invalid', /HTTPS/],
		['a page for maintenance', (woo: WooPeer): void => void (woo.peer.faultAt = () => 'html'), 'unexpected_answer', /firewall|maintenance/],
		['a failure', (woo: WooPeer): void => void (woo.peer.faultAt = () => '500-before'), 'partner_unavailable', /later/],
	] as const)('says what to do about %s', async (_, spoil, code, remedy) => {
		const woo = await WooPeer.open();
		spoil(woo);
		await expect(sessionOf(woo).getOrder!('1')).rejects.toMatchObject({ code, remedy: expect.stringMatching(remedy) });
	});

	it('says that a site without permalinks has no REST API', async () => {
		const woo = await WooPeer.open();
		woo.peer.faultAt = () => null;
		const session = wooCommerceCart.open({ account: 'x', http: async () => await Promise.resolve({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not found</html>' }) }, {});
		await expect(session.getOrder!('1')).rejects.toMatchObject({ code: 'unexpected_answer', remedy: expect.stringContaining('Permalinks') });
	});
});

describe('writing', () => {
	const shipped = (order: Order): Order => ({ ...order, lines: order.lines.map((line) => ({ ...line, quantityShipped: line.quantity })) });
	const parcels = (order: Order) => [1, 2].map((count) => aShipment({ id: `s${count}`, externalId: `S${count}`, trackingNumber: `T${count}`, carrier: 'Ups', lines: [{ lineId: order.lines[count - 1]!.id, quantity: 1 }] }));
	const notify = { notifyCustomer: true };

	it('keeps the tracking of others, and completes the order with the last parcel only', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place({ meta_data: [{ id: 1, key: '_wc_shipment_tracking_items', value: [{ tracking_number: 'BY-HAND', tracking_provider: 'UPS' }] }] });
		const order = shipped(stored(placed));
		order.shipments = parcels(order);
		const session = sessionOf(woo, { carriers: { ups: 'UPS' } });
		expect(await session.uploadTracking(order, order.shipments[0]!, notify)).toMatchObject({ kind: 'done' });
		expect(woo.orders.get(placed.id)!.status).toBe('processing');
		expect(await session.uploadTracking(order, order.shipments[1]!, notify)).toMatchObject({ kind: 'done' });
		expect(woo.orders.get(placed.id)!.status).toBe('completed');
		expect(trackings(woo, placed.id)).toMatchObject([{ tracking_number: 'BY-HAND' }, { tracking_number: 'T1', tracking_provider: 'UPS', custom_tracking_link: '', date_shipped: '1788566400' }, { tracking_number: 'T2' }]);
		expect(trackings(woo, placed.id)[1]!.tracking_id).toMatch(/^[0-9a-f]{32}$/);
		expect(await session.uploadTracking(order, order.shipments[1]!, notify)).toMatchObject({ kind: 'already_done' });
	});

	it('writes a carrier that the table does not have as a custom provider with its link', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place();
		const order = stored(placed);
		await sessionOf(woo).uploadTracking(order, parcels(order)[0]!, notify);
		expect(trackings(woo, placed.id)).toMatchObject([{ tracking_provider: '', custom_tracking_provider: 'Ups', custom_tracking_link: 'https://track.example/1Z999AA10123456784' }]);
	});

	it('uses the endpoint of the plugin when told, and says when it is not there', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place();
		const order = shipped(stored(placed));
		const [parcel] = parcels(order);
		const session = sessionOf(woo, { tracking: 'plugin', carriers: { UPS: 'UPS' } });
		expect(await session.uploadTracking(order, parcel!, notify)).toMatchObject({ kind: 'rejected', problem: expect.stringContaining('plugin') });
		woo.plugin = true;
		expect(await session.uploadTracking(order, parcel!, notify)).toMatchObject({ kind: 'done' });
		expect(await session.uploadTracking(order, parcel!, notify)).toMatchObject({ kind: 'already_done' });
		expect(trackings(woo, placed.id)).toMatchObject([{ tracking_number: 'T1', tracking_provider: 'UPS', date_shipped: '1788566400' }]);
		expect(woo.orders.get(placed.id)!.status).toBe('completed');
	});

	it.each([
		['cancelled', 'completed', 'cancelled'],
		['processing', '', 'processing'],
		['processing', 'shipped', 'shipped'],
	])('an order that is %s, with the shipped status "%s", ends %s', async (status, shippedStatus, end) => {
		const woo = await WooPeer.open();
		woo.statuses = ['shipped'];
		const placed = woo.place({ status });
		const order = shipped(stored(placed));
		expect(await sessionOf(woo, { shippedStatus }).uploadTracking(order, parcels(order)[0]!, notify)).toMatchObject({ kind: 'done' });
		expect(woo.orders.get(placed.id)!.status).toBe(end);
	});

	it('acknowledges by meta, status or note', async () => {
		const woo = await WooPeer.open();
		woo.statuses = ['at-warehouse'];
		const placed = woo.place();
		const order = stored(placed);
		expect(await sessionOf(woo).acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(woo.meta(placed.id, '_order_fulfillment_reference')).toBe(order.reference);
		expect(await sessionOf(woo, { acknowledgeBy: 'note' }).acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(await sessionOf(woo, { acknowledgeBy: 'note' }).acknowledge!(order)).toMatchObject({ kind: 'already_done' });
		const byStatus = sessionOf(woo, { acknowledgeBy: 'status', acknowledgeStatus: 'wc-at-warehouse' });
		expect(await byStatus.acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(woo.orders.get(placed.id)!.status).toBe('at-warehouse');
		expect(await byStatus.acknowledge!(order)).toMatchObject({ kind: 'already_done' });
		expect(await sessionOf(woo, { acknowledgeBy: 'status', acknowledgeStatus: 'gone' }).acknowledge!(order)).toMatchObject({ kind: 'rejected', problem: expect.stringContaining('status') });
		expect(await sessionOf(woo, { acknowledgeBy: 'status' }).acknowledge!(order)).toMatchObject({ kind: 'rejected' });
	});

	it('cancels once, with the reason as a note; a completed order is left to people', async () => {
		const woo = await WooPeer.open();
		const [open, done] = [woo.place(), woo.place({ status: 'completed' })];
		const session = sessionOf(woo);
		expect(await session.cancel!(stored(open), 'Out of stock')).toMatchObject({ kind: 'done' });
		expect(await session.cancel!(stored(open), 'Out of stock')).toMatchObject({ kind: 'already_done' });
		expect(woo.orders.get(open.id)!.status).toBe('cancelled');
		expect(woo.notes.get(open.id)).toMatchObject([{ note: 'Out of stock', customer_note: false }]);
		expect(await session.cancel!(stored(done), 'x')).toMatchObject({ kind: 'rejected' });
		expect(woo.orders.get(done.id)!.status).toBe('completed');
	});

	it('says when the order is gone', async () => {
		const woo = await WooPeer.open();
		const order = stored(woo.place(), { externalId: '1' });
		const session = sessionOf(woo);
		for (const outcome of [session.acknowledge!(order), session.cancel!(order, 'x'), session.uploadTracking(order, aShipment(), notify)]) {
			expect(await outcome).toMatchObject({ kind: 'rejected', problem: expect.stringContaining('no order') });
		}
	});

	it.each(FAULTS)('%s at any request: the repeat leaves each tracking number once, and the order completed', async (fault) => {
		for (const tracking of ['meta', 'plugin'] as const) {
			for (let at = 0; at < 4; at += 1) {
				const woo = await WooPeer.open();
				woo.plugin = true;
				const placed = woo.place();
				const order = shipped(stored(placed));
				woo.peer.faultAt = (index) => (index === at ? fault : null);
				// Only an answer that never comes is given up early: a busy machine must not look like a fault.
				const session = sessionOf(woo, { tracking }, fault === 'silent' ? 1_000 : 10_000);
				const [parcel] = parcels(order);
				const outcomes = [];
				for (let tries = 0; tries < 5; tries += 1) outcomes.push((await session.uploadTracking(order, parcel!, notify)).kind);
				expect(outcomes[4]).toBe('already_done');
				expect(outcomes.filter((kind) => kind === 'unavailable').length).toBeLessThan(2);
				expect(trackings(woo, placed.id)).toHaveLength(1);
				expect(woo.orders.get(placed.id)!.status).toBe('completed');
			}
		}
	});
});
