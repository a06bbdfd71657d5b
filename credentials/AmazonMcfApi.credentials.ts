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
import { withHeaders } from '../nodes/shared/signIn';
import { renewedToken } from '../nodes/shared/tokens';

/** A seller's account at Amazon, reached by an app of the Selling Partner API. */
export class AmazonMcfApi implements ICredentialType {
	name = 'amazonMcfApi';

	displayName = 'Amazon MCF API';

	icon: Icon = { light: 'file:../icons/amazonMcfApi.svg', dark: 'file:../icons/amazonMcfApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/amazon-mcf.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: 'https://sellingpartnerapi-na.amazon.com',
			required: true,
			placeholder: 'https://sellingpartnerapi-eu.amazon.com',
			description: "The address of the seller's region: sellingpartnerapi-na, sellingpartnerapi-eu or sellingpartnerapi-fe",
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'amzn1.application-oa2-client.…',
			description: 'Of the app: Seller Central → Develop Apps → LWA credentials. The app needs the role Amazon Fulfillment.',
		},
		{ displayName: 'Client Secret', name: 'clientSecret', type: 'string', typeOptions: { password: true }, default: '', required: true },
		{
			displayName: 'Refresh Token',
			name: 'refreshToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: "From the seller's authorization of the app. Access tokens are renewed with it automatically.",
		},
		{
			displayName: 'Marketplace ID',
			name: 'marketplaceId',
			type: 'string',
			default: '',
			placeholder: 'ATVPDKIKX0DER',
			description: 'The marketplace that orders belong to; empty = the default one of the account',
		},
		{
			displayName: 'Sign-In Address',
			name: 'signInUrl',
			type: 'string',
			default: 'https://api.amazon.com/auth/o2/token',
			required: true,
			description: 'Login with Amazon; the same for all regions',
		},
		{ displayName: 'Access Token', name: 'accessToken', type: 'hidden', typeOptions: { expirable: true, password: true }, default: '' },
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		{ signInUrl, clientId, clientSecret, refreshToken }: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const text = (value: unknown): string => String(value ?? '').trim();
		const body = new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: text(refreshToken),
			client_id: text(clientId),
			client_secret: text(clientSecret),
		}).toString();
		return {
			accessToken: await renewedToken(this, 'Amazon', {
				url: text(signInUrl),
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
				body,
				secrets: [text(refreshToken), text(clientSecret)],
			}),
		};
	}

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, { 'x-amz-access-token': String(credentials.accessToken ?? '') });
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.replace(/\\/+$/, "") }}',
			disableFollowRedirect: true,
			url: '/fba/outbound/2020-07-01/fulfillmentOrders',
			qs: { queryStartDate: '={{ new Date().toISOString() }}' },
		},
	};
}
