/** The conditions of a rule as data, and as the JSON of a rule set. */
import { boolean, list, object, oneOf, otherwise, text, valueOrField, type Shape } from './ruleSet/shape';

/**
 * The value of n8n's condition builder (`filter` parameter), sides unresolved where they are plain paths
 * (`={{ $json.shippingAddress.country }}`). Other expressions are resolved before; what
 * they gave goes through `resolved` of paths.ts, so that a text of a customer is never taken for an expression.
 */
export interface ConditionSet {
	options: { caseSensitive: boolean; leftValue: string; typeValidation: 'strict' | 'loose'; version: 1 | 2 | 3 };
	conditions: Array<{
		id: string;
		leftValue: unknown;
		operator: { type: string; operation: string; rightType?: string | undefined; singleValue?: boolean };
		rightValue: unknown;
	}>;
	combinator: 'and' | 'or';
}

/** Of how many lines a condition on a field of a line must be true. */
export type LineQuantifier = 'any' | 'all' | 'none';

type Condition = ConditionSet['conditions'][number];

const OPTIONS: ConditionSet['options'] = { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 };

/** Actions on lines refuse it: it would mean all lines, or none. */
export const NO_CONDITIONS: ConditionSet = { options: OPTIONS, combinator: 'and', conditions: [] };

/** As n8n's condition builder writes it. */
export const conditionSet: Shape<ConditionSet> = object<ConditionSet>({
	options: otherwise(
		object<ConditionSet['options']>({
			caseSensitive: otherwise(boolean, true),
			leftValue: otherwise(text(), ''),
			typeValidation: otherwise(oneOf('strict', 'loose'), 'loose'),
			version: otherwise(oneOf(1, 2, 3), 2),
		}),
		OPTIONS,
	),
	combinator: otherwise(oneOf('and', 'or'), 'and'),
	conditions: list(
		object<Condition>({
			id: otherwise(text(), ''),
			leftValue: valueOrField as Shape<unknown>,
			operator: object<Condition['operator'] & { name?: string }>(
				{ type: text({ least: 1 }), operation: text({ least: 1 }), rightType: text(), singleValue: boolean, name: text() },
				['rightType', 'singleValue', 'name'],
			),
			rightValue: otherwise(valueOrField as Shape<unknown>, ''),
		}),
		{ most: 200 },
	),
});
