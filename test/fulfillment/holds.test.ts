/** A hold is served when its time has passed: whatever the cart changes meanwhile, the same rule holds to the same moment. */
import { applyRules } from '../../lib/fulfillment/applyRules';
import { claimDueWork } from '../../lib/fulfillment/dueWork';
import { reprocessOrder } from '../../lib/fulfillment/reprocessOrder';
import type { Order, OrderContent } from '../../lib/order/order';
import { compileRules } from '../../lib/rules/evaluate';
import type { Rule } from '../../lib/rules/rule';
import { openOrderStore } from '../../lib/store/connect';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, page } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { copyRows, oldStore } from '../store/oldStore';

type Action = Rule['actions'][number];

const rule = (name: string, action: Action, conditions: Partial<Rule> = {}): Rule =>
	({ name, enabled: true, conditions: null, lineQuantifier: 'any', actions: [action], stop: false, ...conditions }) as Rule;
const hold = (until: Extract<Action, { kind: 'hold' }>['until']): Action => ({ kind: 'hold', until });
const HOUR: Action = hold({ kind: 'duration', minutes: 60 });
const TOGETHER: Action = {
	kind: 'bundle',
	by: { minutes: 60, sameAddress: true, keys: [], mostOrders: null, mostLines: null, mostTotal: null },
};

