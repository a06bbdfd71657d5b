/** Parameters that several nodes have, so that they look and read the same everywhere. */
import type { INodeProperties } from 'n8n-workflow';

export const storeNotice: INodeProperties = {
	displayName:
		'Without an Order Store credential, orders are kept in an SQLite file in n8n’s user folder. Queue mode needs a credential for Postgres.',
	name: 'storeNotice',
	type: 'notice',
	default: '',
};
