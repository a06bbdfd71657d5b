/** Fields that several actions have. The editor shows each of them once, for all its actions. */
import { SETTABLE_PATHS } from '../../../order/layers';
import type { Field } from './field';
import type { FieldReader } from './reading';

export const warehouse: Field = {
	displayName: 'Warehouse',
	name: 'warehouse',
	type: 'string',
	default: '',
	placeholder: 'BER',
	description: 'One of the warehouses listed above',
};

export const reason: Field = { displayName: 'Reason', name: 'reason', type: 'string', default: '', placeholder: 'Test order' };

export const lineConditions: Field = {
	displayName: 'Lines',
	name: 'lineConditions',
	type: 'filter',
	default: {},
	typeOptions: { filter: { version: 2, caseSensitive: true, typeValidation: 'loose' } },
	description: 'Drag fields of a line here, such as the SKU of the first line; each line is checked separately',
};

export const caseSensitive: Field = {
	displayName: 'Case Matters',
	name: 'caseSensitive',
	type: 'boolean',
	default: false,
	description: 'Whether upper and lower case must match the table',
	belowTables: true,
};

const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);

/** A field of the order, and the name of a custom one. */
export const orderField: readonly Field[] = [
	{
		displayName: 'Field',
		name: 'field',
		type: 'options',
		options: [
			...SETTABLE_PATHS.map((path) => ({ name: path as string, value: path as string })),
			{ name: 'A Custom Field', value: 'custom' },
		].sort(byName),
		default: 'shippingNotes',
	},
	{ displayName: 'Custom Field', name: 'customField', type: 'string', default: '', placeholder: 'costCenter', show: { field: ['custom'] } },
];

/** The path that `orderField` chooses. */
export const orderFieldOf = (given: FieldReader): string =>
	given.text('field') === 'custom' ? `custom.${given.text('customField')}` : given.text('field');
