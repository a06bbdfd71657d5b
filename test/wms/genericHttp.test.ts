import { DEFAULTS, httpWmsFor, type HttpWmsSettings, type Paging, type ShipmentSettings } from '../../lib/wms/genericHttp';
import type { Cursor, WmsEvent } from '../../lib/order/wmsEvent';
import type { WaitingOrders, WmsSession } from '../../lib/wms/Wms';
import { anOrder } from '../carts/order';
import { HttpWarehousePeer } from '../../testing/servers/httpWarehouse';
import { FAULTS } from '../../testing/servers/Peer';
import { wmsContract } from './contract';
import { genericHttpHarnessFor, sessionOf } from './genericHttpHarness';
import { nothingWaits, waitingFor } from './waiting';

const WITHOUT_LOOK_UP: HttpWmsSettings = { ...DEFAULTS, lookUp: null, cancel: null };
const UNIQUE: HttpWmsSettings = { ...DEFAULTS, uniqueReference: true, limits: [{ path: 'shippingAddress.address1', maxLength: 35 }] };
const SINGLE: HttpWmsSettings = {
	...DEFAULTS,
	lookUp: { ...DEFAULTS.lookUp!, path: '/orders/by-reference/{reference}', listPath: 'order' },
};

for (const settings of [WITHOUT_LOOK_UP, UNIQUE, SINGLE]) wmsContract('genericHttp', httpWmsFor(settings), genericHttpHarnessFor(settings));

let warehouse: HttpWarehousePeer;
beforeEach(async () => {
	warehouse = await HttpWarehousePeer.open();
	// Long past by our clock, so that tests may let time pass there.
	warehouse.now = Date.now() - 86_400_000;
});

const withCreate = (changes: Partial<HttpWmsSettings['create']>): HttpWmsSettings => ({
	...DEFAULTS,
	create: { ...DEFAULTS.create, ...changes },
});
const rendered = (body: unknown, order = anOrder()): unknown =>
	httpWmsFor(withCreate({ body: typeof body === 'string' ? body : JSON.stringify(body) })).toRequest(order).request.body;

