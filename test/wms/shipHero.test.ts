import { createLimiter, limited } from '../../lib/http/rateLimit';
import { withHttpStatus, costOf, feedbackOf, shipHeroWms } from '../../lib/wms/shipHero';
import { secondsOf } from '../../lib/wms/shipHero/credits';
import { DOCUMENTS } from '../../lib/wms/shipHero/documents';
import type { Cursor, WmsEvent } from '../../lib/order/wmsEvent';
import type { WmsSession } from '../../lib/wms/Wms';
import { anOrder } from '../carts/order';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { FAULTS } from '../../testing/servers/Peer';
import { requiredCredits, ShipHeroPeer } from '../../testing/servers/shipHero';
import { LABEL, sessionOf } from './shipHeroHarness';
import { nothingWaits } from './waiting';

let shipHero: ShipHeroPeer;
beforeEach(async () => {
	shipHero = await ShipHeroPeer.open();
});

async function poll(session: WmsSession<unknown>, cursor: Cursor | null = null, pages = Infinity) {
	const events: WmsEvent[] = [];
	const failures: string[] = [];
	for await (const page of session.listShipments(cursor, nothingWaits)) {
		events.push(...page.events.filter(({ kind }) => kind !== 'acknowledged'));
		failures.push(...page.failures.map(({ message }) => message));
		await page.afterRecorded?.();
		cursor = page.next ?? cursor;
		if ((pages -= 1) === 0) break;
	}
	return { events, failures, cursor };
}

const send = async (session = sessionOf(shipHero)) => await session.createOrder(shipHeroWms.toRequest(anOrder()));

it('sends what ShipHero needs, money as text, the customer of a 3PL with it', async () => {
	const order = anOrder({
		customer: { email: 'ada@example.com', phone: null },
		giftMessage: 'For you',
		signatureRequired: true,
		carrier: 'ups',
		serviceLevel: 'Ground',
	});
	expect(await sessionOf(shipHero, { customerAccountId: 'Q3VzdG9tZXI6MQ' }).createOrder(shipHeroWms.toRequest(order))).toMatchObject({
		kind: 'accepted',
	});
	expect(shipHero.orders[0]?.given).toMatchObject({
		customer_account_id: 'Q3VzdG9tZXI6MQ',
		partner_order_id: 'acme.1001',
		order_number: '#1001',
		shop_name: 'acme',
		gift_note: 'For you',
		require_signature: true,
		email: 'ada@example.com',
		shipping_lines: { title: 'Ground', price: '5.00', carrier: 'ups', method: 'Ground' },
		shipping_address: {
			first_name: 'Ada',
			last_name: 'Lovelace',
			address1: '12 Byron St',
			city: 'Boston',
			state: 'MA',
			zip: '02134',
			country: 'US',
		},
		line_items: [
			{ sku: 'RED-MUG', partner_line_item_id: 'L1', quantity: 2, price: '10.00' },
			{ sku: 'TEE-L', partner_line_item_id: 'L2', quantity: 1, price: '10.00' },
		],
	});
});

it('finds an order by the whole reference, and only that of its customer', async () => {
	shipHero.add('acme.10012', [['A', 1]], 'other');
	expect(await sessionOf(shipHero).findOrder('acme.1001')).toBeNull();
	shipHero.add('acme.1001', [['A', 1]], 'other');
	expect(await sessionOf(shipHero, { customerAccountId: 'mine' }).findOrder('acme.1001')).toBeNull();
	expect(await sessionOf(shipHero, { customerAccountId: 'other' }).findOrder('acme.1001')).toMatchObject({
		wmsOrderId: expect.any(String),
	});
});

it.each(FAULTS)('knows afterwards whether the order is there, whatever comes of the request: %s', async (fault) => {
	shipHero.peer.faultAt = (_, { text }) => (text.includes('mutation createOrder') ? fault : null);
	const session = sessionOf(shipHero, {}, 1_500);
	expect((await send(session)).kind).toBe(fault === '429' ? 'unavailable' : 'unknown');
	const carriedOut = ['reset-after', '500-after', 'truncated', 'silent'].includes(fault);
	shipHero.peer.faultAt = () => null;
	expect(await session.findOrder('acme.1001')).toEqual(carriedOut ? { wmsOrderId: shipHero.orders[0]!.id } : null);
	expect(shipHero.references()).toEqual(carriedOut ? ['acme.1001'] : []);
});

it('reads errors in a 200: a refusal names the field, one of the token is for later, an internal one is not known', async () => {
	const wrong = shipHeroWms.toRequest(anOrder({ shippingAddress: { ...anOrder().shippingAddress!, postalCode: '00000' } }));
	expect(await sessionOf(shipHero).createOrder(wrong)).toEqual({
		kind: 'rejected',
		problems: [expect.objectContaining({ problem: expect.stringContaining('shipping_address.zip') })],
	});
	shipHero.complaints = [{ code: 7, message: 'Missing required scope(s): change:orders' }];
	await expect(sessionOf(shipHero).findOrder('x')).rejects.toMatchObject({
		code: 'credentials_invalid',
		details: { received: 'no' },
		remedy: expect.stringContaining('scopes'),
	});
	shipHero.complaints = [{ code: 1, message: 'Internal server error' }];
	await expect(sessionOf(shipHero).findOrder('x')).rejects.toMatchObject({ code: 'partner_unavailable', details: { received: 'maybe' } });
	// The order was made, whatever is complained of beside it.
	expect(await send()).toMatchObject({ kind: 'accepted' });
});

