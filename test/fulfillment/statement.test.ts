/** The statement of a store, on a real one: every order of the cart in one bucket, whatever became of it. */
import fc from 'fast-check';
import type { CartSession, OrderPage } from '../../lib/carts/Cart';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { makeStatement, type StatementRequest } from '../../lib/fulfillment/statement';
import { reconcile } from '../../lib/fulfillment/reconcile';
import { canceled, READY, waiting } from '../../lib/order/cartWord';
import { FulfillmentError } from '../../lib/order/errors';
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { ImportedOrder, Order } from '../../lib/order/order';
import { BUCKET_NAMES, type Standing, type Statement } from '../../lib/order/statement';
import { EXISTING_STATUSES } from '../../lib/order/status';
import type { Decision, RuleTrace } from '../../lib/rules/run';
import { standings } from '../../lib/store/orders/standings';
import type { Database } from '../../lib/store/database/session';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, claimToQueued, imported, importOne, line, move, openOrder, page, report, shipped } from '../store/fixtures';
import { databaseOf, onEachDatabase, type TestStore } from '../store/harness';
import { sentBundle, waitingOrders } from './bundles';
import { CAP, MUG, saying, Site, TEE } from './addedLinesSite';
import { EVERYTHING } from './exchange';
import { scriptedCart } from './partners';

/** Orders of the fixtures are placed on 1 November. */
const SPAN = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' };

const pageOf = (orders: ImportedOrder[], failures: NewImportFailure[] = []): OrderPage => ({ orders, failures, next: null });

function session(pages: ReadonlyArray<OrderPage | Error>, more: Partial<CartSession> = {}): CartSession {
	return {
		...scriptedCart(() => imported('1')),
		listOrders: async function* () {
			for (const one of pages) {
				if (one instanceof Error) throw one;
				yield await Promise.resolve(one);
			}
		},
		...more,
	};
}

const state = async (
	orderStore: StatementRequest['orderStore'],
	pages: ReadonlyArray<OrderPage | Error>,
	more: Partial<StatementRequest> = {},
): Promise<Statement> =>
	await makeStatement({
		orderStore,
		cart: { code: 'file' },
		session: session(pages),
		storeName: 'acme',
		...SPAN,
		filter: EVERYTHING,
		reconciled: null,
		budgetMs: 60_000,
		...more,
	});

const filled = ({ counts }: Statement) =>
	Object.fromEntries(BUCKET_NAMES.filter((bucket) => counts[bucket] > 0).map((bucket) => [bucket, counts[bucket]]));
const reasonsOf = ({ reasons }: Statement) => reasons.map(({ bucket, reason, numbers }) => [bucket, reason, numbers.join()]).sort();

