import { READY } from '../../lib/order/cartWord';
import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import type { ImportedOrder, Order } from '../../lib/order/order';
import type { Cursor } from '../../lib/order/wmsEvent';
import { FAULTS } from '../../testing/servers/Peer';
import { sampleOrder, WooPeer, type WooOrder } from '../../testing/servers/wooCommerce';
import { aShipment } from './order';
import { polledCart } from './polledCart';
import { sessionOf, stored, trackings, wooShop } from './wooCommerceHarness';

polledCart('WooCommerce', wooCommerceCart, wooShop);

describe('an order of WooCommerce', () => {
	const content = (changes: object = {}) => wooCommerceCart.toOrder({ ...sampleOrder(1001), ...changes }).content;

	it('is translated field by field', () => {
		expect(wooCommerceCart.toOrder(sampleOrder(1001))).toMatchObject({
			externalId: '1001',
			word: READY,
			content: {
				orderNumber: '1001',
				orderedAt: '2026-11-20T12:00:00.000Z',
				customer: { email: 'ada@example.com', phone: '+49 30 1234' },
				billingAddress: {
					name: 'Ada Lovelace',
					company: 'Engines Ltd',
					address1: 'Hauptstr. 1',
					address2: null,
					region: 'DE-BE',
					email: 'ada@example.com',
				},
				shippingAddress: {
					name: 'Charles Babbage',
					company: null,
					address1: 'Nebenweg 2',
					address2: 'Hinterhaus',
					city: 'Potsdam',
					postalCode: '01067',
					country: 'DE',
					phone: '+49 30 1234',
					email: null,
				},
				lines: [
					{ externalId: '10011', sku: 'RED-MUG', name: 'Red Mug', quantity: 2, unitPrice: '9', options: {} },
					{ externalId: '10012', sku: 'TEE-L', name: 'Tee - L', quantity: 1, unitPrice: '15.3', options: { Size: 'L' } },
				],
				shippingMethod: 'DHL Paket',
				currency: 'EUR',
				subtotal: '35.30',
				shippingAmount: '4.90',
				taxAmount: '7.26',
				discountAmount: '2.00',
				total: '44.97',
				discountCodes: ['WELCOME'],
				notes: 'Ring twice',
				custom: { delivery_window: 'morning' },
			},
		});
	});

	it.each([
		[
			'the billing address when there is no other',
			{ shipping: { first_name: '', last_name: '', address_1: '', city: '', postcode: '', country: '' } },
			{ shippingAddress: { name: 'Ada Lovelace', city: 'Berlin' } },
		],
		['a number of a plugin', { number: 'DE-77' }, { orderNumber: 'DE-77' }],
		['no date', { date_created_gmt: null }, { orderedAt: null }],
		[
			'a line without a SKU',
			{ line_items: [{ id: 1, name: 'Thing', quantity: 1, sku: '', price: 16.666666666667 }] },
			{ lines: [{ sku: null, name: 'Thing', unitPrice: '16.66666667' }] },
		],
		[
			'refunded quantities',
			{ order_refunds: [{ id: 5, line_items: [{ quantity: -1, meta_data: [{ key: '_refunded_item_id', value: '10011' }] }] }] },
			{ lines: [{ quantity: 1 }, { quantity: 1 }] },
		],
	])('%s', (_, changes, expected) => expect(content(changes)).toMatchObject(expected));

	it('is the same whatever we write back', () => {
		const meta = [
			...(sampleOrder(1001).meta_data as object[]),
			{ id: 9, key: '_wc_shipment_tracking_items', value: [{}] },
			{ id: 10, key: '_order_fulfillment_reference', value: 'x' },
		];
		expect(content({ status: 'completed', date_modified_gmt: '2026-12-01T00:00:00', meta_data: meta })).toEqual(content());
	});

	it.each(['cancelled', 'refunded', 'failed'])('%s takes it back', (status) =>
		expect(wooCommerceCart.toOrder({ ...sampleOrder(1), status }).word.readiness).toBe('canceled'),
	);

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
		woo.refunds.set(plain.id, [
			{
				id: 5,
				reason: 'broken',
				line_items: [{ id: 8, quantity: -1, meta_data: [{ id: 1, key: '_refunded_item_id', value: String(plain.id * 10 + 1) }] }],
			},
		]);
		const numbered = woo.place({ number: 'DE-77' });
		const session = sessionOf(woo);
		expect(wooCommerceCart.toOrder(await session.getOrder!(`#${plain.id}`)).content.lines[0]!.quantity).toBe(1);
		expect(await session.getOrder!('DE-77')).toMatchObject({ id: numbered.id });
		expect(await session.getOrder!(String(numbered.id))).toBeNull();
		expect(await session.getOrder!('4')).toBeNull();
	});

	const filter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [] as string[], tags: [], skus: [], pageSize: 50 };
	const listed = async (woo: WooPeer, changes: Partial<typeof filter> = {}): Promise<ImportedOrder[]> => {
		const all: ImportedOrder[] = [];
		for await (const { orders } of sessionOf(woo).listOrders(null, { ...filter, ...changes })) all.push(...orders);
		return all;
	};
	const heard = ({ raw, notEligible, word: { readiness }, shipped }: ImportedOrder) => [
		(raw as unknown as WooOrder).status,
		notEligible ?? 'eligible',
		readiness,
		shipped === undefined ? 'open' : 'shipped',
	];

	it('gives every order, and says which the statuses of the trigger take, also of plugins and with their prefix', async () => {
		const woo = await WooPeer.open();
		woo.statuses = ['ready-to-ship'];
		for (const status of ['processing', 'on-hold', 'ready-to-ship', 'completed', 'refunded', 'trash']) woo.place({ status });
		expect((await listed(woo, { statuses: ['on-hold', 'wc-ready-to-ship'] })).map(heard)).toEqual([
			['processing', 'status processing', 'waiting', 'open'],
			['on-hold', 'eligible', 'ready', 'open'],
			['ready-to-ship', 'eligible', 'ready', 'open'],
			['completed', 'status completed', 'ready', 'shipped'],
			['refunded', 'status refunded', 'canceled', 'open'],
			['trash', 'status trash', 'gone', 'open'],
		]);
		expect((await listed(woo, { statuses: ['completed'] })).map(heard)[3]).toEqual(['completed', 'eligible', 'ready', 'open']);
		expect((await listed(woo, { statuses: ['any'] })).map(heard)).toMatchObject([
			{ 2: 'ready' },
			{ 2: 'ready' },
			{ 2: 'ready' },
			{ 2: 'ready', 3: 'open' },
			{ 2: 'canceled' },
			{ 2: 'gone' },
		]);
	});

	it('knows the statuses that it set itself: they say nothing new', async () => {
		const woo = await WooPeer.open();
		woo.statuses = ['at-warehouse', 'fraud-check'];
		const [acknowledged, shippedOrder] = [woo.place(), woo.place()];
		await sessionOf(woo, { store: 'acme', acknowledgeBy: 'status', acknowledgeStatus: 'at-warehouse' }).acknowledge!(stored(acknowledged));
		const sent = stored(shippedOrder);
		const all = { ...sent, lines: sent.lines.map((line) => ({ ...line, quantityShipped: line.quantity })) };
		await sessionOf(woo).uploadTracking(all, aShipment({ trackingNumber: 'T1' }), { notifyCustomer: false });
		expect((await listed(woo)).map(heard)).toEqual([
			['at-warehouse', 'status at-warehouse', 'ready', 'open'],
			['completed', 'status completed', 'ready', 'open'],
		]);
		woo.touch(acknowledged.id, { status: 'fraud-check' });
		expect((await listed(woo)).map(heard)).toContainEqual(['fraud-check', 'status fraud-check', 'waiting', 'open']);
	});

	it('asks for the refunds and products of a page at once, and for an order alone before 9.0', async () => {
		const woo = await WooPeer.open();
		const placed = [woo.place(), woo.place(), woo.place()];
		for (const [index, { id }] of placed.entries()) {
			woo.touch(id, { refunds: [{ id: 500 + index, total: '-9.00' }] });
			woo.refunds.set(id, [
				{
					id: 500 + index,
					line_items: [{ id: 8, quantity: -1, meta_data: [{ id: 1, key: '_refunded_item_id', value: String(id * 10 + 1) }] }],
				},
			]);
		}
		const quantities = (orders: ImportedOrder[]) => orders.map(({ content: { lines } }) => lines[0]!.quantity);
		woo.peer.calls.length = 0;
		expect(quantities(await listed(woo))).toEqual([1, 1, 1]);
		expect(woo.peer.calls.filter((call) => call.includes('refunds'))).toEqual(['GET /wp-json/wc/v3/refunds']);
		expect(woo.peer.calls.filter((call) => call.includes('products'))).toEqual([
			'GET /wp-json/wc/v3/products',
			'GET /wp-json/wc/v3/products/12/variations',
		]);
		woo.givesAllRefunds = false;
		expect(quantities(await listed(woo))).toEqual([1, 1, 1]);
	});

	it('knows products and variations that need no shipping, unless it may not see products', async () => {
		const woo = await WooPeer.open();
		woo.virtual = [11, 121];
		woo.place();
		expect((await listed(woo))[0]!.content.lines.map(({ kind }) => kind)).toEqual(['virtual', 'virtual']);
		woo.virtual = [121];
		expect((await listed(woo))[0]!.content.lines.map(({ kind }) => kind)).toEqual([undefined, 'virtual']);
		woo.seesProducts = false;
		expect((await listed(woo))[0]!.content.lines.map(({ kind }) => kind)).toEqual([undefined, undefined]);
	});

	it('reads given orders in one call, and says which are gone', async () => {
		const woo = await WooPeer.open();
		const [ready, held, trashed, odd] = [
			woo.place(),
			woo.place({ status: 'on-hold' }),
			woo.place({ status: 'trash' }),
			woo.place({ status: 'of-a-plugin-that-is-off' }),
		];
		woo.peer.calls.length = 0;
		const { orders, failures, gone } = await sessionOf(woo).ordersByKey!(
			[ready, held, trashed, odd].map(({ id }) => String(id)).concat('99', 'unreadable:x'),
			filter,
		);
		expect(orders.map(({ externalId, word }) => [externalId, word.readiness, word.reason])).toEqual([
			[String(ready.id), 'ready', null],
			[String(held.id), 'waiting', 'on hold'],
			[String(trashed.id), 'gone', 'in the trash'],
			[String(odd.id), 'waiting', 'status of-a-plugin-that-is-off'],
		]);
		expect(failures).toEqual([]);
		expect(gone).toEqual(['99', 'unreadable:x']);
		expect(woo.peer.calls.filter((call) => /orders/.test(call))).toEqual([
			'GET /wp-json/wc/v3/orders',
			`GET /wp-json/wc/v3/orders/${odd.id}`,
			'GET /wp-json/wc/v3/orders/99',
		]);
		woo.peer.faultAt = () => 'html';
		await expect(sessionOf(woo).ordersByKey!(['99'], filter)).rejects.toMatchObject({ code: 'unexpected_answer' });
	});

	it('shows the newest orders in the editor', async () => {
		const woo = await WooPeer.open();
		for (const status of ['processing', 'processing', 'completed']) woo.place({ status });
		for await (const { orders } of sessionOf(woo).previewOrders!({ ...filter, pageSize: 1 }))
			expect(orders.map(({ externalId }) => externalId)).toEqual(['1002']);
	});

	it('looks for a number on all pages of the search', async () => {
		const woo = await WooPeer.open();
		const wanted = woo.place({ number: 'B-1' });
		for (let count = 0; count < 120; count += 1) woo.place({ number: `B-1${count}` }, { step: 1 });
		expect(await sessionOf(woo).getOrder!('B-1')).toMatchObject({ id: wanted.id });
		expect(await sessionOf(woo).getOrder!('B-1x')).toBeNull();
	});

	describe('read over many pages', () => {
		const filter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 100 };
		async function read(woo: WooPeer, cursor: Cursor | null = null): Promise<{ ids: string[]; cursor: Cursor | null; calls: string[] }> {
			const ids: string[] = [];
			let next = cursor;
			const before = woo.peer.calls.length;
			for await (const page of sessionOf(woo).listOrders(cursor, filter)) {
				ids.push(...page.orders.map(({ externalId }) => externalId));
				({ next } = page);
			}
			return { ids, cursor: next, calls: woo.peer.calls.slice(before) };
		}
		const idsOf = (woo: WooPeer): string[] => [...woo.orders.keys()].map(String).sort();

		it.each([true, false])('misses none of 500 orders of one second that come in any order (as posts: %s)', async (sortsByLocalTime) => {
			const woo = await WooPeer.open();
			woo.sortsByLocalTime = sortsByLocalTime;
			for (let count = 0; count < 500; count += 1) woo.place({}, { step: 0 });
			const { ids, calls } = await read(woo);
			expect(ids.sort()).toEqual(idsOf(woo));
			// Two are about products.
			expect(calls.length).toBeLessThanOrEqual(11);
		});

		it('misses none when the clocks are set back, and orders are sorted by local time', async () => {
			const woo = await WooPeer.open();
			woo.sortsByLocalTime = true;
			const begin = Date.UTC(2026, 9, 25);
			for (let count = 0; count < 140; count += 1) {
				const at = begin + count * 51_000;
				const text = (time: number): string => new Date(time).toISOString().slice(0, 19);
				woo.place({ date_modified_gmt: text(at), date_modified: text(at + (at < begin + 3_600_000 ? 2 : 1) * 3_600_000) }, { step: 0 });
			}
			for (const pageSize of [100, 20, 7]) {
				filter.pageSize = pageSize;
				const { ids } = await read(woo);
				expect([...new Set(ids)].sort()).toEqual(idsOf(woo));
			}
			filter.pageSize = 100;
		});

		it.each([true, false])(
			'asks for the refunds of a page at once, where the shop can (%s), and for nothing once all is read',
			async (givesAllRefunds) => {
				const woo = await WooPeer.open();
				woo.givesAllRefunds = givesAllRefunds;
				for (let count = 0; count < 60; count += 1) {
					const { id } = woo.place({ refunds: [{ id: 5_000 + count }] }, { step: 0 });
					woo.refunds.set(id, [{ id: 5_000 + count, line_items: [] }]);
				}
				woo.now += 5;
				const first = await read(woo);
				expect(first.ids).toHaveLength(60);
				// Two are about products.
				expect(first.calls).toHaveLength(givesAllRefunds ? 4 : 64);
				woo.now += 301;
				const second = await read(woo, first.cursor);
				woo.now += 301;
				const third = await read(woo, second.cursor);
				expect(third).toMatchObject({ ids: [], calls: ['GET /wp-json/wc/v3/orders'] });
			},
		);
	});

	it.each([-720, -300, 0, 120, 840])('misses none on a site %i minutes ahead of GMT', async (offset) => {
		const woo = await WooPeer.open();
		woo.offset = offset;
		const session = sessionOf(woo);
		const fromNow = { ...filter, earliestOrderDate: new Date(woo.now * 1000).toISOString() };
		woo.place({}, { step: -3_600 });
		const placed = woo.place({}, { step: 3_600 });
		const found: unknown[] = [];
		for await (const { orders } of session.listOrders(null, fromNow))
			found.push(...orders.map((order) => (order.raw as unknown as WooOrder).id));
		expect(found).toEqual([placed.id]);
	});

	it.each([
		['revoked keys', (woo: WooPeer): void => void (woo.key = 'other'), 'credentials_invalid', /HTTPS/],
		['a page for maintenance', (woo: WooPeer): void => void (woo.peer.faultAt = () => 'html'), 'unexpected_answer', /firewall|maintenance/],
		['a failure', (woo: WooPeer): void => void (woo.peer.faultAt = () => '500-before'), 'partner_unavailable', /retried/],
	] as const)('says what to do about %s', async (_, spoil, code, remedy) => {
		const woo = await WooPeer.open();
		spoil(woo);
		await expect(sessionOf(woo).getOrder!('1')).rejects.toMatchObject({ code, remedy: expect.stringMatching(remedy) });
	});

	it.each([400, 406, 409, 422])('takes a page of a firewall (%i) for no answer of the shop: it is tried again', async (status) => {
		const http = async () =>
			await Promise.resolve({ status, headers: { 'content-type': 'text/html' }, body: '<html><h1>Not Acceptable!</h1></html>' });
		const session = wooCommerceCart.open({ account: 'x', http }, { store: 'acme' });
		await expect(session.getOrder!('1')).rejects.toMatchObject({
			code: 'unexpected_answer',
			message: expect.stringContaining(String(status)),
			remedy: expect.stringContaining('firewall'),
		});
		expect(await session.acknowledge!(stored((await WooPeer.open()).place()))).toMatchObject({ kind: 'unavailable' });
	});

	it('says that a site without permalinks has no REST API', async () => {
		const woo = await WooPeer.open();
		woo.peer.faultAt = () => null;
		const session = wooCommerceCart.open(
			{
				account: 'x',
				http: async () => await Promise.resolve({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not found</html>' }),
			},
			{ store: 'acme' },
		);
		await expect(session.getOrder!('1')).rejects.toMatchObject({
			code: 'unexpected_answer',
			remedy: expect.stringContaining('Permalinks'),
		});
	});
});

