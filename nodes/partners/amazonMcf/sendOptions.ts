/** The options of WMS Send that only Amazon MCF has. */
import type { INodeProperties } from 'n8n-workflow';

export const sendOptions: INodeProperties[] = [
	{
		displayName: 'Fulfillment Policy',
		name: 'policy',
		type: 'options',
		options: [
			{ name: 'All or Nothing (FillOrKill)', value: 'FillOrKill', description: 'Nothing is shipped when an item is out of stock' },
			{ name: 'Wait for All (FillAll)', value: 'FillAll', description: 'Amazon waits a day for items out of stock, then gives up' },
			{
				name: 'What Is There (FillAllAvailable)',
				value: 'FillAllAvailable',
				description: 'Items out of stock are canceled, the rest is shipped',
			},
		],
		default: 'FillOrKill',
		description: 'What Amazon does with an order when an item is out of stock',
	},
	{
		displayName: 'Notify Customer',
		name: 'notify',
		type: 'boolean',
		default: false,
		description: 'Whether Amazon mails the customer about the shipment',
	},
	{
		displayName: 'Packing Slip Comment',
		name: 'comment',
		type: 'string',
		default: 'Thank you for your order.',
		description: 'What stands on the packing slip of orders without a gift message',
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
		description: 'The speed of orders whose Service Level (else Shipping Method) is not one that Amazon has',
	},
];