/** @param rule the one that decided; before it another one noted something */
async function decided(orderStore: OrderStore, order: Order, decision: Decision, rule: string): Promise<void> {
	const applied = (name: string, words: string): RuleTrace => ({
		rule: name,
		result: 'applied',
		conditions: [],
		changes: [],
		decided: words,
	});
	await applyRules({
		orderStore,
		orderIds: [order.id],
		warehouses: ['BER', 'NYC'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		evaluate: (_, content) => ({ decision, content, trace: [applied(rule, decision.kind), applied('Last', 'not bundled: too heavy')] }),
	});
}

const uploads = async (orderStore: OrderStore): Promise<void> => {
	for (const { shipment, epoch } of await orderStore.claimUploads({ limit: 50, leaseMs: 60_000, worker: 'w' }))
		await orderStore.recordUpload({ shipmentId: shipment.id, epoch, actor, result: { kind: 'uploaded', message: null } });
};

/** Once more sent, and taken by the warehouse, past all that keeps that from happening. */
const takenAgain = async ({ raw }: TestStore, order: Order): Promise<void> => {
	await raw(
		`INSERT INTO {sending} (order_id, number, wms, account, reference, wms_order_id, state, attempts, requested_at, received_at, content_hash, snapshot_hash)
			SELECT order_id, number + 1, wms, 'wms:other', reference, wms_order_id, 'there', 1, requested_at, received_at, content_hash, snapshot_hash FROM {sending} WHERE order_id = $1`,
		[order.id],
	);
	await raw('UPDATE {order} SET sendings = sendings + 1 WHERE id = $1', [order.id]);
};

async function splitOrder(orderStore: OrderStore, order: ImportedOrder): Promise<Order[]> {
	const parent = await importOne(orderStore, order);
	const parts = [
		{ warehouse: 'BER', lines: [{ lineId: 'L1', quantity: 2 }] },
		{ warehouse: 'NYC', lines: [{ lineId: 'L2', quantity: 1 }] },
	];
	await decided(orderStore, parent, { kind: 'route', warehouse: 'BER', parts }, 'split');
	return await orderStore.parts([parent.id]);
}

async function sentPart(orderStore: OrderStore, part: Order): Promise<Order> {
	const { epoch } = await claimToQueued(orderStore, part);
	await orderStore.transition({
		orderId: part.id,
		from: 'queued',
		to: 'open',
		epoch,
		actor,
		reason: null,
		set: { wms: 'file', wmsOrderId: `W-${part.reference}`, sentAt: 'now', openedAt: 'now' },
		sending: { state: 'there' },
	});
	return (await orderStore.get(part.id))!;
}

onEachDatabase('the statement of a store', (open) => {
	it('counts an order with what was added to it once: where the added lines are, and never as twice', async () => {
		const site = new Site(await open());
		const order = await site.offered();
		const stated = async () => {
			const statement = await state(site.orderStore, [pageOf([saying([MUG, TEE, CAP])])]);
			return [filled(statement), statement.twice];
		};
		expect(await stated()).toEqual([{ shipped: 1 }, 0]);
		const added = await site.sendsAdded(order);
		expect(await stated()).toEqual([{ waiting: 1 }, 0]);
		await site.rules(added.id);
		await site.sends(added.id);
		expect(await stated()).toEqual([{ atWarehouse: 1 }, 0]);
		await site.goesOn();
		expect(await stated()).toEqual([{ shipped: 1 }, 0]);
	});

	it('has an example for every bucket, each with its reason and its number', async () => {
		const { orderStore } = await open();
		const orders: ImportedOrder[] = [];
		const give = (order: ImportedOrder): ImportedOrder => {
			orders.push(order);
			return order;
		};
		// Shipped: the cart knows, does not know yet, and put away since.
		const closed = await openOrder(orderStore, give(imported('1')));
		await orderStore.recordShipments(report([shipped(closed, 'S1')]));
		await uploads(orderStore);
		const archived = await openOrder(orderStore, give(imported('2')));
		await orderStore.recordShipments(report([shipped(archived, 'S2')]));
		await move(orderStore, (await orderStore.get(archived.id))!, 'archived');
		const untold = await openOrder(orderStore, give(imported('3')));
		await orderStore.recordShipments(report([shipped(untold, 'S3')]));
		// At the warehouse.
		await openOrder(orderStore, give(imported('4')));
		const some = await openOrder(orderStore, give(imported('5')));
		await orderStore.recordShipments(report([shipped(some, 'S5', { lines: [{ sku: 'RED-MUG', quantity: 1 }] })]));
		await claimToQueued(
			orderStore,
			await move(orderStore, await importOne(orderStore, give(imported('6'))), 'routed', {
				result: { ...imported('6').content, warehouse: 'WH1' },
			}),
		);
		// Waiting.
		await importOne(orderStore, give(imported('7')));
		await importOne(orderStore, give(imported('8', {}, { word: waiting('on hold (High risk of fraud)') })));
		// In Error, skipped, canceled, put away.
		await orderStore.transition({
			orderId: (await importOne(orderStore, give(imported('9')))).id,
			from: 'new',
			to: 'error',
			version: 1,
			actor,
			reason: 'x',
			set: { alerts: { raise: [{ code: 'unmapped_shipping_method', message: 'Drone' }] } },
		});
		await decided(
			orderStore,
			await importOne(orderStore, give(imported('10'))),
			{ kind: 'skip', rule: 'Samples "free"', reason: 'costs nothing' },
			'Samples "free"',
		);
		await importOne(orderStore, imported('11'));
		await orderStore.importPage(page([give(imported('11', {}, { word: canceled('refunded') }))]));
		await move(orderStore, await importOne(orderStore, give(imported('12'))), 'archived');
		// Not ours: of one that the store had, and of one that it never had.
		await importOne(orderStore, imported('13'));
		const pickedUp = [{ ...line('L1', 'RED-MUG', 0), notOurs: [{ quantity: 2, reason: 'local pick-up' }] }];
		await orderStore.importPage(page([give(imported('13', { lines: pickedUp })), give(imported('14', { lines: pickedUp }))]));
		// Not eligible, not readable, missing.
		give(imported('15', {}, { notEligible: 'status pending', word: waiting('status pending') }));
		give(imported('16', {}, { word: canceled('refunded') }));
		give(imported('17', { tags: ['b2b'] }));
		await orderStore.importPage(
			page([], {
				failures: [{ subject: 'order', key: '18', origin: 'order 18', message: 'lines[0].sku: is missing', remedy: 'fix', payload: {} }],
			}),
		);
		give(imported('18'));
		give(imported('19'));
		const problem: NewImportFailure = {
			subject: 'order',
			key: '20',
			origin: 'orders.csv, row 20',
			message: 'row 20: no quantity',
			remedy: 'fix',
			payload: {},
		};

		const statement = await state(orderStore, [pageOf(orders.slice(0, 9)), pageOf(orders.slice(9), [problem])], {
			filter: { ...EVERYTHING, tags: ['web'] },
		});
		expect(statement).toMatchObject({ orders: 20, missing: 1, twice: 0, numbers: { missing: ['N19'], twice: [] }, ...SPAN });
		expect(filled(statement)).toEqual({
			shipped: 3,
			atWarehouse: 3,
			waiting: 2,
			inError: 1,
			skipped: 1,
			canceled: 1,
			putAway: 1,
			notOurs: 2,
			notEligible: 3,
			failures: 2,
			missing: 1,
		});
		expect(Object.keys(filled(statement)).sort()).toEqual([...BUCKET_NAMES].sort());
		expect(reasonsOf(statement)).toEqual([
			['atWarehouse', 'Open', 'N4'],
			['atWarehouse', 'Partially shipped', 'N5'],
			['atWarehouse', 'Queued', 'N6'],
			['canceled', 'Canceled in the cart: refunded.', 'N11'],
			['failures', 'lines[0].sku: is missing', 'N18'],
			['failures', 'row 20: no quantity', 'orders.csv, row 20'],
			['inError', 'unmapped shipping method', 'N9'],
			['notEligible', 'none of the tags', 'N17'],
			['notEligible', 'refunded', 'N16'],
			['notEligible', 'status pending', 'N15'],
			['notOurs', 'local pick-up', 'N13,N14'],
			['putAway', 'Archived', 'N12'],
			['shipped', 'Archived', 'N2'],
			['shipped', 'The cart was not told yet', 'N3'],
			['skipped', 'Rule "Samples "free""', 'N10'],
			['waiting', 'Delayed: The cart says: on hold (High risk of fraud).', 'N8'],
			['waiting', 'New', 'N7'],
		]);
	});

	it('counts what is split or bundled once, under the order of the cart', async () => {
		const test = await open();
		const { orderStore } = test;
		const orders = ['1', '2', '3', '4', '5', '6'].map((id) => imported(id));
		const [first, second] = await splitOrder(orderStore, orders[0]!);
		await sentPart(orderStore, first!);
		const both = await splitOrder(orderStore, orders[1]!);
		for (const part of both) await sentPart(orderStore, part);
		await sentBundle(test, orders.slice(2, 4));
		await waitingOrders(orderStore, orders.slice(4));
		const statement = await state(orderStore, [pageOf(orders)]);
		expect(second!.status).toBe('routed');
		expect(statement).toMatchObject({ orders: 6, twice: 0, numbers: { atWarehouse: ['N2', 'N3', 'N4'], waiting: ['N1', 'N5', 'N6'] } });
	});

	it('tells what Reconcile would import from what it leaves out, and nothing is missing after it', async () => {
		const { orderStore } = await open();
		const orders = [
			imported('1'),
			imported('2', {}, { word: waiting('on hold') }),
			imported('3', {}, { notEligible: 'status pending' }),
			imported('4', {}, { shipped: { L1: 2, L2: 1 } }),
			imported('5', { lines: [] }),
			imported('6', { tags: [] }),
		];
		const filter = { ...EVERYTHING, tags: ['web'] };
		const cart = { code: 'file', toOrder: () => imported('1') };
		const before = await state(orderStore, [pageOf(orders)], { filter });
		expect(before.numbers.missing).toEqual(['N1', 'N2', 'N5']);
		const compared = await reconcile({
			orderStore,
			cart,
			storeName: 'acme',
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
			hours: 8_000,
			filter,
			budgetMs: 60_000,
			session: session([pageOf(orders)]),
		});
		expect(compared.missing.map(({ orderNumber }) => orderNumber)).toEqual(before.numbers.missing);
		const after = await state(orderStore, [pageOf(orders)], { filter });
		expect(after).toMatchObject({ orders: 6, missing: 0, counts: { waiting: 3 } });
		expect([after.numbers.notEligible, after.numbers.notOurs]).toEqual([before.numbers.notEligible, before.numbers.notOurs]);
	});

	it('finds what two warehouses have, and what the cart was told of twice', async () => {
		const test = await open();
		const { orderStore, raw } = test;
		const orders = ['1', '2', '3', '4', '5'].map((id) => imported(id));
		const twice = await openOrder(orderStore, orders[0]);
		await takenAgain(test, twice);
		const told = await openOrder(orderStore, orders[1]);
		await orderStore.recordShipments(
			report([
				shipped(told, 'S1', { lines: [{ sku: 'RED-MUG', quantity: 2 }] }),
				shipped(told, 'S2', { lines: [{ sku: 'TEE-L', quantity: 1 }] }),
			]),
		);
		await uploads(orderStore);
		// Two shipments, each told once.
		expect((await state(orderStore, [pageOf(orders.slice(0, 2))])).numbers).toMatchObject({ twice: ['N1'], shipped: ['N2'] });
		await raw(
			"INSERT INTO {timeline} (order_id, at, kind, actor_kind, actor_name, data) SELECT order_id, at, kind, actor_kind, actor_name, data FROM {timeline} WHERE order_id = $1 AND kind = 'tracking_uploaded'",
			[told.id],
		);
		const [part] = await splitOrder(orderStore, orders[2]!);
		await takenAgain(test, await sentPart(orderStore, part!));
		// Canceled there and sent anew, it went out once.
		const anew = await openOrder(orderStore, orders[3]);
		await raw("UPDATE {sending} SET state = 'canceled_there' WHERE order_id = $1", [anew.id]);
		await takenAgain(test, anew);
		const statement = await state(orderStore, [pageOf(orders)]);
		expect(statement).toMatchObject({
			orders: 5,
			twice: 3,
			numbers: { twice: ['N1', 'N2', 'N3'], missing: ['N5'], atWarehouse: ['N1', 'N4'], shipped: ['N2'], waiting: ['N3'] },
		});
	});

	it('counts each order once, however often the cart gives it: its last word counts', async () => {
		const { orderStore } = await open();
		const problem: NewImportFailure = { subject: 'order', key: '3', origin: 'row 3', message: 'bad', remedy: 'fix', payload: {} };
		await importOne(orderStore, imported('4'));
		const statement = await state(orderStore, [
			pageOf(
				[imported('1', {}, { notEligible: 'status pending' }), imported('1', {}, { notEligible: 'status pending' }), imported('2')],
				[problem],
			),
			pageOf(
				[imported('1'), imported('4')],
				[
					{ ...problem, key: '4' },
					{ ...problem, subject: 'shipment', key: '5' },
				],
			),
			pageOf([imported('2', {}, { word: canceled('refunded') }), imported('3')]),
		]);
		expect(statement).toMatchObject({ orders: 4, numbers: { missing: ['N3', 'N1'], notEligible: ['N2'], waiting: ['N4'] } });
	});

	it('has only orders that were placed in the span', async () => {
		const { orderStore } = await open();
		const at = (id: string, orderedAt: string | null) => imported(id, { orderedAt });
		await importOne(orderStore, at('6', null));
		const orders = [
			at('1', '2026-10-31T23:59:59.999Z'),
			at('2', SPAN.from),
			at('3', '2026-11-01T23:59:59.999Z'),
			at('4', SPAN.to),
			at('5', null),
			at('6', null),
		];
		// One without a date that the store has was placed when it was imported.
		expect((await state(orderStore, [pageOf(orders)])).numbers.missing).toEqual(['N2', 'N3', 'N5']);
		const old: NewImportFailure = { subject: 'order', key: '7', origin: 'row 7', message: 'bad', remedy: 'fix', payload: {} };
		await importOne(orderStore, at('7', '2026-10-01T00:00:00.000Z'));
		expect(await state(orderStore, [pageOf([], [old])])).toMatchObject({ orders: 0 });
		expect(await state(orderStore, [pageOf([])])).toMatchObject({ orders: 0, missing: 0, twice: 0, reasons: [] });
		const asked: unknown[] = [];
		const between: CartSession['ordersBetween'] = async function* (...how) {
			asked.push(how);
			yield await Promise.resolve(pageOf([at('2', SPAN.from)]));
		};
		await state(orderStore, [], { session: session([], { ordersBetween: between }), to: '2999-01-01T00:00:00.000Z' });
		expect(asked).toEqual([[SPAN.from, expect.not.stringContaining('2999'), expect.objectContaining({ earliestOrderDate: SPAN.from })]]);
		await expect(state(orderStore, [pageOf(orders)], { from: SPAN.to })).rejects.toMatchObject({ code: 'invalid_input' });
		await expect(
			state(orderStore, [pageOf(orders)], { from: '2999-01-01T00:00:00.000Z', to: '2999-01-02T00:00:00.000Z' }),
		).rejects.toMatchObject({ code: 'invalid_input' });
	});

	it('knows an order under the key that it had before', async () => {
		const { orderStore } = await open();
		await openOrder(orderStore, imported('1'));
		const statement = await state(orderStore, [
			pageOf([imported('1-A', {}, { asBefore: imported('1') }), imported('2-A', {}, { asBefore: imported('2') })]),
		]);
		expect(statement.numbers).toMatchObject({ atWarehouse: ['N1-A'], missing: ['N2-A'] });
	});

	it('is whole or none: nothing is said when the cart cannot be reached, fails in the middle, or takes too long', async () => {
		const { orderStore } = await open();
		const away = new FulfillmentError('partner_unavailable', 'The shop does not answer.', 'Try again.', { retryable: true });
		await expect(state(orderStore, [away])).rejects.toBe(away);
		await expect(state(orderStore, [pageOf([imported('1')]), away])).rejects.toBe(away);
		await expect(state(orderStore, [pageOf([imported('1')])], { budgetMs: -1 })).rejects.toMatchObject({
			code: 'operation_refused',
			message: expect.stringContaining('half a statement'),
			remedy: expect.stringContaining('shorter'),
		});
	});

	it('is of the shop that the store is imported from', async () => {
		const { orderStore } = await open();
		await orderStore.importPage(page([imported('1')], { account: { account: 'file:there', scope: '' } }));
		await expect(
			state(orderStore, [pageOf([imported('1')])], { session: session([pageOf([imported('1')])], { account: 'file:elsewhere' }) }),
		).rejects.toMatchObject({ code: 'operation_refused' });
		expect(await state(orderStore, [], { session: session([pageOf([imported('1')])], { account: 'file:there' }) })).toMatchObject({
			orders: 1,
			missing: 0,
		});
	});

	it('writes nothing', async () => {
		const { orderStore, raw } = await open();
		const order = await importOne(orderStore, imported('1'));
		const all = async () =>
			await Promise.all(
				['order', 'timeline', 'cursor', 'import_failure', 'connection', 'sending'].map(
					async (table) => await raw(`SELECT * FROM {${table}}`),
				),
			);
		const before = await all();
		const afterRecorded = async (): Promise<void> => await Promise.reject(new Error('a file was moved'));
		await state(orderStore, [
			{
				...pageOf(
					[imported('1', { notes: 'changed' }), imported('2')],
					[{ subject: 'order', key: '3', origin: 'x', message: 'bad', remedy: 'fix', payload: {} }],
				),
				next: 'read',
				afterRecorded,
			},
		]);
		expect(await all()).toEqual(before);
		expect(await orderStore.get(order.id)).toEqual(order);
	});

	it('asks the store a few times for a page, however many orders it has and whatever became of them', async () => {
		const test = await open();
		const { orderStore } = test;
		const orders = Array.from({ length: 10_000 }, (_, index) => imported(String(index)));
		const some = orders.slice(0, 8_000);
		for (let from = 0; from < some.length; from += 500) await orderStore.importPage(page(some.slice(from, from + 500)));
		await sentBundle(test, [imported('b1'), imported('b2')]);
		await splitOrder(orderStore, imported('s1'));
		const told = await openOrder(orderStore, imported('t1'));
		await orderStore.recordShipments(report([shipped(told, 'S1')]));
		await decided(orderStore, await importOne(orderStore, imported('k1')), { kind: 'skip', rule: 'Samples', reason: 'x' }, 'Samples');
		const mixed = ['b1', 'b2', 's1', 't1', 'k1', 'm1'].map((id) => imported(id));

		const { counted, queries } = counting(await databaseOf(test.config));
		const counter: StatementRequest['orderStore'] = { ...orderStore, standings: standings(counted) };
		const perPage: number[] = [];
		const pages = async function* () {
			for (const one of [mixed, ...Array.from({ length: 40 }, (_, index) => orders.slice(index * 250, (index + 1) * 250))]) {
				const before = queries();
				yield await Promise.resolve(pageOf(one));
				perPage.push(queries() - before);
			}
		};
		const statement = await state(counter, [], { session: session([], { listOrders: pages }) });
		expect(statement).toMatchObject({ orders: 10_006, missing: 2_001, counts: { waiting: 8_001, atWarehouse: 2, shipped: 1, skipped: 1 } });
		expect(Math.max(...perPage)).toBeLessThanOrEqual(8);
		expect(Math.max(...perPage.slice(1))).toBeLessThanOrEqual(2);
	});
});

it('adds up to what the cart has, whatever it gives, in whatever pages, and however often', async () => {
	const KEYS = ['1', '2', '3', '4', '5'];
	const known = fc.subarray(KEYS).chain((keys) =>
		fc.tuple(
			...keys.map((externalId) =>
				fc.constantFrom(...EXISTING_STATUSES).map((status): Standing => ({
					externalId,
					orderNumber: `N${externalId}`,
					orderedAt: SPAN.from,
					status,
					statusReason: null,
					alertCode: null,
					allShipped: false,
					taken: 1,
					uploadedTwice: false,
					parts: [],
					bundle: null,
					readiness: 'ready',
					cartReason: null,
					skippedBy: null,
				})),
			),
		),
	);
	const given = fc.record({
		key: fc.constantFrom(...KEYS),
		isFailure: fc.boolean(),
		isInSpan: fc.boolean(),
		word: fc.constantFrom(READY, waiting('x'), canceled('y')),
		notEligible: fc.constantFrom(undefined, 'status z'),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(given, { maxLength: 6 }), { maxLength: 6 }), known, async (lists, standing) => {
			const pages = lists.map((list) =>
				pageOf(
					list
						.filter(({ isFailure }) => !isFailure)
						.map(({ key, isInSpan, word, notEligible }) =>
							imported(key, { orderedAt: isInSpan ? SPAN.from : SPAN.to }, { word, ...(notEligible === undefined ? {} : { notEligible }) }),
						),
					list
						.filter(({ isFailure }) => isFailure)
						.map(({ key }) => ({ subject: 'order', key, origin: `N${key}`, message: 'bad', remedy: 'fix', payload: {} })),
				),
			);
			// What cannot be read is in any span, and so is what the store knows of it here.
			const last = new Map<string, boolean>();
			for (const { orders, failures } of pages) {
				for (const { key } of failures) last.set(key, true);
				for (const { externalId, content } of orders) last.set(externalId, content.orderedAt === SPAN.from);
			}
			const expected = [...last]
				.filter(([, isInSpan]) => isInSpan)
				.map(([key]) => `N${key}`)
				.sort();
			const orderStore: StatementRequest['orderStore'] = {
				standings: async (_, keys) => ({ orders: standing.filter(({ externalId }) => keys.includes(externalId)), failures: [] }),
				connections: async () => [],
				now: async () => '2026-12-01T00:00:00.000Z',
			};
			const statement = await state(orderStore, pages);
			expect(BUCKET_NAMES.flatMap((bucket) => statement.numbers[bucket]).sort()).toEqual(expected);
			expect(statement.orders).toBe(expected.length);
			expect(BUCKET_NAMES.reduce((sum, bucket) => sum + statement.counts[bucket], 0)).toBe(expected.length);
			expect(statement.numbers.missing.filter((number) => standing.some(({ orderNumber }) => orderNumber === number))).toEqual([]);
		}),
	);
});

/** The database, and how many statements it was given. */
function counting(database: Database): { counted: Database; queries: () => number } {
	let count = 0;
	const read: Database['read'] = async (body) =>
		await database.read(async (session) => {
			const query: typeof session.query = async (...given) => {
				count += 1;
				return await session.query(...given);
			};
			return await body({ ...session, query });
		});
	return { counted: { ...database, read }, queries: () => count };
}
