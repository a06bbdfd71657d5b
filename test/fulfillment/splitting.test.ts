import { canceled as canceledWord } from '../../lib/order/cartWord';
import fc from 'fast-check';
import { applyRules, type RulesRequest, type RulesResult } from '../../lib/fulfillment/applyRules';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { archiveOrder, deleteOrder } from '../../lib/fulfillment/archiveOrder';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { reprocessOrder, resetOrder } from '../../lib/fulfillment/reprocessOrder';
import type { Order } from '../../lib/order/order';
import type { OrderPart } from '../../lib/order/parts';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, claimToQueued, imported, importOne, kinds, page, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

const PARTS: OrderPart[] = [
	{ warehouse: 'BER', lines: [{ lineId: 'L1', quantity: 2 }] },
	{ warehouse: 'NYC', lines: [{ lineId: 'L2', quantity: 1 }] },
];

const apply = async (
	orderStore: OrderStore,
	order: Pick<Order, 'id'>,
	parts = PARTS,
	more: Partial<RulesRequest> = {},
): Promise<RulesResult[]> =>
	await applyRules({
		orderStore,
		orderIds: [order.id],
		evaluate: (_, content) => ({ decision: { kind: 'route', warehouse: parts[0]!.warehouse, parts }, content, trace: [] }),
		warehouses: ['BER', 'NYC'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		...more,
	});

async function splitOrder(orderStore: OrderStore, order = imported('1')) {
	const parent = await importOne(orderStore, order);
	await apply(orderStore, parent);
	const [first, second] = (await orderStore.parts([parent.id])) as [Order, Order];
	return { parent: (await orderStore.get(parent.id))!, first, second };
}

/** The warehouse gets the part. */
async function sent(orderStore: OrderStore, part: Order): Promise<Order> {
	const { epoch } = await claimToQueued(orderStore, part);
	await orderStore.transition({
		orderId: part.id,
		from: 'queued',
		to: 'open',
		epoch,
		actor,
		reason: null,
		set: { wms: 'file', wmsOrderId: `W-${part.reference}`, sentAt: 'now', openedAt: 'now' },
	});
	return (await orderStore.get(part.id))!;
}

async function uploadAll(orderStore: OrderStore): Promise<void> {
	for (const { shipment, epoch } of await orderStore.claimUploads({ limit: 50, leaseMs: 60_000, worker: 'w' })) {
		await orderStore.recordUpload({ shipmentId: shipment.id, epoch, actor, result: { kind: 'uploaded', message: null } });
	}
}

const statuses = async (orderStore: OrderStore, id: string) => [
	(await orderStore.get(id))?.status,
	...(await orderStore.parts([id])).map(({ status }) => status),
];
const cancel = async (orderStore: OrderStore, id: string) =>
	(await cancelOrders({ orderStore, warehouse: null, orderIds: [id], reason: null, worker: 'w', actor, leaseMs: 60_000 }))[0]!;

onEachDatabase('splitting', (open) => {
	it('makes the parts in the place of the order, each with its lines, its warehouse and a reference of its own', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		const results = await apply(orderStore, order);
		expect(results.map(({ order: part, output }) => [part.reference, part.warehouse, part.status, part.description, output])).toEqual([
			['N1.p1', 'BER', 'routed', '2 × RED-MUG', { kind: 'warehouse', warehouse: 'BER' }],
			['N1.p2', 'NYC', 'routed', '1 × TEE-L', { kind: 'warehouse', warehouse: 'NYC' }],
		]);
		expect(
			results.map(({ order: { parentId, externalId, orderNumber, lines } }) => [parentId, externalId, orderNumber, lines[0]!.externalId]),
		).toEqual([
			[order.id, '1', 'N1', 'x-L1'],
			[order.id, '1', 'N1', 'x-L2'],
		]);
		expect(await orderStore.get(order.id)).toMatchObject({ status: 'routed', statusReason: 'BER 2 pieces, NYC 1 piece', warehouse: null });
		expect(await kinds(orderStore, order.id)).toEqual(['imported', 'rules_applied', 'status_changed', 'split']);
		expect(await kinds(orderStore, results[0]!.order.id)).toEqual(['split_from']);
		expect((await orderStore.search({ externalId: '1', limit: 5 })).items.map(({ id }) => id)).toEqual([order.id]);
		expect(await apply(orderStore, order)).toEqual(results.map((result) => ({ ...result, trace: null })));
		expect(await orderStore.parts([order.id])).toHaveLength(2);
	});

	it('is shown by a dry run, which records nothing', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore);
		const results = await apply(orderStore, order, PARTS, { dryRun: true });
		expect(results.map(({ order: part, output }) => [part.reference, part.lines.length, output])).toEqual([
			['N1.p1', 1, { kind: 'warehouse', warehouse: 'BER' }],
			['N1.p2', 1, { kind: 'warehouse', warehouse: 'NYC' }],
		]);
		expect(await orderStore.get(order.id)).toEqual(order);
		expect(await orderStore.parts([order.id])).toEqual([]);
	});

	it('by several workers at once makes the parts once', async () => {
		const test = await open();
		const other = await test.another();
		const order = await importOne(test.orderStore);
		const outcomes = await Promise.all([0, 1, 2, 3].map(async (index) => await apply(index % 2 ? other : test.orderStore, order)));
		expect((await test.orderStore.parts([order.id])).map(({ reference }) => reference)).toEqual(['N1.p1', 'N1.p2']);
		for (const results of outcomes)
			expect(results.every(({ order: { id, parentId } }) => id === order.id || parentId === order.id)).toBe(true);
		expect((await kinds(test.orderStore, order.id)).filter((kind) => kind === 'split')).toHaveLength(1);
	});

	it('gives a part another reference when an order of the cart has that one', async () => {
		const { orderStore } = await open();
		await importOne(orderStore, imported('9', { orderNumber: 'N1.p1' }));
		const { first, second } = await splitOrder(orderStore);
		expect([first.reference, second.reference]).toEqual([expect.stringMatching(/^N1\.p1\.h[a-z2-7]{7}$/), 'N1.p2']);
	});

	it('sends the parts, and never the order itself', async () => {
		const { orderStore } = await open();
		const { parent, first } = await splitOrder(orderStore);
		const claims = {
			statuses: ['routed' as const],
			to: 'queued' as const,
			sendTo: { wms: 'file', account: '' },
			limit: 10,
			leaseMs: 60_000,
			worker: 'w',
			actor,
		};
		expect(await orderStore.claim({ ...claims, ids: [parent.id] })).toEqual([]);
		expect((await orderStore.claim({ ...claims, ids: [parent.id, first.id] })).map(({ order }) => order.id)).toEqual([first.id]);
		expect(
			await claimDueWork({
				orderStore,
				kinds: ['rules', 'sending', 'acknowledgement'],
				stores: [],
				limit: 10,
				leaseMs: 1000,
				worker: 'w',
				actor,
			}),
		).toEqual([]);
	});

	it('quantities and status of the order follow from its parts until all is closed', async () => {
		const { orderStore } = await open();
		const { parent, first, second } = await splitOrder(orderStore);
		await sent(orderStore, first);
		await sent(orderStore, second);
		await orderStore.recordShipments(report([shipped(first, 'S1')]));
		expect(await statuses(orderStore, parent.id)).toEqual(['partially_shipped', 'open', 'open']);
		expect((await orderStore.get(parent.id))!.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 0]);
		await orderStore.recordShipments(report([shipped(second, 'S1')]));
		await uploadAll(orderStore);
		expect(await statuses(orderStore, parent.id)).toEqual(['closed', 'closed', 'closed']);
		const order = (await orderStore.get(parent.id))!;
		expect(order.lines.map(({ quantityShipped }) => quantityShipped)).toEqual([2, 1]);
		expect(order.closedAt).not.toBeNull();
		expect(
			await claimDueWork({
				orderStore,
				kinds: ['rules', 'sending', 'acknowledgement', 'upload'],
				stores: [],
				limit: 10,
				leaseMs: 1000,
				worker: 'w',
				actor,
			}),
		).toEqual([]);
	});

	it('is not changed or canceled by our own shipments that the cart counts', async () => {
		const { orderStore } = await open();
		const { parent, first, second } = await splitOrder(orderStore);
		for (const part of [first, second]) await sent(orderStore, part);
		await orderStore.recordShipments(report([shipped(first, 'S1')]));
		await uploadAll(orderStore);
		await orderStore.importPage(page([imported('1', {}, { shipped: { L1: 2 } })]));
		expect(await orderStore.get(parent.id)).toMatchObject({ status: 'partially_shipped', alerts: [], canceledInCartAt: null });
		expect(await orderStore.get(second.id)).toMatchObject({ status: 'open', alerts: [] });
	});

	it('two parts that end at once leave no order behind', async () => {
		const test = await open();
		const other = await test.another();
		const { parent, first, second } = await splitOrder(test.orderStore);
		for (const part of [first, second]) await sent(test.orderStore, part);
		await test.orderStore.recordShipments(report([shipped(first, 'S1'), shipped(second, 'S2')]));
		const claims = await test.orderStore.claimUploads({ limit: 10, leaseMs: 60_000, worker: 'w' });
		await Promise.all(
			claims.map(
				async ({ shipment, epoch }, index) =>
					await (index ? other : test.orderStore).recordUpload({
						shipmentId: shipment.id,
						epoch,
						actor,
						result: { kind: 'uploaded', message: null },
					}),
			),
		);
		expect(await statuses(test.orderStore, parent.id)).toEqual(['closed', 'closed', 'closed']);
	});

	it('is Canceled with the last of its parts, Closed when one was shipped', async () => {
		const { orderStore } = await open();
		const one = await splitOrder(orderStore);
		expect(await cancel(orderStore, one.first.id)).toMatchObject({ output: 'canceled' });
		expect(await statuses(orderStore, one.parent.id)).toEqual(['routed', 'canceled', 'routed']);
		expect(await cancel(orderStore, one.parent.id)).toMatchObject({
			output: 'canceled',
			order: { status: 'canceled', lines: [{ quantityCanceled: 2 }, { quantityCanceled: 1 }] },
		});
		expect(await statuses(orderStore, one.parent.id)).toEqual(['canceled', 'canceled', 'canceled']);
		await expect(reprocessOrder({ orderStore, orderId: one.first.id, actor })).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('a part of order N1, which is Canceled'),
		});

		const two = await splitOrder(orderStore, imported('2'));
		await sent(orderStore, two.first);
		await orderStore.recordShipments(report([shipped(two.first, 'S2')]));
		await uploadAll(orderStore);
		await cancel(orderStore, two.second.id);
		expect(await statuses(orderStore, two.parent.id)).toEqual(['closed', 'closed', 'canceled']);
	});

	it('tells which part the warehouse has when the order cannot be canceled here', async () => {
		const { orderStore } = await open();
		const { parent, first } = await splitOrder(orderStore);
		await sent(orderStore, first);
		const result = await cancel(orderStore, parent.id);
		expect(result).toMatchObject({ output: 'error', message: expect.stringContaining('N1.p1: The warehouse (wms:file) has the order') });
		expect(await statuses(orderStore, parent.id)).toEqual(['routed', 'open', 'canceled']);
	});

	it.each([
		['reprocess', reprocessOrder],
		['reset', resetOrder],
	] as const)('%s takes unsent parts away, and rules run anew; references are not given twice', async (_, operation) => {
		const { orderStore } = await open();
		const { parent } = await splitOrder(orderStore);
		expect(await operation({ orderStore, orderId: parent.id, actor })).toMatchObject({
			status: 'new',
			lines: [{ quantity: 2 }, { quantity: 1 }],
		});
		expect(await orderStore.parts([parent.id])).toEqual([]);
		expect((await kinds(orderStore, parent.id)).slice(-2)).toEqual(['status_changed', 'parts_removed']);
		await apply(orderStore, parent);
		expect((await orderStore.parts([parent.id])).map(({ reference }) => reference)).toEqual(['N1.p3', 'N1.p4']);
	});

	it.each(['queued', 'open', 'partially_shipped'] as const)(
		'reprocess is refused when a part is %s, and nothing is changed',
		async (status) => {
			const { orderStore } = await open();
			const { parent, first } = await splitOrder(orderStore);
			if (status === 'queued') await claimToQueued(orderStore, first);
			else await sent(orderStore, first);
			if (status === 'partially_shipped')
				await orderStore.recordShipments(report([shipped(first, 'S1', { lines: [{ lineId: 'L1', quantity: 1 }] })]));
			const before = [await orderStore.get(parent.id), ...(await orderStore.parts([parent.id]))];
			await expect(reprocessOrder({ orderStore, orderId: parent.id, actor })).rejects.toMatchObject({
				code: 'operation_refused',
				message: expect.stringContaining('N1.p1'),
				remedy: expect.stringContaining('parts'),
			});
			expect([await orderStore.get(parent.id), ...(await orderStore.parts([parent.id]))]).toEqual(before);
		},
	);

	it('a part that starts over goes back to its warehouse without any rule', async () => {
		const { orderStore } = await open();
		const { first } = await splitOrder(orderStore);
		await editOrder({ orderStore, orderId: first.id, actor, edits: { notes: 'call first' } });
		await reprocessOrder({ orderStore, orderId: first.id, actor });
		const never = () => {
			throw new Error('A rule ran on a part');
		};
		expect(await apply(orderStore, first, PARTS, { evaluate: never })).toMatchObject([
			{
				order: { status: 'routed', warehouse: 'BER', notes: 'call first', lines: [{ id: 'L1', quantity: 2 }] },
				output: { kind: 'warehouse', warehouse: 'BER' },
			},
		]);
	});

	it('edits belong to the parts; archive and delete take the parts with the order', async () => {
		const { orderStore, raw } = await open();
		const { parent, first } = await splitOrder(orderStore);
		await expect(editOrder({ orderStore, orderId: parent.id, actor, edits: { notes: 'x' } })).rejects.toMatchObject({
			message: 'Order N1 is split into N1.p1, N1.p2.',
		});
		await expect(deleteOrder({ orderStore, orderId: first.id, actor })).rejects.toMatchObject({ message: 'N1.p1 is a part of an order.' });
		await archiveOrder({ orderStore, orderId: parent.id, actor });
		expect(await statuses(orderStore, parent.id)).toEqual(['archived', 'archived', 'archived']);
		expect(await reprocessOrder({ orderStore, orderId: parent.id, actor })).toMatchObject({ status: 'new' });
		await apply(orderStore, parent);
		await deleteOrder({ orderStore, orderId: parent.id, actor });
		expect((await orderStore.search({ limit: 5 })).items).toEqual([]);
		for (const table of ['order_content', 'timeline']) expect(await raw(`SELECT * FROM {${table}}`)).toEqual([]);
		expect((await orderStore.importPage(page([imported('1')])))[0]).toMatchObject({ kind: 'created' });
	});

	it('a change or a cancellation in the cart counts as long as the warehouse has no part', async () => {
		const { orderStore } = await open();
		const { parent } = await splitOrder(orderStore);
		expect(await orderStore.importPage(page([imported('1', { notes: 'new' })]))).toMatchObject([{ kind: 'updated', orderId: parent.id }]);
		expect(await statuses(orderStore, parent.id)).toEqual(['new']);
		await apply(orderStore, parent);
		expect(await orderStore.importPage(page([imported('1', { notes: 'new' })]))).toMatchObject([{ kind: 'unchanged' }]);
		expect(await orderStore.importPage(page([imported('1', {}, { word: canceledWord() })]))).toMatchObject([{ kind: 'canceled' }]);
		expect(await statuses(orderStore, parent.id)).toEqual(['canceled']);
	});

	it('afterwards a change raises an alert; a cancellation cancels the parts that were not sent, and names the others', async () => {
		const { orderStore } = await open();
		const { parent, first } = await splitOrder(orderStore);
		await sent(orderStore, first);
		expect(await orderStore.importPage(page([imported('1', { giftMessage: 'Hi' })]))).toMatchObject([
			{ kind: 'refused', reason: 'already_sent' },
		]);
		expect(await orderStore.get(parent.id)).toMatchObject({ status: 'routed', alert: { code: 'changed_in_cart' } });
		const canceled = page([imported('1', {}, { word: canceledWord() })]);
		expect(await orderStore.importPage(canceled)).toMatchObject([{ kind: 'refused', reason: 'already_sent' }]);
		expect(await statuses(orderStore, parent.id)).toEqual(['routed', 'open', 'canceled']);
		const work = await claimDueWork({ orderStore, kinds: ['cancellation'], stores: [], limit: 10, leaseMs: 1000, worker: 'w', actor });
		expect(work.map(({ order }) => order.id)).toEqual([first.id]);
		const before = await orderStore.parts([parent.id]);
		expect(await orderStore.importPage(canceled)).toMatchObject([{ kind: 'refused' }]);
		expect(await orderStore.parts([parent.id])).toEqual(before);
	});

	it('a part that is claimed while its order is reprocessed is either sent or taken away, never both', async () => {
		const test = await open();
		const other = await test.another();
		for (const round of [1, 2, 3, 4]) {
			const { parent, first } = await splitOrder(test.orderStore, imported(String(round)));
			const [claims] = await Promise.all([
				other.claim({
					ids: [first.id],
					statuses: ['routed'],
					to: 'queued',
					sendTo: { wms: 'file', account: '' },
					limit: 1,
					leaseMs: 60_000,
					worker: 'w',
					actor,
				}),
				reprocessOrder({ orderStore: test.orderStore, orderId: parent.id, actor }).catch(() => null),
			]);
			expect(await statuses(test.orderStore, parent.id)).toEqual(claims.length > 0 ? ['routed', 'queued', 'routed'] : ['new']);
		}
	});
});

