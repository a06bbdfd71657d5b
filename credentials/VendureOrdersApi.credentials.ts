import type { Icon, ICredentialDataDecryptedObject, ICredentialType, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';
import { vendureHeaders } from '../lib/carts/vendure/headers';

/** A Vendure shop. Its connection test is in the nodes: it also names the permissions that the role lacks. */
export class VendureOrdersApi implements ICredentialType {
	name = 'vendureOrdersApi';

	displayName = 'Vendure Orders API';

	icon: Icon = { light: 'file:../icons/vendureOrdersApi.svg', dark: 'file:../icons/vendureOrdersApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/carts/vendure.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Admin API',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://shop.example.com/admin-api',
			description: 'The address of the Admin API',
		},
		{
			displayName: 'Sign In With',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'API Key', value: 'apiKey', description: 'Vendure 3.6 or later, with tokenMethod "api-key" in its configuration' },
				{ name: 'User and Password', value: 'password', description: 'Of an administrator' },
			],
			default: 'password',
		},
		{
			displayName: 'User',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			description: 'An administrator whose role has the permissions ReadOrder and UpdateOrder',
			displayOptions: { show: { authentication: ['password'] } },
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: { show: { authentication: ['password'] } },
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'As Vendure showed it when it was made, with a role that has the permissions ReadOrder and UpdateOrder',
			displayOptions: { show: { authentication: ['apiKey'] } },
		},
		{
			displayName: 'Channel Token',
			name: 'channelToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Of the channel whose orders are meant. Empty = the default channel.',
		},
		{
			displayName: 'Order Custom Fields',
			name: 'customFields',
			type: 'string',
			default: '',
			placeholder: 'pickupPoint, giftWrap',
			description: 'Fields of the shop’s own that orders have and that are to be imported, by their names, separated by commas',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await Promise.resolve({ ...requestOptions, headers: { ...requestOptions.headers, ...vendureHeaders(credentials) } });
	}
}
