/** The parameters that only BigCommerce has. */
import type { INodeProperties } from 'n8n-workflow';

export const bigCommerceImportOptions: INodeProperties[] = [
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: [
			{ name: 'Awaiting Fulfillment', value: '11' },
			{ name: 'Awaiting Pickup', value: '8' },
			{ name: 'Awaiting Shipment', value: '9' },
			{ name: 'Partially Refunded', value: '14' },
			{ name: 'Partially Shipped', value: '3' },
		],
		default: ['11'],
		description: 'Orders in these are imported. Canceled, refunded and declined orders are always read, and cancel what was imported.',
	},
];