describe('writing', () => {
	const shipped = (order: Order): Order => ({ ...order, lines: order.lines.map((line) => ({ ...line, quantityShipped: line.quantity })) });
	const parcels = (order: Order) =>
		[1, 2].map((count) =>
			aShipment({
				id: `s${count}`,
				externalId: `S${count}`,
				trackingNumber: `T${count}`,
				carrier: 'Ups',
				lines: [{ lineId: order.lines[count - 1]!.id, quantity: 1 }],
			}),
		);
	const notify = { notifyCustomer: true };

	it('keeps the tracking of others, and completes the order with the last parcel only', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place({
			meta_data: [{ id: 1, key: '_wc_shipment_tracking_items', value: [{ tracking_number: 'BY-HAND', tracking_provider: 'UPS' }] }],
		});
		const order = shipped(stored(placed));
		order.shipments = parcels(order);
		const session = sessionOf(woo, { store: 'acme', carriers: { ups: 'UPS' } });
		expect(await session.uploadTracking(order, order.shipments[0]!, notify)).toMatchObject({ kind: 'done' });
		expect(woo.orders.get(placed.id)!.status).toBe('processing');
		expect(await session.uploadTracking(order, order.shipments[1]!, notify)).toMatchObject({ kind: 'done' });
		expect(woo.orders.get(placed.id)!.status).toBe('completed');
		expect(trackings(woo, placed.id)).toMatchObject([
			{ tracking_number: 'BY-HAND' },
			{ tracking_number: 'T1', tracking_provider: 'UPS', custom_tracking_link: '', date_shipped: '1788566400' },
			{ tracking_number: 'T2' },
		]);
		expect(trackings(woo, placed.id)[1]!.tracking_id).toMatch(/^[0-9a-f]{32}$/);
		expect(await session.uploadTracking(order, order.shipments[1]!, notify)).toMatchObject({ kind: 'already_done' });
	});

	it('writes a carrier that the table does not have as a custom provider with its link', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place();
		const order = stored(placed);
		await sessionOf(woo).uploadTracking(order, parcels(order)[0]!, notify);
		expect(trackings(woo, placed.id)).toMatchObject([
			{ tracking_provider: '', custom_tracking_provider: 'Ups', custom_tracking_link: 'https://track.example/1Z999AA10123456784' },
		]);
	});

	it('uses the endpoint of the plugin when told, and says when it is not there', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place();
		const order = shipped(stored(placed));
		const [parcel] = parcels(order);
		const session = sessionOf(woo, { store: 'acme', tracking: 'plugin', carriers: { UPS: 'UPS' } });
		expect(await session.uploadTracking(order, parcel!, notify)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('plugin'),
		});
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
		expect(await sessionOf(woo, { store: 'acme', shippedStatus }).uploadTracking(order, parcels(order)[0]!, notify)).toMatchObject({
			kind: 'done',
		});
		expect(woo.orders.get(placed.id)!.status).toBe(end);
	});

	it('acknowledges by meta, status or note', async () => {
		const woo = await WooPeer.open();
		woo.statuses = ['at-warehouse'];
		const placed = woo.place();
		const order = stored(placed);
		expect(await sessionOf(woo).acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(woo.meta(placed.id, '_order_fulfillment_reference')).toBe(order.reference);
		expect(await sessionOf(woo, { store: 'acme', acknowledgeBy: 'note' }).acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(await sessionOf(woo, { store: 'acme', acknowledgeBy: 'note' }).acknowledge!(order)).toMatchObject({ kind: 'already_done' });
		const byStatus = sessionOf(woo, { store: 'acme', acknowledgeBy: 'status', acknowledgeStatus: 'wc-at-warehouse' });
		expect(await byStatus.acknowledge!(order)).toMatchObject({ kind: 'done' });
		expect(woo.orders.get(placed.id)!.status).toBe('at-warehouse');
		expect(await byStatus.acknowledge!(order)).toMatchObject({ kind: 'already_done' });
		expect(await sessionOf(woo, { store: 'acme', acknowledgeBy: 'status', acknowledgeStatus: 'gone' }).acknowledge!(order)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('status'),
		});
		expect(await sessionOf(woo, { store: 'acme', acknowledgeBy: 'status' }).acknowledge!(order)).toMatchObject({ kind: 'rejected' });
	});

	it('acknowledges many orders in few calls; of what is refused only that order hears', async () => {
		const woo = await WooPeer.open();
		woo.statuses = ['at-warehouse'];
		const orders = Array.from({ length: 30 }, () => stored(woo.place()));
		woo.remove(Number(orders[3]!.externalId));
		woo.touch(Number(orders[4]!.externalId), { status: 'trash' });
		const before = woo.peer.requests.length;
		const outcomes = await sessionOf(woo).acknowledgeMany!(orders);
		// Two lists, two batches, and one that the list does not have.
		expect(woo.peer.requests.length - before).toBe(5);
		expect(outcomes.map(({ kind }) => kind)).toEqual(orders.map((_, index) => (index === 3 ? 'rejected' : 'done')));
		expect(
			orders.map(({ externalId }, index) => (index === 3 ? null : woo.meta(Number(externalId), '_order_fulfillment_reference'))),
		).toEqual(orders.map(({ reference }, index) => (index === 3 ? null : reference)));
		// Once more: nothing is written.
		const after = woo.peer.requests.length;
		expect((await sessionOf(woo).acknowledgeMany!(orders)).map(({ kind }) => kind)).toEqual(
			orders.map((_, index) => (index === 3 ? 'rejected' : 'already_done')),
		);
		expect(woo.peer.requests.slice(after).filter(({ method }) => method !== 'GET')).toEqual([]);
		// Deleted between the list and the call.
		woo.beforeBatch = () => woo.remove(Number(orders[5]!.externalId));
		woo.touch(Number(orders[5]!.externalId), { meta_data: [] });
		expect(await sessionOf(woo).acknowledgeMany!(orders.slice(4, 6))).toMatchObject([
			{ kind: 'already_done' },
			{ kind: 'rejected', problem: 'WooCommerce refused it: Invalid ID.' },
		]);
		for (const acknowledgeBy of ['note', 'status'] as const)
			expect(sessionOf(woo, { store: 'acme', acknowledgeBy }).acknowledgeMany).toBeUndefined();
	});

	it('tells the customer of each tracking number by a note, once, when that is set', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place();
		const order = stored(placed);
		const session = sessionOf(woo, { store: 'acme', noteToCustomer: true });
		const [first] = parcels(order);
		expect(await session.uploadTracking(order, first!, notify)).toMatchObject({ kind: 'done' });
		expect(await session.uploadTracking(order, first!, notify)).toMatchObject({ kind: 'already_done' });
		expect(woo.notes.get(placed.id)).toMatchObject([
			{ customer_note: true, note: 'Your order is on its way with Ups. Tracking number: T1 (https://track.example/1Z999AA10123456784)' },
		]);
	});

	it('adds a note once whatever WordPress makes of its signs', async () => {
		const woo = await WooPeer.open();
		const placed = woo.place();
		const note = async () => await sessionOf(woo).addNote!(stored(placed), 'C:\\shelf "4" & <b>more</b> &amp; it’s');
		expect([(await note()).kind, (await note()).kind]).toEqual(['done', 'already_done']);
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
				const session = sessionOf(woo, { store: 'acme', tracking }, fault === 'silent' ? 1_000 : 10_000);
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
