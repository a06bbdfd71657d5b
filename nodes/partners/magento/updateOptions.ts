/** The options of Cart Update that only Magento has. */
import type { INodeProperties } from 'n8n-workflow';

export const updateOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge Status',
		name: 'magentoAcknowledgeStatus',
		type: 'string',
		default: '',
		placeholder: 'at_warehouse',
		description: 'A status of the shop that an order gets when the warehouse has it. Empty adds a comment only.',
	},
	{
		displayName: 'Inventory Source',
		name: 'magentoSourceCode',
		type: 'string',
		default: '',
		placeholder: 'default',
		description: 'Code of the source that shipments are taken from, for shops with several',
	},
];
