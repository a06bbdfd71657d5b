/** Fields that rules name: those that no order has, and parts of dates. */
import { compileRules, evaluate } from '../../lib/rules/evaluate';
import type { Action } from '../../lib/rules/actions/registry';
import type { RuleSettings } from '../../lib/rules/rule';
import { FACT_NAMES } from '../../lib/rules/subjects/order';
import { context, order, rule, set, where, type Test } from './fixtures';

const path = (name: string) => `={{ $json.${name} }}`;
const problemsOf = (name: string, actions: Action[] = []) =>
	compileRules([rule('R', actions, { conditions: where([path(name), 'any exists']) })]).problems.map(({ message }) => message);

describe('a field that no order has', () => {
	it.each<[string, string[]]>([
		['shipingAddress.country', ['shipingAddress', 'Perhaps you mean shippingAddress.']],
		['shippingAddress.Country', ['no field "Country"', 'Perhaps you mean shippingAddress.country.']],
		['shippingAddress.state', ['Choose one of: address1, address2']],
		['customer.emial', ['Perhaps you mean customer.email.']],
		['lines[0].skuu', ['lines[0].skuu', 'Perhaps you mean lines[0].sku.']],
		['lines[0].__proto__', ['no field "__proto__"']],
		['constructor.name', ['no field "constructor"']],
		['__proto__.polluted', ['no field "__proto__"']],
		['status', ['no field "status" that rules can read']],
		['carrier.name', ['carrier has no field "name"']],
	])('%s is told before any order meets the rule', (name, words) => {
		const [problem] = problemsOf(name);
		for (const word of ['Rule "R"', ...words]) expect(problem).toContain(word);
		expect(evaluate([rule('R', [], { conditions: where([path(name), 'any exists']) })], order(), context()).decision).toMatchObject({
			kind: 'error',
			rule: 'R',
			alert: { code: 'rule_failed' },
		});
	});

	it.each([
		'custom.anything.at.all',
		'lines[0].options.Size',
		'lines[3].custom.x',
		'lines.length',
		'lines.sku',
		'tags[0]',
		'tags.length',
		'notes.length',
		'totalWeight',
		'lines[0].kit.quantity',
		'billingAddress.name',
		...FACT_NAMES,
	])('%s is one', (name) => expect(problemsOf(name)).toEqual([]));

	it('is found in actions as well, where fields of a line may stand alone', () => {
		const actions: Action[] = [
			set('notes', path('nots')),
			{ kind: 'removeLines', lines: where([path('sku'), 'string equals', path('lines[0].nam')]) },
			{ kind: 'addLine', line: { sku: 'GIFT', name: null, quantity: path('totalQuantty'), unitPrice: null } },
			{ kind: 'hold', until: { kind: 'field', date: path('shipDate'), daysBefore: 0 } },
			{ kind: 'removeLines', lines: where([path('sku'), 'string equals', 'A']) },
		];
		expect(problemsOf('carrier', actions)).toEqual(
			['nots', 'nam', 'totalQuantty', 'shipDate'].map((name) => expect.stringContaining(`no field "${name}"`)),
		);
	});

	it('is not looked for in texts that an expression gave', () => {
		expect(problemsOf('carrier', [set('notes', { $resolved: '={{ $json.nowhere }}' })])).toEqual([]);
	});
});

describe('parts of dates', () => {
	const applied = (test: Test, settings: RuleSettings, content = order()) =>
		compileRules([rule('R', [], { conditions: where(test) })], settings).evaluate(content, context()).trace[0]!.result;

	/** Monday, 2026-11-23 12:00 UTC is now; ordered on Friday, 2026-11-20 at 10:00 UTC. */
	it.each<[Test, string, string]>([
		[[path('orderedAt.toDateTime().weekday'), 'number equals', 5], 'UTC', 'applied'],
		[[path('orderedAt.toDateTime().weekdayLong'), 'string equals', 'Friday'], 'UTC', 'applied'],
		[[path('orderedAt.toDateTime().hour'), 'number equals', 11], 'Europe/Berlin', 'applied'],
		[[path('orderedAt.toDateTime().hour'), 'number lt', 11], 'Europe/Berlin', 'not_met'],
		[[path('orderedAt.toDateTime().weekday'), 'number equals', 6], 'Pacific/Kiritimati', 'applied'],
		[['={{ $now.weekday }}', 'number equals', 1], 'Europe/Berlin', 'applied'],
		[['={{ $now.hour }}', 'number gte', 14], 'Europe/Berlin', 'not_met'],
		[['={{ $now.hour }}', 'number gte', 14], 'Asia/Tokyo', 'applied'],
		[[path('requestedShipDate.toDateTime().weekday'), 'number equals', 7], 'UTC', 'not_met'],
		[[path('requestedShipDate.toDateTime().weekday'), 'number notExists'], 'UTC', 'applied'],
		[[path('orderNumber.toDateTime().year'), 'number equals', 1001], 'UTC', 'failed'],
		[[path('orderedAt.toDateTime().year'), 'number equals', 2026], 'Mars/Olympus', 'failed'],
	])('%j in %s: %s', (test, zone, result) => expect(applied(test, { zone })).toBe(result));

	it('a day without a time is the same day in every zone', () => {
		const sunday = order({ requestedShipDate: '2026-12-27T00:00:00.000Z' });
		for (const zone of ['America/Los_Angeles', 'UTC', 'Asia/Tokyo']) {
			expect(applied([path('requestedShipDate.toDateTime().weekday'), 'number equals', 7], { zone }, sunday)).toBe('applied');
		}
	});
});

describe('orders that no rule decided about', () => {
	const decide = (undecided: RuleSettings['undecided'], ...actions: Action[]) =>
		compileRules([rule('R', actions)], undecided === undefined ? {} : { undecided }).evaluate(order(), context()).decision;

	it('go on, are skipped or fail, as the set says', () => {
		expect(decide(undefined)).toEqual({ kind: 'route', warehouse: 'BER' });
		expect(decide('skip', set('notes', 'x'))).toEqual({ kind: 'skip', rule: null, reason: 'no rule accepted the order' });
		expect(decide('error')).toMatchObject({
			kind: 'error',
			rule: null,
			alert: { code: 'rule_failed', message: expect.stringContaining('No rule accepted') },
		});
	});

	it('a chosen warehouse and "stop" accept', () => {
		expect(decide('skip', { kind: 'route', warehouse: 'BER' })).toEqual({ kind: 'route', warehouse: 'BER' });
		expect(decide('error', { kind: 'stop' })).toEqual({ kind: 'route', warehouse: 'BER' });
		expect(decide('skip', { kind: 'fail', message: 'no' })).toMatchObject({ kind: 'error', rule: 'R' });
	});
});
