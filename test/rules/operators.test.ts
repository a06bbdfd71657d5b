/** Each operator, against a table for people and against n8n's own function as the judge. */
import { executeFilterCondition, type FilterConditionValue } from 'n8n-workflow';
import { evaluate } from '../../lib/rules/evaluate';
import { compileComparison, OPERATIONS, type FilterOptions } from '../../lib/rules/n8nFilter';
import type { ConditionSet } from '../../lib/rules/conditionSet';
import { context, ignoringCase, loose, order, rule, set, where, type Test } from './fixtures';

const outcomeOf = (conditions: ConditionSet, content = order()) =>
	evaluate([rule('R', set('notes', 'met'), { conditions })], content, context());
const met = (conditions: ConditionSet) => outcomeOf(conditions).trace[0]!.result === 'applied';

const path = (name: string) => `={{ $json.${name} }}`;

describe('operators on fields', () => {
	const table: Array<[...Test, boolean]> = [
		[path('carrier'), 'string exists', '', false],
		[path('carrier'), 'string notExists', '', true],
		[path('custom.nowhere.at.all'), 'any exists', '', false],
		[path('notes'), 'string empty', '', true],
		[path('orderNumber'), 'string notEmpty', '', true],
		[path('shippingAddress.country'), 'string equals', 'DE', true],
		[path('shippingAddress.country'), 'string equals', 'de', false],
		[path('shippingAddress.country'), 'string notEquals', 'US', true],
		[path('shippingMethod'), 'string contains', 'Express', true],
		[path('shippingMethod'), 'string notContains', 'Express', false],
		[path('shippingMethod'), 'string startsWith', 'DHL', true],
		[path('shippingMethod'), 'string notStartsWith', 'UPS', true],
		[path('shippingMethod'), 'string endsWith', 'days)', true],
		[path('shippingMethod'), 'string notEndsWith', 'days)', false],
		[path('shippingMethod'), 'string regex', '\\d-\\d', true],
		[path('shippingMethod'), 'string regex', '/^dhl/i', true],
		[path('shippingMethod'), 'string notRegex', '^UPS', true],
		[path('total'), 'number equals', 44.9, true],
		[path('total'), 'number equals', '44.900', true],
		[path('total'), 'number notEquals', 44.9, false],
		[path('total'), 'number gt', 44.89, true],
		[path('total'), 'number gt', '100', false],
		[path('total'), 'number gte', 44.9, true],
		[path('total'), 'number lt', 100, true],
		[path('total'), 'number lte', path('subtotal'), false],
		[path('totalQuantity'), 'number equals', 3, true],
		[path('insuredAmount'), 'number empty', '', true],
		[path('total'), 'number notEmpty', '', true],
		[path('orderedAt'), 'dateTime after', '2026-11-20T09:59:59Z', true],
		[path('orderedAt'), 'dateTime before', '2026-11-20T10:00:01Z', true],
		[path('orderedAt'), 'dateTime equals', '2026-11-20T11:00:00+01:00', true],
		[path('orderedAt'), 'dateTime notEquals', '2026-11-20T10:00:00Z', false],
		[path('orderedAt'), 'dateTime afterOrEquals', '2026-11-20T10:00:00Z', true],
		[path('orderedAt'), 'dateTime beforeOrEquals', '2026-11-20T10:00:00Z', true],
		[path('requestedShipDate'), 'dateTime after', '2026-11-20T10:00:00Z', false],
		[path('requestedShipDate'), 'dateTime empty', '', true],
		[path('signatureRequired'), 'boolean false', '', true],
		[path('custom.giftWrap'), 'boolean true', '', true],
		[path('custom.giftWrap'), 'boolean equals', true, true],
		[path('custom.giftWrap'), 'boolean notEquals', true, false],
		[path('tags'), 'array contains', 'vip', true],
		[path('tags'), 'array contains', 'wholesale', false],
		[path('tags'), 'array notContains', 'b2b', true],
		[path('tags'), 'array lengthEquals', 2, true],
		[path('tags'), 'array lengthNotEquals', 2, false],
		[path('tags'), 'array lengthGt', 1, true],
		[path('tags'), 'array lengthGte', 2, true],
		[path('tags'), 'array lengthLt', 2, false],
		[path('tags'), 'array lengthLte', 2, true],
		[path('discountCodes'), 'array empty', '', true],
		[path('tags'), 'array notEmpty', '', true],
		[path('custom'), 'object notEmpty', '', true],
		[path('billingAddress'), 'object empty', '', true],
		['DE', 'string equals', path('shippingAddress.country'), true],
	];

	it.each(table)('%s %s %s: %s', (left, operator, right, expected) => {
		expect(met(where([left, operator, right]))).toBe(expected);
	});

	it('has each operator in the table', () => {
		const tested = new Set(table.map(([, operator]) => operator.split(' ')[1]));
		for (const operation of Object.values(OPERATIONS).flat()) expect(tested).toContain(operation);
	});

	it('knows what lists are compared with, also when the rule does not say so', () => {
		const bare = (operation: string, rightValue: unknown) => ({
			...where(),
			conditions: [{ id: '1', leftValue: path('tags'), operator: { type: 'array', operation }, rightValue }],
		});
		expect([met(bare('contains', 'vip')), met(bare('notContains', 'vip')), met(bare('lengthGt', 1))]).toEqual([true, false, true]);
	});

	it('ignores letter case when it is told to', () => {
		expect(met(ignoringCase(where([path('shippingAddress.country'), 'string regex', '^(de|FR)$'])))).toBe(true);
		expect(met(ignoringCase(where([path('shippingMethod'), 'string notRegex', '/^DHL/'])))).toBe(false);
		expect(met(ignoringCase(where([path('shippingAddress.country'), 'string equals', 'de'])))).toBe(true);
		expect(met(ignoringCase(where([path('tags'), 'array contains', 'wholesale'])))).toBe(true);
	});
});

