/** The files of a new cart that is reached over HTTP. */
import { codeOf, codexText, credentialText, icons, pageText, PARTNERS, signInText, type Skeleton } from './skeleton';

export function cartFiles(name: string): Skeleton {
	const code = codeOf(name);
	const node = `${name}OrderImportTrigger`;
	const credential = `${name}OrdersApi`;
	return {
		files: {
			[`lib/carts/${code}/index.ts`]: adapter(name, code),
			[`nodes/partners/${code}/index.ts`]: partner(name, code),
			[`nodes/partners/${code}/signIn.ts`]: signInText,
			[`nodes/${node}/${node}.node.ts`]: trigger(name, code),
			[`nodes/${node}/${node}.node.json`]: codexText(`${code}OrderImportTrigger`, `${name.toLowerCase()}-order-import-trigger`, [
				name.toLowerCase(),
			]),
			[`credentials/${credential}.credentials.ts`]: credentialText(name, credential, ''),
			[`test/carts/${code}Harness.ts`]: harness(name, code),
			[`test/nodes/${code}.test.ts`]: throughNodes(name, code),
			[`docs/carts/${name.toLowerCase()}.md`]: pageText(name, 'the credential needs'),
			...icons(`${code}OrderImportTrigger`, name),
			...icons(`${code}OrdersApi`, name),
		},
		registry: { file: PARTNERS, list: 'CARTS' },
		nodes: [`dist/nodes/${node}/${node}.node.js`],
		credentials: [`dist/credentials/${credential}.credentials.js`],
		next: [
			`write lib/carts/${code}: how its orders are read and told; settings and options are in nodes/partners/${code}`,
			`write test/carts/${code}Harness.ts until this passes: npm test -- test/carts -t ${code}`,
			`pin what n8n sees of it, and write the pages: UPDATE_DESCRIPTIONS=1 npm test -- test/nodes/descriptions; npm run docs`,
			`write docs/carts/${name.toLowerCase()}.md, list it in the README, draw its icons`,
		],
	};
}

const adapter = (name: string, code: string): string => `/** ${name}. */
import type { HttpAccount } from '../../http/Http';
import { MappingError } from '../../order/errors';
import type { ImportedOrder } from '../../order/order';
import type { CarrierNames } from '../common/carriers';
import type { Cart, CartSession } from '../Cart';

export interface ${name}Settings {
	/** Name of the store that reads: two stores of one account have a position each. */
	store?: string;
	/** From the warehouse's name of a carrier to the cart's. */
	carriers?: CarrierNames;
}

export const ${code}Cart: Cart<HttpAccount, ${name}Settings> = {
	code: '${code}',
	label: '${name}',
	toOrder,
	open,
};

/** Gives a sentence for the person who tests the credential. Throws FulfillmentError that names what is missing. */
export async function checkAccess(account: HttpAccount): Promise<string> {
	return await notWritten(\`checkAccess of \${account.account}\`);
}

function toOrder(raw: unknown): ImportedOrder {
	throw new MappingError('order', raw, 'is not read yet', 'Write toOrder in lib/carts/${code}.');
}

function open({ account }: HttpAccount, settings: ${name}Settings): CartSession {
	return {
		account: \`${code}:\${account}\`,
		source: \`${code}:\${account}:\${settings.store ?? ''}\`,
		async *listOrders() {
			yield await notWritten('listOrders');
		},
		getOrder: async () => await notWritten('getOrder'),
		uploadTracking: async () => await notWritten('uploadTracking'),
		acknowledge: async () => await notWritten('acknowledge'),
		cancel: async () => await notWritten('cancel'),
		addNote: async () => await notWritten('addNote'),
	};
}

const notWritten = async (what: string): Promise<never> => await Promise.reject(new Error(\`\${what} is not written yet: see lib/carts/${code}.\`));
`;

