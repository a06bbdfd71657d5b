import { checkedValue, valueAt, withValue } from '../../order/layers';
import type { JsonValue, OrderContent } from '../../order/order';
import { orderScope, valueReader, type Scope } from '../paths';
import { ruleProblem } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Sets or clears a field, from a value or from another field of the order. */
export const setField: ActionDefinition<ActionOf<'setField'>> = {
	compile({ path, value }) {
		if (typeof path !== 'string') throw ruleProblem('The action names no field.', 'Choose the field to set.');
		const reader = valueReader(value, 'fixed');
		// A fixed value is checked once, and before any order meets it.
		const checked = reader.path === null ? checkedValue(path, (reader.read(NO_SCOPE) ?? null) as JsonValue) : null;
		return (content, context) => {
			const after =
				reader.path === null ? checked : checkedValue(path, (reader.read(orderScope(content, context)) ?? null) as JsonValue);
			assertLineExists(content, path);
			if (JSON.stringify(valueAt(content, path)) === JSON.stringify(after)) return { content };
			// Orders must not share an object with each other or with the rule.
			return { content: withValue(content, path, typeof after === 'object' ? structuredClone(after) : after) };
		};
	},
};

/** A fixed value needs no order. */
const NO_SCOPE = { content: {}, facts: {} } as unknown as Scope;

function assertLineExists(content: OrderContent, path: string): void {
	if (!path.startsWith('lines.') || content.lines.some(({ id }) => path.startsWith(`lines.${id}.`))) return;
	throw ruleProblem(
		`${path}: the order has no such line.`,
		`Its lines are: ${content.lines.slice(0, 20).map(({ id }) => id).join(', ') || 'none'}. Add a condition to the rule.`,
	);
}
