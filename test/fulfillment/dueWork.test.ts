import { acknowledge } from '../../lib/fulfillment/acknowledge';
import { claimDueWork, DUE_KINDS, type DueWorkRequest } from '../../lib/fulfillment/dueWork';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, claimToQueued, importOne, imported, kinds, move, openOrder, page, report, series, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { letTimePass, PAST, RETRY, routedOrder, scriptedCart, scriptedWms, send } from './partners';

const due = async (orderStore: OrderStore, more: Partial<DueWorkRequest> = {}) =>
	await claimDueWork({ orderStore, kinds: DUE_KINDS, stores: [], limit: 50, leaseMs: 60_000, worker: 'w1', actor, ...more });

const short = (work: Awaited<ReturnType<typeof due>>) =>
	work.map(({ order, kind, reason }) => [order.orderNumber, order.status, kind, reason]);

onEachDatabase('due work', (open) => {
	it('hands out each kind with its reason, and nothing before its time', async () => {
		const test = await open();
		const { orderStore } = test;
		await move(orderStore, await importOne(orderStore, imported('1')), 'delayed', { heldUntil: { inMs: 60_000 }, statusReason: 'Held.' });
		await importOne(orderStore, imported('2'));
		await move(orderStore, await importOne(orderStore, imported('3')), 'delayed', { retryAt: { inMs: 60_000 }, statusReason: 'Down.' });
		await routedOrder(orderStore, '4');
		await claimToQueued(orderStore, await routedOrder(orderStore, '5'));
		await openOrder(orderStore, imported('6'));
		const told = await openOrder(orderStore, imported('7'));
		await orderStore.amend({ orderId: told.id, version: told.version, actor, set: { acknowledgedAt: 'now' } });
		await orderStore.recordShipments(report([shipped(told, 'S7')]));
		await move(orderStore, await importOne(orderStore, imported('8')), 'skipped');
		const { items } = await orderStore.search({ uploadDue: true, limit: 5 });
		expect(short(await due(orderStore, { kinds: ['rules', 'sending', 'acknowledgement'] }))).toEqual([]);
		expect(items.map(({ id }) => id)).toEqual([told.id]);

		await letTimePass(test);
		const work = await due(orderStore);
		expect(short(work)).toEqual([
			['N1', 'new', 'rules', 'The hold is over.'],
			['N2', 'new', 'rules', 'No workflow took it on after the import.'],
			['N3', 'routed', 'sending', 'The next try is due.'],
			['N4', 'routed', 'sending', 'It was routed, but not sent.'],
			['N5', 'queued', 'sending', 'Its sending never came back.'],
			['N6', 'open', 'acknowledgement', 'The cart was not told that the warehouse has it.'],
			['N7', 'open', 'upload', 'A shipment was not uploaded to the cart.'],
		]);
		expect(work[0]!.order).toMatchObject({ heldUntil: null, statusReason: null });
		expect(work[2]!.order).toMatchObject({ retryAt: null, statusReason: null });
		expect((await kinds(orderStore, work[0]!.order.id)).slice(-2)).toEqual(['status_changed', 'status_changed']);
	});

	it('leaves a stuck send to the one who sends it: it is not leased away', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		await claimToQueued(test.orderStore, order);
		await letTimePass(test);
		for (const worker of ['w1', 'w2']) expect(short(await due(test.orderStore, { kinds: ['sending'], worker }))).toHaveLength(1);
		const wms = scriptedWms();
		wms.has.set('N1', 'W1');
		expect(await send(test.orderStore, wms, [order.id])).toMatchObject([{ output: 'open' }]);
		expect(wms.calls).toEqual(['find N1']);
		await letTimePass(test);
		expect(await due(test.orderStore, { kinds: ['sending'] })).toEqual([]);
	});

	it('gives each piece to one worker, and again when its lease is over and nothing was done', async () => {
		const test = await open();
		const { orderStore } = test;
		const ids = (await orderStore.importPage(page(series(20)))).map(({ orderId }) => orderId!);
		await test.raw('UPDATE {order} SET due_at = $1', [PAST]);
		const stores = [orderStore, await test.another()];
		const taken: string[] = [];
		await Promise.all(
			Array.from({ length: 4 }, async (_, worker) => {
				for (;;) {
					const work = await due(stores[worker % 2]!, { limit: 3, worker: `w${worker}` });
					if (work.length === 0) return;
					taken.push(...work.map(({ order }) => order.id));
				}
			}),
		);
		expect([...taken].sort()).toEqual([...ids].sort());
		await letTimePass(test);
		expect((await due(orderStore, { limit: 100 })).map(({ order }) => order.id).sort()).toEqual([...ids].sort());
		expect(await due(orderStore)).toEqual([]);
	});

	it('releases a hold once, also when two workers come at once; what a person moved meanwhile stays moved', async () => {
		const test = await open();
		const { orderStore } = test;
		const held = await move(orderStore, await importOne(orderStore, imported('1')), 'delayed', { heldUntil: PAST });
		const put = await move(orderStore, await importOne(orderStore, imported('2')), 'delayed', { heldUntil: PAST });
		const rival: OrderStore = {
			...orderStore,
			transitionMany: async (transitions) => {
				await move(orderStore, (await orderStore.get(put.id))!, 'archived');
				return await orderStore.transitionMany(transitions);
			},
		};
		expect(short(await due(rival, { kinds: ['rules'] }))).toEqual([['N1', 'new', 'rules', 'The hold is over.']]);
		expect(await orderStore.get(put.id)).toMatchObject({ status: 'archived' });
		const again = await move(orderStore, (await orderStore.get(held.id))!, 'delayed', { heldUntil: PAST });
		const both = await Promise.all([due(orderStore, { kinds: ['rules'] }), due(await test.another(), { kinds: ['rules'], worker: 'w2' })]);
		expect(both.flat().map(({ order }) => order.id)).toEqual([again.id]);
	});

	it('keeps to its limit, its kinds and its stores', async () => {
		const test = await open();
		const { orderStore } = test;
		await importOne(orderStore, imported('1'));
		await importOne(orderStore, imported('2'), { store: 'other' });
		await routedOrder(orderStore, '3');
		await letTimePass(test);
		expect(await due(orderStore, { limit: 0 })).toEqual([]);
		expect(await due(orderStore, { kinds: [] })).toEqual([]);
		expect(short(await due(orderStore, { stores: ['other'] })).map(([number]) => number)).toEqual(['N2']);
		expect(short(await due(orderStore, { limit: 1 })).map(([number]) => number)).toEqual(['N1']);
		expect(short(await due(orderStore)).map(([number]) => number)).toEqual(['N3']);
	});

	it('asks for an acknowledgement until the cart was told', async () => {
		const test = await open();
		const order = await openOrder(test.orderStore);
		const cart = scriptedCart();
		cart.outcomes.push({ kind: 'unavailable', cause: 'Later.' });
		for (const left of [1, 1, 0]) {
			await letTimePass(test);
			const work = await due(test.orderStore, { kinds: ['acknowledgement'] });
			expect(work).toHaveLength(left);
			await acknowledge({
				orderStore: test.orderStore,
				session: cart,
				worker: 'w1',
				actor,
				leaseMs: 60_000,
				retry: RETRY,
				orderIds: work.map((item) => item.order.id),
			});
		}
		expect(cart.calls).toEqual(['acknowledge N1', 'acknowledge N1']);
		expect(await test.orderStore.get(order.id)).toMatchObject({ acknowledgedAt: expect.any(String) });
	});
});