describe('against n8n', () => {
	const stackTraceLimit = Error.stackTraceLimit;
	// Most pairs of values are errors, and writing their stacks would take most of the time.
	beforeAll(() => void (Error.stackTraceLimit = 0));
	afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

	const VALUES: unknown[] = [
		null,
		undefined,
		'',
		'DE',
		'de',
		'true',
		'19.9',
		1,
		19.9,
		true,
		false,
		[],
		['DE', 1],
		{},
		{ a: 1 },
		'2026-11-20T10:00:00Z',
		'[1]',
		Number.NaN,
	];
	const options: FilterOptions[] = (['strict', 'loose'] as const).flatMap((typeValidation) =>
		([1, 2, 3] as const).map((version) => ({ caseSensitive: version !== 2, typeValidation, version, leftValue: '' })),
	);
	const attempt = (body: () => unknown): unknown => {
		try {
			return Boolean(body());
		} catch {
			return 'error';
		}
	};
	/** The differences that n8nFilter.ts names: what n8n is asked instead, … */
	const asPresent = (type: string, value: unknown) => {
		if (type === 'number' && value === '19.9') return 19.9;
		return value === '' && ['number', 'dateTime', 'boolean'].includes(type) ? null : value;
	};
	/** … what is an error although n8n answers, … */
	const isWrong = (type: string, value: unknown): boolean => {
		if (value === null || value === undefined) return false;
		if (type === 'string') return typeof value === 'object';
		if (type === 'number') return typeof value === 'boolean' || typeof value === 'object';
		if (type === 'boolean') return ![true, false, 1, 'true'].includes(value as boolean);
		return type === 'dateTime' && typeof value === 'string' && !value.startsWith('2026');
	};
	/** … and what is not met although n8n takes a missing value for 0. */
	const ORDERED = ['gt', 'lt', 'gte', 'lte', 'after', 'before', 'afterOrEquals', 'beforeOrEquals'];
	const isMissing = (value: unknown) => value === null || value === undefined;

	it.each(Object.entries(OPERATIONS).flatMap(([type, operations]) => operations.map((operation) => [type, operation] as const)))(
		'%s %s gives what n8n gives, for each pair of values and all options',
		(type, operation) => {
			const rightType = type !== 'array' ? undefined : operation.startsWith('length') ? 'number' : 'any';
			const unary = /^(not)?(exists|empty)$|^(true|false)$/i.test(operation);
			const operator = { type, operation, rightType, singleValue: unary };
			for (const option of options) {
				const compare = compileComparison(operator, option);
				for (const leftValue of VALUES) {
					for (const rightValue of VALUES) {
						const [from, to] = [asPresent(type, leftValue), unary ? rightValue : asPresent(rightType ?? type, rightValue)];
						// Ignoring case, n8n makes the text lower case only; the pattern must be so as well to mean the same.
						const pattern =
							!option.caseSensitive &&
							/regex$/i.test(operation) &&
							(typeof to === 'string' || (typeof to === 'number' && option.typeValidation === 'loose'))
								? String(to).toLowerCase()
								: to;
						const condition = { id: '', operator, leftValue: from, rightValue: pattern } as FilterConditionValue;
						let theirs = attempt(() => executeFilterCondition(condition, option));
						if (ORDERED.includes(operation) && theirs === true && (isMissing(from) || isMissing(to))) theirs = false;
						const emptiness = /^(not)?(exists|empty)$/i.test(operation);
						if (!emptiness && (isWrong(type, from) || (!unary && isWrong(rightType ?? type, to)))) theirs = 'error';
						if (!unary && rightValue === '' && ['number', 'dateTime'].includes(rightType ?? type)) theirs = 'error';
						const ours = attempt(() => compare(leftValue, rightValue));
						if (ours !== theirs)
							throw new Error(`${JSON.stringify({ leftValue, rightValue, option })}: ${String(ours)}, n8n gives ${String(theirs)}`);
					}
				}
			}
		},
	);
});

