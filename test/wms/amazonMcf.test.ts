import { amazonMcfWms, operationOf, type AmazonMcfSettings } from '../../lib/wms/amazonMcf';
import type { Order } from '../../lib/order/order';
import type { Cursor, WmsEvent } from '../../lib/order/wmsEvent';
import { anOrder } from '../carts/order';
import { AmazonPeer } from '../../testing/servers/amazonMcf';
import { FAULTS } from '../../testing/servers/Peer';
import { sessionOf } from './amazonMcfHarness';
import { waitingFor } from './waiting';

let amazon: AmazonPeer;
beforeEach(async () => {
	amazon = await AmazonPeer.open();
});

const send = async (changes: Partial<Order> = {}, settings: AmazonMcfSettings = {}) =>
	await sessionOf(amazon, settings).createOrder(amazonMcfWms.toRequest(anOrder(changes)));

async function poll(references: string[], cursor: Cursor | null = null, pages = Infinity) {
	const events: WmsEvent[] = [];
	const failures: string[] = [];
	for await (const page of sessionOf(amazon).listShipments(
		cursor,
		waitingFor(...references.map((reference) => ({ reference, wmsOrderId: reference }))),
	)) {
		events.push(...page.events.filter(({ kind }) => kind !== 'acknowledged'));
		failures.push(...page.failures.map(({ message }) => message));
		cursor = page.next ?? cursor;
		if ((pages -= 1) === 0) break;
	}
	return { events, failures, cursor };
}
/** Orders that were asked about, in this order. */
const asked = (): string[] => amazon.peer.calls.flatMap((call) => /^GET .*fulfillmentOrders\/([^/]+)$/.exec(call)?.[1] ?? []);

it('sends what Amazon requires, as the options say', async () => {
	const to = { ...anOrder().shippingAddress!, company: 'Analytical Engines' };
	expect(
		await send(
			{ shippingAddress: to, giftMessage: 'For you' },
			{ marketplaceId: 'ATVPDKIKX0DER', policy: 'FillAllAvailable', notify: true },
		),
	).toEqual({ kind: 'accepted', wmsOrderId: 'acme.1001' });
	expect(amazon.orders.get('acme.1001')?.given).toEqual({
		marketplaceId: 'ATVPDKIKX0DER',
		sellerFulfillmentOrderId: 'acme.1001',
		displayableOrderId: '#1001',
		displayableOrderDate: '2026-09-03T14:14:00.000Z',
		displayableOrderComment: 'For you',
		shippingSpeedCategory: 'Standard',
		fulfillmentAction: 'Ship',
		fulfillmentPolicy: 'FillAllAvailable',
		notificationEmails: ['ada@example.com'],
		destinationAddress: {
			name: 'Ada Lovelace',
			addressLine1: '12 Byron St',
			addressLine2: 'Analytical Engines',
			city: 'Boston',
			stateOrRegion: 'MA',
			postalCode: '02134',
			countryCode: 'US',
			phone: '+1 617 555 0100',
		},
		items: [
			{
				sellerSku: 'RED-MUG',
				sellerFulfillmentOrderItemId: 'L1',
				quantity: 2,
				perUnitDeclaredValue: { currencyCode: 'USD', value: '10.00' },
			},
			{
				sellerSku: 'TEE-L',
				sellerFulfillmentOrderItemId: 'L2',
				quantity: 1,
				perUnitDeclaredValue: { currencyCode: 'USD', value: '10.00' },
			},
		],
	});
	await send({ reference: 'acme.2' });
	expect(amazon.orders.get('acme.2')?.given).toMatchObject({
		displayableOrderComment: 'Thank you for your order.',
		fulfillmentPolicy: 'FillOrKill',
	});
	expect(amazon.orders.get('acme.2')?.given).not.toHaveProperty('notificationEmails');
});

it('refuses a shipping method that is no speed of Amazon, unless one is given for others', async () => {
	expect(await send({ shippingMethod: 'Pigeon' })).toEqual({
		kind: 'rejected',
		problems: [expect.objectContaining({ field: 'serviceLevel', value: 'Pigeon', code: 'unmapped_shipping_method' })],
	});
	expect(amazon.peer.calls).toEqual([]);
	expect(await send({ shippingMethod: 'Pigeon' }, { otherSpeed: 'Expedited' })).toMatchObject({ kind: 'accepted' });
	expect(await send({ reference: 'acme.2', serviceLevel: 'priority' })).toMatchObject({ kind: 'accepted' });
	expect([...amazon.orders.values()].map(({ given }) => (given as Record<string, unknown>).shippingSpeedCategory)).toEqual([
		'Expedited',
		'Priority',
	]);
});

it('names the SKU that Amazon does not know', async () => {
	amazon.skus = new Set(['RED-MUG']);
	expect(await send()).toEqual({
		kind: 'rejected',
		problems: [expect.objectContaining({ field: 'lines.sku', code: 'unknown_sku', problem: expect.stringContaining('L2') })],
	});
});

