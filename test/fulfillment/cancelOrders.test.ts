import { canceled } from '../../lib/order/cartWord';
import { cancelOrders, type CancelRequest } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { addCartNote } from '../../lib/fulfillment/addCartNote';
import { cancelInCart } from '../../lib/fulfillment/cancelInCart';
import type { Order } from '../../lib/order/order';
import type { WaitingOrder } from '../../lib/wms/Wms';
import { actor, claimToQueued, imported, importOne, kinds, move, openOrder, page, report, shipped } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { RETRY, routedOrder, scriptedCart } from './partners';

type Answer = 'canceled' | 'too_late' | 'not_found' | Error;

function warehouse(...answers: Answer[]) {
	const asked: WaitingOrder[] = [];
	const cancelOrder = async (order: WaitingOrder) => {
		asked.push(order);
		const answer = answers.shift() ?? 'canceled';
		return answer instanceof Error ? await Promise.reject(answer) : answer;
	};
	return {
		asked,
		wms: { code: 'file', label: 'Warehouse', capabilities: { uniqueReference: true, cancel: true } },
		session: { cancelOrder },
	};
}

const cancel = async ({ orderStore }: TestStore, order: Pick<Order, 'id'>, partner: CancelRequest['warehouse']) =>
	(await cancelOrders({ orderStore, warehouse: partner, orderIds: [order.id], reason: null, worker: 'w', actor, leaseMs: 60_000 }))[0]!;

onEachDatabase('canceling', (open) => {
	it('is done here alone when the warehouse was not given the order', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		const partner = warehouse();
		expect(await cancel(test, order, partner)).toMatchObject({
			output: 'canceled',
			order: { status: 'canceled', lines: [{ quantityCanceled: 2 }, { quantityCanceled: 1 }] },
		});
		expect(partner.asked).toEqual([]);
		expect(await cancel(test, order, partner)).toMatchObject({ output: 'canceled', message: null });
	});

	it.each(['canceled', 'not_found'] as const)(
		'at the warehouse: %s → Canceled, and the warehouse’s own report is no news',
		async (answer) => {
			const test = await open();
			const order = await openOrder(test.orderStore);
			const partner = warehouse(answer);
			expect(await cancel(test, order, partner)).toMatchObject({ output: 'canceled', order: { status: 'canceled', alert: null } });
			expect(partner.asked).toEqual([{ reference: order.reference, wmsOrderId: order.wmsOrderId }]);
			await test.orderStore.recordShipments(
				report([{ kind: 'canceled', externalId: 'C1', reference: order.reference, origin: 'x', reason: 'asked', lines: null }]),
			);
			expect(await test.orderStore.get(order.id)).toMatchObject({ status: 'canceled', alert: null });
		},
	);

	it('too late → an alert, and nobody asks again by itself', async () => {
		const test = await open();
		const order = await openOrder(test.orderStore);
		await test.orderStore.importPage(page([{ ...imported('1'), word: canceled() }]));
		const due = async () =>
			await claimDueWork({
				orderStore: test.orderStore,
				kinds: ['cancellation'],
				stores: [],
				limit: 5,
				leaseMs: 60_000,
				worker: 'w',
				actor,
			});
		expect(await due()).toMatchObject([{ kind: 'cancellation', order: { id: order.id } }]);
		expect(await cancel(test, order, warehouse('too_late'))).toMatchObject({
			output: 'error',
			order: { status: 'open', alert: { code: 'cancel_too_late' } },
		});
		expect(await due()).toEqual([]);
	});

	it('stays due when the answer does not come', async () => {
		const test = await open();
		const order = await openOrder(test.orderStore);
		expect(await cancel(test, order, warehouse(new Error('time-out')))).toMatchObject({
			output: 'delayed',
			message: expect.stringMatching(/time-out/),
			order: { status: 'open' },
		});
		expect(await cancel(test, order, warehouse('canceled'))).toMatchObject({ output: 'canceled' });
	});

	it('asks the warehouse about an order whose sending had no answer', async () => {
		const test = await open();
		const { order, epoch } = await claimToQueued(test.orderStore, await routedOrder(test.orderStore));
		await test.orderStore.transition({
			orderId: order.id,
			from: 'queued',
			to: 'delayed',
			epoch,
			actor,
			reason: 'no answer',
			set: { retryAt: { inMs: 60_000 } },
		});
		const partner = warehouse('canceled');
		expect(await cancel(test, order, partner)).toMatchObject({ output: 'canceled', order: { status: 'canceled' } });
		expect(partner.asked).toEqual([{ reference: order.reference, wmsOrderId: null }]);
	});

	it('asks once when two workers want it at the same time', async () => {
		const test = await open();
		const order = await openOrder(test.orderStore);
		const partner = warehouse();
		const results = await Promise.all([
			cancel(test, order, partner),
			cancel({ ...test, orderStore: await test.another() }, order, partner),
		]);
		expect(results.map(({ output }) => output)).toContain('canceled');
		expect((await kinds(test.orderStore, order.id)).filter((kind) => kind === 'status_changed')).toHaveLength(4);
		expect((await test.orderStore.get(order.id))!.status).toBe('canceled');
	});

	it('writes nothing when a shipment arrives meanwhile', async () => {
		const test = await open();
		const order = await openOrder(test.orderStore);
		const partner = warehouse();
		const session = {
			cancelOrder: async () => {
				await test.orderStore.recordShipments(report([shipped(order, 'S1')]));
				return 'canceled' as const;
			},
		};
		const { order: after } = await cancel(test, order, { ...partner, session });
		expect(after).toMatchObject({
			lines: [
				{ quantityShipped: 2, quantityCanceled: 0 },
				{ quantityShipped: 1, quantityCanceled: 0 },
			],
		});
	});

	it.each([
		[
			'being sent',
			'delayed',
			/is being sent/,
			async ({ orderStore }: TestStore) => (await claimToQueued(orderStore, await routedOrder(orderStore))).order,
		],
		[
			'archived',
			'error',
			/is archived/,
			async ({ orderStore }: TestStore) => await move(orderStore, await importOne(orderStore), 'archived'),
		],
	] as const)('of one that is %s is %s', async (_, output, message, prepare) => {
		const test = await open();
		expect(await cancel(test, await prepare(test), warehouse())).toMatchObject({ output, message: expect.stringMatching(message) });
	});

	it('says what to do where the warehouse cannot be asked', async () => {
		const test = await open();
		const order = await openOrder(test.orderStore);
		const partner = warehouse();
		expect(await cancel(test, order, null)).toMatchObject({ output: 'error', message: expect.stringMatching(/Cancel it with WMS Send/) });
		expect(await cancel(test, order, { ...partner, wms: { ...partner.wms, code: 'other' } })).toMatchObject({
			output: 'error',
			message: expect.stringMatching(/\(wms:file\)/),
		});
		expect(
			await cancel(test, order, { ...partner, wms: { ...partner.wms, capabilities: { uniqueReference: true, cancel: false } } }),
		).toMatchObject({ output: 'error', message: expect.stringMatching(/by hand/) });
		expect(await cancel(test, { id: 'nowhere' }, partner)).toMatchObject({ output: 'error', order: null });
	});
});