describe('the body', () => {
	it('keeps hostile text one text in one field', () => {
		const hostile = '", "quantity": 99, "x": "{reference} ${x} {{ $env }} \\ \u0000\n';
		const order = anOrder({
			shippingAddress: { ...anOrder().shippingAddress!, name: hostile },
			lines: anOrder().lines.map((line) => ({ ...line, name: hostile })),
		});
		expect(httpWmsFor(DEFAULTS).toRequest(order).request.body).toMatchObject({
			shipTo: { name: hostile },
			items: [
				{ name: hostile, quantity: 2 },
				{ name: hostile, quantity: 1 },
			],
		});
	});

	it('gives values their types, leaves empty ones out, and makes one entry for each line', () => {
		expect(
			rendered({
				total: '{total | number}',
				text: '{total}',
				both: 'No. {orderNumber} of {store}',
				none: '{giftMessage}',
				left: '{giftMessage ?}',
				either: "{carrier ?? serviceLevel ?? 'Any'}",
				day: '{orderedAt|date}',
				at: '{orderedAt|unix}',
				up: '{store|upper}',
				low: '{store|lower}',
				flag: '{signatureRequired}',
				fixed: [1, null, true],
				list: ['{giftMessage ?}', '{store}'],
				first: '{lines.0.sku}',
				all: '{tags}',
				brace: '{ } {1}',
				items: { $each: 'lines', $as: { n: '{index}', s: '{line.sku}', q: '{line.quantity|text}', o: '{orderNumber}' } },
			}),
		).toEqual({
			total: 35,
			text: '35.00',
			both: 'No. #1001 of acme',
			none: null,
			either: 'Any',
			day: '2026-09-03',
			at: 1788444840,
			up: 'ACME',
			low: 'acme',
			flag: false,
			fixed: [1, null, true],
			list: ['acme'],
			first: 'RED-MUG',
			all: [],
			brace: '{ } {1}',
			items: [
				{ n: 1, s: 'RED-MUG', q: '2', o: '#1001' },
				{ n: 2, s: 'TEE-L', q: '1', o: '#1001' },
			],
		});
	});

	it('reads own fields only', () => {
		const body = rendered('{"__proto__": {"a": "{store}"}, "c": "{customer.constructor}", "d": "{custom.__proto__.x}"}') as object;
		expect([Object.hasOwn(body, '__proto__'), Object.getPrototypeOf(body) === Object.prototype]).toEqual([true, true]);
		expect(body).toMatchObject({ c: null, d: null });
	});

	it('names a value that is not what the filter wants', () => {
		expect(() => rendered({ a: '{orderNumber|number}' })).toThrow(
			expect.objectContaining({ problems: [expect.objectContaining({ field: '{orderNumber|number}', value: '#1001' })] }),
		);
		expect(() => rendered({ a: '{orderNumber|date}' })).toThrow('is no date');
	});

	it.each<[string, Partial<HttpWmsSettings['create']>, RegExp]>([
		['JSON that is none', { body: '{"a": {quantity}}' }, /Create Request, body: it is no JSON/],
		[
			'a field that orders do not have',
			{ body: '{"a": "{shipTo.name}"}' },
			/Create Request, body: the placeholder .*shipTo.*names "shipTo"/,
		],
		['a form that cannot be read', { body: '{"a": "{store + 1}"}' }, /not in a form that can be read/],
		['an unknown filter', { body: '{"a": "{store|shout}"}' }, /filter "shout"/],
		['a list without its entries', { body: '{"a": {"$each": "lines"}}' }, /\$as/],
		['a list that orders do not have', { body: '{"a": {"$each": "items", "$as": {}}}' }, /names no list/],
		['another host', { path: '//evil.example/orders' }, /does not begin with one/],
		['a whole address', { path: 'https://evil.example/orders' }, /does not begin with one/],
		['a header that is none', { headers: { 'X Y': '1' } }, /no name of a header/],
		['a line outside of a list', { body: '{"a": "{line.sku}"}' }, /names "line"/],
	])('refuses %s before anything is sent', (_, changes, message) => expect(() => httpWmsFor(withCreate(changes))).toThrow(message));
});

it('puts each value into one piece of the address, and one line of a header', () => {
	const request = (changes: Partial<HttpWmsSettings['create']>, reference: string) =>
		httpWmsFor(withCreate(changes)).toRequest(anOrder({ reference, orderNumber: 'a&b=c/..#' })).request;
	expect(
		request(
			{ path: '/o/{reference}?n={orderNumber}&g={giftMessage ?}&c={carrier}', headers: { 'Idempotency-Key': '{reference}' } },
			'x/../y?z',
		),
	).toMatchObject({ url: '/o/x%2F..%2Fy%3Fz?n=a%26b%3Dc%2F..%23&c=', headers: { 'idempotency-key': 'x/../y?z' } });
	expect(request({ headers: { 'X-A': '{reference}' } }, 'a\r\nX-Admin: 1\u20ac')).toMatchObject({ headers: { 'x-a': 'a X-Admin: 1' } });
	for (const bad of ['..', '.', ' ']) expect(() => request({ path: '/o/{reference}' }, bad)).toThrow('cannot stand in the address');
});

it.each(FAULTS)('has the order once, whatever comes of the request: %s', async (fault) => {
	warehouse.peer.faultAt = (_, { method }) => (method === 'POST' ? fault : null);
	const session = sessionOf(warehouse, DEFAULTS, 1_500);
	const request = httpWmsFor(DEFAULTS).toRequest(anOrder());
	warehouse.add('acme.10012');
	expect((await session.createOrder(request)).kind).toBe(fault === '429' ? 'unavailable' : 'unknown');
	const carriedOut = ['reset-after', '500-after', 'truncated', 'silent'].includes(fault);
	warehouse.peer.faultAt = () => null;
	expect(await session.findOrder('acme.1001')).toEqual(carriedOut ? { wmsOrderId: 'W2' } : null);
});

