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
import { newTrytonSession } from '../nodes/partners/tryton/session';

/** A user of a Tryton database. */
export class TrytonApi implements ICredentialType {
	name = 'trytonApi';

	displayName = 'Tryton API';

	icon: Icon = { light: 'file:../icons/trytonApi.svg', dark: 'file:../icons/trytonApi.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs/wms/tryton.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: '',
			placeholder: 'https://tryton.example.com',
			required: true,
			description: 'The address of the server, without the database',
		},
		{
			displayName: 'Database',
			name: 'database',
			type: 'string',
			default: '',
			placeholder: 'warehouse',
			required: true,
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			required: true,
			description: 'The login of a user of the group Stock who works in the company that ships',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		{ displayName: 'Session Token', name: 'sessionToken', type: 'hidden', typeOptions: { expirable: true, password: true }, default: '' },
	];

	async preAuthentication(this: IHttpRequestHelper, data: ICredentialDataDecryptedObject): Promise<IDataObject> {
		return { sessionToken: await newTrytonSession(this, data) };
	}

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, { Authorization: `Session ${String(credentials.sessionToken ?? '')}` });
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.trim().replace(/\\/+$/, "") + "/" + encodeURIComponent($credentials.database.trim()) }}',
			disableFollowRedirect: true,
			url: '/',
			method: 'POST',
			body: { id: 1, method: 'model.stock.shipment.out.search_count', params: [[['id', '=', 0]], {}] },
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'result',
					value: undefined,
					message:
						'Tryton signed the user in, but shows no customer shipments: activate the module "stock", and put the user into the group Stock.',
				},
			},
		],
	};
}
