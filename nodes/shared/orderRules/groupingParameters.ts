/** Parameters of the actions that make several orders of one, or one of several. */
import type { INodeProperties } from 'n8n-workflow';
import { forAction } from './actionParameters';

const forSplit = (...splitBy: string[]) => ({ show: { action: ['split'], splitBy } });

export const splitValues: INodeProperties[] = [
	{
		displayName: 'Split By',
		name: 'splitBy',
		type: 'options',
		options: [
			{ name: 'Conditions', value: 'lines', description: 'The lines that meet them are a part of their own' },
			{ name: 'Field of the Line', value: 'key', description: 'Lines with the same value stay together' },
			{ name: 'Most Pieces', value: 'quantity' },
			{ name: 'Most Weight', value: 'weight', description: 'Every line needs a weight' },
		],
		default: 'quantity',
		description: 'What each warehouse gets is divided once all rules ran',
		displayOptions: forAction('split'),
	},
	{
		displayName: 'Lines',
		name: 'lineConditions',
		type: 'filter',
		default: {},
		typeOptions: { filter: { version: 2, caseSensitive: true, typeValidation: 'loose' } },
		description: 'Drag fields of a line here, such as the SKU of the first line; each line is looked at by itself',
		displayOptions: forSplit('lines'),
	},
	{
		displayName: 'Field',
		name: 'splitKey',
		type: 'string',
		default: '',
		placeholder: '={{ $json.lines[0].custom.room }}',
		description: 'Drag a field of a line here; each line is looked at by itself',
		displayOptions: forSplit('key'),
	},
	{
		displayName: 'Most Pieces in a Part',
		name: 'splitQuantity',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 10,
		description: 'A line with more of them goes on in the next part; the components of a kit stay together',
		displayOptions: forSplit('quantity'),
	},
	{
		displayName: 'Most Grams in a Part',
		name: 'splitWeight',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30000,
		description: 'A single piece that is heavier is a part of its own',
		displayOptions: forSplit('weight'),
	},
];

const bundleLimit = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName, name, type: 'number', typeOptions: { minValue: 0 }, default: 0, description: `${description}; 0 = as many as come`, displayOptions: forAction('bundle'),
});

export const bundleValues: INodeProperties[] = [
	{
		displayName: 'Wait for Others (Minutes)',
		name: 'bundleMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		description: 'From the first order on; then all that came with the same key go to the warehouse as one order',
		displayOptions: forAction('bundle'),
	},
	{
		displayName: 'Same Address Only',
		name: 'bundleSameAddress',
		type: 'boolean',
		default: true,
		description: 'Whether only orders for the same recipient at the same place go together; letter case, spaces and dots do not matter',
		displayOptions: forAction('bundle'),
	},
	{
		displayName: 'Other Fields That Must Be the Same',
		name: 'bundleKeys',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Field',
		default: {},
		description: 'An order without one of them is not bundled',
		displayOptions: forAction('bundle'),
		options: [
			{
				displayName: 'Field',
				name: 'list',
				values: [{ displayName: 'Field', name: 'field', type: 'string', default: '={{ $json.customer.email }}', description: 'A field dragged here is read on the order as it is when the rule runs' }],
			},
		],
	},
	bundleLimit('Most Orders', 'bundleOrders', 'Of a bundle, at least 2'),
	bundleLimit('Most Lines', 'bundleLines', 'Of a bundle; an order that has more by itself does not wait'),
	bundleLimit('Highest Total', 'bundleTotal', 'That the orders may add up to; an order that costs more does not wait'),
];