onEachDatabase('the cart', (open) => {
	const common = { worker: 'w', actor, leaseMs: 60_000, retry: RETRY };

	it('is asked to cancel only what will not be shipped', async () => {
		const { orderStore } = await open();
		const shipping = await openOrder(orderStore);
		const over = await move(orderStore, await importOne(orderStore, imported('2')), 'canceled');
		const calls: string[] = [];
		const session = {
			...scriptedCart(),
			cancel: async (order: Order, reason: string) => (
				calls.push(`${order.orderNumber} ${reason}`),
				{ kind: 'done', message: null } as const
			),
		};
		const results = await cancelInCart({ ...common, orderStore, session, orderIds: [shipping.id, over.id, 'nowhere'], reason: 'no stock' });
		expect(results.map(({ output }) => output)).toEqual(['error', 'done', 'error']);
		expect(results[0]!.message).toMatch(/is Open/);
		expect(calls).toEqual(['N2 no stock']);
		expect((await kinds(orderStore, over.id)).at(-1)).toBe('note');
	});

	it('gets notes, and says so when it takes none', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		const given: string[] = [];
		const session = {
			...scriptedCart(),
			addNote: async (_: Order, text: string) => (given.push(text), { kind: 'done', message: null } as const),
		};
		const noted = async (with_: typeof session | ReturnType<typeof scriptedCart>, text: string) =>
			(await addCartNote({ ...common, orderStore, session: with_, orderIds: [order.id], textOf: () => text }))[0]!;
		expect(await noted(session, 'Called the customer')).toMatchObject({ output: 'done' });
		expect(await noted(session, '  ')).toMatchObject({ output: 'error', message: expect.stringMatching(/empty/) });
		expect(await noted(scriptedCart(), 'x')).toMatchObject({ output: 'error', message: expect.stringMatching(/takes no notes/) });
		expect(given).toEqual(['Called the customer']);
	});
});
