/** What the cart does to an order after the warehouse got it, and what the warehouse does to a shipment after it reported it. */
import { canceled as canceledWord } from '../../lib/order/cartWord';
import { effectOf } from '../../lib/order/derive';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import type { RecordedEvent } from '../../lib/store/OrderStore';
import { sampleOrder } from '../order/sampleOrder';
import { actor, content, imported, kinds, move, openOrder, page, report, shipped } from './fixtures';
import { onEachDatabase } from './harness';

const lease = { limit: 10, leaseMs: 60_000, worker: 'w' };
const otherAddress = { shippingAddress: { ...content('1').shippingAddress!, address1: '7 Oak Ave' } };

onEachDatabase('an order that the warehouse has', (open) => {
	it('gets an alert with the difference when the cart changes it, once, and is sent as it was', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const changed = imported('1', { ...otherAddress, total: '99.00' });
		expect(await orderStore.importPage(page([changed]))).toMatchObject([{ kind: 'refused', reason: 'already_sent' }]);
		const after = (await orderStore.get(order.id))!;
		expect(after).toMatchObject({ status: 'open', total: '35.00', shippingAddress: { address1: '5 Elm St' } });
		expect(after.alert).toMatchObject({
			code: 'changed_in_cart',
			message: expect.stringMatching(/shippingAddress\.address1: "5 Elm St" → "7 Oak Ave"/),
		});
		expect(after.alert!.message).not.toMatch(/99\.00/);
		expect((await kinds(orderStore, order.id)).slice(-2)).toEqual(['snapshot_changed', 'alert_raised']);
		await orderStore.importPage(page([changed]));
		expect((await orderStore.get(order.id))!.version).toBe(after.version);
	});

	it('is what the cart has now once it starts anew', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.importPage(page([imported('1', otherAddress)]));
		const layers = (await orderStore.layers([order.id])).get(order.id)!;
		expect(layers.snapshot.shippingAddress?.address1).toBe('7 Oak Ave');
		expect(layers.result?.shippingAddress?.address1).toBe('5 Elm St');
	});

	it('alarms nobody when only money, weights or tags change', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const lines = content('1').lines.map((line) => ({ ...line, unitPrice: '99.00', weight: 17 }));
		await orderStore.importPage(page([imported('1', { total: '99.00', tags: ['web', 'paid'], lines })]));
		expect((await orderStore.get(order.id))!.alert).toBeNull();
		expect((await kinds(orderStore, order.id)).at(-1)).toBe('snapshot_changed');
	});

	it('gets an alert when the cart cancels it, once, also after the warehouse said that it is too late', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const canceled = { ...imported('1'), word: canceledWord() };
		expect(await orderStore.importPage(page([canceled]))).toMatchObject([{ kind: 'refused', reason: 'already_sent' }]);
		const after = (await orderStore.get(order.id))!;
		expect(after).toMatchObject({ status: 'open', alert: { code: 'canceled_in_cart' } });
		await orderStore.importPage(page([canceled]));
		expect((await orderStore.get(order.id))!.version).toBe(after.version);
		await orderStore.amend({
			orderId: order.id,
			version: after.version,
			actor,
			set: { alerts: { raise: [{ code: 'cancel_too_late', message: 'left' }], clear: ['canceled_in_cart'] } },
		});
		await orderStore.importPage(page([canceled]));
		expect((await orderStore.get(order.id))!.alert).toMatchObject({ code: 'cancel_too_late' });
	});
});

