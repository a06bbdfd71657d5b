/**
 * Reads the rules from the node's parameters. Left sides that are plain paths stay unresolved, for our engine evaluates them
 * on the order as it is when the rule runs; any other expression is resolved by n8n, once, against the incoming item.
 */
import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeParameters } from 'n8n-workflow';
import { FulfillmentError, shown } from '../../../lib/order/errors';
import { compileRules, type CompiledRules } from '../../../lib/rules/evaluate';
import { readActionOf } from '../../../lib/rules/actions/common/fromRegistry';
import { isExpression, readConditions, type Resolve } from '../../../lib/rules/actions/common/reading';
import { ACTIONS, type Action } from '../../../lib/rules/actions/registry';
import type { LineQuantifier } from '../../../lib/rules/conditionSet';
import type { RuleOf, RuleSettings } from '../../../lib/rules/rule';

export function readWarehouses(context: IExecuteFunctions): string[] {
	const { list = [] } = context.getNodeParameter('warehouses', 0, {}) as { list?: Array<{ code?: unknown }> };
	return [...new Set(list.map(({ code }) => String(code ?? '').trim()).filter((code) => code !== ''))];
}

export interface RulesReader<C = CompiledRules> {
	/** Throws NodeOperationError for rules that cannot be told apart. */
	rulesFor(itemIndex: number): C;
	/** What is wrong with the rules that were read so far, for the person who wrote them. */
	hints(): string[];
}

/** What differs between rules for orders and rules for shipments. */
interface Kind<A, C> {
	read(resolve: Resolve, action: IDataObject, zone: string): A;
	compile(rules: Array<RuleOf<A>>): C;
	/** The action of a rule that cannot be read. */
	failing(message: string): A;
	/** What a bad rule does until somebody mends it. */
	harm: string;
}

/** One action on orders, from the parameters of its row. */
export const readAction = readActionOf(ACTIONS);

export const rulesReader = (context: IExecuteFunctions, settings: RuleSettings): RulesReader =>
	readerOf<Action, CompiledRules>(context, (context.getNode().parameters.rules ?? {}) as INodeParameters, {
		read: readAction,
		compile: (rules) => compileRules(rules, settings),
		failing: (message) => ({ kind: 'fail', message }),
		harm: 'Until then, orders that this rule applies to go to Error.',
	});

/** Compiles once when n8n has nothing to resolve, else once an item. */
export function readerOf<A extends { kind: string }, C extends Pick<CompiledRules, 'problems'>>(
	context: IExecuteFunctions,
	raw: IDataObject,
	kind: Kind<A, C>,
): RulesReader<C> {
	const entries = Array.isArray(raw.list) ? (raw.list as IDataObject[]) : [];
	const hints = new Set<string>();
	let forAll: C | null = null;
	return {
		rulesFor(itemIndex) {
			if (forAll !== null) return forAll;
			const { resolve, resolvedAny } = resolver(context, itemIndex);
			const rules = entries.map((entry, index) => readRule(resolve, entry, index, context.getTimezone(), kind));
			for (const hint of checkNames(context, rules, itemIndex)) hints.add(hint);
			const compiled = kind.compile(rules);
			for (const { message } of compiled.problems) hints.add(`${message} ${kind.harm}`);
			if (!resolvedAny()) forAll = compiled;
			return compiled;
		},
		hints: () => [...hints].slice(0, MOST_HINTS),
	};
}

/** Each item may have a problem of its own; n8n shows all hints above the output. */
const MOST_HINTS = 5;

/** A hold that was served is remembered by the name of its rule, so two holding rules of one name would count as one. */
function checkNames(context: IExecuteFunctions, rules: ReadonlyArray<RuleOf<{ kind: string }>>, itemIndex: number): string[] {
	const hints: string[] = [];
	const seen = new Map<string, RuleOf<{ kind: string }>>();
	const holds = ({ actions }: RuleOf<{ kind: string }>): boolean => actions.some(({ kind }) => kind === 'hold' || kind === 'bundle');
	for (const rule of rules.filter(({ enabled }) => enabled)) {
		const other = seen.get(rule.name);
		if (other && holds(other) && holds(rule)) {
			throw new NodeOperationError(context.getNode(), `Two rules that hold orders have the same name, "${rule.name}".`, {
				itemIndex,
				description:
					'Give each a name of its own: a hold that is over is remembered by the name, so the second rule would never hold an order.',
			});
		}
		if (other) hints.push(`Two rules have the same name, "${rule.name}". Rename one, so that the timeline says which of them it was.`);
		if (!other || holds(rule)) seen.set(rule.name, rule);
	}
	return hints;
}

/** Resolves values against one item; literals pass. Says whether n8n had to resolve any, so that the rules are the item's own. */
function resolver(context: IExecuteFunctions, itemIndex: number): { resolve: Resolve; resolvedAny(): boolean } {
	let any = false;
	return {
		resolve: (value, fallback) => {
			any ||= isExpression(value);
			const found = isExpression(value) ? context.evaluateExpression(value.slice(1), itemIndex) : value;
			return (found ?? fallback) as typeof fallback;
		},
		resolvedAny: () => any,
	};
}

/** Rules that are kept for many workflows. Throws FulfillmentError: an expression needs an item, and which one would that be? */
export function readSharedRules<A>(
	raw: IDataObject,
	zone: string,
	read: (resolve: Resolve, action: IDataObject, zone: string) => A,
): Array<RuleOf<A>> {
	const entries = Array.isArray(raw.list) ? (raw.list as IDataObject[]) : [];
	return entries.map((entry, index) => {
		const name = typeof entry.name === 'string' && entry.name.trim() !== '' ? entry.name.trim() : `Rule ${index + 1}`;
		const resolve: Resolve = (value, fallback) => {
			if (!isExpression(value)) return (value ?? fallback) as typeof fallback;
			throw new FulfillmentError(
				'invalid_input',
				`Rule ${shown(name)}: the expression ${shown(value)} cannot be kept in a shared rule set.`,
				'Use a field of the order such as {{ $json.total }} where rules read one, or a fixed value.',
			);
		};
		return ruleOf(resolve, entry, name, (action) => read(resolve, action, zone));
	});
}

const ruleOf = <A>(resolve: Resolve, entry: IDataObject, name: string, read: (action: IDataObject) => A): RuleOf<A> => ({
	name,
	enabled: resolve(entry.enabled, true),
	conditions: readConditions(resolve, entry.conditions),
	lineQuantifier: resolve<LineQuantifier>(entry.lineQuantifier, 'any'),
	actions: (((entry.actions as IDataObject | undefined)?.list ?? []) as IDataObject[]).map(read),
	stop: resolve(entry.stop, false),
});

/** An expression that fails is the problem of the orders that meet the rule; it neither stops others nor lets these pass. */
function readRule<A, C>(resolve: Resolve, entry: IDataObject, index: number, zone: string, { read, failing }: Kind<A, C>): RuleOf<A> {
	const name = `Rule ${index + 1}`;
	const unusable: RuleOf<A> = { name, enabled: true, conditions: null, lineQuantifier: 'any', actions: [], stop: false };
	const failed = (error: unknown): A =>
		failing(`An expression could not be resolved: ${error instanceof Error ? error.message : String(error)}`);
	try {
		unusable.name = String(resolve(entry.name, '')).trim() || name;
		return ruleOf(resolve, entry, unusable.name, (action) => {
			try {
				return read(resolve, action, zone);
			} catch (error) {
				return failed(error);
			}
		});
	} catch (error) {
		return { ...unusable, actions: [failed(error)] };
	}
}