onEachDatabase('a split order', (open) => {
	it('has shipped what its parts shipped, in any order of parcels', async () => {
		const { orderStore } = await open();
		let number = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ part: fc.nat(1), quantity: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 5 }),
				async (parcels) => {
					number += 1;
					const order = await importOne(orderStore, imported(`p${number}`));
					const halves: OrderPart[] = [1, 1].map((quantity, index) => ({
						warehouse: 'BER',
						lines: [{ lineId: 'L1', quantity }, ...(index ? [{ lineId: 'L2', quantity: 1 }] : [])],
					}));
					await apply(orderStore, order, halves);
					const parts = await orderStore.parts([order.id]);
					for (const part of parts) await sent(orderStore, part);
					const events = parcels.map(({ part, quantity }, index) =>
						shipped(parts[part]!, `S${index}`, { lines: [{ lineId: 'L1', quantity }] }),
					);
					for (const event of events) await orderStore.recordShipments(report([event]));
					const after = await orderStore.parts([order.id]);
					const total = (field: 'quantityShipped' | 'quantity', id: string) =>
						after
							.flatMap(({ lines }) => lines)
							.filter((each) => each.id === id)
							.reduce((sum, each) => sum + each[field], 0);
					const parent = (await orderStore.get(order.id))!;
					for (const { id, quantity, quantityShipped } of parent.lines)
						expect([quantity, quantityShipped]).toEqual([total('quantity', id), total('quantityShipped', id)]);
					expect(parent.lines[0]!.quantityShipped).toBe(parcels.reduce((sum, { quantity }) => sum + quantity, 0));
				},
			),
			{ numRuns: 8, seed: 7 },
		);
	});
});
