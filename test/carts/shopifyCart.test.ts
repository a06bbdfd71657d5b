/** What only Shopify has: fulfillment orders, holds, moves and edits, tracking changes, its many ways to say no. */
import { shopifyCart, withHttpStatus, feedbackOf } from '../../lib/carts/shopify';
import { allocate } from '../../lib/carts/shopify/allocate';
import { spelled } from '../../lib/carts/shopify/carriers';
import * as documents from '../../lib/carts/shopify/documents';
import { checkAccess } from '../../lib/carts/shopify';
import type { CartSession, ImportFilter } from '../../lib/carts/Cart';
import { wordOf } from '../../lib/order/cartWord';
import type { ImportedOrder, Order, Shipment } from '../../lib/order/order';
import type { Cursor } from '../../lib/order/wmsEvent';
import { parse, validate } from 'graphql';
import { requestedCost } from '../../testing/servers/shopify/cost';
import { adminSchema } from '../../testing/servers/shopify/schema';
import { EPOCH } from '../../testing/servers/shopify/Shop';
import { openShopify } from '../../testing/servers/shopify/shopifyPeer';
import { anOrder, aShipment } from './order';
import { accountOf, imported, sessionOf } from './shopifyHarness';

const FILTER: ImportFilter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 50 };

async function list(
	session: CartSession,
	cursor: Cursor | null = null,
	filter: Partial<ImportFilter> = {},
): Promise<{ orders: ImportedOrder[]; cursor: Cursor | null }> {
	const orders: ImportedOrder[] = [];
	let next = cursor;
	for await (const page of session.listOrders(cursor, { ...FILTER, ...filter })) {
		orders.push(...page.orders);
		next = page.next ?? next;
	}
	return { orders, cursor: next };
}

/** What of a list the store would take, or hear of an order that it has. */
const names = ({ orders }: { orders: ImportedOrder[] }): string[] =>
	orders.flatMap((order) => {
		const { readiness } = wordOf(order.word, order.content.lines);
		return order.notEligible !== undefined || readiness === 'not_ours'
			? []
			: `${order.content.orderNumber}${readiness === 'ready' ? '' : ` ${readiness}`}`;
	});
const parcel = (order: Order, quantities: readonly number[], changes: Partial<Shipment> = {}): Shipment =>
	aShipment({
		lines: quantities.flatMap((quantity, index) => (quantity > 0 ? [{ lineId: order.lines[index]!.id, quantity }] : [])),
		...changes,
	});
const quiet = { notifyCustomer: false };

describe('documents', () => {
	const all = Object.values(documents).filter((one): one is typeof documents.ADD_TAG => typeof one === 'object');
	const sizes: Record<string, object> = {
		ChangedOrders: { first: 250 },
		OrdersById: { ids: Array.from({ length: documents.ORDERS_AT_ONCE }, () => 'x') },
	};

	it.each(all.map((one) => [one.name, one] as const))(
		'%s is in the published schema, uses nothing deprecated, and costs what it says',
		(name, { text, cost }) => {
			const document = parse(text);
			expect(validate(adminSchema(), document).map(({ message }) => message)).toEqual([]);
			const requested = requestedCost(adminSchema(), document, (sizes[name] ?? {}) as Record<string, unknown>);
			expect(requested).toBeLessThanOrEqual(cost);
			expect(cost).toBeLessThanOrEqual(1000);
		},
	);
});

