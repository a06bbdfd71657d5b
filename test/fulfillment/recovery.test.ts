/** After a restore the store does not know what went out in the time that is gone: warehouses are asked, or people. */
import { markNotReceived, markReceived } from '../../lib/fulfillment/settleAlerts';
import { actor, imported, importOne, move } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { nextTry, routedOrder, scriptedWms, send, wmsWith } from './partners';

const BLIND = wmsWith({ capabilities: { uniqueReference: false, cancel: false, lookUp: false } });
const REPEATING = wmsWith({ capabilities: { uniqueReference: false, cancel: false } });

const recovering = async (test: TestStore): Promise<void> => void (await test.orderStore.beginRecovery({ actor }));

onEachDatabase('sending in recovery', (open) => {
	it.each([
		['takes a reference once', wmsWith()],
		['takes it again', REPEATING],
	])('asks a warehouse that %s before it sends, and sends nothing that is there', async (_, wms) => {
		const test = await open();
		const orders = [await routedOrder(test.orderStore, '1'), await routedOrder(test.orderStore, '2')];
		await recovering(test);
		const session = scriptedWms();
		session.has.set('N1', 'W7');
		const [known, other] = await send(
			test.orderStore,
			session,
			orders.map(({ id }) => id),
			{ wms, lateMs: 0 },
		);
		expect(known).toMatchObject({ output: 'open', order: { status: 'open', wmsOrderId: 'W7', sending: 'there' } });
		expect(other).toMatchObject({ output: 'open' });
		expect(session.created()).toEqual(['N2']);
	});

	it('waits until the warehouse cannot take any more what may have gone out before the restore', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		await recovering(test);
		const session = scriptedWms();
		const [result] = await send(test.orderStore, session, [order.id], { wms: REPEATING, lateMs: 600_000 });
		expect(result).toMatchObject({ output: 'delayed', order: { sending: 'may_be_there' } });
		expect(session.created()).toEqual([]);
		// It was taken late.
		session.has.set('N1', 'W7');
		await nextTry(test, order);
		expect(await send(test.orderStore, session, [order.id], { wms: REPEATING, lateMs: 600_000 })).toMatchObject([
			{ output: 'open', order: { wmsOrderId: 'W7' } },
		]);
		expect(session.created()).toEqual([]);
	});

	it('sends nothing while the look-up fails, and it may be there', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		await recovering(test);
		const session = scriptedWms();
		session.finds.push(() => Promise.reject(new Error('502')));
		expect(await send(test.orderStore, session, [order.id])).toMatchObject([{ output: 'delayed', order: { sending: 'may_be_there' } }]);
		expect(session.created()).toEqual([]);
	});

	it.each(['there', 'not there'] as const)(
		'leaves an order for a warehouse that cannot be asked to a person, who finds it %s',
		async (found) => {
			const test = await open();
			const { orderStore } = test;
			const order = await routedOrder(orderStore);
			await recovering(test);
			const session = scriptedWms();
			const sendIt = async () => await send(orderStore, session, [order.id], { wms: BLIND });
			expect(await sendIt()).toMatchObject([
				{
					output: 'error',
					order: { status: 'error', alert: { code: 'outcome_unknown', message: expect.stringContaining('in recovery') } },
				},
			]);
			expect(session.created()).toEqual([]);
			if (found === 'there') {
				await markReceived({ orderStore, orderId: order.id, wmsOrderId: 'W7', actor });
				expect(await orderStore.get(order.id)).toMatchObject({ status: 'open', wmsOrderId: 'W7', alert: null });
				return;
			}
			await markNotReceived({ orderStore, orderId: order.id, actor });
			await move(orderStore, (await orderStore.get(order.id))!, 'routed');
			expect(await sendIt()).toMatchObject([{ output: 'open' }]);
			expect(session.created()).toEqual(['N1']);
		},
	);

	it('sends to a warehouse that cannot be asked what was ordered after the restore; not what is dated in years to come, or not at all', async () => {
		const test = await open();
		const { orderStore } = test;
		await recovering(test);
		const ordered = async (id: string, orderedAt: string | null): Promise<string> => {
			const content = { ...imported(id).content, orderedAt };
			return (
				await move(orderStore, await importOne(orderStore, { ...imported(id), content }), 'routed', {
					result: { ...content, warehouse: 'WH1' },
				})
			).id;
		};
		const later = new Date(Date.now() + 2 * 3_600_000).toISOString();
		await test.raw("UPDATE {meta} SET value = $1 WHERE key = 'recovered_at'", [new Date(Date.now() - 3_600_000).toISOString()]);
		const now = new Date(Date.now() + 60_000).toISOString();
		const ids = [
			await ordered('1', now),
			await ordered('2', '2100-01-01T00:00:00.000Z'),
			await ordered('3', null),
			await ordered('4', later),
			await ordered('5', '2026-01-01T00:00:00.000Z'),
		];
		const session = scriptedWms();
		await send(orderStore, session, ids, { wms: BLIND });
		expect(session.created()).toEqual(['N1']);
	});

	it('is as always once it is ended', async () => {
		const test = await open();
		const order = await routedOrder(test.orderStore);
		await recovering(test);
		await test.orderStore.endRecovery({ actor });
		const session = scriptedWms();
		expect(await send(test.orderStore, session, [order.id], { wms: BLIND })).toMatchObject([{ output: 'open' }]);
		expect(session.calls).toEqual(['create N1']);
	});
});
