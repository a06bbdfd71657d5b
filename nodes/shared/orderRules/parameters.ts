/** The parameters of Order Rules: the warehouses, the rules, and their actions. */
import type { INodeProperties } from 'n8n-workflow';
import { SETTABLE_PATHS } from '../../../lib/order/layers';
import { storeNotice } from '../descriptions';
import { orderIdProperty } from '../orderIds';
import { ruleSetProperty, rulesFromProperty, ruleSetVersionProperty } from './ruleSetReader';
import { addressValues, forAction, holdValues, lineValues, shippingMethodValues, skuValues } from './actionParameters';
import { bundleValues, splitValues } from './groupingParameters';

const actionValues: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'action',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Add Line', value: 'addLine', action: 'Add a line', description: 'Such as a gift or an insert, once for each order' },
			{ name: 'Add Tags', value: 'addTags', action: 'Add tags', description: 'Later rules can ask for them' },
			{ name: 'Archive Order', value: 'archive', action: 'Archive the order', description: 'It is not sent and never imported again' },
			{ name: 'Bundle Orders', value: 'bundle', action: 'Bundle orders', description: 'Waits for others with the same key and sends them as one' },
			{ name: 'Clear Field', value: 'clearField', action: 'Clear a field', description: 'Any field of the order or address, or a custom one' },
			{ name: 'Fail Order', value: 'fail', action: 'Fail the order', description: 'To Error, with your message' },
			{ name: 'Fit Address', value: 'fitAddress', action: 'Fit the address', description: 'Lengths, letters and codes that the warehouse takes' },
			{ name: 'Hold Order', value: 'hold', action: 'Hold the order', description: 'To Delayed; rules run again when the hold is over' },
			{ name: 'Map Shipping Method', value: 'mapShippingMethod', action: 'Map the shipping method', description: 'From the cart’s text to carrier and service level' },
			{ name: 'Remove Lines', value: 'removeLines', action: 'Remove lines', description: 'Lines that meet conditions; an order without lines is skipped' },
			{ name: 'Remove Tags', value: 'removeTags', action: 'Remove tags', description: 'Tags that the order does not have are no problem' },
			{ name: 'Replace SKUs and Kits', value: 'replaceSkus', action: 'Replace skus and kits', description: 'Other SKUs, or the components of a kit' },
			{ name: 'Route Lines', value: 'routeLines', action: 'Route lines to a warehouse', description: 'Lines for different warehouses split the order' },
			{ name: 'Route to Warehouse', value: 'route', action: 'Route the order to a warehouse', description: 'To the output of that warehouse' },
			{ name: 'Set Field', value: 'setField', action: 'Set a field', description: 'Any field of the order or address, or a custom one' },
			{ name: 'Skip Order', value: 'skip', action: 'Skip the order', description: 'It is not sent; the reason is kept' },
			{ name: 'Split Order', value: 'split', action: 'Split the order', description: 'Into parts that are sent by themselves' },
			{ name: 'Stop', value: 'stop', action: 'Stop', description: 'No later action or rule runs; the order goes on as it is' },
		],
		default: 'route',
	},
	{
		displayName: 'Warehouse',
		name: 'warehouse',
		type: 'string',
		default: '',
		placeholder: 'BER',
		description: 'One of the warehouses listed above',
		displayOptions: forAction('route', 'routeLines'),
	},
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: '',
		placeholder: 'Test order',
		displayOptions: forAction('archive', 'skip'),
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		default: '',
		placeholder: 'The total is zero: please check',
		displayOptions: forAction('fail'),
	},
	{
		displayName: 'Field',
		name: 'field',
		type: 'options',
		options: [
			...SETTABLE_PATHS.map((path) => ({ name: path, value: path })).sort((a, b) => a.name.localeCompare(b.name)),
			{ name: 'A Custom Field', value: 'custom' },
		].sort((a, b) => a.name.localeCompare(b.name)),
		default: 'shippingNotes',
		displayOptions: forAction('clearField', 'setField'),
	},
	{
		displayName: 'Custom Field',
		name: 'customField',
		type: 'string',
		default: '',
		placeholder: 'costCenter',
		displayOptions: { show: { action: ['clearField', 'setField'], field: ['custom'] } },
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		description: 'Empty clears the field. An expression is resolved against the incoming item, before any rule ran.',
		displayOptions: forAction('setField'),
	},
	{
		displayName: 'Lines',
		name: 'lineConditions',
		type: 'filter',
		default: {},
		typeOptions: { filter: { version: 2, caseSensitive: true, typeValidation: 'loose' } },
		description: 'Drag fields of a line here, such as the SKU of the first line; each line is looked at by itself',
		displayOptions: forAction('removeLines', 'routeLines'),
	},
	...splitValues,
	...bundleValues,
	...lineValues,
	...holdValues,
	...addressValues,
	{
		displayName: 'Shipping Methods',
		name: 'methods',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Shipping Method',
		default: {},
		displayOptions: forAction('mapShippingMethod'),
		options: [{ displayName: 'Shipping Method', name: 'list', values: shippingMethodValues }],
	},
	{
		displayName: 'SKUs',
		name: 'skus',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add SKU',
		default: {},
		description: 'Rows with the same SKU together are a kit. Each component keeps the cart’s key of the line, so that tracking goes back to it.',
		displayOptions: forAction('replaceSkus'),
		options: [{ displayName: 'SKU', name: 'list', values: skuValues }],
	},
	{
		displayName: 'When a Method Is Not in the Table',
		name: 'unmapped',
		type: 'options',
		options: [
			{ name: 'Leave the Order as It Is', value: 'leave' },
			{ name: 'Put It in Error', value: 'error', description: 'With the alert "unmapped shipping method"' },
			{ name: 'Use a Default', value: 'default' },
		],
		default: 'error',
		displayOptions: forAction('mapShippingMethod'),
	},
	{
		displayName: 'Default Carrier',
		name: 'defaultCarrier',
		type: 'string',
		default: '',
		displayOptions: { show: { action: ['mapShippingMethod'], unmapped: ['default'] } },
	},
	{
		displayName: 'Default Service Level',
		name: 'defaultServiceLevel',
		type: 'string',
		default: '',
		displayOptions: { show: { action: ['mapShippingMethod'], unmapped: ['default'] } },
	},
	{
		displayName: 'Case Matters',
		name: 'caseSensitive',
		type: 'boolean',
		default: false,
		description: 'Whether upper and lower case must match the table',
		displayOptions: forAction('mapShippingMethod', 'replaceSkus'),
	},
];