describe('what the warehouse says', () => {
	const request = httpWmsFor(DEFAULTS).toRequest(anOrder());
	const answering = (status: number, body: unknown, settings = DEFAULTS): WmsSession<unknown> => {
		const session = httpWmsFor(settings).open(
			{ http: async () => await Promise.resolve({ status, headers: {}, body }), account: 'x' },
			settings,
		);
		return { ...session, createOrder: async () => await session.createOrder(request) };
	};

	it('is a refusal also with status 200, where it has words at the error path', async () => {
		const strict = withCreate({ errorPath: 'result.error', idPath: '' });
		const blind: HttpWmsSettings = { ...strict, lookUp: null };
		expect(await answering(200, { result: { error: 'SKU unknown' } }, blind).createOrder(null)).toMatchObject({
			kind: 'rejected',
			problems: [{ problem: expect.stringContaining('SKU unknown') }],
		});
		for (const nothing of ['', null, [], {}, 0, false])
			expect(await answering(200, { result: { error: nothing } }, blind).createOrder(null)).toEqual({
				kind: 'accepted',
				wmsOrderId: 'acme.1001',
			});
		expect(await answering(422, { result: { error: ['too long'] } }, blind).createOrder(null)).toMatchObject({
			kind: 'rejected',
			problems: [{ problem: expect.stringContaining('too long') }],
		});
	});

	it('is no success without the key of the order, nor when it cannot be verified', async () => {
		expect(await answering(201, { ok: true }, WITHOUT_LOOK_UP).createOrder(null)).toMatchObject({ kind: 'unknown' });
		expect(await answering(409, { error: 'exists' }, WITHOUT_LOOK_UP).createOrder(null)).toMatchObject({ kind: 'unknown' });
		expect(await answering(401, {}, WITHOUT_LOOK_UP).createOrder(null)).toMatchObject({
			kind: 'unavailable',
			alert: 'credentials_invalid',
		});
		await expect(answering(200, { orders: 'none' }).findOrder('acme.1001')).rejects.toThrow('no list at orders');
		await expect(answering(200, { orders: [{ reference: 'acme.1001' }] }).findOrder('acme.1001')).rejects.toThrow('its key is not at id');
		await expect(answering(404, '<html>').findOrder('acme.1001')).rejects.toThrow('404');
	});

	it('is needed to tell an order by its reference', () => {
		expect(() => httpWmsFor({ ...DEFAULTS, lookUp: { ...DEFAULTS.lookUp!, referencePath: ' ' } })).toThrow(
			'does not say where an order has the reference',
		);
	});
});

it('cancels once, says when it is too late, and verifies what has no answer', async () => {
	const [open, packed] = [warehouse.add('acme.1'), warehouse.add('acme.2')];
	packed.status = 'packed';
	const session = sessionOf(warehouse);
	warehouse.peer.faultAt = (_, { method }) => (method === 'POST' ? '500-after' : null);
	expect(await session.cancelOrder?.({ reference: 'acme.1', wmsOrderId: null })).toBe('canceled');
	expect(open.status).toBe('canceled');
	expect(await session.cancelOrder?.({ reference: 'acme.2', wmsOrderId: 'W2' }).catch((error: Error) => error.message)).toContain('500');
	warehouse.peer.faultAt = () => null;
	expect(await session.cancelOrder?.({ reference: 'acme.2', wmsOrderId: 'W2' })).toBe('too_late');
	const blind = sessionOf(warehouse, { ...DEFAULTS, lookUp: null });
	expect(await blind.cancelOrder?.({ reference: 'acme.9', wmsOrderId: 'W9' })).toBe('not_found');
	await expect(blind.cancelOrder?.({ reference: 'acme.9', wmsOrderId: null })).rejects.toThrow('cannot stand in the address');
});