it.each(FAULTS)('has the order once, whatever comes of the request: %s', async (fault) => {
	amazon.peer.faultAt = (_, { method }) => (method === 'POST' ? fault : null);
	const session = sessionOf(amazon, {}, 1_500);
	expect((await session.createOrder(amazonMcfWms.toRequest(anOrder()))).kind).toBe(fault === '429' ? 'unavailable' : 'unknown');
	const carriedOut = ['reset-after', '500-after', 'truncated', 'silent'].includes(fault);
	amazon.peer.faultAt = () => null;
	expect(await session.findOrder('acme.1001')).toEqual(carriedOut ? { wmsOrderId: 'acme.1001' } : null);
	expect((await session.createOrder(amazonMcfWms.toRequest(anOrder()))).kind).toBe(carriedOut ? 'duplicate' : 'accepted');
	expect(amazon.references()).toEqual(['acme.1001']);
});

it.each([
	[204, 'unknown'],
	[401, 'unavailable'],
	[403, 'unavailable'],
	[503, 'unknown'],
])('an answer %s without words leaves the order %s', async (status, kind) => {
	const session = amazonMcfWms.open({ account: 'a', http: async () => await Promise.resolve({ status, headers: {}, body: null }) }, {});
	expect((await session.createOrder(amazonMcfWms.toRequest(anOrder()))).kind).toBe(kind);
});

it('takes an order that Amazon does not know for one that is not there, in each of its ways to say so, and nothing else', async () => {
	const invalid = (message: string) => ({ status: 400, body: { errors: [{ code: 'InvalidInput', message }] } });
	for (const answer of [
		amazon.unknown,
		invalid('The requested fulfillment order does not exist.'),
		invalid('Value acme.9 for parameter SellerFulfillmentOrderId is invalid. Reason: InvalidValue.'),
	]) {
		amazon.unknown = answer;
		expect(await sessionOf(amazon).findOrder('acme.9')).toBeNull();
	}
	amazon.unknown = invalid('Value for parameter SellerId is invalid. Reason: InvalidValue.');
	await expect(sessionOf(amazon).findOrder('acme.9')).rejects.toMatchObject({ code: 'partner_refused' });
});

it('says that the token is refused, and sends nothing', async () => {
	const session = sessionOf(amazon);
	amazon.tokens.clear();
	expect(await session.createOrder(amazonMcfWms.toRequest(anOrder()))).toMatchObject({ kind: 'unavailable', alert: 'credentials_invalid' });
	expect(amazon.references()).toEqual([]);
});

it('counts each operation by itself', () => {
	const base = '/fba/outbound/2020-07-01/fulfillmentOrders';
	expect(
		[
			['GET', base],
			['POST', base],
			['GET', `${base}/a.1`],
			['PUT', `${base}/a.1/cancel`],
		].map(([method, url]) => operationOf({ method: method as 'GET', url: url! })),
	).toEqual(['GET orders', 'POST orders', 'GET order', 'PUT cancel']);
});

