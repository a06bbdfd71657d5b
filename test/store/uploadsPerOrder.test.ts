/** Carts do not protect an order against two writers, so one worker at a time tells the cart about an order. */
import { actor, imported, openOrder, report, shipped } from './fixtures';
import { onEachDatabase } from './harness';

const lease = { leaseMs: 60_000, worker: 'w' };
const parcel = (sku: string) => ({ lines: [{ sku, quantity: 1 }] });

onEachDatabase('the parcels of one order', (open) => {
	it('are given to one worker at a time', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1', parcel('RED-MUG')), shipped(order, 'S2', parcel('TEE-L'))]));
		const [first] = await orderStore.claimUploads({ ...lease, limit: 1 });
		expect(await orderStore.claimUploads({ ...lease, limit: 5 })).toEqual([]);
		await orderStore.recordUpload({
			shipmentId: first!.shipment.id,
			epoch: first!.epoch,
			actor,
			result: { kind: 'uploaded', message: null },
		});
		const [second, ...more] = await orderStore.claimUploads({ ...lease, limit: 5 });
		expect(more).toEqual([]);
		expect(second!.shipment.id).not.toBe(first!.shipment.id);
	});

	it('are given to one worker when several ask at the same time', async () => {
		const test = await open();
		const orders = [];
		for (let number = 1; number <= 6; number += 1) {
			const order = await openOrder(test.orderStore, imported(String(number)));
			await test.orderStore.recordShipments(report([shipped(order, 'S1', parcel('RED-MUG')), shipped(order, 'S2', parcel('TEE-L'))]));
			orders.push(order);
		}
		const stores = [test.orderStore, await test.another(), await test.another()];
		const claims = await Promise.all(stores.map(async (orderStore) => await orderStore.claimUploads({ ...lease, limit: 5 })));
		const workerOf = new Map<string, number>();
		claims.forEach((list, worker) => {
			for (const { order } of list) {
				expect(workerOf.get(order.id) ?? worker).toBe(worker);
				workerOf.set(order.id, worker);
			}
		});
		expect(claims.flat().length).toBeGreaterThan(0);
	});
});
