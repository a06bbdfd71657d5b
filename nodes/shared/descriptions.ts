/** Parameters that several nodes have, so that they look and read the same everywhere. */
import type { INodeProperties } from 'n8n-workflow';

export const storeNotice: INodeProperties = {
	displayName:
		'The Order Store credential is optional: without it, orders are kept in a file in n8n’s user folder. Queue mode needs one for Postgres.',
	name: 'storeNotice',
	type: 'notice',
	default: '',
};
