import fc from 'fast-check';
import type { OrderContent } from '../../lib/order/order';
import { SETTABLE_PATHS } from '../../lib/order/layers';
import { describeTrace } from '../../lib/rules/describe';
import { evaluate } from '../../lib/rules/evaluate';
import { OPERATIONS } from '../../lib/rules/n8nFilter';
import { compilePattern } from '../../lib/rules/regex';
import type { Action } from '../../lib/rules/actions/registry';
import type { ConditionSet, LineQuantifier } from '../../lib/rules/conditionSet';
import type { Rule } from '../../lib/rules/rule';
import { context, frozen, line, order } from './fixtures';

const PATHS = [
	'carrier',
	'shippingAddress.country',
	'lines[0].sku',
	'lines[1].quantity',
	'lines',
	'lines.length',
	'tags',
	'total',
	'orderedAt',
	'custom',
	'custom.x',
	'store',
	'totalWeight',
	'signatureRequired',
	'__proto__',
	'constructor.prototype',
	'nowhere.at["all"]',
];
const value = fc.oneof(
	fc.constantFrom(...PATHS).map((path) => `={{ $json.${path} }}`),
	fc.jsonValue(),
	fc.constantFrom('DE', 'RED-MUG', 2, true),
);
const operator = fc.constantFrom(
	...Object.entries(OPERATIONS).flatMap(([type, operations]) => operations.map((operation) => ({ type, operation }))),
);
const conditions = fc.record({
	options: fc.record({
		caseSensitive: fc.boolean(),
		leftValue: fc.constant(''),
		typeValidation: fc.constantFrom('strict' as const, 'loose' as const),
		version: fc.constantFrom(1 as const, 2 as const, 3 as const),
	}),
	combinator: fc.constantFrom('and' as const, 'or' as const),
	conditions: fc.array(
		fc.record({
			id: fc.constant(''),
			leftValue: value,
			operator: fc.oneof({ weight: 9, arbitrary: operator }, { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<never> }),
			rightValue: value,
		}),
		{ maxLength: 4 },
	),
}) as fc.Arbitrary<ConditionSet>;
const path = fc.oneof(
	fc.constantFrom(
		...SETTABLE_PATHS,
		'lines.1.quantity',
		'lines.2.sku',
		'__proto__',
		'constructor',
		'custom.__proto__',
		'custom.constructor',
		'__proto__.polluted',
	),
	fc.string().map((name) => `custom.${name}`),
	fc.string(),
);
const action = fc.oneof(
	fc.record({ kind: fc.constant('setField'), path, value }),
	fc.record({ kind: fc.constant('removeLines'), lines: conditions }),
	fc.record({ kind: fc.constant('route'), warehouse: fc.constantFrom('BER', 'NYC', '', 'ROM') }),
	fc.record({
		kind: fc.constant('hold'),
		until: fc.oneof(
			fc.record({ kind: fc.constant('duration'), minutes: fc.double() }),
			fc.record({ kind: fc.constant('date'), date: fc.string() }),
		),
	}),
	fc.record({ kind: fc.constant('skip'), reason: fc.option(fc.string()) }),
	fc.record({ kind: fc.constant('fail'), message: fc.string() }),
	fc.record({ kind: fc.constant('mapShippingMethod'), map: fc.jsonValue() }),
	fc.jsonValue(),
) as fc.Arbitrary<Action>;
/** Actions that may make lines. */
const anyAction = fc.oneof(
	action,
	fc.record({ kind: fc.constant('addLine'), line: fc.record({ sku: value, name: value, quantity: value, unitPrice: value }) }),
	fc.record({
		kind: fc.constant('replaceSkus'),
		table: fc.record({
			caseSensitive: fc.boolean(),
			entries: fc.array(
				fc.record({
					sku: fc.constantFrom('RED-MUG', 'TEE-L', 'HAT', 'x'),
					component: fc.constantFrom('RED-MUG', 'A', 'B', 'hat'),
					quantity: fc.integer({ min: 0, max: 3 }),
					name: fc.option(fc.string()),
				}),
				{ maxLength: 4 },
			),
		}),
	}),
	fc.record({ kind: fc.constantFrom('addTags', 'removeTags'), tags: fc.array(fc.string()) }),
	fc.record({ kind: fc.constantFrom('archive', 'stop'), reason: fc.option(fc.string()) }),
	fc.record({ kind: fc.constant('clearField'), path }),
	fc.record({
		kind: fc.constant('hold'),
		until: fc.record({
			kind: fc.constantFrom('tag', 'field', 'opening'),
			tag: fc.string(),
			date: value,
			daysBefore: fc.double(),
			weekdays: fc.array(fc.nat(8)),
			opens: fc.constantFrom('09:00', ''),
			closes: fc.constant(null),
			zone: fc.constantFrom('Europe/Berlin', ''),
			holidays: fc.constant([]),
		}),
	}),
) as fc.Arbitrary<Action>;
const aRule: fc.Arbitrary<Rule> = fc.record({
	name: fc.string(),
	enabled: fc.boolean(),
	conditions: fc.option(conditions),
	lineQuantifier: fc.constantFrom<LineQuantifier>('any', 'all', 'none'),
	actions: fc.array(action, { maxLength: 3 }),
	stop: fc.boolean(),
});
const rules = fc.array(aRule, { maxLength: 5 });
const anyRules = fc.array(
	fc.tuple(aRule, fc.array(anyAction, { maxLength: 3 })).map(([one, actions]) => ({ ...one, actions })),
	{ maxLength: 5 },
);
const content: fc.Arbitrary<OrderContent> = fc
	.record({
		skus: fc.array(fc.constantFrom('RED-MUG', 'TEE-L', 'HAT', null), { maxLength: 4 }),
		notes: fc.option(fc.string()),
		tags: fc.array(fc.string(), { maxLength: 2 }),
		custom: fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<never>, { maxKeys: 2 }),
	})
	.map(({ skus, ...more }) =>
		order({ ...more, lines: skus.map((sku, index) => line(String(index + 1), sku ?? '', { sku, quantity: index % 3 })) }),
	);

