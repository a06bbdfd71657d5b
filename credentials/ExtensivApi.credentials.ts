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

/** A REST API connection of Extensiv 3PL Warehouse Manager, for one customer and facility. */
export class ExtensivApi implements ICredentialType {
	name = 'extensivApi';

	displayName = 'Extensiv API';

	icon: Icon = { light: 'file:../icons/extensivApi.svg', dark: 'file:../icons/extensivApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/extensiv.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: 'https://secure-wms.com',
			required: true,
			placeholder: 'https://box.secure-wms.com',
			description: 'The address of the API; the sandbox has its own',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			description: 'Of the REST API connection, from the 3PL',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Of the REST API connection, from the 3PL',
		},
		{
			displayName: 'User Login',
			name: 'userLogin',
			type: 'string',
			default: '',
			required: true,
			description: 'Of the REST API connection, from the 3PL: a name or, in older connections, a number',
		},
		{
			displayName: '3PL GUID',
			name: 'tpl',
			type: 'string',
			default: '',
			placeholder: '1ddbea91-0000-0000-0000-000000000000',
			description: 'Only for connections that are not tied to one 3PL',
		},
		{
			displayName: 'Customer ID',
			name: 'customerId',
			type: 'string',
			default: '',
			required: true,
			placeholder: '17',
			description: 'The number of the customer in Extensiv whose goods these are',
		},
		{
			displayName: 'Facility ID',
			name: 'facilityId',
			type: 'string',
			default: '',
			required: true,
			placeholder: '4',
			description: 'The number of the facility that orders go to; an order whose Warehouse is a number goes to that one',
		},
		{
			displayName: 'Time Zone',
			name: 'timeZone',
			type: 'string',
			default: 'UTC',
			placeholder: 'America/Los_Angeles',
			description:
				'Extensiv gives times without a zone: that of the warehouse. Compare the time of an order there with its time in the answer.',
		},
		{ displayName: 'Access Token', name: 'accessToken', type: 'hidden', typeOptions: { expirable: true, password: true }, default: '' },
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		{ url, clientId, clientSecret, userLogin, tpl }: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const text = (value: unknown): string => String(value ?? '').trim();
		const login = text(userLogin);
		const base64 = Buffer.from(`${text(clientId)}:${text(clientSecret)}`).toString('base64');
		const accessToken = await renewedToken(this, 'Extensiv', {
			url: `${text(url).replace(/\/+$/, '')}/AuthServer/api/Token`,
			headers: { 'content-type': 'application/json; charset=utf-8', accept: 'application/json', Authorization: `Basic ${base64}` },
			body: {
				grant_type: 'client_credentials',
				...(/^\d+$/.test(login) ? { user_login_id: login } : { user_login: login }),
				...(text(tpl) === '' ? {} : { tpl: text(tpl) }),
			},
			secrets: [text(clientSecret), base64],
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
			url: '/orders',
			qs: { pgsiz: 1, rql: '=readOnly.customerIdentifier.id=={{ $credentials.customerId }}' },
			headers: { Accept: 'application/hal+json' },
		},
	};
}
