/**
 * The cases that an adversary found in what was guessed of a sending, each under its name. What a warehouse has is counted there, not in the store: an
 * order is there once, or not at all, and what nobody can know is visible.
 */
import { canceled as canceledWord } from '../../lib/order/cartWord';
import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { unbundleOrder } from '../../lib/fulfillment/bundles';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import type { Order } from '../../lib/order/order';
import type { Action } from '../../lib/rules/actions/registry';
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { actor, imported, move, report, shipped } from '../store/fixtures';
import { freshConfig, onEachDatabase, openTestStore, type TestStore } from '../store/harness';
import { Operator, LOST } from '../fulfillment/operator';
import { apply, bundledOrders, statusesOf } from '../fulfillment/bundles';
import { letTimePass, nextTry } from '../fulfillment/partners';

const OTHER: Action[] = [{ kind: 'route', warehouse: 'OTHER' }];
const newAddress = { ...imported('1').content.shippingAddress!, address1: '9 New St', country: 'CA' };
const changed = imported('1', { shippingAddress: newAddress });
const canceled = imported('1', {}, { word: canceledWord() });

const silent = (): Promise<never> => Promise.reject(new Error('502'));

/** It arrived, the answer did not, and the warehouse cannot be asked either. */
async function arrivesUnheard(
	operator: Operator,
	id: string,
	during: () => Promise<unknown> = async () => await Promise.resolve(),
): Promise<Order> {
	const { reference } = await operator.get(id);
	operator.main.creates.push(async () => {
		operator.main.has.set(reference, `W-${reference}`);
		await during();
		return LOST;
	});
	operator.main.finds.push(silent);
	await operator.sends(id);
	return await operator.get(id);
}

async function routed(operator: Operator): Promise<Order> {
	const { id } = await operator.imports();
	await operator.rules(id);
	return await operator.get(id);
}

/** Nobody knows whether it arrived; it did. */
const unheard = async (operator: Operator): Promise<Order> => await arrivesUnheard(operator, (await routed(operator)).id);

const there = (operator: Operator): string[] => [operator.main, operator.other].flatMap(({ has }) => [...has.keys()]);
const created = (operator: Operator): string[] => [operator.main, operator.other].flatMap((warehouse) => warehouse.created());

const blind = (operator: Operator): void =>
	void (operator.wms = { ...operator.wms, capabilities: { uniqueReference: false, cancel: true, lookUp: false, lateMs: 0 } });

const split = async ({ orderStore }: Operator, id: string): Promise<Order[]> => {
	const parts = [
		{ warehouse: 'MAIN', lines: [{ lineId: 'L1', quantity: 2 }] },
		{ warehouse: 'OTHER', lines: [{ lineId: 'L2', quantity: 1 }] },
	];
	await applyRules({
		orderStore,
		orderIds: [id],
		warehouses: ['MAIN', 'OTHER'],
		ruleSet: () => null,
		dryRun: false,
		actor,
		evaluate: (_, content) => ({ decision: { kind: 'route', warehouse: 'MAIN', parts }, content, trace: [] }),
	});
	return await orderStore.parts([id]);
};

const due = async ({ orderStore, test }: Operator) => {
	await letTimePass(test);
	await test.raw('UPDATE {order} SET cancel_due_at = $1 WHERE cancel_due_at IS NOT NULL', ['2020-01-01T00:00:00.000Z']);
	return await claimDueWork({ orderStore, kinds: ['cancellation'], stores: [], limit: 5, leaseMs: 1, worker: 'w', actor });
};

