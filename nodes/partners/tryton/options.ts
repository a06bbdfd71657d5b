/** The options that only Tryton has. */
import type { INodeProperties } from 'n8n-workflow';

export const sendOptions: INodeProperties[] = [
	{
		displayName: 'Leave Reference Empty',
		name: 'leaveReference',
		type: 'boolean',
		default: false,
		description:
			'Whether the field Reference of a shipment in Tryton stays empty; modules of carriers (UPS, DPD) make no label for a shipment that has one. The order is found by its customer all the same.',
	},
	{
		displayName: 'Warehouse Code',
		name: 'warehouseCode',
		type: 'string',
		default: '',
		placeholder: 'WH',
		description:
			'The code of the warehouse in Tryton that orders leave from; empty = the only one. An order whose Warehouse is such a code keeps it.',
	},
];

export const pollOptions: INodeProperties[] = [
	{
		displayName: 'Tracking Field',
		name: 'trackingField',
		type: 'string',
		default: '',
		placeholder: 'reference',
		description:
			'The name of the field of a customer shipment in Tryton that holds the tracking number of goods in no package; those of packages are read automatically',
	},
];
