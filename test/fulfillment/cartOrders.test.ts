/** What a cart hears of orders that are split or bundled: of each of its orders once. */
import type { CartOutcome, CartSession } from '../../lib/carts/Cart';
import { acknowledge } from '../../lib/fulfillment/acknowledge';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { addCartNote } from '../../lib/fulfillment/addCartNote';
import { cancelInCart } from '../../lib/fulfillment/cancelInCart';
import { uploadTracking, type ShipmentRulesRequest } from '../../lib/fulfillment/uploadTracking';
import type { Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne, kinds, openOrder, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { apply, sent, sentBundle, statusesOf, uploadAll } from './bundles';

/** A cart that writes down what it is told. */
function cart(answer: (order: Order) => CartOutcome = () => ({ kind: 'done', message: null })) {
	const told: string[] = [];
	const tell =
		(what: string) =>
		async (order: Order): Promise<CartOutcome> => {
			told.push(`${what} ${order.externalId}`);
			return await Promise.resolve(answer(order));
		};
	const session: Pick<CartSession, 'acknowledge' | 'uploadTracking' | 'cancel' | 'addNote'> = {
		acknowledge: tell('open'),
		cancel: tell('cancel'),
		addNote: tell('note'),
		uploadTracking: tell('tracking'),
	};
	return { told, session: session as CartSession };
}

const request = (orderStore: OrderStore, session: CartSession, orders: Array<Pick<Order, 'id'>>) => ({
	orderStore,
	session,
	orderIds: orders.map(({ id }) => id),
	worker: 'w',
	actor,
	leaseMs: 60_000,
	retry: DEFAULT_RETRY,
	notifyCustomer: false,
	reason: 'r',
	textOf: () => 'Hello',
});

async function splitOrder(orderStore: OrderStore): Promise<{ parent: Order; parts: [Order, Order] }> {
	const order = await importOne(orderStore);
	const parts = [
		{ warehouse: 'BER', lines: [{ lineId: 'L1', quantity: 2 }] },
		{ warehouse: 'NYC', lines: [{ lineId: 'L2', quantity: 1 }] },
	];
	await apply(orderStore, [order.id], (_, content) => ({ decision: { kind: 'route', warehouse: 'BER', parts }, content, trace: [] }));
	return { parent: order, parts: (await orderStore.parts([order.id])) as [Order, Order] };
}

const acknowledgementsDue = async (orderStore: OrderStore) =>
	await claimDueWork({ orderStore, kinds: ['acknowledgement'], stores: [], limit: 9, leaseMs: 1000, worker: 'w', actor });

onEachDatabase('a cart', (open) => {
	it('that takes several orders in a call is told of them so, but of parts and bundles one by one', async () => {
		const { orderStore } = await open();
		const { told, session } = cart();
		const together: string[][] = [];
		const answers: Array<() => CartOutcome[]> = [
			() => [
				{ kind: 'done', message: null },
				{ kind: 'unavailable', cause: 'busy' },
				{ kind: 'done', message: null },
			],
		];
		const many = {
			...session,
			acknowledgeMany: async (orders: readonly Order[]) => {
				together.push(orders.map(({ externalId }) => externalId));
				return await Promise.resolve(answers.shift()!());
			},
		};
		const { parts } = await splitOrder(orderStore);
		const first = await sent(orderStore, parts[0]);
		const plain = [
			await openOrder(orderStore, imported('11')),
			await openOrder(orderStore, imported('12')),
			await openOrder(orderStore, imported('13')),
		];
		expect((await acknowledge(request(orderStore, many, [first, ...plain]))).map(({ output, message }) => [output, message])).toEqual([
			['done', null],
			['done', null],
			['delayed', 'busy'],
			['done', null],
		]);
		expect([together, told]).toEqual([[['11', '12', '13']], ['open 1']]);
		// When the call fails each says by itself what is wrong.
		answers.push(() => {
			throw new Error('504');
		});
		const more = await openOrder(orderStore, imported('14'));
		expect((await acknowledge(request(orderStore, many, [...plain, more]))).map(({ output }) => output)).toEqual([
			'done',
			'done',
			'done',
			'done',
		]);
		expect([together.at(-1), told]).toEqual([
			['12', '14'],
			['open 1', 'open 12', 'open 14'],
		]);
	});

	it('is told once that a warehouse has an order that is split', async () => {
		const { orderStore } = await open();
		const { parent, parts } = await splitOrder(orderStore);
		const { told, session } = cart();
		const first = await sent(orderStore, parts[0]);
		expect(await acknowledge(request(orderStore, session, [first, parts[1]]))).toMatchObject([
			{ output: 'done' },
			{ output: 'error', message: expect.stringContaining('is Routed') },
		]);
		const second = await sent(orderStore, parts[1]);
		expect(await acknowledge(request(orderStore, session, [first, second]))).toMatchObject([
			{ output: 'done' },
			{ output: 'done', order: { acknowledgedAt: expect.any(String) } },
		]);
		expect(told).toEqual(['open 1']);
		expect((await orderStore.get(parent.id))!.acknowledgedAt).not.toBeNull();
		expect((await kinds(orderStore, parent.id)).filter((kind) => kind === 'cart_acknowledged')).toHaveLength(1);
		expect(await acknowledgementsDue(orderStore)).toEqual([]);
	});

	it('is told of both parts in one run once', async () => {
		const { orderStore } = await open();
		const { parts } = await splitOrder(orderStore);
		for (const part of parts) await sent(orderStore, part);
		const { told, session } = cart();
		expect((await acknowledge(request(orderStore, session, parts))).map(({ output }) => output)).toEqual(['done', 'done']);
		expect(told).toEqual(['open 1']);
	});

	it('is told of each order in a bundle, and of one that it refused again', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		const refusing = cart(({ externalId }) =>
			externalId === '2' ? { kind: 'unavailable', cause: 'busy' } : { kind: 'done', message: null },
		);
		expect(await acknowledge(request(orderStore, refusing.session, [bundle]))).toMatchObject([
			{ output: 'delayed', message: 'busy', order: { id: bundle.id, acknowledgedAt: null } },
		]);
		const { told, session } = cart();
		expect(await acknowledge(request(orderStore, session, [bundle]))).toMatchObject([
			{ output: 'done', order: { id: bundle.id, acknowledgedAt: expect.any(String) } },
		]);
		expect([refusing.told, told]).toEqual([['open 1', 'open 2'], ['open 2']]);
		for (const { acknowledgedAt } of await orderStore.getMany(sources.map(({ id }) => id))) expect(acknowledgedAt).not.toBeNull();
		expect(await acknowledgementsDue(orderStore)).toEqual([]);
	});

	it('gets the tracking of the orders in a bundle, whoever names the bundle', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle, sources } = await sentBundle(test);
		await orderStore.recordShipments(report([shipped(bundle, 'S1')]));
		const refusing = cart(({ externalId }) =>
			externalId === '2' ? { kind: 'rejected', problem: 'no such order' } : { kind: 'done', message: null },
		);
		expect(await uploadTracking(request(orderStore, refusing.session, [bundle]))).toMatchObject([
			{ output: 'error', message: 'no such order', order: { id: bundle.id } },
		]);
		expect(await statusesOf(orderStore, [...sources, bundle])).toEqual(['closed', 'bundled', 'open']);
		await orderStore.amend({
			orderId: bundle.id,
			version: (await orderStore.get(bundle.id))!.version,
			actor,
			set: { releaseUploads: true },
		});
		const { told, session } = cart();
		expect(await uploadTracking(request(orderStore, session, [bundle]))).toMatchObject([
			{ output: 'done', shipments: [{ trackingNumber: '1ZS1' }] },
		]);
		expect([refusing.told, told]).toEqual([['tracking 1', 'tracking 2'], ['tracking 2']]);
		expect(await statusesOf(orderStore, [...sources, bundle])).toEqual(['closed', 'closed', 'closed']);
	});

	it('gets tracking by rules on shipments, which see where the bundle went', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle } = await sentBundle(test);
		await orderStore.recordShipments(report([shipped(bundle, 'S1')]));
		const { told, session } = cart();
		const seen: unknown[] = [];
		const shipmentRules: ShipmentRulesRequest = {
			ruleSet: () => null,
			evaluate: (order, shipment, { notifyCustomer }) => {
				seen.push([order.externalId, order.warehouse, shipment.lines.length]);
				return { shipment, notifyCustomer, decision: { kind: 'upload' }, trace: [] };
			},
		};
		await uploadTracking({ ...request(orderStore, session, [bundle]), shipmentRules });
		expect([seen.sort(), told]).toEqual([
			[
				['1', 'BER', 2],
				['2', 'BER', 2],
			],
			['tracking 1', 'tracking 2'],
		]);
	});

	it('is not told that an order is canceled while another part of it is shipped, and gets a note once', async () => {
		const { orderStore } = await open();
		const { parent, parts } = await splitOrder(orderStore);
		const { told, session } = cart();
		await sent(orderStore, parts[0]);
		await orderStore.transition({ orderId: parts[1].id, from: 'routed', to: 'canceled', version: parts[1].version, actor, reason: null });
		expect(await cancelInCart(request(orderStore, session, [parts[1]]))).toMatchObject([
			{ output: 'error', message: expect.stringContaining('The order is Routed') },
		]);
		expect((await addCartNote(request(orderStore, session, parts))).map(({ output }) => output)).toEqual(['done', 'done']);
		expect(told).toEqual(['note 1']);
		expect((await kinds(orderStore, parent.id)).at(-1)).toBe('note');
	});

	it('has one writer at a time also when an order is split', async () => {
		const test = await open();
		const other = await test.another();
		const { parts } = await splitOrder(test.orderStore);
		for (const part of parts) await sent(test.orderStore, part);
		await test.orderStore.recordShipments(report([shipped(parts[0], 'S1'), shipped(parts[1], 'S2')]));
		const claim = { limit: 1, leaseMs: 60_000, worker: 'w' };
		const [mine] = await test.orderStore.claimUploads({ ...claim, orderIds: [parts[0].id] });
		expect(await other.claimUploads({ ...claim, orderIds: [parts[1].id] })).toEqual([]);
		await test.orderStore.recordUpload({
			shipmentId: mine!.shipment.id,
			epoch: mine!.epoch,
			actor,
			result: { kind: 'uploaded', message: null },
		});
		expect(await other.claimUploads({ ...claim, orderIds: [parts[1].id] })).toHaveLength(1);
	});
});

