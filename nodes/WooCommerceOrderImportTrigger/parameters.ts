/** The parameters that only WooCommerce has. */
import type { INodeProperties } from 'n8n-workflow';

export const wooCommerceImportOptions: INodeProperties[] = [
	{
		displayName: 'Other Statuses',
		name: 'otherStatuses',
		type: 'string',
		default: '',
		placeholder: 'ready-to-ship, preorder',
		description: 'Statuses of plugins that are imported, together with those under Statuses or alone. Separate them by commas, without "wc-".',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: [
			{ name: 'Pending Payment', value: 'pending' },
			{ name: 'Processing', value: 'processing' },
			{ name: 'On Hold', value: 'on-hold' },
			{ name: 'Completed', value: 'completed' },
		],
		default: ['processing'],
		description: 'Orders in these are imported. Canceled, refunded and failed orders are always read, and cancel what was imported.',
	},
];
