import type { Icon, ICredentialDataDecryptedObject, ICredentialType, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';
import { medusaHeaders } from '../lib/carts/medusa/headers';
import { withHeaders } from '../nodes/shared/signIn';

/** A Medusa shop. Its connection test is in the nodes: it also looks for the sales channels. */
export class MedusaOrdersApi implements ICredentialType {
	name = 'medusaOrdersApi';

	displayName = 'Medusa Orders API';

	icon: Icon = { light: 'file:../icons/medusaOrdersApi.svg', dark: 'file:../icons/medusaOrdersApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/carts/medusa.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Server Address',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://api.shop.example.com',
			description: 'The address of the Medusa server, not that of the storefront',
		},
		{
			displayName: 'Secret API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'sk_…',
			description: 'As Medusa showed it when it was made (Settings → Secret API Keys)',
		},
		{
			displayName: 'Sales Channels',
			name: 'salesChannels',
			type: 'string',
			default: '',
			placeholder: 'sc_01J…',
			description: 'IDs of the sales channels whose orders are meant, separated by commas. Empty = all.',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, medusaHeaders(credentials));
	}
}
