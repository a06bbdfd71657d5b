/** Partners that repeat what they were sent: of every credential over HTTP, nothing of its secrets is kept, shown or passed on. */
import {
	NodeConnectionTypes,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { inspect } from 'node:util';
import type { HttpAccount } from '../../lib/http/Http';
import { problemOf } from '../../lib/http/partner';
import { vendure } from '../../nodes/partners/vendure';
import { cartTests } from '../../nodes/partners/lists';
import { openAccount } from '../../nodes/shared/httpAccount';
import { executeNode } from '../../testing/engine/executeNode';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';
import { Peer, type PeerAnswer, type PeerRequest } from '../../testing/servers/Peer';
import type { Site } from '../templates/site';
import { eachTest, itemsOf, orders, run } from './operator';

const CREDENTIALS = loadSourceClasses().credentialTypes;

/** Those that sign requests in. */
const OVER_HTTP = CREDENTIALS.map((CredentialClass) => new CredentialClass()).filter(({ authenticate }) => authenticate !== undefined);

const SECRET = /sëcret|hidden-token|hidden-session/;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Something in every field. @param choice the value of fields that offer some, by its place */
function filled(name: string, url: string, choice: number): ICredentialDataDecryptedObject {
	const data: ICredentialDataDecryptedObject = {};
	for (const { name: field, type, typeOptions, options } of propertiesOf(name)) {
		if (type === 'hidden') data[field] = '';
		else if (typeOptions?.password === true) data[field] = `sëcret/${field} of "${name}"`;
		else if (type === 'options') data[field] = (options as INodePropertyOptions[])[choice % options!.length]!.value as string;
		else data[field] = /url$/i.test(field) ? url : `plain-${field}`;
	}
	return data;
}

const propertiesOf = (name: string): INodeProperties[] => OVER_HTTP.find((one) => one.name === name)!.properties;

/** Of a sign-in of two kinds the fields of the other one are not given to nodes. */
const secretsIn = (name: string, data: ICredentialDataDecryptedObject): string[] =>
	propertiesOf(name)
		.filter(({ typeOptions }) => typeOptions?.password === true)
		.map(({ name: field }) => String(data[field] ?? ''))
		.filter((secret) => secret !== '');

/** Repeats everything that it gets, and what it knows, in each form. */
const repeating = ({ headers, query, text }: PeerRequest, known: readonly string[], status: number): PeerAnswer => {
	const got = [...Object.values(headers), ...query.values(), text, ...known];
	const forms = got.flatMap((one) => [
		one,
		encodeURIComponent(one),
		JSON.stringify(one),
		base64(one),
		Buffer.from(one.replace(/^\w+ /, ''), 'base64').toString(),
	]);
	return {
		status,
		headers: { 'x-got': encodeURI(forms.join(' ')) },
		body: { message: known.join(' '), errors: forms.map((form) => ({ [form]: form })) },
	};
};

let work: (context: IExecuteFunctions) => Promise<unknown>;
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
		credentials: OVER_HTTP.map(({ name }) => ({ name, required: false })),
	};
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		await work(this);
		return [[]];
	}
}

const inNode = async (
	name: string,
	data: ICredentialDataDecryptedObject,
	use: (context: IExecuteFunctions) => Promise<unknown>,
): Promise<void> => {
	work = use;
	await executeNode(Worker, { credentials: { [name]: data }, credentialTypes: CREDENTIALS });
};

it('there are credentials, and every one has something to hide', () => {
	expect(OVER_HTTP.length).toBeGreaterThanOrEqual(12);
	for (const { name } of OVER_HTTP) expect(secretsIn(name, filled(name, '', 0)).length).toBeGreaterThan(0);
});

