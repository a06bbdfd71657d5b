/** The parameters of Order Rules: the warehouses, the rules, and their actions. */
import type { INodeProperties } from 'n8n-workflow';
import { ACTIONS } from '../../../lib/rules/actions/registry';
import { storeNotice } from '../descriptions';
import { orderIdProperty } from '../orderIds';
import { actionProperties } from './actionProperties';
import { ruleSetProperty, rulesFromProperty, ruleSetVersionProperty } from './ruleSetReader';

/** As the first versions listed them. A new action need not be named. */
const FIRST = [
	'route',
	'skip',
	'archive',
	'fail',
	'clearField',
	'setField',
	'removeLines',
	'routeLines',
	'split',
	'bundle',
	'addTags',
	'removeTags',
	'addLine',
	'hold',
	'fitAddress',
	'mapShippingMethod',
	'replaceSkus',
] as const;

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

const ruleValues = ruleValuesWith(actionProperties(ACTIONS, 'route', FIRST), 'Shown in the timeline of every order that the rule touched');

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
