import { StaleOrderError } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import { actor, claimToQueued, importOne, imported, kinds, move, openOrder, report, shipped } from './fixtures';
import { onEachDatabase } from './harness';

const past = '2020-01-01T00:00:00.000Z';
const lease = { limit: 10, leaseMs: 60_000, worker: 'w' };

const permutations = (items: number[]): number[][] =>
	items.length <= 1
		? [items]
		: items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));

onEachDatabase('shipments', (open) => {
	it('records each shipment once, and moves the order by its quantities', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const first = shipped(order, 'S1', { lines: [{ sku: 'RED-MUG', quantity: 1 }] });
		const [result] = await orderStore.recordShipments(report([first]));
		expect(result).toMatchObject({ orderId: order.id, kind: 'recorded', status: 'partially_shipped' });
		expect(await orderStore.recordShipments(report([first]))).toMatchObject([{ kind: 'repeated', shipmentId: result!.shipmentId }]);
		const after = (await orderStore.get(order.id))!;
		expect(after.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([1, 0]);
		expect(after.shipments).toMatchObject([
			{ externalId: 'S1', trackingNumber: '1ZS1', lines: [{ lineId: 'L1', quantity: 1 }], uploadedAt: null, uploadHeldBack: false },
		]);
		expect((await kinds(orderStore, order.id)).slice(-2)).toEqual(['shipment_recorded', 'status_changed']);
		expect((await orderStore.search({ text: '1zs1', limit: 2 })).items).toHaveLength(1);
		expect((await orderStore.search({ uploadDue: true, limit: 2 })).items).toHaveLength(1);
	});

	it.each(['canceled', 'rejected'] as const)(
		'knows that the warehouse had an order that it %s before its sending was confirmed',
		async (kind) => {
			const { orderStore } = await open();
			const { id: orderId } = await move(orderStore, await importOne(orderStore), 'routed');
			const claimed = await claimToQueued(orderStore, (await orderStore.get(orderId))!);
			await orderStore.transition({
				orderId,
				from: 'queued',
				to: 'delayed',
				epoch: claimed.epoch,
				actor,
				reason: 'no answer',
				set: { retryAt: { inMs: 60_000 } },
			});
			const common = { reference: claimed.order.reference, origin: 'x' };
			const event: WmsEvent =
				kind === 'canceled' ? { ...common, kind, externalId: 'C1', reason: null, lines: null } : { ...common, kind, problems: [] };
			await orderStore.recordShipments(report([event]));
			const after = (await orderStore.get(orderId))!;
			expect(after).toMatchObject({ status: kind === 'canceled' ? 'canceled' : 'error', wmsOrderId: null });
			expect(after.sentAt).not.toBeNull();
		},
	);

	it('lets the events of one page see each other', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const results = await orderStore.recordShipments(
			report([
				shipped(order, 'S1', { lines: [{ sku: 'RED-MUG', quantity: 2 }] }),
				shipped(order, 'S1'),
				shipped(order, 'S2'),
				{ kind: 'canceled', externalId: 'C1', reference: order.reference, origin: 'x', reason: 'none left', lines: null },
				{ kind: 'canceled', externalId: 'C1', reference: order.reference, origin: 'x', reason: 'none left', lines: null },
				shipped(order, 'S3', { lines: [{ sku: 'TEE-L', quantity: 1 }] }),
			]),
		);
		expect(results.map(({ kind }) => kind)).toEqual(['recorded', 'repeated', 'recorded', 'recorded', 'repeated', 'alert']);
		const after = (await orderStore.get(order.id))!;
		expect(after.lines.map(({ quantityShipped, quantityCanceled }) => [quantityShipped, quantityCanceled])).toEqual([
			[2, 0],
			[2, 0],
		]);
		expect(after).toMatchObject({ status: 'partially_shipped', alert: { code: 'over_shipment' } });
		expect(after.shipments).toHaveLength(3);
	});

	it('comes to the same end in whatever sequence reports come, each of them twice and all of them once more', async () => {
		const { orderStore } = await open();
		const sequences = permutations([0, 1, 2, 3]);
		const orders: Order[] = [];
		for (const index of sequences.keys()) orders.push(await openOrder(orderStore, imported(String(index))));
		const reports = orders.map((order, index): WmsEvent[] => {
			const base = { reference: order.reference, origin: 'x' };
			const events: WmsEvent[] = [
				{ ...base, kind: 'acknowledged' },
				shipped(order, 'S1', { lines: [{ sku: 'RED-MUG', quantity: 1 }] }),
				shipped(order, 'S2', { lines: [{ sku: 'TEE-L', quantity: 1 }] }),
				{ ...base, kind: 'canceled', externalId: 'C1', reason: 'none left', lines: [{ sku: 'RED-MUG', quantity: 1 }] },
			];
			return sequences[index]!.map((at) => events[at]!);
		});
		// Pages about all orders, each with the next report of each.
		for (const at of [0, 1, 2, 3]) await orderStore.recordShipments(report(reports.flatMap((events) => [events[at]!, events[at]!])));
		expect(new Set((await orderStore.recordShipments(report(reports.flat()))).map(({ kind }) => kind))).toEqual(new Set(['repeated']));
		const ends = (await orderStore.getMany(orders.map(({ id }) => id))).map(({ status, alert, lines, shipments }) => ({
			status,
			alert: alert?.code,
			lines: lines.map(({ quantityShipped, quantityCanceled }) => [quantityShipped, quantityCanceled]),
			shipments: shipments.map(({ externalId }) => externalId).sort(),
		}));
		expect(ends).toEqual(
			orders.map(() => ({
				status: 'partially_shipped',
				alert: 'canceled_at_wms',
				lines: [
					[1, 1],
					[1, 0],
				],
				shipments: ['S1', 'S2'],
			})),
		);
	});

	it('records once under parallel polls, and the cursor with it', async () => {
		const test = await open();
		const order = await openOrder(test.orderStore);
		const stores = [test.orderStore, await test.another()];
		const results = await Promise.all(
			Array.from({ length: 6 }, async (_, index) => await stores[index % 2]!.recordShipments(report([shipped(order, 'S1')]))),
		);
		expect(
			results
				.flat()
				.map(({ kind }) => kind)
				.sort(),
		).toEqual(['recorded', ...Array<string>(5).fill('repeated')]);
		await test.orderStore.recordShipments(report([shipped(order, 'S2')], { cursorTo: 'p1' }));
		await expect(test.orderStore.recordShipments(report([shipped(order, 'S9')], { cursorTo: 'p2' }))).rejects.toMatchObject({
			code: 'cursor_moved',
		});
		expect((await test.orderStore.get(order.id))!.shipments).toMatchObject([{ packages: [{ key: 'S1' }, { key: 'S2' }] }]);
		expect(await test.orderStore.cursor('wms:file')).toBe('p1');
	});

	it('hears confirmations, refusals and cancellations once', async () => {
		const { orderStore } = await open();
		const queued = async (id: string) =>
			(await claimToQueued(orderStore, await move(orderStore, await importOne(orderStore, imported(id)), 'routed'))).order;
		const [a, b, c, d] = [await queued('1'), await queued('2'), await openOrder(orderStore, imported('3')), await queued('4')];
		const events: WmsEvent[] = [
			{ kind: 'acknowledged', reference: a.reference, wmsOrderId: 'WA', origin: 'ack.csv' },
			{
				kind: 'rejected',
				reference: b.reference,
				origin: 'r.csv',
				problems: [{ field: 'sku', value: 'X', problem: 'is unknown', code: 'unknown_sku' }],
			},
			{ kind: 'canceled', externalId: 'C1', wmsOrderId: c.wmsOrderId, origin: 'c.csv', reason: 'fraud', lines: null },
			shipped(d, 'S4', { lines: [{ sku: 'TEE-L', quantity: 1 }] }),
		];
		expect((await orderStore.recordShipments(report(events))).map(({ kind, status }) => [kind, status])).toEqual([
			['recorded', 'open'],
			['alert', 'error'],
			['alert', 'canceled'],
			['recorded', 'partially_shipped'],
		]);
		expect(await orderStore.get(a.id)).toMatchObject({
			status: 'open',
			wmsOrderId: 'WA',
			sentAt: expect.any(String),
			openedAt: expect.any(String),
		});
		expect(await orderStore.get(b.id)).toMatchObject({ status: 'error', wmsOrderId: null, alert: { code: 'unknown_sku' } });
		expect(await orderStore.get(c.id)).toMatchObject({ status: 'canceled', wmsOrderId: null, alert: { code: 'canceled_at_wms' } });
		expect(await orderStore.get(d.id)).toMatchObject({ status: 'partially_shipped', sentAt: expect.any(String) });
		const before = await orderStore.getMany([a.id, b.id, c.id, d.id]);
		expect((await orderStore.recordShipments(report(events))).map(({ kind }) => kind)).toEqual(Array(4).fill('repeated'));
		expect(await orderStore.getMany([a.id, b.id, c.id, d.id])).toEqual(before);
	});

	it('keeps what it cannot match, and takes it as solved once it matches', async () => {
		const { orderStore } = await open();
		const foreign = shipped({ ...(await openOrder(orderStore)), reference: 'N2' }, 'S1');
		expect(await orderStore.recordShipments(report([foreign]))).toMatchObject([{ kind: 'unmatched', orderId: null, status: null }]);
		expect((await orderStore.importFailures({ openOnly: true, limit: 5 })).items).toMatchObject([
			{ subject: 'shipment', origin: 'S1.csv, row 1' },
		]);
		await openOrder(orderStore, imported('2'));
		expect(await orderStore.recordShipments(report([foreign], { wms: 'other' }))).toMatchObject([{ kind: 'unmatched' }]);
		expect(await orderStore.recordShipments(report([foreign]))).toMatchObject([{ kind: 'recorded' }]);
		expect((await orderStore.importFailures({ openOnly: true, limit: 5 })).items).toEqual([]);
	});

	it('finds an order by an earlier reference when goods left, and never guesses between stores', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.amend({
			orderId: order.id,
			version: order.version,
			actor,
			set: { reference: 'N1.r2' },
			sending: { state: 'canceled_there' },
		});
		expect(await orderStore.recordShipments(report([shipped(order, 'S1')]))).toMatchObject([{ kind: 'recorded', orderId: order.id }]);
		const twin = await openOrder(orderStore, imported('7', { orderNumber: 'N7' }));
		await openOrder(orderStore, imported('7', { orderNumber: 'N7' }), { store: 'other' });
		expect(await orderStore.recordShipments(report([shipped(twin, 'S7')], { stores: ['other'] }))).toMatchObject([{ kind: 'unmatched' }]);
		expect(await orderStore.recordShipments(report([shipped(twin, 'S7')]))).toMatchObject([{ kind: 'recorded', orderId: twin.id }]);
	});

	it('closes the order with the last upload', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1', { lines: [{ sku: 'RED-MUG', quantity: 2 }] }), shipped(order, 'S2')]));
		const claims = await orderStore.claimUploads(lease);
		expect(claims.map(({ shipment, order: of }) => [shipment.externalId, of.id]).sort()).toEqual([
			['S1', order.id],
			['S2', order.id],
		]);
		const done = { actor, result: { kind: 'uploaded', message: null } } as const;
		expect(await orderStore.recordUpload({ ...done, shipmentId: claims[0]!.shipment.id, epoch: claims[0]!.epoch })).toEqual({
			status: 'partially_shipped',
		});
		expect(await orderStore.recordUpload({ ...done, shipmentId: claims[1]!.shipment.id, epoch: claims[1]!.epoch })).toEqual({
			status: 'closed',
		});
		const after = (await orderStore.get(order.id))!;
		expect(after.closedAt).not.toBeNull();
		expect(after.shipments.every(({ uploadedAt }) => uploadedAt !== null)).toBe(true);
		expect((await kinds(orderStore, order.id)).slice(-3)).toEqual(['tracking_uploaded', 'tracking_uploaded', 'status_changed']);
		await expect(orderStore.recordUpload({ ...done, shipmentId: claims[1]!.shipment.id, epoch: claims[1]!.epoch })).rejects.toThrow(
			StaleOrderError,
		);
		expect(await orderStore.claimUploads({ ...lease, orderIds: [order.id] })).toEqual([]);
	});

	it('gives an upload to one worker at a time, whoever asks and however', async () => {
		const test = await open();
		const { orderStore } = test;
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1')]));
		const rivals = await Promise.all([
			orderStore.claimUploads(lease),
			orderStore.claimUploads({ ...lease, orderIds: [order.id] }),
			(await test.another()).claimUploads({ ...lease, stores: ['acme'] }),
		]);
		expect(rivals.flat()).toHaveLength(1);
		const late = rivals.flat()[0]!;
		await test.raw('UPDATE {shipment} SET upload_due_at = $1, upload_leased_until = $1', [past]);
		const [anew] = await orderStore.claimUploads(lease);
		const result = { kind: 'uploaded', message: null } as const;
		await expect(orderStore.recordUpload({ shipmentId: late.shipment.id, epoch: late.epoch, actor, result })).rejects.toThrow(
			StaleOrderError,
		);
		expect((await orderStore.get(order.id))!).toMatchObject({ status: 'open', shipments: [{ uploadedAt: null }] });
		expect(await orderStore.recordUpload({ shipmentId: late.shipment.id, epoch: anew!.epoch, actor, result })).toEqual({
			status: 'closed',
		});
	});

	it('tries a failed upload again when it is due, and asks a person when no try is left', async () => {
		const test = await open();
		const { orderStore } = test;
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1')]));
		const fail = async (retryInMs: number | null) => {
			const [claim] = await orderStore.claimUploads({ ...lease, onlyDue: true, orderIds: [order.id] });
			const alert = retryInMs === null ? ({ code: 'rejected_by_cart', message: 'no' } as const) : null;
			return await orderStore.recordUpload({
				shipmentId: claim!.shipment.id,
				epoch: claim!.epoch,
				actor,
				result: { kind: 'failed', problem: 'down', retryInMs, alert },
			});
		};
		expect(await fail(60_000)).toEqual({ status: 'open' });
		expect((await orderStore.get(order.id))!.shipments).toMatchObject([{ uploadProblem: 'down', uploadAttempts: 1 }]);
		expect(await orderStore.claimUploads(lease)).toEqual([]);
		await test.raw('UPDATE {shipment} SET upload_due_at = $1', [past]);
		await fail(null);
		const failed = (await orderStore.get(order.id))!;
		expect(failed.alert).toMatchObject({ code: 'rejected_by_cart' });
		await orderStore.amend({ orderId: order.id, version: failed.version, actor, set: { releaseUploads: true } });
		const [claim] = await orderStore.claimUploads(lease);
		await orderStore.recordUpload({
			shipmentId: claim!.shipment.id,
			epoch: claim!.epoch,
			actor,
			result: { kind: 'uploaded', message: 'ok' },
		});
		expect(await orderStore.get(order.id)).toMatchObject({ status: 'closed', alert: null });
	});

	it('keeps a late shipment back until a person reprocesses', async () => {
		const { orderStore } = await open();
		const order = await move(orderStore, await openOrder(orderStore), 'archived');
		expect(await orderStore.recordShipments(report([shipped(order, 'S1')]))).toMatchObject([{ kind: 'alert', status: 'archived' }]);
		expect(await orderStore.get(order.id)).toMatchObject({ alert: { code: 'late_shipment' }, shipments: [{ uploadHeldBack: true }] });
		expect(await orderStore.claimUploads({ ...lease, orderIds: [order.id] })).toEqual([]);
		await move(orderStore, (await orderStore.get(order.id))!, 'partially_shipped', { releaseUploads: true });
		expect(await orderStore.claimUploads(lease)).toHaveLength(1);
	});
});