describe('which orders are imported', () => {
	it('paid ones that are to be shipped; canceled ones cancel', async () => {
		const shopify = await openShopify();
		const { shop } = shopify;
		shop.place();
		shop.place({ more: { financial: 'PENDING' } });
		shop.place({ more: { test: true } });
		shop.place({ lines: [{ requiresShipping: false }] });
		shop.cancel(shop.place(), true);
		shop.place({ more: { tags: ['pickup'] } });
		expect(names(await list(sessionOf(shopify)))).toEqual(['#1001', '#1006', '#1005 canceled'].sort());
		expect(
			names(await list(sessionOf(shopify, { testOrders: true, withoutTags: ['pickup'] }), null, { statuses: ['pending', 'paid'] })),
		).toEqual(['#1001', '#1002', '#1003', '#1005 canceled']);
	});

	it('on hold they wait; released, they are ready although their time did not change', async () => {
		const shopify = await openShopify();
		const order = shopify.shop.place();
		shopify.shop.hold(order, 'Fraud check');
		const session = sessionOf(shopify);
		const first = await list(session);
		expect(names(first)).toEqual(['#1001 waiting']);
		expect(first.orders[0]?.word.reason).toBe('on hold (Fraud check)');
		shopify.shop.now += 3600;
		for (let index = 0; index < 3; index += 1) shopify.shop.place();
		const second = await list(session, first.cursor);
		expect(names(second).sort()).toEqual(['#1001 waiting', '#1002', '#1003', '#1004']);
		shopify.shop.release(order, { touch: false });
		const third = await list(session, second.cursor);
		expect(names(third)).toContain('#1001');
		expect(names(await list(session, third.cursor))).not.toContain('#1001');
	});

	it('of a location only what is assigned to it; moved away, nothing of it is ours', async () => {
		const shopify = await openShopify();
		shopify.shop.scopes.push('read_locations');
		const order = shopify.shop.place({ lines: [{ sku: 'A', quantity: 2 }, { sku: 'B' }], locations: ['Main', 'Berlin'] });
		const lines = async (location: string) =>
			(await list(sessionOf(shopify, { location }))).orders.map(({ word, content }) => [
				wordOf(word, content.lines).readiness,
				content.lines.map(({ sku, quantity }) => `${quantity} ${sku}`),
			]);
		expect(await lines('Main')).toEqual([['ready', ['2 A', '0 B']]]);
		expect(await lines('2')).toEqual([['ready', ['0 A', '1 B']]]);
		shopify.shop.move(order, 'Berlin');
		expect(await lines('Main')).toEqual([['not_ours', ['0 A', '0 B']]]);
		expect(await lines('gid://shopify/Location/2')).toEqual([['ready', ['2 A', '1 B']]]);
	});

	it('of a location that is named by its key not without the scope that shows keys, and says so', async () => {
		const shopify = await openShopify();
		shopify.shop.place();
		await expect(list(sessionOf(shopify, { location: '2' }))).rejects.toMatchObject({
			code: 'credentials_invalid',
			remedy: expect.stringContaining('read_locations'),
		});
		expect(names(await list(sessionOf(shopify, { location: 'Main' })))).toEqual(['#1001']);
	});

	it('what others shipped a part of only when told to; the store takes off what they shipped', async () => {
		const shopify = await openShopify();
		const order = shopify.shop.place({ lines: [{ sku: 'A', quantity: 3 }] });
		const [one] = order.fulfillmentOrders;
		shopify.shop.fulfil([{ one: one!, line: one!.lines[0]!.id, quantity: 1 }], order, [], false);
		expect(names(await list(sessionOf(shopify)))).toEqual([]);
		expect((await list(sessionOf(shopify, { partiallyFulfilled: true }))).orders[0]).toMatchObject({
			shipped: { [`L${order.lines[0]!.id.split('/').at(-1)!}`]: 1 },
			content: { lines: [{ sku: 'A', quantity: 3 }] },
		});
	});

	it('an order of many lines and fulfillment orders whole', async () => {
		const shopify = await openShopify();
		shopify.shop.place({
			lines: Array.from({ length: 130 }, (_, index) => ({ sku: `S${index}` })),
			locations: Array.from({ length: 130 }, (_, index) => (index < 3 ? 'Berlin' : `W${index % 5}`)),
		});
		const { orders } = await list(sessionOf(shopify));
		expect(orders[0]?.content.lines.map(({ sku }) => sku)).toEqual(Array.from({ length: 130 }, (_, index) => `S${index}`));
	});

	it('from the present of the shop when no date is given', async () => {
		const shopify = await openShopify();
		shopify.shop.place({ at: EPOCH });
		shopify.shop.place({ at: EPOCH + 9000 });
		const first = await list(sessionOf(shopify), null, { earliestOrderDate: null });
		expect(names(first)).toEqual(['#1002']);
		shopify.shop.now = EPOCH + 10_000;
		shopify.shop.place();
		expect(names(await list(sessionOf(shopify), first.cursor, { earliestOrderDate: null }))).toContain('#1003');
	});
});

