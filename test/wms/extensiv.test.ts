import { extensivWms, type ExtensivRequest } from '../../lib/wms/extensiv';
import { FieldLimitError } from '../../lib/order/errors';
import type { Cursor, WmsEvent } from '../../lib/order/wmsEvent';
import type { WmsSession } from '../../lib/wms/Wms';
import { anOrder } from '../carts/order';
import { ExtensivPeer } from '../../testing/servers/extensiv';
import { FAULTS } from '../../testing/servers/Peer';
import { sessionOf } from './extensivHarness';
import { nothingWaits } from './waiting';

let extensiv: ExtensivPeer;
beforeEach(async () => {
	extensiv = await ExtensivPeer.open();
});

const request = (changes: Parameters<typeof anOrder>[0] = {}): ExtensivRequest => extensivWms.toRequest(anOrder(changes));

async function poll(session: WmsSession<unknown>, cursor: Cursor | null = null) {
	const events: WmsEvent[] = [];
	const failures: string[] = [];
	for await (const page of session.listShipments(cursor, nothingWaits)) {
		events.push(...page.events.filter(({ kind }) => kind !== 'acknowledged'));
		failures.push(...page.failures.map(({ message }) => message));
		cursor = page.next ?? cursor;
	}
	return { events, failures, cursor };
}

it('sends what Extensiv takes, in the form that HAL wants', async () => {
	const to = { ...anOrder().shippingAddress!, name: null, company: 'ACME', address2: 'Floor 2', address3: 'Door 3' };
	const sent = request({
		shippingAddress: to,
		warehouse: '4',
		carrier: 'FedEx',
		serviceLevel: 'Ground',
		signatureRequired: true,
		giftMessage: 'Hi',
		requestedShipDate: '2026-09-06T00:00:00.000Z',
	});
	expect(await sessionOf(extensiv, { facilityId: '99' }).createOrder(sent)).toMatchObject({ kind: 'accepted' });
	expect(extensiv.orders).toMatchObject([
		{
			poNum: '#1001',
			routingInfo: { carrier: 'FedEx', mode: 'Ground', requiresDeliveryConf: true },
			shipTo: { name: 'ACME', companyName: 'ACME', address2: 'Floor 2, Door 3' },
			items: [
				{ externalId: 'L1', qty: 2 },
				{ externalId: 'L2', qty: 1 },
			],
		},
	]);
	expect(await sessionOf(extensiv, { facilityId: '99' }).createOrder(request({ reference: 'x' }))).toMatchObject({
		kind: 'rejected',
		problems: [{ field: 'FacilityIdentifier' }],
	});
});

it('takes no reference that looks like a part of another order', () => {
	expect(() => request({ reference: 'acme.1001-2' })).toThrow(FieldLimitError);
	expect(request({ reference: 'acme-x.1001.r2' }).referenceNum).toBe('acme-x.1001.r2');
});

it.each(FAULTS)('has the order once, whatever comes of the request: %s', async (fault) => {
	extensiv.peer.faultAt = (_, { method }) => (method === 'POST' ? fault : null);
	const session = sessionOf(extensiv, {}, 1_500);
	expect((await session.createOrder(request())).kind).toBe(fault === '429' ? 'unavailable' : 'unknown');
	const carriedOut = ['reset-after', '500-after', 'truncated', 'silent'].includes(fault);
	extensiv.peer.faultAt = () => null;
	expect((await session.findOrder('acme.1001')) !== null).toBe(carriedOut);
	// Nobody may send again what is found; if somebody does, Extensiv refuses it.
	expect((await session.createOrder(request())).kind).toBe(carriedOut ? 'duplicate' : 'accepted');
	expect(extensiv.references()).toEqual(['acme.1001']);
});

it('names SKUs that Extensiv does not know, and tells a missing role from what a state does not allow', async () => {
	const lines = anOrder().lines.map((line, index) => ({ ...line, sku: index === 1 ? 'GHOST' : line.sku }));
	expect(await sessionOf(extensiv).createOrder(request({ lines }))).toEqual({
		kind: 'rejected',
		problems: [expect.objectContaining({ field: 'OrderItems[1].ItemIdentifier.Sku', value: 'GHOST', code: 'unknown_sku' })],
	});
	extensiv.roles.delete('OrderWrite');
	expect(await sessionOf(extensiv).createOrder(request())).toMatchObject({
		kind: 'unavailable',
		alert: 'credentials_invalid',
		cause: expect.stringContaining('OrderWrite'),
	});
});

