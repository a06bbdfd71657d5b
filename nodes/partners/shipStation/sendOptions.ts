/** The options of WMS Send that only ShipStation has. */
import type { INodeProperties } from 'n8n-workflow';

export const sendOptions: INodeProperties[] = [
	{
		displayName: 'Phone for Orders Without One',
		name: 'defaultPhone',
		type: 'string',
		default: '',
		placeholder: '+1 617 555 0100',
		description: 'ShipStation wants a phone number in every address; without this, an order that has none is an error',
	},
	{
		displayName: 'Ship From Warehouse ID',
		name: 'warehouseId',
		type: 'string',
		default: '',
		placeholder: 'se-123456',
		description:
			'The warehouse in ShipStation that orders leave from; empty = the default one of the account. An order whose Warehouse is such an ID keeps it.',
	},
	{
		displayName: 'Store ID',
		name: 'storeId',
		type: 'string',
		default: '',
		placeholder: '123456',
		description: 'The store in ShipStation that orders are put into; empty = the store for manual orders',
	},
];