/** In the order in which people think of a rule. */
export const ruleValuesWith = (actions: INodeProperties[], named: string): INodeProperties[] => [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'Skip test orders',
		description: named,
	},
	{
		displayName: 'Conditions',
		name: 'conditions',
		type: 'filter',
		default: {},
		typeOptions: { filter: { version: 2, caseSensitive: true, typeValidation: 'loose' } },
		description:
			'No condition = every order. A field dragged here is read on the order as it is when the rule runs; fields of lines[0] mean "that field of a line". A date takes .toDateTime().weekday (7 = Sunday) and the like.',
	},
	{
		displayName: 'Conditions on Lines Must Hold for',
		name: 'lineQuantifier',
		type: 'options',
		options: [
			{ name: 'All Lines', value: 'all' },
			{ name: 'Any Line', value: 'any' },
			{ name: 'No Line', value: 'none' },
		],
		default: 'any',
		description: 'How conditions that name a field of a line are meant',
	},
	{
		displayName: 'Actions',
		name: 'actions',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Action',
		default: {},
		options: [{ displayName: 'Action', name: 'list', values: actions }],
	},
	{
		displayName: 'Stop Here',
		name: 'stop',
		type: 'boolean',
		default: false,
		description: 'Whether later rules are left out when this one applied',
	},
	{
		displayName: 'On',
		name: 'enabled',
		type: 'boolean',
		default: true,
		description: 'Whether the rule is used',
	},
];

const ruleValues = ruleValuesWith(actionValues, 'Stands in the timeline of every order that the rule touched');

export const rulesProperty: INodeProperties = {
	displayName: 'Rules',
	name: 'rules',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Rule',
	default: {},
	description: 'From top to bottom; each rule sees what the rules above it changed. An order that no rule stops is accepted.',
	options: [
		{
			displayName: 'Rule',
			name: 'list',
			values: ruleValues,
		},
	],
};

export const undecidedProperty: INodeProperties = {
	displayName: 'Orders That No Rule Accepts',
	name: 'undecided',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Accept', value: 'accept', description: 'They go on like all others' },
		{ name: 'Put in Error', value: 'error', description: 'A person looks at them' },
		{ name: 'Skip', value: 'skip', description: 'They are not sent; the reason is kept' },
	],
	default: 'accept',
	description: 'A rule accepts an order when it chooses a warehouse or stops the rules',
};

const inThisNode = { show: { rulesFrom: ['node'] } };

export const orderRulesProperties: INodeProperties[] = [
	storeNotice,
	{
		displayName: 'Warehouses',
		name: 'warehouses',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Warehouse',
		default: { list: [{ code: 'MAIN' }] },
		description: 'Each warehouse gets an output of its own. With one warehouse, orders that no rule routes go there.',
		options: [
			{
				displayName: 'Warehouse',
				name: 'list',
				values: [{ displayName: 'Code', name: 'code', type: 'string', noDataExpression: true, default: '', placeholder: 'BER' }],
			},
		],
	},
	rulesFromProperty,
	{ ...ruleSetProperty, displayOptions: { show: { rulesFrom: ['ruleSet'] } } },
	{ ...rulesProperty, displayOptions: inThisNode },
	{ ...undecidedProperty, displayOptions: inThisNode },
	orderIdProperty,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Dry Run',
				name: 'dryRun',
				type: 'boolean',
				default: false,
				description: 'Whether to record nothing and only show, with the trace, what would happen',
			},
			{
				displayName: 'Include Trace',
				name: 'trace',
				type: 'boolean',
				default: false,
				description: 'Whether each item says what every rule compared and changed',
			},
			ruleSetVersionProperty,
		],
	},
];
