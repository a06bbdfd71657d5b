/** Against a real Tryton server; see `testing/servers/tryton.ts`. */
import type { Cursor, WmsEvent } from '../../lib/order/wmsEvent';
import type { SendOutcome, WmsSession } from '../../lib/wms/Wms';
import { trytonWms, type TrytonSettings } from '../../lib/wms/tryton';
import { anOrder } from '../carts/order';
import { FAULTS, type Fault } from '../../testing/servers/Peer';
import { TRYTON_USER, trytonMissing, type Tryton } from '../../testing/servers/tryton';
import { TrytonProxy } from '../../testing/servers/trytonProxy';
import { finishShipment, packInto, pickShipment, sendOff, shipmentOf, splitShipment } from '../../testing/servers/trytonWork';
import { emptyTryton, sessionOf, SHIPPED_ON } from './trytonHarness';
import { nothingWaits } from './waiting';

const missing = trytonMissing();

/** Nobody waits in tests for a run that is dead. */
const clock = { now: () => Date.parse('2026-09-05T12:00:00Z'), sleep: async () => await Promise.resolve() };

let tryton: Tryton;
let session: WmsSession<unknown>;

const request = (changes: Parameters<typeof anOrder>[0] = {}) => trytonWms.toRequest(anOrder(changes));
const send = async (changes: Parameters<typeof anOrder>[0] = {}, to = session): Promise<SendOutcome> =>
	await to.createOrder(request(changes));
const through = async (proxy: TrytonProxy, settings: TrytonSettings = {}) =>
	await sessionOf(tryton, { clock, ...settings }, { through: proxy.peer.url, timeoutMs: 8_000 });
const states = async () =>
	(await tryton.sql<{ state: string }>('SELECT state FROM stock_shipment_out ORDER BY id')).map(({ state }) => state);
const parties = async () =>
	(await tryton.sql<{ code: string }>(`SELECT code FROM party_party WHERE code LIKE 'order:%' ORDER BY id`)).map(({ code }) => code);

async function poll(cursor: Cursor | null = null, settings: TrytonSettings = {}) {
	const events: WmsEvent[] = [];
	const failures: string[] = [];
	let pages = 0;
	for await (const page of (await sessionOf(tryton, settings)).listShipments(cursor, nothingWaits)) {
		pages += 1;
		events.push(...page.events.filter(({ kind }) => kind !== 'acknowledged'));
		failures.push(...page.failures.map(({ message }) => message));
		cursor = page.next ?? cursor;
	}
	return { events, failures, cursor, pages };
}

