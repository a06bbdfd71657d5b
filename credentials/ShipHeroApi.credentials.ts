import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { bearer, withHeaders } from '../nodes/shared/signIn';
import { renewedToken } from '../nodes/shared/tokens';

/** A ShipHero account: the refresh token of a developer user, with which access tokens are renewed. */
export class ShipHeroApi implements ICredentialType {
	name = 'shipHeroApi';

	displayName = 'ShipHero API';

	icon: Icon = { light: 'file:../icons/shipHeroApi.svg', dark: 'file:../icons/shipHeroApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/shiphero.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: 'https://public-api.shiphero.com',
			required: true,
			description: 'The address of the public API',
		},
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Of a developer user: ShipHero → My Account → Third-Party Developers. Access tokens are renewed with it automatically.',
		},
		{
			displayName: 'Customer Account ID',
			name: 'customerAccountId',
			type: 'string',
			default: '',
			placeholder: 'Q3VzdG9tZXJBY2NvdW50OjEyMzQ1',
			description: 'Of a 3PL: the customer whose orders these are, by the ID of the GraphQL API; empty = the account itself',
		},
		{ displayName: 'Access Token', name: 'accessToken', type: 'hidden', typeOptions: { expirable: true, password: true }, default: '' },
	];

	async preAuthentication(this: IHttpRequestHelper, { url, refreshToken }: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const accessToken = await renewedToken(this, 'ShipHero', {
			url: `${String(url).trim().replace(/\/+$/, '')}/auth/refresh`,
			headers: { 'content-type': 'application/json' },
			body: { refresh_token: String(refreshToken).trim() },
			secrets: [String(refreshToken).trim()],
		});
		return { accessToken };
	}

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, bearer(credentials.accessToken));
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.replace(/\\/+$/, "") }}',
			disableFollowRedirect: true,
			url: '/graphql',
			method: 'POST',
			body: { query: '{ user_quota { credits_remaining } }' },
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: { key: 'data.user_quota', value: null, message: 'ShipHero answered without data: check the scopes of the user.' },
			},
		],
	};
}
