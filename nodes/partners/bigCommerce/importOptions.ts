/** The options of the import trigger that only BigCommerce has. */
import type { INodeProperties } from 'n8n-workflow';

export const importOptions: INodeProperties[] = [
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
		default: ['11', '14'],
		description:
			'Orders in these are imported. Of an imported order every status is read: it waits or is canceled by what the status means.',
	},
];
