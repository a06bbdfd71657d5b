/** Rules for shipments before the cart is told: their parameters, and how they are read. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { JsonValue } from '../../lib/order/order';
import { compileShipmentRules, SHIPMENT_FIELDS, type CompiledShipmentRules, type ShipmentAction, type ShipmentField } from '../../lib/rules/shipment';
import { forAction } from '../shared/orderRules/actionParameters';
import { ruleValuesWith } from '../shared/orderRules/parameters';
import { orNull, resolveUnlessPath, type Resolve } from '../shared/orderRules/readActions';
import { readerOf, type RulesReader } from '../shared/orderRules/readRules';

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
	displayOptions: { show: { operation: ['uploadTracking'] } },
	options: [{ displayName: 'Rule', name: 'list', values: ruleValuesWith(actionValues, 'Stands in the timeline of every order whose shipment the rule touched') }],
};

function readShipmentAction(resolve: Resolve, action: IDataObject): ShipmentAction {
	const text = (name: string): string => String(resolve(action[name], ''));
	switch (action.action) {
		case 'fail':
			return { kind: 'fail', message: text('message') };
		case 'holdBack':
			return { kind: 'holdBack', reason: orNull(text('reason')) };
		case 'notifyCustomer':
			return { kind: 'notifyCustomer', notify: resolve(action.notify, false) };
		case 'setField':
			return { kind: 'setField', path: resolve<ShipmentField>(action.field, 'carrier'), value: resolveUnlessPath(resolve, action.value ?? null) as JsonValue };
		case 'stop':
			return { kind: 'stop' };
		default: {
			const rows = ((action.carriers as IDataObject | undefined)?.list ?? []) as IDataObject[];
			const cell = (row: IDataObject, name: string): string => String(resolve(row[name], ''));
			return {
				kind: 'mapCarrier',
				map: {
					caseSensitive: resolve(action.caseSensitive, false),
					unmapped: resolve<'leave' | 'error'>(action.unmappedCarrier, 'leave'),
					entries: rows.map((row) => ({
						carrier: cell(row, 'carrier'), cartCarrier: cell(row, 'cartCarrier'), serviceLevel: orNull(cell(row, 'serviceLevel')), trackingUrl: orNull(cell(row, 'trackingUrl')),
					})),
				},
			};
		}
	}
}

/** Null = the node has no rules for shipments. */
export function shipmentRulesReader(context: IExecuteFunctions): RulesReader<CompiledShipmentRules> | null {
	const raw = (context.getNode().parameters.shipmentRules ?? {}) as IDataObject;
	if (!Array.isArray(raw.list) || raw.list.length === 0) return null;
	return readerOf<ShipmentAction, CompiledShipmentRules>(context, raw, {
		read: readShipmentAction,
		compile: (rules) => compileShipmentRules(rules, { zone: context.getTimezone() }),
		failing: (message) => ({ kind: 'fail', message }),
		harm: 'Until then, uploads of shipments that this rule applies to fail.',
	});
}
