/** Several workers on one bundle and its orders at the same time, each with a connection of its own. */
import { canceled } from '../../lib/order/cartWord';
import { unbundleOrder } from '../../lib/fulfillment/bundles';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, line, page, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { apply, bundledOrders, sentBundle, statusesOf } from './bundles';

const rejections = (results: Array<PromiseSettledResult<unknown>>): unknown[] =>
	results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));

onEachDatabase('at the same time', (open) => {
	it("parcels that are recorded and told, and changes in the cart, are in nobody's way", async () => {
		const test = await open();
		const [second, third] = [await test.another(), await test.another()];
		for (const round of [1, 2, 3, 4]) {
			const ids = ['a', 'b', 'c'].map((letter) => `${round}${letter}`);
			const { bundle, sources } = await sentBundle(
				test,
				ids.map((id) => imported(id)),
			);
			const told: string[] = [];
			const upload = async (orderStore: OrderStore): Promise<void> => {
				for (let tried = 0; tried < 6; tried += 1) {
					for (const { shipment, epoch, order } of await orderStore.claimUploads({ limit: 2, leaseMs: 60_000, worker: 'w' })) {
						told.push(`${order.orderNumber} ${shipment.trackingNumber}`);
						await orderStore.recordUpload({ shipmentId: shipment.id, epoch, actor, result: { kind: 'uploaded', message: null } });
					}
				}
			};
			const ship = async (orderStore: OrderStore): Promise<void> => {
				for (const [index, { id, quantity }] of bundle.lines.entries())
					await orderStore.recordShipments(report([shipped(bundle, `S${index}`, { lines: [{ lineId: id, quantity }] })]));
			};
			const change = async (orderStore: OrderStore): Promise<void> => {
				for (const id of ids) await orderStore.importPage(page([imported(id, { notes: 'x', lines: [line('L1', 'RED-MUG', 1)] })]));
			};
			const results = await Promise.allSettled([
				ship(test.orderStore),
				upload(second),
				upload(third),
				change(third),
				ship(second),
				change(test.orderStore),
			]);
			expect(rejections(results)).toEqual([]);
			for (let left = -1; left !== told.length;) {
				left = told.length;
				await upload(test.orderStore);
			}
			expect(told.sort()).toEqual(
				sources.flatMap(({ orderNumber }, index) => [`${orderNumber} 1ZS${2 * index}`, `${orderNumber} 1ZS${2 * index + 1}`]),
			);
			expect(await statusesOf(test.orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed', 'closed']);
		}
	});

	it('changes in the cart and sending leave a bundle that is whole, or none', async () => {
		const test = await open();
		const other = await test.another();
		for (const round of [1, 2, 3, 4, 5, 6]) {
			const ids = [`${round}a`, `${round}b`];
			const { bundle, sources } = await bundledOrders(
				test,
				ids.map((id) => imported(id)),
			);
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
			const [sent, changed] = await Promise.all([
				other.claim(claim),
				test.orderStore.importPage(page([imported(ids[0]!, {}, { word: canceled() })])),
			]);
			const after = await statusesOf(test.orderStore, [...sources, bundle]);
			if (sent.length === 1) expect([changed[0]!.kind, ...after]).toEqual(['refused', 'bundled', 'bundled', 'queued']);
			else expect([changed[0]!.kind, ...after]).toEqual(['canceled', 'canceled', 'new', undefined]);
		}
	});

	it('two people who unbundle do it once', async () => {
		const test = await open();
		const other = await test.another();
		const { bundle, sources } = await bundledOrders(test);
		const results = await Promise.allSettled(
			[test.orderStore, other].map(async (orderStore) => await unbundleOrder({ orderStore, orderId: bundle.id, actor })),
		);
		expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(rejections(results)).toEqual([
			expect.objectContaining({ code: expect.stringMatching(/^(order_not_found|operation_refused)$/) }),
		]);
		expect(await statusesOf(test.orderStore, sources)).toEqual(['new', 'new']);
	});
});
