/** The parameters of Order Rules: the warehouses, the rules, and their actions. */
import type { INodeProperties } from 'n8n-workflow';
import { SETTABLE_PATHS } from '../../lib/order/layers';
import { storeNotice } from '../shared/descriptions';
import { orderIdProperty } from '../shared/orderIds';

const forAction = (...action: string[]) => ({ show: { action } });

const shippingMethodValues: INodeProperties[] = [
	{
		displayName: 'Shipping Method of the Cart',
		name: 'method',
		type: 'string',
		default: '',
		placeholder: 'DHL Express (2-3 days)',
		description: 'The cart’s text, all of it. Spaces at the ends do not matter.',
	},
	{ displayName: 'Carrier', name: 'carrier', type: 'string', default: '', placeholder: 'DHL' },
	{ displayName: 'Service Level', name: 'serviceLevel', type: 'string', default: '', placeholder: 'EXPRESS' },
	{
		displayName: 'Warehouse',
		name: 'warehouse',
		type: 'string',
		default: '',
		description: 'Routes the order as well; empty = leaves that to other rules',
	},
];

const actionValues: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'action',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Fail Order', value: 'fail', action: 'Fail the order', description: 'To Error, with your message' },
			{ name: 'Hold Order', value: 'hold', action: 'Hold the order', description: 'To Delayed; rules run again when the hold is over' },
			{ name: 'Map Shipping Method', value: 'mapShippingMethod', action: 'Map the shipping method', description: 'From the cart’s text to carrier and service level' },
			{ name: 'Remove Lines', value: 'removeLines', action: 'Remove lines', description: 'Lines that meet conditions; an order without lines is skipped' },
			{ name: 'Route to Warehouse', value: 'route', action: 'Route the order to a warehouse', description: 'To the output of that warehouse' },
			{ name: 'Set Field', value: 'setField', action: 'Set a field', description: 'Any field of the order or address, or a custom one' },
			{ name: 'Skip Order', value: 'skip', action: 'Skip the order', description: 'It is not sent; the reason is kept' },
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
		displayOptions: forAction('route'),
	},
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: '',
		placeholder: 'Test order',
		displayOptions: forAction('skip'),
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
		displayOptions: forAction('setField'),
	},
	{
		displayName: 'Custom Field',
		name: 'customField',
		type: 'string',
		default: '',
		placeholder: 'costCenter',
		displayOptions: { show: { action: ['setField'], field: ['custom'] } },
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
		displayName: 'Lines to Remove',
		name: 'lineConditions',
		type: 'filter',
		default: {},
		typeOptions: { filter: { version: 2, caseSensitive: true, typeValidation: 'loose' } },
		description: 'Drag fields of a line here, such as the SKU of the first line; each line is looked at by itself',
		displayOptions: forAction('removeLines'),
	},
	{
		displayName: 'Hold Until',
		name: 'holdUntil',
		type: 'options',
		options: [
			{ name: 'A Time From Now', value: 'duration' },
			{ name: 'A Date', value: 'date' },
		],
		default: 'duration',
		displayOptions: forAction('hold'),
	},
	{
		displayName: 'Minutes',
		name: 'holdMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 60,
		displayOptions: { show: { action: ['hold'], holdUntil: ['duration'] } },
	},
	{
		displayName: 'Date',
		name: 'holdDate',
		type: 'dateTime',
		default: '',
		description: 'An order whose date has passed is not held',
		displayOptions: { show: { action: ['hold'], holdUntil: ['date'] } },
	},
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
		displayOptions: forAction('mapShippingMethod'),
	},
];

/** In the order in which people think of a rule. */
const ruleValues: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'Skip test orders',
		description: 'Stands in the timeline of every order that the rule touched',
	},
	{
		displayName: 'Conditions',
		name: 'conditions',
		type: 'filter',
		default: {},
		typeOptions: { filter: { version: 2, caseSensitive: true, typeValidation: 'loose' } },
		description:
			'No condition = every order. A field dragged here is read on the order as it is when the rule runs; fields of lines[0] mean "that field of a line".',
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
		options: [{ displayName: 'Action', name: 'list', values: actionValues }],
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
	{
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
	},
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
		],
	},
];