const runs = { numRuns: 400 };

describe('whatever the rules and the order are', () => {
	it('evaluation never throws, changes nothing that is given, and gives the same again', () => {
		fc.assert(
			fc.property(anyRules, content, (someRules, someContent) => {
				const [given, before, facts] = [frozen(someContent), JSON.stringify(someContent), frozen(context({ warehouses: ['BER', 'NYC'] }))];
				const first = evaluate(frozen(someRules), given, facts);
				expect(evaluate(someRules, given, facts)).toEqual(first);
				expect(JSON.stringify(given)).toBe(before);
				expect(first.trace).toHaveLength(someRules.length);
				expect(describeTrace(first.trace).split('\n')).toHaveLength(Math.max(1, someRules.length));
				expect(new Set(first.content.lines.map(({ id }) => id)).size).toBe(first.content.lines.length);
				// It is stored and passed on as JSON.
				expect(JSON.parse(JSON.stringify(first.trace))).toEqual(first.trace);
			}),
			runs,
		);
	});

	it('rules run from top to bottom, each on what those before it left: a list that is cut anywhere gives the same in two goes', () => {
		let stoppedEarly = 0;
		fc.assert(
			fc.property(anyRules, content, fc.nat(5), (someRules, someContent, at) => {
				const named = someRules.map((one, index) => ({ ...one, name: `Rule ${index}` }));
				const around = context({ warehouses: ['BER', 'NYC'] });
				const whole = evaluate(named, someContent, around);
				const head = evaluate(named.slice(0, at), someContent, around);
				expect(whole.trace.slice(0, at)).toEqual(head.trace);
				const rest = whole.trace.slice(at);
				if (rest.every(({ result }) => result === 'off' || result === 'stopped')) {
					if (rest.some(({ result }) => result === 'stopped')) stoppedEarly += 1;
					expect(whole.content).toEqual(head.content);
					return;
				}
				const tail = evaluate(named.slice(at), head.content, around);
				expect({ content: tail.content, decision: tail.decision, trace: tail.trace }).toEqual({
					content: whole.content,
					decision: whole.decision,
					trace: rest,
				});
			}),
			runs,
		);
		expect(stoppedEarly).toBeGreaterThan(10);
	});

	it('rules on different fields may stand in any order', () => {
		const fields = ['carrier', 'serviceLevel', 'notes', 'giftMessage', 'custom.a', 'custom.b'] as const;
		const settings = fc.uniqueArray(fc.record({ path: fc.constantFrom(...fields), value: fc.string() }), {
			selector: ({ path: field }) => field,
			minLength: 2,
		});
		fc.assert(
			fc.property(
				settings.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
				content,
				([list, shuffled], someContent) => {
					const settingAll = (these: typeof list): Rule[] =>
						these.map(({ path: field, value: text }) => ({
							name: field,
							enabled: true,
							conditions: null,
							lineQuantifier: 'any',
							actions: [{ kind: 'setField', path: field, value: text }],
							stop: false,
						}));
					expect(evaluate(settingAll(shuffled), someContent, context()).content).toEqual(
						evaluate(settingAll(list), someContent, context()).content,
					);
				},
			),
			runs,
		);
	});

	it('a rule list may be any JSON', () => {
		fc.assert(
			fc.property(fc.array(fc.jsonValue()), (broken) => void evaluate(broken as unknown as Rule[], order(), context())),
			runs,
		);
	});

	it('removed lines never come back, and no rule makes lines', () => {
		fc.assert(
			fc.property(rules, content, (someRules, someContent) => {
				let ids = someContent.lines.map(({ id }) => id);
				for (let count = 1; count <= someRules.length; count++) {
					const outcome = evaluate(someRules.slice(0, count), someContent, context());
					const left = outcome.content.lines.map(({ id }) => id);
					expect(ids).toEqual(expect.arrayContaining(left));
					ids = left;
				}
			}),
			runs,
		);
	});

	it('prototypes stay as they are', () => {
		fc.assert(
			fc.property(path, fc.jsonValue(), (somePath, someValue) => {
				const { content: after } = evaluate(
					[
						{
							name: 'R',
							enabled: true,
							conditions: null,
							lineQuantifier: 'any',
							actions: [{ kind: 'setField', path: somePath, value: someValue as never }],
							stop: false,
						},
					],
					order(),
					context(),
				);
				for (const each of [after, after.custom, after.shippingAddress, after.customer]) {
					expect(Object.getPrototypeOf(each)).toBe(Object.prototype);
					expect(Object.hasOwn(each!, 'constructor')).toBe(false);
				}
				expect(Object.keys(Object.prototype)).toEqual([]);
			}),
			runs,
		);
	});
});

