/** The parameters of rules for shipments before the cart is told. */
import type { INodeProperties } from 'n8n-workflow';
import { SHIPMENT_FIELDS } from '../../../lib/rules/shipment';
import { forAction } from '../orderRules/actionParameters';
import { ruleValuesWith } from '../orderRules/parameters';

const carrierValues: INodeProperties[] = [
	{ displayName: 'Carrier of the Warehouse', name: 'carrier', type: 'string', default: '', placeholder: 'DHL_EXPRESS', description: 'Empty = shipments without a carrier' },
	{ displayName: 'Carrier of the Cart', name: 'cartCarrier', type: 'string', default: '', placeholder: 'DHL Express' },
	{ displayName: 'Service Level', name: 'serviceLevel', type: 'string', default: '', description: 'Empty = as the warehouse says it' },
	{
		displayName: 'Tracking Link',
		name: 'trackingUrl',
		type: 'string',
		default: '',
		placeholder: 'https://example.com/track/{trackingNumber}',
		description: 'Empty = as the warehouse says it',
	},
];

const actionValues: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'action',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Fail', value: 'fail', action: 'Fail the upload', description: 'To Error, with your message' },
			{ name: 'Hold Back', value: 'holdBack', action: 'Hold the upload back', description: 'The cart is not told until somebody reprocesses the order' },
			{ name: 'Map Carrier', value: 'mapCarrier', action: 'Map the carrier', description: 'From the warehouse’s spelling to the cart’s' },
			{ name: 'Notify Customer', value: 'notifyCustomer', action: 'Notify the customer or not', description: 'Whether the cart tells the customer, if it can' },
			{ name: 'Set Field', value: 'setField', action: 'Set a field', description: 'Carrier, service level, tracking number or link' },
			{ name: 'Stop', value: 'stop', action: 'Stop', description: 'No later action or rule runs; the upload goes on as it is' },
		],
		default: 'mapCarrier',
	},
	{ displayName: 'Message', name: 'message', type: 'string', default: '', displayOptions: forAction('fail') },
	{ displayName: 'Reason', name: 'reason', type: 'string', default: '', displayOptions: forAction('holdBack') },
	{
		displayName: 'Notify',
		name: 'notify',
		type: 'boolean',
		default: false,
		description: 'Whether the cart should tell the customer',
		displayOptions: forAction('notifyCustomer'),
	},
	{
		displayName: 'Field',
		name: 'field',
		type: 'options',
		options: SHIPMENT_FIELDS.map((name) => ({ name, value: name })),
		default: 'carrier',
		displayOptions: forAction('setField'),
	},
	{ displayName: 'Value', name: 'value', type: 'string', default: '', description: 'Empty clears the field', displayOptions: forAction('setField') },
	{
		displayName: 'Carriers',
		name: 'carriers',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Carrier',
		default: {},
		displayOptions: forAction('mapCarrier'),
		options: [{ displayName: 'Carrier', name: 'list', values: carrierValues }],
	},
	{
		displayName: 'When a Carrier Is Not in the Table',
		name: 'unmappedCarrier',
		type: 'options',
		options: [
			{ name: 'Leave It as It Is', value: 'leave' },
			{ name: 'Put the Upload in Error', value: 'error' },
		],
		default: 'leave',
		displayOptions: forAction('mapCarrier'),
	},
	{
		displayName: 'Case Matters',
		name: 'caseSensitive',
		type: 'boolean',
		default: false,
		description: 'Whether upper and lower case must match the table',
		displayOptions: forAction('mapCarrier'),
	},
];

export const shipmentRulesProperty: INodeProperties = {
	displayName: 'Shipment Rules',
	name: 'shipmentRules',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Rule',
	default: {},
	description:
		'What every shipment goes through before the cart is told, from top to bottom. Fields are those of the shipment (carrier, trackingNumber, the lines in the parcel) and of its order.',
	options: [{ displayName: 'Rule', name: 'list', values: ruleValuesWith(actionValues, 'Stands in the timeline of every order whose shipment the rule touched') }],
};