it.each(
	OVER_HTTP.flatMap(({ name }) => [0, 1, 2, 3, 4].map((choice): [string, number] => [name, choice])).filter(
		([name, choice]) =>
			choice < Math.max(1, ...propertiesOf(name).map(({ type, options = [] }) => (type === 'options' ? options.length : 1))),
	),
)('%s, sign-in %i', async (name, choice) => {
	for (const status of [200, 401, 422, 500]) {
		let known: string[] = [];
		const peer = await Peer.open((request) =>
			request.path === '/echo'
				? repeating(request, known, status)
				: { body: { access_token: 'hidden-token-1', result: [1, 'hidden-session-1'] } },
		);
		await inNode(name, filled(name, peer.url, choice), async (context) => {
			known = secretsIn(name, await context.getCredentials(name));
			const account: HttpAccount = await openAccount(context, { credential: name, label: 'Acme', baseUrl: () => peer.url });
			const request = { method: 'GET', url: '/echo' } as const;
			if (filled(name, peer.url, choice)['keysIn'] === 'query') {
				// Keys in the address do not go out over plain HTTP.
				const refusal = await account.http(request).then(
					() => null,
					(error: Error) => inspect(error, { depth: 20, showHidden: true }),
				);
				expect([refusal?.match(/over HTTPS only/)?.[0], refusal?.match(SECRET)?.[0]]).toEqual(['over HTTPS only', undefined]);
				return;
			}
			const answer = await account.http(request);
			for (const kept of [
				JSON.stringify(answer),
				inspect(problemOf(answer, request, { label: 'Acme' }), { depth: 20, showHidden: true }),
			]) {
				expect([
					kept.match(SECRET)?.[0] ?? null,
					known
						.flatMap((secret) => [encodeURIComponent(secret), base64(secret), JSON.stringify(secret).slice(1, -1)])
						.filter((form) => kept.includes(form)),
				]).toEqual([null, []]);
				if (known.length > 0) expect(kept.includes('•••')).toBe(true);
			}
			expect(answer.status).toBe(status);
		});
		expect(peer.calls.includes('GET /echo')).toBe(filled(name, peer.url, choice)['keysIn'] !== 'query');
	}
});

it('the session of a sign-in that an adapter makes itself', async () => {
	const peer = await Peer.open(({ body, headers }) =>
		(body as { operationName: string }).operationName === 'SignIn'
			? { headers: { 'vendure-auth-token': 'hidden-session-1' }, body: { data: { login: { id: '1' } } } }
			: {
					body: { errors: [{ message: `no session ${headers.authorization} ${JSON.stringify(headers)}`, extensions: { code: 'OTHER' } }] },
				},
	);
	await inNode(
		'vendureOrdersApi',
		{ ...filled('vendureOrdersApi', peer.url, 0), authentication: 'password', customFields: '' },
		async (context) => {
			const session = await vendure.open(context, {}, '');
			await expect(session.getOrder!('1')).rejects.toThrow(/no session Bearer •••/);
			await expect(session.getOrder!('1')).rejects.not.toThrow(SECRET);
		},
	);
	expect(peer.requests.at(-1)?.headers.authorization).toBe('Bearer hidden-session-1');
});

it('the test of a credential', async () => {
	const peer = await Peer.open((request) => repeating(request, ['sëcret/consumerSecret of "wooCommerceOrdersApi"'], 422));
	const data = filled('wooCommerceOrdersApi', peer.url, 1);
	const { status, message } = await cartTests['wooCommerceConnectionTest']!.call({} as never, {
		id: '1',
		name: 'Shop',
		type: 'wooCommerceOrdersApi',
		data,
	});
	expect([status, message]).toEqual(['Error', expect.stringContaining('•••')]);
	expect(message).not.toMatch(SECRET);
});

describe('an order that a warehouse refuses with the key in its words', () => {
	let site: Site;
	eachTest((opened) => (site = opened));
	const credentials = { orderStoreApi: { id: null, name: 'Order Store' }, warehouseHttpApi: { id: null, name: 'Warehouse' } };

	it.each<[string, ICredentialDataDecryptedObject]>([
		['header', { authentication: 'header', name: 'X-API-Key', secret: 'sëcret-key-1' }],
		['query', { authentication: 'query', name: 'key', secret: 'sëcret key/1' }],
		['bearer', { authentication: 'bearer', token: 'sëcret-token-1' }],
		['basic', { authentication: 'basic', user: 'ada', password: 'sëcret' }],
	])('has none of it in alert, timeline and items: %s', async (_, data) => {
		for (const [status, ok] of [
			[422, false],
			[401, false],
			[500, false],
			[200, true],
		] as const) {
			const peer = await Peer.open((request) => {
				if (request.method === 'GET') return { body: { orders: [] } };
				const { body } = repeating(request, Object.values(data).map(String), status);
				return { status, body: ok ? { error: body } : body };
			});
			site.engine.credentials.set({ type: 'warehouseHttpApi', name: 'Warehouse', data: { url: peer.url, ...data } });
			const [order] = await orders(site, { orderNumber: `N${status}` });
			await run(site, 'orderRules', {}, itemsOf([order!]));
			const { outputs, error } = await run(
				site,
				'wmsSend',
				{ wms: 'genericHttp', httpCreate: { request: { errorPath: 'error' } } },
				[{ id: order!.id }],
				{ credentials },
			);
			const orderStore = await site.store();
			const kept = JSON.stringify([outputs, error, await orderStore.get(order!.id), await orderStore.timeline(order!.id)]);
			expect(peer.calls).toContain('POST /orders');
			expect([status, kept.match(SECRET)?.[0] ?? null, kept.includes(base64('ada:sëcret')), kept.includes('•••')]).toEqual([
				status,
				null,
				false,
				true,
			]);
		}
	});
});
