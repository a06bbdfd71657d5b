/** The options that only Shopify has. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_TAG, PAYMENT_STATUSES } from '../../lib/carts/shopify';

const titleOf = (status: string): string => status.replace(/(^|_)(\w)/g, (_match: string, gap: string, letter: string) => `${gap === '' ? '' : ' '}${letter.toUpperCase()}`);

export const shopifyOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledgement Tag',
		name: 'acknowledgeTag',
		type: 'string',
		default: DEFAULT_TAG,
		description: 'The tag that Cart Update gives to orders that the warehouse has; the same here and there. It is not imported.',
	},
	{
		displayName: 'Location',
		name: 'location',
		type: 'string',
		default: '',
		placeholder: 'Berlin',
		description:
			'Name or ID of the Shopify location that ships. Only what is assigned to it is imported; an order that is moved away before it was sent is canceled here. Empty = all locations.',
	},
	{
		displayName: 'Partially Fulfilled Orders',
		name: 'partiallyFulfilled',
		type: 'boolean',
		default: false,
		description: 'Whether to import orders too of which others shipped a part already; what remains is imported',
	},
	{
		displayName: 'Payment Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: PAYMENT_STATUSES.map((value) => ({ name: titleOf(value), value })),
		default: ['paid', 'partially_refunded'],
		description: 'Orders with one of these payment statuses are imported. One that is paid later is imported then.',
	},
	{
		displayName: 'Test Orders',
		name: 'testOrders',
		type: 'boolean',
		default: false,
		description: 'Whether to import orders of the test mode of the payment',
	},
	{
		displayName: 'Without Tags',
		name: 'withoutTags',
		type: 'string',
		default: '',
		placeholder: 'pickup, do-not-ship',
		description: 'Orders with any of these tags are left out, separated by commas',
	},
];
