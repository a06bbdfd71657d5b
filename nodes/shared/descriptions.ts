/** Parameters that several nodes have, so that they look and read the same everywhere. */
import type { INodeProperties } from 'n8n-workflow';

export const storeNotice: INodeProperties = {
	displayName:
		'The Order Store credential is optional: without it, orders are kept in a file in n8n’s user folder. Queue mode needs one for Postgres.',
	name: 'storeNotice',
	type: 'notice',
	default: '',
};

/** The name of the sales channel, of every order import trigger. */
export const storeProperty: INodeProperties = {
	displayName: 'Store',
	name: 'store',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'acme-us',
	description:
		'The name you give to this sales channel. Orders are unique per store: to change it later, use Order Store → Connection → Rename Store first.',
};
