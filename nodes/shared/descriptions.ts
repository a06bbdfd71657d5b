/** Parameters that several nodes have, so that they look and read the same everywhere. */
import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import { FOLDER_CREDENTIAL, STORE_CREDENTIAL } from './context';

/** Every node takes it; without one the embedded store is used. */
export const storeCredential: INodeCredentialDescription = {
	name: STORE_CREDENTIAL,
	required: false,
	testedBy: 'orderStoreConnectionTest',
};

export const folderCredential: INodeCredentialDescription = {
	name: FOLDER_CREDENTIAL,
	required: true,
	testedBy: 'fileExchangeTest',
};

export const storeNotice: INodeProperties = {
	displayName:
		'Without an Order Store credential, orders are kept in an SQLite file in n8n’s user folder. Queue mode needs a credential for Postgres.',
	name: 'storeNotice',
	type: 'notice',
	default: '',
};