describe('regular expressions', () => {
	const piece = fc.constantFrom(
		'a',
		'b',
		'.',
		'\\w',
		'[ab]',
		'[^a]',
		'\\s',
		'(',
		')',
		'(?:',
		'|',
		'*',
		'+',
		'?',
		'{2}',
		'{1,3}',
		'{0,}',
		'^',
		'$',
		'\\1',
		'(?=',
		'\\b',
	);
	const sources = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
	const texts = fc.array(fc.constantFrom('a', 'b', 'ab', 'aa', '!', ' ', '\n'), { maxLength: 12 }).map((parts) => parts.join(''));

	it('that run give what RegExp gives', () => {
		fc.assert(
			fc.property(sources, fc.constantFrom('', 'i', 'm', 's', 'u'), texts, (source, flags, text) => {
				let ours: boolean;
				try {
					ours = compilePattern(`/${source}/${flags}`).test(text);
				} catch {
					return;
				}
				expect(ours).toBe(new RegExp(source, flags).test(text));
			}),
			{ numRuns: 3000 },
		);
	});

	it('are refused only for what is not JavaScript, looks around or refers back', () => {
		fc.assert(
			fc.property(sources, (source) => {
				try {
					new RegExp(source);
				} catch {
					return;
				}
				if (!/\\1|\(\?=/.test(source)) compilePattern(source).test('ab');
			}),
			{ numRuns: 3000 },
		);
	});

	it('that run take no longer than the bound allows, also on the worst texts', () => {
		const start = performance.now();
		fc.assert(
			fc.property(sources, fc.constantFrom('a', 'ab', 'b'), (source, unit) => {
				try {
					compilePattern(source).test(`${unit.repeat(300)}!`);
				} catch {
					// Refused, which is quick.
				}
			}),
			{ numRuns: 3000 },
		);
		expect(performance.now() - start).toBeLessThan(20_000);
	});
});