onEachDatabase('a shipment that was reported', (open) => {
	it('takes tracking that comes later, before the cart is told', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1', { trackingNumber: null })]));
		expect(await orderStore.recordShipments(report([shipped(order, 'S1')]))).toMatchObject([{ kind: 'recorded' }]);
		const after = (await orderStore.get(order.id))!;
		expect(after.shipments).toMatchObject([{ trackingNumber: '1ZS1', uploadedAt: null }]);
		expect(after.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
		expect((await orderStore.search({ text: '1zs1', limit: 2 })).items).toHaveLength(1);
		expect((await kinds(orderStore, order.id)).at(-1)).toBe('tracking_changed');
		expect(await orderStore.recordShipments(report([shipped(order, 'S1')]))).toMatchObject([{ kind: 'repeated' }]);
	});

	it('raises an alert when its tracking changes after the cart was told, or while it is told', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1', { lines: [{ sku: 'RED-MUG', quantity: 1 }] })]));
		const [upload] = await orderStore.claimUploads({ ...lease, orderIds: [order.id] });
		expect(await orderStore.recordShipments(report([shipped(order, 'S1', { trackingNumber: '1ZNEW' })]))).toMatchObject([
			{ kind: 'alert' },
		]);
		expect((await orderStore.get(order.id))!.alert).toMatchObject({
			code: 'tracking_changed',
			message: expect.stringMatching(/1ZNEW.*1ZS1/),
		});
		await orderStore.recordUpload({
			shipmentId: upload!.shipment.id,
			epoch: upload!.epoch,
			actor,
			result: { kind: 'uploaded', message: null },
		});
		expect(await orderStore.recordShipments(report([shipped(order, 'S1', { trackingNumber: '1ZNEWER' })]))).toMatchObject([
			{ kind: 'alert' },
		]);
	});

	it('is taken back when its label is voided: its quantities are outstanding, and the cart is not told', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const base = { reference: order.reference, origin: 'x', reason: 'wrong size' };
		await orderStore.recordShipments(report([shipped(order, 'S1')]));
		expect(await orderStore.recordShipments(report([{ ...base, kind: 'voided', externalId: 'S1' }]))).toMatchObject([
			{ kind: 'recorded', status: 'open' },
		]);
		const after = (await orderStore.get(order.id))!;
		expect(after.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([0, 0]);
		expect(after.shipments[0]!.voidedAt).not.toBeNull();
		expect(await orderStore.claimUploads({ ...lease, orderIds: [order.id] })).toEqual([]);
		expect(
			await orderStore.recordShipments(
				report([{ ...base, kind: 'voided', externalId: 'S1' }, { ...base, kind: 'voided', externalId: 'S9' }, shipped(order, 'S1')]),
			),
		).toMatchObject([{ kind: 'repeated' }, { kind: 'repeated' }, { kind: 'repeated' }]);
		await orderStore.recordShipments(report([shipped(order, 'S2')]));
		const [upload] = await orderStore.claimUploads({ ...lease, orderIds: [order.id] });
		expect(
			await orderStore.recordUpload({
				shipmentId: upload!.shipment.id,
				epoch: upload!.epoch,
				actor,
				result: { kind: 'uploaded', message: null },
			}),
		).toEqual({ status: 'closed' });
	});

	it('is taken back within the page that reports it', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(
			report([shipped(order, 'S1'), { kind: 'voided', externalId: 'S1', reference: order.reference, origin: 'x', reason: null }]),
		);
		const after = (await orderStore.get(order.id))!;
		expect(after.shipments[0]!.voidedAt).not.toBeNull();
		expect(after.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([0, 0]);
		expect((await orderStore.search({ uploadDue: true, limit: 2 })).items).toEqual([]);
	});

	it.each(['one page', 'two pages'])('is kept back for a person when its taking back was heard before it, in %s', async (where) => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const back: WmsEvent = { kind: 'voided', externalId: 'S1', reference: order.reference, origin: 'x', reason: null };
		const told = [back, back, shipped(order, 'S1'), shipped(order, 'S1')];
		const results: RecordedEvent[] = [];
		for (const events of where === 'one page' ? [told] : [told.slice(0, 2), told.slice(2)])
			results.push(...(await orderStore.recordShipments(report(events))));
		expect(results.map(({ kind }) => kind)).toEqual(['repeated', 'repeated', 'alert', 'repeated']);
		expect(await orderStore.get(order.id)).toMatchObject({
			alert: { code: 'shipment_voided', message: expect.stringContaining('S1') },
			shipments: [{ externalId: 'S1', uploadHeldBack: true, voidedAt: null }],
		});
		expect(await orderStore.claimUploads({ ...lease, orderIds: [order.id] })).toEqual([]);
		// It left after all.
		await move(orderStore, (await orderStore.get(order.id))!, 'partially_shipped', { releaseUploads: true });
		expect(await orderStore.claimUploads(lease)).toMatchObject([{ shipment: { externalId: 'S1' } }]);
	});

	it('raises an alert when it is voided after the cart was told', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1')]));
		const [upload] = await orderStore.claimUploads({ ...lease, orderIds: [order.id] });
		const done = { shipmentId: upload!.shipment.id, epoch: upload!.epoch, actor, result: { kind: 'uploaded', message: null } } as const;
		await orderStore.recordUpload(done);
		expect(
			await orderStore.recordShipments(
				report([{ kind: 'voided', externalId: 'S1', reference: order.reference, origin: 'x', reason: null }]),
			),
		).toMatchObject([{ kind: 'alert' }]);
		expect((await orderStore.get(order.id))!.alert).toMatchObject({ code: 'shipment_voided' });
	});

	it('raises an alert when it is voided while the cart is told', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1', { lines: [{ sku: 'RED-MUG', quantity: 1 }] })]));
		const [upload] = await orderStore.claimUploads({ ...lease, orderIds: [order.id] });
		await orderStore.recordShipments(report([{ kind: 'voided', externalId: 'S1', reference: order.reference, origin: 'x', reason: null }]));
		await orderStore.recordUpload({
			shipmentId: upload!.shipment.id,
			epoch: upload!.epoch,
			actor,
			result: { kind: 'uploaded', message: null },
		});
		expect((await orderStore.get(order.id))!.alert).toMatchObject({ code: 'shipment_voided' });
	});
});

it('a void changes no status by itself', () => {
	expect(effectOf(sampleOrder(), { kind: 'voided', externalId: 'S1', reference: 'N1', origin: 'x', reason: null })).toMatchObject({
		to: 'open',
		alert: null,
		shipment: null,
	});
});
