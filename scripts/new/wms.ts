/** The files of a new WMS that is reached over HTTP. */
import { codeOf, credentialText, icons, pageText, PARTNERS, signInText, type Skeleton } from './skeleton';

export function wmsFiles(name: string): Skeleton {
	const code = codeOf(name);
	const credential = `${name}Api`;
	return {
		files: {
			[`lib/wms/${code}/index.ts`]: adapter(name, code),
			[`nodes/partners/${code}/index.ts`]: partner(name, code),
			[`nodes/partners/${code}/signIn.ts`]: signInText,
			[`credentials/${credential}.credentials.ts`]: credentialText(name, credential, TEST),
			[`test/wms/${code}Harness.ts`]: harness(name, code),
			[`test/nodes/${code}.test.ts`]: throughNodes(name, code),
			[`docs/wms/${name.toLowerCase()}.md`]: pageText(name, 'the credential needs'),
			...icons(`${code}Api`, name),
		},
		registry: { file: PARTNERS, list: 'WMS' },
		nodes: [],
		credentials: [`dist/credentials/${credential}.credentials.js`],
		next: [
			`write lib/wms/${code}: how orders are sent and shipments read; settings and options are in nodes/partners/${code}`,
			`write test/wms/${code}Harness.ts until this passes: npm test -- test/wms -t ${code}`,
			`pin what n8n sees of it, and write the pages: UPDATE_DESCRIPTIONS=1 npm test -- test/nodes/descriptions; npm run docs`,
			`write docs/wms/${name.toLowerCase()}.md, list it in the README, draw its icons`,
		],
	};
}

const TEST = `
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.replace(/\\\\/+$/, "") }}',
			disableFollowRedirect: true,
			url: '/',
		},
	};
`;

const adapter = (name: string, code: string): string => `/** ${name}. */
import type { HttpAccount } from '../../http/Http';
import { FieldLimitError } from '../../order/errors';
import type { Order } from '../../order/order';
import { fieldProblems } from '../common/limits';
import type { FieldLimit, Wms, WmsSession } from '../Wms';

export interface ${name}Request {
	reference: string;
}

const LIMITS: readonly FieldLimit[] = [{ path: 'shippingAddress.country', required: true }];

export const ${code}Wms: Wms<HttpAccount, ${name}Request, object> = {
	code: '${code}',
	label: '${name}',
	limits: LIMITS,
	capabilities: { uniqueReference: false, cancel: true },
	toRequest,
	open,
};

function toRequest(order: Order): ${name}Request {
	const problems = fieldProblems(order, LIMITS);
	if (problems.length > 0) throw new FieldLimitError(problems);
	return { reference: order.reference };
}

function open({ account }: HttpAccount): WmsSession<${name}Request> {
	return {
		account: \`wms:${code}:\${account}\`,
		source: \`wms:${code}:\${account}\`,
		findOrder: async () => await notWritten('findOrder'),
		createOrder: async () => await notWritten('createOrder'),
		async *listShipments() {
			yield await notWritten('listShipments');
		},
		cancelOrder: async () => await notWritten('cancelOrder'),
	};
}

const notWritten = async (what: string): Promise<never> => await Promise.reject(new Error(\`\${what} is not written yet: see lib/wms/${code}.\`));
`;

const partner = (name: string, code: string): string => `/** ${name} in n8n. */
import type { INodeProperties } from 'n8n-workflow';
import { ${code}Wms } from '../../../lib/wms/${code}';
import { hostAndPath, openAccount, type AccountOptions } from '../../shared/httpAccount';
import { opened } from '../opened';
import type { WmsPartner } from '../Partner';

const ACCOUNT: AccountOptions = {
	credential: '${code}Api',
	label: ${code}Wms.label,
	baseUrl: ({ url }) => String(url ?? ''),
	// Two credentials of one account must give the same.
	accountOf: ({ url }) => hostAndPath(url),
};

/** Options of WMS Send that only ${name} has. */
const sendOptions: INodeProperties[] = [];

export const ${code}: WmsPartner = {
	wms: ${code}Wms,
	signIns: [{ name: ACCOUNT.credential, displayName: '${name}' }],
	sendOptions,
	open: async (context) => opened(${code}Wms, ${code}Wms.open(await openAccount(context, ACCOUNT), {})),
};
`;

const harness = (
	name: string,
	code: string,
): string => `/** A warehouse of ${name} for the contract: a peer written from its documentation (see testing/servers), or a real server. */
import { ${code}Wms, type ${name}Request } from '../../lib/wms/${code}';
import type { WmsSession } from '../../lib/wms/Wms';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { Peer } from '../../testing/servers/Peer';
import type { WmsHarness } from './contract';
import type { Scene } from './faultScenes';

/** Write how the warehouse answers. */
async function session(): Promise<WmsSession<unknown>> {
	const peer = await Peer.open(() => ({ status: 501, body: { message: 'not written yet' } }));
	const opened = ${code}Wms.open({ http: fetchHttp(peer.url, {}), account: 'wms.example.com' }, {});
	return { ...opened, createOrder: async (request) => await opened.createOrder(request as ${name}Request) };
}

export const ${code}Harness: WmsHarness = {
	empty: async () => ({ session: await session(), orders: async () => await Promise.resolve([]) }),
	reporting: async () => ({ session: await session() }),
};

/** For the faults over HTTP. */
export const ${code}Scene = async (): Promise<Scene> => await Promise.reject(new Error('Write how a warehouse of ${name} is opened for the faults over HTTP.'));
`;

const throughNodes = (name: string, code: string): string => `/** ${name} through its nodes. */
import { wmsThroughNodes } from './wmsThroughNodes';

wmsThroughNodes('${code}', {
	credential: '${code}Api',
	open: async () => await Promise.reject(new Error('Write how a warehouse of ${name} is opened, and what it has.')),
});
`;
