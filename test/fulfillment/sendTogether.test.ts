/** A warehouse that takes several orders in one call: each order has its own claim, its own outcome, its own timeline. */
import { shiftClock } from '../../demo/clock';
import { FieldLimitError, FulfillmentError } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { SendOutcome } from '../../lib/wms/Wms';
import { kinds } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { letTimePass, nextTry, routedOrder, send, togetherWms, wmsWith, type TogetherWms } from './partners';

const SIZE = 5;
const unknown: SendOutcome = { kind: 'unknown', cause: 'time-out' };
const wms = wmsWith({ capabilities: { uniqueReference: true, cancel: false, ordersPerCall: SIZE } });
const looking = wmsWith({ capabilities: { uniqueReference: false, cancel: false, ordersPerCall: SIZE } });

afterEach(() => shiftClock(0));

async function routed(orderStore: OrderStore, count: number): Promise<Order[]> {
	const orders: Order[] = [];
	for (let number = 1; number <= count; number += 1) orders.push(await routedOrder(orderStore, String(number)));
	return orders;
}

const ids = (orders: Order[]): string[] => orders.map(({ id }) => id);
/** Without what the warehouse does for each order within a call. */
const callsOf = ({ calls }: TogetherWms): string[] => calls.filter((call) => !call.startsWith('create'));

