import type { Icon, ICredentialDataDecryptedObject, ICredentialType, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';
import { signInHeaders } from '../nodes/partners/shopify/signIn';
import { withHeaders } from '../nodes/shared/signIn';

/** A Shopify shop. Its connection test is in the nodes: it also names the scopes that the token lacks. */
export class ShopifyOrdersApi implements ICredentialType {
	name = 'shopifyOrdersApi';

	displayName = 'Shopify Orders API';

	icon: Icon = { light: 'file:../icons/shopifyOrdersApi.svg', dark: 'file:../icons/shopifyOrdersApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/carts/shopify.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Shop',
			name: 'shop',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'acme',
			description: 'The part before .myshopify.com. A full address is taken as it is, for example of a proxy.',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The Admin API access token of a custom app (shpat_…), with the scopes read_orders, write_orders, read_merchant_managed_fulfillment_orders and write_merchant_managed_fulfillment_orders',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, signInHeaders(credentials));
	}
}
