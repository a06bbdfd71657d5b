/**
 * Rules on orders: an order that no rule stops is accepted. Pure and synchronous: the same rules, order and clock give the same result, and nothing that is given
 * is changed.
 */
import type { OrderContent } from '../order/order';
import type { OrderPart } from '../order/parts';
import { shown } from '../order/errors';
import { firstIn } from '../order/present';
import { compilerOf } from './actions/common/fromRegistry';
import { ACTIONS } from './actions/registry';
import { prepareRules, type RuleProblems } from './engine';
import { partsOf, PARTS_LIMIT, type Splitter } from './parts';
import { countingLines } from './paths';
import { failureAlert } from './problem';
import type { Rule, RuleSettings, Undecided } from './rule';
import type { Decision, RuleContext, RuleOutcome } from './run';
import { ORDER, type OnOrders } from './subjects/order';

const compileAction = compilerOf<OnOrders>(ACTIONS);

export interface CompiledRules {
	/** Never throws for a bad rule: that puts the order in Error `rule_failed`. */
	evaluate(content: OrderContent, context: RuleContext): RuleOutcome;
	problems: RuleProblems;
}

/** Runs the rules on one order. For many orders compile once: `compileRules`. */
export const evaluate = (rules: Rule[], content: OrderContent, context: RuleContext): RuleOutcome =>
	compileRules(rules).evaluate(content, context);

/** Reads and checks the rules once, for many orders. Never throws: a bad rule fails the orders that it would apply to. */
export function compileRules(rules: Rule[], { zone = 'UTC', undecided = 'accept' }: RuleSettings = {}): CompiledRules {
	const { problems, run } = prepareRules(rules, compileAction, ORDER);
	return {
		problems,
		evaluate(given, around) {
			const context = { ...around, zone };
			const { trace, stopped, splitters, ...result } = run(given, context);
			let { content } = result;
			const decision = result.decision ?? finalDecision(content, context, stopped ? 'accept' : undecided, splitters);
			// The only warehouse counts as chosen, so that whoever reads the order later sees where it goes. One that is split goes to several.
			if (decision.kind === 'route' && decision.parts === undefined && content.warehouse !== decision.warehouse)
				content = { ...content, warehouse: decision.warehouse };
			return { decision, content, trace };
		},
	};
}

/** What becomes of an order that no rule decided about. */
function finalDecision(content: OrderContent, context: RuleContext, undecided: Undecided, splitters: readonly Splitter[]): Decision {
	const lines = countingLines(content);
	if (lines.length === 0) return { kind: 'skip', rule: null, reason: 'nothing to ship' };
	const accepted = content.warehouse !== null || lines.every(({ warehouse }) => warehouse !== undefined);
	if (!accepted && undecided === 'skip') return { kind: 'skip', rule: null, reason: 'no rule accepted the order' };
	if (!accepted && undecided === 'error') {
		return failed(
			'No rule accepted the order. Add a rule for orders like this one, or change what happens to orders that no rule accepts.',
		);
	}
	const known = [...new Set(context.warehouses)];
	const fallback = content.warehouse ?? (known.length === 1 ? (known[0] ?? null) : null);
	// Most orders go whole.
	if (splitters.length === 0 && lines.every(({ warehouse }) => warehouse === undefined)) return routed(fallback, known);
	try {
		const parts = partsOf(content, context, fallback, splitters);
		if (parts.length > PARTS_LIMIT)
			return failed(`The order would be split into ${parts.length} parts; the most are ${PARTS_LIMIT}. Change the split.`);
		const listed: OrderPart[] = [];
		for (const { warehouse, lines: quantities } of parts) {
			const decision = routed(warehouse, known);
			if (decision.kind !== 'route') return decision;
			listed.push({ warehouse: decision.warehouse, lines: quantities });
		}
		const { warehouse } = firstIn(listed, 'A part of the order');
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
	if (chosen !== null)
		return failed(
			`The warehouse ${shown(chosen)} is not listed. Known warehouses: ${list}. Correct the rule that chose it, or add it to the list.`,
		);
	return failed(
		known.length === 0
			? 'No warehouse was chosen. Add a route action to your rules, or list the warehouse in the node.'
			: `No rule chose a warehouse. Add a route action to your rules; known warehouses: ${list}.`,
	);
}
