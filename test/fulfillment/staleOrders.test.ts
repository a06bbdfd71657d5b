import { StaleOrderError } from '../../lib/order/errors';
import { againWhenStale, onOrderNow, unlessStale } from '../../lib/fulfillment/staleOrders';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, importOne } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

const stale = new StaleOrderError('1', 'new');

onEachDatabase('an order that somebody else writes at the same time', (open) => {
	/** Writes it between the read and the write, as often as it is told to. */
	const withRival = (orderStore: OrderStore, times: number): OrderStore => ({
		...orderStore,
		get: async (id) => {
			const order = await orderStore.get(id);
			if (order !== null && times > 0)
				await orderStore.amend({ orderId: id, version: order.version, actor, set: { statusReason: `rival ${(times -= 1)}` } });
			return order;
		},
	});

	const cancel = async (orderStore: OrderStore, orderId: string): Promise<void> =>
		await onOrderNow(
			orderStore,
			orderId,
			async ({ status: from, version }) => await orderStore.transition({ orderId, from, to: 'canceled', version, actor, reason: 'test' }),
			'Look again.',
		);

	it('is decided on again, three times at the most', async () => {
		const { orderStore } = await open();
		const { id } = await importOne(orderStore);
		await expect(cancel(withRival(orderStore, 3), id)).rejects.toThrow(StaleOrderError);
		expect((await orderStore.get(id))!.status).toBe('new');
		await cancel(withRival(orderStore, 2), id);
		expect((await orderStore.get(id))!.status).toBe('canceled');
	});

	it('is named when it is not there', async () => {
		const { orderStore } = await open();
		await expect(cancel(orderStore, 'gone')).rejects.toMatchObject({ code: 'order_not_found', remedy: 'Look again.' });
	});
});

describe('a write that comes too late', () => {
	it('is tried anew with how often it was tried before', async () => {
		const tries: number[] = [];
		await expect(againWhenStale(async (triedBefore) => await Promise.reject((tries.push(triedBefore), stale)))).rejects.toBe(stale);
		expect(tries).toEqual([0, 1, 2]);
	});

	it('lets the word of the other count; every other error is passed on', async () => {
		expect(
			await unlessStale(
				async () => await Promise.resolve('mine'),
				() => 'theirs',
			),
		).toBe('mine');
		expect(
			await unlessStale(
				async () => await Promise.reject(stale),
				() => 'theirs',
			),
		).toBe('theirs');
		await expect(
			unlessStale(
				async () => await Promise.reject(new Error('broken')),
				() => 'theirs',
			),
		).rejects.toThrow('broken');
	});
});
