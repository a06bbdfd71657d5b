/** The options of the import trigger that only Medusa has. */
import type { INodeProperties } from 'n8n-workflow';

export const importOptions: INodeProperties[] = [
	{
		displayName: 'Only Regions',
		name: 'regions',
		type: 'string',
		default: '',
		placeholder: 'reg_01J…',
		description: 'Import only orders of these regions of Medusa, by their IDs, separated by commas. Empty = all.',
	},
	{
		displayName: 'Payment Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: [
			{ name: 'Authorized', value: 'authorized' },
			{ name: 'Captured', value: 'captured' },
			{ name: 'Not Paid', value: 'not_paid' },
		],
		default: ['captured'],
		description:
			'Orders whose payment is so far, or further, are imported. One whose payment comes later is imported then; one that costs nothing at once.',
	},
];
