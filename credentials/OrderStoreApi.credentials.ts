import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

const onPostgres = { show: { database: ['postgres'] } };

/** Where the order store lives. Its connection test is in the Order Store node: it opens the store. */
export class OrderStoreApi implements ICredentialType {
	name = 'orderStoreApi';

	displayName = 'Order Store API';

	icon: Icon = { light: 'file:../icons/orderStoreApi.svg', dark: 'file:../icons/orderStoreApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/order-store.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Database',
			name: 'database',
			type: 'options',
			options: [
				{ name: 'Embedded (SQLite)', value: 'sqlite', description: 'A file on this machine; not for queue mode' },
				{ name: 'Postgres', value: 'postgres', description: 'A Postgres database; needed for queue mode' },
			],
			default: 'sqlite',
		},
		{
			displayName: 'File',
			name: 'file',
			type: 'string',
			default: '',
			placeholder: '/data/orders.sqlite',
			description:
				'Absolute path of the database file, in a folder that n8n may use. Empty = orders.sqlite in a folder of its own in n8n’s user folder.',
			displayOptions: { show: { database: ['sqlite'] } },
		},
		{ displayName: 'Host', name: 'host', type: 'string', default: 'localhost', displayOptions: onPostgres },
		{ displayName: 'Port', name: 'port', type: 'number', default: 5432, displayOptions: onPostgres },
		{
			displayName: 'Database Name',
			name: 'databaseName',
			type: 'string',
			default: 'n8n',
			description: 'May be n8n’s own database: all tables carry the prefix below',
			displayOptions: onPostgres,
		},
		{ displayName: 'User', name: 'user', type: 'string', default: 'n8n', displayOptions: onPostgres },
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: onPostgres,
		},
		{
			displayName: 'SSL',
			name: 'ssl',
			type: 'options',
			options: [
				{ name: 'Off', value: 'off' },
				{ name: 'On', value: 'on', description: 'Encrypted, and the certificate is checked' },
				{ name: 'On, Certificate Not Checked', value: 'no-verify', description: 'Encrypted, for a server with a certificate of its own' },
			],
			default: 'off',
			displayOptions: onPostgres,
		},
		{
			displayName: 'Schema',
			name: 'schema',
			type: 'string',
			default: 'public',
			description: 'The schema that holds the tables; it must exist',
			displayOptions: onPostgres,
		},
		{
			displayName: 'Table Prefix',
			name: 'tablePrefix',
			type: 'string',
			default: 'oms_',
			description: 'Put before the name of every table, so that they can live beside others',
			displayOptions: onPostgres,
		},
	];
}
