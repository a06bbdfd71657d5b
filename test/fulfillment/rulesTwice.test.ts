/** Rules that run again start from what the cart sent and people edited, never from their own result: nothing is added twice. */
import fc from 'fast-check';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { editOrder } from '../../lib/fulfillment/editOrder';
import { reprocessOrder } from '../../lib/fulfillment/reprocessOrder';
import type { Order } from '../../lib/order/order';
import { compileRules } from '../../lib/rules/evaluate';
import type { Action } from '../../lib/rules/actions/registry';
import type { Rule } from '../../lib/rules/rule';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, line, page } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { rule, where } from '../rules/fixtures';

const withSku = (sku: string) => where(['={{ $json.lines[0].sku }}', 'string equals', sku]);
const sku = fc.constantFrom('A', 'B', 'SET');

/** All that changes an order; what only delays it is not among them. */
const action: fc.Arbitrary<Action> = fc.oneof(
	fc.record({
		kind: fc.constant('addLine' as const),
		line: fc.record({
			sku: fc.constantFrom('GIFT', '={{ $json.orderNumber }}'),
			name: fc.constant(null),
			quantity: fc.constantFrom(1, '={{ $json.totalQuantity }}'),
			unitPrice: fc.constant(null),
		}),
	}),
	fc.constant<Action>({
		kind: 'replaceSkus',
		table: {
			caseSensitive: false,
			entries: [
				{ sku: 'SET', component: 'A', quantity: 2, name: null },
				{ sku: 'SET', component: 'B', quantity: 1, name: null },
			],
		},
	}),
	sku.map((wanted): Action => ({ kind: 'removeLines', lines: withSku(wanted) })),
	fc.constant<Action>({ kind: 'addTags', tags: ['ruled'] }),
	fc.record({
		kind: fc.constant('setField' as const),
		path: fc.constantFrom('notes', 'shippingNotes', 'custom.x'),
		value: fc.constantFrom('x', '={{ $json.notes }}', '={{ $json.lines.length }}'),
	}),
	fc.record({ kind: fc.constant('clearField' as const), path: fc.constantFrom('notes', 'giftMessage') }),
	sku.map((wanted): Action => ({ kind: 'routeLines', lines: withSku(wanted), warehouse: 'NYC' })),
	fc.constant<Action>({ kind: 'split', by: { kind: 'quantity', most: 2 } }),
	fc.constant<Action>({ kind: 'skip', reason: null }),
	fc.constant<Action>({ kind: 'fail', message: 'look' }),
);

onEachDatabase('rules that run twice', (open) => {
	it('leave the same order, whatever they do to it and however often', async () => {
		const { orderStore } = await open();
		let number = 0;
		const goods = fc
			.array(fc.record({ sku, quantity: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 3 })
			.filter((lines) => lines.some(({ quantity }) => quantity > 0));
		const list = fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
		await fc.assert(
			fc.asyncProperty(list, goods, fc.boolean(), async (actions, lines, edited) => {
				number += 1;
				const [given] = await orderStore.importPage(
					page([imported(`${number}`, { notes: 'ring', lines: lines.map((each, index) => line(`L${index}`, each.sku, each.quantity)) })]),
				);
				const orderId = given!.orderId!;
				if (edited) await editOrder({ orderStore, orderId, actor, edits: { 'lines.L0.quantity': 5, giftMessage: 'Hi' } });
				const rules = [
					rule('To BER', { kind: 'route', warehouse: 'BER' }),
					...actions.map((each, index): Rule => rule(`Rule ${index}`, each)),
				];
				const first = await decided(orderStore, rules, orderId);
				for (const _ of [1, 2]) {
					await reprocessOrder({ orderStore, orderId, actor, force: false });
					expect(await decided(orderStore, rules, orderId)).toEqual(first);
				}
			}),
			{ numRuns: 20, seed: 3 },
		);
	});
});

/** The order and its parts after the rules, without what counts the runs. */
async function decided(orderStore: OrderStore, rules: Rule[], orderId: string): Promise<unknown> {
	const compiled = compileRules(rules);
	const [before] = await orderStore.getMany([orderId]);
	expect(before!.status).toBe('new');
	await applyRules({
		orderStore,
		orderIds: [orderId],
		evaluate: (_, content, context) => compiled.evaluate(content, context),
		warehouses: ['BER', 'NYC'],
		ruleSet: () => null,
		dryRun: false,
		actor,
	});
	const stable = ({ version: _v, updatedAt: _u, importedAt: _i, abandonAt: _a, id: _id, reference: _r, ...rest }: Order) => rest;
	return { order: stable((await orderStore.get(orderId))!), parts: (await orderStore.parts([orderId])).map(stable) };
}
