import type { Icon, ICredentialDataDecryptedObject, ICredentialType, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';

/** A shop and its REST API keys. Its connection test is in the nodes: it also names the permissions that are missing. */
export class WooCommerceOrdersApi implements ICredentialType {
	name = 'wooCommerceOrdersApi';

	displayName = 'WooCommerce Orders API';

	icon: Icon = { light: 'file:../icons/wooCommerceOrdersApi.svg', dark: 'file:../icons/wooCommerceOrdersApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/carts/woocommerce.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Shop Address',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://shop.example.com',
			description: 'Address of the WordPress site, with https://. WooCommerce takes keys over HTTPS only.',
		},
		{
			displayName: 'Consumer Key',
			name: 'consumerKey',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'ck_…',
			description: 'WooCommerce → Settings → Advanced → REST API → Add Key, with permission Read/Write',
		},
		{
			displayName: 'Consumer Secret',
			name: 'consumerSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'cs_…',
		},
		{
			displayName: 'Keys In',
			name: 'keysIn',
			type: 'options',
			options: [
				{ name: 'Address', value: 'query', description: 'For hosts that keep the header Authorization from WordPress; over HTTPS only' },
				{ name: 'Header', value: 'header', description: 'As usual' },
			],
			default: 'header',
			description: 'How the keys are sent. The connection test says when the header does not arrive.',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		if (credentials.keysIn === 'query') {
			if (!/^https:/i.test(requestOptions.url))
				throw new Error('Keys in the address are sent over HTTPS only. Let the address of the shop begin with https://.');
			const qs = {
				...requestOptions.qs,
				consumer_key: String(credentials.consumerKey ?? ''),
				consumer_secret: String(credentials.consumerSecret ?? ''),
			};
			return await Promise.resolve({ ...requestOptions, qs });
		}
		const auth = { username: String(credentials.consumerKey ?? ''), password: String(credentials.consumerSecret ?? '') };
		return await Promise.resolve({ ...requestOptions, auth });
	}
}
