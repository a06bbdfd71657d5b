/**
 * The rule engine: rules run from top to bottom, the output of one feeds the next, and an order that no rule stops is
 * accepted. Pure and synchronous: the same rules, order and clock give the same result, and nothing that is given is changed.
 */
import { addDifferences, byId } from '../order/layers';
import type { OrderContent } from '../order/order';
import type { OrderPart } from '../order/parts';
import { shown } from '../order/errors';
import type { FieldChange } from '../order/timeline';
import type { RunAction } from './actions/action';
import { compileAction } from './actions/registry';
import { compileConditions, type ConditionsResult, type OrderConditions } from './conditions';
import { assertKnownFields } from './fields';
import { Memory } from './memory';
import { partsOf, PARTS_LIMIT, type Splitter } from './parts';
import { countingLines, orderScope, type Scope } from './paths';
import { failureAlert, ruleProblem } from './problem';
import type { Decision, Rule, RuleContext, RuleOf, RuleOutcome, RuleSettings, RuleTrace, Undecided } from './rule';

export interface CompiledRules {
	/** Never throws for a bad rule: that puts the order in Error `rule_failed`. */
	evaluate(content: OrderContent, context: RuleContext): RuleOutcome;
	/** Rules that cannot work as they are written, whatever the order: to be told before any order meets them. */
	problems: Array<{ rule: string; message: string }>;
}

/** Runs the rules on one order. For many orders compile once: `compileRules`. */
export const evaluate = (rules: Rule[], content: OrderContent, context: RuleContext): RuleOutcome =>
	compileRules(rules).evaluate(content, context);

/** Reads and checks the rules once, for many orders. Never throws: a bad rule fails the orders that it would apply to. */
export function compileRules(rules: Rule[], { zone = 'UTC', undecided = 'accept' }: RuleSettings = {}): CompiledRules {
	const { problems, run } = prepareRules(rules, compileAction, 'order');
	return {
		problems,
		evaluate(given, around) {
			const context = { ...around, zone };
			const { trace, stopped, splitters, ...result } = run(given, context);
			let { content } = result;
			const decision = result.decision ?? finalDecision(content, context, stopped ? 'accept' : undecided, splitters);
			// The only warehouse counts as chosen, so that whoever reads the order later sees where it goes. One that is split goes to several.
			if (decision.kind === 'route' && decision.parts === undefined && content.warehouse !== decision.warehouse) content = { ...content, warehouse: decision.warehouse };
			return { decision, content, trace };
		},
	};
}

export interface RulesRun {
	content: OrderContent;
	/** Of the last rule that ran; null = none decided. */
	decision: Decision | null;
	stopped: boolean;
	/** What divides an order that no rule decided about. */
	splitters: Splitter[];
	trace: RuleTrace[];
}

/**
 * Rules of any kind, read and checked once.
 *
 * @param compile makes an action; throws FulfillmentError for one that is not valid
 * @param fields whose fields the rules may read
 */
export function prepareRules<A>(
	rules: ReadonlyArray<RuleOf<A>>,
	compile: (action: A, rule: string) => RunAction,
	fields: 'order' | 'shipment',
): { problems: CompiledRules['problems']; run(content: OrderContent, context: RuleContext): RulesRun } {
	const problems: CompiledRules['problems'] = [];
	const memory = new Memory<ConditionsResult>();
	const compiled = rules.map((rule, index) => compileRule(rule, index, problems, compile, fields, memory));
	return {
		problems,
		run(given, context) {
			let content = given;
			let decision: Decision | null = null;
			let stopped = false;
			const splitters: Splitter[] = [];
			let scope = orderScope(content, context);
			const trace = compiled.map((rule): RuleTrace => {
				if (!rule.enabled) return blankTrace(rule.name, 'off');
				if (stopped) return blankTrace(rule.name, 'stopped');
				const run = runRule(rule, scope, context);
				if (!('content' in run)) return run;
				content = run.content;
				decision = run.decision;
				stopped = run.stops;
				splitters.push(...run.splitters);
				if (content !== scope.content) scope = orderScope(content, context);
				return run.trace;
			});
			return { content, decision, stopped, splitters, trace };
		},
	};
}

interface CompiledRule {
	name: string;
	enabled: boolean;
	stop: boolean;
	conditions: OrderConditions;
	actions: RunAction[];
}

