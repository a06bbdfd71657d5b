/**
 * The comparisons of n8n's condition builder, by n8n's own function, so that a rule gives what n8n's If node gives. The only
 * file of the rules that imports n8n.
 *
 * Differences, each on purpose:
 * - With a number operator a decimal text ("19.90", how orders keep money) is a number also under strict types.
 * - "Convert types where required" converts what is of the type in other clothes, and nothing else. A list is no text, "no" is
 *   neither true nor false, a text is a date only when it is written as one (n8n takes "DHL 2" for a day in 2001), true is no
 *   number: such a pair is an error that names the field, where n8n would give an answer that nobody meant.
 * - An empty text where a number, a date or true/false is asked for is a missing value. A missing number or date is neither
 *   greater nor less than anything; n8n takes it for 0.
 * - A right side that was left empty is an error with an operator that compares numbers or dates.
 * - Regular expressions run in linear time, without look-around and back-references (see regex.ts); n8n's may run for ever.
 * - Ignoring case, a regular expression ignores case; n8n makes only the text lower case, so that ^DE$ never fits.
 * - An unknown operator is an error; n8n takes it as not met.
 *
 * As in n8n, a date that is written without a zone is read in the zone of the n8n process. The dates of an order are UTC.
 */
import { executeFilterCondition, type FilterConditionValue } from 'n8n-workflow';
import { ruleProblem } from './problem';
import { compilePattern, type Pattern } from './regex';
import type { ConditionSet } from './conditionSet';

export type FilterOptions = ConditionSet['options'];
type FilterOperator = ConditionSet['conditions'][number]['operator'];

/** Whether the condition is met. Throws when a value has not the type of the operator and may not or cannot be converted. */
export type Comparison = (left: unknown, right: unknown) => boolean;

const PRESENCE = ['exists', 'notExists'] as const;
const EMPTINESS = [...PRESENCE, 'empty', 'notEmpty'] as const;

/** Every operator that n8n's filter knows. */
export const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
	string: [
		...EMPTINESS,
		'equals',
		'notEquals',
		'contains',
		'notContains',
		'startsWith',
		'notStartsWith',
		'endsWith',
		'notEndsWith',
		'regex',
		'notRegex',
	],
	number: [...EMPTINESS, 'equals', 'notEquals', 'gt', 'lt', 'gte', 'lte'],
	dateTime: [...EMPTINESS, 'equals', 'notEquals', 'after', 'before', 'afterOrEquals', 'beforeOrEquals'],
	boolean: [...EMPTINESS, 'true', 'false', 'equals', 'notEquals'],
	array: [...EMPTINESS, 'contains', 'notContains', 'lengthEquals', 'lengthNotEquals', 'lengthGt', 'lengthLt', 'lengthGte', 'lengthLte'],
	object: EMPTINESS,
	any: PRESENCE,
};

const WITHOUT_RIGHT_SIDE: ReadonlySet<string> = new Set([...EMPTINESS, 'true', 'false']);

/** Whether the operator compares with nothing, such as "exists". */
export const isUnary = (operator: FilterOperator): boolean => WITHOUT_RIGHT_SIDE.has(operator.operation);

/** Makes the comparison of an operator once, so that it runs quickly for many orders. Throws for an unknown operator. */
export function compileComparison(operator: FilterOperator, options: FilterOptions): Comparison {
	const known = typeof operator?.type === 'string' && Object.hasOwn(OPERATIONS, operator.type) ? OPERATIONS[operator.type]! : [];
	if (!known.includes(operator?.operation)) {
		throw ruleProblem(
			`The operator ${operator?.type} ${operator?.operation} is not known.`,
			'Choose an operator from the list of the condition.',
		);
	}
	const checked: FilterOperator = {
		type: operator.type,
		operation: operator.operation,
		rightType: operator.rightType ?? RIGHT_TYPES[operator.operation]?.[operator.type],
		// n8n's editor sets it for these; without it n8n would check the type of a right side that it never uses.
		singleValue: operator.singleValue ?? isUnary(operator),
	};
	if (checked.operation === 'regex' || checked.operation === 'notRegex') return regexComparison(checked, options);
	const [leftType, rightType] = [checked.type, checked.rightType ?? checked.type];
	const condition = { id: '', operator: checked, leftValue: null, rightValue: null } as FilterConditionValue;
	const direct = leftType === rightType ? directComparison(checked, options) : null;
	if (EMPTINESS.some((operation) => operation === checked.operation))
		return (left, right) => ask(condition, options, present(leftType, left), right);
	const unary = isUnary(checked);
	const ordered = ORDERED.has(checked.operation);
	return (left, right) => {
		const known = direct?.(left, right);
		if (known !== undefined) return known;
		const from = typed(leftType, left);
		const to = unary ? right : typed(rightType, right);
		const converted = direct?.(from, to);
		if (converted !== undefined) return converted;
		if (!unary && right === '' && NEEDS_VALUE.has(rightType)) throw nothingToCompare();
		// n8n is asked in any case: it checks the type of the side that is there.
		const answer = ask(condition, options, from, to);
		return answer && !(ordered && (from === null || from === undefined || to === null || to === undefined));
	};
}

