import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { withHeaders } from '../nodes/shared/signIn';

/** A ShipStation account, by a key of API V2. */
export class ShipStationApi implements ICredentialType {
	name = 'shipStationApi';

	displayName = 'ShipStation API';

	icon: Icon = { light: 'file:../icons/shipStationApi.svg', dark: 'file:../icons/shipStationApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/shipstation.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: 'https://api.shipstation.com',
			required: true,
			description: 'The address of API V2',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'A key of API V2: ShipStation → Settings → Account → API Settings. Keys of V1 (with a secret) do not work.',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, { 'API-Key': String(credentials.apiKey ?? '') });
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.replace(/\\/+$/, "") }}',
			disableFollowRedirect: true,
			url: '/v2/warehouses',
		},
	};
}
