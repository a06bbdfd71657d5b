/** What Cart Update may be told about Shopify. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_TAG } from '../../../lib/carts/shopify';

export const updateOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledgement Tag',
		name: 'acknowledgeTag',
		type: 'string',
		default: DEFAULT_TAG,
		description: 'The tag that an order gets in Shopify once the warehouse has it. The import trigger must know it too. Empty = none.',
	},
	{
		displayName: 'Location',
		name: 'location',
		type: 'string',
		default: '',
		placeholder: 'Berlin',
		description:
			'Name or ID of the Shopify location whose fulfillment orders are fulfilled first. Empty = those that hold most of the shipment.',
	},
	{
		displayName: 'Refund When Canceling',
		name: 'cancelRefund',
		type: 'boolean',
		default: false,
		description: 'Whether canceling gives the money back by the original way of payment',
	},
	{
		displayName: 'Restock When Canceling',
		name: 'cancelRestock',
		type: 'boolean',
		default: true,
		description: 'Whether canceling puts the goods back into Shopify’s stock',
	},
];
