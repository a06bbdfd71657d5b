/**
 * Conditions of a rule, compiled once and tried on many orders.
 *
 * How conditions on fields of a line are meant: all of them together form ONE group, and the rule's quantifier makes one
 * condition of the group. Within the group they speak about the same line and are joined by the combinator. The group then
 * stands beside the conditions on the order, joined by the same combinator:
 *
 * - and, any: the order conditions hold, and there is a line for which all line conditions hold
 * - and, all: the order conditions hold, and for each line all line conditions hold
 * - and, none: the order conditions hold, and there is no line for which all line conditions hold
 * - or, any: an order condition holds, or there is a line for which a line condition holds
 * - or, all: an order condition holds, or each line has a line condition that holds for it
 * - or, none: an order condition holds, or there is no line for which a line condition holds
 *
 * Lines with quantity 0 do not count. Without any line "any" and "all" are not met and "none" is.
 *
 * As in n8n, conditions are tried in their order and only until the result is certain; the group stands where its first
 * condition stands. A value of a wrong type in a condition that is not reached is no error.
 */
import type { JsonValue, OrderedLine } from '../order/order';
import { FulfillmentError, shown } from '../order/errors';
import { compileComparison, isUnary, type Comparison, type FilterOptions } from './n8nFilter';
import { countingLines, valueReader, type Scope, type ValueReader } from './paths';
import { brief, ruleProblem } from './problem';
import type { ConditionSet, ConditionTrace, LineQuantifier } from './rule';

export interface ConditionsResult {
	met: boolean;
	trace: ConditionTrace[];
}

/** Conditions on an order. `check` throws FulfillmentError `rule_failed` when values cannot be compared. */
export interface OrderConditions {
	check(scope: Scope): ConditionsResult;
}

/** Conditions of a line action. */
export interface LineConditions {
	check(scope: Scope): boolean;
}

interface Condition {
	left: ValueReader;
	right: ValueReader;
	ofLine: boolean;
	operator: string;
	unary: boolean;
	meets(scope: Scope): boolean;
}

/** How many lines a trace shows when no single line decided. */
const TRACED_LINES = 10;
const QUANTIFIERS: readonly LineQuantifier[] = ['any', 'all', 'none'];
const ALWAYS: OrderConditions = { check: () => ({ met: true, trace: [] }) };

/** What n8n's editor writes when nothing else is chosen. */
const DEFAULT_OPTIONS: FilterOptions = { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 3 };

/** Throws FulfillmentError `rule_failed` for conditions that cannot be understood. No conditions are always met. */
export function compileConditions(set: ConditionSet | null, quantifier: LineQuantifier): OrderConditions {
	if (set === null || set === undefined) return ALWAYS;
	const conditions = compileAll(set, 'order');
	if (conditions.length === 0) return ALWAYS;
	if (!QUANTIFIERS.includes(quantifier)) {
		throw ruleProblem(`The line setting ${shown(quantifier)} is not known.`, 'Choose any, all or no lines.');
	}
	const ofLines = conditions.filter(({ ofLine }) => ofLine);
	const isOr = set.combinator === 'or';
	return {
		check(scope) {
			const results = new Map<Condition, Outcome>();
			let met = !isOr;
			let group: boolean | null = null;
			for (const condition of conditions) {
				let holds: boolean;
				if (!condition.ofLine) {
					holds = condition.meets(scope);
					results.set(condition, { met: holds, line: null });
				} else if (group === null) {
					holds = group = checkLines(ofLines, isOr, quantifier, scope, results);
				} else continue;
				if (holds === isOr) {
					met = isOr;
					break;
				}
			}
			return { met, trace: conditions.map((condition) => traceOf(condition, scope, results.get(condition))) };
		},
	};
}

/** As `compileConditions`, for the conditions of an action on lines: each is tried on each line. */
export function compileLineConditions(set: ConditionSet): LineConditions {
	const conditions = compileAll(set, 'line');
	if (!conditions.some(({ ofLine }) => ofLine)) {
		// Conditions that do not look at the line would take all lines or none, which is never what was meant.
		throw ruleProblem(
			'The action on lines has no condition on a field of a line.',
			'Add a condition on a field such as {{ $json.lines[0].sku }}.',
		);
	}
	const isOr = set.combinator === 'or';
	return { check: (scope) => lineMeets(conditions, isOr, scope, null) };
}