it('finds an order by exactly its reference, also in parts, and not by letters of another size', async () => {
	const session = sessionOf(extensiv);
	for (const other of ['ACME.1', 'acme.10', 'acme.1-x']) extensiv.add(other, [['L1', 'A', 1]]);
	expect(await session.findOrder('acme.1')).toBeNull();
	const part = extensiv.split(
		extensiv.add('acme.2', [
			['L1', 'A', 1],
			['L2', 'B', 1],
		]),
		1,
	);
	extensiv.orders.splice(
		extensiv.orders.findIndex(({ referenceNum }) => referenceNum === 'acme.2'),
		1,
	);
	expect(await session.findOrder('acme.2')).toEqual({ wmsOrderId: String(part.readOnly.orderId) });
	extensiv.add('acme.3', [['L1', 'A', 1]]).readOnly.status = 2;
	expect(await session.findOrder('acme.3')).toBeNull();
	expect(await session.createOrder(request({ reference: 'acme.3' }))).toMatchObject({
		kind: 'rejected',
		problems: [{ field: 'ReferenceNum', problem: expect.stringContaining('Duplicate') }],
	});
	// Signs that have a meaning in filters are only signs.
	expect(await session.findOrder('a*b,(c);d==e%')).toBeNull();
});

it('does not take an answer of another server for "not there"', async () => {
	const session = extensivWms.open(
		{ http: async () => await Promise.resolve({ status: 200, headers: {}, body: { ok: true } }), account: 'x' },
		{ customerId: '1', facilityId: '1' },
	);
	await expect(session.findOrder('acme.1001')).rejects.toMatchObject({ code: 'unexpected_answer' });
});

it('reports parcels by what is in them, and what is in none', async () => {
	const order = extensiv.add('acme.1', [
		['L1', 'A', 3],
		['L2', 'B', 2],
	]);
	extensiv.pack(order, '1Z1', [[0, 2]]);
	extensiv.pack(order, '1Z2', [
		[0, 1],
		[1, 1],
	]);
	extensiv.pack(order, null, []);
	extensiv.confirm(order, 'PRO1');
	const key = String(order.readOnly.orderId);
	expect((await poll(sessionOf(extensiv, { timeZone: 'America/Los_Angeles' }))).events).toMatchObject([
		{ externalId: `order:${key}`, trackingNumber: '1Z1', lines: [{ lineId: 'L1', quantity: 2 }], shippedAt: '2026-09-05T19:00:00.000Z' },
		{
			externalId: `package:${String(order.packages[1]?.packageId)}`,
			trackingNumber: '1Z2',
			lines: [
				{ lineId: 'L1', quantity: 1 },
				{ lineId: 'L2', quantity: 1 },
			],
		},
		{ externalId: `rest:${key}`, trackingNumber: 'PRO1', lines: [{ lineId: 'L2', quantity: 1 }] },
	]);
});

it('keeps the key of a shipment when its parcel or tracking comes later', async () => {
	const order = extensiv.add('acme.1', [['L1', 'A', 1]]);
	extensiv.confirm(order);
	const session = sessionOf(extensiv);
	const first = await poll(session);
	extensiv.pack(order, '1Z1', [[0, 1]]);
	const later = await poll(session, first.cursor);
	expect([...first.events, ...later.events]).toMatchObject([
		{ externalId: `order:${order.readOnly.orderId}`, trackingNumber: null },
		{ externalId: `order:${order.readOnly.orderId}`, trackingNumber: '1Z1' },
	]);
	order.packages.length = 0;
	Object.assign(order, { parcelResponse: { trackingNumbers: ['SP1'] } });
	expect((await poll(session, first.cursor)).events).toMatchObject([{ trackingNumber: 'SP1' }]);
});

it('takes what a split order lacks for shipped with its parts, not for shorted or canceled', async () => {
	const order = extensiv.add('acme.1', [
		['L1', 'A', 2],
		['L2', 'B', 1],
	]);
	const part = extensiv.split(order, 1);
	order.items[0]!.qty = 1;
	extensiv.confirm(order);
	extensiv.confirm(part);
	const other = extensiv.add('acme.2', [['L1', 'A', 1]]);
	const moved = extensiv.split(other, 0);
	other.readOnly.status = 2;
	extensiv.touch(other);
	extensiv.confirm(moved);
	extensiv.add('acme.3', [['L1', 'A', 1]]).readOnly.status = 2;
	expect((await poll(sessionOf(extensiv))).events).toMatchObject([
		{ kind: 'shipped', reference: 'acme.1', wmsOrderId: String(order.readOnly.orderId), lines: [{ lineId: 'L1', quantity: 1 }] },
		{ kind: 'shipped', reference: 'acme.1', wmsOrderId: null, lines: [{ lineId: 'L2', quantity: 1 }] },
		{ kind: 'shipped', reference: 'acme.2', wmsOrderId: null, lines: [{ lineId: 'L1', quantity: 1 }] },
		{ kind: 'canceled', reference: 'acme.3', lines: null },
	]);
});