/** What n8n's editor writes with operators on lists; rules written by hand may leave it out. */
const RIGHT_TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	contains: { array: 'any' },
	notContains: { array: 'any' },
	...Object.fromEntries(
		OPERATIONS.array!.filter((operation) => operation.startsWith('length')).map((operation) => [operation, { array: 'number' }]),
	),
};

const ORDERED: ReadonlySet<string> = new Set(['gt', 'lt', 'gte', 'lte', 'after', 'before', 'afterOrEquals', 'beforeOrEquals']);
const NEEDS_VALUE: ReadonlySet<string> = new Set(['number', 'dateTime']);

const nothingToCompare = () =>
	ruleProblem('The condition compares with nothing.', 'Enter a value on its right side, or choose "is empty".');

const TEXTS: Record<string, (left: string, right: string) => boolean> = {
	equals: (left, right) => left === right,
	notEquals: (left, right) => left !== right,
	contains: (left, right) => left.includes(right),
	notContains: (left, right) => !left.includes(right),
	startsWith: (left, right) => left.startsWith(right),
	notStartsWith: (left, right) => !left.startsWith(right),
	endsWith: (left, right) => left.endsWith(right),
	notEndsWith: (left, right) => !left.endsWith(right),
};
const NUMBERS: Record<string, (left: number, right: number) => boolean> = {
	equals: (left, right) => left === right,
	notEquals: (left, right) => left !== right,
	gt: (left, right) => left > right,
	lt: (left, right) => left < right,
	gte: (left, right) => left >= right,
	lte: (left, right) => left <= right,
};

/**
 * Two texts, or two numbers, with an operator for them: nothing is to be converted, so n8n's function gives the same, only ten
 * times slower. Undefined = ask n8n's function.
 */
function directComparison(
	{ type, operation, rightType }: FilterOperator,
	options: FilterOptions,
): ((left: unknown, right: unknown) => boolean | undefined) | null {
	if ((rightType ?? type) !== type) return null;
	const text = type === 'string' ? TEXTS[operation] : undefined;
	if (text !== undefined) {
		const ignoreCase = !options.caseSensitive;
		return (left, right) => {
			if (typeof left !== 'string' || typeof right !== 'string') return undefined;
			return ignoreCase ? text(left.toLocaleLowerCase(), right.toLocaleLowerCase()) : text(left, right);
		};
	}
	const number = type === 'number' ? NUMBERS[operation] : undefined;
	if (number === undefined) return null;
	return (left, right) => (Number.isFinite(left) && Number.isFinite(right) ? number(left as number, right as number) : undefined);
}

const ask = (condition: FilterConditionValue, options: FilterOptions, left: unknown, right: unknown): boolean =>
	Boolean(
		executeFilterCondition(
			{ ...condition, leftValue: left as FilterConditionValue['leftValue'], rightValue: right as FilterConditionValue['rightValue'] },
			options,
		),
	);

const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;
/** ISO 8601, SQL and RFC 2822. Other spellings, such as 1/2/2026, mean different days to different people. */
const DATE = /^\s*(\d{4}-\d{2}(-\d{2})?([T ]|\s*$)|([A-Za-z]{3}, ?)?\d{1,2} [A-Za-z]{3} \d{4})/;

/** Decimal texts are numbers, and a text with nothing in it is a missing number, date or boolean. */
function present(type: string, value: unknown): unknown {
	if (typeof value !== 'string' || (type !== 'number' && type !== 'dateTime' && type !== 'boolean')) return value;
	if (value.trim() === '') return null;
	return type === 'number' && DECIMAL.test(value) ? Number(value) : value;
}

/** As `present`. Throws for a value that has not the type and that n8n would let pass; n8n has the last word on all others. */
function typed(type: string, given: unknown): unknown {
	const value = present(type, given);
	if (value === null || value === undefined) return value;
	const fits = FITS[type];
	if (fits !== undefined && !fits(value)) throw new TypeError(`no ${type}`);
	return value;
}

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
	number: (value) => typeof value === 'number' || typeof value === 'string',
	dateTime: (value) => typeof value !== 'string' || DATE.test(value),
	boolean: (value) =>
		typeof value === 'boolean' || value === 0 || value === 1 || (typeof value === 'string' && /^\s*(true|false|1|0)\s*$/i.test(value)),
	string: (value) => typeof value !== 'object',
};

function regexComparison(operator: FilterOperator, options: FilterOptions): Comparison {
	// n8n's own check of the types and conversions runs first, on an operator that cannot hang.
	const types = { id: '', operator: { ...operator, operation: 'equals' }, leftValue: null, rightValue: null } as FilterConditionValue;
	let compiled: { text: string; pattern: Pattern } | null = null;
	return (left, right) => {
		if (typeof left !== 'string' || typeof right !== 'string') ask(types, options, typed('string', left), typed('string', right));
		const text = asText(right);
		if (compiled?.text !== text) compiled = { text, pattern: compilePattern(text, { ignoreCase: !options.caseSensitive }) };
		return compiled.pattern.test(asText(left)) === (operator.operation === 'regex');
	};
}

const asText = (value: unknown): string => {
	if (value === null || value === undefined) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
