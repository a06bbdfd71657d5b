/** The options of the import trigger that only Shopify has. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_TAG, PAYMENT_STATUSES } from '../../../lib/carts/shopify';
import { onlyTagsOption } from '../../shared/importOptions';

const titleOf = (status: string): string =>
	status.replace(/(^|_)(\w)/g, (_match: string, gap: string, letter: string) => `${gap === '' ? '' : ' '}${letter.toUpperCase()}`);

export const importOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledgement Tag',
		name: 'acknowledgeTag',
		type: 'string',
		default: DEFAULT_TAG,
		description: 'The tag that Cart Update gives to orders that the warehouse has; the same here and there. It is not imported.',
	},
	{
		displayName: 'Local Deliveries Too',
		name: 'localDeliveries',
		type: 'boolean',
		default: false,
		description:
			'Whether what the shop delivers itself is for the warehouse too. What customers pick up or carry out of the shop never is.',
	},
	{
		displayName: 'Location',
		name: 'location',
		type: 'string',
		default: '',
		placeholder: 'Berlin',
		description:
			'Name of the Shopify location that ships (or its ID, if the app has the scope read_locations). Only what is assigned to it is ours; an order that is moved away before it was sent is canceled here, and New again when it comes back. Empty = all locations of the shop, but not those of fulfillment services.',
	},
	{
		displayName: 'Partially Fulfilled Orders',
		name: 'partiallyFulfilled',
		type: 'boolean',
		default: false,
		description: 'Whether to import orders that were partly shipped elsewhere; only the rest is imported',
	},
	{
		displayName: 'Payment Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: PAYMENT_STATUSES.map((value) => ({ name: titleOf(value), value })),
		default: ['paid', 'partially_refunded'],
		description:
			'Orders with one of these payment statuses are imported. One that is paid later is imported then; one that we have waits while its payment has another status.',
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
		description: 'Orders with any of these tags are left out, separated by commas. An order that gets one after its import waits.',
	},
	onlyTagsOption,
];
