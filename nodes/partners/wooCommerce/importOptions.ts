/** The options of the import trigger that only WooCommerce has. */
import type { INodeProperties } from 'n8n-workflow';

export const importOptions: INodeProperties[] = [
	{
		displayName: 'Bundles',
		name: 'bundles',
		type: 'options',
		options: [
			{ name: 'Container', value: 'container', description: 'Bundles ship as one piece, under their own SKU' },
			{ name: 'Parts', value: 'parts', description: 'The parts of a bundle ship, unless the shop says that they ship assembled' },
		],
		default: 'parts',
		description: 'What a warehouse gets of bundles made with Product Bundles, Composite Products or WPC Product Bundles',
	},
	{
		displayName: 'Keep Meta Names or IDs',
		name: 'keepMeta',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getOrderMeta' },
		default: [],
		description:
			'Order meta that plugins hide, such as the ID of a parcel locker; kept among the custom fields. Checkout fields and visible meta are always kept. The list shows what the newest orders have. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Other Statuses',
		name: 'otherStatuses',
		type: 'string',
		default: '',
		placeholder: 'ready-to-ship, preorder',
		description: 'Statuses of plugins that are imported, together with those under Statuses or alone. Separate them by commas.',
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
		description:
			'Orders in these are imported. What becomes of an order that was imported is heard whatever its status: it waits in any other one.',
	},
];
