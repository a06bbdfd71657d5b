import type { ActionDefinition, ActionOf } from './action';
import { setField } from './setField';

/** Empties a field. "Signature required" has no empty value and becomes false. */
export const clearField: ActionDefinition<ActionOf<'clearField'>> = {
	compile: ({ path }, rule) => setField.compile({ kind: 'setField', path, value: path === 'signatureRequired' ? false : null }, rule),
};