it.each([
	[200, 'unknown'],
	[204, 'unknown'],
	[401, 'unavailable'],
	[403, 'unavailable'],
	[503, 'unknown'],
])('an answer %s without words leaves the order %s', async (status, kind) => {
	const session = shipHeroWms.open({ account: 'a', http: async () => await Promise.resolve({ status, headers: {}, body: null }) }, {});
	expect((await session.createOrder(shipHeroWms.toRequest(anOrder()))).kind).toBe(kind);
});

it('says that an order is there when ShipHero refuses it and has it', async () => {
	const { id } = shipHero.add('acme.1001', [['A', 1]]);
	const wrong = shipHeroWms.toRequest(anOrder({ shippingAddress: { ...anOrder().shippingAddress!, postalCode: '00000' } }));
	expect(await sessionOf(shipHero).createOrder(wrong)).toEqual({ kind: 'duplicate', wmsOrderId: id });
});

it('says that the token is refused', async () => {
	const session = sessionOf(shipHero);
	shipHero.tokens.clear();
	expect(await send(session)).toMatchObject({ kind: 'unavailable', alert: 'credentials_invalid' });
});

describe('credits', () => {
	it('are what the documents say that they cost', () => {
		for (const { name, text, cost } of DOCUMENTS) expect({ name, cost }).toEqual({ name, cost: requiredCredits(text) });
	});

	it('that are missing are waited for, as long as ShipHero says', async () => {
		shipHero.credits = { level: 5, capacity: 4004, perSecond: 60 };
		expect(await send()).toMatchObject({ kind: 'unavailable', retryAfterMs: 1000, cause: expect.stringContaining('not enough credits') });
		expect(shipHero.references()).toEqual([]);
		expect(['4 seconds', '1 minute', '2 hours', 'In 18 seconds you', 'soon', null].map(secondsOf)).toEqual([4, 60, 7200, 18, null, null]);
	});

	it('are spent at the pace of the account, and never asked for in vain', async () => {
		let time = 0;
		const clock = { now: () => time, sleep: async (ms: number) => await Promise.resolve(void (time += ms)) };
		const plain = fetchHttp(shipHero.peer.url, { authorization: 'Bearer access-0' });
		let paid = 0;
		const http = limited(
			async (request) => {
				shipHero.credits = { level: Math.floor(Math.min(4004, 4004 + (time / 1000) * 60 - paid)), capacity: 4004, perSecond: 60 };
				const response = withHttpStatus(await plain(request));
				if (response.status === 200) paid += costOf(request);
				return response;
			},
			createLimiter({ kind: 'bucket', capacity: 4004, perSecond: 60 }, clock),
			{ costOf, feedbackOf },
		);
		const session = shipHeroWms.open({ http, account: 'test' }, {});
		for (let index = 0; index < 120; index += 1) shipHero.add(`acme.${index}`, [['A', 1]]);
		expect((await poll({ ...session, createOrder: async () => await Promise.reject(new Error('none')) })).failures).toEqual([]);
		expect(shipHero.operations).toHaveLength(6);
		expect(shipHero.throttled).toBe(0);
		// 6 pages of 1620 credits, 4004 of which were there.
		const needed = ((6 * 1620 - 4004) / 60) * 1000;
		expect(time).toBeGreaterThanOrEqual(needed * 0.95);
		expect(time).toBeLessThanOrEqual(needed * 1.1);
	});
});

