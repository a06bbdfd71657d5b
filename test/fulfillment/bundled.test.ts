/** What becomes of a bundle, and of the orders in it. */
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { archiveOrder } from '../../lib/fulfillment/archiveOrder';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { reprocessOrder, resetOrder } from '../../lib/fulfillment/reprocessOrder';
import { unbundleOrder } from '../../lib/fulfillment/bundles';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { compileRules } from '../../lib/rules/evaluate';
import { sourceQuantities } from '../../lib/order/sourceLines';
import { rule } from '../rules/fixtures';
import { actor, imported, kinds, line, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { apply, bundledOrders, sent, sentBundle, statusesOf, uploadAll } from './bundles';

onEachDatabase('a bundle', (open) => {
	it('tells each order of the cart its own tracking once, and all of them are Closed with it', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		await orderStore.recordShipments(
			report([
				shipped(bundle, 'S1', {
					lines: [
						{ lineId: '1-L1', quantity: 2 },
						{ lineId: '1-L2', quantity: 1 },
						{ lineId: '2-L1', quantity: 1 },
					],
				}),
			]),
		);
		const halfway = await orderStore.getMany(sources.map(({ id }) => id));
		expect(
			halfway.map(({ status, shipments, lines }) => [
				status,
				shipments.map((each) => [each.trackingNumber, each.lines]),
				lines.map(({ quantityShipped }) => quantityShipped),
			]),
		).toEqual([
			[
				'bundled',
				[
					[
						'1ZS1',
						[
							{ lineId: 'L1', quantity: 2 },
							{ lineId: 'L2', quantity: 1 },
						],
					],
				],
				[2, 1],
			],
			['bundled', [['1ZS1', [{ lineId: 'L1', quantity: 1 }]]], [1, 0]],
		]);
		expect(
			(await claimDueWork({ orderStore, kinds: ['upload'], stores: [], limit: 5, leaseMs: 1000, worker: 'w', actor }))
				.map(({ order }) => order.orderNumber)
				.sort(),
		).toEqual(['N1', 'N2']);
		expect(await uploadAll(orderStore)).toEqual(['N1 1ZS1', 'N2 1ZS1']);
		// All of the first order has left.
		expect(await statusesOf(orderStore, [...sources, bundle])).toEqual(['closed', 'bundled', 'partially_shipped']);
		expect((await orderStore.get(bundle.id))!.shipments[0]!.uploadedAt).not.toBeNull();
		await orderStore.recordShipments(report([shipped(bundle, 'S2')]));
		expect(await uploadAll(orderStore)).toEqual(['N2 1ZS2']);
		expect(await statusesOf(orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
		expect(await uploadAll(orderStore)).toEqual([]);
		expect((await kinds(orderStore, sources[0]!.id)).slice(-5)).toEqual([
			'bundled',
			'status_changed',
			'shipment_recorded',
			'tracking_uploaded',
			'status_changed',
		]);
		expect((await orderStore.search({ text: '1zs2', limit: 5 })).items.map(({ orderNumber }) => orderNumber).sort()).toEqual([
			'N1+N2',
			'N2',
		]);
	});

	it('whose last uploads are recorded at once leaves no order behind', async () => {
		const test = await open();
		const other = await test.another();
		const { bundle, sources } = await sentBundle(test);
		await test.orderStore.recordShipments(report([shipped(bundle, 'S1')]));
		const claims = await test.orderStore.claimUploads({ limit: 10, leaseMs: 60_000, worker: 'w' });
		expect(claims).toHaveLength(2);
		await Promise.all(
			claims.map(
				async ({ shipment, epoch }, index) =>
					await (index ? other : test.orderStore).recordUpload({
						shipmentId: shipment.id,
						epoch,
						actor,
						result: { kind: 'uploaded', message: null },
					}),
			),
		);
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('that holds nothing of the cart in its last parcel is Closed without an upload', async () => {
		const test = await open();
		const { bundle, sources } = await sentBundle(test);
		const all = bundle.lines.filter(({ source }) => source).map(({ id, quantity }) => ({ lineId: id, quantity }));
		await test.orderStore.recordShipments(report([shipped(bundle, 'S1', { lines: all })]));
		await uploadAll(test.orderStore);
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'partially_shipped']);
		await test.orderStore.recordShipments(report([shipped(bundle, 'S2', { lines: [{ lineId: 'gift', quantity: 1 }] })]));
		expect(await uploadAll(test.orderStore)).toEqual([]);
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('that is canceled takes its orders with it, and they can be reprocessed', async () => {
		const test = await open();
		const { bundle, sources } = await bundledOrders(test);
		const cancel = async (orderId: string) =>
			(
				await cancelOrders({
					orderStore: test.orderStore,
					warehouse: null,
					orderIds: [orderId],
					reason: null,
					worker: 'w',
					actor,
					leaseMs: 1000,
				})
			)[0]!;
		expect(await cancel(sources[0]!.id)).toMatchObject({
			output: 'error',
			message: 'It is bundled into N1.b1, which is New. Unbundle N1.b1 first, or do it with that order.',
		});
		expect((await cancel(bundle.id)).output).toBe('canceled');
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['canceled', 'canceled', 'canceled']);
		await expect(reprocessOrder({ orderStore: test.orderStore, orderId: bundle.id, actor })).rejects.toMatchObject({
			code: 'operation_refused',
			remedy: expect.stringContaining('Reprocess those orders'),
		});
		const again = await reprocessOrder({ orderStore: test.orderStore, orderId: sources[0]!.id, actor });
		expect([again.status, again.bundledInto, again.lines.map(({ quantityCanceled }) => quantityCanceled)]).toEqual(['new', null, [0, 0]]);
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['new', 'canceled', 'canceled']);
	});

	it('of which the warehouse cancels the goods of one order cancels that one alone', async () => {
		const test = await open();
		const { bundle, sources } = await sentBundle(test);
		const lines = [
			{ lineId: '2-L1', quantity: 2 },
			{ lineId: '2-L2', quantity: 1 },
		];
		await test.orderStore.recordShipments(
			report([
				{ kind: 'canceled', externalId: 'C1', reference: bundle.reference, wmsOrderId: null, origin: 'c', reason: 'out of stock', lines },
			]),
		);
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['bundled', 'canceled', 'open']);
		await test.orderStore.recordShipments(report([shipped(bundle, 'S1')]));
		expect(await uploadAll(test.orderStore)).toEqual(['N1 1ZS1']);
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['closed', 'canceled', 'closed']);
	});

	it('changes and takes back parcels of its orders as the warehouse says, and raises an alert when a cart was told', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		await orderStore.recordShipments(
			report([
				shipped(bundle, 'S1', {
					lines: [
						{ lineId: '1-L1', quantity: 1 },
						{ lineId: '2-L1', quantity: 1 },
					],
				}),
			]),
		);
		await orderStore.recordShipments(report([shipped(bundle, 'S1', { trackingNumber: '1ZNEW' })]));
		expect(
			(await orderStore.getMany(sources.map(({ id }) => id))).map(({ shipments }) => shipments.map(({ trackingNumber }) => trackingNumber)),
		).toEqual([['1ZNEW'], ['1ZNEW']]);
		expect((await orderStore.get(bundle.id))!.alert).toBeNull();
		const [claim] = await orderStore.claimUploads({ orderIds: [sources[0]!.id], limit: 1, leaseMs: 60_000, worker: 'w' });
		await orderStore.recordUpload({
			shipmentId: claim!.shipment.id,
			epoch: claim!.epoch,
			actor,
			result: { kind: 'uploaded', message: null },
		});
		await orderStore.recordShipments(
			report([{ kind: 'voided', externalId: 'S1', reference: bundle.reference, wmsOrderId: null, origin: 'v', reason: null }]),
		);
		expect((await orderStore.get(bundle.id))!.alert?.code).toBe('shipment_voided');
		const after = await orderStore.getMany(sources.map(({ id }) => id));
		expect(after.map(({ lines, shipments }) => [lines[0]!.quantityShipped, shipments[0]!.voidedAt !== null])).toEqual([
			[0, true],
			[0, true],
		]);
		await orderStore.recordShipments(report([shipped(bundle, 'S2')]));
		await uploadAll(orderStore);
		expect(await statusesOf(orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('that is split tells each order its tracking once', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await bundledOrders(test);
		const parts = [
			{
				warehouse: 'BER',
				lines: [
					{ lineId: '1-L1', quantity: 2 },
					{ lineId: '2-L1', quantity: 1 },
				],
			},
			{
				warehouse: 'NYC',
				lines: [
					{ lineId: '2-L1', quantity: 1 },
					{ lineId: '1-L2', quantity: 1 },
					{ lineId: '2-L2', quantity: 1 },
				],
			},
		];
		await apply(orderStore, [bundle.id], (_, content) => ({ decision: { kind: 'route', warehouse: 'BER', parts }, content, trace: [] }));
		const [ber, nyc] = await orderStore.parts([bundle.id]);
		expect([ber!.reference, ber!.bundleSize]).toEqual(['N1.b1.p1', 2]);
		for (const part of [ber!, nyc!]) await sent(orderStore, part);
		await expect(unbundleOrder({ orderStore, orderId: bundle.id, actor })).rejects.toMatchObject({ code: 'operation_refused' });
		await orderStore.recordShipments(report([shipped(ber!, 'S1'), shipped(nyc!, 'S1', { trackingNumber: '1ZNYC' })]));
		expect(
			(await orderStore.getMany(sources.map(({ id }) => id))).map(({ lines }) => lines.map(({ quantityShipped }) => quantityShipped)),
		).toEqual([
			[2, 1],
			[2, 1],
		]);
		expect((await orderStore.get(sources[0]!.id))!.shipments.map(({ externalId }) => externalId).sort()).toEqual([
			'N1.b1.p1/S1',
			'N1.b1.p2/S1',
		]);
		expect(await uploadAll(orderStore)).toEqual(['N1 1ZNYC', 'N1 1ZS1', 'N2 1ZNYC', 'N2 1ZS1']);
		expect(await statusesOf(orderStore, [...sources, bundle, ber!, nyc!])).toEqual(['closed', 'closed', 'closed', 'closed', 'closed']);
	});

	it('whose rules take kits apart tells each order of the kits that it sold', async () => {
		const test = await open();
		const { orderStore } = test;
		const orders = [imported('1', { lines: [line('K', 'SET', 1)] }), imported('2', { lines: [line('K', 'SET', 2), line('L', 'CAP', 1)] })];
		const { bundle, sources } = await bundledOrders(test, orders);
		const rules = compileRules([
			rule('Kits', [
				{
					kind: 'replaceSkus',
					table: {
						caseSensitive: false,
						entries: [
							{ sku: 'SET', component: 'MUG', quantity: 1, name: null },
							{ sku: 'SET', component: 'TEE', quantity: 2, name: null },
						],
					},
				},
				{ kind: 'addLine', line: { sku: 'GIFT', name: 'Gift', quantity: 1, unitPrice: null } },
				{ kind: 'route', warehouse: 'BER' },
			]),
		]);
		await apply(orderStore, [bundle.id], (_, content, context) => rules.evaluate(content, context));
		const open1 = await sent(orderStore, (await orderStore.get(bundle.id))!);
		expect(open1.description).toBe('1 × MUG, 2 × TEE, 2 × MUG, 4 × TEE, 1 × CAP, 1 × GIFT');
		const of = (sku: string, place: number, quantity: number) => ({
			lineId: open1.lines.filter((each) => each.sku === sku)[place]!.id,
			quantity,
		});
		await orderStore.recordShipments(
			report([shipped(open1, 'S1', { lines: [of('MUG', 0, 1), of('MUG', 1, 2), of('TEE', 0, 2), of('TEE', 1, 2), of('GIFT', 0, 1)] })]),
		);
		const halfway = await orderStore.getMany(sources.map(({ id }) => id));
		expect(
			halfway.map((order) => [
				order.lines.map(({ sku, quantityShipped }) => [sku, quantityShipped]),
				sourceQuantities(order, order.shipments[0]!),
			]),
		).toEqual([
			[[['SET', 1]], [{ externalId: 'x-K', quantity: 1 }]],
			[
				[
					['SET', 1],
					['CAP', 0],
				],
				[{ externalId: 'x-K', quantity: 1 }],
			],
		]);
		await orderStore.recordShipments(report([shipped(open1, 'S2')]));
		const second = (await orderStore.get(sources[1]!.id))!;
		expect(sourceQuantities(second, second.shipments[1]!)).toEqual([
			{ externalId: 'x-K', quantity: 1 },
			{ externalId: 'x-L', quantity: 1 },
		]);
		expect(await uploadAll(orderStore)).toEqual(['N1 1ZS1', 'N2 1ZS1', 'N2 1ZS2']);
		expect(await statusesOf(orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('that was put away records a late parcel, and uploads it once it is reprocessed', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		await archiveOrder({ orderStore, orderId: bundle.id, actor });
		expect(await statusesOf(orderStore, sources)).toEqual(['bundled', 'bundled']);
		await orderStore.recordShipments(report([shipped(bundle, 'S1')]));
		expect(await uploadAll(orderStore)).toEqual([]);
		expect((await orderStore.get(bundle.id))!.alert?.code).toBe('late_shipment');
		await reprocessOrder({ orderStore, orderId: bundle.id, actor });
		expect(await uploadAll(orderStore)).toEqual(['N1 1ZS1', 'N2 1ZS1']);
		expect(await statusesOf(orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('is what people work on: its orders refuse what is done to them alone', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await bundledOrders(test);
		const orderId = sources[0]!.id;
		const refused = {
			code: 'operation_refused',
			message: expect.stringContaining('bundled into N1.b1, which is New'),
			remedy: 'Unbundle N1.b1 first, or do it with that order.',
		};
		await expect(editOrder({ orderStore, orderId, actor, edits: { notes: 'x' } })).rejects.toMatchObject(refused);
		await expect(resetOrder({ orderStore, orderId, actor })).rejects.toMatchObject(refused);
		await expect(reprocessOrder({ orderStore, orderId, actor })).rejects.toMatchObject(refused);
		await expect(archiveOrder({ orderStore, orderId, actor })).rejects.toMatchObject(refused);
		await expect(orderStore.purge({ orderId: bundle.id, from: 'new', version: bundle.version, actor })).rejects.toMatchObject({
			code: 'operation_refused',
		});
		await editOrder({ orderStore, orderId: bundle.id, actor, edits: { notes: 'ring twice', 'lines.1-L1.quantity': 1 } });
		expect(await orderStore.get(bundle.id)).toMatchObject({
			notes: 'ring twice',
			description: '1 × RED-MUG, 1 × TEE-L, 2 × RED-MUG, 1 × TEE-L',
		});
		await apply(orderStore, [bundle.id]);
		await sent(orderStore, (await orderStore.get(bundle.id))!);
		await expect(editOrder({ orderStore, orderId, actor, edits: { notes: 'x' } })).rejects.toMatchObject({
			remedy: 'Do it with N1.b1, which the warehouse has.',
		});
		await archiveOrder({ orderStore, orderId: bundle.id, actor });
		expect((await archiveOrder({ orderStore, orderId, actor })).status).toBe('archived');
		await expect(reprocessOrder({ orderStore, orderId, actor })).rejects.toMatchObject({ code: 'operation_refused' });
	});
});
