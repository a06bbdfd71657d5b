/** The options of Cart Update that only BigCommerce has. */
import type { INodeProperties } from 'n8n-workflow';

export const updateOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge By',
		name: 'bigAcknowledgeBy',
		type: 'options',
		options: [
			{ name: 'Staff Note', value: 'note', description: 'A line in the staff notes names the warehouse’s reference' },
			{ name: 'Status', value: 'status', description: 'The order gets the status below' },
		],
		default: 'note',
		description: 'How the order in BigCommerce shows that the warehouse has it',
	},
	{
		displayName: 'Acknowledge Status',
		name: 'bigAcknowledgeStatus',
		type: 'options',
		options: [
			{ name: 'Awaiting Pickup', value: 8 },
			{ name: 'Awaiting Shipment', value: 9 },
		],
		default: 9,
		description: 'For Acknowledge By: Status',
	},
];
