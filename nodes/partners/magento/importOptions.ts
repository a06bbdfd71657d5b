/** The options of the import trigger that only Magento has. */
import type { INodeProperties } from 'n8n-workflow';

export const importOptions: INodeProperties[] = [
	{
		displayName: 'Other Statuses',
		name: 'otherStatuses',
		type: 'string',
		default: '',
		placeholder: 'ready_to_ship',
		description:
			'Statuses of the shop that are imported, by their code, together with those under Statuses or alone. Separate them by commas.',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: [
			{ name: 'Pending', value: 'pending' },
			{ name: 'Processing', value: 'processing' },
			{ name: 'Complete', value: 'complete' },
		],
		default: ['processing'],
		description:
			'Orders in these are imported. What becomes of an order that was imported is heard whatever its status: it waits in any other one.',
	},
];
