import fc from 'fast-check';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { archiveOrder, editOrder, reprocessOrder, resetOrder } from '../../lib/fulfillment/orderOperations';
import { unbundleOrder } from '../../lib/fulfillment/bundles';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import type { OrderStore } from '../../lib/store/OrderStore';
import { fileWms } from '../../lib/wms/file';
import { actor, imported, importOne, kinds, line, page, report, shipped } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { apply, bundledOrders, bundleRules, release, sent, sentBundle, statusesOf, TERMS, uploadAll, waitingOrders, windowOver } from './bundles';

const due = async (store: OrderStore) => (await claimDueWork({ store, kinds: ['rules'], stores: [], limit: 20, leaseMs: 1000, worker: 'w', actor })).map(({ order, reason }) => [order.orderNumber, order.status, reason]);
const timesOf = async ({ raw }: TestStore, id: string) => (await raw<{ bundle_key: string | null; bundle_terms: string | null }>('SELECT bundle_key, bundle_terms FROM {order} WHERE id = $1', [id]))[0]!;

onEachDatabase('bundling', (open) => {
	it('keeps orders until the window is over, and then merges those with the same key into one order', async () => {
		const test = await open();
		const { store } = test;
		const [first, second] = await waitingOrders(store);
		const [other] = await waitingOrders(store, [imported('3')], bundleRules(TERMS, 'bob'));
		expect([first!.status, first!.statusReason]).toEqual(['delayed', expect.stringMatching(/^Kept back by rule "Together" until \S+ for orders\.$/)]);
		expect(await due(store)).toEqual([]);
		await windowOver(test);
		expect((await due(store)).sort()).toEqual([['N1+N2', 'new', 'It bundles 2 orders.'], ['N3', 'new', 'No other order came to be bundled with it.']]);
		expect(await due(store)).toEqual([]);

		const bundle = (await store.search({ reference: 'N1.b1', limit: 5 })).items[0]!;
		expect(bundle).toMatchObject({ bundleSize: 2, status: 'new', externalId: 'N1.b1', notes: null, total: '70.00', parentId: null, bundledInto: null });
		expect(bundle.lines.map(({ id, sku, source }) => [id, sku, source])).toEqual([
			['1-L1', 'RED-MUG', { orderId: first!.id, lineId: 'L1' }], ['1-L2', 'TEE-L', { orderId: first!.id, lineId: 'L2' }],
			['2-L1', 'RED-MUG', { orderId: second!.id, lineId: 'L1' }], ['2-L2', 'TEE-L', { orderId: second!.id, lineId: 'L2' }],
		]);
		for (const { id } of [first!, second!]) {
			expect(await store.get(id)).toMatchObject({ status: 'bundled', bundledInto: bundle.id, bundleSize: 0, heldUntil: null, statusReason: 'Bundled into N1.b1.', notes: null });
			expect(await timesOf(test, id)).toEqual({ bundle_key: null, bundle_terms: null });
			expect((await kinds(store, id)).slice(-2)).toEqual(['bundled', 'status_changed']);
		}
		expect((await store.sources([bundle.id])).map(({ id }) => id)).toEqual([first!.id, second!.id]);
		expect(await kinds(store, bundle.id)).toEqual(['bundle_made']);
		expect((await store.search({ externalId: '1', limit: 5 })).items.map(({ id }) => id)).toEqual([first!.id]);

		// Neither the bundle nor the one that remained alone waits again.
		expect((await apply(store, [bundle.id, other!.id])).map(({ output }) => output)).toEqual([{ kind: 'warehouse', warehouse: 'BER' }, { kind: 'warehouse', warehouse: 'BER' }]);
		expect((await apply(store, [first!.id])).map(({ output, trace }) => [output, trace])).toEqual([[{ kind: 'delayed' }, null]]);
	});

	it('is not what claims of holds hand out, and a dry run records nothing of it', async () => {
		const test = await open();
		const order = await importOne(test.store);
		expect((await apply(test.store, [order.id], bundleRules(), { dryRun: true })).map(({ output }) => output)).toEqual([{ kind: 'delayed' }]);
		expect(await test.store.get(order.id)).toEqual(order);
		await apply(test.store, [order.id]);
		await windowOver(test);
		const claim = { statuses: ['delayed' as const], limit: 5, leaseMs: 1000, worker: 'w', actor };
		expect(await test.store.claim({ ...claim, delayedBy: 'hold' })).toEqual([]);
	});

	it('goes by the limits of the rule: what does not fit goes with the next bundle', async () => {
		const test = await open();
		const rules = bundleRules({ ...TERMS, mostOrders: 2 });
		await waitingOrders(test.store, ['1', '2', '3', '4', '5'].map((id) => imported(id)), rules);
		await windowOver(test);
		const ids = await release(test.store);
		expect((await test.store.getMany(ids)).map(({ orderNumber, bundleSize }) => [orderNumber, bundleSize])).toEqual([['N1+N2', 2], ['N3+N4', 2], ['N5', 0]]);
	});

	it('makes no bundle of more than a hundred orders', async () => {
		const test = await open();
		await waitingOrders(test.store, Array.from({ length: 205 }, (_, index) => imported(String(index + 1))));
		await windowOver(test);
		const ids = await release(test.store);
		expect((await test.store.getMany(ids)).map(({ orderNumber, bundleSize, lines }) => [orderNumber, bundleSize, lines.length])).toEqual([['N1 and 99 more', 100, 200], ['N101 and 99 more', 100, 200], ['N201+N202+N203+N204+N205', 5, 10]]);
	});

	it('takes with it what waits less long, and leaves what comes later to the next one', async () => {
		const test = await open();
		const [first] = await waitingOrders(test.store, [imported('1')]);
		await windowOver(test);
		await waitingOrders(test.store, [imported('2')]);
		const [id] = await release(test.store);
		expect(await test.store.get(id!)).toMatchObject({ orderNumber: 'N1+N2' });
		const [late] = await waitingOrders(test.store, [imported('3')]);
		expect(await release(test.store)).toEqual([]);
		expect(await statusesOf(test.store, [first!, late!])).toEqual(['bundled', 'delayed']);
	});

	it('by several workers at once is done once', async () => {
		const test = await open();
		const other = await test.another();
		const waiting = await waitingOrders(test.store, ['1', '2', '3', '4'].map((id) => imported(id)));
		await waitingOrders(test.store, [imported('5')], bundleRules(TERMS, 'bob'));
		await windowOver(test);
		const released = (await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => await release(index % 2 ? other : test.store)))).flat();
		expect(released).toHaveLength(2);
		expect(await statusesOf(test.store, waiting)).toEqual(['bundled', 'bundled', 'bundled', 'bundled']);
		const { items } = await test.store.search({ limit: 20 });
		expect(items.filter(({ bundleSize }) => bundleSize > 0).map(({ reference, bundleSize }) => [reference, bundleSize])).toEqual([['N1.b1', 4]]);
	});

	it('and a reset of an order that waits, at once, leave it in one of the two only', async () => {
		const test = await open();
		const other = await test.another();
		for (const round of [1, 2, 3, 4, 5]) {
			const orders = await waitingOrders(test.store, [imported(`${round}a`), imported(`${round}b`), imported(`${round}c`)], bundleRules(TERMS, `key ${round}`));
			await windowOver(test);
			const [reset] = await Promise.allSettled([resetOrder({ store: other, orderId: orders[0]!.id, actor }), release(test.store)]);
			const [first, ...rest] = await test.store.getMany(orders.map(({ id }) => id));
			const bundle = (await test.store.get(rest[0]!.bundledInto!))!;
			expect(rest.map(({ status, bundledInto }) => [status, bundledInto])).toEqual([['bundled', bundle.id], ['bundled', bundle.id]]);
			if (reset.status === 'fulfilled') expect([first!.status, first!.bundledInto, bundle.bundleSize]).toEqual(['new', null, 2]);
			else expect([first!.status, first!.bundledInto, bundle.bundleSize]).toEqual(['bundled', bundle.id, 3]);
			expect(bundle.lines.some(({ source }) => source!.orderId === first!.id)).toBe(first!.status === 'bundled');
		}
	});

	it.each<[string, (store: OrderStore, orderId: string) => Promise<unknown>, string]>([
		['edited', async (store, orderId) => await editOrder({ store, orderId, actor, edits: { 'shippingAddress.address1': '7 Oak St' } }), 'new'],
		['reset', async (store, orderId) => await resetOrder({ store, orderId, actor }), 'new'],
		['reprocessed', async (store, orderId) => await reprocessOrder({ store, orderId, actor }), 'new'],
		['archived', async (store, orderId) => await archiveOrder({ store, orderId, actor }), 'archived'],
		['canceled', async (store, orderId) => await cancelOrders({ store, warehouse: null, orderIds: [orderId], reason: null, worker: 'w', actor, leaseMs: 1000 }), 'canceled'],
		['changed in the cart', async (store) => await store.importPage(page([imported('1', { notes: 'ring twice' })])), 'new'],
		['canceled in the cart', async (store) => await store.importPage(page([imported('1', {}, { canceled: true })])), 'canceled'],
	])('does not take an order that was %s while it waited', async (_, change, status) => {
		const test = await open();
		const [first, second, third] = await waitingOrders(test.store, [imported('1'), imported('2'), imported('3')]);
		await change(test.store, first!.id);
		expect(await timesOf(test, first!.id)).toEqual({ bundle_key: null, bundle_terms: null });
		await windowOver(test);
		const handedOut = await due(test.store);
		expect(handedOut).toContainEqual(['N2+N3', 'new', 'It bundles 2 orders.']);
		expect(await statusesOf(test.store, [first!, second!, third!])).toEqual([status, 'bundled', 'bundled']);
		// It waits anew, for it did not wait to the end.
		if (status === 'new') expect((await apply(test.store, [first!.id])).map(({ order }) => order.status)).toEqual(['delayed']);
	});

	it('abandons an order that waits for ever', async () => {
		const test = await open();
		const [first] = await waitingOrders(test.store);
		await test.raw('UPDATE {order} SET abandon_at = $1 WHERE id = $2', ['2026-01-01T00:00:00.000Z', first!.id]);
		await test.store.abandonOverdue({ includePartiallyShipped: false, limit: 10, actor });
		expect(await timesOf(test, first!.id)).toMatchObject({ bundle_key: null });
		await windowOver(test);
		expect(await due(test.store)).toEqual([['N2', 'new', 'No other order came to be bundled with it.']]);
	});
});