onEachDatabase('attack', (open) => {
	const begin = async (): Promise<{ operator: Operator; test: TestStore }> => {
		const test = await open();
		return { operator: new Operator(test), test };
	};

	it('A1a: no answer, no look-up, and rules now choose another warehouse: that one does not get it', async () => {
		const { operator } = await begin();
		const { id } = await unheard(operator);
		await operator.importsAgain(changed);
		await operator.does('reprocess', id);
		await operator.rules(id, OTHER);
		await operator.sends(id, operator.other);
		expect(await operator.get(id)).toMatchObject({
			status: 'error',
			warehouse: 'MAIN',
			alert: { code: 'outcome_unknown', message: expect.stringContaining('MAIN may have the order') },
		});
		expect([there(operator), created(operator)]).toEqual([['N1'], ['N1']]);
		// Past the rules, too.
		await move(operator.orderStore, await operator.get(id), 'routed');
		await operator.sends(id, operator.other);
		expect(created(operator)).toEqual(['N1']);
	});

	it('A1b: a warehouse without look-up gets an order of which nobody knows once, whatever the customer changes', async () => {
		const { operator } = await begin();
		blind(operator);
		const { id, status } = await unheard(operator);
		expect(status).toBe('error');
		await operator.importsAgain(changed);
		await operator.goesOn();
		expect(created(operator)).toEqual(['N1']);
		expect(await operator.alertsOf(id)).toEqual(['outcome_unknown', 'changed_in_cart']);
	});

	it('A1c: a bundle that changes while it is sent, and again while it waits, is not taken apart, and its goods go out once', async () => {
		const { operator, test } = await begin();
		const { bundle, sources } = await bundledOrders(test);
		await apply(test.orderStore, [bundle.id]);
		await arrivesUnheard(operator, bundle.id, async () => await operator.importsAgain(changed));
		await operator.importsAgain(imported('2', { shippingAddress: newAddress }));
		expect(await statusesOf(test.orderStore, [bundle, ...sources])).toEqual(['delayed', 'bundled', 'bundled']);
		await expect(unbundleOrder({ orderStore: test.orderStore, orderId: bundle.id, actor })).rejects.toMatchObject({
			code: 'operation_refused',
		});
		await nextTry(test, bundle);
		await operator.sends(bundle.id);
		expect(await operator.get(bundle.id)).toMatchObject({ status: 'open', alert: { code: 'changed_in_cart' } });
		expect([there(operator), created(operator)]).toEqual([[bundle.reference], [bundle.reference]]);
	});

	it('A1d: a split part that is being sent when the cart cancels is not forgotten, and its line is not sent again', async () => {
		const { operator } = await begin();
		const { id } = await operator.imports();
		const [part] = await split(operator, id);
		await arrivesUnheard(operator, part!.id, async () => await operator.importsAgain(canceled));
		await operator.does('reprocess', id).catch(() => undefined);
		expect((await operator.orderStore.parts([id])).map(({ reference }) => reference)).toContain(part!.reference);
		await operator.goesOn();
		expect(created(operator)).toEqual([part!.reference]);
		expect(there(operator)).toEqual([]);
		expect(await operator.get(id)).toMatchObject({ status: 'canceled' });
	});

	it.each([
		['Delayed', false],
		['in Error', true],
	] as const)(
		'A1e: the cart cancels while it is %s and nobody knows: the warehouse is asked, and does not ship',
		async (_, withoutLookUp) => {
			const { operator } = await begin();
			if (withoutLookUp) blind(operator);
			const { id, status } = await unheard(operator);
			expect(status).toBe(withoutLookUp ? 'error' : 'delayed');
			await operator.importsAgain(canceled);
			expect(await operator.get(id)).toMatchObject({ status, cancelDueAt: expect.any(String) });
			await operator.goesOn();
			expect(operator.main.calls).toContain('cancel N1');
			expect([there(operator), (await operator.get(id)).status]).toEqual([[], 'canceled']);
		},
	);

	it('A1f: the cart cancels during the sending: the warehouse is asked, and does not ship', async () => {
		const { operator } = await begin();
		const { id } = await routed(operator);
		operator.main.creates.push(async () => {
			await operator.importsAgain(canceled);
			operator.main.has.set('N1', 'W-N1');
			return { kind: 'accepted', wmsOrderId: 'W-N1' };
		});
		await operator.sends(id);
		expect(await operator.get(id)).toMatchObject({ status: 'open', alert: { code: 'canceled_in_cart' } });
		await operator.goesOn();
		expect([there(operator), (await operator.get(id)).status, operator.main.calls.at(-1)]).toEqual([[], 'canceled', 'cancel N1']);
	});

	it.each([
		['the address', { shippingAddress: newAddress }],
		['a quantity', { lines: imported('1').content.lines.slice(0, 1) }],
	])('A1g: %s changes while it is Delayed: what is found there is Open, with the difference', async (_, change) => {
		const { operator, test } = await begin();
		const order = await unheard(operator);
		await operator.importsAgain(imported('1', change));
		await nextTry(test, order);
		await operator.sends(order.id);
		expect(await operator.get(order.id)).toMatchObject({
			status: 'open',
			alert: { code: 'changed_in_cart', message: expect.stringMatching(/shippingAddress|TEE-L 1 → 0/) },
		});
		expect(created(operator)).toEqual(['N1']);
	});

	it('A1h: unknown, canceled at the warehouse, reprocessed: it goes out under a reference of its own, and is live there', async () => {
		const { operator } = await begin();
		const { id } = await unheard(operator);
		await operator.cancelsAtWarehouse(id);
		// The warehouse knows the old reference for ever.
		const known = operator.main.createOrder;
		operator.main.createOrder = async (reference) =>
			reference === 'N1' ? { kind: 'duplicate', wmsOrderId: 'W-N1' } : await known(reference);
		await operator.does('reprocess', id);
		await operator.rules(id);
		await operator.sends(id);
		expect(await operator.get(id)).toMatchObject({ status: 'open', reference: 'N1.r2' });
		expect(there(operator)).toEqual(['N1.r2']);
	});

	it('A1i: an order of which nobody knows is not deleted without Force, and one that was gets no sending by the old reference', async () => {
		const { operator } = await begin();
		blind(operator);
		const { id } = await unheard(operator);
		await expect(operator.does('delete', id)).rejects.toMatchObject({
			code: 'operation_refused',
			remedy: expect.stringContaining('may ship twice'),
		});
		await operator.goesOn();
		await operator.importsAgain(imported('1'));
		expect(created(operator)).toEqual(['N1']);
		await operator.does('delete', id, { force: true });
		expect((await operator.imports()).reference).not.toBe('N1');
	});

	it.each([
		[true, 'markReceived'],
		[false, 'markNotReceived'],
	] as const)('A2: the advice of outcome_unknown, there: %s: it is at the warehouse once', async (arrives, operation) => {
		const { operator } = await begin();
		const { id } = await routed(operator);
		const order = await operator.unknown(id, { arrives });
		expect(order.alert?.recommendation).toMatch(/use Mark as Received; if it is not, Mark as Not Received/);
		await operator.does(operation, id);
		await operator.goesOn();
		expect([there(operator), (await operator.get(id)).status]).toEqual([['N1'], 'closed']);
	});

	it('A5: two accounts of one kind that number alike: a report of one never closes the other’s order', async () => {
		const { operator } = await begin();
		const mine = await operator.sent();
		const { id } = await operator.imports(imported('2'));
		await operator.rules(id, OTHER);
		operator.other.creates.push({ kind: 'accepted', wmsOrderId: mine.wmsOrderId! });
		await operator.sends(id, operator.other);
		const by = (account: string) =>
			report([shipped(mine, 'S1', { reference: null, wmsOrderId: mine.wmsOrderId })], { account, source: account });
		expect(await operator.orderStore.recordShipments(by(operator.other.account))).toMatchObject([{ kind: 'recorded', orderId: id }]);
		expect(await operator.orderStore.recordShipments(by(operator.other.account))).toMatchObject([{ kind: 'repeated', orderId: id }]);
		expect(await operator.orderStore.recordShipments(by('wms:file:third'))).toMatchObject([{ kind: 'unmatched' }]);
		expect((await operator.get(mine.id)).shipments).toEqual([]);
	});

	it('A6: no order gets the reference of a deleted one, so the warehouse does not take it for a repetition', async () => {
		const { operator } = await begin();
		const { id } = await operator.sent();
		await operator.does('archive', id);
		await operator.does('delete', id);
		const [again, other] = [await operator.imports(), await operator.imports(imported('x', { orderNumber: 'N1' }))];
		for (const order of [again, other]) {
			await operator.rules(order.id);
			await operator.sends(order.id);
			expect(await operator.get(order.id)).toMatchObject({ status: 'open', alerts: [] });
		}
		expect(new Set(created(operator)).size).toBe(3);
	});

	it('B4: a later alert displaces no cancellation, and one that cannot be carried out is handed out once', async () => {
		const { operator } = await begin();
		operator.wms = { ...operator.wms, capabilities: { ...operator.wms.capabilities, cancel: false } };
		const { id } = await operator.sent();
		await operator.importsAgain(canceled);
		await operator.ships(id, { lines: [{ lineId: 'L1', externalId: null, sku: null, quantity: 9 }] });
		expect(await operator.alertsOf(id)).toEqual(['canceled_in_cart', 'over_shipment']);
		expect(await due(operator)).toHaveLength(1);
		await operator.cancelsAtWarehouse(id);
		for (let poll = 0; poll < 3; poll += 1) expect(await due(operator)).toEqual([]);
		expect(await operator.get(id)).toMatchObject({
			alert: { code: 'canceled_in_cart', message: expect.stringContaining('cannot be asked to cancel') },
		});
	});

	it('B10: a warehouse that takes an order minutes late, and would take it twice, gets it once', async () => {
		const { operator, test } = await begin();
		operator.wms = { ...operator.wms, capabilities: { uniqueReference: false, cancel: true, lateMs: 15 * 60_000 } };
		const order = await routed(operator);
		operator.main.creates.push(LOST);
		await operator.sends(order.id);
		await nextTry(test, order);
		await operator.sends(order.id);
		expect(await operator.get(order.id)).toMatchObject({
			status: 'delayed',
			sending: 'may_be_there',
			statusReason: expect.stringContaining('may still take it'),
		});
		operator.main.has.set('N1', 'W-N1');
		await nextTry(test, order);
		await operator.sends(order.id);
		expect(await operator.get(order.id)).toMatchObject({ status: 'open', wmsOrderId: 'W-N1' });
		expect(created(operator)).toEqual(['N1']);
	});
});