onEachDatabase('sending in calls of several orders', (open) => {
	it('needs as few calls as there can be, and records each order by itself', async () => {
		const { orderStore } = await open();
		const orders = await routed(orderStore, 13);
		const warehouse = togetherWms();
		const results = await send(orderStore, warehouse, ids(orders), { wms, concurrency: 1 });
		expect(results.map(({ output }) => output)).toEqual(Array(13).fill('open'));
		expect(warehouse.calls.filter((call) => call.startsWith('together')).map((call) => call.split(' ').length - 1)).toEqual([5, 5, 3]);
		expect(warehouse.created().sort()).toEqual(orders.map(({ reference }) => reference).sort());
		for (const { id, reference } of orders) {
			expect(await orderStore.get(id)).toMatchObject({ status: 'open', wmsOrderId: `W-${reference}`, attempts: 1 });
			expect((await kinds(orderStore, id)).filter((kind) => kind === 'send_outcome')).toHaveLength(1);
		}
	});

	it('takes one order as always, and one by one where the warehouse has no such call', async () => {
		const { orderStore } = await open();
		const orders = await routed(orderStore, 3);
		const [one, others] = [togetherWms(), togetherWms()];
		await send(orderStore, one, [orders[0]!.id], { wms });
		expect(one.calls).toEqual(['create N1']);
		const { createOrders: _, ...without } = others;
		await send(orderStore, without, ids(orders).slice(1), { wms, concurrency: 1 });
		expect(others.calls).toEqual(['create N2', 'create N3']);
	});

	it('gives each order its own outcome', async () => {
		const test = await open();
		const { orderStore } = test;
		const orders = await routed(orderStore, 5);
		const warehouse = togetherWms();
		warehouse.whole.push(() => {
			warehouse.has.set('N4', 'W4');
			return [
				{ kind: 'accepted', wmsOrderId: 'W1' },
				{ kind: 'rejected', problems: [{ field: 'lines.sku', problem: 'is unknown', code: 'unknown_sku' }] },
				{ kind: 'unavailable', cause: 'full', retryAfterMs: 3_600_000 },
				unknown,
				unknown,
			];
		});
		const results = await send(orderStore, warehouse, ids(orders), { wms });
		expect(results.map(({ output, message }) => [output, message])).toEqual([
			['open', null],
			['error', 'lines.sku: is unknown'],
			['delayed', 'Try 1 failed: full'],
			['open', null],
			['delayed', 'Try 1 failed: time-out'],
		]);
		expect(callsOf(warehouse)).toEqual(['together N1 N2 N3 N4 N5', 'find N4', 'find N5']);
		expect((await orderStore.getMany(ids(orders))).map(({ wmsOrderId, alert }) => [wmsOrderId, alert?.code ?? null])).toEqual([
			['W1', null],
			[null, 'unknown_sku'],
			[null, null],
			['W4', null],
			[null, null],
		]);
		// A try of several that failed before looks for each of them first, and sends what is not there in one call.
		for (const order of [orders[2]!, orders[4]!]) await nextTry(test, order);
		warehouse.calls.length = 0;
		await send(orderStore, warehouse, [orders[2]!.id, orders[4]!.id], { wms });
		expect(callsOf(warehouse)).toEqual(['find N3', 'find N5', 'together N3 N5']);
	});

	it('sends the others when one cannot be translated or is there already', async () => {
		const { orderStore } = await open();
		const orders = await routed(orderStore, 4);
		const warehouse = togetherWms();
		warehouse.has.set('N3', 'W3');
		const toRequest = ({ reference }: { reference: string }): string => {
			if (reference === 'N1') throw new FieldLimitError([{ field: 'city', value: 'x', problem: 'is too long', code: 'field_too_long' }]);
			return reference;
		};
		const results = await send(orderStore, warehouse, ids(orders), { wms: { ...looking, toRequest } });
		expect(results.map(({ output, message }) => [output, message])).toEqual([
			['error', 'city: is too long (value: "x")'],
			['open', null],
			['open', null],
			['open', null],
		]);
		expect(callsOf(warehouse)).toEqual(['find N2', 'find N3', 'find N4', 'together N2 N4']);
	});

	it.each<[string, TogetherWms['whole'][number]]>([
		['the call throws', () => Promise.reject(new Error('socket hang up'))],
		[
			'the answer tells of another number of orders',
			(references) => references.slice(1).map(() => ({ kind: 'accepted', wmsOrderId: 'W?' })),
		],
		['nobody knows', (references) => references.map(() => unknown)],
	])('looks up each order when %s; what arrived is not sent again', async (_, answer) => {
		const test = await open();
		const { orderStore } = test;
		const orders = await routed(orderStore, 5);
		const warehouse = togetherWms();
		warehouse.whole.push(async (references) => {
			// Carried out in part.
			for (const reference of ['N1', 'N4']) warehouse.has.set(reference, `W-${reference}`);
			return await answer(references);
		});
		const results = await send(orderStore, warehouse, ids(orders), { wms });
		expect(results.map(({ output }) => output)).toEqual(['open', 'delayed', 'delayed', 'open', 'delayed']);
		expect(callsOf(warehouse)).toEqual(['together N1 N2 N3 N4 N5', 'find N1', 'find N2', 'find N3', 'find N4', 'find N5']);
		for (const order of [orders[1]!, orders[2]!, orders[4]!]) await nextTry(test, order);
		warehouse.calls.length = 0;
		await send(orderStore, warehouse, ids(orders), { wms });
		expect(callsOf(warehouse)).toEqual(['find N2', 'find N3', 'find N5', 'together N2 N3 N5']);
		expect((await orderStore.getMany(ids(orders))).map(({ status, wmsOrderId }) => [status, wmsOrderId])).toEqual(
			orders.map(({ reference }) => ['open', `W-${reference}`]),
		);
	});

	it('finds the one that spoils a whole call, and sends the others', async () => {
		const { orderStore } = await open();
		const orders = await routed(orderStore, 5);
		const warehouse = togetherWms();
		const spoiled = (references: readonly string[]): null | 'each' => (references.includes('N4') ? null : 'each');
		warehouse.whole.push(spoiled, spoiled, spoiled);
		warehouse.creates.push(...['1', '2', '3'].map((key): SendOutcome => ({ kind: 'accepted', wmsOrderId: key })), {
			kind: 'rejected',
			problems: [{ field: 'order', problem: 'no phone' }],
		});
		const results = await send(orderStore, warehouse, ids(orders), { wms });
		expect(warehouse.calls).toEqual([
			'together N1 N2 N3 N4 N5',
			'together N1 N2 N3',
			'create N1',
			'create N2',
			'create N3',
			'together N4 N5',
			'create N4',
			'create N5',
		]);
		expect(results.map(({ output, message }) => [output, message])).toEqual([
			['open', null],
			['open', null],
			['open', null],
			['error', 'order: no phone'],
			['open', null],
		]);
	});

	it('begins no call when too little of the lease is left', async () => {
		const { orderStore } = await open();
		const orders = await routed(orderStore, 4);
		const warehouse = togetherWms();
		warehouse.whole.push(() => {
			shiftClock(40_000);
			return null;
		});
		const results = await send(orderStore, warehouse, ids(orders), { wms });
		expect(results.map(({ output, message }) => [output, message])).toEqual(
			Array(4).fill(['delayed', expect.stringContaining('not enough of the lease')]),
		);
		expect(callsOf(warehouse)).toEqual(['together N1 N2 N3 N4']);
	});

	it('looks up what a crash left behind, and sends the rest of it in one call', async () => {
		const test = await open();
		const { orderStore } = test;
		const orders = await routed(orderStore, 4);
		const warehouse = togetherWms();
		const dying = new FulfillmentError('network_in_transaction', 'died', 'x');
		warehouse.whole.push(() => {
			warehouse.has.set('N2', 'W2');
			throw dying;
		});
		await expect(send(orderStore, warehouse, ids(orders), { wms })).rejects.toBe(dying);
		expect((await orderStore.getMany(ids(orders))).map(({ status }) => status)).toEqual(Array(4).fill('queued'));
		await letTimePass(test);
		warehouse.calls.length = 0;
		expect((await send(orderStore, warehouse, ids(orders), { wms })).map(({ output }) => output)).toEqual(Array(4).fill('open'));
		expect(callsOf(warehouse).slice(0, 4).sort()).toEqual(['find N1', 'find N2', 'find N3', 'find N4']);
		expect(
			callsOf(warehouse)
				.slice(4)
				.map((call) => call.split(' ').sort()),
		).toEqual([['N1', 'N3', 'N4', 'together']]);
	});

	it('records the others when one outcome cannot be written', async () => {
		const { orderStore } = await open();
		const orders = await routed(orderStore, 4);
		const failing: OrderStore = {
			...orderStore,
			claim: async (request) => await orderStore.claim(request),
			getMany: async (wanted) => await orderStore.getMany(wanted),
			transition: async (transition) => {
				if (transition.orderId === orders[1]!.id) throw new Error('disk full');
				return await orderStore.transition(transition);
			},
		};
		const warehouse = togetherWms();
		await expect(send(failing, warehouse, ids(orders), { wms })).rejects.toThrow('disk full');
		expect((await orderStore.getMany(ids(orders))).map(({ status }) => status)).toEqual(['open', 'queued', 'open', 'open']);
	});

	it('lets a late worker write nothing once another took over', async () => {
		const test = await open();
		const { orderStore } = test;
		const orders = await routed(orderStore, 3);
		const [late, heir] = [togetherWms(), togetherWms()];
		late.whole.push(async (references) => {
			await letTimePass(test);
			for (const reference of references) heir.has.set(reference, `W-${reference}`);
			await send(await test.another(), heir, ids(orders), { wms, worker: 'w2' });
			return references.map(() => ({ kind: 'rejected', problems: [{ field: 'x', problem: 'late word' }] }));
		});
		expect((await send(orderStore, late, ids(orders), { wms })).map(({ output, order }) => [output, order?.alert])).toEqual(
			Array(3).fill(['open', null]),
		);
		expect(heir.created()).toEqual([]);
	});

	it('sends each order once when two workers have the same list', async () => {
		const test = await open();
		const orders = await routed(test.orderStore, 12);
		const warehouse = togetherWms();
		const stores = [test.orderStore, await test.another()];
		await Promise.all(
			stores.map(
				async (orderStore, index) =>
					await send(orderStore, warehouse, index === 0 ? ids(orders) : ids(orders).reverse(), {
						wms,
						worker: `w${index}`,
						concurrency: 2,
					}),
			),
		);
		expect(warehouse.created().sort()).toEqual(orders.map(({ reference }) => reference).sort());
		expect(new Set((await test.orderStore.getMany(ids(orders))).map(({ status, attempts }) => `${status} ${attempts}`))).toEqual(
			new Set(['open 1']),
		);
	});
});
