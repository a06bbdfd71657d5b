/** Reaches a peer server as the nodes do: through n8n's own helper, with a sign-in of n8n's, and without the secrets of it in what comes back. */
import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import type { Http } from '../../lib/http/Http';
import { n8nHttp } from '../../lib/http/n8nHttp';
import { secretsOf } from '../../lib/http/secrets';
import { withHeaders } from '../../nodes/shared/signIn';
import { executeNode } from '../../testing/engine/executeNode';

/** Signs in with the headers that it holds. */
class HeadersApi implements ICredentialType {
	name = 'headersApi';
	displayName = 'Headers API';
	properties: INodeProperties[] = [{ displayName: 'Headers', name: 'headers', type: 'string', default: '' }];
	async authenticate({ headers }: ICredentialDataDecryptedObject, request: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(request, JSON.parse(String(headers)) as Record<string, string>);
	}
}

let context: IExecuteFunctions | undefined;

/** Hands out what n8n gives a node; the helper works as long as the process does. */
class Worker implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Worker',
		name: 'worker',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
		credentials: [{ name: 'headersApi' }],
	};
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		context = this;
		return await Promise.resolve([[]]);
	}
}

/** @param headers the sign-in that a credential would add */
export async function n8nPeerHttp(baseUrl: string, headers: Record<string, string> = {}): Promise<Http> {
	await executeNode(Worker, { credentials: { headersApi: { headers: JSON.stringify(headers) } }, credentialTypes: [HeadersApi] });
	const secrets = secretsOf(Object.values(headers).map((value) => value.replace(/^(Basic|Bearer) /, '')));
	return n8nHttp(context!, 'headersApi', baseUrl, { secrets: () => secrets });
}