onEachDatabase('a bundle', (open) => {
	it('tells each order of the cart its own tracking once, and all of them are Closed with it', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await sentBundle(test);
		await store.recordShipments(report([shipped(bundle, 'S1', { lines: [{ lineId: '1-L1', quantity: 2 }, { lineId: '1-L2', quantity: 1 }, { lineId: '2-L1', quantity: 1 }] })]));
		const halfway = await store.getMany(sources.map(({ id }) => id));
		expect(halfway.map(({ status, shipments, lines }) => [status, shipments.map((each) => [each.trackingNumber, each.lines]), lines.map(({ quantityShipped }) => quantityShipped)])).toEqual([
			['bundled', [['1ZS1', [{ lineId: 'L1', quantity: 2 }, { lineId: 'L2', quantity: 1 }]]], [2, 1]],
			['bundled', [['1ZS1', [{ lineId: 'L1', quantity: 1 }]]], [1, 0]],
		]);
		expect((await claimDueWork({ store, kinds: ['upload'], stores: [], limit: 5, leaseMs: 1000, worker: 'w', actor })).map(({ order }) => order.orderNumber).sort()).toEqual(['N1', 'N2']);
		expect(await uploadAll(store)).toEqual(['N1 1ZS1', 'N2 1ZS1']);
		// All of the first order has left.
		expect(await statusesOf(store, [...sources, bundle])).toEqual(['closed', 'bundled', 'partially_shipped']);
		expect((await store.get(bundle.id))!.shipments[0]!.uploadedAt).not.toBeNull();
		await store.recordShipments(report([shipped(bundle, 'S2')]));
		expect(await uploadAll(store)).toEqual(['N2 1ZS2']);
		expect(await statusesOf(store, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
		expect(await uploadAll(store)).toEqual([]);
		expect((await kinds(store, sources[0]!.id)).slice(-5)).toEqual(['bundled', 'status_changed', 'shipment_recorded', 'tracking_uploaded', 'status_changed']);
		expect((await store.search({ text: '1zs2', limit: 5 })).items.map(({ orderNumber }) => orderNumber).sort()).toEqual(['N1+N2', 'N2']);
	});

	it('whose last uploads are recorded at once leaves no order behind', async () => {
		const test = await open();
		const other = await test.another();
		const { bundle, sources } = await sentBundle(test);
		await test.store.recordShipments(report([shipped(bundle, 'S1')]));
		const claims = await test.store.claimUploads({ limit: 10, leaseMs: 60_000, worker: 'w' });
		expect(claims).toHaveLength(2);
		await Promise.all(claims.map(async ({ shipment, epoch }, index) => await (index ? other : test.store).recordUpload({ shipmentId: shipment.id, epoch, actor, result: { kind: 'uploaded', message: null } })));
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('that holds nothing of the cart in its last parcel is Closed without an upload', async () => {
		const test = await open();
		const { bundle, sources } = await sentBundle(test);
		const all = bundle.lines.filter(({ source }) => source).map(({ id, quantity }) => ({ lineId: id, quantity }));
		await test.store.recordShipments(report([shipped(bundle, 'S1', { lines: all })]));
		await uploadAll(test.store);
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['closed', 'closed', 'partially_shipped']);
		await test.store.recordShipments(report([shipped(bundle, 'S2', { lines: [{ lineId: 'gift', quantity: 1 }] })]));
		expect(await uploadAll(test.store)).toEqual([]);
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('that is canceled takes its orders with it, and they can be reprocessed', async () => {
		const test = await open();
		const { bundle, sources } = await bundledOrders(test);
		const cancel = async (orderId: string) => (await cancelOrders({ store: test.store, warehouse: null, orderIds: [orderId], reason: null, worker: 'w', actor, leaseMs: 1000 }))[0]!;
		expect(await cancel(sources[0]!.id)).toMatchObject({ output: 'error', message: 'It is bundled into N1.b1, which is New. Unbundle N1.b1 first, or do it with that order.' });
		expect((await cancel(bundle.id)).output).toBe('canceled');
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['canceled', 'canceled', 'canceled']);
		await expect(reprocessOrder({ store: test.store, orderId: bundle.id, actor })).rejects.toMatchObject({ code: 'operation_refused', remedy: expect.stringContaining('Reprocess those orders') });
		const again = await reprocessOrder({ store: test.store, orderId: sources[0]!.id, actor });
		expect([again.status, again.bundledInto, again.lines.map(({ quantityCanceled }) => quantityCanceled)]).toEqual(['new', null, [0, 0]]);
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['new', 'canceled', 'canceled']);
	});

	it('of which the warehouse cancels the goods of one order cancels that one alone', async () => {
		const test = await open();
		const { bundle, sources } = await sentBundle(test);
		const lines = [{ lineId: '2-L1', quantity: 2 }, { lineId: '2-L2', quantity: 1 }];
		await test.store.recordShipments(report([{ kind: 'canceled', externalId: 'C1', reference: bundle.reference, wmsOrderId: null, origin: 'c', reason: 'out of stock', lines }]));
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['bundled', 'canceled', 'open']);
		await test.store.recordShipments(report([shipped(bundle, 'S1')]));
		expect(await uploadAll(test.store)).toEqual(['N1 1ZS1']);
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['closed', 'canceled', 'closed']);
	});

	it('changes and takes back parcels of its orders as the warehouse says, and raises an alert when a cart was told', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await sentBundle(test);
		await store.recordShipments(report([shipped(bundle, 'S1', { lines: [{ lineId: '1-L1', quantity: 1 }, { lineId: '2-L1', quantity: 1 }] })]));
		await store.recordShipments(report([shipped(bundle, 'S1', { trackingNumber: '1ZNEW' })]));
		expect((await store.getMany(sources.map(({ id }) => id))).map(({ shipments }) => shipments.map(({ trackingNumber }) => trackingNumber))).toEqual([['1ZNEW'], ['1ZNEW']]);
		expect((await store.get(bundle.id))!.alert).toBeNull();
		const [claim] = await store.claimUploads({ orderIds: [sources[0]!.id], limit: 1, leaseMs: 60_000, worker: 'w' });
		await store.recordUpload({ shipmentId: claim!.shipment.id, epoch: claim!.epoch, actor, result: { kind: 'uploaded', message: null } });
		await store.recordShipments(report([{ kind: 'voided', externalId: 'S1', reference: bundle.reference, wmsOrderId: null, origin: 'v', reason: null }]));
		expect((await store.get(bundle.id))!.alert?.code).toBe('shipment_voided');
		const after = await store.getMany(sources.map(({ id }) => id));
		expect(after.map(({ lines, shipments }) => [lines[0]!.quantityShipped, shipments[0]!.voidedAt !== null])).toEqual([[0, true], [0, true]]);
		await store.recordShipments(report([shipped(bundle, 'S2')]));
		await uploadAll(store);
		expect(await statusesOf(store, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('that is split tells each order its tracking once', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await bundledOrders(test);
		const parts = [
			{ warehouse: 'BER', lines: [{ lineId: '1-L1', quantity: 2 }, { lineId: '2-L1', quantity: 1 }] },
			{ warehouse: 'NYC', lines: [{ lineId: '2-L1', quantity: 1 }, { lineId: '1-L2', quantity: 1 }, { lineId: '2-L2', quantity: 1 }] },
		];
		await apply(store, [bundle.id], (_, content) => ({ decision: { kind: 'route', warehouse: 'BER', parts }, content, trace: [] }));
		const [ber, nyc] = await store.parts([bundle.id]);
		expect([ber!.reference, ber!.bundleSize]).toEqual(['N1.b1.p1', 2]);
		for (const part of [ber!, nyc!]) await sent(store, part);
		await expect(unbundleOrder({ store, orderId: bundle.id, actor })).rejects.toMatchObject({ code: 'operation_refused' });
		await store.recordShipments(report([shipped(ber!, 'S1'), shipped(nyc!, 'S1', { trackingNumber: '1ZNYC' })]));
		expect((await store.getMany(sources.map(({ id }) => id))).map(({ lines }) => lines.map(({ quantityShipped }) => quantityShipped))).toEqual([[2, 1], [2, 1]]);
		expect((await store.get(sources[0]!.id))!.shipments.map(({ externalId }) => externalId).sort()).toEqual(['N1.b1.p1/S1', 'N1.b1.p2/S1']);
		expect(await uploadAll(store)).toEqual(['N1 1ZNYC', 'N1 1ZS1', 'N2 1ZNYC', 'N2 1ZS1']);
		expect(await statusesOf(store, [...sources, bundle, ber!, nyc!])).toEqual(['closed', 'closed', 'closed', 'closed', 'closed']);
	});

	it('that was put away records a late parcel, and uploads it once it is reprocessed', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await sentBundle(test);
		await archiveOrder({ store, orderId: bundle.id, actor });
		expect(await statusesOf(store, sources)).toEqual(['bundled', 'bundled']);
		await store.recordShipments(report([shipped(bundle, 'S1')]));
		expect(await uploadAll(store)).toEqual([]);
		expect((await store.get(bundle.id))!.alert?.code).toBe('late_shipment');
		await reprocessOrder({ store, orderId: bundle.id, actor });
		expect(await uploadAll(store)).toEqual(['N1 1ZS1', 'N2 1ZS1']);
		expect(await statusesOf(store, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('is what people work on: its orders refuse what is done to them alone', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await bundledOrders(test);
		const orderId = sources[0]!.id;
		const refused = { code: 'operation_refused', message: expect.stringContaining('bundled into N1.b1, which is New'), remedy: 'Unbundle N1.b1 first, or do it with that order.' };
		await expect(editOrder({ store, orderId, actor, edits: { notes: 'x' } })).rejects.toMatchObject(refused);
		await expect(resetOrder({ store, orderId, actor })).rejects.toMatchObject(refused);
		await expect(reprocessOrder({ store, orderId, actor })).rejects.toMatchObject(refused);
		await expect(archiveOrder({ store, orderId, actor })).rejects.toMatchObject(refused);
		await expect(store.purge({ orderId: bundle.id, from: 'new', version: bundle.version, actor })).rejects.toMatchObject({ code: 'operation_refused' });
		await editOrder({ store, orderId: bundle.id, actor, edits: { notes: 'ring twice', 'lines.1-L1.quantity': 1 } });
		expect(await store.get(bundle.id)).toMatchObject({ notes: 'ring twice', description: '1 × RED-MUG, 1 × TEE-L, 2 × RED-MUG, 1 × TEE-L' });
		await apply(store, [bundle.id]);
		await sent(store, (await store.get(bundle.id))!);
		await expect(editOrder({ store, orderId, actor, edits: { notes: 'x' } })).rejects.toMatchObject({ remedy: 'Do it with N1.b1, which the warehouse has.' });
		await archiveOrder({ store, orderId: bundle.id, actor });
		expect((await archiveOrder({ store, orderId, actor })).status).toBe('archived');
		await expect(reprocessOrder({ store, orderId, actor })).rejects.toMatchObject({ code: 'operation_refused' });
	});
});

onEachDatabase('unbundling', (open) => {
	it('gives back the orders as they were, and the same rule does not bundle them again', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await bundledOrders(test);
		await apply(store, [bundle.id]);
		expect((await unbundleOrder({ store, orderId: sources[1]!.id, actor })).map(({ orderNumber, status }) => [orderNumber, status])).toEqual([['N1', 'new'], ['N2', 'new']]);
		expect(await store.get(bundle.id)).toBeNull();
		expect((await kinds(store, sources[0]!.id)).slice(-2)).toEqual(['unbundled', 'status_changed']);
		await expect(unbundleOrder({ store, orderId: sources[0]!.id, actor })).rejects.toMatchObject({ code: 'operation_refused', message: 'Order N1 is no bundle, and in none.' });
		expect((await apply(store, sources.map(({ id }) => id))).map(({ order }) => order.status)).toEqual(['routed', 'routed']);
		// After a reset they wait again; the reference of the first bundle is not given twice.
		for (const { id } of sources) await resetOrder({ store, orderId: id, actor });
		await apply(store, sources.map(({ id }) => id));
		await windowOver(test);
		const [again] = await release(store);
		expect((await store.get(again!))!.reference).toBe('N1.b2');
	});

	it('is refused once the warehouse has the bundle, or may have it', async () => {
		const test = await open();
		const { bundle, sources } = await sentBundle(test);
		await expect(unbundleOrder({ store: test.store, orderId: bundle.id, actor })).rejects.toMatchObject({ code: 'operation_refused', message: 'The bundle N1.b1 is Open: the warehouse has it, or may have it.' });
		expect(await statusesOf(test.store, [...sources, bundle])).toEqual(['bundled', 'bundled', 'open']);
	});

	it('and sending at once do one of the two', async () => {
		const test = await open();
		const other = await test.another();
		for (const round of [1, 2, 3, 4]) {
			const { bundle, sources } = await bundledOrders(test, [imported(`${round}a`), imported(`${round}b`)]);
			await apply(test.store, [bundle.id]);
			const claim = { ids: [bundle.id], statuses: ['routed' as const], to: 'queued' as const, wms: 'file', limit: 1, leaseMs: 60_000, worker: 'w', actor };
			const [taken, apart] = await Promise.allSettled([other.claim(claim), unbundleOrder({ store: test.store, orderId: bundle.id, actor })]);
			const sending = taken.status === 'fulfilled' && taken.value.length === 1;
			expect(apart.status).toBe(sending ? 'rejected' : 'fulfilled');
			expect(await statusesOf(test.store, sources)).toEqual(sending ? ['bundled', 'bundled'] : ['new', 'new']);
		}
	});

	it('gives back exactly what was bundled, whatever that is', async () => {
		const test = await open();
		const { store } = test;
		let number = 0;
		const order = fc.record({
			notes: fc.option(fc.string({ maxLength: 8 })), giftMessage: fc.option(fc.constantFrom('Hi', 'Ho')), total: fc.constantFrom('1.00', '35.00', null), tags: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
			lines: fc.array(fc.record({ sku: fc.constantFrom('A', 'B'), quantity: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 3 }), edit: fc.boolean(),
		});
		await fc.assert(
			fc.asyncProperty(fc.array(order, { minLength: 2, maxLength: 4 }), async (given) => {
				number += 1;
				const orders = given.map(({ lines, edit: _, ...rest }, index) => imported(`${number}-${index}`, { ...rest, lines: lines.map(({ sku, quantity }, at) => line(`L${at}`, sku, quantity)) }));
				const ids = (await store.importPage(page(orders))).map(({ orderId }) => orderId!);
				for (const [index, { edit }] of given.entries()) if (edit) await editOrder({ store, orderId: ids[index]!, actor, edits: { 'lines.L0.quantity': 7, 'custom.x': index } });
				const before = await store.getMany(ids);
				const layersBefore = await store.layers(ids);
				await apply(store, ids, bundleRules(TERMS, `key ${number}`));
				await windowOver(test);
				const [id] = await release(store);
				const bundle = (await store.get(id!))!;
				// Nothing is lost or added in it.
				expect(bundle.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual(before.flatMap(({ lines }) => lines.map(({ sku, quantity }) => [sku, quantity])));
				await unbundleOrder({ store, orderId: bundle.id, actor });
				const stable = ({ version: _v, updatedAt: _u, ...rest }: (typeof before)[number]) => rest;
				expect((await store.getMany(ids)).map(stable)).toEqual(before.map(stable));
				for (const [orderId, { snapshot, edits, result }] of await store.layers(ids)) expect({ snapshot, edits, result }).toEqual({ snapshot: layersBefore.get(orderId)!.snapshot, edits: layersBefore.get(orderId)!.edits, result: null });
			}),
			{ numRuns: 12, seed: 11 },
		);
	});
});

onEachDatabase('a change in the cart of an order in a bundle', (open) => {
	it('takes the bundle apart before it is sent; its orders are bundled anew', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await bundledOrders(test, [imported('1'), imported('2'), imported('3')]);
		expect(await store.importPage(page([imported('1'), imported('2', { notes: 'ring twice' }), imported('3', {}, { canceled: true })]))).toMatchObject([{ kind: 'unchanged' }, { kind: 'updated' }, { kind: 'canceled' }]);
		expect(await store.get(bundle.id)).toBeNull();
		expect(await store.getMany(sources.map(({ id }) => id))).toMatchObject([{ status: 'new', bundledInto: null }, { status: 'new', bundledInto: null, notes: 'ring twice' }, { status: 'canceled', bundledInto: null }]);
		expect((await kinds(store, sources[0]!.id)).slice(-2)).toEqual(['unbundled', 'status_changed']);
		await apply(store, sources.map(({ id }) => id));
		await windowOver(test);
		const [again] = await release(store);
		expect(await store.get(again!)).toMatchObject({ orderNumber: 'N1+N2', reference: 'N1.b2', notes: 'ring twice' });
	});

	it('raises an alert once after it was sent, and nothing is canceled by itself', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await sentBundle(test);
		const changes = page([imported('1', {}, { canceled: true }), imported('2', { notes: 'x', lines: [line('L1', 'RED-MUG', 5)] })]);
		expect(await store.importPage(changes)).toMatchObject([{ kind: 'refused', reason: 'already_sent' }, { kind: 'refused', reason: 'already_sent' }]);
		expect(await store.get(bundle.id)).toMatchObject({ status: 'open', alert: { code: 'changed_in_cart', message: expect.stringMatching(/N1: canceled in the cart; N2: Changed in the cart after it was sent to the warehouse: .*quantity/) } });
		expect(await store.getMany(sources.map(({ id }) => id))).toMatchObject([{ status: 'bundled', alert: { code: 'canceled_in_cart' } }, { status: 'bundled', alert: { code: 'changed_in_cart' }, description: '2 × RED-MUG, 1 × TEE-L' }]);
		expect(await claimDueWork({ store, kinds: ['cancellation'], stores: [], limit: 5, leaseMs: 1000, worker: 'w', actor })).toEqual([]);
		const { version } = (await store.get(bundle.id))!;
		await store.importPage(changes);
		expect((await store.get(bundle.id))!.version).toBe(version);
	});

	it('has the bundle canceled at the warehouse once none of its orders is wanted any more', async () => {
		const test = await open();
		const { store } = test;
		const { bundle, sources } = await sentBundle(test);
		await store.importPage(page([imported('1', {}, { canceled: true })]));
		await store.importPage(page([imported('2', {}, { canceled: true })]));
		expect((await store.get(bundle.id))!.alert?.code).toBe('canceled_in_cart');
		expect((await claimDueWork({ store, kinds: ['cancellation'], stores: [], limit: 5, leaseMs: 1000, worker: 'w', actor })).map(({ order }) => order.id)).toEqual([bundle.id]);
		const asked: string[] = [];
		const session = { cancelOrder: async ({ reference }: { reference: string }) => await Promise.resolve((asked.push(reference), 'canceled' as const)) };
		const warehouse = { wms: { code: 'file', label: 'File', capabilities: { ...fileWms.capabilities, cancel: true } }, session };
		await cancelOrders({ store, warehouse, orderIds: [bundle.id], reason: null, worker: 'w', actor, leaseMs: 1000 });
		expect(asked).toEqual(['N1.b1']);
		expect((await store.getMany([...sources, bundle].map(({ id }) => id))).map(({ status, alert }) => [status, alert])).toEqual([['canceled', null], ['canceled', null], ['canceled', null]]);
	});
});