function compileAll(set: ConditionSet, scope: 'order' | 'line'): Condition[] {
	if (!Array.isArray(set.conditions) || (set.combinator !== 'and' && set.combinator !== 'or')) {
		throw ruleProblem('The conditions cannot be read.', 'Enter the conditions of this rule again.');
	}
	const options = typeof set.options === 'object' && set.options !== null ? set.options : DEFAULT_OPTIONS;
	return set.conditions.map((condition, index) => {
		if (typeof condition !== 'object' || condition === null) {
			throw ruleProblem(`Condition ${index + 1} is empty.`, 'Enter it again or remove it.');
		}
		const left = valueReader(condition.leftValue, scope);
		const right = valueReader(condition.rightValue, scope);
		const compare = compileComparison(condition.operator, options);
		const operator = `${condition.operator.type} ${condition.operator.operation}`;
		return {
			left,
			right,
			ofLine: left.ofLine || right.ofLine,
			operator,
			unary: isUnary(condition.operator),
			meets: (from) => compared(compare, left, right, from, { index, operator, strict: options.typeValidation === 'strict' }),
		};
	});
}

function compared(
	compare: Comparison,
	left: ValueReader,
	right: ValueReader,
	scope: Scope,
	{ index, operator, strict }: { index: number; operator: string; strict: boolean },
): boolean {
	const [leftValue, rightValue] = [left.read(scope), right.read(scope)];
	try {
		return compare(leftValue, rightValue);
	} catch (error) {
		const side = (reader: ValueReader, value: unknown) =>
			reader.path === null ? shown(brief(value)) : `${reader.path} (value: ${shown(brief(value))})`;
		const where = `Condition ${index + 1}, ${side(left, leftValue)} ${operator} ${side(right, rightValue)}`;
		if (error instanceof FulfillmentError) throw ruleProblem(`${where}: ${error.message}`, error.remedy, error);
		throw ruleProblem(
			`${where}: the values do not fit the operator, ${typeName(leftValue)} is compared with ${typeName(rightValue)}.`,
			strict
				? 'Choose an operator of the type of the field, or switch on "Convert types where required".'
				: 'Choose an operator of the type of the field.',
			error,
		);
	}
}

const typeName = (value: unknown): string => {
	if (value === null || value === undefined) return 'nothing';
	if (Array.isArray(value)) return 'a list';
	return { string: 'a text', number: 'a number', boolean: 'true or false', object: 'an object' }[typeof value as 'string'] ?? 'a value';
};

interface Outcome {
	/** null = not reached on the line that decided. */
	met: boolean | null;
	line: OrderedLine | null;
}

/** The group of line conditions as one condition. */
function checkLines(
	conditions: Condition[],
	isOr: boolean,
	quantifier: LineQuantifier,
	scope: Scope,
	results: Map<Condition, Outcome>,
): boolean {
	const lines = countingLines(scope.content);
	// One line decides: for "all" the first that does not meet the conditions, else the first that does.
	const decisive = quantifier !== 'all';
	for (const line of lines) {
		const outcomes: Array<boolean | null> = [];
		if (lineMeets(conditions, isOr, { ...scope, line }, outcomes) !== decisive) continue;
		conditions.forEach((condition, index) => results.set(condition, { met: outcomes[index] ?? null, line }));
		return quantifier === 'any';
	}
	for (const condition of conditions) results.set(condition, { met: quantifier === 'all' && lines.length > 0, line: null });
	return quantifier === 'none' || (quantifier === 'all' && lines.length > 0);
}

/** Whether the conditions hold for the line of the scope. `outcomes` takes what each gave, as far as it was tried. */
function lineMeets(conditions: Condition[], isOr: boolean, scope: Scope, outcomes: Array<boolean | null> | null): boolean {
	for (const condition of conditions) {
		const holds = condition.meets(scope);
		outcomes?.push(holds);
		if (holds === isOr) return isOr;
	}
	return !isOr;
}

// Runs for each condition of each rule and order, so it makes no function of its own.
function traceOf(condition: Condition, scope: Scope, outcome: Outcome | undefined): ConditionTrace {
	const line = outcome?.line ?? null;
	return {
		left: condition.left.path ?? shown(brief(condition.left.read(scope))),
		operator: condition.operator,
		leftValue: tracedValue(condition.left, scope, line),
		rightValue: condition.unary ? null : tracedValue(condition.right, scope, line),
		line: line?.id ?? null,
		met: outcome?.met ?? null,
	};
}

function tracedValue(reader: ValueReader, scope: Scope, line: OrderedLine | null): JsonValue {
	if (!reader.ofLine || line !== null) return brief(reader.read(line === null ? scope : { ...scope, line }));
	return countingLines(scope.content).slice(0, TRACED_LINES).map((each) => brief(reader.read({ ...scope, line: each })));
}