onEachDatabase('statistics', (open) => {
	it('count orders of the cart: neither parts nor bundles are orders more', async () => {
		const test = await open();
		const { orderStore } = test;
		const { bundle } = await sentBundle(test, undefined);
		await orderStore.recordShipments(report([shipped(bundle, 'S1')]));
		expect((await orderStore.statistics({ days: 30 })).totals).toMatchObject({ bundled: 2, open: 0, closed: 0 });
		await uploadAll(orderStore);
		const { totals, stores, perDay, hoursToClose } = await orderStore.statistics({ days: 30 });
		expect([totals.closed, stores[0]!.counts, hoursToClose.count]).toEqual([2, { closed: 2 }, 2]);
		expect(perDay.reduce((sum, day) => [sum[0]! + day.imported, sum[1]! + day.closed], [0, 0])).toEqual([2, 2]);
	});

	it('count an order that is split once', async () => {
		const { orderStore } = await open();
		const { parts } = await splitOrder(orderStore);
		for (const part of parts) await sent(orderStore, part);
		expect((await orderStore.statistics({ days: 30 })).stores[0]).toMatchObject({ counts: { routed: 1 }, inError: 0 });
		const part = (await orderStore.get(parts[0].id))!;
		await orderStore.transition({ orderId: part.id, from: 'open', to: 'error', version: part.version, actor, reason: null });
		expect((await orderStore.statistics({ days: 30 })).stores[0]).toMatchObject({ counts: { routed: 1 }, inError: 1 });
	});
});
