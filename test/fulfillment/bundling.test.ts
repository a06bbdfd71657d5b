import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { archiveOrder, editOrder, reprocessOrder, resetOrder } from '../../lib/fulfillment/orderOperations';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, kinds, page } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { apply, bundleRules, release, statusesOf, TERMS, waitingOrders, windowOver } from './bundles';

const due = async (store: OrderStore) => (await claimDueWork({ store, kinds: ['rules'], stores: [], limit: 20, leaseMs: 1000, worker: 'w', actor })).map(({ order, reason }) => [order.orderNumber, order.status, reason]);
const timesOf = async ({ raw }: TestStore, id: string) => (await raw<{ bundle_key: string | null; bundle_terms: string | null }>('SELECT bundle_key, bundle_terms FROM {order} WHERE id = $1', [id]))[0]!;

onEachDatabase('bundling', (open) => {
	it('keeps orders until the window is over, and then merges those with the same key into one order', async () => {
		const test = await open();
		const { store } = test;
		const [first, second] = await waitingOrders(store);
		const [other] = await waitingOrders(store, [imported('3')], bundleRules(TERMS, 'bob'));
		expect([first!.status, first!.statusReason]).toEqual(['delayed', expect.stringMatching(/^Kept back by rule "Together" until \S+ for orders\.$/)]);
		expect(await due(store)).toEqual([]);
		await windowOver(test);
		expect((await due(store)).sort()).toEqual([['N1+N2', 'new', 'It bundles 2 orders.'], ['N3', 'new', 'No other order came to be bundled with it.']]);
		expect(await due(store)).toEqual([]);

		const bundle = (await store.search({ reference: 'N1.b1', limit: 5 })).items[0]!;
		expect(bundle).toMatchObject({ bundleSize: 2, status: 'new', externalId: 'N1.b1', notes: null, total: '70.00', parentId: null, bundledInto: null });
		expect(bundle.lines.map(({ id, sku, source }) => [id, sku, source])).toEqual([
			['1-L1', 'RED-MUG', { orderId: first!.id, lineId: 'L1' }], ['1-L2', 'TEE-L', { orderId: first!.id, lineId: 'L2' }],
			['2-L1', 'RED-MUG', { orderId: second!.id, lineId: 'L1' }], ['2-L2', 'TEE-L', { orderId: second!.id, lineId: 'L2' }],
		]);
		for (const { id } of [first!, second!]) {
			expect(await store.get(id)).toMatchObject({ status: 'bundled', bundledInto: bundle.id, bundleSize: 0, heldUntil: null, statusReason: 'Bundled into N1.b1.', notes: null });
			expect(await timesOf(test, id)).toEqual({ bundle_key: null, bundle_terms: null });
			expect((await kinds(store, id)).slice(-2)).toEqual(['bundled', 'status_changed']);
		}
		expect((await store.sources([bundle.id])).map(({ id }) => id)).toEqual([first!.id, second!.id]);
		expect(await kinds(store, bundle.id)).toEqual(['bundle_made']);
		expect((await store.search({ externalId: '1', limit: 5 })).items.map(({ id }) => id)).toEqual([first!.id]);

		// Neither the bundle nor the one that remained alone waits again.
		expect((await apply(store, [bundle.id, other!.id])).map(({ output }) => output)).toEqual([{ kind: 'warehouse', warehouse: 'BER' }, { kind: 'warehouse', warehouse: 'BER' }]);
		expect((await apply(store, [first!.id])).map(({ output, trace }) => [output, trace])).toEqual([[{ kind: 'delayed' }, null]]);
	});

	it('is not what claims of holds hand out, and a dry run records nothing of it', async () => {
		const test = await open();
		const order = await importOne(test.store);
		expect((await apply(test.store, [order.id], bundleRules(), { dryRun: true })).map(({ output }) => output)).toEqual([{ kind: 'delayed' }]);
		expect(await test.store.get(order.id)).toEqual(order);
		await apply(test.store, [order.id]);
		await windowOver(test);
		const claim = { statuses: ['delayed' as const], limit: 5, leaseMs: 1000, worker: 'w', actor };
		expect(await test.store.claim({ ...claim, delayedBy: 'hold' })).toEqual([]);
	});

	it('goes by the limits of the rule: what does not fit goes with the next bundle', async () => {
		const test = await open();
		const rules = bundleRules({ ...TERMS, mostOrders: 2 });
		await waitingOrders(test.store, ['1', '2', '3', '4', '5'].map((id) => imported(id)), rules);
		await windowOver(test);
		const ids = await release(test.store);
		expect((await test.store.getMany(ids)).map(({ orderNumber, bundleSize }) => [orderNumber, bundleSize])).toEqual([['N1+N2', 2], ['N3+N4', 2], ['N5', 0]]);
	});

	it('makes no bundle of more than a hundred orders', async () => {
		const test = await open();
		await waitingOrders(test.store, Array.from({ length: 205 }, (_, index) => imported(String(index + 1))));
		await windowOver(test);
		const ids = await release(test.store);
		expect((await test.store.getMany(ids)).map(({ orderNumber, bundleSize, lines }) => [orderNumber, bundleSize, lines.length])).toEqual([['N1 and 99 more', 100, 200], ['N101 and 99 more', 100, 200], ['N201+N202+N203+N204+N205', 5, 10]]);
	});

	it('takes with it what waits less long, and leaves what comes later to the next one', async () => {
		const test = await open();
		const [first] = await waitingOrders(test.store, [imported('1')]);
		await windowOver(test);
		await waitingOrders(test.store, [imported('2')]);
		const [id] = await release(test.store);
		expect(await test.store.get(id!)).toMatchObject({ orderNumber: 'N1+N2' });
		const [late] = await waitingOrders(test.store, [imported('3')]);
		expect(await release(test.store)).toEqual([]);
		expect(await statusesOf(test.store, [first!, late!])).toEqual(['bundled', 'delayed']);
	});

	it('by several workers at once is done once', async () => {
		const test = await open();
		const other = await test.another();
		const waiting = await waitingOrders(test.store, ['1', '2', '3', '4'].map((id) => imported(id)));
		await waitingOrders(test.store, [imported('5')], bundleRules(TERMS, 'bob'));
		await windowOver(test);
		const released = (await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => await release(index % 2 ? other : test.store)))).flat();
		expect(released).toHaveLength(2);
		expect(await statusesOf(test.store, waiting)).toEqual(['bundled', 'bundled', 'bundled', 'bundled']);
		const { items } = await test.store.search({ limit: 20 });
		expect(items.filter(({ bundleSize }) => bundleSize > 0).map(({ reference, bundleSize }) => [reference, bundleSize])).toEqual([['N1.b1', 4]]);
	});

	it('and a reset of an order that waits, at once, leave it in one of the two only', async () => {
		const test = await open();
		const other = await test.another();
		for (const round of [1, 2, 3, 4, 5]) {
			const orders = await waitingOrders(test.store, [imported(`${round}a`), imported(`${round}b`), imported(`${round}c`)], bundleRules(TERMS, `key ${round}`));
			await windowOver(test);
			const [reset] = await Promise.allSettled([resetOrder({ store: other, orderId: orders[0]!.id, actor }), release(test.store)]);
			const [first, ...rest] = await test.store.getMany(orders.map(({ id }) => id));
			const bundle = (await test.store.get(rest[0]!.bundledInto!))!;
			expect(rest.map(({ status, bundledInto }) => [status, bundledInto])).toEqual([['bundled', bundle.id], ['bundled', bundle.id]]);
			if (reset.status === 'fulfilled') expect([first!.status, first!.bundledInto, bundle.bundleSize]).toEqual(['new', null, 2]);
			else expect([first!.status, first!.bundledInto, bundle.bundleSize]).toEqual(['bundled', bundle.id, 3]);
			expect(bundle.lines.some(({ source }) => source!.orderId === first!.id)).toBe(first!.status === 'bundled');
		}
	});

	it.each<[string, (store: OrderStore, orderId: string) => Promise<unknown>, string]>([
		['edited', async (store, orderId) => await editOrder({ store, orderId, actor, edits: { 'shippingAddress.address1': '7 Oak St' } }), 'new'],
		['reset', async (store, orderId) => await resetOrder({ store, orderId, actor }), 'new'],
		['reprocessed', async (store, orderId) => await reprocessOrder({ store, orderId, actor }), 'new'],
		['archived', async (store, orderId) => await archiveOrder({ store, orderId, actor }), 'archived'],
		['canceled', async (store, orderId) => await cancelOrders({ store, warehouse: null, orderIds: [orderId], reason: null, worker: 'w', actor, leaseMs: 1000 }), 'canceled'],
		['changed in the cart', async (store) => await store.importPage(page([imported('1', { notes: 'ring twice' })])), 'new'],
		['canceled in the cart', async (store) => await store.importPage(page([imported('1', {}, { canceled: true })])), 'canceled'],
	])('does not take an order that was %s while it waited', async (_, change, status) => {
		const test = await open();
		const [first, second, third] = await waitingOrders(test.store, [imported('1'), imported('2'), imported('3')]);
		await change(test.store, first!.id);
		expect(await timesOf(test, first!.id)).toEqual({ bundle_key: null, bundle_terms: null });
		await windowOver(test);
		const handedOut = await due(test.store);
		expect(handedOut).toContainEqual(['N2+N3', 'new', 'It bundles 2 orders.']);
		expect(await statusesOf(test.store, [first!, second!, third!])).toEqual([status, 'bundled', 'bundled']);
		// It waits anew, for it did not wait to the end.
		if (status === 'new') expect((await apply(test.store, [first!.id])).map(({ order }) => order.status)).toEqual(['delayed']);
	});

	it('abandons an order that waits for ever', async () => {
		const test = await open();
		const [first] = await waitingOrders(test.store);
		await test.raw('UPDATE {order} SET abandon_at = $1 WHERE id = $2', ['2026-01-01T00:00:00.000Z', first!.id]);
		await test.store.abandonOverdue({ includePartiallyShipped: false, limit: 10, actor });
		expect(await timesOf(test, first!.id)).toMatchObject({ bundle_key: null });
		await windowOver(test);
		expect(await due(test.store)).toEqual([['N2', 'new', 'No other order came to be bundled with it.']]);
	});
});
