import { shipBobWms } from '../../lib/wms/shipBob';
import { anOrder } from '../carts/order';
import { FAULTS } from '../../testing/servers/Peer';
import { ShipBobPeer } from '../../testing/servers/shipBob';
import { sessionOf } from './shipBobHarness';
import { nothingWaits } from './waiting';
import type { Cursor, WmsEvent } from '../../lib/order/wmsEvent';
import type { WmsSession } from '../../lib/wms/Wms';

let shipBob: ShipBobPeer;
beforeEach(async () => {
	shipBob = await ShipBobPeer.open();
});

async function poll(session: WmsSession<unknown>, cursor: Cursor | null = null) {
	const events: WmsEvent[] = [];
	const failures: string[] = [];
	for await (const page of session.listShipments(cursor, nothingWaits)) {
		events.push(...page.events.filter(({ kind }) => kind !== 'acknowledged'));
		failures.push(...page.failures.map(({ message }) => message));
		await page.afterRecorded?.();
		cursor = page.next ?? cursor;
	}
	return { events, failures, cursor };
}

it('refuses products and shipping methods that ShipBob would create', async () => {
	const order = anOrder({ shippingMethod: 'Pigeon', lines: anOrder().lines.map((line) => ({ ...line, sku: 'RED' })) });
	expect(await sessionOf(shipBob).createOrder(shipBobWms.toRequest(order))).toEqual({
		kind: 'rejected',
		problems: [
			expect.objectContaining({ value: 'RED', code: 'unknown_sku' }),
			expect.objectContaining({ value: 'Pigeon', code: 'unmapped_shipping_method' }),
		],
	});
	expect([...shipBob.products, ...shipBob.methods]).toEqual(['RED-MUG', 'TEE-L', 'Standard']);
	expect(await sessionOf(shipBob, { createMissing: true }).createOrder(shipBobWms.toRequest(order))).toMatchObject({ kind: 'accepted' });
});

it.each(FAULTS)('has the order once, whatever comes of the request: %s', async (fault) => {
	shipBob.peer.faultAt = (_, { method }) => (method === 'POST' ? fault : null);
	const session = sessionOf(shipBob, {}, 1_500);
	const outcome = await session.createOrder(shipBobWms.toRequest(anOrder()));
	expect(outcome.kind).toBe(fault === '429' ? 'unavailable' : 'unknown');
	const carriedOut = ['reset-after', '500-after', 'truncated', 'silent'].includes(fault);
	shipBob.peer.faultAt = () => null;
	expect(await session.findOrder('acme.1001')).toEqual(carriedOut ? { wmsOrderId: '101' } : null);
	expect((await session.createOrder(shipBobWms.toRequest(anOrder()))).kind).toBe(carriedOut ? 'duplicate' : 'accepted');
	expect(shipBob.references()).toEqual(['acme.1001']);
});

it('sends nothing while it cannot ask for products', async () => {
	shipBob.peer.faultAt = () => '500-before';
	expect(await sessionOf(shipBob).createOrder(shipBobWms.toRequest(anOrder()))).toMatchObject({ kind: 'unavailable' });
});

it('reports parts as they ship, a bundle by its share, and acknowledges their tracking', async () => {
	const order = shipBob.add('acme.1', [['SET', 2]]);
	const tracking = (number: string) => ({ tracking: { carrier: 'UPS', tracking_number: number } });
	shipBob.ship(order, 1, 'Completed', [['SET', 3]], tracking('1Z1'));
	shipBob.ship(order, 2, 'LabeledCreated', [['SET', 3]], tracking('1Z2'));
	const session = sessionOf(shipBob);
	const first = await poll(session);
	expect(first.events).toMatchObject([{ externalId: '1', lines: [{ sku: 'SET', quantity: 1 }] }]);
	expect(order.shipments.map((shipment) => shipment.is_tracking_uploaded)).toEqual([true, false]);
	shipBob.now += 3_600_000;
	shipBob.ship(order, 2, 'Completed', [['SET', 3]], tracking('1Z2'));
	expect((await poll(session, first.cursor)).events).toMatchObject([{ externalId: '1' }, { externalId: '2', trackingNumber: '1Z2' }]);
	shipBob.now += 3_600_000;
	const last = await poll(session, (await poll(session, first.cursor)).cursor);
	expect(last.events).toEqual([]);
});

it('keeps its position when tracking cannot be acknowledged', async () => {
	shipBob.ship(shipBob.add('acme.1', [['A', 1]]), 1, 'Completed', [['A', 1]], { tracking: { tracking_number: '1Z1' } });
	shipBob.peer.faultAt = (_, { method }) => (method === 'POST' ? '500-before' : null);
	await expect(poll(sessionOf(shipBob))).rejects.toMatchObject({ code: 'partner_unavailable' });
});

it('reads every page', async () => {
	for (let index = 0; index < 260; index += 1) shipBob.ship(shipBob.add(`acme.${index}`, [['A', 1]]), index, 'Completed', [['A', 1]]);
	expect((await poll(sessionOf(shipBob))).events).toHaveLength(260);
});

it('names a status that it does not know, and leaves waiting ones alone', async () => {
	const order = shipBob.add('acme.1', [['A', 2]]);
	shipBob.ship(order, 1, 'Teleported', [['A', 1]]);
	shipBob.ship(order, 2, 'OnHold', [['A', 1]]);
	expect(await poll(sessionOf(shipBob))).toMatchObject({ events: [], failures: [expect.stringContaining('Teleported')] });
});

it('says when it is too late to cancel', async () => {
	const order = shipBob.add('acme.1', [['A', 1]]);
	shipBob.ship(order, 1, 'Completed', [['A', 1]]);
	expect(await sessionOf(shipBob).cancelOrder?.({ reference: 'acme.1', wmsOrderId: String(order.id) })).toBe('too_late');
});
