/** The parameters of the nodes that talk to a warehouse. */
import type { INodeProperties } from 'n8n-workflow';
import { WMS_LABELS } from '../../lib/wms/registry';
import type { FileWmsSettings } from '../../lib/wms/file';

export const wmsProperty: INodeProperties = {
	displayName: 'WMS',
	name: 'wms',
	type: 'options',
	noDataExpression: true,
	options: WMS_LABELS.map(({ code, label }) => ({ name: label, value: code })),
	default: 'file',
	description: 'The warehouse management system',
};

/** For subtitles: the name of the chosen warehouse system instead of its code. */
export const wmsLabel = `(${JSON.stringify(Object.fromEntries(WMS_LABELS.map(({ code, label }) => [code, label])))})[$parameter["wms"]]`;

export const fileWmsOptions: INodeProperties[] = [
	{
		displayName: 'Address Line Length',
		name: 'maxAddressLine',
		type: 'number',
		typeOptions: { minValue: 10, maxValue: 200 },
		default: 40,
		description: 'The longest address line that the warehouse accepts; a longer one is an error that names the field',
		displayOptions: { show: { '/wms': ['file'] } },
	},
];

const onlyAmazonMcf = { show: { '/wms': ['amazonMcf'], '/operation': ['send'] } };

export const amazonMcfOptions: INodeProperties[] = [
	{
		displayName: 'Fulfillment Policy',
		name: 'policy',
		type: 'options',
		options: [
			{ name: 'All or Nothing (FillOrKill)', value: 'FillOrKill', description: 'An order of which something is not there is not shipped at all' },
			{ name: 'Wait for All (FillAll)', value: 'FillAll', description: 'Amazon waits a day for what is not there, then gives up' },
			{ name: 'What Is There (FillAllAvailable)', value: 'FillAllAvailable', description: 'What is not there is canceled, the rest is shipped' },
		],
		default: 'FillOrKill',
		description: 'What Amazon does with an order of which something is not there',
		displayOptions: onlyAmazonMcf,
	},
	{
		displayName: 'Notify Customer',
		name: 'notify',
		type: 'boolean',
		default: false,
		description: 'Whether Amazon mails the customer about the shipment',
		displayOptions: onlyAmazonMcf,
	},
	{
		displayName: 'Packing Slip Comment',
		name: 'comment',
		type: 'string',
		default: 'Thank you for your order.',
		description: 'What stands on the packing slip of orders without a gift message',
		displayOptions: onlyAmazonMcf,
	},
	{
		displayName: 'Speed for Other Shipping Methods',
		name: 'otherSpeed',
		type: 'options',
		options: [
			{ name: 'None: Such an Order Is an Error', value: '' },
			{ name: 'Expedited', value: 'Expedited' },
			{ name: 'Priority', value: 'Priority' },
			{ name: 'Standard', value: 'Standard' },
		],
		default: '',
		description: 'The speed of orders whose Service Level (else Shipping Method) is none that Amazon has',
		displayOptions: onlyAmazonMcf,
	},
];

export const shipBobOptions: INodeProperties[] = [
	{
		displayName: 'Create Missing Products',
		name: 'createMissing',
		type: 'boolean',
		default: false,
		description: 'Whether ShipBob may create products and shipping methods that it does not know; otherwise such an order is an error that names them',
		displayOptions: { show: { '/wms': ['shipBob'], '/operation': ['send'] } },
	},
];

const onlyShipStation = { show: { '/wms': ['shipStation'], '/operation': ['send'] } };

export const shipStationOptions: INodeProperties[] = [
	{
		displayName: 'Phone for Orders Without One',
		name: 'defaultPhone',
		type: 'string',
		default: '',
		placeholder: '+1 617 555 0100',
		description: 'ShipStation wants a phone number in every address; without this, an order that has none is an error',
		displayOptions: onlyShipStation,
	},
	{
		displayName: 'Ship From Warehouse ID',
		name: 'warehouseId',
		type: 'string',
		default: '',
		placeholder: 'se-123456',
		description: 'The warehouse in ShipStation that orders leave from; empty = the default one of the account. An order whose Warehouse is such an ID keeps it.',
		displayOptions: onlyShipStation,
	},
	{
		displayName: 'Store ID',
		name: 'storeId',
		type: 'string',
		default: '',
		placeholder: '123456',
		description: 'The store in ShipStation that orders are put into; empty = the store for manual orders',
		displayOptions: onlyShipStation,
	},
];

const onlyTryton = { show: { '/wms': ['tryton'], '/operation': ['send'] } };

export const trytonOptions: INodeProperties[] = [
	{
		displayName: 'Leave Reference Empty',
		name: 'leaveReference',
		type: 'boolean',
		default: false,
		description: 'Whether the field Reference of a shipment in Tryton stays empty; modules of carriers (UPS, DPD) make no label for a shipment that has one. The order is found by its customer all the same.',
		displayOptions: onlyTryton,
	},
	{
		displayName: 'Warehouse Code',
		name: 'warehouseCode',
		type: 'string',
		default: '',
		placeholder: 'WH',
		description: 'The code of the warehouse in Tryton that orders leave from; empty = the only one. An order whose Warehouse is such a code keeps it.',
		displayOptions: onlyTryton,
	},
];

export const trytonTrackingField: INodeProperties = {
	displayName: 'Tracking Field',
	name: 'trackingField',
	type: 'string',
	default: '',
	placeholder: 'reference',
	description: 'The name of the field of a customer shipment in Tryton that holds the tracking number of goods in no package; those of packages are read by themselves',
	displayOptions: { show: { '/wms': ['tryton'] } },
};

export function readFileWmsSettings(options: { maxAddressLine?: number; settleSeconds?: number }): FileWmsSettings {
	return {
		...(options.maxAddressLine === undefined ? {} : { maxAddressLine: options.maxAddressLine }),
		...(options.settleSeconds === undefined ? {} : { settleMs: options.settleSeconds * 1000 }),
	};
}
