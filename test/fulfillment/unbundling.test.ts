/** Bundles that are taken apart: by people, and by what the cart changes. */
import { canceled } from '../../lib/order/cartWord';
import fc from 'fast-check';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { resetOrder } from '../../lib/fulfillment/reprocessOrder';
import { unbundleOrder } from '../../lib/fulfillment/bundles';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { fileWms } from '../../lib/wms/file';
import { actor, imported, kinds, line, page } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { apply, bundledOrders, bundleRules, release, sentBundle, statusesOf, TERMS, windowOver } from './bundles';

onEachDatabase('unbundling', (open) => {
	it('gives back the orders as they were, and the same rule does not bundle them again', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await bundledOrders(test);
		await apply(orderStore, [bundle.id]);
		expect(
			(await unbundleOrder({ orderStore, orderId: sources[1]!.id, actor })).map(({ orderNumber, status }) => [orderNumber, status]),
		).toEqual([
			['N1', 'new'],
			['N2', 'new'],
		]);
		expect(await orderStore.get(bundle.id)).toBeNull();
		expect((await kinds(orderStore, sources[0]!.id)).slice(-2)).toEqual(['unbundled', 'status_changed']);
		await expect(unbundleOrder({ orderStore, orderId: sources[0]!.id, actor })).rejects.toMatchObject({
			code: 'operation_refused',
			message: 'Order N1 is not a bundle and is not in one.',
		});
		expect(
			(
				await apply(
					orderStore,
					sources.map(({ id }) => id),
				)
			).map(({ order }) => order.status),
		).toEqual(['routed', 'routed']);
		// After a reset they wait again; the reference of the first bundle is not given twice.
		for (const { id } of sources) await resetOrder({ orderStore, orderId: id, actor });
		await apply(
			orderStore,
			sources.map(({ id }) => id),
		);
		await windowOver(test);
		const [again] = await release(orderStore);
		expect((await orderStore.get(again!))!.reference).toBe('N1.b2');
	});

	it('is refused once the warehouse has the bundle, or may have it', async () => {
		const test = await open();
		const { bundle, sources } = await sentBundle(test);
		await expect(unbundleOrder({ orderStore: test.orderStore, orderId: bundle.id, actor })).rejects.toMatchObject({
			code: 'operation_refused',
			message: 'The bundle N1.b1 is Open: the warehouse has it, or may have it.',
		});
		expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['bundled', 'bundled', 'open']);
	});

	it('and sending at once do one of the two', async () => {
		const test = await open();
		const other = await test.another();
		for (const round of [1, 2, 3, 4]) {
			const { bundle, sources } = await bundledOrders(test, [imported(`${round}a`), imported(`${round}b`)]);
			await apply(test.orderStore, [bundle.id]);
			const claim = {
				ids: [bundle.id],
				statuses: ['routed' as const],
				to: 'queued' as const,
				sendTo: { wms: 'file', account: '' },
				limit: 1,
				leaseMs: 60_000,
				worker: 'w',
				actor,
			};
			const [taken, apart] = await Promise.allSettled([
				other.claim(claim),
				unbundleOrder({ orderStore: test.orderStore, orderId: bundle.id, actor }),
			]);
			const sending = taken.status === 'fulfilled' && taken.value.length === 1;
			expect(apart.status).toBe(sending ? 'rejected' : 'fulfilled');
			expect(await statusesOf(test.orderStore, sources)).toEqual(sending ? ['bundled', 'bundled'] : ['new', 'new']);
		}
	});

	it('gives back exactly what was bundled, whatever that is', async () => {
		const test = await open();
		const { orderStore } = test;
		let number = 0;
		const order = fc.record({
			notes: fc.option(fc.string({ maxLength: 8 })),
			giftMessage: fc.option(fc.constantFrom('Hi', 'Ho')),
			total: fc.constantFrom('1.00', '35.00', null),
			tags: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
			lines: fc
				.array(fc.record({ sku: fc.constantFrom('A', 'B'), quantity: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 3 })
				.filter((lines) => lines.some(({ quantity }) => quantity > 0)),
			edit: fc.boolean(),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(order, { minLength: 2, maxLength: 4 }), async (given) => {
				number += 1;
				const orders = given.map(({ lines, edit: _, ...rest }, index) =>
					imported(`${number}-${index}`, { ...rest, lines: lines.map(({ sku, quantity }, at) => line(`L${at}`, sku, quantity)) }),
				);
				const ids = (await orderStore.importPage(page(orders))).map(({ orderId }) => orderId!);
				for (const [index, { edit }] of given.entries())
					if (edit) await editOrder({ orderStore, orderId: ids[index]!, actor, edits: { 'lines.L0.quantity': 7, 'custom.x': index } });
				const before = await orderStore.getMany(ids);
				const layersBefore = await orderStore.layers(ids);
				await apply(orderStore, ids, bundleRules(TERMS, `key ${number}`));
				await windowOver(test);
				const [id] = await release(orderStore);
				const bundle = (await orderStore.get(id!))!;
				// Nothing is lost or added in it.
				expect(bundle.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual(
					before.flatMap(({ lines }) => lines.map(({ sku, quantity }) => [sku, quantity])),
				);
				await unbundleOrder({ orderStore, orderId: bundle.id, actor });
				const stable = ({ version: _v, updatedAt: _u, ...rest }: (typeof before)[number]) => rest;
				expect((await orderStore.getMany(ids)).map(stable)).toEqual(before.map(stable));
				for (const [orderId, { snapshot, edits, result }] of await orderStore.layers(ids))
					expect({ snapshot, edits, result }).toEqual({
						snapshot: layersBefore.get(orderId)!.snapshot,
						edits: layersBefore.get(orderId)!.edits,
						result: null,
					});
			}),
			{ numRuns: 12, seed: 11 },
		);
	});
});

