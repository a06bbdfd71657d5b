import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { bearer, withHeaders } from '../nodes/shared/signIn';

/** A ShipBob account: a personal access token and the channel that orders belong to. */
export class ShipBobApi implements ICredentialType {
	name = 'shipBobApi';

	displayName = 'ShipBob API';

	icon: Icon = { light: 'file:../icons/shipBobApi.svg', dark: 'file:../icons/shipBobApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/shipbob.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: 'https://api.shipbob.com',
			required: true,
			placeholder: 'https://sandbox-api.shipbob.com',
			description: 'The address of the API; the sandbox has its own',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'A personal access token: ShipBob → Integrations → API Tokens',
		},
		{
			displayName: 'Channel ID',
			name: 'channelId',
			type: 'string',
			default: '',
			required: true,
			placeholder: '123456',
			description: 'The channel that orders belong to, with write access',
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, bearer(credentials.accessToken));
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.replace(/\\/+$/, "") }}',
			disableFollowRedirect: true,
			url: '/2026-01/order',
			qs: { Limit: 1 },
			headers: { shipbob_channel_id: '={{ $credentials.channelId }}' },
		},
	};
}
