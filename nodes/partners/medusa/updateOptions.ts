/** The options of Cart Update that only Medusa has. */
import type { INodeProperties } from 'n8n-workflow';

export const updateOptions: INodeProperties[] = [
	{
		displayName: 'Stock Location',
		name: 'medusaLocation',
		type: 'string',
		default: '',
		placeholder: 'sloc_01J…',
		description: 'ID of the stock location that the goods leave from, for shops with several. Empty = that of the shipping option.',
	},
];
