import { pollShipments, type PollRequest } from '../../lib/fulfillment/pollShipments';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { WmsEventPage } from '../../lib/wms/Wms';
import { actor, imported, kinds, move, openOrder, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { nextTry, routedOrder, scriptedWms, send } from './partners';

const poll = async (store: OrderStore, session: PollRequest['session'], more: Partial<PollRequest> = {}) =>
	await pollShipments({ store, wms: 'file', session, stores: [], actor, budgetMs: 60_000, ...more });

const pageOf = (next: string | null, events: WmsEvent[], more: Partial<WmsEventPage> = {}): WmsEventPage => ({ events, failures: [], next, ...more });
const mug = (quantity: number) => [{ sku: 'RED-MUG', quantity }];
const tee = (quantity: number) => [{ sku: 'TEE-L', quantity }];

onEachDatabase('polling', (open) => {
	it('records each report once, in order, with the order as it is at the end; repeats are counted', async () => {
		const { store } = await open();
		const order = await openOrder(store);
		const wms = scriptedWms();
		const archived: unknown[] = [];
		wms.reports = [
			pageOf('p1', [shipped(order, 'S1', { lines: mug(1) })], { afterRecorded: async () => void archived.push(await store.cursor(wms.source)) }),
			pageOf('p2', [shipped(order, 'S1', { lines: mug(1) }), shipped(order, 'S2', { lines: [...mug(1), ...tee(1)] })]),
		];
		const report = await poll(store, wms);
		expect(report).toMatchObject({ repeated: 1, unmatched: 0, failed: 0, complete: true });
		expect(report.recorded.map(({ event, status, order: now }) => [event.kind === 'shipped' && event.externalId, status, now?.status, now?.shipments.length])).toEqual([
			['S1', 'partially_shipped', 'partially_shipped', 2],
			['S2', 'partially_shipped', 'partially_shipped', 2],
		]);
		expect(archived).toEqual(['p1']);
		const before = await store.get(order.id);
		expect(before!.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
		expect(await poll(store, wms)).toEqual({ recorded: [], repeated: 0, unmatched: 0, failed: 0, complete: true });
		wms.reports.push(pageOf('p3', [shipped(order, 'S1', { lines: mug(1) }), shipped(order, 'S2')]));
		expect(await poll(store, wms)).toMatchObject({ recorded: [], repeated: 2 });
		expect(await store.get(order.id)).toEqual(before);
	});

	it('keeps what fits no order, or cannot be read, as an import failure', async () => {
		const { store } = await open();
		const order = await openOrder(store);
		const wms = scriptedWms();
		const unread = { subject: 'shipment' as const, key: 'row 2', origin: 's.csv, row 2', message: 'No quantity.', remedy: 'Correct the row.', payload: null };
		wms.reports = [pageOf('p1', [shipped({ ...order, reference: 'N99' }, 'S9'), shipped(order, 'S1')], { failures: [unread] })];
		expect(await poll(store, wms)).toMatchObject({ recorded: [{ orderId: order.id }], unmatched: 1, failed: 1 });
		const { items } = await store.importFailures({ openOnly: true, limit: 9 });
		expect(items.map(({ subject, origin }) => [subject, origin]).sort()).toEqual([['shipment', 'S9.csv, row 1'], ['shipment', 's.csv, row 2']]);
		expect((await store.get(order.id))!.shipments).toHaveLength(1);
	});

	it('tells of late, too large, unknown, canceled and refused', async () => {
		const { store } = await open();
		const [late, over, unknown, canceled, refused] = [
			await move(store, await openOrder(store, imported('1')), 'archived'), await openOrder(store, imported('2')), await openOrder(store, imported('3')),
			await openOrder(store, imported('4')), await openOrder(store, imported('5')),
		] as const;
		const wms = scriptedWms();
		wms.reports = [
			pageOf('p1', [
				shipped(late, 'S1'),
				shipped(over, 'S2', { lines: mug(5) }),
				shipped(unknown, 'S3', { lines: [{ sku: 'HAT', quantity: 1 }, ...tee(1)] }),
				{ kind: 'canceled', externalId: 'C4', reference: canceled.reference, origin: 'c.csv', reason: 'none left', lines: null },
				{ kind: 'rejected', reference: refused.reference, origin: 'r.csv', problems: [{ field: 'city', problem: 'is unknown', code: 'invalid_address' }] },
			]),
		];
		const { recorded } = await poll(store, wms);
		expect(recorded.map(({ kind, order }) => [kind, order!.status, order!.alert?.code])).toEqual([
			['alert', 'archived', 'late_shipment'],
			['alert', 'partially_shipped', 'over_shipment'],
			['alert', 'partially_shipped', 'unknown_shipment_line'],
			['alert', 'canceled', 'canceled_at_wms'],
			['alert', 'error', 'invalid_address'],
		]);
		expect(recorded[0]!.order!.shipments).toMatchObject([{ uploadHeldBack: true }]);
		expect((await store.search({ uploadDue: true, limit: 9 })).items.map(({ id }) => id).sort()).toEqual([over.id, unknown.id].sort());
		for (const { order } of recorded.slice(3)) expect(order).toMatchObject({ wmsOrderId: null, shipments: [] });
	});

	it.each([
		['a part', mug(1), 'partially_shipped'],
		['everything', null, 'open'],
	])('a shipment of %s proves that an order was received whose sending nobody confirmed; it is not sent again', async (_, lines, status) => {
		const test = await open();
		const { store } = test;
		const [delayed, failed] = [await routedOrder(store, '1'), await routedOrder(store, '2')];
		const wms = scriptedWms();
		wms.creates.push({ kind: 'unknown', cause: 'time-out' }, { kind: 'unknown', cause: 'time-out' });
		await send(store, wms, [delayed.id, failed.id], { concurrency: 1 });
		await nextTry(test, failed);
		wms.creates.push({ kind: 'unknown', cause: 'time-out' });
		await send(store, wms, [failed.id], { retry: { pausesInMinutes: [], jitter: 0 } });
		expect((await store.getMany([delayed.id, failed.id])).map((order) => [order.status, order.alert?.code ?? null])).toEqual([['delayed', null], ['error', 'outcome_unknown']]);
		wms.reports = [pageOf('p1', [shipped(delayed, 'S1', { lines }), shipped(failed, 'S2', { lines })])];
		const { recorded } = await poll(store, wms);
		for (const { order } of recorded) expect(order).toMatchObject({ status, retryAt: null, sentAt: expect.any(String), openedAt: expect.any(String) });
		const sentBefore = wms.created().length;
		await send(store, wms, [delayed.id, failed.id]);
		expect(wms.created()).toHaveLength(sentBefore);
		expect((await kinds(store, delayed.id)).slice(lines === null ? -4 : -5)).toEqual([
			...Array<string>(lines === null ? 2 : 3).fill('status_changed'), 'shipment_recorded', 'status_changed',
		]);
	});

	it('leaves quietly when another poller was faster, stops when its time is used up, and throws what else goes wrong', async () => {
		const test = await open();
		const { store } = test;
		const other = await test.another();
		const order = await openOrder(store);
		const wms = scriptedWms();
		wms.reports = [pageOf('p1', [shipped(order, 'S1', { lines: mug(1) })]), pageOf('p2', [shipped(order, 'S2', { lines: mug(1) })]), pageOf('p3', [shipped(order, 'S3', { lines: tee(1) })])];
		let rival: Awaited<ReturnType<typeof poll>> | undefined;
		const late: OrderStore = {
			...store,
			recordShipments: async (page) => {
				rival ??= await poll(other, wms, { budgetMs: -1 });
				return await store.recordShipments(page);
			},
		};
		expect(await poll(late, wms)).toMatchObject({ recorded: [], complete: false });
		expect(rival).toMatchObject({ recorded: [{ kind: 'recorded' }], complete: false });
		const broken: OrderStore = { ...store, recordShipments: async () => await Promise.reject(new Error('disk full')) };
		await expect(poll(broken, wms)).rejects.toThrow('disk full');
		expect((await poll(store, wms)).recorded).toHaveLength(2);
		expect((await store.get(order.id))!.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
	});

	it('matches only orders of the stores that were asked for', async () => {
		const { store } = await open();
		const order = await openOrder(store, imported('1'), { store: 'other' });
		const wms = scriptedWms();
		wms.reports = [pageOf('p1', [shipped(order, 'S1')])];
		expect(await poll(store, wms, { stores: ['acme'] })).toMatchObject({ recorded: [], unmatched: 1 });
		wms.reports.push(pageOf('p2', [shipped(order, 'S1')]));
		expect(await poll(store, wms, { stores: ['other'] })).toMatchObject({ recorded: [{ orderId: order.id }], unmatched: 0 });
	});
});