const partner = (name: string, code: string): string => `/** ${name} in n8n. */
import type { INodeProperties } from 'n8n-workflow';
import { checkAccess, ${code}Cart, type ${name}Settings } from '../../../lib/carts/${code}';
import { openAccount, type AccountOptions } from '../../shared/httpAccount';
import { carrierNamesFrom, type CarrierOptions } from '../carriers';
import { httpConnectionCheck } from '../httpConnectionCheck';
import type { CartPartner } from '../Partner';
import { signInHeaders } from './signIn';

const ACCOUNT: AccountOptions = {
	credential: '${code}OrdersApi',
	label: '${name}',
	baseUrl: ({ url }) => String(url ?? '').trim(),
	limit: { kind: 'bucket', capacity: 10, perSecond: 10 },
};

const test = httpConnectionCheck({ account: ACCOUNT, headers: signInHeaders, secrets: ['accessToken'], check: checkAccess });

const settingsFrom = (options: CarrierOptions, store: string): ${name}Settings => ({ store, carriers: carrierNamesFrom(options) });

/** Options of the import trigger that only ${name} has. */
const importOptions: INodeProperties[] = [];
/** Options of Cart Update that only ${name} has; their names begin with ${code}. */
const updateOptions: INodeProperties[] = [];

export const ${code}: CartPartner = {
	cart: ${code}Cart,
	signIns: [{ name: ACCOUNT.credential, displayName: '${name}', testedBy: { name: '${code}ConnectionTest', test } }],
	imports: 'Imports orders of ${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name} shop, each order once',
	importOptions,
	updateOptions,
	open: async (context, options: CarrierOptions, store) => ${code}Cart.open(await openAccount(context, ACCOUNT), settingsFrom(options, store)),
};
`;

const trigger = (
	name: string,
	code: string,
): string => `import type { INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { ${code} } from '../partners/${code}';
import { importTriggerOf } from '../partners/importTrigger';
import { checkParameters } from '../shared/checkParameters';

const { describe, subtitle, methods, poll } = importTriggerOf(${code});

export class ${name}OrderImportTrigger implements INodeType {
	description: INodeTypeDescription = {
		...describe(),
		// Written out for n8n's linter, which reads this file alone; they are the partner's.
		icon: { light: 'file:../../icons/${code}OrderImportTrigger.svg', dark: 'file:../../icons/${code}OrderImportTrigger.dark.svg' },
		subtitle,
		credentials: [
			{ name: '${code}OrdersApi', displayName: '${name}', required: true, testedBy: '${code}ConnectionTest' },
			{ name: 'orderStoreApi', displayName: 'Order Store (Optional)', required: false, testedBy: 'orderStoreConnectionTest' },
		],
	};

	methods = methods;

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}

checkParameters(${name}OrderImportTrigger);
`;

const harness = (
	name: string,
	code: string,
): string => `/** A shop of ${name} for the contract: a peer written from its documentation (see testing/servers), or a real server. */
import type { CartSession } from '../../lib/carts/Cart';
import { ${code}Cart } from '../../lib/carts/${code}';
import { fetchHttp } from '../../testing/http/fetchHttp';
import { Peer } from '../../testing/servers/Peer';
import type { CartHarness } from './contract';
import type { FaultCart } from './faultShops';

/** Write how the shop answers. */
async function session(): Promise<CartSession> {
	const peer = await Peer.open(() => ({ status: 501, body: { message: 'not written yet' } }));
	return ${code}Cart.open({ http: fetchHttp(peer.url, {}), account: 'shop.example.com' }, {});
}

export const ${code}Harness: CartHarness = {
	withOrders: async () => await session(),
	withBadOrders: async () => await session(),
	withTracking: async () => ({ session: await session(), given: async () => await Promise.resolve(0), numbers: async () => await Promise.resolve([]) }),
};

/** For the faults over HTTP. */
export const ${code}Faults: FaultCart = {
	cart: ${code}Cart,
	open: async () => await Promise.reject(new Error('Write how a shop of ${name} is opened for the faults over HTTP.')),
};
`;

const throughNodes = (name: string, code: string): string => `/** ${name} through its nodes. */
import { cartThroughNodes } from './cartThroughNodes';

cartThroughNodes('${code}', {
	credential: '${code}OrdersApi',
	trigger: '${code}OrderImportTrigger',
	open: async () => await Promise.reject(new Error('Write how a shop of ${name} is opened, and what it was told.')),
});
`;