describe('polling', () => {
	const withShipments = (changes: Partial<ShipmentSettings>): HttpWmsSettings => ({
		...DEFAULTS,
		shipments: { ...DEFAULTS.shipments, pageSize: 10, ...changes },
	});

	async function poll(settings: HttpWmsSettings, cursor: Cursor | null = null, waiting: WaitingOrders = nothingWaits) {
		const events: WmsEvent[] = [];
		const failures: string[] = [];
		for await (const page of sessionOf(warehouse, settings).listShipments(cursor, waiting)) {
			events.push(...page.events.filter(({ kind }) => kind !== 'acknowledged'));
			failures.push(...page.failures.map(({ message }) => message));
			cursor = page.next ?? cursor;
		}
		return { events, failures, cursor };
	}

	const ship = (count: number): void => {
		for (let index = 0; index < count; index += 1)
			warehouse.report({
				reference: `acme.${warehouse.shipments.length}`,
				id: `S${warehouse.shipments.length}`,
				status: 'shipped',
				items: null,
			});
	};

	it.each<[Paging, Partial<ShipmentSettings>]>([
		['page', {}],
		['offset', { path: '/shipments?updatedSince={since}&offset={offset}&limit={limit}' }],
		['cursor', { path: '/shipments?updatedSince={since}&limit={limit}&cursor={cursor ?}', nextPath: 'next' }],
		['link', { path: '/shipments?updatedSince={since}&limit={limit}', nextPath: 'nextUrl' }],
	])('reads every page by %s, and from there on only what is new', async (paging, changes) => {
		ship(35);
		warehouse.now += 3_600_000;
		const settings = withShipments({ paging, ...changes });
		const first = await poll(settings);
		expect(new Set(first.events.map(({ reference }) => reference)).size).toBe(35);
		warehouse.now += 3_600_000;
		ship(1);
		const second = await poll(settings, first.cursor);
		expect(second.events).toMatchObject([{ reference: 'acme.35' }]);
		expect(first.events).toHaveLength(35);
	});

	it.each<[Paging, Partial<ShipmentSettings>]>([
		['page', {}],
		['feed', { path: '/shipments?updatedSince=1970-01-01&limit={limit}&cursor={cursor ?}', nextPath: 'next' }],
	])('loses nothing when a page fails: %s', async (paging, changes) => {
		ship(35);
		const settings = withShipments({ paging, ...changes });
		const shipped = new Set<string>();
		let cursor: Cursor | null = null;
		const read = async (): Promise<void> => {
			for await (const page of sessionOf(warehouse, settings).listShipments(cursor, nothingWaits)) {
				for (const event of page.events) if (event.kind === 'shipped') shipped.add(String(event.reference));
				cursor = page.next ?? cursor;
			}
		};
		warehouse.peer.faultAt = (index) => (index === 2 ? '500-before' : null);
		await expect(read()).rejects.toMatchObject({ code: 'partner_unavailable' });
		expect(shipped.size).toBe(20);
		await read();
		expect(shipped.size).toBe(35);
	});

	it('goes on in a feed where it was', async () => {
		ship(25);
		const settings = withShipments({
			paging: 'feed',
			path: '/shipments?updatedSince=1970-01-01&limit={limit}&cursor={cursor ?}',
			nextPath: 'next',
		});
		const first = await poll(settings);
		expect([first.events.length, first.cursor]).toEqual([25, { position: '20' }]);
		ship(10);
		expect(new Set((await poll(settings, first.cursor)).events.map(({ reference }) => reference)).size).toBe(15);
	});

	it('asks about each order that is waited for, and goes on where a run ended', async () => {
		const settings = withShipments({
			paging: 'waiting',
			path: '/orders/by-reference/{reference}',
			listPath: 'order',
			parcelsPath: 'parcels',
			paths: { ...DEFAULTS.shipments.paths, reference: '^reference', wmsOrderId: '^id' },
		});
		for (let index = 0; index < 30; index += 1) warehouse.add(`acme.${index}`);
		ship(30);
		const waiting = waitingFor(
			{ reference: 'elsewhere.1', wmsOrderId: null },
			...warehouse.orders.map(({ reference }) => ({ reference, wmsOrderId: null })),
		);
		const first = await poll(settings, null, waiting);
		expect(first).toMatchObject({ cursor: { asked: 0 }, failures: [] });
		expect(first.events).toHaveLength(30);
		expect((await poll(settings, { asked: 20 }, waiting)).events).toHaveLength(11);
	});

	it('ends although a parameter is not known there', async () => {
		ship(20);
		const settings = withShipments({ path: '/shipments?updatedSince={since}&limit=20' });
		expect((await poll(settings)).events).toHaveLength(40);
	});

	it('says where it looked for a list', async () => {
		await expect(poll(withShipments({ listPath: 'data.items' }))).rejects.toMatchObject({
			message: expect.stringContaining('no list at data.items'),
			remedy: expect.stringContaining('List Path'),
		});
	});

	it('reads parcels inside of orders, voided ones, times in seconds, and orders that were canceled', async () => {
		const parcels = [
			{
				no: 'P1',
				state: 'Shipped',
				left: 1_788_000_000,
				rows: [
					{ id: 'L1', n: '2.0' },
					{ id: 'L2', n: 0 },
				],
			},
			{ no: 'P2', state: 'VOID', rows: [] },
			{ no: 'P3', state: 'shipped', left: 'yesterday', rows: [{ id: 'L1', n: 1 }] },
			{ no: 'P4', state: 'shipped', rows: [{ id: 'L1', n: 1.5 }] },
			{ no: 'P5', state: 'shipped', rows: [{ id: 'L1', n: 0 }] },
			{ state: 'shipped', rows: [] },
		];
		warehouse.report({ ref: 'acme.1', parcels });
		const nested = {
			parcelsPath: 'parcels',
			statuses: { shipped: ['shipped'], voided: ['void'], canceled: ['canceled'], waits: ['open'] },
			paths: {
				...DEFAULTS.shipments.paths,
				reference: '^ref',
				wmsOrderId: '',
				status: 'state',
				shipmentId: 'no',
				shippedAt: 'left',
				lines: 'rows',
				lineId: 'id',
				lineSku: '',
				lineQuantity: 'n',
			},
		};
		const { events, failures } = await poll(withShipments(nested));
		expect(events).toMatchObject([
			{ kind: 'shipped', externalId: 'P1', shippedAt: '2026-08-29T10:40:00.000Z', lines: [{ lineId: 'L1', sku: null, quantity: 2 }] },
			{ kind: 'voided', externalId: 'P2' },
		]);
		expect(failures).toEqual([
			expect.stringContaining('yesterday'),
			expect.stringContaining('1.5'),
			expect.stringContaining('is empty'),
			expect.stringContaining('neither a key'),
		]);
		warehouse.shipments.length = 0;
		for (const [ref, state, some] of [
			['acme.2', 'canceled', []],
			['acme.3', 'canceled', parcels],
			['acme.4', 'open', []],
			['acme.5', 'melted', []],
		] as const)
			warehouse.report({ ref, state, parcels: some });
		const ofOrder = await poll(withShipments({ ...nested, paths: { ...nested.paths, status: '^state' } }));
		expect(ofOrder.events).toEqual(
			['acme.2', 'acme.3'].map((reference) =>
				expect.objectContaining({ kind: 'canceled', reference, externalId: `cancel:${reference}`, lines: null }),
			),
		);
		expect(ofOrder.failures).toEqual([expect.stringContaining('melted')]);
	});
});
