/** What was used stays reserved after delete: no order gets the reference of another one, and a late report is recognised. */
import type { Order } from '../../lib/order/order';
import type { OrderStatus } from '../../lib/order/status';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, move, openOrder, page, report, shipped } from './fixtures';
import { onEachDatabase } from './harness';

/** Deletes an order from whatever status it is in, as somebody does who knows that the warehouse may have it. */
async function remove(orderStore: OrderStore, order: Order): Promise<void> {
	const { version } = order.status === 'archived' ? order : await move(orderStore, order, 'archived' as OrderStatus);
	await orderStore.purge({ orderId: order.id, from: 'archived', version, actor, force: true });
}

onEachDatabase('keys of deleted orders', (open) => {
	it('gives the reference of a deleted order to no other one, of this store or another', async () => {
		const { orderStore } = await open();
		const first = await importOne(orderStore);
		expect(first.reference).toBe('N1');
		await remove(orderStore, await move(orderStore, first, 'skipped'));
		const again = await importOne(orderStore);
		expect(again.reference).toMatch(/^N1\.h\w{7}$/);
		const other = await importOne(orderStore, imported('x', { orderNumber: 'N1' }), { store: 'zeta' });
		expect(other.reference).toMatch(/^N1\.h\w{7}$/);
		const references = new Set([first.reference, again.reference, other.reference]);
		for (const order of [again, other]) await remove(orderStore, await move(orderStore, order, 'skipped'));
		for (let round = 0; round < 3; round += 1) {
			const next = await importOne(orderStore);
			expect(references).not.toContain(next.reference);
			references.add(next.reference);
			await remove(orderStore, await move(orderStore, next, 'skipped'));
		}
		expect(references.size).toBe(6);
	});

	it('finds another reference for a part whose own was that of a deleted order', async () => {
		const { orderStore } = await open();
		const stranger = await importOne(orderStore, imported('s', { orderNumber: 'N1.p1' }));
		expect(stranger.reference).toBe('N1.p1');
		await remove(orderStore, await move(orderStore, stranger, 'skipped'));
		const whole = await importOne(orderStore);
		await orderStore.transition({
			orderId: whole.id,
			from: 'new',
			to: 'routed',
			version: whole.version,
			actor,
			reason: 'split',
			split: ['a', 'b'].map((warehouse) => ({ content: { ...imported('1').content, warehouse } })),
		});
		const references = (await orderStore.parts([whole.id])).map(({ reference }) => reference);
		expect(references).toEqual([expect.stringMatching(/^N1\.p1\.h\w{7}$/), 'N1.p2']);
	});

	it('says of a report that its order was deleted, by its reference or by the key of the warehouse', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await remove(orderStore, order);
		const { reference, wmsOrderId } = order;
		const late = [
			shipped(order, 'S1'),
			{ ...shipped(order, 'S2'), reference: null, wmsOrderId },
			{ ...shipped(order, 'S3'), reference: 'nobody', wmsOrderId: null },
		];
		expect((await orderStore.recordShipments(report(late))).map(({ kind }) => kind)).toEqual(['unmatched', 'unmatched', 'unmatched']);
		const { items } = await orderStore.importFailures({ limit: 10, openOnly: true });
		const today = (await orderStore.now()).slice(0, 10);
		const about = (text: string) => items.find(({ message }) => message.includes(text));
		expect(about(`reference "${reference}"`)?.message).toContain(`was Deleted here on ${today}`);
		expect(items.filter(({ message }) => message.includes('was Deleted here'))).toHaveLength(2);
		expect(about('"nobody"')?.message).toContain('was not sent');
	});

	it('keeps no name of a deleted order, and no hash that another store would make of it', async () => {
		const [one, two] = [await open(), await open()];
		for (const { orderStore } of [one, two]) await remove(orderStore, await move(orderStore, await importOne(orderStore), 'skipped'));
		const hashes = async ({ raw }: typeof one) =>
			[
				...(await raw<{ hash: string }>('SELECT hash FROM {deleted_order}')),
				...(await raw<{ hash: string }>('SELECT hash FROM {reserved_key}')),
			].map(({ hash }) => hash);
		const [left, right] = [await hashes(one), await hashes(two)];
		expect(left).toHaveLength(2);
		for (const hash of left) {
			expect(hash).toMatch(/^[0-9a-f]{64}$/);
			expect(right).not.toContain(hash);
		}
		expect(await one.orderStore.importPage(page([imported('1')]))).toMatchObject([{ kind: 'created' }]);
	});
});
