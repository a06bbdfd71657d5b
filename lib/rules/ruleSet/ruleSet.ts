/**
 * Rule sets: rules that many workflows use, kept in the order store and moved between systems as JSON. The published schema is
 * docs/rule-set.schema.json; what this file checks is what it says.
 */
import { FulfillmentError, shown } from '../../order/errors';
import { jsonOf } from '../../order/json';
import type { JsonValue } from '../../order/order';
import { shapesOf } from '../actions/common/fromRegistry';
import { ACTIONS, type Action } from '../actions/registry';
import { conditionSet } from '../conditionSet';
import { compileRules } from '../evaluate';
import type { Rule, RuleOf, Undecided } from '../rule';
import { compileShipmentRules, type ShipmentRule } from '../shipment';
import { SHIPMENT_ACTIONS, type ShipmentAction } from '../shipmentActions/registry';
import { boolean, choice, list, nullable, object, oneOf, otherwise, text, type Fields, type JsonSchema, type Shape } from './shape';

interface Common {
	/** Of this format. A later one that old versions cannot read gets another number. */
	format: 1;
	/** How workflows name it, and the timeline of every order. */
	name: string;
	description: string | null;
}

/** Rules on orders, for Order Rules. */
interface OrderRuleSet extends Common {
	kind: 'order';
	undecided: Undecided;
	rules: Rule[];
}

/** Rules on shipments before the cart is told, for Cart Update. */
interface ShipmentRuleSet extends Common {
	kind: 'shipment';
	rules: ShipmentRule[];
}

export type RuleSet = OrderRuleSet | ShipmentRuleSet;
export type RuleSetKind = RuleSet['kind'];

/** What each kind holds, and the node that uses it. */
export const RULE_SET_KINDS: Readonly<Record<RuleSetKind, { label: string; node: string }>> = {
	order: { label: 'order rules', node: 'Order Rules' },
	shipment: { label: 'shipment rules', node: 'Cart Update' },
};

const SCHEMA_ID =
	'https://raw.githubusercontent.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/main/docs/rule-set.schema.json';

const rulesOf = <A>(action: Shape<A>): Shape<Array<RuleOf<A>>> =>
	list(
		object<RuleOf<A>>({
			name: text({ least: 1, most: 200, description: 'Shown in the timeline of every order that the rule touched.' }),
			enabled: otherwise(boolean, true),
			conditions: nullable(conditionSet),
			lineQuantifier: otherwise(oneOf('any', 'all', 'none'), 'any'),
			actions: list(action, { most: 100 }),
			stop: otherwise(boolean, false),
		} as Fields<RuleOf<A>>),
		{ most: 500 },
	);

/** A set with the wrong actions is mostly one of the other kind. */
const ofOtherKind =
	(kind: RuleSetKind, shapes: object) =>
	(name: string): string | null =>
		Object.hasOwn(shapes, name) ? `is an action of ${RULE_SET_KINDS[kind].label} ("kind": "${kind}")` : null;

const action = choice<'kind', Action>('kind', shapesOf(ACTIONS), { unknownChoice: ofOtherKind('shipment', SHIPMENT_ACTIONS) });
const shipmentAction = choice<'kind', ShipmentAction>('kind', shapesOf(SHIPMENT_ACTIONS), { unknownChoice: ofOtherKind('order', ACTIONS) });

type Editable<T> = T & { $schema?: string };

const common = { $schema: text(), format: oneOf(1), name: text({ least: 1, most: 100 }), description: nullable(text()) };

const ruleSet: Shape<Editable<RuleSet>> = choice<'kind', Editable<RuleSet>>(
	'kind',
	{
		order: object<Editable<Omit<OrderRuleSet, 'kind'>>>(
			{ ...common, undecided: otherwise(oneOf('accept', 'skip', 'error'), 'accept'), rules: rulesOf(action) },
			['$schema'],
		),
		shipment: object<Editable<Omit<ShipmentRuleSet, 'kind'>>>({ ...common, rules: rulesOf(shipmentAction) }, ['$schema']),
	},
	// Sets were all of orders once.
	{ fallback: 'order' },
);

