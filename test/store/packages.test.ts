/** A shipment is goods in packages: every number is kept, the cart is told of each once, also of those that come later. */
import type { Order, Shipment } from '../../lib/order/order';
import { trackingNumbersOf, wasTold } from '../../lib/order/packages';
import type { ReportedShipment, WmsEvent } from '../../lib/order/wmsEvent';
import { openOrderStore } from '../../lib/store/connect';
import type { OrderStore, UploadClaim } from '../../lib/store/OrderStore';
import { sentBundle, uploadAll } from '../fulfillment/bundles';
import { actor, openOrder, report, shipped } from './fixtures';
import { onEachDatabase } from './harness';
import { copyRows, oldStore } from './oldStore';

const lease = { limit: 10, leaseMs: 60_000, worker: 'w' };
const goods = [
	{ sku: 'RED-MUG', quantity: 2 },
	{ sku: 'TEE-L', quantity: 1 },
];

onEachDatabase('packages', (open) => {
	const record = async (orderStore: OrderStore, ...events: WmsEvent[]): Promise<string[]> =>
		(await orderStore.recordShipments(report(events))).map(({ kind }) => kind);
	const after = async (orderStore: OrderStore, { id }: Order): Promise<Order> => (await orderStore.get(id))!;
	const shipmentIn = async (orderStore: OrderStore, order: Order): Promise<Shipment> => (await after(orderStore, order)).shipments[0]!;
	/** Tells the cart what is due. @returns the numbers of which nothing was settled before */
	const told = async (orderStore: OrderStore): Promise<string[]> => {
		const numbers: string[] = [];
		for (let claims: UploadClaim[]; (claims = await orderStore.claimUploads(lease)).length > 0;) {
			for (const { shipment, epoch } of claims) {
				numbers.push(...trackingNumbersOf(shipment).filter((number) => !shipment.settledNumbers.includes(number)));
				await orderStore.recordUpload({
					shipmentId: shipment.id,
					epoch,
					actor,
					result: { kind: 'uploaded', message: null, numbers: trackingNumbersOf(shipment) },
				});
			}
		}
		return numbers;
	};

	const three = (order: Order, more: Partial<ReportedShipment> = {}): ReportedShipment =>
		shipped(order, 'S1', {
			trackingNumber: null,
			packages: [
				{ key: 'P1', trackingNumbers: ['A', 'B'], sscc: '00340123450000000018', weight: 1200, lines: [{ sku: 'RED-MUG', quantity: 2 }] },
				{ trackingNumbers: ['C'], carrier: 'DHL', trackingUrl: 'https://dhl.example/C' },
			],
			...more,
		});

	it('are kept with all that is known of them, found by every number, and a repeat is one', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		expect(await record(orderStore, three(order), three(order))).toEqual(['recorded', 'repeated']);
		expect((await after(orderStore, order)).shipments).toMatchObject([
			{
				carrier: 'UPS',
				trackingNumber: 'A',
				packages: [
					{
						key: 'P1',
						carrier: 'UPS',
						trackingNumbers: ['A', 'B'],
						sscc: '00340123450000000018',
						weight: 1200,
						lines: [{ lineId: 'L1', quantity: 2 }],
					},
					{ key: null, carrier: 'DHL', trackingNumbers: ['C'], trackingUrl: 'https://dhl.example/C', lines: null },
				],
			},
		]);
		for (const text of ['a', 'b', 'c']) expect((await orderStore.search({ text, limit: 2 })).items).toHaveLength(1);
		expect(await told(orderStore)).toEqual(['A', 'B', 'C']);
		expect(await after(orderStore, order)).toMatchObject({ status: 'closed', shipments: [{ settledNumbers: ['A', 'B', 'C'] }] });
		expect(await record(orderStore, three(order))).toEqual(['repeated']);
		expect(await told(orderStore)).toEqual([]);
	});

	it('come of a text of several numbers', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const both = shipped(order, 'S1', { trackingNumber: '1Z1, 1Z2' });
		expect(await record(orderStore, both, both)).toEqual(['recorded', 'repeated']);
		expect(await shipmentIn(orderStore, order)).toMatchObject({ trackingNumber: '1Z1', packages: [{ trackingNumbers: ['1Z1', '1Z2'] }] });
	});

	it.each([
		['at once', false],
		['one by one', true],
	])('without contents belong to the goods that left, %s', async (_, apart) => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const events = [shipped(order, 'B1', { lines: goods }), shipped(order, 'B2'), shipped(order, 'B3', { lines: [] })];
		const numbers: string[] = [];
		for (const page of apart ? events.map((event) => [event]) : [events]) {
			expect(new Set(await record(orderStore, ...page))).toEqual(new Set(['recorded']));
			if (apart) numbers.push(...(await told(orderStore)));
		}
		expect(await record(orderStore, ...events)).toEqual(['repeated', 'repeated', 'repeated']);
		expect((await after(orderStore, order)).shipments).toMatchObject([
			{ externalId: 'B1', trackingNumber: '1ZB1', packages: [{ key: 'B1' }, { key: 'B2' }, { key: 'B3' }] },
		]);
		expect([...numbers, ...(await told(orderStore))]).toEqual(['1ZB1', '1ZB2', '1ZB3']);
		expect(await after(orderStore, order)).toMatchObject({ status: 'closed', alerts: [] });
	});

	it('get further numbers later: the cart is told of just these, whatever the order of the reports', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const list = (...trackingNumbers: string[]): ReportedShipment =>
			shipped(order, 'S1', { trackingNumber: trackingNumbers[0]!, packages: [{ trackingNumbers }] });
		await record(orderStore, list('A'));
		expect(await told(orderStore)).toEqual(['A']);
		expect(await record(orderStore, list('A', 'B'))).toEqual(['recorded']);
		expect(await shipmentIn(orderStore, order)).toMatchObject({ uploadedAt: null, settledNumbers: ['A'], trackingNumber: 'A' });
		expect((await orderStore.search({ uploadDue: true, limit: 2 })).items).toHaveLength(1);
		expect(await told(orderStore)).toEqual(['B']);
		// An older list, and one that names the newest only.
		expect(await record(orderStore, list('A'), list('B'))).toEqual(['repeated', 'repeated']);
		expect(await record(orderStore, list('C'))).toEqual(['recorded']);
		expect(await told(orderStore)).toEqual(['C']);
		expect(await after(orderStore, order)).toMatchObject({
			status: 'closed',
			alerts: [],
			shipments: [{ settledNumbers: ['A', 'B', 'C'] }],
		});
	});

	it('that get a number while the cart is told of the others are told next', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await record(orderStore, shipped(order, 'B1', { lines: goods }));
		const [claim] = await orderStore.claimUploads(lease);
		await record(orderStore, shipped(order, 'B2'));
		const { shipment, epoch } = claim!;
		const result = { kind: 'uploaded', message: null, numbers: trackingNumbersOf(shipment) } as const;
		expect(await orderStore.recordUpload({ shipmentId: shipment.id, epoch, actor, result })).toEqual({ status: 'open' });
		expect(await told(orderStore)).toEqual(['1ZB2']);
		expect(await after(orderStore, order)).toMatchObject({ status: 'closed' });
	});

	it('that are told without a number are told of it when it comes', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await record(orderStore, shipped(order, 'S1', { trackingNumber: null }));
		expect(await told(orderStore)).toEqual([]);
		expect(await after(orderStore, order)).toMatchObject({ status: 'closed', shipments: [{ settledNumbers: [] }] });
		expect(await record(orderStore, shipped(order, 'S1'))).toEqual(['recorded']);
		const shipment = await shipmentIn(orderStore, order);
		expect([shipment.uploadedAt, wasTold(shipment)]).toEqual([null, true]);
		expect(await told(orderStore)).toEqual(['1ZS1']);
		expect(await after(orderStore, order)).toMatchObject({ alerts: [], shipments: [{ settledNumbers: ['1ZS1'] }] });
	});

	it('keep a corrected number for a person, and tell those that are new', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await record(orderStore, shipped(order, 'B1', { lines: goods }), shipped(order, 'B2'));
		await told(orderStore);
		expect(await record(orderStore, shipped(order, 'B2', { trackingNumber: 'NEW' }))).toEqual(['alert']);
		expect(await told(orderStore)).toEqual([]);
		expect(await after(orderStore, order)).toMatchObject({
			alerts: [{ code: 'tracking_changed', message: expect.stringMatching(/NEW now; the cart was told 1ZB2/) }],
			shipments: [{ packages: [{ trackingNumbers: ['1ZB1'] }, { trackingNumbers: ['NEW'] }] }],
		});
		expect(await record(orderStore, shipped(order, 'B3'))).toEqual(['recorded']);
		expect(await told(orderStore)).toEqual(['1ZB3']);
	});

	it('of which one is taken back stay without it', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await record(orderStore, shipped(order, 'B1', { lines: goods }), shipped(order, 'B2'));
		const back: WmsEvent = { kind: 'voided', externalId: 'B2', reference: order.reference, origin: 'x', reason: null };
		expect(await record(orderStore, back, back, shipped(order, 'B2'))).toEqual(['recorded', 'repeated', 'repeated']);
		expect(await told(orderStore)).toEqual(['1ZB1']);
		expect(await after(orderStore, order)).toMatchObject({ status: 'closed', lines: [{ quantityShipped: 2 }, { quantityShipped: 1 }] });
	});

	it('that arrive for an archived order wait for a person', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await record(orderStore, shipped(order, 'B1', { lines: goods }));
		await told(orderStore);
		const closed = await after(orderStore, order);
		await orderStore.transition({ orderId: order.id, from: 'closed', to: 'archived', version: closed.version, actor, reason: 'test' });
		expect(await record(orderStore, shipped(order, 'B2'))).toEqual(['alert']);
		expect(await told(orderStore)).toEqual([]);
		expect(await after(orderStore, order)).toMatchObject({
			alert: { code: 'late_shipment', message: expect.stringContaining('1ZB2') },
			shipments: [{ uploadedAt: null, uploadHeldBack: true, settledNumbers: ['1ZB1'] }],
		});
	});

	it('of a bundle reach each order in it, also later', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		await record(orderStore, shipped(bundle, 'B1'));
		expect(await uploadAll(orderStore)).toEqual(['N1 1ZB1', 'N2 1ZB1']);
		await record(orderStore, shipped(bundle, 'B2'));
		expect(await told(orderStore)).toEqual(['1ZB2', '1ZB2']);
		const all = await orderStore.getMany([bundle.id, ...sources.map(({ id }) => id)]);
		expect(
			all.map(({ status, shipments }) => [
				status,
				shipments.map(trackingNumbersOf),
				shipments.every(({ uploadedAt }) => uploadedAt !== null),
			]),
		).toEqual(Array.from({ length: 3 }, () => ['closed', [['1ZB1', '1ZB2']], true]));
	});
});

