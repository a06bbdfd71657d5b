import type { Icon, ICredentialDataDecryptedObject, ICredentialType, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';
import { signInHeaders } from '../nodes/partners/bigCommerce/signIn';
import { withHeaders } from '../nodes/shared/signIn';

/** A store and a token of its API account. Its connection test is in the nodes: it also names the permissions that are missing. */
export class BigCommerceOrdersApi implements ICredentialType {
	name = 'bigCommerceOrdersApi';

	displayName = 'BigCommerce Orders API';

	icon: Icon = { light: 'file:../icons/bigCommerceOrdersApi.svg', dark: 'file:../icons/bigCommerceOrdersApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/carts/bigcommerce.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Store Hash',
			name: 'storeHash',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'abc123xyz',
			description: 'The part after /stores/ in the API path that BigCommerce shows with the token',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Settings → API → Store-level API accounts → Create API account, with the scopes Orders: modify and Information & settings: read-only (for the unit of weights)',
		},
		{
			displayName: 'API Address',
			name: 'apiUrl',
			type: 'string',
			default: 'https://api.bigcommerce.com',
			description: 'Only for a proxy of your own',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, signInHeaders(credentials));
	}
}
