/** The options of Cart Update that only WooCommerce has. */
import type { INodeProperties } from 'n8n-workflow';

export const updateOptions: INodeProperties[] = [
	{
		displayName: 'Acknowledge By',
		name: 'wooAcknowledgeBy',
		type: 'options',
		options: [
			{ name: 'Hidden Value', value: 'meta', description: 'A hidden custom field of the order holds the warehouse’s reference' },
			{ name: 'Note', value: 'note', description: 'A private note of the order names the reference' },
			{ name: 'Status', value: 'status', description: 'The order gets a status of the shop' },
		],
		default: 'meta',
		description: 'How the order in WooCommerce shows that the warehouse has it',
	},
	{
		displayName: 'Acknowledge Status',
		name: 'wooAcknowledgeStatus',
		type: 'string',
		default: '',
		placeholder: 'at-warehouse',
		description: 'The status that acknowledges, for Acknowledge By: Status. Leave it out of the statuses that are imported.',
	},
	{
		displayName: 'Note to Customer',
		name: 'wooNoteToCustomer',
		type: 'boolean',
		default: false,
		description:
			'Whether each tracking number also becomes a note to the customer, which WooCommerce mails. Without a plugin no mail of WooCommerce shows tracking.',
	},
	{
		displayName: 'Shipped Status',
		name: 'wooShippedStatus',
		type: 'string',
		default: 'completed',
		description:
			'The status of an order once all of it is shipped and its tracking is there; WooCommerce mails the customer then. Empty leaves the status.',
	},
	{
		displayName: 'Tracking In',
		name: 'wooTracking',
		type: 'options',
		options: [
			{
				name: 'Order Meta',
				value: 'meta',
				description: 'Works on every shop; customers see it with Shipment Tracking or Advanced Shipment Tracking',
			},
			{ name: 'Shipment Tracking Plugin', value: 'plugin', description: 'The endpoint of the plugin; the shop must have it' },
		],
		default: 'meta',
		description: 'Where tracking numbers are kept, since WooCommerce itself has no place for them',
	},
];