describe('reports', () => {
	it('each parcel of a shipment with what is in it', async () => {
		const order = shipHero.add('acme.1', [
			['A', 2],
			['B', 1],
		]);
		shipHero.ship(
			order,
			's1',
			[LABEL, { ...LABEL, id: 'label-2', tracking_number: '1Z2', created_date: '2026-09-05T12:01:00' }],
			[
				['A', 2, 'label-1'],
				['B', 1, 'label-2'],
			],
		);
		expect((await poll(sessionOf(shipHero))).events).toMatchObject([
			{ externalId: 's1', trackingNumber: '1Z1', carrier: 'ups', serviceLevel: 'ground', lines: [{ lineId: 'L1', quantity: 2 }] },
			{ externalId: 's1/label-2', trackingNumber: '1Z2', lines: [{ lineId: 'L2', quantity: 1 }] },
		]);
	});

	it('a shipment without label once ShipHero says that it left, and its late label as the same shipment', async () => {
		const order = shipHero.add('acme.1', [['A', 1]]);
		shipHero.ship(order, 's1', [], [['A', 1]]);
		const session = sessionOf(shipHero);
		const first = await poll(session);
		expect(first.events).toEqual([]);
		shipHero.ship(order, 's1', [], [['A', 1]], { shipped_off_shiphero: true });
		expect((await poll(session, first.cursor)).events).toMatchObject([
			{ externalId: 's1', trackingNumber: null, lines: [{ quantity: 1 }] },
		]);
		shipHero.ship(order, 's1', [LABEL], [['A', 1, 'label-1']]);
		expect((await poll(session, first.cursor)).events).toMatchObject([
			{ externalId: 's1', trackingNumber: '1Z1', lines: [{ quantity: 1 }] },
		]);
	});

	it('a voided label, and the one that replaces it', async () => {
		const order = shipHero.add('acme.1', [['A', 1]]);
		shipHero.ship(
			order,
			's1',
			[
				{ ...LABEL, status: 'void' },
				{ ...LABEL, id: 'label-2', tracking_number: '1Z2', created_date: '2026-09-06T12:00:00' },
			],
			[['A', 1, 'label-2']],
		);
		expect((await poll(sessionOf(shipHero))).events).toMatchObject([
			{ kind: 'voided', externalId: 's1' },
			{ kind: 'shipped', externalId: 's1/label-2', trackingNumber: '1Z2', lines: [{ quantity: 1 }] },
		]);
	});

	it('a label status that it does not know as a failure', async () => {
		shipHero.ship(shipHero.add('acme.1', [['A', 1]]), 's1', [{ ...LABEL, status: 'teleported' }], [['A', 1, 'label-1']]);
		expect(await poll(sessionOf(shipHero))).toMatchObject({ events: [], failures: [expect.stringContaining('teleported')] });
	});

	it('an order that ShipHero canceled as a whole', async () => {
		const order = shipHero.add('acme.1', [['A', 1]]);
		order.fulfillment_status = 'canceled';
		expect((await poll(sessionOf(shipHero))).events).toMatchObject([{ kind: 'canceled', externalId: `cancel:${order.id}`, lines: null }]);
	});

	it('every line of a long order and of a long shipment', async () => {
		const products = Array.from({ length: 250 }, (_, index): [string, number] => [`SKU-${index}`, 1]);
		const order = shipHero.add('acme.1', products);
		shipHero.ship(
			order,
			's1',
			[LABEL],
			products.map(([sku, quantity]): [string, number, string] => [sku, quantity, 'label-1']),
		);
		order.lines[249]!.fulfillment_status = 'canceled';
		const { events } = await poll(sessionOf(shipHero));
		expect(events[0]).toMatchObject({ kind: 'shipped', lines: products.map(([sku]) => expect.objectContaining({ sku })) });
		expect(events[1]).toMatchObject({ kind: 'canceled', lines: [{ sku: 'SKU-249', quantity: 1 }] });
	});

	it('every page, goes on where a run ended, and later reads only what changed', async () => {
		for (let index = 0; index < 45; index += 1)
			shipHero.ship(shipHero.add(`acme.${index}`, [['A', 1]]), `s${index}`, [{ ...LABEL, id: `l${index}` }], [['A', 1, `l${index}`]]);
		const session = sessionOf(shipHero);
		const begun = await poll(session, null, 1);
		expect(begun.events).toHaveLength(20);
		const rest = await poll(session, begun.cursor);
		expect(rest.events).toHaveLength(25);
		shipHero.now += 3_600_000;
		const quiet = await poll(session, (await poll(session, rest.cursor)).cursor);
		expect(quiet.events).toEqual([]);
		shipHero.touch(shipHero.orders[3]!);
		expect((await poll(session, quiet.cursor)).events).toMatchObject([{ externalId: 's3' }]);
	});

	it('nothing of an answer that is half there', async () => {
		shipHero.ship(shipHero.add('acme.1', [['A', 1]]), 's1', [LABEL], [['A', 1, 'label-1']]);
		shipHero.complaints = [{ code: 1, message: 'Could not resolve shipments' }];
		await expect(poll(sessionOf(shipHero))).rejects.toMatchObject({ code: 'partner_refused' });
	});
});

describe('canceling', () => {
	it('is too late once there is a label', async () => {
		const order = shipHero.add('acme.1', [['A', 1]]);
		shipHero.ship(order, 's1', [LABEL], [['A', 1, 'label-1']]);
		expect(await sessionOf(shipHero).cancelOrder?.({ reference: 'acme.1', wmsOrderId: order.id })).toBe('too_late');
	});

	it('is looked after when the answer does not come', async () => {
		const order = shipHero.add('acme.1', [['A', 1]]);
		shipHero.peer.faultAt = (_, { text }) => (text.includes('mutation cancelOrder') ? '500-after' : null);
		expect(await sessionOf(shipHero).cancelOrder?.({ reference: 'acme.1', wmsOrderId: order.id })).toBe('canceled');
		const other = shipHero.add('acme.2', [['A', 1]]);
		shipHero.peer.faultAt = (_, { text }) => (text.includes('mutation cancelOrder') ? '500-before' : null);
		await expect(sessionOf(shipHero).cancelOrder?.({ reference: 'acme.2', wmsOrderId: other.id })).rejects.toMatchObject({
			code: 'partner_unavailable',
		});
	});
});
