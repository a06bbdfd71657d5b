/**
 * The rule engine: rules run from top to bottom, and the output of one feeds the next. What they are about is told by a `Subject`: an order (evaluate.ts) or a
 * shipment (shipment.ts). Pure and synchronous: the same rules, subject and clock give the same result, and nothing that is given is changed.
 */
import { addDifferences, byId } from '../order/layers';
import type { OrderedLine } from '../order/order';
import type { FieldChange } from '../order/timeline';
import type { RunAction } from './actions/common/action';
import { compileConditions, type Conditions, type ConditionsResult } from './conditions';
import { assertKnownFields, knownFieldsOf } from './fields';
import { Memory } from './memory';
import type { Scope } from './paths';
import { failureAlert, ruleProblem } from './problem';
import type { RuleOf } from './rule';
import type { Failure, RuleTrace } from './run';
import { scopeOf, type RuleKind, type Subject } from './subjects/subject';

/** Rules that cannot work as they are written, whatever they meet: to be told before they meet any. */
export type RuleProblems = Array<{ rule: string; message: string }>;

export interface PreparedRules<K extends RuleKind> {
	problems: RuleProblems;
	run(content: K['content'], context: K['context']): RulesRun<K>;
}

interface RulesRun<K extends RuleKind> {
	content: K['content'];
	/** Of the last rule that ran; null = none decided. */
	decision: K['decision'] | Failure | null;
	stopped: boolean;
	/** What divides an order that no rule decided about. */
	splitters: Array<K['splitter']>;
	trace: RuleTrace[];
}

/**
 * Rules of any kind, read and checked once.
 *
 * @param compile makes an action; throws FulfillmentError for one that is not valid
 * @param subject what the rules are about
 */
export function prepareRules<A, K extends RuleKind>(
	rules: ReadonlyArray<RuleOf<A>>,
	compile: (action: A, rule: string) => RunAction<K>,
	subject: Subject<K>,
): PreparedRules<K> {
	const problems: RuleProblems = [];
	const known = knownFieldsOf(subject);
	const shared: Preparing<A, K> = { problems, compile, ...known, memory: new Memory<ConditionsResult>() };
	const compiled = rules.map((rule, index) => compileRule(rule, index, shared));
	return {
		problems,
		run(given, context) {
			const run: RulesRun<K> = { content: given, decision: null, stopped: false, splitters: [], trace: [] };
			let scope = scopeOf(subject, given, context);
			run.trace = compiled.map((rule): RuleTrace => {
				if (!rule.enabled) return blankTrace(rule.name, 'off');
				if (run.stopped) return blankTrace(rule.name, 'stopped');
				const ran = runRule(rule, run.content, scope, context, subject);
				if (!('content' in ran)) return ran;
				if (ran.content !== run.content) scope = scopeOf(subject, ran.content, context);
				run.content = ran.content;
				run.decision = ran.decision;
				run.stopped = ran.stops;
				run.splitters.push(...ran.splitters);
				return ran.trace;
			});
			return run;
		},
	};
}

interface CompiledRule<K extends RuleKind> {
	name: string;
	enabled: boolean;
	stop: boolean;
	conditions: Conditions;
	actions: Array<RunAction<K>>;
}

/** What rules that are prepared together share. */
interface Preparing<A, K extends RuleKind> extends ReturnType<typeof knownFieldsOf<K>> {
	/** Takes what is wrong. */
	problems: RuleProblems;
	compile: (action: A, rule: string) => RunAction<K>;
	memory: Memory<ConditionsResult>;
}

function compileRule<A, K extends RuleKind>(
	rule: RuleOf<A>,
	index: number,
	{ problems, compile, inConditions, inActions, memory }: Preparing<A, K>,
): CompiledRule<K> {
	const name = typeof rule?.name === 'string' && rule.name.trim() !== '' ? rule.name : `Rule ${index + 1}`;
	if (rule?.enabled === false) return { name, enabled: false, stop: false, conditions: { check: unreachable }, actions: [] };
	// What is wrong with a rule is thrown again when it would run, so that it harms only the orders that it is about.
	const attempt = <T>(make: () => T, otherwise: (error: unknown) => T): T => {
		try {
			return make();
		} catch (error) {
			problems.push({ rule: name, message: failureAlert(name, error).message });
			return otherwise(error);
		}
	};
	const rethrow = (error: unknown) => (): never => {
		throw error;
	};
	const checkedAction = (action: A): RunAction<K> => {
		assertKnownFields(action, inActions);
		return compile(action, name);
	};
	return {
		name,
		enabled: true,
		stop: rule?.stop === true,
		conditions: attempt(
			() => {
				assertKnownFields(rule.conditions, inConditions);
				return compileConditions(rule.conditions, rule.lineQuantifier, memory);
			},
			(error) => ({ check: rethrow(error) }),
		),
		actions: attempt(
			() => {
				if (!Array.isArray(rule.actions)) throw ruleProblem('The actions cannot be read.', 'Enter the actions of this rule again.');
				return rule.actions.map((action) => attempt(() => checkedAction(action), rethrow));
			},
			(error) => [rethrow(error)],
		),
	};
}

