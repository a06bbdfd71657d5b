import { evaluate } from '../../lib/rules/evaluate';
import { describeTrace } from '../../lib/rules/describe';
import type { ConditionSet, LineQuantifier } from '../../lib/rules/conditionSet';
import { context, line, order, rule, set, where, whereAny } from './fixtures';

const SKU = '={{ $json.lines[0].sku }}';
const QUANTITY = '={{ $json.lines[0].quantity }}';
const COUNTRY = '={{ $json.shippingAddress.country }}';

const run = (conditions: ConditionSet | null, lineQuantifier: LineQuantifier, content = order()) =>
	evaluate([rule('R', set('notes', 'met'), { conditions, lineQuantifier })], content, context()).trace[0]!;
const met = (...args: Parameters<typeof run>) => run(...args).result === 'applied';

/** The lines are 2 × RED-MUG and 1 × TEE-L. */
const mug = [SKU, 'string equals', 'RED-MUG'] as const;
const tee = [SKU, 'string startsWith', 'TEE'] as const;
const two = [QUANTITY, 'number equals', 2] as const;
const some = [QUANTITY, 'number gte', 1] as const;
const hat = [SKU, 'string equals', 'HAT'] as const;
const germany = [COUNTRY, 'string equals', 'DE'] as const;
const france = [COUNTRY, 'string equals', 'FR'] as const;
type Test = Parameters<typeof where>[number];
const and = (...tests: ReadonlyArray<readonly unknown[]>) => where(...(tests as Test[]));
const or = (...tests: ReadonlyArray<readonly unknown[]>) => whereAny(...(tests as Test[]));

describe('conditions on lines', () => {
	it.each<[string, ConditionSet, any: boolean, all: boolean, none: boolean]>([
		['a line that is there', and(mug), true, false, false],
		['a line that is not there', and(hat), false, false, true],
		['what holds for each line', and(some), true, true, false],
		['two fields of the same line', and(mug, two), true, false, false],
		['two fields of different lines', and(tee, two), false, false, true],
		['order and line, both hold', and(germany, mug), true, false, false],
		['order and line, the order does not', and(france, mug), false, false, false],
		['order and line, the line does not', and(hat, germany), false, false, true],
		['line or line, each line has one', or(mug, tee), true, true, false],
		['line or line, one line has one', or(mug, hat), true, false, false],
		['order or line, only the order holds', or(germany, hat), true, true, true],
		['order or line, only the line holds', or(france, mug), true, false, false],
		['order or line, none holds', or(france, hat), false, false, true],
		['line, order, line: one group', and(mug, germany, two), true, false, false],
	])('%s', (_, conditions, any, all, none) => {
		expect({ any: met(conditions, 'any'), all: met(conditions, 'all'), none: met(conditions, 'none') }).toEqual({ any, all, none });
	});

	it('does not count lines with quantity 0, and an order without lines has no line that meets anything', () => {
		const zero = order({ lines: [line('1', 'HAT', { quantity: 0 }), line('2', 'RED-MUG')] });
		expect({ any: met(and(hat), 'any', zero), all: met(and(mug), 'all', zero), none: met(and(hat), 'none', zero) }).toEqual({
			any: false,
			all: true,
			none: true,
		});
		const empty = order({ lines: [] });
		expect({ any: met(and(hat), 'any', empty), all: met(and(hat), 'all', empty), none: met(and(hat), 'none', empty) }).toEqual({
			any: false,
			all: false,
			none: true,
		});
	});

	it('compares two fields of the same line', () => {
		const content = order({ lines: [line('1', 'A', { name: 'B' }), line('2', 'C', { name: 'C' })] });
		const same = and([SKU, 'string equals', '={{ $json.lines[0].name }}']);
		expect([met(same, 'any', content), met(same, 'all', content)]).toEqual([true, false]);
	});

	it('compares a field of a line with a field of the order', () => {
		const content = order({ custom: { gift: 'TEE-L' } });
		expect(met(and(['={{ $json.custom.gift }}', 'string equals', SKU]), 'any', content)).toBe(true);
	});

	it('names a line setting that is not known', () => {
		expect(run(and(mug), 'most' as LineQuantifier)).toMatchObject({ result: 'failed', decided: expect.stringContaining('"most"') });
	});
});

describe('sets of conditions', () => {
	it('are met without conditions', () => {
		expect([met(null, 'any'), met(and(), 'any'), met(or(), 'none')]).toEqual([true, true, true]);
	});

	it('end as n8n does when the result is certain, so that a wrong type behind it does not matter', () => {
		const wrong = [COUNTRY, 'number gt', 3] as const;
		expect(met(or(germany, wrong), 'any')).toBe(true);
		expect(run(and(france, wrong), 'any').result).toBe('not_met');
		expect(run(and(germany, wrong), 'any').result).toBe('failed');
	});

	it.each([{}, { conditions: null }, { combinator: 'xor', conditions: [] }, { combinator: 'and', conditions: [null] }, 'x', 7])(
		'that cannot be read (%j) fail the order and nothing else',
		(broken) => expect(run(broken as unknown as ConditionSet, 'any').result).toBe('failed'),
	);
});

describe('the trace of conditions', () => {
	it('has both compared values, shortened, also of what was not reached', () => {
		const content = order({ notes: 'x'.repeat(500) });
		const { conditions } = run(and(['={{ $json.notes }}', 'string equals', 'y'], germany), 'any', content);
		expect(conditions).toMatchObject([
			{ left: 'notes', operator: 'string equals', rightValue: 'y', line: null, met: false },
			{ left: 'shippingAddress.country', leftValue: 'DE', rightValue: 'DE', met: null },
		]);
		expect(String(conditions[0]!.leftValue).length).toBeLessThanOrEqual(80);
	});

	it('names the line that decided', () => {
		expect(run(and(mug, two), 'any').conditions).toMatchObject([
			{ left: 'lines[].sku', leftValue: 'RED-MUG', line: '1', met: true },
			{ left: 'lines[].quantity', leftValue: 2, line: '1', met: true },
		]);
		expect(run(and(mug), 'all').conditions).toMatchObject([{ leftValue: 'TEE-L', line: '2', met: false }]);
		expect(run(and(hat), 'any').conditions).toMatchObject([{ leftValue: ['RED-MUG', 'TEE-L'], rightValue: 'HAT', line: null, met: false }]);
	});

	it('tells people why a rule did not apply', () => {
		const trace = [
			run(and(france), 'any'),
			run(and(hat), 'any'),
			run(and(mug), 'all'),
			run(and(['={{ $json.total }}', 'number gt', 100]), 'any'),
		];
		expect(describeTrace(trace).split('\n')).toEqual([
			'Rule "R" did not apply: shippingAddress.country is DE, not "equals FR".',
			'Rule "R" did not apply: lines[].sku is ["RED-MUG","TEE-L"], not "equals HAT".',
			'Rule "R" did not apply: line 2.sku is TEE-L, not "equals RED-MUG".',
			'Rule "R" did not apply: total is 44.90, not "greater than 100".',
		]);
	});
});