it('reads every page although orders change in between, and goes on where it was', async () => {
	for (let index = 0; index < 250; index += 1) extensiv.confirm(extensiv.add(`acme.${index}`, [['L1', 'A', 1]]));
	const session = sessionOf(extensiv);
	const shipped = new Set<string>();
	let cursor: Cursor | null = null;
	for await (const page of session.listShipments(null, nothingWaits)) {
		for (const event of page.events) if (event.kind === 'shipped') shipped.add(String(event.reference));
		cursor = page.next ?? cursor;
		extensiv.touch(extensiv.orders[0]!);
	}
	expect(shipped.size).toBe(250);
	extensiv.now += 3_600_000;
	extensiv.confirm(extensiv.add('acme.new', [['L1', 'A', 1]]));
	expect((await poll(session, cursor)).events.at(-1)).toMatchObject({ reference: 'acme.new' });
	expect((await poll(session, cursor)).events.length).toBeLessThan(250);
	for (const order of extensiv.orders) order.readOnly.lastModifiedDate = extensiv.orders.at(-1)!.readOnly.lastModifiedDate;
	expect(new Set((await poll(session)).events.map(({ reference }) => reference)).size).toBe(251);
});

it.each([0, 1, 2])('loses nothing when request %i of a poll fails', async (failing) => {
	for (let index = 0; index < 250; index += 1) extensiv.confirm(extensiv.add(`acme.${index}`, [['L1', 'A', 1]]));
	const session = sessionOf(extensiv);
	const shipped = new Set<string>();
	let cursor: Cursor | null = null;
	const read = async (): Promise<void> => {
		for await (const page of session.listShipments(cursor, nothingWaits)) {
			for (const event of page.events) if (event.kind === 'shipped') shipped.add(String(event.reference));
			cursor = page.next ?? cursor;
		}
	};
	extensiv.peer.faultAt = (index) => (index === failing ? 'truncated' : null);
	await expect(read()).rejects.toMatchObject({ code: 'partner_unavailable' });
	await read();
	expect(shipped.size).toBe(250);
});

it('names quantities that are none', async () => {
	extensiv.confirm(extensiv.add('acme.1', [['L1', 'A', 1.5]]));
	const order = extensiv.add('acme.2', [['L1', 'A', 1]]);
	extensiv.pack(order, '1Z', [[0, 0.5]]);
	extensiv.confirm(order);
	extensiv.confirm(extensiv.add('acme.3', []));
	expect(await poll(sessionOf(extensiv))).toMatchObject({
		events: [],
		failures: [expect.stringContaining('1.5'), expect.stringContaining('0.5'), expect.stringContaining('does not say')],
	});
});

it('cancels with the version that it read, every part or none', async () => {
	const order = extensiv.add('acme.1', [
		['L1', 'A', 1],
		['L2', 'B', 1],
	]);
	const part = extensiv.split(order, 1);
	const session = sessionOf(extensiv);
	const asked = { reference: 'acme.1', wmsOrderId: null };
	part.readOnly.status = 1;
	expect(await session.cancelOrder?.(asked)).toBe('too_late');
	expect(order.readOnly.status).toBe(0);
	part.readOnly.status = 0;
	// Somebody changes the order between our reading and our canceling, once.
	extensiv.peer.faultAt = (_, { method, path }) => {
		if (method === 'POST' && path.includes(String(order.readOnly.orderId)) && order.version < 4) extensiv.touch(order);
		return method === 'POST' && path.includes(String(part.readOnly.orderId)) ? '500-after' : null;
	};
	expect(await session.cancelOrder?.(asked)).toBe('canceled');
	expect([order.readOnly.status, part.readOnly.status]).toEqual([2, 2]);
	expect(extensiv.references()).toEqual([]);
});

it('does not know whether it canceled when there was no answer and the order is open', async () => {
	const order = extensiv.add('acme.1', [['L1', 'A', 1]]);
	extensiv.peer.faultAt = (_, { method }) => (method === 'POST' ? '500-before' : null);
	await expect(sessionOf(extensiv).cancelOrder?.({ reference: 'acme.1', wmsOrderId: null })).rejects.toMatchObject({
		code: 'partner_unavailable',
	});
	expect(order.readOnly.status).toBe(0);
	extensiv.peer.faultAt = (_, { method }) => {
		if (method === 'POST') extensiv.confirm(order);
		return null;
	};
	expect(await sessionOf(extensiv).cancelOrder?.({ reference: 'acme.1', wmsOrderId: null })).toBe('too_late');
});
