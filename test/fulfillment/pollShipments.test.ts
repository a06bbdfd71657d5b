import { pollShipments, type PollRequest } from '../../lib/fulfillment/pollShipments';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { WmsEventPage } from '../../lib/wms/Wms';
import { actor, kinds, openOrder, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { nextTry, routedOrder, scriptedWms, send } from './partners';

const poll = async (orderStore: OrderStore, session: PollRequest['session'], more: Partial<PollRequest> = {}) =>
	await pollShipments({ orderStore, wms: 'file', session, stores: [], actor, budgetMs: 60_000, ...more });

const pageOf = (next: string | null, events: WmsEvent[], more: Partial<WmsEventPage> = {}): WmsEventPage => ({
	events,
	failures: [],
	next,
	...more,
});
const mug = (quantity: number) => [{ sku: 'RED-MUG', quantity }];
const tee = (quantity: number) => [{ sku: 'TEE-L', quantity }];

onEachDatabase('polling', (open) => {
	it.each([
		['a part', mug(1), 'partially_shipped'],
		['everything', null, 'open'],
	])(
		'a shipment of %s proves that an order was received whose sending nobody confirmed; it is not sent again',
		async (_, lines, status) => {
			const test = await open();
			const { orderStore } = test;
			const [delayed, failed] = [await routedOrder(orderStore, '1'), await routedOrder(orderStore, '2')];
			const wms = scriptedWms();
			wms.creates.push({ kind: 'unknown', cause: 'time-out' }, { kind: 'unknown', cause: 'time-out' });
			await send(orderStore, wms, [delayed.id, failed.id], { concurrency: 1 });
			await nextTry(test, failed);
			wms.creates.push({ kind: 'unknown', cause: 'time-out' });
			await send(orderStore, wms, [failed.id], { retry: { pausesInMinutes: [], jitter: 0 } });
			expect((await orderStore.getMany([delayed.id, failed.id])).map((order) => [order.status, order.alert?.code ?? null])).toEqual([
				['delayed', null],
				['error', 'outcome_unknown'],
			]);
			wms.reports = [pageOf('p1', [shipped(delayed, 'S1', { lines }), shipped(failed, 'S2', { lines })])];
			const { recorded } = await poll(orderStore, wms);
			for (const { order } of recorded)
				expect(order).toMatchObject({ status, retryAt: null, sentAt: expect.any(String), openedAt: expect.any(String) });
			const sentBefore = wms.created().length;
			await send(orderStore, wms, [delayed.id, failed.id]);
			expect(wms.created()).toHaveLength(sentBefore);
			expect((await kinds(orderStore, delayed.id)).slice(lines === null ? -4 : -5)).toEqual([
				...Array<string>(lines === null ? 2 : 3).fill('status_changed'),
				'shipment_recorded',
				'status_changed',
			]);
		},
	);

	it('leaves quietly when another poller was faster, stops when its time is used up, and throws what else goes wrong', async () => {
		const test = await open();
		const { orderStore } = test;
		const other = await test.another();
		const order = await openOrder(orderStore);
		const wms = scriptedWms();
		wms.reports = [
			pageOf('p1', [shipped(order, 'S1', { lines: mug(1) })]),
			pageOf('p2', [shipped(order, 'S2', { lines: mug(1) })]),
			pageOf('p3', [shipped(order, 'S3', { lines: tee(1) })]),
		];
		let rival: Awaited<ReturnType<typeof poll>> | undefined;
		const late: OrderStore = {
			...orderStore,
			recordShipments: async (page) => {
				rival ??= await poll(other, wms, { budgetMs: -1 });
				return await orderStore.recordShipments(page);
			},
		};
		expect(await poll(late, wms)).toMatchObject({ recorded: [], complete: false });
		expect(rival).toMatchObject({ recorded: [{ kind: 'recorded' }], complete: false });
		const broken: OrderStore = { ...orderStore, recordShipments: async () => await Promise.reject(new Error('disk full')) };
		await expect(poll(broken, wms)).rejects.toThrow('disk full');
		expect((await poll(orderStore, wms)).recorded).toHaveLength(2);
		expect((await orderStore.get(order.id))!.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
	});
});
