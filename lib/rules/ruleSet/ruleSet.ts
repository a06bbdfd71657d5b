/**
 * Rule sets: rules that many workflows use, kept in the order store and moved between systems as JSON. The published schema is
 * docs/rule-set.schema.json; what this file checks is what it says.
 */
import { FulfillmentError } from '../../order/errors';
import { compileRules } from '../evaluate';
import type { Rule, Undecided } from '../rule';
import { action, conditionSet } from './actionShapes';
import { boolean, list, nullable, object, oneOf, otherwise, text, type JsonSchema, type Shape } from './shape';

export interface RuleSet {
	/** Of this format. A later one that old versions cannot read gets another number. */
	format: 1;
	/** How workflows name it, and the timeline of every order. */
	name: string;
	description: string | null;
	undecided: Undecided;
	rules: Rule[];
}

export const SCHEMA_ID = 'https://raw.githubusercontent.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/main/docs/rule-set.schema.json';

const rule: Shape<Rule> = object<Rule>({
	name: text({ least: 1, most: 200, description: 'Stands in the timeline of every order that the rule touched.' }),
	enabled: otherwise(boolean, true),
	conditions: nullable(conditionSet),
	lineQuantifier: otherwise(oneOf('any', 'all', 'none'), 'any'),
	actions: list(action, { most: 100 }),
	stop: otherwise(boolean, false),
});

const ruleSet: Shape<RuleSet & { $schema?: string }> = object<RuleSet & { $schema?: string }>(
	{
		$schema: text(),
		format: oneOf(1),
		name: text({ least: 1, most: 100 }),
		description: nullable(text()),
		undecided: otherwise(oneOf('accept', 'skip', 'error'), 'accept'),
		rules: list(rule, { most: 500 }),
	},
	['$schema'],
);

/** The published JSON Schema (2020-12). */
export const ruleSetSchema = (): JsonSchema => ({
	$schema: 'https://json-schema.org/draft/2020-12/schema',
	$id: SCHEMA_ID,
	title: 'Rule set',
	description: 'Rules for orders, from top to bottom: export and import format of n8n-nodes-order-fulfillment.',
	...ruleSet.schema,
});

/** How many problems a message names. */
const MOST = 5;

/**
 * Checks JSON that is to be a rule set and gives it with its defaults. Throws FulfillmentError `invalid_input` that names what is
 * wrong and where, also for rules that could never work (an unknown field, a kit that contains itself).
 *
 * @example checkedRuleSet({ format: 1, name: 'EU', rules: [] }).undecided // "accept"
 */
export function checkedRuleSet(given: unknown): RuleSet {
	const problems: string[] = [];
	const checked = ruleSet.check(given, '', problems);
	if (problems.length === 0) {
		// Editors read it; for us the format counts.
		delete checked.$schema;
		problems.push(...sameNames(checked.rules), ...compileRules(checked.rules).problems.map(({ message }) => message));
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
function sameNames(rules: readonly Rule[]): string[] {
	const seen = new Set<string>();
	return rules.flatMap(({ name }, index) => {
		if (!seen.has(name)) {
			seen.add(name);
			return [];
		}
		return [`rules[${index}].name: another rule has the name "${name}" as well.`];
	});
}