describe('reports', () => {
	it('a first parcel, which changes no status, and the second, each package by itself', async () => {
		const order = amazon.add('acme.1', [
			['A', 3],
			['B', 1],
		]);
		amazon.ship(order, 'S1', [['A', 1]], [{ packageNumber: 1, carrierCode: 'AMZN_US', amazonFulfillmentTrackingNumber: 'TBA1' }]);
		const first = await poll(['acme.1']);
		expect(first.events).toMatchObject([
			{ externalId: 'S1', carrier: 'AMZN_US', trackingNumber: 'TBA1', lines: [{ sku: 'A', quantity: 1 }] },
		]);
		amazon.now += 3_600_000;
		amazon.ship(
			order,
			'S2',
			[
				['A', 2, 1],
				['B', 1, 2],
			],
			[
				{ packageNumber: 2, carrierCode: 'UPS', trackingNumber: '1Z2' },
				{ packageNumber: 1, carrierCode: 'UPS', trackingNumber: '1Z1' },
			],
		);
		expect((await poll(['acme.1'], first.cursor)).events.slice(1)).toMatchObject([
			{ externalId: 'S2', trackingNumber: '1Z1', lines: [{ sku: 'A', quantity: 2 }] },
			{ externalId: 'S2/2', trackingNumber: '1Z2', lines: [{ sku: 'B', quantity: 1 }] },
		]);
	});

	it('nothing of what waits, was taken back, or has no package yet', async () => {
		const order = amazon.add('acme.1', [['A', 3]]);
		amazon.ship(order, 'S1', [['A', 1]], [], 'PENDING');
		amazon.ship(order, 'S2', [['A', 1]], [], 'CANCELLED_BY_FULFILLER');
		amazon.ship(order, 'S3', [['A', 1]], [], 'SHIPPED');
		expect(await poll(['acme.1'])).toMatchObject({ events: [], failures: [] });
		amazon.set(order, 'Complete');
		expect((await poll(['acme.1'])).events).toMatchObject([{ externalId: 'S3', trackingNumber: null, lines: [{ sku: 'A', quantity: 1 }] }]);
	});

	it.each([
		['Unfulfillable', { kind: 'canceled', externalId: 'never:acme.1', lines: null }],
		['Cancelled', { kind: 'canceled', externalId: 'canceled:acme.1', lines: null }],
		['Invalid', { kind: 'rejected', problems: [{ code: 'rejected_by_wms' }] }],
	])('an order that ended as %s', async (status, event) => {
		amazon.add('acme.1', [['A', 3]], status);
		expect((await poll(['acme.1'])).events).toMatchObject([{ reference: 'acme.1', ...event }]);
	});

	it('does not take a New order for accepted', async () => {
		amazon.add('acme.1', [['A', 1]], 'New');
		const kinds: string[] = [];
		for await (const page of sessionOf(amazon).listShipments(null, waitingFor({ reference: 'acme.1', wmsOrderId: null })))
			kinds.push(...page.events.map(({ kind }) => kind));
		expect(kinds).toEqual([]);
	});

	it('a package without what is in it as a failure', async () => {
		amazon.ship(
			amazon.add('acme.1', [['A', 1]]),
			'S1',
			[['A', 1, 1]],
			[
				{ packageNumber: 1, carrierCode: 'UPS', trackingNumber: '1Z1' },
				{ packageNumber: 2, carrierCode: 'UPS', trackingNumber: '1Z2' },
			],
		);
		expect(await poll(['acme.1'])).toMatchObject({ events: [], failures: [expect.stringContaining('package 2')] });
	});

	it('orders whose status changed first, then those that an earlier run left out', async () => {
		const references = Array.from({ length: 25 }, (_, index) => `acme.${index}`);
		for (const reference of references) amazon.add(reference, [['A', 1]]);
		const start = await poll(references);
		amazon.now += 3_600_000;
		const before = await poll(references, start.cursor);
		amazon.now += 3_600_000;
		amazon.peer.requests.length = 0;
		const quiet = await poll(references, before.cursor, 2);
		expect(asked()).toEqual(references.slice(0, 10));
		amazon.now += 3_600_000;
		amazon.set(amazon.orders.get('acme.20')!, 'Complete');
		amazon.peer.requests.length = 0;
		await poll(references, quiet.cursor, 2);
		expect(asked()).toEqual(['acme.20', ...references.slice(10, 20)]);
	});

	it('a run that ends among the changed ones asks about all of them again', async () => {
		const references = Array.from({ length: 15 }, (_, index) => `acme.${index}`);
		for (const reference of references) amazon.add(reference, [['A', 1]]);
		const { cursor } = await poll(references, null, 1);
		expect(cursor).toBeNull();
	});

	it('every page of the list, and no order that Amazon does not have yet', async () => {
		amazon.pageSize = 3;
		for (let index = 0; index < 10; index += 1) amazon.set(amazon.add(`acme.${index}`, [['A', 1]]), 'Complete');
		expect(await poll(['acme.9', 'acme.new'])).toMatchObject({ events: [], failures: [] });
		expect(amazon.peer.calls.filter((call) => call.endsWith('fulfillmentOrders'))).toHaveLength(4);
		expect(asked()).toEqual(['acme.9', 'acme.new']);
	});

	it('keeps its position when an order cannot be read', async () => {
		amazon.add('acme.1', [['A', 1]]);
		amazon.peer.faultAt = (_, { path }) => (path.endsWith('acme.1') ? '500-before' : null);
		await expect(poll(['acme.1'])).rejects.toMatchObject({ code: 'partner_unavailable' });
	});
});

describe('canceling', () => {
	const cancel = async (reference = 'acme.1') => await sessionOf(amazon).cancelOrder?.({ reference, wmsOrderId: reference });

	it.each([
		['Received', 'canceled'],
		['Planning', 'canceled'],
		['Processing', 'too_late'],
		['Complete', 'too_late'],
		['CompletePartialled', 'too_late'],
		['Unfulfillable', 'canceled'],
		['Invalid', 'canceled'],
		['Cancelled', 'canceled'],
	])('an order that is %s is %s', async (status, answer) => {
		amazon.add('acme.1', [['A', 1]], status);
		expect(await cancel()).toBe(answer);
	});

	it('is looked after when the answer does not come, and is not known while Amazon has not carried it out', async () => {
		amazon.add('acme.1', [['A', 1]], 'Received');
		amazon.peer.faultAt = (_, { method }) => (method === 'PUT' ? 'reset-after' : null);
		expect(await cancel()).toBe('canceled');
		amazon.add('acme.2', [['A', 1]], 'Received');
		amazon.peer.faultAt = (_, { method }) => (method === 'PUT' ? '500-before' : null);
		await expect(cancel('acme.2')).rejects.toMatchObject({ code: 'partner_unavailable' });
		amazon.peer.faultAt = () => null;
		amazon.slowCancel = true;
		await expect(cancel('acme.2')).rejects.toMatchObject({ message: expect.stringContaining('not carried it out yet') });
	});
});
