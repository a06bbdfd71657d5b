/** What the skeletons share. */

export interface Skeleton {
	/** Path from the root to text. */
	files: Record<string, string>;
	/** The list that it joins. */
	registry: { file: string; list: string };
	/** A row of a test that goes through the registry. */
	row?: { file: string; list: string; text: string };
	/** Entries of package.json. */
	nodes: string[];
	credentials: string[];
	/** What is to be done, a line each. */
	next: string[];
}

/** The registry of carts and WMS. */
export const PARTNERS = 'nodes/partners/index.ts';

const DOCS = 'https://github.com/n8n-nodes-order-fulfillment/n8n-nodes-order-fulfillment/blob/main/docs';

/** "EverShop" → "everShop". */
export const codeOf = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** A placeholder to be drawn over: the first letters in a box, for the light and the dark theme. */
export function icons(file: string, name: string): Record<string, string> {
	const svg = (line: string, text: string): string =>
		`<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60" viewBox="0 0 60 60">
	<path d="M30 6l21 12v24L30 54 9 42V18z" fill="none" stroke="${line}" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>
	<text x="30" y="37" text-anchor="middle" font-family="sans-serif" font-size="18" font-weight="bold" fill="${text}">${name.slice(0, 2)}</text>
</svg>
`;
	return { [`icons/${file}.svg`]: svg('#24344d', '#e8590c'), [`icons/${file}.dark.svg`]: svg('#e3eaf4', '#ff9f4a') };
}

/** @param test the declarative test of the class; "" when the partner has one (`testedBy`) */
export const credentialText = (
	name: string,
	type: string,
	test: string,
): string => `import type { Icon, ICredentialDataDecryptedObject,${test === '' ? '' : ' ICredentialTestRequest,'} ICredentialType, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';
import { signInHeaders } from '../nodes/partners/${codeOf(name)}/signIn';
import { withHeaders } from '../nodes/shared/signIn';

/** An account of ${name}. */
export class ${type} implements ICredentialType {
	name = '${codeOf(type)}';

	displayName = '${name} ${type.endsWith('OrdersApi') ? 'Orders ' : ''}API';

	icon: Icon = { light: 'file:../icons/${codeOf(type)}.svg', dark: 'file:../icons/${codeOf(type)}.dark.svg' };

	documentationUrl = '${DOCS}/${type.endsWith('OrdersApi') ? 'carts' : 'wms'}/${name.toLowerCase()}.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Address',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://api.example.com',
			description: 'The address of the API',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
	];

	async authenticate(credentials: ICredentialDataDecryptedObject, requestOptions: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		return await withHeaders(requestOptions, signInHeaders(credentials));
	}
${test}}
`;

/** Used by the credential, and by the test of a cart. */
export const signInText = `import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { bearer } from '../../shared/signIn';

/** What signs a request in. */
export const signInHeaders = ({ accessToken }: ICredentialDataDecryptedObject): Record<string, string> => bearer(accessToken);
`;

/** The page that the help links of the editor open. */
export const pageText = (name: string, needs: string): string =>
	`# ${name}\n\nWrite here what ${needs}, what it must allow, and what is set up in ${name}.\n`;

/** Search words and links of a node. @param page its name under docs/nodes */
export const codexText = (node: string, page: string, words: readonly string[]): string =>
	`${JSON.stringify(
		{
			node: `n8n-nodes-order-fulfillment.${node}`,
			nodeVersion: '1.0',
			codexVersion: '1.0',
			categories: ['Sales', 'Data & Storage'],
			alias: [...words, 'order import', 'e-commerce', 'fulfillment', 'oms', 'shop'],
			resources: {
				primaryDocumentation: [{ url: `${DOCS}/nodes/${page}.md` }],
				credentialDocumentation: [{ url: `${DOCS}/credentials.md` }],
			},
		},
		null,
		'\t',
	)}\n`;
