import { applyRules, type RulesRequest } from '../../lib/fulfillment/applyRules';
import { describeDecision } from '../../lib/fulfillment/ruleWords';
import { editOrder } from '../../lib/fulfillment/editOrder';
import type { OrderContent } from '../../lib/order/order';
import type { Decision, RuleContext, RuleTrace } from '../../lib/rules/run';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, importOne, imported, kinds, move, openOrder, page, series } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

const trace = (result: RuleTrace['result'], rule = 'to WH1'): RuleTrace => ({ rule, result, conditions: [], changes: [], decided: null });

const DECISIONS: Record<string, Decision> = {
	N1: { kind: 'route', warehouse: 'WH1' },
	N2: { kind: 'skip', rule: 'no gifts', reason: 'A gift card.' },
	N3: { kind: 'hold', rule: 'weekend', until: '2099-01-01T00:00:00.000Z' },
	N4: { kind: 'error', rule: 'address', alert: { code: 'invalid_address', message: 'No such street.' } },
};

/** Decides by the number of the order, routes by default, and notes what it was given. */
function rules(more: Partial<RulesRequest> = {}) {
	const seen: Array<{ content: OrderContent; context: RuleContext }> = [];
	const evaluate: RulesRequest['evaluate'] = (_, content, context) => {
		seen.push({ content, context });
		const decision = DECISIONS[content.orderNumber] ?? { kind: 'route', warehouse: 'WH1' };
		const warehouse = decision.kind === 'route' ? decision.warehouse : null;
		return {
			decision,
			content: { ...content, warehouse, tags: [...content.tags, 'ruled'] },
			trace: [trace('applied'), trace('not_met', 'other')],
		};
	};
	const apply = async (orderStore: OrderStore, orderIds: string[], changes: Partial<RulesRequest> = {}) =>
		await applyRules({
			orderStore,
			orderIds,
			evaluate,
			warehouses: ['WH1'],
			ruleSet: () => 'set 3',
			dryRun: false,
			actor,
			...more,
			...changes,
		});
	return { seen, apply };
}

/** The store with a rival that strikes once, right before `method` is carried out. */
const withRival = (orderStore: OrderStore, method: 'transitionMany', strike: () => Promise<unknown>): OrderStore => {
	let struck = false;
	return {
		...orderStore,
		[method]: async (...parameters: Parameters<OrderStore['transitionMany']>) => {
			if (!struck) await ((struck = true), strike());
			return await orderStore[method](...parameters);
		},
	};
};