function unreachable(): never {
	throw new Error('A rule that is switched off was evaluated');
}

interface RuleRun<K extends RuleKind> {
	content: K['content'];
	decision: K['decision'] | Failure | null;
	stops: boolean;
	splitters: Array<K['splitter']>;
	trace: RuleTrace;
}

/** The trace alone = its conditions are not met; orders share it. */
function runRule<K extends RuleKind>(
	rule: CompiledRule<K>,
	content: K['content'],
	scope: Scope,
	context: K['context'],
	subject: Subject<K>,
): RuleRun<K> | RuleTrace {
	try {
		const checked = rule.conditions.check(scope);
		if (checked.met) return applyRule(rule, content, context, subject, { ...blankTrace(rule.name, 'applied'), conditions: checked.trace });
		return (checked.notMet ??= { ...blankTrace(rule.name, 'not_met'), conditions: checked.trace });
	} catch (error) {
		return failedRun(rule, content, blankTrace(rule.name, 'failed'), error);
	}
}

/** @param trace takes what the rule did */
function applyRule<K extends RuleKind>(
	rule: CompiledRule<K>,
	before: K['content'],
	context: K['context'],
	subject: Subject<K>,
	trace: RuleTrace,
): RuleRun<K> {
	try {
		const splitters: Array<K['splitter']> = [];
		let content = before;
		let decision: K['decision'] | null = null;
		let stops = rule.stop;
		for (const action of rule.actions) {
			const result = action(content, context);
			content = result.content;
			if (result.split !== undefined) splitters.push(result.split);
			if (result.holdServed) trace.result = 'hold_served';
			if (result.note !== undefined) trace.decided = result.note;
			if (result.decision !== undefined) {
				decision = result.decision;
				trace.decided = subject.describe(decision);
			}
			stops ||= decision !== null || result.stops === true;
			if (decision !== null || result.stops === true) break;
		}
		if (content !== before) trace.changes = changesBetween(before, content);
		return { content, decision, stops, splitters, trace };
	} catch (error) {
		return failedRun(rule, before, trace, error);
	}
}

/** What the rule changed before it failed is dropped: half a rule would be a state that nobody wrote down. */
function failedRun<K extends RuleKind>(rule: CompiledRule<K>, before: K['content'], trace: RuleTrace, error: unknown): RuleRun<K> {
	const alert = failureAlert(rule.name, error);
	Object.assign(trace, { result: 'failed', decided: alert.message } satisfies Partial<RuleTrace>);
	return { content: before, decision: { kind: 'error', rule: rule.name, alert }, stops: true, splitters: [], trace };
}

/** `differences` of what is not the very same object, for it writes out all that it compares. */
function changesBetween(before: RuleKind['content'], after: RuleKind['content']): FieldChange[] {
	const changes: FieldChange[] = [];
	const was = new Map<string, unknown>(Object.entries(before));
	for (const [key, value] of Object.entries<unknown>({ ...after })) {
		if (key !== 'lines' && was.get(key) !== value) addDifferences(changes, key, was.get(key), value);
	}
	if (before.lines !== after.lines)
		addDifferences(changes, 'lines', byId(without(before.lines, after.lines)), byId(without(after.lines, before.lines)));
	return changes;
}

/** Lines that are not the very same object in the others. */
function without(lines: readonly OrderedLine[], others: readonly OrderedLine[]): OrderedLine[] {
	const same = new Set(others);
	return lines.filter((line) => !same.has(line));
}

const blankTrace = (rule: string, result: RuleTrace['result']): RuleTrace => ({ rule, result, conditions: [], changes: [], decided: null });
