/** The trace of the rules in plain English. */
import type { JsonValue } from '../order/order';
import type { FieldChange } from '../order/timeline';
import { plain, ruleLabel } from './problem';
import type { ConditionTrace, RuleTrace } from './run';

/** The most changes that a line tells; the trace has them all. */
const CHANGES = 8;

/** How many names of rules and of operators are remembered, and how many lines of rules. */
const NAMES = 200;
const LINES = 20_000;

const COMPARISONS: Record<string, string> = { gt: 'greater than', gte: 'at least', lt: 'less than', lte: 'at most' };

/**
 * A line for each rule.
 *
 * @example describeTrace(outcome.trace) // Rule "EU to Berlin" applied: warehouse null → BER
 */
export const describeTrace = (trace: RuleTrace[]): string => trace.map((rule) => describeRule(rule)).join('\n');

/** `describeTrace` for many orders: what traces say that orders share, of a rule that did not apply or of a condition, is put in words once. */
export function traceDescriber(): typeof describeTrace {
	const ofCondition = remembered(describeCondition, LINES);
	const line = (rule: RuleTrace): string => describeRule(rule, ofCondition);
	const ofRule = remembered(line, LINES);
	return (trace) => trace.map((rule) => (rule.result === 'not_met' ? ofRule(rule) : line(rule))).join('\n');
}

function describeRule(trace: RuleTrace, ofCondition = describeCondition): string {
	const label = labelOf(trace.rule);
	switch (trace.result) {
		case 'off':
			return `${label} is switched off.`;
		case 'stopped':
			return `${label} was not reached.`;
		case 'failed':
			return `${label} failed: ${withoutLabel(trace.decided ?? '', label)}`;
		case 'not_met':
			return `${label} did not apply${because(trace.conditions, ofCondition)}.`;
		case 'applied':
		case 'hold_served':
			return `${label} applied: ${effects(trace, label).join('; ') || 'nothing to change'}`;
	}
}

function effects({ changes, decided }: RuleTrace, label: string): string[] {
	const told = changes.slice(0, CHANGES).map(describeChange);
	if (changes.length > CHANGES) told.push(`${changes.length - CHANGES} more changes`);
	return decided === null ? told : [...told, withoutLabel(decided, label)];
}

function describeChange({ path, before, after }: FieldChange): string {
	const isLine = /^lines\.[^.]+$/.test(path);
	const [removed, added] = [isLine && after === null ? lineText(before) : null, isLine && before === null ? lineText(after) : null];
	if (removed !== null) return `removed ${removed}`;
	return added === null ? `${path} ${plain(before)} → ${plain(after)}` : `added ${added}`;
}

function lineText(line: JsonValue): string | null {
	if (typeof line !== 'object' || line === null || Array.isArray(line)) return null;
	return `${plain(line.quantity ?? null)} × ${plain(line.sku ?? line.name ?? null)}`;
}

/** The conditions that were not met; for "no lines" none may be, and then nothing is said. */
function because(conditions: ConditionTrace[], ofCondition: (condition: ConditionTrace) => string): string {
	let told = '';
	for (const condition of conditions) {
		if (condition.met === false) told += `${told === '' ? ': ' : '; '}${ofCondition(condition)}`;
	}
	return told;
}

function describeCondition({ left, operator, leftValue, rightValue, line }: ConditionTrace): string {
	const operation = operationWords(operator);
	const where = line === null ? left : left.replace('lines[]', `line ${line}`);
	const compared = rightValue === null ? operation : `${operation} ${plain(rightValue)}`;
	return `${where} is ${plain(leftValue)}, not "${compared}"`;
}

/** @example operationWords('number gte') // at least */
const operationWords = remembered((operator: string) => {
	const words = operator.replace(/^\w+ /, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
	return words.replace(/\b[gl]te?$/, (short) => COMPARISONS[short] ?? short);
}, NAMES);

const labelOf = remembered(ruleLabel, NAMES);

/** The same few come for each order. What is remembered is bounded, whatever traces name. */
function remembered<T>(words: (of: T) => string, most: number): (of: T) => string {
	const known = new Map<T, string>();
	return (of) => {
		let found = known.get(of);
		if (found === undefined) {
			found = words(of);
			if (known.size < most) known.set(of, found);
		}
		return found;
	};
}

/** The messages of failures and reasons name the rule already. */
const withoutLabel = (text: string, label: string): string => text.replace(`${label}: `, '');
