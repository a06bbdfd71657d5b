import { describeTrace } from '../../lib/rules/describe';
import { compileRules, evaluate } from '../../lib/rules/evaluate';
import type { BundleBy } from '../../lib/rules/actions/bundle';
import { ACTIONS, type Action } from '../../lib/rules/actions/registry';
import type { OrderContent } from '../../lib/order/order';
import { context, frozen, order, rule, where } from './fixtures';

const by = (more: Partial<BundleBy> = {}): BundleBy => ({
	minutes: 60,
	sameAddress: true,
	keys: [],
	mostOrders: null,
	mostLines: null,
	mostTotal: null,
	...more,
});
const bundle = (more: Partial<BundleBy> = {}): Action => ({ kind: 'bundle', by: by(more) });
const around = (more = {}) => context({ warehouses: ['BER'], ...more });
const decided = (action: Action, content: OrderContent = order(), more = {}) =>
	evaluate([rule('Together', [action])], frozen(content), around(more));
const keyOf = (action: Action, content?: OrderContent) => {
	const { decision } = decided(action, content);
	return decision.kind === 'bundle' ? decision.key : decision;
};

describe('bundle', () => {
	it('keeps the order back until the window is over, and says for what', () => {
		const outcome = decided(bundle({ keys: ['={{ $json.customer.email }}'], mostOrders: 5, mostTotal: 250 }));
		expect(outcome.decision).toEqual({
			kind: 'bundle',
			rule: 'Together',
			until: '2026-11-23T13:00:00.000Z',
			key: expect.stringMatching(/^[\w-]{43}$/),
			reason: 'for orders with the same recipient and address and customer.email',
			terms: { rule: 'Together', mostOrders: 5, mostLines: null, mostTotal: '250.00' },
		});
		expect(describeTrace(outcome.trace)).toBe(
			'Rule "Together" applied: waits until 2026-11-23T13:00:00.000Z for orders with the same recipient and address and customer.email',
		);
	});

	it.each<[string, Action, Partial<OrderContent>, boolean]>([
		['the address, as people write it', bundle(), { shippingAddress: { ...order().shippingAddress!, address1: '1  MAIN st.' } }, true],
		['the address', bundle(), { shippingAddress: { ...order().shippingAddress!, address1: '2 Main St' } }, false],
		[
			'an e-mail',
			bundle({ sameAddress: false, keys: ['={{ $json.customer.email }}'] }),
			{ customer: { email: 'ADA@example.com ', phone: null }, shippingAddress: null },
			true,
		],
		[
			'an e-mail and the address',
			bundle({ keys: ['={{ $json.customer.email }}'] }),
			{ customer: { email: 'bob@example.com', phone: null } },
			false,
		],
		['the merchant, always', bundle(), { merchant: 'other' }, false],
		['the currency only with a total', bundle(), { currency: 'SEK' }, true],
		['the currency with a total', bundle({ mostTotal: 999 }), { currency: 'SEK' }, false],
	])('goes by %s', (_, action, change, same) => expect(keyOf(action, order(change)) === keyOf(action)).toBe(same));

	it('looks at the order as earlier rules left it', () => {
		const site: Action = { kind: 'setField', path: 'custom.site', value: 'BER' };
		const { decision } = evaluate(
			[rule('a', [site]), rule('Together', [bundle({ sameAddress: false, keys: ['={{ $json.custom.site }}'] })])],
			frozen(order()),
			around(),
		);
		expect(decision).toMatchObject({ kind: 'bundle', reason: 'for orders with the same custom.site' });
	});

	it.each<[string, Action, Partial<OrderContent>, object, string]>([
		['is a bundle', bundle(), {}, { isBundle: true }, 'the order is a bundle already'],
		['is of added lines', bundle(), {}, { isOfAddedLines: true }, 'its lines were added to an order that was done'],
		['waited before', bundle(), {}, { servedHolds: ['Together'] }, 'it waited for others before'],
		['has no address', bundle(), { shippingAddress: null }, {}, 'the shipping address is empty'],
		['has no value for the key', bundle({ keys: ['={{ $json.customer.phone }}'] }), {}, {}, 'customer.phone is empty'],
		['has too many lines', bundle({ mostLines: 1 }), {}, {}, 'the order alone has more than 1 lines'],
		['has too high a total', bundle({ mostTotal: 1 }), {}, {}, 'the order alone has a total of more than 1.00'],
	])('does not keep an order back that %s', (_, action, change, more, note) => {
		const outcome = evaluate(
			[rule('Together', [action, { kind: 'addTags', tags: ['x'] }])],
			frozen(order({ total: '20.00', ...change })),
			around(more),
		);
		expect(outcome.decision).toEqual({ kind: 'route', warehouse: 'BER' });
		expect(outcome.trace[0]).toMatchObject({ result: 'hold_served', decided: `not bundled: ${note}` });
		expect(outcome.content.tags).toContain('x');
	});

	it.each<[string, Partial<BundleBy>, string]>([
		['no key', { sameAddress: false }, 'The bundle has no key'],
		['no time', { minutes: 0 }, 'not a number of minutes'],
		['one order', { mostOrders: 1 }, 'The most orders of a bundle'],
		['no lines', { mostLines: 0 }, 'The most lines of a bundle'],
		['a total below nothing', { mostTotal: -1 }, 'The highest total'],
		['a key that no order has', { keys: ['={{ $json.customer.mail }}'] }, 'Perhaps you mean customer.email'],
	])('with %s is told before any order meets it', (_, more, message) => {
		expect(compileRules([rule('Together', [bundle(more)])]).problems).toEqual([
			{ rule: 'Together', message: expect.stringContaining(message) },
		]);
		expect(decided(bundle(more)).decision).toMatchObject({ kind: 'error', alert: { code: 'rule_failed' } });
	});

	it('applies to the orders that its rule is about only', () => {
		const only = rule('Together', [bundle()], { conditions: where(['={{ $json.orderNumber }}', 'string equals', '7']) });
		expect(evaluate([only], frozen(order()), around()).decision).toMatchObject({ kind: 'route' });
	});

	it('is part of rule sets, with its defaults', () => {
		const problems: string[] = [];
		expect(ACTIONS.bundle.shape.check({ by: { minutes: 30 } }, 'a', problems)).toEqual({ by: by({ minutes: 30 }) });
		expect(problems).toEqual([]);
		ACTIONS.bundle.shape.check({ by: { minutes: 30, keys: ['={{ $json.total * 2 }}'], mostOrders: 1 } }, 'a', problems);
		expect(problems).toEqual([expect.stringContaining('a.by.keys[0]'), expect.stringContaining('a.by.mostOrders: is less than 2')]);
	});
});
