import type { Icon, ICredentialDataDecryptedObject, ICredentialType, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';
import { signInHeaders } from '../nodes/partners/magento/signIn';
import { withHeaders } from '../nodes/shared/signIn';

/** A shop and the access token of an integration. Its connection test is in the nodes: it also names the permissions that are missing. */
export class MagentoOrdersApi implements ICredentialType {
	name = 'magentoOrdersApi';

	displayName = 'Magento Orders API';

	icon: Icon = { light: 'file:../icons/magentoOrdersApi.svg', dark: 'file:../icons/magentoOrdersApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/carts/magento.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Shop Address',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://shop.example.com',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'System → Integrations → Access Token of an active integration with the resources Sales, and Stores → Settings → All Stores for the unit of weights. Since 2.4.4 the shop must allow tokens to be used as bearer tokens.',
		},
		{
			displayName: 'REST Path',
			name: 'restPath',
			type: 'string',
			default: '/rest/default',
			description: 'With the code of a store view in place of "default" where the shop needs it',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, signInHeaders(credentials));
	}
}