describe('orders by their keys', () => {
	const keyOf = ({ id }: { id: string }): string => id.split('/').at(-1)!;

	it('are read in as few queries as fit, each as the settings see it', async () => {
		const shopify = await openShopify();
		shopify.shop.scopes.push('read_locations');
		const placed = Array.from({ length: 7 }, () => shopify.shop.place());
		placed[6]!.financial = 'PENDING';
		shopify.shop.hold(placed[5]!, 'Fraud check');
		const { orders, failures, gone } = await sessionOf(shopify).ordersByKey!(placed.map(keyOf), FILTER);
		expect([orders.map(({ word }) => word.reason), failures, gone]).toEqual([
			[null, null, null, null, null, 'on hold (Fraud check)', 'payment pending'],
			[],
			[],
		]);
		expect(shopify.operations).toEqual(['OrdersById', 'OrdersById']);
	});

	it('that are not shown are gone only if the app sees old orders too', async () => {
		const shopify = await openShopify();
		const [kept, deleted] = [shopify.shop.place(), shopify.shop.place()];
		shopify.shop.remove(deleted);
		const keys = [kept, deleted].map(keyOf);
		expect(await sessionOf(shopify).ordersByKey!(keys, FILTER)).toMatchObject({
			orders: [{ externalId: keys[0] }],
			failures: [{ key: keys[1], message: expect.stringContaining('read_all_orders') }],
			gone: [],
		});
		shopify.shop.scopes.push('read_all_orders');
		expect(await sessionOf(shopify).ordersByKey!(keys, FILTER)).toMatchObject({
			orders: [{ externalId: keys[0] }],
			failures: [],
			gone: [keys[1]],
		});
	});
});

it('counts every shipment of an order that has many, and none that was canceled', async () => {
	const shopify = await openShopify();
	const order = shopify.shop.place({ lines: [{ quantity: 6 }] });
	const [one] = order.fulfillmentOrders;
	for (let count = 0; count < 5; count += 1) shopify.shop.fulfil([{ one: one!, line: one!.lines[0]!.id, quantity: 1 }], order, [], false);
	order.fulfillments[1]!.status = 'CANCELLED';
	one!.lines[0]!.remaining += 1;
	const [given] = (await list(sessionOf(shopify))).orders;
	expect([Object.values(given!.shipped ?? {}), given!.content.lines[0]!.quantity]).toEqual([[4], 6]);
});

it('does not take its own write-back for a change', async () => {
	const shopify = await openShopify();
	const placed = shopify.shop.place({ lines: [{ quantity: 2 }, {}], more: { note: 'Ring twice', tags: ['vip'] } });
	const session = sessionOf(shopify);
	const before = (await list(session)).orders[0]!;
	const order = await imported(session, placed);
	expect((await session.acknowledge!(order)).kind).toBe('done');
	expect((await session.acknowledge!(order)).kind).toBe('already_done');
	expect((await session.addNote!(order, 'Packed')).kind).toBe('done');
	expect((await session.addNote!(order, 'Packed')).kind).toBe('already_done');
	expect((await session.uploadTracking(order, parcel(order, [1]), quiet)).kind).toBe('done');
	expect(placed).toMatchObject({ tags: ['vip', 'sent-to-warehouse'], note: 'Ring twice\n[warehouse] Packed' });
	const after = (await list(session)).orders;
	expect(after.map(({ content }) => content)).toEqual([before.content]);
	expect(
		(await session.uploadTracking(order, parcel(order, [1, 1], { id: 's2', externalId: 'S2', trackingNumber: '1Z2' }), quiet)).kind,
	).toBe('done');
	expect((await list(session)).orders.map(({ content }) => content)).toEqual([before.content]);
});

