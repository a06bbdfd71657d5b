import { jsonOf } from '../../order/json';
import { checkedValue, valueAt, withValue } from '../../order/layers';
import type { JsonValue, OrderContent } from '../../order/order';
import { valueReader } from '../paths';
import { ruleProblem } from '../problem';
import { object, text, valueOrField } from '../ruleSet/shape';
import { orderScope } from '../subjects/order';
import type { RuleAction } from './common/action';
import { orderField, orderFieldOf } from './common/fields';

interface SetField {
	/** Settable fields (see SETTABLE_PATHS), `custom.<name>`, `lines.<id>.<field>`. */
	path: string;
	/** Null clears the field. A plain path expression is read from the order as it is at that moment. */
	value: JsonValue;
}

/** Sets or clears a field, from a value or from another field of the order. */
export const setField: RuleAction<SetField> = {
	option: { name: 'Set Field', action: 'Set a field', description: 'Any field of the order or address, or a custom one' },
	shape: object<SetField>({ path: text({ least: 1 }), value: valueOrField }),
	fields: [
		...orderField,
		{
			displayName: 'Value',
			name: 'value',
			type: 'string',
			default: '',
			description: 'Empty clears the field. An expression is resolved against the incoming item, before any rule ran.',
		},
	],
	read: (given) => ({ path: orderFieldOf(given), value: given.value('value') }),
	compile({ path, value }) {
		if (typeof path !== 'string') throw ruleProblem('The action names no field.', 'Choose the field to set.');
		const reader = valueReader(value, 'fixed');
		// A fixed value is checked once, and before any order meets it.
		const checked = reader.path === null ? checkedValue(path, jsonOf(reader.value)) : null;
		return (content, context) => {
			const after = reader.path === null ? checked : checkedValue(path, jsonOf(reader.read(orderScope(content, context))));
			assertLineExists(content, path);
			if (JSON.stringify(valueAt(content, path)) === JSON.stringify(after)) return { content };
			// Orders must not share an object with each other or with the rule.
			return { content: withValue(content, path, typeof after === 'object' ? structuredClone(after) : after) };
		};
	},
};

function assertLineExists(content: OrderContent, path: string): void {
	if (!path.startsWith('lines.') || content.lines.some(({ id }) => path.startsWith(`lines.${id}.`))) return;
	throw ruleProblem(
		`${path}: the order has no such line.`,
		`Its lines are: ${
			content.lines
				.slice(0, 20)
				.map(({ id }) => id)
				.join(', ') || 'none'
		}. Add a condition to the rule.`,
	);
}