function compileRule<A>(
	rule: RuleOf<A>,
	index: number,
	problems: CompiledRules['problems'],
	compile: (action: A, rule: string) => RunAction,
	fields: 'order' | 'shipment',
	memory: Memory<ConditionsResult>,
): CompiledRule {
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
	const checkedAction = (action: A): RunAction => {
		assertKnownFields(action, fields === 'order' ? 'line' : fields);
		return compile(action, name);
	};
	return {
		name,
		enabled: true,
		stop: rule?.stop === true,
		conditions: attempt(
			() => {
				assertKnownFields(rule.conditions, fields);
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

interface RuleRun {
	content: OrderContent;
	decision: Decision | null;
	stops: boolean;
	splitters: Splitter[];
	trace: RuleTrace;
}

/** The trace alone = its conditions are not met; orders share it. */
function runRule(rule: CompiledRule, scope: Scope, context: RuleContext): RuleRun | RuleTrace {
	try {
		const checked = rule.conditions.check(scope);
		if (checked.met) return applyRule(rule, scope.content, context, { ...blankTrace(rule.name, 'applied'), conditions: checked.trace });
		return (checked.notMet ??= { ...blankTrace(rule.name, 'not_met'), conditions: checked.trace });
	} catch (error) {
		return failedRun(rule, scope.content, blankTrace(rule.name, 'failed'), error);
	}
}

/** @param trace takes what the rule did */
function applyRule(rule: CompiledRule, before: OrderContent, context: RuleContext, trace: RuleTrace): RuleRun {
	try {
		const splitters: Splitter[] = [];
		let content = before;
		let decision: Decision | null = null;
		let stops = rule.stop;
		for (const action of rule.actions) {
			const result = action(content, context);
			content = result.content;
			if (result.split !== undefined) splitters.push(result.split);
			if (result.holdServed) trace.result = 'hold_served';
			if (result.note !== undefined) trace.decided = result.note;
			if (result.decision !== undefined) {
				decision = result.decision;
				trace.decided = describeDecision(decision);
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
function failedRun(rule: CompiledRule, before: OrderContent, trace: RuleTrace, error: unknown): RuleRun {
	const alert = failureAlert(rule.name, error);
	Object.assign(trace, { result: 'failed', decided: alert.message } satisfies Partial<RuleTrace>);
	return { content: before, decision: { kind: 'error', rule: rule.name, alert }, stops: true, splitters: [], trace };
}

/** `differences` of what is not the very same object, for it writes out all that it compares. */
function changesBetween(before: OrderContent, after: OrderContent): FieldChange[] {
	const changes: FieldChange[] = [];
	for (const key of Object.keys(after) as Array<keyof OrderContent>) {
		if (key !== 'lines' && before[key] !== after[key]) addDifferences(changes, key, before[key], after[key]);
	}
	if (before.lines !== after.lines) {
		const changed = (content: OrderContent, other: OrderContent) => {
			const same = new Set(other.lines);
			return byId(content.lines.filter((line) => !same.has(line)));
		};
		addDifferences(changes, 'lines', changed(before, after), changed(after, before));
	}
	return changes;
}

const blankTrace = (rule: string, result: RuleTrace['result']): RuleTrace => ({ rule, result, conditions: [], changes: [], decided: null });

function describeDecision(decision: Decision): string {
	switch (decision.kind) {
		case 'skip':
			return `skipped: ${decision.reason}`;
		case 'hold':
			return decision.until === null ? `held ${decision.reason}` : `held until ${decision.until}`;
		case 'bundle':
			return `waits until ${decision.until} ${decision.reason}`;
		case 'archive':
			return `archived: ${decision.reason}`;
		case 'error':
			return decision.alert.message;
		case 'route':
			return `routed to ${decision.warehouse}`;
	}
}

/** What becomes of an order that no rule decided about. */
function finalDecision(content: OrderContent, context: RuleContext, undecided: Undecided, splitters: readonly Splitter[]): Decision {
	const lines = countingLines(content);
	if (lines.length === 0) return { kind: 'skip', rule: null, reason: 'nothing to ship' };
	const accepted = content.warehouse !== null || lines.every(({ warehouse }) => warehouse !== undefined);
	if (!accepted && undecided === 'skip') return { kind: 'skip', rule: null, reason: 'no rule accepted the order' };
	if (!accepted && undecided === 'error') {
		return failed('No rule accepted the order. Add a rule for orders like this one, or change what happens to orders that no rule accepts.');
	}
	const known = [...new Set(context.warehouses)];
	const fallback = content.warehouse ?? (known.length === 1 ? known[0]! : null);
	// Most orders go whole.
	if (splitters.length === 0 && lines.every(({ warehouse }) => warehouse === undefined)) return routed(fallback, known);
	try {
		const parts = partsOf(content, context, fallback, splitters);
		if (parts.length > PARTS_LIMIT) return failed(`The order would be split into ${parts.length} parts; the most are ${PARTS_LIMIT}. Change the split.`);
		const listed: OrderPart[] = [];
		for (const { warehouse, lines: quantities } of parts) {
			const decision = routed(warehouse, known);
			if (decision.kind !== 'route') return decision;
			listed.push({ warehouse: decision.warehouse, lines: quantities });
		}
		const { warehouse } = listed[0]!;
		return listed.length === 1 ? { kind: 'route', warehouse } : { kind: 'route', warehouse, parts: listed };
	} catch (error) {
		return { kind: 'error', rule: null, alert: failureAlert('split', error) };
	}
}

const failed = (message: string): Decision => ({ kind: 'error', rule: null, alert: { code: 'rule_failed', message } });

/** To this warehouse; or why an order cannot go there. */
function routed(chosen: string | null, known: readonly string[]): Decision {
	if (chosen !== null && (known.length === 0 || known.includes(chosen))) return { kind: 'route', warehouse: chosen };
	const list = known.map((code) => shown(code)).join(', ');
	if (chosen !== null) return failed(`The warehouse ${shown(chosen)} is not listed. Known warehouses: ${list}. Correct the rule that chose it, or add it to the list.`);
	return failed(
		known.length === 0
			? 'No warehouse was chosen. Add a route action to your rules, or list the warehouse in the node.'
			: `No rule chose a warehouse. Add a route action to your rules; known warehouses: ${list}.`,
	);
}