onEachDatabase('a hold', (open, dialect) => {
	let test: TestStore;
	let versions = 0;
	beforeEach(async () => {
		test = await open();
	});

	/** The cart sends it, with something that no rule looks at changed. */
	async function send(orderStore: OrderStore, id: string, changes: Partial<OrderContent> = {}): Promise<Order> {
		const order = imported(id);
		versions += 1;
		const [result] = await orderStore.importPage(
			page([{ ...order, content: { ...order.content, ...changes, custom: { version: versions } } }]),
		);
		return (await orderStore.get(result!.orderId!))!;
	}

	async function decide(orderStore: OrderStore, order: Order, rules: Rule[]): Promise<Order> {
		const { evaluate } = compileRules(rules);
		await applyRules({
			orderStore,
			orderIds: [order.id],
			evaluate: (_, content, context) => evaluate(content, context),
			warehouses: ['BER'],
			ruleSet: () => null,
			dryRun: false,
			actor,
		});
		return (await orderStore.get(order.id))!;
	}

	const due = async (orderStore: OrderStore): Promise<string[]> =>
		(await claimDueWork({ orderStore, kinds: ['rules'], stores: [], limit: 10, leaseMs: 60_000, worker: 'w', actor })).map(
			({ reason }) => reason,
		);

	/** So much time passes for what is held. */
	async function pass(minutes: number): Promise<void> {
		const earlier = (text: string | Date): string => new Date(new Date(text).getTime() - minutes * 60_000).toISOString();
		for (const { id, held_until: until } of await test.raw<{ id: string; held_until: string | Date }>(
			'SELECT id, held_until FROM {order} WHERE held_until IS NOT NULL',
		)) {
			await test.raw('UPDATE {order} SET held_until = $1, due_at = $1 WHERE id = $2', [earlier(until), id]);
		}
		for (const { order_id: id, begun_holds: text } of await test.raw<{ order_id: string; begun_holds: string }>(
			'SELECT order_id, begun_holds FROM {order_content}',
		)) {
			const begun = (JSON.parse(text) as Array<{ until: string }>).map((one) => ({ ...one, until: earlier(one.until) }));
			await test.raw('UPDATE {order_content} SET begun_holds = $1 WHERE order_id = $2', [JSON.stringify(begun), id]);
		}
	}

	it.each([
		['for an hour', HOUR],
		[
			'to an opening',
			hold({ kind: 'opening', weekdays: [1, 2, 3, 4, 5], opens: '09:00', closes: null, zone: 'Europe/Berlin', holidays: [] }),
		],
	])('%s goes on to the same moment over several changes in the cart and a restart, and is served once', async (_, action) => {
		const rules = [rule('Wait', action)];
		const { heldUntil } = await decide(test.orderStore, await send(test.orderStore, '1'), rules);
		expect(heldUntil).not.toBeNull();
		for (let change = 0; change < 3; change += 1) {
			const again = await openOrderStore(test.config);
			const changed = await send(again, '1');
			expect(changed).toMatchObject({ status: 'new', heldUntil: null });
			expect(await decide(again, changed, rules)).toMatchObject({ status: 'delayed', heldUntil });
			await again.close();
		}
		await pass(8 * 24 * 60);
		expect(await due(test.orderStore)).toEqual(['The hold is over.']);
		const [order] = (await test.orderStore.search({ limit: 1 })).items;
		expect(await decide(test.orderStore, order!, rules)).toMatchObject({ status: 'routed' });
		// Changed once more: its time has passed.
		expect(await decide(test.orderStore, await send(test.orderStore, '1'), rules)).toMatchObject({ status: 'routed' });
	});

	it('that passed before the cart changed the order is served, though nobody had let the order go', async () => {
		await decide(test.orderStore, await send(test.orderStore, '1'), [rule('Wait', HOUR)]);
		await pass(61);
		expect(await decide(test.orderStore, await send(test.orderStore, '1'), [rule('Wait', HOUR)])).toMatchObject({ status: 'routed' });
	});

	it('of which the rule applies no longer ends, and another one has its own time', async () => {
		const conditions = {
			combinator: 'and',
			conditions: [{ leftValue: '={{ $json.tags }}', operator: { type: 'array', operation: 'contains' }, rightValue: 'vip' }],
		} as unknown as Rule['conditions'];
		const vip = rule('Vip', HOUR, { conditions });
		const all = rule('All', hold({ kind: 'duration', minutes: 30 }));
		const held = await decide(test.orderStore, await send(test.orderStore, '1', { tags: ['vip'] }), [vip]);
		expect(held.status).toBe('delayed');
		expect(await decide(test.orderStore, await send(test.orderStore, '1', { tags: [] }), [vip])).toMatchObject({ status: 'routed' });
		const other = await decide(test.orderStore, await send(test.orderStore, '1', { tags: [] }), [vip, all]);
		expect(Date.parse(other.heldUntil!)).toBeLessThan(Date.parse(held.heldUntil!));
		// It applies again within its time.
		expect(await decide(test.orderStore, await send(test.orderStore, '1', { tags: ['vip'] }), [vip, all])).toMatchObject({
			heldUntil: held.heldUntil,
		});
	});

	it('until a tag is gone ends when it is gone, and not by another change', async () => {
		const rules = [rule('Tag', hold({ kind: 'tag', tag: 'fraud' }))];
		for (let change = 0; change < 3; change += 1)
			expect(await decide(test.orderStore, await send(test.orderStore, '1', { tags: ['fraud'] }), rules)).toMatchObject({
				status: 'delayed',
				heldUntil: null,
			});
		expect(await due(test.orderStore)).toEqual([]);
		expect(await decide(test.orderStore, await send(test.orderStore, '1', { tags: [] }), rules)).toMatchObject({ status: 'routed' });
	});

	it('to a date of the order follows the date', async () => {
		const rules = [rule('Date', hold({ kind: 'field', date: '={{ $json.requestedShipDate }}', daysBefore: 0 }))];
		for (const day of ['2099-01-10T00:00:00.000Z', '2099-01-20T00:00:00.000Z', '2099-01-05T00:00:00.000Z']) {
			expect(await decide(test.orderStore, await send(test.orderStore, '1', { requestedShipDate: day }), rules)).toMatchObject({
				status: 'delayed',
				heldUntil: day,
			});
		}
	});

	it('begins anew when a person reprocesses the order', async () => {
		const rules = [rule('Wait', HOUR)];
		const held = await decide(test.orderStore, await send(test.orderStore, '1'), rules);
		await pass(30);
		await reprocessOrder({ orderStore: test.orderStore, orderId: held.id, actor });
		const anew = await decide(test.orderStore, (await test.orderStore.get(held.id))!, rules);
		expect(Date.parse(anew.heldUntil!)).toBeGreaterThanOrEqual(Date.parse(held.heldUntil!));
	});

	it('for others to be bundled with it lasts as long as it was to, whatever changes', async () => {
		const rules = [rule('Together', TOGETHER)];
		const first = await decide(test.orderStore, await send(test.orderStore, '1'), rules);
		await pass(20);
		const { heldUntil } = (await test.orderStore.get(first.id))!;
		expect(await decide(test.orderStore, await send(test.orderStore, '1'), rules)).toMatchObject({ status: 'delayed', heldUntil });
		const second = await decide(test.orderStore, await send(test.orderStore, '2'), rules);
		expect(Date.parse(second.heldUntil!)).toBeGreaterThan(Date.parse(heldUntil!));
		await pass(41);
		expect(await due(test.orderStore)).toEqual(['It bundles 2 orders.']);
	});

	it('of the version before, which noted it as served when it began, goes on; what was let go stays so', async () => {
		const rules = [rule('Wait', HOUR)];
		const held = await decide(test.orderStore, await send(test.orderStore, '1'), rules);
		const free = await send(test.orderStore, '2');
		const waiting = await decide(test.orderStore, await send(test.orderStore, '3'), [rule('Together', TOGETHER)]);
		const before = await oldStore(dialect, 'Connections1764700000000');
		await copyRows(test, before, ['order', 'order_content']);
		for (const id of [held.id, free.id])
			await before.raw(`UPDATE {order_content} SET served_holds = '["Before","Wait"]' WHERE order_id = $1`, [id]);
		const orderStore = await openOrderStore(before.config);
		try {
			const layers = await orderStore.layers([held.id, free.id, waiting.id]);
			expect(layers.get(held.id)).toMatchObject({
				servedHolds: ['Before'],
				begunHolds: [{ kind: 'hold', rule: 'Wait', until: held.heldUntil }],
			});
			expect(layers.get(free.id)).toMatchObject({ servedHolds: ['Before', 'Wait'], begunHolds: [] });
			expect(layers.get(waiting.id)).toMatchObject({
				servedHolds: [],
				begunHolds: [{ kind: 'window', rule: 'Together', until: waiting.heldUntil }],
			});
			expect(await decide(orderStore, await send(orderStore, '1'), rules)).toMatchObject({ status: 'delayed', heldUntil: held.heldUntil });
			expect(await decide(orderStore, free, rules)).toMatchObject({ status: 'routed' });
		} finally {
			await orderStore.close();
		}
	});
});