describe('tracking', () => {
	it('goes to the fulfillment orders that are there now, after edits and moves', async () => {
		const shopify = await openShopify();
		const placed = shopify.shop.place({ lines: [{ quantity: 3 }, {}] });
		const session = sessionOf(shopify);
		const order = await imported(session, placed);
		shopify.shop.move(placed, 'Berlin');
		expect(
			await session.uploadTracking(order, parcel(order, [2, 1], { carrier: 'ups_ground', trackingUrl: 'javascript:alert(1)' }), {
				notifyCustomer: true,
			}),
		).toMatchObject({ kind: 'done' });
		expect(placed.fulfillments).toMatchObject([
			{
				location: 'Berlin',
				notified: true,
				tracking: [{ company: 'UPS', number: '1Z999AA10123456784', url: null }],
				lines: [{ quantity: 2 }, { quantity: 1 }],
			},
		]);
	});

	it('of a parcel from two locations is told once for each; a crash between is made good', async () => {
		const shopify = await openShopify();
		const placed = shopify.shop.place({ lines: [{ quantity: 1 }, { quantity: 2 }], locations: ['Main', 'Berlin'] });
		const session = sessionOf(shopify);
		const order = await imported(session, placed);
		let creations = 0;
		shopify.peer.faultAt = (_, { text }) => (text.includes('mutation CreateFulfillment') && (creations += 1) === 2 ? '500-before' : null);
		expect((await session.uploadTracking(order, parcel(order, [1, 2]), quiet)).kind).toBe('unavailable');
		expect(placed.fulfillments).toHaveLength(1);
		expect((await session.uploadTracking(order, parcel(order, [1, 2]), quiet)).kind).toBe('done');
		expect(placed.fulfillments.map(({ location }) => location).sort()).toEqual(['Berlin', 'Main']);
		expect((await session.uploadTracking(order, parcel(order, [1, 2]), quiet)).kind).toBe('already_done');
	});

	it('that changed replaces the old number; what was fulfilled by hand gets it', async () => {
		const shopify = await openShopify();
		const placed = shopify.shop.place({ lines: [{ quantity: 2 }] });
		const session = sessionOf(shopify);
		const order = await imported(session, placed);
		shopify.shop.fulfilByHand(placed);
		expect((await session.uploadTracking(order, parcel(order, [2]), quiet)).kind).toBe('done');
		expect(placed.fulfillments).toMatchObject([{ tracking: [{ number: '1Z999AA10123456784' }] }]);
		expect((await session.uploadTracking(order, parcel(order, [2], { trackingNumber: 'NEW' }), quiet)).kind).toBe('done');
		expect(placed.fulfillments).toMatchObject([{ tracking: [{ number: 'NEW' }] }]);
	});

	it('of a kit is told with the parcel that completes it, with all its numbers', async () => {
		const shopify = await openShopify();
		const placed = shopify.shop.place();
		const session = sessionOf(shopify);
		const order = await imported(session, placed);
		const [line] = order.lines;
		const part = (id: string) => ({ ...line!, id, sku: id, quantity: 1, kit: { lineId: line!.id, sku: 'SET', quantity: 1 } });
		const kit = { ...order, lines: [part('K1'), part('K2')] } as Order;
		const first = aShipment({ id: 'a', externalId: 'A', trackingNumber: 'T1', trackingUrl: null, lines: [{ lineId: 'K1', quantity: 1 }] });
		const second = aShipment({ id: 'b', externalId: 'B', trackingNumber: 'T2', trackingUrl: null, lines: [{ lineId: 'K2', quantity: 1 }] });
		const both = { ...kit, shipments: [first, second] };
		expect((await session.uploadTracking(both, first, quiet)).kind).toBe('already_done');
		expect((await session.uploadTracking(both, second, quiet)).kind).toBe('done');
		expect(placed.fulfillments).toMatchObject([{ tracking: [{ number: 'T2' }, { number: 'T1' }] }]);
	});

	it('waits for a hold, and is refused with a reason where nothing is left', async () => {
		const shopify = await openShopify();
		const placed = shopify.shop.place();
		const session = sessionOf(shopify);
		const order = await imported(session, placed);
		shopify.shop.hold(placed, 'Address check');
		expect(await session.uploadTracking(order, parcel(order, [1]), quiet)).toMatchObject({
			kind: 'unavailable',
			cause: expect.stringContaining('Address check'),
		});
		shopify.shop.release(placed);
		shopify.shop.edit(placed, 0, 0);
		expect(await session.uploadTracking(order, parcel(order, [1]), quiet)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('1 × SKU-1'),
		});
		shopify.shop.cancel(placed, false);
		expect(await session.uploadTracking(order, parcel(order, [1]), quiet)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('canceled in Shopify'),
		});
	});

	it('of an unknown order is refused', async () => {
		const session = sessionOf(await openShopify());
		expect(await session.uploadTracking(anOrder(), aShipment(), quiet)).toMatchObject({
			kind: 'rejected',
			problem: expect.stringContaining('does not know order'),
		});
	});
});

it('cancels once, and waits for Shopify to do so', async () => {
	const shopify = await openShopify();
	const placed = shopify.shop.place();
	const session = sessionOf(shopify);
	const order = await imported(session, placed);
	expect((await session.cancel!(order, 'x'.repeat(300))).kind).toBe('done');
	expect(placed).toMatchObject({ cancelledAt: expect.any(Number), refunded: false, staffNote: 'x'.repeat(255) });
	expect((await session.cancel!(order, 'x')).kind).toBe('already_done');
	expect(shopify.operations.filter((name) => name === 'CancelOrder')).toHaveLength(1);
});

