/** An account that has no name of its own is named after its key: with a new key nobody knows whether it is the same. */
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import { actor, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { routedOrder, scriptedWms, send } from './partners';

const keyed = (key: string) => ({ ...scriptedWms(), source: `wms:file:${key}`, account: `wms:file:${key}`, credential: 'c7' });

onEachDatabase('a new key', (open) => {
	it('stops what is sent and read until a person says that it is the same account', async () => {
		const { orderStore } = await open();
		const [first, second] = [await routedOrder(orderStore, '1'), await routedOrder(orderStore, '2')];
		const old = keyed('aaa');
		await send(orderStore, old, [first.id]);
		const renewed = keyed('bbb');
		renewed.reports.push({ events: [shipped((await orderStore.get(first.id))!, 'S1')], failures: [], next: 1 });
		const poll = async () => await pollShipments({ orderStore, wms: 'file', session: renewed, stores: [], actor, budgetMs: 10_000 });
		await expect(poll()).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('wms:file:aaa'),
			remedy: expect.stringContaining('Change Account'),
		});
		expect(await send(orderStore, renewed, [second.id])).toMatchObject([{ output: 'error', order: { alert: { code: 'wrong_store' } } }]);
		expect(renewed.calls).toEqual([]);

		await orderStore.changeAccount({
			store: 'acme',
			role: 'send',
			place: 'WH1',
			partner: 'file',
			account: 'wms:file:bbb',
			scope: '',
			actor,
			moved: true,
		});
		expect((await poll()).recorded).toMatchObject([{ orderId: first.id, kind: 'recorded' }]);
		expect(await send(orderStore, renewed, [second.id])).toMatchObject([{ output: 'open' }]);
	});

	it('of another credential is another account, which is read as always', async () => {
		const { orderStore } = await open();
		const first = await routedOrder(orderStore, '1');
		await send(orderStore, keyed('aaa'), [first.id]);
		const other = { ...keyed('bbb'), credential: 'c8' };
		other.reports.push({ events: [], failures: [], next: 1 });
		expect(await pollShipments({ orderStore, wms: 'file', session: other, stores: [], actor, budgetMs: 10_000 })).toMatchObject({
			complete: true,
			unmatched: 0,
		});
		expect((await orderStore.recordShipments(report([shipped((await orderStore.get(first.id))!, 'S1')]))).map(({ kind }) => kind)).toEqual([
			'recorded',
		]);
	});
});