/** The published JSON Schema (2020-12). */
export const ruleSetSchema = (): JsonSchema => ({
	$schema: 'https://json-schema.org/draft/2020-12/schema',
	$id: SCHEMA_ID,
	title: 'Rule set',
	description:
		'Rules from top to bottom: export and import format of n8n-nodes-order-fulfillment. "kind" says what they are about: "order" (as without it) = orders, for Order Rules; "shipment" = shipments before the cart is told, for Cart Update.',
	...ruleSet.schema,
});

/** How many problems a message names. */
const MOST = 5;

/**
 * Checks JSON that is to be a rule set and gives it with its defaults. Throws FulfillmentError `invalid_input` that names what is
 * wrong and where, also for rules that could never work (an unknown field, a kit that contains itself).
 *
 * @example checkedRuleSet({ format: 1, name: 'EU', rules: [] }).kind // "order"
 */
export function checkedRuleSet(given: unknown): RuleSet {
	const problems: string[] = [];
	const checked = ruleSet.check(given, '', problems);
	if (problems.length === 0) {
		// Editors read it; for us the format counts.
		delete checked.$schema;
		const { problems: unusable } = checked.kind === 'order' ? compileRules(checked.rules) : compileShipmentRules(checked.rules);
		problems.push(...sameNames(checked.rules), ...unusable.map(({ message }) => message));
	}
	if (problems.length === 0) return { ...checked, name: checked.name.trim() };
	const more = problems.length > MOST ? ` … and ${problems.length - MOST} more.` : '';
	throw new FulfillmentError(
		'invalid_input',
		`The rule set cannot be used. ${problems.slice(0, MOST).join(' ')}${more}`,
		'Correct it and save it again; docs/rule-set.schema.json describes every field.',
	);
}

/** A served hold is remembered by the name of its rule, and the timeline names rules. */
function sameNames(rules: ReadonlyArray<{ name: string }>): string[] {
	const seen = new Set<string>();
	return rules.flatMap(({ name }, index) => {
		if (!seen.has(name)) {
			seen.add(name);
			return [];
		}
		return [`rules[${index}].name: another rule has the name "${name}" as well.`];
	});
}

/** What is kept and exported. Sets of orders are written without their kind, as ever: no new version of them, and older programs read them. */
export function contentOf(set: RuleSet): JsonValue {
	const { kind, ...rest } = set;
	return jsonOf(kind === 'order' ? rest : { kind, ...rest });
}

/** The kind of a set as it is kept, without a look at the rest of it. */
export const kindOf = (content: JsonValue): RuleSetKind =>
	typeof content === 'object' && content !== null && !Array.isArray(content) && content.kind === 'shipment' ? 'shipment' : 'order';

/** Checks a kept set that is to be of this kind. Throws FulfillmentError `invalid_input` that says where a set of the other kind belongs. */
export function ruleSetOfKind<K extends RuleSetKind>(content: JsonValue, name: string, kind: K): Extract<RuleSet, { kind: K }> {
	const found = kindOf(content);
	if (found !== kind) throw otherKind(name, found, kind);
	return checkedRuleSet(content) as Extract<RuleSet, { kind: K }>;
}

function otherKind(name: string, found: RuleSetKind, wanted: RuleSetKind): FulfillmentError {
	const [is, needs] = [RULE_SET_KINDS[found], RULE_SET_KINDS[wanted]];
	return new FulfillmentError(
		'invalid_input',
		`The rule set ${shown(name)} holds ${is.label}, but ${needs.node} needs ${needs.label}.`,
		`Choose a set of ${needs.label} under "Rule Set"; this one is for ${is.node}.`,
	);
}
