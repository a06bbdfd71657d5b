/** The options of the import trigger that only Vendure has. */
import type { INodeProperties } from 'n8n-workflow';

export const importOptions: INodeProperties[] = [
	{
		displayName: 'Other States',
		name: 'otherStatuses',
		type: 'string',
		default: '',
		placeholder: 'ReadyToShip',
		description:
			'States of the shop’s own order process that are imported, together with those under States or alone. Separate them by commas.',
	},
	{
		displayName: 'States',
		name: 'statuses',
		type: 'multiOptions',
		options: [
			{ name: 'Payment Authorized', value: 'PaymentAuthorized' },
			{ name: 'Payment Settled', value: 'PaymentSettled' },
		],
		default: ['PaymentSettled'],
		description:
			'Orders in these are imported. One that comes into such a state later is imported then; canceled ones cancel what was imported.',
	},
];
