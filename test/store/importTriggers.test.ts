/** What the store keeps of the trigger that imports it: written with the position, and not by another one with another mind. */
import { openOrderStore } from '../../lib/store/connect';
import type { ImportSettings, ImportTrigger } from '../../lib/order/importSettings';
import type { ImportPoll } from '../../lib/store/connecting';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, page } from './fixtures';
import { onEachDatabase, type TestStore } from './harness';
import { oldStore } from './oldStore';

const trigger = (workflow: string, settings: ImportSettings = { options: { withoutTags: 'pickup' } }): ImportTrigger => ({
	workflow,
	workflowName: `Workflow ${workflow}`,
	node: 'n',
	nodeName: 'Import',
	settings,
});
const ACCOUNT = { account: 'file:/data', scope: 'orders' };
const poll = (by: ImportTrigger): ImportPoll => ({ store: 'acme', partner: 'file', ...ACCOUNT, trigger: by, actor });
const OTHER = { options: { withoutTags: '' } };

onEachDatabase('the trigger of a store', (open) => {
	const kept = async (orderStore: OrderStore) => (await orderStore.connections({ stores: ['acme'] })).find(({ role }) => role === 'import');
	const record = async (orderStore: OrderStore, by: ImportTrigger, from: number | null, to: number) =>
		await orderStore.importPage(
			page([imported(String(to))], {
				account: ACCOUNT,
				trigger: by,
				cursorFrom: from === null ? null : { at: from },
				cursorTo: { at: to },
			}),
		);
	const age = async ({ raw }: TestStore, hours: number) => {
		const at = new Date(Date.now() - hours * 3_600_000).toISOString();
		for (const column of ['since', 'set_at', 'last_at']) await raw(`UPDATE {connection} SET ${column} = $1`, [at]);
	};

	it('is kept with the page that it read, and changes with one', async () => {
		const { orderStore } = await open();
		await record(orderStore, trigger('a'), null, 1);
		expect(await kept(orderStore)).toMatchObject({ trigger: { ...trigger('a'), released: false }, lastAt: null });
		await record(orderStore, trigger('a', OTHER), 1, 2);
		expect((await kept(orderStore))?.trigger?.settings).toEqual(OTHER);
		// A page that is refused keeps nothing.
		await expect(record(orderStore, trigger('a'), 1, 3)).rejects.toMatchObject({ code: 'cursor_moved' });
		expect((await kept(orderStore))?.trigger?.settings).toEqual(OTHER);
	});

	it('with the same settings writes nothing with a page', async () => {
		const { orderStore, raw } = await open();
		await record(orderStore, trigger('a', { options: { b: 1, a: 2 } }), null, 1);
		const before = await raw('SELECT * FROM {connection}');
		await record(orderStore, trigger('a', { options: { a: 2, b: 1 } }), 1, 2);
		expect(await raw('SELECT * FROM {connection}')).toEqual(before);
	});

	it('another one with another mind records nothing, however late it notices', async () => {
		const { orderStore } = await open();
		await record(orderStore, trigger('a'), null, 1);
		const refused = { code: 'operation_refused', message: expect.stringContaining('withoutTags: "pickup" there, "" here') };
		await expect(orderStore.checkImport(poll(trigger('b', OTHER)))).rejects.toMatchObject(refused);
		await expect(record(orderStore, trigger('b', OTHER), 1, 2)).rejects.toMatchObject(refused);
		expect((await orderStore.search({ limit: 5 })).items).toHaveLength(1);
		expect(await orderStore.cursor('file:acme')).toEqual({ at: 1 });
		// Its problems are not those of the store, and it does not keep the store to itself by asking.
		const before = await kept(orderStore);
		await orderStore.recordImport({ ...poll(trigger('b', OTHER)), problem: 'refused' });
		expect(await kept(orderStore)).toEqual(before);
	});

	it('of two that are the first at once one sets the store', async () => {
		const test = await open();
		const stores = [test.orderStore, await test.another()];
		const outcomes = await Promise.allSettled(
			stores.map(
				async (orderStore, index) =>
					await orderStore.importPage(
						page([imported(String(index))], {
							source: `file:${index}`,
							account: ACCOUNT,
							trigger: trigger(String(index), { options: { index } }),
						}),
					),
			),
		);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect((await test.orderStore.search({ limit: 5 })).items).toHaveLength(1);
	});

	it('is gone when it has not polled for a day', async () => {
		const test = await open();
		const { orderStore } = test;
		await record(orderStore, trigger('a'), null, 1);
		await orderStore.recordImport({ ...poll(trigger('a')), problem: null });
		await age(test, 23);
		await expect(orderStore.checkImport(poll(trigger('b', OTHER)))).rejects.toMatchObject({ code: 'operation_refused' });
		await age(test, 25);
		await record(orderStore, trigger('b', OTHER), 1, 2);
		expect(await kept(orderStore)).toMatchObject({ trigger: { workflow: 'b', settings: OTHER } });
		await expect(orderStore.checkImport(poll(trigger('a')))).rejects.toMatchObject({ message: expect.stringContaining('"Workflow b"') });
	});

	it('a person lets another one take over; until one does, it goes on', async () => {
		const { orderStore } = await open();
		await expect(orderStore.releaseTrigger({ store: 'acme', actor })).rejects.toMatchObject({ code: 'invalid_input' });
		await record(orderStore, trigger('a'), null, 1);
		expect(await orderStore.releaseTrigger({ store: 'acme', actor })).toMatchObject({ trigger: { workflow: 'a', released: true } });
		await record(orderStore, trigger('a'), 1, 2);
		await record(orderStore, trigger('b', OTHER), 2, 3);
		expect(await kept(orderStore)).toMatchObject({ trigger: { workflow: 'b', released: false } });
		await expect(orderStore.checkImport(poll(trigger('a')))).rejects.toMatchObject({ code: 'operation_refused' });
	});

	it('a poll that found nothing connects the store, and one that fails says why, since when, and no more than is needed', async () => {
		const { orderStore } = await open();
		await orderStore.recordImport({ ...poll(trigger('a')), problem: 'no account yet' });
		expect(await kept(orderStore)).toBeUndefined();
		await orderStore.recordImport({ ...poll(trigger('a')), problem: null });
		expect(await kept(orderStore)).toMatchObject({
			...ACCOUNT,
			trigger: { workflow: 'a' },
			lastAt: expect.any(String),
			lastSuccessAt: expect.any(String),
			lastProblem: null,
		});
		await orderStore.recordImport({ ...poll(trigger('a')), problem: 'x'.repeat(5_000) });
		const first = await kept(orderStore);
		expect(first?.lastProblem).toHaveLength(1_000);
		await orderStore.recordImport({ ...poll(trigger('a')), problem: 'still' });
		expect(await kept(orderStore)).toMatchObject({
			lastProblem: 'still',
			lastProblemAt: first?.lastProblemAt,
			lastSuccessAt: first?.lastSuccessAt,
		});
	});

	it('says since when it has not come to the present', async () => {
		const { orderStore } = await open();
		await orderStore.recordImport({ ...poll(trigger('a')), problem: null, complete: false });
		const since = (await kept(orderStore))?.incompleteSince;
		expect(since).toEqual(expect.any(String));
		// Another run was faster, or the shop cannot be reached: nothing is known.
		for (const ended of [{ problem: null, complete: false }, { problem: null }, { problem: 'down' }]) {
			await orderStore.recordImport({ ...poll(trigger('a')), ...ended });
			expect(await kept(orderStore)).toMatchObject({ incompleteSince: since });
		}
		await orderStore.recordImport({ ...poll(trigger('a')), problem: null, complete: true });
		expect(await kept(orderStore)).toMatchObject({ incompleteSince: null });
	});

	it('of the version before is not known, and the first one sets the store', async () => {
		const { dialect } = await open();
		const before = await oldStore(dialect, 'Facts1764600000000');
		await before.raw(
			`INSERT INTO {connection} (store, role, place, partner, account, scope, since, shared) VALUES ('acme', 'import', '', 'file', 'file:/data', 'orders', '2026-11-01T00:00:00.000Z', 0)`,
		);
		const orderStore = await openOrderStore(before.config);
		try {
			expect(await kept(orderStore)).toMatchObject({ ...ACCOUNT, trigger: null, lastAt: null });
			await orderStore.checkImport(poll(trigger('b', OTHER)));
			await record(orderStore, trigger('b', OTHER), null, 1);
			expect(await kept(orderStore)).toMatchObject({ since: '2026-11-01T00:00:00.000Z', trigger: { workflow: 'b' } });
		} finally {
			await orderStore.close();
		}
	});
});

