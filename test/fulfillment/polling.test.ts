import type { WmsSession } from '../../lib/wms/Wms';
import type { FileWmsRequest } from '../../lib/wms/file';
import { move } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { counting, Exchange, filesOf, withRival } from './exchange';
import { nothingWaits } from '../wms/waiting';

onEachDatabase('polling the warehouse', (open) => {
	const begin = async () => {
		const site = new Exchange(await open());
		return { site, order: await site.open() };
	};
	const parcel = (shipment_id: string, more: Record<string, string | number> = {}) => ({
		reference: 'N1',
		shipment_id,
		tracking_number: `1Z${shipment_id}`,
		carrier: 'UPS',
		sku: '',
		quantity: '',
		...more,
	});
	const mug = { sku: 'RED-MUG', quantity: 1 };

	it('records each parcel once, part by part, and puts the files away', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('S1', mug)]);
		expect(await site.poll()).toMatchObject({
			complete: true,
			repeated: 0,
			unmatched: 0,
			failed: 0,
			recorded: [
				{
					kind: 'recorded',
					orderId: order.id,
					order: { status: 'partially_shipped', lines: [{ quantityShipped: 1 }, { quantityShipped: 0 }] },
				},
			],
		});
		// The same report under another name, and the rest.
		site.report('shipments', [parcel('S1', mug), parcel('S2')]);
		expect(await site.poll()).toMatchObject({
			repeated: 1,
			recorded: [{ shipmentId: expect.any(String), order: { status: 'partially_shipped' } }],
		});
		const after = await site.get(order.id);
		expect(after.shipments.map(({ externalId, trackingNumber }) => [externalId, trackingNumber]).sort()).toEqual([
			['S1', '1ZS1'],
			['S2', '1ZS2'],
		]);
		expect(after.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
		expect(Object.keys(filesOf(site.warehouse.root, 'shipments'))).toEqual([]);
		expect(await site.poll()).toMatchObject({ recorded: [], repeated: 0 });
		expect((await site.kinds(order.id)).filter((kind) => kind === 'shipment_recorded')).toHaveLength(2);
	});

	it('keeps a report about an order that it does not know, and one that it cannot read', async () => {
		const { site, order } = await begin();
		site.report('shipments', [
			parcel('S1', { reference: 'STRANGER' }),
			parcel('S2', { sku: 'RED-MUG', quantity: 'some' }),
			parcel('S3', mug),
		]);
		expect(await site.poll()).toMatchObject({ unmatched: 1, failed: 1, recorded: [{ order: { id: order.id } }] });
		const { items } = await site.orderStore.importFailures({ openOnly: true, limit: 5 });
		expect(items.map(({ subject, message }) => [subject, /STRANGER|some/.exec(message)?.[0]]).sort()).toEqual([
			['shipment', 'STRANGER'],
			['shipment', 'some'],
		]);
		expect((await site.get(order.id)).shipments).toHaveLength(1);
	});

	it.each(['archived', 'abandoned'] as const)('records a parcel of an %s order, keeps it back and says so', async (status) => {
		const { site, order } = await begin();
		await move(site.orderStore, order, status);
		site.report('shipments', [parcel('S1')]);
		expect(await site.poll()).toMatchObject({
			recorded: [{ kind: 'alert', order: { status, alert: { code: 'late_shipment' }, shipments: [{ uploadHeldBack: true }] } }],
		});
		await site.upload([order.id]);
		expect(site.tracking).toEqual({});
	});

	it('says that more was shipped than ordered, and still counts it', async () => {
		const { site } = await begin();
		site.report('shipments', [parcel('S1', { sku: 'RED-MUG', quantity: 5 })]);
		expect(await site.poll()).toMatchObject({
			recorded: [
				{
					kind: 'alert',
					order: { alert: { code: 'over_shipment', recommendation: expect.stringMatching(/\.$/) }, lines: [{ quantityShipped: 5 }, {}] },
				},
			],
		});
	});

	it('hears a cancellation, a part of one, and a refusal', async () => {
		const { site, order } = await begin();
		const [second, third] = [await site.open('2'), await site.open('3')];
		site.report('cancellations', [
			{ reference: 'N1', cancellation_id: 'C1', sku: '', quantity: '', reason: 'fraud' },
			{ reference: 'N2', cancellation_id: 'C2', sku: 'TEE-L', quantity: 1, reason: 'none left' },
		]);
		site.report('acknowledgements', [{ reference: 'N3', status: 'rejected', message: 'No such SKU' }]);
		const { recorded } = await site.poll();
		expect(recorded).toHaveLength(3);
		expect(await site.get(order.id)).toMatchObject({
			status: 'canceled',
			alert: { code: 'canceled_at_wms', message: 'fraud' },
			wmsOrderId: null,
		});
		expect(await site.get(second.id)).toMatchObject({ status: 'open', lines: [{ quantityCanceled: 0 }, { quantityCanceled: 1 }] });
		expect(await site.get(third.id)).toMatchObject({
			status: 'error',
			alert: { code: 'rejected_by_wms', message: expect.stringContaining('No such SKU') },
		});
		// The rest ships; the order closes without the canceled goods.
		site.report('shipments', [parcel('S2', { reference: 'N2' })]);
		await site.poll();
		await site.upload([second.id]);
		expect((await site.get(second.id)).status).toBe('closed');
	});

	it('opens an order whose sending was not confirmed yet', async () => {
		const { site } = await begin();
		const lost = await site.routed('5');
		await site.orderStore.claim({
			ids: [lost.id],
			statuses: ['routed'],
			to: 'queued',
			sendTo: { wms: 'file', account: '' },
			limit: 1,
			leaseMs: 60_000,
			worker: 'dead',
			actor: { kind: 'node', name: 't' },
		});
		site.report('acknowledgements', [{ reference: 'N5', wms_order_id: 'W-5', status: 'accepted' }]);
		await site.poll();
		expect(await site.get(lost.id)).toMatchObject({
			status: 'open',
			wmsOrderId: 'W-5',
			sentAt: expect.any(String),
			openedAt: expect.any(String),
		});
		await site.lapse('order', 'due_at');
		await site.send([lost.id]);
		expect(site.received).toEqual(['N1']);
	});

	it('records nothing twice when it dies before the file is put away', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('S1', mug)]);
		const dying: WmsSession<FileWmsRequest> = {
			...site.wms,
			listShipments: async function* (cursor) {
				for await (const page of site.wms.listShipments(cursor, nothingWaits))
					yield { ...page, afterRecorded: async () => await Promise.reject(new Error('killed')) };
			},
		};
		await expect(site.poll({ session: dying })).rejects.toThrow('killed');
		const before = await site.get(order.id);
		expect(before.shipments).toHaveLength(1);
		// All of it was recorded: it is only put away.
		expect(await site.poll()).toMatchObject({ recorded: [], repeated: 0, complete: true });
		expect(Object.keys(filesOf(site.warehouse.root, 'shipments/reading'))).toEqual([]);
		expect(Object.keys(filesOf(site.warehouse.root, 'shipments/archive'))).toHaveLength(1);
		expect(await site.get(order.id)).toEqual(before);
	});

	it('loses nothing when it dies before it has recorded', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('S1', mug)]);
		const failing = { ...site.orderStore, recordShipments: async () => await Promise.reject(new Error('killed')) };
		await expect(site.poll({ orderStore: failing })).rejects.toThrow('killed');
		expect(Object.keys(filesOf(site.warehouse.root, 'shipments/reading'))).toHaveLength(1);
		expect((await site.poll()).recorded).toMatchObject([{ orderId: order.id }]);
	});

	it('records each parcel once when several pollers start at the same time', async () => {
		const { site, order } = await begin();
		for (const id of ['S1', 'S2', 'S3']) site.report('shipments', [parcel(id, id === 'S3' ? {} : mug)]);
		const other = await site.test.another();
		const reports = await Promise.all([site.poll(), site.poll({ orderStore: other }), site.poll(), site.poll({ orderStore: other })]);
		const after = await site.get(order.id);
		expect(reports.flatMap(({ recorded }) => recorded.map(({ shipmentId }) => shipmentId)).sort()).toEqual(
			after.shipments.map(({ id }) => id).sort(),
		);
		expect(after.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
		expect(after.shipments).toHaveLength(3);
	});

	it('goes on in a long file where its time was up, or where a rival was', async () => {
		const { site } = await begin();
		const many = Array.from({ length: 450 }, (_, index) => parcel(`S${String(index).padStart(3, '0')}`, { sku: 'TEE-L', quantity: 1 }));
		site.report('shipments', many);
		const first = await site.poll({ budgetMs: -1 });
		expect(first).toMatchObject({ complete: false, repeated: 0 });
		expect(first.recorded).toHaveLength(200);
		let rivals = 0;
		const rival = withRival(site.orderStore, 'recordShipments', async () => (rivals = (await site.poll()).recorded.length));
		const calls = counting(rival, 'recordShipments');
		expect(await site.poll({ orderStore: calls.target })).toMatchObject({ recorded: [], complete: false });
		expect([rivals, calls.calls.length]).toEqual([250, 1]);
		expect((await site.orderStore.search({ limit: 1 })).items[0]!.shipments).toHaveLength(450);
	});

	it('minds only the orders of its stores, and of its warehouse', async () => {
		const { site, order } = await begin();
		site.report('shipments', [parcel('S1', mug)]);
		expect(await site.poll({ stores: ['other'] })).toMatchObject({ unmatched: 1, recorded: [] });
		site.report('shipments', [parcel('S1', mug)]);
		expect(await site.poll({ wms: 'shiphero' })).toMatchObject({ unmatched: 1, recorded: [] });
		expect((await site.get(order.id)).shipments).toEqual([]);
		site.report('shipments', [parcel('S1', mug)]);
		expect((await site.poll({ stores: ['acme'] })).recorded).toHaveLength(1);
	});
});