onEachDatabase('a store of the version before packages', (open, dialect) => {
	it('keeps its shipments: told again, the same reports record and upload nothing', async () => {
		const today = await open();
		const order = await openOrder(today.orderStore);
		const reports = [shipped(order, 'S1', { trackingNumber: '1Z1, 1Z2', lines: goods }), shipped(order, 'S2', { trackingNumber: '1Z3' })];
		await today.orderStore.recordShipments(report(reports.map((each) => ({ ...each, lines: goods }))));
		// As it was kept: the text whole, and what had no contents as a shipment of its own.
		await today.raw(`UPDATE {shipment} SET tracking_number = '1Z1, 1Z2' WHERE external_id = 'S1'`);
		await today.raw(`UPDATE {shipment} SET lines = '[]' WHERE external_id = 'S2'`);
		await today.raw(`UPDATE {shipment} SET uploaded_at = recorded_at, upload_due_at = NULL`);
		const before = await oldStore(dialect, 'SettledLines1764830000000');
		await copyRows(today, before, ['order', 'order_content', 'sending', 'shipment']);
		const orderStore = await openOrderStore(before.config);
		expect((await orderStore.recordShipments(report(reports))).map(({ kind }) => kind)).toEqual(['repeated', 'repeated']);
		expect((await orderStore.get(order.id))!.shipments).toMatchObject([
			{ externalId: 'S1', packages: [{ key: 'S1', trackingNumbers: ['1Z1, 1Z2'] }], settledNumbers: ['1Z1, 1Z2'] },
			{ externalId: 'S2', packages: [{ key: 'S2', trackingNumbers: ['1Z3'] }] },
		]);
		expect(await orderStore.claimUploads(lease)).toEqual([]);
		await orderStore.close();
	});
});