onEachDatabase('warehouses', (open) => {
	it('show how the last poll and the last sending ended', async () => {
		const { orderStore } = await open();
		const wms = { partner: 'file', account: 'wms:file:/wh', source: 'wms:file:/wh' };
		await orderStore.recordShipmentPoll({ ...wms, problem: 'not there' });
		await orderStore.recordShipmentPoll({ ...wms, problem: null });
		expect(await orderStore.connections({})).toMatchObject([
			{
				store: '',
				role: 'poll',
				place: wms.source,
				partner: 'file',
				account: wms.account,
				lastProblem: null,
				lastSuccessAt: expect.any(String),
			},
		]);
		const sending = { store: 'acme', place: 'WH1', account: wms.account };
		await orderStore.recordSendings([{ ...sending, succeeded: true, problem: null }]);
		expect(await orderStore.connections({ stores: ['acme'] })).toEqual([]);
		await orderStore.connect({ ...sending, role: 'send', partner: 'file', scope: '', actor, keep: true });
		await orderStore.recordSendings([{ ...sending, succeeded: true, problem: null }]);
		await orderStore.recordSendings([{ ...sending, succeeded: false, problem: 'busy' }]);
		expect(await orderStore.connections({ stores: ['acme'] })).toMatchObject([
			{ lastProblem: 'busy', lastProblemAt: expect.any(String), lastSuccessAt: expect.any(String) },
		]);
	});
});
