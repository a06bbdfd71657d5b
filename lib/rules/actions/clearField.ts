import { object, text } from '../ruleSet/shape';
import type { RuleAction } from './common/action';
import { orderField, orderFieldOf } from './common/fields';
import { setField } from './setField';

interface ClearField {
	path: string;
}

/** Empties a field. "Signature required" has no empty value and becomes false. */
export const clearField: RuleAction<ClearField> = {
	option: { name: 'Clear Field', action: 'Clear a field', description: 'Any field of the order or address, or a custom one' },
	shape: object<ClearField>({ path: text({ least: 1 }) }),
	fields: orderField,
	read: (given) => ({ path: orderFieldOf(given) }),
	compile: ({ path }, rule) => setField.compile({ path, value: path === 'signatureRequired' ? false : null }, rule),
};