it('A4: a copy is put in the place of the embedded file while n8n runs: nothing is sent of which the file knows nothing', async () => {
	const config = freshConfig('sqlite') as Extract<StoreConfig, { kind: 'sqlite' }>;
	const test = await openTestStore('sqlite', config);
	const operator = new Operator(test);
	const { id } = await routed(operator);
	const copy = `${config.file}.copy`;
	const database = new DatabaseSync(config.file);
	database.prepare('VACUUM INTO ?').run(copy);
	database.close();
	// A copy is told from the file by what is written a second later.
	const now = performance.now.bind(performance);
	jest.spyOn(performance, 'now').mockImplementation(() => now() + 1001);
	await operator.imports(imported('2'));
	jest.restoreAllMocks();
	for (const old of ['', '-wal', '-shm']) rmSync(`${config.file}${old}`, { force: true });
	renameSync(copy, config.file);
	await expect(operator.sends(id)).rejects.toMatchObject({ code: 'store_unavailable', remedy: expect.stringContaining('Restart n8n') });
	expect(created(operator)).toEqual([]);
	// Restarted, it is in recovery: what may have gone out since the copy is looked up first.
	await test.orderStore.close();
	const restarted = new Operator(await openTestStore('sqlite', config));
	restarted.main.has.set('N1', 'W-N1');
	await restarted.sends(id);
	expect(restarted.main.calls).toEqual(['find N1']);
});
