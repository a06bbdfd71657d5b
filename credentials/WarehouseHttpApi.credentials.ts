import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

/** A warehouse with an API of its own: where it is, and how it wants to be signed in to. */
export class WarehouseHttpApi implements ICredentialType {
	name = 'warehouseHttpApi';

	displayName = 'Warehouse HTTP API';

	icon: Icon = { light: 'file:../icons/warehouseHttpApi.svg', dark: 'file:../icons/warehouseHttpApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/http-api.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://wms.example.com/api/v1',
			description: 'What all paths of requests are below',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			options: [
				{ name: 'Basic', value: 'basic', description: 'User and password' },
				{ name: 'Bearer Token', value: 'bearer', description: 'A token in the header Authorization' },
				{ name: 'Header', value: 'header', description: 'A key in a header of its own' },
				{ name: 'None', value: 'none' },
				{ name: 'Query Parameter', value: 'query', description: 'A key in the address' },
			],
			default: 'bearer',
			description: 'How the API wants to be signed in to',
		},
		{ displayName: 'User', name: 'user', type: 'string', default: '', displayOptions: { show: { authentication: ['basic'] } } },
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authentication: ['basic'] } },
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authentication: ['bearer'] } },
		},
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'X-API-Key',
			description: 'Name of the header or of the parameter',
			displayOptions: { show: { authentication: ['header', 'query'] } },
		},
		{
			displayName: 'Value',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { show: { authentication: ['header', 'query'] } },
		},
		{
			displayName: 'Path for the Test',
			name: 'testPath',
			type: 'string',
			default: '/',
			placeholder: '/orders?limit=1',
			description: 'A path that answers with status 200 when the sign-in is right',
		},
	];

	authenticate = async (credentials: ICredentialDataDecryptedObject, request: IHttpRequestOptions): Promise<IHttpRequestOptions> =>
		await Promise.resolve(signedIn(credentials, request));

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.replace(/\\/+$/, "") }}',
			disableFollowRedirect: true,
			url: '={{ $credentials.testPath || "/" }}',
		},
	};
}

function signedIn(credentials: ICredentialDataDecryptedObject, request: IHttpRequestOptions): IHttpRequestOptions {
	const text = (name: string): string => String(credentials[name] ?? '');
	switch (credentials.authentication) {
		case 'basic':
			return { ...request, auth: { username: text('user'), password: text('password') } };
		case 'bearer':
			return { ...request, headers: { ...request.headers, Authorization: `Bearer ${text('token')}` } };
		case 'header':
			return { ...request, headers: { ...request.headers, [text('name').trim()]: text('secret') } };
		case 'query':
			return { ...request, qs: { ...request.qs, [text('name').trim()]: text('secret') } };
		default:
			return request;
	}
}
