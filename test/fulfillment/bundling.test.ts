import { canceled } from '../../lib/order/cartWord';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { archiveOrder } from '../../lib/fulfillment/archiveOrder';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { reprocessOrder, resetOrder } from '../../lib/fulfillment/reprocessOrder';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, kinds, page } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { apply, bundleRules, release, statusesOf, TERMS, waitingOrders, windowOver } from './bundles';

const due = async (orderStore: OrderStore) =>
	(await claimDueWork({ orderStore, kinds: ['rules'], stores: [], limit: 20, leaseMs: 1000, worker: 'w', actor })).map(
		({ order, reason }) => [order.orderNumber, order.status, reason],
	);
const timesOf = async ({ raw }: TestStore, id: string) =>
	(
		await raw<{ bundle_key: string | null; bundle_terms: string | null }>('SELECT bundle_key, bundle_terms FROM {order} WHERE id = $1', [
			id,
		])
	)[0]!;

onEachDatabase('bundling', (open) => {
	it('keeps orders until the window is over, and then merges those with the same key into one order', async () => {
		const test = await open();
		const { orderStore } = test;
		const [first, second] = await waitingOrders(orderStore);
		const [other] = await waitingOrders(orderStore, [imported('3')], bundleRules(TERMS, 'bob'));
		expect([first!.status, first!.statusReason]).toEqual([
			'delayed',
			expect.stringMatching(/^Kept back by rule "Together" until \S+ for orders\.$/),
		]);
		expect(await due(orderStore)).toEqual([]);
		await windowOver(test);
		expect((await due(orderStore)).sort()).toEqual([
			['N1+N2', 'new', 'It bundles 2 orders.'],
			['N3', 'new', 'No other order came to be bundled with it.'],
		]);
		expect(await due(orderStore)).toEqual([]);

		const bundle = (await orderStore.search({ reference: 'N1.b1', limit: 5 })).items[0]!;
		expect(bundle).toMatchObject({
			bundleSize: 2,
			status: 'new',
			externalId: 'N1.b1',
			notes: null,
			total: '70.00',
			parentId: null,
			bundledInto: null,
		});
		expect(bundle.lines.map(({ id, sku, source }) => [id, sku, source])).toEqual([
			['1-L1', 'RED-MUG', { orderId: first!.id, lineId: 'L1' }],
			['1-L2', 'TEE-L', { orderId: first!.id, lineId: 'L2' }],
			['2-L1', 'RED-MUG', { orderId: second!.id, lineId: 'L1' }],
			['2-L2', 'TEE-L', { orderId: second!.id, lineId: 'L2' }],
		]);
		for (const { id } of [first!, second!]) {
			expect(await orderStore.get(id)).toMatchObject({
				status: 'bundled',
				bundledInto: bundle.id,
				bundleSize: 0,
				heldUntil: null,
				statusReason: 'Bundled into N1.b1.',
				notes: null,
			});
			expect(await timesOf(test, id)).toEqual({ bundle_key: null, bundle_terms: null });
			expect((await kinds(orderStore, id)).slice(-2)).toEqual(['bundled', 'status_changed']);
		}
		expect((await orderStore.sources([bundle.id])).map(({ id }) => id)).toEqual([first!.id, second!.id]);
		expect(await kinds(orderStore, bundle.id)).toEqual(['bundle_made']);
		expect((await orderStore.search({ externalId: '1', limit: 5 })).items.map(({ id }) => id)).toEqual([first!.id]);

		// Neither the bundle nor the one that remained alone waits again.
		expect((await apply(orderStore, [bundle.id, other!.id])).map(({ output }) => output)).toEqual([
			{ kind: 'warehouse', warehouse: 'BER' },
			{ kind: 'warehouse', warehouse: 'BER' },
		]);
		expect((await apply(orderStore, [first!.id])).map(({ output, trace }) => [output, trace])).toEqual([[{ kind: 'delayed' }, null]]);
	});

	it('is not what claims of holds hand out, and a dry run records nothing of it', async () => {
		const test = await open();
		const order = await importOne(test.orderStore);
		expect((await apply(test.orderStore, [order.id], bundleRules(), { dryRun: true })).map(({ output }) => output)).toEqual([
			{ kind: 'delayed' },
		]);
		expect(await test.orderStore.get(order.id)).toEqual(order);
		await apply(test.orderStore, [order.id]);
		await windowOver(test);
		const claim = { statuses: ['delayed' as const], limit: 5, leaseMs: 1000, worker: 'w', actor };
		expect(await test.orderStore.claim({ ...claim, delayedBy: 'hold' })).toEqual([]);
	});

	it('goes by the limits of the rule: what does not fit goes with the next bundle', async () => {
		const test = await open();
		const rules = bundleRules({ ...TERMS, mostOrders: 2 });
		await waitingOrders(
			test.orderStore,
			['1', '2', '3', '4', '5'].map((id) => imported(id)),
			rules,
		);
		await windowOver(test);
		const ids = await release(test.orderStore);
		expect((await test.orderStore.getMany(ids)).map(({ orderNumber, bundleSize }) => [orderNumber, bundleSize])).toEqual([
			['N1+N2', 2],
			['N3+N4', 2],
			['N5', 0],
		]);
	});

	it('makes no bundle of more than a hundred orders', async () => {
		const test = await open();
		await waitingOrders(
			test.orderStore,
			Array.from({ length: 205 }, (_, index) => imported(String(index + 1))),
		);
		await windowOver(test);
		const ids = await release(test.orderStore);
		expect(
			(await test.orderStore.getMany(ids)).map(({ orderNumber, bundleSize, lines }) => [orderNumber, bundleSize, lines.length]),
		).toEqual([
			['N1 and 99 more', 100, 200],
			['N101 and 99 more', 100, 200],
			['N201+N202+N203+N204+N205', 5, 10],
		]);
	});

	it('takes with it what waits less long, and leaves what comes later to the next one', async () => {
		const test = await open();
		const [first] = await waitingOrders(test.orderStore, [imported('1')]);
		await windowOver(test);
		await waitingOrders(test.orderStore, [imported('2')]);
		const [id] = await release(test.orderStore);
		expect(await test.orderStore.get(id!)).toMatchObject({ orderNumber: 'N1+N2' });
		const [late] = await waitingOrders(test.orderStore, [imported('3')]);
		expect(await release(test.orderStore)).toEqual([]);
		expect(await statusesOf(test.orderStore, [first!, late!])).toEqual(['bundled', 'delayed']);
	});

	it('by several workers at once is done once', async () => {
		const test = await open();
		const other = await test.another();
		const waiting = await waitingOrders(
			test.orderStore,
			['1', '2', '3', '4'].map((id) => imported(id)),
		);
		await waitingOrders(test.orderStore, [imported('5')], bundleRules(TERMS, 'bob'));
		await windowOver(test);
		const released = (
			await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => await release(index % 2 ? other : test.orderStore)))
		).flat();
		expect(released).toHaveLength(2);
		expect(await statusesOf(test.orderStore, waiting)).toEqual(['bundled', 'bundled', 'bundled', 'bundled']);
		const { items } = await test.orderStore.search({ limit: 20 });
		expect(items.filter(({ bundleSize }) => bundleSize > 0).map(({ reference, bundleSize }) => [reference, bundleSize])).toEqual([
			['N1.b1', 4],
		]);
	});

	it('and a reset of an order that waits, at once, leave it in one of the two only', async () => {
		const test = await open();
		const other = await test.another();
		for (const round of [1, 2, 3, 4, 5]) {
			const orders = await waitingOrders(
				test.orderStore,
				[imported(`${round}a`), imported(`${round}b`), imported(`${round}c`)],
				bundleRules(TERMS, `key ${round}`),
			);
			await windowOver(test);
			const [reset] = await Promise.allSettled([
				resetOrder({ orderStore: other, orderId: orders[0]!.id, actor }),
				release(test.orderStore),
			]);
			const [first, ...rest] = await test.orderStore.getMany(orders.map(({ id }) => id));
			const bundle = (await test.orderStore.get(rest[0]!.bundledInto!))!;
			expect(rest.map(({ status, bundledInto }) => [status, bundledInto])).toEqual([
				['bundled', bundle.id],
				['bundled', bundle.id],
			]);
			if (reset.status === 'fulfilled') expect([first!.status, first!.bundledInto, bundle.bundleSize]).toEqual(['new', null, 2]);
			else expect([first!.status, first!.bundledInto, bundle.bundleSize]).toEqual(['bundled', bundle.id, 3]);
			expect(bundle.lines.some(({ source }) => source!.orderId === first!.id)).toBe(first!.status === 'bundled');
		}
	});

	it.each<[string, (orderStore: OrderStore, orderId: string) => Promise<unknown>, string]>([
		[
			'edited',
			async (orderStore, orderId) => await editOrder({ orderStore, orderId, actor, edits: { 'shippingAddress.address1': '7 Oak St' } }),
			'new',
		],
		['reset', async (orderStore, orderId) => await resetOrder({ orderStore, orderId, actor }), 'new'],
		['reprocessed', async (orderStore, orderId) => await reprocessOrder({ orderStore, orderId, actor }), 'new'],
		['archived', async (orderStore, orderId) => await archiveOrder({ orderStore, orderId, actor }), 'archived'],
		[
			'canceled',
			async (orderStore, orderId) =>
				await cancelOrders({ orderStore, warehouse: null, orderIds: [orderId], reason: null, worker: 'w', actor, leaseMs: 1000 }),
			'canceled',
		],
		['changed in the cart', async (orderStore) => await orderStore.importPage(page([imported('1', { notes: 'ring twice' })])), 'new'],
		[
			'canceled in the cart',
			async (orderStore) => await orderStore.importPage(page([imported('1', {}, { word: canceled() })])),
			'canceled',
		],
	])('does not take an order that was %s while it waited', async (_, change, status) => {
		const test = await open();
		const [first, second, third] = await waitingOrders(test.orderStore, [imported('1'), imported('2'), imported('3')]);
		await change(test.orderStore, first!.id);
		expect(await timesOf(test, first!.id)).toEqual({ bundle_key: null, bundle_terms: null });
		await windowOver(test);
		const handedOut = await due(test.orderStore);
		expect(handedOut).toContainEqual(['N2+N3', 'new', 'It bundles 2 orders.']);
		expect(await statusesOf(test.orderStore, [first!, second!, third!])).toEqual([status, 'bundled', 'bundled']);
		// It waits anew, for it did not wait to the end.
		if (status === 'new') expect((await apply(test.orderStore, [first!.id])).map(({ order }) => order.status)).toEqual(['delayed']);
	});

	it('abandons an order that waits for ever', async () => {
		const test = await open();
		const [first] = await waitingOrders(test.orderStore);
		await test.raw('UPDATE {order} SET abandon_at = $1 WHERE id = $2', ['2026-01-01T00:00:00.000Z', first!.id]);
		await test.orderStore.abandonOverdue({ includePartiallyShipped: false, limit: 10, actor });
		expect(await timesOf(test, first!.id)).toMatchObject({ bundle_key: null });
		await windowOver(test);
		expect(await due(test.orderStore)).toEqual([['N2', 'new', 'No other order came to be bundled with it.']]);
	});
});