onEachDatabase('a change in the cart of an order in a bundle', (open) => {
	it('takes the bundle apart before it is sent; its orders are bundled anew', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await bundledOrders(test, [imported('1'), imported('2'), imported('3')]);
		expect(
			await orderStore.importPage(page([imported('1'), imported('2', { notes: 'ring twice' }), imported('3', {}, { word: canceled() })])),
		).toMatchObject([{ kind: 'unchanged' }, { kind: 'updated' }, { kind: 'canceled' }]);
		expect(await orderStore.get(bundle.id)).toBeNull();
		expect(await orderStore.getMany(sources.map(({ id }) => id))).toMatchObject([
			{ status: 'new', bundledInto: null },
			{ status: 'new', bundledInto: null, notes: 'ring twice' },
			{ status: 'canceled', bundledInto: null },
		]);
		expect((await kinds(orderStore, sources[0]!.id)).slice(-2)).toEqual(['unbundled', 'status_changed']);
		await apply(
			orderStore,
			sources.map(({ id }) => id),
		);
		await windowOver(test);
		const [again] = await release(orderStore);
		expect(await orderStore.get(again!)).toMatchObject({ orderNumber: 'N1+N2', reference: 'N1.b2', notes: 'ring twice' });
	});

	it('raises an alert once after it was sent, and nothing is canceled by itself', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		const changes = page([imported('1', {}, { word: canceled() }), imported('2', { notes: 'x', lines: [line('L1', 'RED-MUG', 5)] })]);
		expect(await orderStore.importPage(changes)).toMatchObject([
			{ kind: 'refused', reason: 'already_sent' },
			{ kind: 'refused', reason: 'already_sent' },
		]);
		expect(await orderStore.get(bundle.id)).toMatchObject({
			status: 'open',
			alert: {
				code: 'changed_in_cart',
				message: expect.stringMatching(
					/N1: canceled in the cart; N2: Changed in the cart after it was sent to the warehouse in N1\.b1: RED-MUG 2 → 5; TEE-L 1 → 0/,
				),
			},
		});
		expect(await orderStore.getMany(sources.map(({ id }) => id))).toMatchObject([
			{ status: 'bundled', alert: { code: 'canceled_in_cart' } },
			{ status: 'bundled', alert: { code: 'changed_in_cart' }, description: '2 × RED-MUG, 1 × TEE-L' },
		]);
		expect(await claimDueWork({ orderStore, kinds: ['cancellation'], stores: [], limit: 5, leaseMs: 1000, worker: 'w', actor })).toEqual(
			[],
		);
		const { version } = (await orderStore.get(bundle.id))!;
		await orderStore.importPage(changes);
		expect((await orderStore.get(bundle.id))!.version).toBe(version);
	});

	it('has the bundle canceled at the warehouse once none of its orders is wanted any more', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		await orderStore.importPage(page([imported('1', {}, { word: canceled() })]));
		await orderStore.importPage(page([imported('2', {}, { word: canceled() })]));
		expect((await orderStore.get(bundle.id))!.alert?.code).toBe('canceled_in_cart');
		expect(
			(await claimDueWork({ orderStore, kinds: ['cancellation'], stores: [], limit: 5, leaseMs: 1000, worker: 'w', actor })).map(
				({ order }) => order.id,
			),
		).toEqual([bundle.id]);
		const asked: string[] = [];
		const session = {
			cancelOrder: async ({ reference }: { reference: string }) => await Promise.resolve((asked.push(reference), 'canceled' as const)),
		};
		const warehouse = { wms: { code: 'file', label: 'File', capabilities: { ...fileWms.capabilities, cancel: true } }, session };
		await cancelOrders({ orderStore, warehouse, orderIds: [bundle.id], reason: null, worker: 'w', actor, leaseMs: 1000 });
		expect(asked).toEqual(['N1.b1']);
		expect((await orderStore.getMany([...sources, bundle].map(({ id }) => id))).map(({ status, alert }) => [status, alert])).toEqual([
			['canceled', null],
			['canceled', null],
			['canceled', null],
		]);
	});
});