describe('what Shopify says against it', () => {
	it('names refused credentials, a wrong shop and missing scopes', async () => {
		const shopify = await openShopify();
		await expect(checkAccess(accountOf(shopify, { token: 'x' }).http)).rejects.toMatchObject({
			code: 'credentials_invalid',
			message: expect.stringContaining('Invalid API key'),
		});
		expect(await checkAccess(accountOf(shopify).http)).toContain('Connected to Acme');
		shopify.shop.scopes = ['read_orders'];
		await expect(checkAccess(accountOf(shopify).http)).rejects.toMatchObject({
			message: expect.stringMatching(/lacks write_orders .*fulfillment_orders/),
		});
		const wrong = shopifyCart.open(
			{
				...accountOf(shopify),
				http: async (request) => await accountOf(shopify).http({ ...request, url: request.url.replace('2026-10', '2000-01') }),
			},
			{},
		);
		await expect(list(wrong)).rejects.toMatchObject({
			code: 'unexpected_answer',
			message: expect.stringContaining('no shop at this address'),
		});
	});

	it('reads a refusal for too many points as 429 with its pause', () => {
		const body = {
			errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
			extensions: {
				cost: { requestedQueryCost: 300, throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 100, restoreRate: 100 } },
			},
		};
		const response = { status: 200, headers: {}, body };
		expect(withHttpStatus(response)).toMatchObject({ status: 429, headers: { 'retry-after': '2.00' } });
		expect(feedbackOf(response)).toEqual({ available: 100, capacity: 2000, perSecond: 100 });
		expect(withHttpStatus({ status: 200, headers: {}, body: { data: {} } })).toEqual({ status: 200, headers: {}, body: { data: {} } });
	});

	it('sends a throttled write again: it was not carried out', async () => {
		const shopify = await openShopify({ capacity: 2000, perSecond: 1_000_000 });
		const placed = shopify.shop.place();
		const session = sessionOf(shopify);
		const order = await imported(session, placed);
		let writes = 0;
		// Empty for the first write, and full again for the second.
		shopify.peer.faultAt = (_, { text }) => {
			if (!text.includes('mutation AddTag')) return null;
			writes += 1;
			Object.assign(shopify.bucket, writes === 1 ? { level: 0, at: Date.now() + 2000 } : { level: 2000, at: Date.now() });
			return null;
		};
		expect((await session.acknowledge!(order)).kind).toBe('done');
		expect([writes, shopify.throttled]).toEqual([2, 1]);
		expect(placed.tags).toEqual(['sent-to-warehouse']);
	});

	it('refuses half an answer', async () => {
		const shopify = await openShopify();
		shopify.shop.place();
		const account = accountOf(shopify);
		const half = shopifyCart.open(
			{
				...account,
				http: async (request) => {
					const answer = await account.http(request);
					return {
						...answer,
						body: {
							...(answer.body as object),
							errors: [{ message: 'Access denied for email', path: ['nodes', 0, 'email'], extensions: { code: 'ACCESS_DENIED' } }],
						},
					};
				},
			},
			{},
		);
		await expect(list(half)).rejects.toMatchObject({ code: 'credentials_invalid', message: expect.stringContaining('nodes.0.email') });
	});
});

it.each([
	['UPS_GROUND', 'UPS'],
	['fedex', 'FedEx'],
	['Deutsche Post AG', 'Deutsche Post'],
	['DHL_PAKET', 'DHL'],
	['Acme Vans', 'Acme Vans'],
	['', null],
	[null, null],
])('spells %s as %s', (carrier, company) => expect(spelled(carrier)).toBe(company));
it('spells a carrier as the person says', () => expect(spelled('ups', { UPS: 'UPS Freight' })).toBe('UPS Freight'));

it('takes a parcel from the fulfillment order that holds most of it, and names every line', () => {
	const one = (id: string, remaining: Record<string, number>) => ({
		id,
		status: 'OPEN',
		fulfillmentHolds: [],
		assignedLocation: { name: 'Main', location: { id: 'gid://shopify/Location/1' } },
		lineItems: {
			pageInfo: { hasNextPage: false, endCursor: null },
			nodes: Object.entries(remaining).map(([key, remainingQuantity]) => ({
				id: `${id}-${key}`,
				remainingQuantity,
				weight: null,
				lineItem: { id: `gid://shopify/LineItem/${key}` },
			})),
		},
	});
	expect(
		allocate(
			[one('A', { 1: 1 }), one('B', { 1: 2, 2: 5 })],
			new Map([
				['1', 3],
				['2', 1],
				['9', 1],
			]),
			'',
		),
	).toEqual({
		takes: [
			{
				location: 'gid://shopify/Location/1',
				lines: [
					{
						fulfillmentOrderId: 'B',
						fulfillmentOrderLineItems: [
							{ id: 'B-1', quantity: 2 },
							{ id: 'B-2', quantity: 1 },
						],
					},
					{ fulfillmentOrderId: 'A', fulfillmentOrderLineItems: [{ id: 'A-1', quantity: 1 }] },
				],
			},
		],
		missing: new Map([['9', 1]]),
		held: [],
	});
});