onEachDatabase('applying rules', (open) => {
	it('moves each order by its decision, once, and in the order that was asked for', async () => {
		const { orderStore } = await open();
		const ids = (await orderStore.importPage(page(series(4)))).map(({ orderId }) => orderId!);
		const { apply, seen } = rules();
		const asked = [ids[3]!, 'nobody', ids[0]!, ids[1]!, ids[2]!, ids[0]!];
		const results = await apply(orderStore, asked);
		expect(results.map(({ order, output }) => [order.orderNumber, order.status, output])).toEqual([
			['N4', 'error', { kind: 'error' }],
			['N1', 'routed', { kind: 'warehouse', warehouse: 'WH1' }],
			['N2', 'skipped', { kind: 'skipped' }],
			['N3', 'delayed', { kind: 'delayed' }],
		]);
		expect(results.every((result) => result.trace?.length === 2)).toBe(true);
		const [routed, skipped, held, failed] = await orderStore.getMany(ids);
		expect(routed).toMatchObject({ warehouse: 'WH1', tags: ['web', 'ruled'], alert: null, statusReason: null });
		expect(skipped).toMatchObject({ statusReason: 'Skipped by rule "no gifts": A gift card.' });
		expect(held).toMatchObject({ heldUntil: '2099-01-01T00:00:00.000Z', retryAt: null });
		expect(failed).toMatchObject({ alert: { code: 'invalid_address', message: 'No such street.' }, statusReason: 'No such street.' });
		expect((await orderStore.layers(ids)).get(ids[2]!)!).toMatchObject({
			servedHolds: [],
			begunHolds: [{ kind: 'hold', rule: 'weekend', until: '2099-01-01T00:00:00.000Z' }],
		});
		const applied = (await orderStore.timeline(ids[0]!)).find(({ kind }) => kind === 'rules_applied')!;
		expect(applied.data).toEqual({
			decision: 'Route to WH1.',
			ruleSet: 'set 3',
			trace: [{ rule: 'to WH1', result: 'applied', changes: [], decided: null }],
		});
		expect(seen[0]!.context).toMatchObject({
			warehouses: ['WH1'],
			servedHolds: [],
			facts: { store: 'acme', cart: 'file', externalId: '4', reference: 'N4', attempts: 0 },
		});

		const before = await orderStore.getMany(ids);
		const again = await apply(orderStore, asked);
		expect(again.map(({ output, trace: ran }) => [output.kind, ran])).toEqual([
			['error', null],
			['warehouse', null],
			['skipped', null],
			['delayed', null],
		]);
		expect(seen).toHaveLength(4);
		expect(await orderStore.getMany(ids)).toEqual(before);
	});

	it('starts from snapshot and edits, and remembers the holds that began', async () => {
		const { orderStore } = await open();
		const order = await importOne(orderStore, imported('3'));
		const { apply, seen } = rules();
		await apply(orderStore, [order.id]);
		await editOrder({ orderStore, orderId: order.id, actor, edits: { notes: 'call first' } });
		await move(orderStore, (await orderStore.get(order.id))!, 'new');
		await apply(orderStore, [order.id]);
		expect(seen[1]).toMatchObject({
			content: { notes: 'call first', tags: ['web'] },
			context: { servedHolds: [], begunHolds: [{ kind: 'hold', rule: 'weekend' }] },
		});
		expect(await orderStore.get(order.id)).toMatchObject({ notes: 'call first', tags: ['web', 'ruled'] });
		expect((await orderStore.layers([order.id])).get(order.id)!.begunHolds).toEqual([
			{ kind: 'hold', rule: 'weekend', until: '2099-01-01T00:00:00.000Z' },
		]);
	});

	it('records nothing in a dry run, and shows what would be', async () => {
		const { orderStore } = await open();
		const ids = (await orderStore.importPage(page(series(4)))).map(({ orderId }) => orderId!);
		const before = await orderStore.getMany(ids);
		const layers = await orderStore.layers(ids);
		const results = await rules().apply(orderStore, ids, { dryRun: true });
		expect(results.map(({ output }) => output)).toEqual([
			{ kind: 'warehouse', warehouse: 'WH1' },
			{ kind: 'skipped' },
			{ kind: 'delayed' },
			{ kind: 'error' },
		]);
		expect(results[0]!.order).toMatchObject({
			status: 'new',
			warehouse: 'WH1',
			tags: ['web', 'ruled'],
			lines: [{ quantityShipped: 0 }, { quantityShipped: 0 }],
		});
		expect(await orderStore.getMany(ids)).toEqual(before);
		expect(await orderStore.layers(ids)).toEqual(layers);
		for (const id of ids) expect(await kinds(orderStore, id)).toEqual(['imported']);
	});

	it('lets what a rival did between read and write stand: an edit, a move, a purge', async () => {
		const test = await open();
		const { orderStore } = test;
		const rival = await test.another();
		const ids = (await orderStore.importPage(page([imported('1'), imported('5'), imported('6'), imported('7')]))).map(
			({ orderId }) => orderId!,
		);
		const [edited, moved, purged, own] = ids as [string, string, string, string];
		const { apply } = rules();
		const contested = withRival(orderStore, 'transitionMany', async () => {
			await editOrder({ orderStore: rival, orderId: edited, actor, edits: { notes: 'call first' } });
			await move(rival, (await rival.get(moved))!, 'archived');
			await rival.purge({ orderId: purged, from: 'new', version: 1, actor });
		});
		const results = await apply(contested, ids);
		expect(results.map(({ order, output, trace: ran }) => [order.id, order.status, output.kind, ran === null])).toEqual([
			[edited, 'new', 'delayed', true],
			[moved, 'archived', 'skipped', true],
			[own, 'routed', 'warehouse', false],
		]);
		expect(await orderStore.get(edited)).toMatchObject({ notes: 'call first', warehouse: null, tags: ['web'] });
		expect(await kinds(orderStore, edited)).toEqual(['imported', 'edited']);
		expect(await kinds(orderStore, moved)).toEqual(['imported', 'status_changed']);
		expect((await apply(orderStore, [edited]))[0]!.order).toMatchObject({ status: 'routed', notes: 'call first', warehouse: 'WH1' });
	});

	it('passes on by its status what had left New before; unlike a rival, any other failure is thrown', async () => {
		const { orderStore } = await open();
		const sent = await openOrder(orderStore);
		const canceled = await move(orderStore, await importOne(orderStore, imported('8')), 'canceled');
		const lost = await move(orderStore, await importOne(orderStore, imported('9')), 'routed');
		const { apply, seen } = rules();
		const results = await apply(orderStore, [sent.id, canceled.id, lost.id]);
		expect(results.map(({ output }) => output)).toEqual([{ kind: 'warehouse', warehouse: 'WH1' }, { kind: 'skipped' }, { kind: 'error' }]);
		expect(seen).toEqual([]);
		const fresh = await importOne(orderStore, imported('10'));
		const broken: OrderStore = {
			...orderStore,
			transitionMany: async ([first]) => await Promise.resolve([{ ok: false, orderId: first!.orderId, error: new Error('disk full') }]),
		};
		await expect(apply(broken, [fresh.id])).rejects.toThrow('disk full');
		expect(await orderStore.get(fresh.id)).toEqual(fresh);
	});
});

it.each<[Decision, string]>([
	[DECISIONS['N1']!, 'Route to WH1.'],
	[DECISIONS['N2']!, 'Skipped by rule "no gifts": A gift card.'],
	[{ kind: 'skip', rule: null, reason: 'There is nothing to ship.' }, 'There is nothing to ship.'],
	[DECISIONS['N3']!, 'Held by rule "weekend" until 2099-01-01T00:00:00.000Z.'],
	[DECISIONS['N4']!, 'No such street.'],
])('a decision in words (case %#)', (decision, words) => expect(describeDecision(decision)).toBe(words));
