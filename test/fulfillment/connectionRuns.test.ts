/** What operators see of a connection: when it last worked, and what was wrong. */
import { onEachDatabase } from '../store/harness';
import { actor } from '../store/fixtures';
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import { routedOrder, scriptedWms, send } from './partners';

onEachDatabase('a warehouse', (open) => {
	it('shows the last sending of each store and place, and the last poll', async () => {
		const { orderStore } = await open();
		const wms = { ...scriptedWms(), source: 'wms:file:wh', account: 'wms:file:wh' };
		await send(orderStore, wms, [(await routedOrder(orderStore, '1')).id]);
		const shown = async (role: string) => (await orderStore.connections({})).find((each) => each.role === role);
		expect(await shown('send')).toMatchObject({
			store: 'acme',
			place: 'WH1',
			account: 'wms:file:wh',
			lastSuccessAt: expect.any(String),
			lastProblem: null,
		});
		wms.createOrder = async () => ({ kind: 'unavailable', cause: 'the warehouse is closed' });
		await send(orderStore, wms, [(await routedOrder(orderStore, '2')).id]);
		expect(await shown('send')).toMatchObject({ lastProblem: expect.stringContaining('closed'), lastProblemAt: expect.any(String) });
		const poll = async (session: Parameters<typeof pollShipments>[0]['session']) =>
			await pollShipments({ orderStore, wms: 'file', session, stores: [], actor, budgetMs: 10_000 });
		await expect(
			poll({
				...wms,
				listShipments: () => {
					throw new Error('no answer');
				},
			}),
		).rejects.toThrow('no answer');
		expect(await shown('poll')).toMatchObject({ account: 'wms:file:wh', lastSuccessAt: null, lastProblem: 'no answer' });
		wms.reports.push({ events: [], failures: [], next: 1 });
		await poll(wms);
		expect(await shown('poll')).toMatchObject({ lastSuccessAt: expect.any(String), lastProblem: null, lastProblemAt: null });
	});
});