(missing === null ? describe : describe.skip)('Tryton', () => {
	beforeEach(async () => {
		tryton = await emptyTryton();
		session = await sessionOf(tryton, { clock });
	});

	it('makes a shipment that waits for its goods, with a party and an address of its own', async () => {
		const { shippingAddress } = anOrder();
		expect(
			await send({
				shippingAddress: { ...shippingAddress!, company: 'Engines Ltd', address2: 'Floor 2', phone: '617 555' },
				customer: { email: 'ada@example.com', phone: null },
				requestedShipDate: '2026-10-01T00:00:00.000Z',
				carrier: 'ups',
			}),
		).toMatchObject({ kind: 'accepted' });
		const { id } = await shipmentOf(tryton, 'acme.1001');
		expect(
			await tryton.rpc(
				'stock.shipment.out.read',
				[id],
				[
					'state',
					'reference',
					'planned_date',
					'carrier.party.name',
					'delivery_address.full_address',
					'customer.name',
					'customer.email',
					'inventory_moves.quantity',
					'outgoing_moves.quantity',
					'outgoing_moves.unit_price',
					'outgoing_moves.product.code',
				],
			),
		).toMatchObject([
			{
				state: 'waiting',
				reference: 'acme.1001',
				planned_date: { year: 2026, month: 10, day: 1 },
				'carrier.': { 'party.': { name: 'UPS' } },
				'customer.': { name: 'Ada Lovelace', email: 'ada@example.com' },
				'delivery_address.': { full_address: expect.stringMatching(/^Engines Ltd\n12 Byron St\nFloor 2\nBoston, MA 02134\n/) },
				'inventory_moves.': expect.arrayContaining([expect.objectContaining({ quantity: 1 }), expect.objectContaining({ quantity: 2 })]),
				'outgoing_moves.': [
					{ quantity: 1, 'product.': { code: 'TEE-L' } },
					{ quantity: 2, unit_price: { decimal: '10.0000' }, 'product.': { code: 'RED-MUG' } },
				],
			},
		]);
		expect(await tryton.sql('SELECT s.code FROM party_address a JOIN country_subdivision s ON s.id = a.subdivision')).toEqual([
			{ code: 'US-MA' },
		]);
	});

	it('leaves the reference to modules of carriers, and finds the order all the same', async () => {
		const plain = await sessionOf(tryton, { leaveReference: true, clock });
		const outcome = await send({}, plain);
		expect(await tryton.sql('SELECT reference FROM stock_shipment_out')).toEqual([{ reference: null }]);
		expect(await send({}, plain)).toEqual({ ...outcome, kind: 'duplicate' });
	});

	it('names what Tryton does not know, and makes nothing', async () => {
		const lines = anOrder().lines.map((line, index) => ({ ...line, sku: ['NOPE', 'CARRIAGE'][index] ?? 'NOPE' }));
		const to = await sessionOf(tryton, { warehouseCode: 'NORTH', clock });
		expect(await send({ lines, carrier: 'Pigeon', shippingAddress: { ...anOrder().shippingAddress!, country: 'ZZ' } }, to)).toEqual({
			kind: 'rejected',
			problems: [
				expect.objectContaining({ value: 'NOPE', code: 'unknown_sku' }),
				expect.objectContaining({ value: 'CARRIAGE', code: 'unknown_sku', problem: expect.stringContaining('service') }),
				expect.objectContaining({ field: 'warehouse', value: 'NORTH', problem: expect.stringContaining('WH') }),
				expect.objectContaining({ value: 'ZZ', code: 'invalid_address' }),
				expect.objectContaining({ value: 'Pigeon', code: 'unmapped_shipping_method', problem: expect.stringContaining('UPS') }),
			],
		});
		expect(await parties()).toEqual([]);
	});

	it('says what Tryton refuses, and leaves no party behind', async () => {
		const foreign = { ...anOrder().shippingAddress!, region: 'Atlantis' };
		expect(await send({ shippingAddress: foreign, currency: 'XXX' })).toMatchObject({ kind: 'accepted' });
		expect(await tryton.sql("SELECT city FROM party_address WHERE city LIKE '%Atlantis'")).toEqual([{ city: 'Boston, Atlantis' }]);
		await tryton.reset();
		// A quantity that the database refuses.
		const big = anOrder().lines.map((line) => ({ ...line, quantity: -1 }));
		expect(
			await session.createOrder({ ...request(), lines: big.map(({ quantity }) => ({ sku: 'RED-MUG', quantity, unitPrice: null })) }),
		).toMatchObject({ kind: 'rejected', problems: [{ problem: expect.stringContaining('stock.shipment.out.create') }] });
		expect(await parties()).toEqual([]);
	});

	const some: readonly Fault[] = ['reset-before', 'reset-after', '429', 'truncated'];
	describe.each([
		['party.party.create', some],
		['stock.shipment.out.create', FAULTS],
		['stock.shipment.out.wait', some],
	])('whatever becomes of %s', (method, faults) => {
		it.each(faults)('%s: the next try ends with one shipment that waits', async (fault) => {
			const proxy = await TrytonProxy.open(tryton);
			const to = await through(proxy);
			proxy.fail(method, fault);
			const first = await send({}, to);
			expect(first.kind).toBe(fault === '429' ? 'unavailable' : 'unknown');
			const found = await to.findOrder('acme.1001');
			if (found !== null) expect(await states()).toEqual(['waiting']);
			expect((await send({}, to)).kind).toBe(found === null ? 'accepted' : 'duplicate');
			expect(await states()).toEqual(['waiting']);
			expect(await parties()).toEqual(['order:acme.1001']);
		});
	});

	it('nothing comes of a request that the network delivers after the order was sent anew', async () => {
		const proxy = await TrytonProxy.open(tryton);
		proxy.withheld = 'stock.shipment.out.create';
		expect((await send({}, await through(proxy))).kind).toBe('unknown');
		expect(await session.findOrder('acme.1001')).toBeNull();
		expect((await send()).kind).toBe('accepted');
		expect(await proxy.deliver()).toEqual([expect.objectContaining({ error: ['UserError', expect.anything()] })]);
		expect(await tryton.references()).toEqual(['acme.1001']);
	});

	it('one shipment comes of a request that the network delivers twice', async () => {
		const proxy = await TrytonProxy.open(tryton);
		const to = await through(proxy);
		proxy.fail('stock.shipment.out.create', 'twice');
		expect(await send({}, to)).toMatchObject({ kind: 'accepted' });
		expect(await states()).toEqual(['waiting', 'cancelled']);
		await proxy.again('stock.shipment.out.create');
		expect(await states()).toEqual(['waiting', 'cancelled', 'draft']);
		const { cursor } = await poll();
		expect(await states()).toEqual(['waiting', 'cancelled', 'cancelled']);
		expect(await poll()).toMatchObject({ events: [], failures: [] });
		// Also when the order has left meanwhile, and the poll goes on from where it was.
		await finishShipment(tryton, (await shipmentOf(tryton, 'acme.1001')).number);
		await proxy.again('stock.shipment.out.create');
		expect(await poll(cursor)).toMatchObject({ events: [{ kind: 'shipped' }], failures: [] });
		expect(await states()).toEqual(['done', 'cancelled', 'cancelled', 'cancelled']);
		expect(await to.findOrder('acme.1001')).not.toBeNull();
	});

	it('nothing comes of a request that the network delivers after the order was canceled', async () => {
		const proxy = await TrytonProxy.open(tryton);
		proxy.withheld = 'stock.shipment.out.create';
		await send({}, await through(proxy));
		expect(await session.cancelOrder?.({ reference: 'acme.1001', wmsOrderId: null })).toBe('not_found');
		await proxy.deliver();
		expect([await states(), await parties()]).toEqual([[], []]);
	});

	it('tells a draft that a dead run left behind to wait, and leaves one that people put back alone', async () => {
		const proxy = await TrytonProxy.open(tryton);
		proxy.fail('stock.shipment.out.wait', 'reset-before');
		await send({}, await through(proxy));
		expect(await states()).toEqual(['draft']);
		expect(await poll()).toMatchObject({ events: [], failures: [] });
		const { id, number } = await shipmentOf(tryton, 'acme.1001');
		expect(await session.findOrder('acme.1001')).toEqual({ wmsOrderId: number });
		expect(await states()).toEqual(['waiting']);
		await tryton.rpc('stock.shipment.out.draft', [id]);
		expect(await session.findOrder('acme.1001')).toEqual({ wmsOrderId: number });
		expect(await states()).toEqual(['draft']);
	});

	it('sends an order anew after people canceled its shipment', async () => {
		await send();
		await tryton.rpc('stock.shipment.out.cancel', [(await shipmentOf(tryton, 'acme.1001')).id]);
		expect(await session.findOrder('acme.1001')).toBeNull();
		expect(await send()).toMatchObject({ kind: 'accepted' });
		expect(await states()).toEqual(['cancelled', 'waiting']);
	});

	describe('reports', () => {
		it('each package as a parcel, by the tracking number of itself or of what it is in', async () => {
			await send();
			const { number } = await shipmentOf(tryton, 'acme.1001');
			const id = await pickShipment(tryton, number);
			const outer = await packInto(tryton, id, [], { shipping_reference: '1Z-OUTER' });
			await packInto(tryton, id, ['RED-MUG'], { parent: outer });
			await packInto(tryton, id, ['TEE-L'], { shipping_reference: '1Z-TEE' });
			await sendOff(tryton, id, { carrier: 1, effective_date: SHIPPED_ON });
			const { events } = await poll();
			expect([...events].sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)))).toMatchObject([
				{
					kind: 'shipped',
					externalId: expect.stringMatching(`^${number}/`),
					carrier: 'UPS',
					trackingNumber: '1Z-OUTER',
					lines: [{ sku: 'RED-MUG', quantity: 2 }],
					shippedAt: '2026-09-05T00:00:00.000Z',
				},
				{ kind: 'shipped', carrier: 'UPS', trackingNumber: '1Z-TEE', lines: [{ sku: 'TEE-L', quantity: 1 }] },
			]);
		});

		it('a tracking number that comes after the shipment left, as that of the same parcel', async () => {
			await send();
			const { number } = await shipmentOf(tryton, 'acme.1001');
			const id = await pickShipment(tryton, number);
			const box = await packInto(tryton, id, ['RED-MUG', 'TEE-L']);
			await sendOff(tryton, id);
			const first = await poll();
			expect(first.events[0]).toMatchObject({ kind: 'shipped', trackingNumber: null, lines: [expect.anything(), expect.anything()] });
			// Past what is read again anyway.
			await tryton.sql(
				`UPDATE stock_shipment_out SET write_date = write_date - interval '1 hour'; UPDATE stock_package SET write_date = write_date - interval '1 hour'`,
			);
			await tryton.rpc('stock.package.write', [box], { shipping_reference: '1Z-LATE' });
			const later = await poll(first.cursor);
			expect(later.events).toMatchObject([
				{ kind: 'shipped', externalId: (first.events[0] as { externalId: string }).externalId, trackingNumber: '1Z-LATE' },
			]);
			const end = (later.cursor as { packages: string }).packages;
			expect(end > '2026').toBe(true);
		});

		it('the tracking number in a field of the shipment, unless it is our reference', async () => {
			await send();
			const { id, number } = await shipmentOf(tryton, 'acme.1001');
			await finishShipment(tryton, number);
			expect((await poll(null, { trackingField: 'reference' })).events).toMatchObject([{ externalId: number, trackingNumber: null }]);
			await tryton.rpc('stock.shipment.out.write', [id], { reference: '1Z-REF' });
			expect((await poll(null, { trackingField: 'reference' })).events).toMatchObject([{ externalId: number, trackingNumber: '1Z-REF' }]);
		});

		it('what left, when less left than was ordered, and the parts of a split shipment by themselves', async () => {
			await send();
			const { number, part } = await splitShipment(tryton, 'acme.1001', 'TEE-L');
			await tryton.rpc('stock.shipment.out.assign_try', [(await shipmentOf(tryton, 'acme.1001')).id]);
			await tryton.sql(
				`UPDATE stock_move SET quantity = 1, internal_quantity = 1 WHERE shipment = 'stock.shipment.out,' || (SELECT id FROM stock_shipment_out WHERE number = $1)`,
				[number],
			);
			const [{ id } = { id: 0 }] = await tryton.sql<{ id: number }>('SELECT id FROM stock_shipment_out WHERE number = $1', [number]);
			await tryton.rpc('stock.shipment.out.pick', [id]);
			await sendOff(tryton, id);
			expect((await poll()).events).toMatchObject([{ externalId: number, wmsOrderId: number, lines: [{ sku: 'RED-MUG', quantity: 1 }] }]);
			await finishShipment(tryton, part.number);
			expect((await poll()).events).toMatchObject([
				{ externalId: number },
				{ externalId: part.number, wmsOrderId: null, reference: 'acme.1001', lines: [{ sku: 'TEE-L', quantity: 1 }] },
			]);
		});

		it('a shipment that people canceled as a whole, of ours alone', async () => {
			await send();
			const { id, number } = await shipmentOf(tryton, 'acme.1001');
			const [other] = (await tryton.rpc('stock.shipment.out.copy', [id], {
				customer: 1,
				delivery_address:
					(await tryton.sql<{ id: number }>('INSERT INTO party_address (party, active) VALUES (1, true) RETURNING id'))[0]?.id ?? 0,
			})) as number[];
			await tryton.rpc('stock.shipment.out.cancel', [id, other ?? 0]);
			expect((await poll()).events).toMatchObject([{ kind: 'canceled', externalId: `cancel:${number}`, lines: null }]);
		});

		it('a state that it does not know as a failure', async () => {
			await send();
			await tryton.sql(`UPDATE stock_shipment_out SET state = 'teleported'`);
			expect(await poll()).toMatchObject({ events: [], failures: [expect.stringContaining('teleported')] });
		});

		it('every page, goes on where it ended, and later reads only what changed', async () => {
			await send();
			const { id } = await shipmentOf(tryton, 'acme.1001');
			await tryton.sql(`INSERT INTO party_party (name, code, active) SELECT 'x', 'order:many.' || n, true FROM generate_series(1, 250) n`);
			// Half of them of one moment, as one transaction makes them.
			await tryton.sql(`INSERT INTO stock_shipment_out (number, state, customer, delivery_address, company, warehouse, create_date, write_date)
				SELECT p.code, 'cancelled', p.id, s.delivery_address, s.company, s.warehouse, s.create_date, s.write_date - interval '1 hour' + (CASE WHEN p.id % 2 = 0 THEN 0 ELSE p.id % 97 END) * interval '1 second'
				FROM party_party p, stock_shipment_out s WHERE p.code LIKE 'order:many.%' AND s.id = ${id}`);
			const all = await poll();
			expect(all.pages).toBeGreaterThanOrEqual(3);
			expect(new Set(all.events.map(({ reference }) => reference)).size).toBe(250);
			expect(all.events).toHaveLength(250);
			expect((await poll(all.cursor)).events).toEqual([]);
			await tryton.sql(`UPDATE stock_shipment_out SET write_date = now() WHERE number = 'order:many.7'`);
			expect((await poll(all.cursor)).events).toMatchObject([{ reference: 'many.7' }]);
		});
	});

	describe('canceling', () => {
		it('goes until the shipment is done, and takes every part', async () => {
			await send();
			const { number } = await splitShipment(tryton, 'acme.1001', 'TEE-L');
			await pickShipment(tryton, number);
			expect(await session.cancelOrder?.({ reference: 'acme.1001', wmsOrderId: number })).toBe('canceled');
			expect(await states()).toEqual(['cancelled', 'cancelled']);
			await tryton.reset();
			await send();
			await finishShipment(tryton, (await shipmentOf(tryton, 'acme.1001')).number);
			expect(await session.cancelOrder?.({ reference: 'acme.1001', wmsOrderId: null })).toBe('too_late');
		});

		it('is looked after when the answer does not come', async () => {
			await send();
			const proxy = await TrytonProxy.open(tryton);
			const to = await through(proxy);
			proxy.fail('stock.shipment.out.cancel', '500-before');
			await expect(to.cancelOrder?.({ reference: 'acme.1001', wmsOrderId: null })).rejects.toMatchObject({ code: 'partner_unavailable' });
			proxy.fail('stock.shipment.out.cancel', 'truncated');
			expect(await to.cancelOrder?.({ reference: 'acme.1001', wmsOrderId: null })).toBe('canceled');
		});
	});

	it('says what to do when the session is over, or the user works nowhere', async () => {
		await tryton.sql('DELETE FROM ir_session WHERE create_uid <> 1');
		expect(await send()).toMatchObject({ kind: 'unavailable', alert: 'credentials_invalid' });
		const fresh = await sessionOf(tryton, {}, { anew: true });
		const [user] = (await tryton.rpc('res.user.search', [['login', '=', TRYTON_USER]], 0, 1, null)) as number[];
		await tryton.rpc('res.user.write', [user ?? 0], { company: null });
		expect(await send({}, fresh)).toMatchObject({
			kind: 'unavailable',
			alert: 'credentials_invalid',
			cause: expect.stringContaining('no company'),
		});
		await tryton.rpc('res.user.write', [user ?? 0], { company: 1 });
	});
});
