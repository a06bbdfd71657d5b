/** The options of Cart Update that only Vendure has. */
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_HANDLER } from '../../../lib/carts/vendure';

export const updateOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge Field',
		name: 'vendureAcknowledgeField',
		type: 'string',
		default: '',
		placeholder: 'warehouseReference',
		description:
			'A custom field of the order, of the type string, that gets the warehouse’s reference. Empty writes a private note instead.',
	},
	{
		displayName: 'Fulfillment Handler',
		name: 'vendureHandler',
		type: 'string',
		default: DEFAULT_HANDLER,
		description: 'Code of the handler that makes fulfillments. It gets the arguments method and trackingCode.',
	},
	{
		displayName: 'Settle Payments',
		name: 'vendureSettlePayments',
		type: 'boolean',
		default: false,
		description:
			'Whether to settle authorized payments before the first shipment is reported. Otherwise such orders wait until somebody settles them.',
	},
];
