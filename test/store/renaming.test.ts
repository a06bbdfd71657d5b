/** A store gets another name, everywhere; whatever happens on the way, nothing is imported a second time. */
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, move, openOrder, page, report, series, shipped } from './fixtures';
import { renameStore } from '../../lib/store/partners/renaming';
import { databaseOf, onEachDatabase } from './harness';

const ACCOUNT = { account: 'file:/data', scope: 'orders' };
const sourceOf = (source: string): string => source.replace(/acme$/, 'zeta');
const renaming = { store: 'acme', name: 'zeta', actor, sourceOf };
const bad = { subject: 'order', key: 'X', origin: 'x', message: 'bad', remedy: 'mend it', payload: { x: 1 } } as const;

onEachDatabase('a store that is renamed', (open) => {
	const filled = async () => {
		const test = await open();
		await test.orderStore.importPage(
			page(series(3), {
				account: ACCOUNT,
				cursorTo: { at: 1 },
				failures: [bad],
				trigger: { workflow: 'a', workflowName: 'A', node: 'n', nodeName: 'N', settings: { options: {} } },
			}),
		);
		await test.orderStore.serve({ workflow: 'a', node: 'n', stores: ['acme'] });
		await test.orderStore.connect({
			store: 'acme',
			role: 'send',
			place: 'WH1',
			partner: 'file',
			account: 'wms:file:/wh',
			scope: '',
			actor,
			keep: true,
		});
		return test;
	};
	const storesOf = async (orderStore: OrderStore) => [
		...new Set((await orderStore.search({ limit: 50 })).items.map((order) => order.store)),
	];

	it('keeps all that it had, and goes on where it stopped', async () => {
		const { orderStore } = await filled();
		expect(await orderStore.renameStore(renaming)).toEqual({ orders: 3 });
		expect(await storesOf(orderStore)).toEqual(['zeta']);
		expect((await orderStore.connections({})).map((each) => [each.store, each.role, each.trigger?.workflow ?? null])).toEqual([
			['zeta', 'import', 'a'],
			['zeta', 'send', null],
		]);
		expect(await orderStore.servedBy('a')).toEqual(['zeta']);
		expect([await orderStore.cursor('file:acme'), await orderStore.cursor('file:zeta')]).toEqual([null, { at: 1 }]);
		expect((await orderStore.importFailures({ limit: 5 })).items).toMatchObject([{ store: 'zeta', source: 'file:zeta', key: 'X' }]);
		// Nothing is imported again under the new name, and nothing at all under the old one.
		const again = await orderStore.importPage(
			page(series(4), {
				store: 'zeta',
				source: 'file:zeta',
				account: ACCOUNT,
				cursorFrom: { at: 1 },
				cursorTo: { at: 2 },
				failures: [bad],
			}),
		);
		expect(again.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged', 'unchanged', 'created']);
		expect((await orderStore.importFailures({ limit: 5 })).items).toMatchObject([{ timesSeen: 2 }]);
		await expect(orderStore.importPage(page(series(1)))).rejects.toMatchObject({
			code: 'operation_refused',
			message: 'The store acme was renamed: it is zeta now.',
		});
		expect(await orderStore.storeNames(5)).toEqual(['zeta']);
		expect(await orderStore.renamedStores(['acme', 'zeta'])).toEqual(new Map([['acme', 'zeta']]));
	});

	it('knows reports about what was sent before', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.renameStore(renaming);
		const [recorded] = await orderStore.recordShipments(report([shipped(order, 'S1')]));
		expect(recorded).toMatchObject({ kind: 'recorded', orderId: order.id });
	});

	it('knows what was deleted under the old name, and takes no reference twice', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		await orderStore.purge({ orderId: order.id, from: 'new', version: order.version, actor });
		await importOne(orderStore, imported('2'));
		await orderStore.renameStore(renaming);
		const again = await importOne(orderStore, imported('1'), { store: 'zeta' });
		expect(again.reference).not.toBe(order.reference);
	});

	it('that was interrupted anywhere imports nothing under either name, and goes on when it is said again', async () => {
		const test = await filled();
		await test.orderStore.renameStore(renaming);
		// As a crash leaves it: the first mark is there, one order and the failure are not moved, the old connections are there.
		await test.raw(`UPDATE {renamed_store} SET finished_at = NULL`);
		await test.raw(`UPDATE {order} SET store = 'acme' WHERE external_id = '2'`);
		await test.raw(`UPDATE {import_failure} SET store = 'acme', source = 'file:acme'`);
		await test.orderStore.serve({ workflow: 'b', node: 'n', stores: ['acme'] });
		for (const name of ['acme', 'zeta'])
			await expect(test.orderStore.importPage(page(series(3), { store: name }))).rejects.toMatchObject({
				code: 'operation_refused',
				message: expect.stringMatching(/not all of its orders/i),
			});
		expect((await test.orderStore.search({ limit: 50 })).items).toHaveLength(3);
		await expect(test.orderStore.renameStore({ ...renaming, name: 'other' })).rejects.toMatchObject({
			code: 'invalid_input',
			message: 'The store acme was renamed: it is zeta now.',
		});
		await expect(test.orderStore.renameStore({ ...renaming, store: 'zeta', name: 'other' })).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('is being renamed to zeta'),
		});
		expect(await test.orderStore.renameStore(renaming)).toEqual({ orders: 1 });
		expect(await storesOf(test.orderStore)).toEqual(['zeta']);
		expect((await test.orderStore.importFailures({ limit: 5 })).items).toMatchObject([{ store: 'zeta', source: 'file:zeta' }]);
		expect((await test.orderStore.importPage(page(series(3), { store: 'zeta' }))).map(({ kind }) => kind)).toEqual([
			'unchanged',
			'unchanged',
			'unchanged',
		]);
	});

	it('that was interrupted before any of its transactions is whole when it is said again', async () => {
		for (let survived = 0; ; survived += 1) {
			const test = await filled();
			const database = await databaseOf(test.config);
			let left = survived;
			const write: typeof database.write = async (body) => {
				if ((left -= 1) < 0) throw new Error('crash');
				return await database.write(body);
			};
			const crashed = await renameStore({ ...database, write })(renaming).then(
				() => false,
				() => true,
			);
			if (survived > 0) await expect(test.orderStore.importPage(page(series(3)))).rejects.toMatchObject({ code: 'operation_refused' });
			await test.orderStore.renameStore(renaming);
			expect(await storesOf(test.orderStore)).toEqual(['zeta']);
			expect((await test.orderStore.connections({})).map((each) => each.store)).toEqual(['zeta', 'zeta']);
			expect([await test.orderStore.servedBy('a'), await test.orderStore.cursor('file:zeta')]).toEqual([['zeta'], { at: 1 }]);
			expect(
				(
					await test.orderStore.importPage(page(series(3), { store: 'zeta', source: 'file:zeta', account: ACCOUNT, cursorFrom: { at: 1 } }))
				).map(({ kind }) => kind),
			).toEqual(['unchanged', 'unchanged', 'unchanged']);
			if (!crashed) return expect(survived).toBeGreaterThan(4);
		}
	});

	it('is not overtaken by an import that runs at the same time', async () => {
		const test = await filled();
		const other = await test.another();
		const imports = Array.from(
			{ length: 10 },
			async (_, index) => await other.importPage(page([imported(`late-${index}`)], { failures: [{ ...bad, key: `late-${index}` }] })),
		);
		const [, ...outcomes] = await Promise.allSettled([test.orderStore.renameStore(renaming), ...imports]);
		for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'operation_refused' });
		expect(await storesOf(test.orderStore)).toEqual(['zeta']);
		expect((await test.orderStore.importFailures({ stores: ['acme'], limit: 50 })).items).toEqual([]);
	});

	it('may get its old name back, or a third one; every name that it had is known', async () => {
		const { orderStore } = await filled();
		const back = (source: string) => source.replace(/zeta$/, 'acme');
		await orderStore.renameStore(renaming);
		await orderStore.renameStore({ store: 'zeta', name: 'acme', actor, sourceOf: back });
		expect((await orderStore.importPage(page(series(3), { account: ACCOUNT, cursorFrom: { at: 1 } }))).map(({ kind }) => kind)).toEqual([
			'unchanged',
			'unchanged',
			'unchanged',
		]);
		await orderStore.renameStore(renaming);
		await orderStore.renameStore({ store: 'zeta', name: 'third', actor, sourceOf: (source) => source.replace(/zeta$/, 'third') });
		expect(await orderStore.renamedStores(['acme', 'zeta'])).toEqual(
			new Map([
				['acme', 'third'],
				['zeta', 'third'],
			]),
		);
	});

	it('is refused a name that is taken, and must be there', async () => {
		const { orderStore } = await filled();
		await importOne(orderStore, imported('9'), { store: 'zeta', source: 'file:zeta' });
		await expect(orderStore.renameStore(renaming)).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('There is a store zeta already'),
		});
		await expect(orderStore.renameStore({ ...renaming, store: 'none', name: 'new' })).rejects.toMatchObject({ code: 'invalid_input' });
		await expect(orderStore.renameStore({ ...renaming, name: 'acme' })).rejects.toMatchObject({ code: 'invalid_input' });
		expect(await storesOf(orderStore)).toEqual(expect.arrayContaining(['acme', 'zeta']));
	});

	it('refuses a decision that was made before', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		await orderStore.renameStore(renaming);
		await expect(move(orderStore, order, 'routed')).rejects.toMatchObject({ code: 'stale_order' });
	});
});