describe('values of a wrong type', () => {
	it.each<[Test, string[]]>([
		[
			[path('totalQuantity'), 'string equals', '3'],
			['totalQuantity', '3', 'string equals', 'Convert types where required'],
		],
		[
			[path('shippingAddress.country'), 'number gt', 3],
			['shippingAddress.country', 'DE', 'number gt'],
		],
		[
			[path('tags'), 'string contains', 'vip'],
			['tags', 'vip', 'string contains'],
		],
		[
			[path('custom.x'), 'number gt', 'many'],
			['many', 'number gt'],
		],
		[
			[path('lines[0].quantity'), 'string equals', '1'],
			['lines[].quantity', 'string equals'],
		],
		[
			[path('shippingMethod'), 'dateTime after', '2026-01-01'],
			['shippingMethod', 'DHL Express', 'dateTime after'],
		],
	])('%s is an error that says so', (test, words) => {
		const { decision, content } = outcomeOf(where(test));
		expect(decision).toMatchObject({ kind: 'error', rule: 'R', alert: { code: 'rule_failed' } });
		const { message } = (decision as { alert: { message: string } }).alert;
		for (const word of ['Rule "R"', ...words]) expect(message).toContain(word);
		expect(content.notes).toBeNull();
	});

	it.each<[Test, string[]]>([
		[
			[path('tags'), 'string contains', 'vip'],
			['tags', 'a list is compared'],
		],
		[
			[path('custom'), 'string equals', 'x'],
			['custom', 'an object is compared'],
		],
		[
			[path('shippingMethod'), 'boolean true'],
			['shippingMethod', 'DHL Express', 'a text is compared'],
		],
		[
			[path('totalQuantity'), 'boolean true'],
			['totalQuantity', 'a number is compared'],
		],
		[
			[path('signatureRequired'), 'number gt', 0],
			['signatureRequired', 'true or false is compared'],
		],
		[
			[path('orderNumber'), 'dateTime after', '2026-01-01'],
			['orderNumber', '1001', 'a text is compared'],
		],
		[
			[path('orderedAt'), 'dateTime after', '1/2/2026'],
			['orderedAt', '1/2/2026'],
		],
		[
			[path('orderedAt'), 'dateTime after', ''],
			['orderedAt', 'compares with nothing'],
		],
		[
			[path('total'), 'number gt', ''],
			['total', 'compares with nothing'],
		],
		[
			[path('total'), 'number gt', 'many'],
			['total', 'many'],
		],
	])('%s is an error also where types are converted', (test, words) => {
		const { decision } = outcomeOf(loose(where(test)));
		expect(decision).toMatchObject({ kind: 'error', rule: 'R', alert: { code: 'rule_failed' } });
		const { message } = (decision as { alert: { message: string } }).alert;
		for (const word of ['Rule "R"', ...words]) expect(message).toContain(word);
	});

	it('a missing number or date is neither greater nor less than anything', () => {
		for (const operator of ['number gt', 'number lt', 'number gte', 'number lte'])
			expect(met(loose(where([path('insuredAmount'), operator, 0])))).toBe(false);
		for (const operator of ['dateTime after', 'dateTime before'])
			expect(met(loose(where([path('requestedShipDate'), operator, '2026-01-01'])))).toBe(false);
		expect(met(loose(where([path('custom.none'), 'number empty'])))).toBe(true);
	});

	it('converts where n8n converts', () => {
		expect(met(loose(where([path('totalQuantity'), 'string equals', '3'])))).toBe(true);
		expect(outcomeOf(loose(where([path('shippingAddress.country'), 'number gt', 3]))).decision.kind).toBe('error');
	});

	it.each(['string like', 'number regex', 'any equals', 'none equals', '__proto__ exists', 'string constructor'])(
		'%s is no operator',
		(operator) => {
			expect(outcomeOf(where([path('notes'), operator, 'x'])).decision).toMatchObject({
				kind: 'error',
				alert: { message: expect.stringContaining(`The operator ${operator} is not known`) },
			});
		},
	);

	it('answers quickly to a pattern that would backtrack for ever', () => {
		const content = order({ notes: `${'a'.repeat(5000)}!` });
		const start = performance.now();
		expect(outcomeOf(where([path('notes'), 'string regex', '(a+)+$']), content).trace[0]!.result).toBe('not_met');
		expect(performance.now() - start).toBeLessThan(300);
	});

	it('names the field when a pattern cannot be used', () => {
		const { decision } = outcomeOf(where([path('notes'), 'string regex', '(?!a)b']), order({ notes: 'b' }));
		expect(decision).toMatchObject({ kind: 'error', alert: { code: 'rule_failed', message: expect.stringMatching(/notes.*looks ahead/) } });
	});
});
