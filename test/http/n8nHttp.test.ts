/** lib/http/n8nHttp.ts on n8n's own helper, against a server: what adapters are told of each thing that may happen. */
import {
	NodeConnectionTypes,
	type IAuthenticateGeneric,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { HttpFailure, type Http, type HttpRequest } from '../../lib/http/Http';
import { n8nHttp } from '../../lib/http/n8nHttp';
import { callPartner } from '../../lib/http/partner';
import { secretsOf } from '../../lib/http/secrets';
import { withinLease } from '../../lib/http/timeLimit';
import { following } from '../../lib/http/redirects';
import { inTransactionScope } from '../../lib/order/transactionScope';
import { executeNode } from '../../testing/engine/executeNode';
import type { CredentialClass } from '../../testing/engine/types';
import { Peer, WIRE_FAULTS, type Fault, type PeerHandler } from '../../testing/servers/Peer';

class KeyApi implements ICredentialType {
	name = 'keyApi';
	displayName = 'Key API';
	properties: INodeProperties[] = [{ displayName: 'Key', name: 'key', type: 'string', typeOptions: { password: true }, default: '' }];
	authenticate: IAuthenticateGeneric = { type: 'generic', properties: { headers: { 'X-Key': '={{ $credentials.key }}' } } };
}

/** Its token is asked for at the partner, and asked for again after a 401. */
class TokenApi implements ICredentialType {
	name = 'tokenApi';
	displayName = 'Token API';
	properties: INodeProperties[] = [
		{ displayName: 'Address', name: 'address', type: 'string', default: '' },
		{ displayName: 'Token', name: 'token', type: 'hidden', typeOptions: { expirable: true, password: true }, default: '' },
	];
	authenticate: IAuthenticateGeneric = { type: 'generic', properties: { headers: { 'X-Key': '={{ $credentials.token }}' } } };
	async preAuthentication(
		this: { helpers: { httpRequest(options: object): Promise<unknown> } },
		{ address }: ICredentialDataDecryptedObject,
	) {
		const { token } = (await this.helpers.httpRequest({ method: 'POST', url: `${String(address)}/token`, json: true })) as {
			token: string;
		};
		return { token };
	}
}

const SECRETS = secretsOf(['secret']);

/** Runs the code inside a node. */
let work: (context: IExecuteFunctions) => Promise<void> = async () => await Promise.resolve();
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
		credentials: [
			{ name: 'keyApi', required: false },
			{ name: 'tokenApi', required: false },
		],
	};
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		await work(this);
		return [[]];
	}
}

async function inNode<T>(
	credential: string,
	data: ICredentialDataDecryptedObject,
	base: string,
	use: (http: Http) => Promise<T>,
): Promise<T> {
	let result: { value: T } | undefined;
	work = async (context) => {
		result = { value: await use(n8nHttp(context, credential, base, { secrets: () => SECRETS })) };
	};
	const credentialTypes: CredentialClass[] = [KeyApi, TokenApi as CredentialClass];
	await executeNode(Worker, { credentials: { [credential]: data }, credentialTypes });
	return result!.value;
}

const ask = async (base: string, request: Partial<HttpRequest> = {}) =>
	await inNode(
		'keyApi',
		{ key: 'secret' },
		base,
		async (http) => await http({ method: 'GET', url: '/orders', timeoutMs: 2_000, ...request }),
	);
const failureOf = async (base: string, request: Partial<HttpRequest> = {}): Promise<HttpFailure> =>
	await inNode(
		'keyApi',
		{ key: 'secret' },
		base,
		async (http) =>
			await http({ method: 'POST', url: '/orders', body: { a: 1 }, timeoutMs: 400, ...request }).then(
				(answer) => Promise.reject(new Error(`it was answered: ${JSON.stringify(answer)}`)),
				(error: HttpFailure) => {
					expect(error).toBeInstanceOf(HttpFailure);
					return error;
				},
			),
	);
const open = async (handler: PeerHandler = () => ({ body: { ok: true } }), fault: Fault | null = null): Promise<Peer> => {
	const peer = await Peer.open(handler);
	peer.faultAt = () => fault;
	return peer;
};

describe('a request', () => {
	it('is signed by the credential, and says what it takes and what it sends', async () => {
		const peer = await open();
		await ask(peer.url, {
			method: 'POST',
			body: { umlaut: 'ä' },
			query: { status: ['a', 'b'], page: 2, flag: true },
			headers: { 'x-more': '1' },
		});
		const [request] = peer.requests;
		expect(request).toMatchObject({
			method: 'POST',
			path: '/orders',
			body: { umlaut: 'ä' },
			headers: { 'x-key': 'secret', 'x-more': '1', accept: 'application/json' },
		});
		expect(request!.headers['content-type']).toMatch(/^application\/json/);
		expect([...request!.query]).toEqual([
			['status', 'a'],
			['status', 'b'],
			['page', '2'],
			['flag', 'true'],
		]);
	});

	it('sends text as it is', async () => {
		const peer = await open();
		await ask(peer.url, { method: 'POST', body: 'ISA*00', headers: { 'content-type': 'application/edi-x12' } });
		expect(peer.requests[0]).toMatchObject({ text: 'ISA*00', headers: { 'content-type': 'application/edi-x12' } });
	});

	it('goes to no other host than the credential’s, with nothing sent', async () => {
		const peer = await open();
		const other = await open();
		expect(await failureOf(peer.url, { url: `${other.url}/orders` })).toMatchObject({
			sent: 'no',
			message: expect.stringContaining('not the host'),
		});
		expect(other.requests).toEqual([]);
		expect(await ask(peer.url, { url: `${peer.url}/orders` })).toMatchObject({ status: 200 });
	});

	it('is refused inside a database transaction', async () => {
		const peer = await open();
		await expect(inTransactionScope(async () => await ask(peer.url))).rejects.toThrow();
		expect(peer.requests).toEqual([]);
	});
});

describe('an answer', () => {
	it('is given with its status and headers, whatever the status is', async () => {
		for (const status of [200, 201, 400, 403, 404, 409, 422, 429, 500, 503]) {
			const peer = await open(() => ({ status, headers: { 'X-Left': '3' }, body: { status } }));
			expect(await ask(peer.url)).toMatchObject({ status, headers: { 'x-left': '3' }, body: { status } });
		}
	});

	it('may have no body', async () => {
		const peer = await open(() => ({ status: 204 }));
		expect(await ask(peer.url)).toMatchObject({ status: 204, body: null });
	});

	it('that is a page stays text', async () => {
		const peer = await open(undefined, 'html');
		expect(await ask(peer.url)).toMatchObject({ status: 200, body: expect.stringMatching(/^<!doctype html>/) });
	});

	it('that leads elsewhere is not followed, and nothing is sent there', async () => {
		const other = await open();
		const peer = await open(() => ({ status: 302, headers: { location: `${other.url}/orders` } }));
		for (const method of ['GET', 'POST'] as const)
			expect(await ask(peer.url, { method })).toMatchObject({ status: 302, headers: { location: `${other.url}/orders` } });
		expect(other.requests).toEqual([]);
	});

	it('is followed by who reads within the partner, with the sign-in, and not in a circle', async () => {
		const peer = await open(({ path, query }) =>
			path === '/orders'
				? { status: 302, headers: { location: '/there?page=2' } }
				: path === '/circle'
					? { status: 307, headers: { location: '/circle' } }
					: { body: { page: query.get('page') } },
		);
		const followed = async (request: Partial<HttpRequest>) =>
			await inNode(
				'keyApi',
				{ key: 'secret' },
				peer.url,
				async (http) => await following(http, peer.url)({ method: 'GET', url: '/orders', ...request }),
			);
		expect(await followed({ query: { page: 1 } })).toMatchObject({ status: 200, body: { page: '2' } });
		expect(peer.requests.map(({ headers }) => headers['x-key'])).toEqual(['secret', 'secret']);
		expect(await followed({ method: 'POST', body: {} })).toMatchObject({ status: 302, headers: { location: '/there' } });
		expect(await followed({ url: '/circle' })).toMatchObject({ status: 307, headers: { location: '/circle' } });
		expect(peer.calls).toEqual(['GET /orders', 'GET /there', 'POST /orders', ...Array.from({ length: 6 }, () => 'GET /circle')]);
	});

	it('401 is an answer like every other when the credential has no token to renew', async () => {
		const peer = await open(() => ({ status: 401, body: { message: 'revoked' } }));
		expect(await ask(peer.url)).toMatchObject({ status: 401, body: { message: 'revoked' } });
	});

	it('has nothing of the sign-in in it, wherever the partner repeats it', async () => {
		for (const status of [200, 401, 422]) {
			const peer = await open(({ headers }) => ({
				status,
				headers: { 'x-got': headers['x-key']! },
				body: { error: { message: `no such key: ${headers['x-key']}` }, list: [{ [headers['x-key']!]: [`Bearer ${headers['x-key']}`] }] },
			}));
			const answer = await ask(peer.url);
			expect(answer).toMatchObject({ status, headers: { 'x-got': '•••' }, body: { error: { message: 'no such key: •••' } } });
			expect(JSON.stringify(answer)).not.toContain('Bearer secret');
		}
	});

	it('may have a link with the key of a sign-in by the address, which is signed in anew', async () => {
		const peer = await open(({ query }) => ({ body: { next: `/orders?page=2&key=${query.get('key') ?? 'secret'}` } }));
		const { body } = await ask(peer.url);
		await ask(peer.url, { url: (body as { next: string }).next });
		expect(body).toEqual({ next: '/orders?page=2&key=•••' });
		expect([...peer.requests[1]!.query]).toEqual([['page', '2']]);
	});
});

describe('a credential with a token', () => {
	const shop = (accepts: (key: string | undefined) => boolean) => {
		let tokens = 0;
		return async () =>
			await open(({ path, headers }) => {
				if (path === '/token') return { body: { token: `t${(tokens += 1)}` } };
				return accepts(headers['x-key']) ? { body: { ok: true } } : { status: 401, body: { message: 'expired' } };
			});
	};

	it('gets a new one after a 401, and the request is sent again', async () => {
		const peer = await shop((key) => key === 't1')();
		const answer = await inNode(
			'tokenApi',
			{ address: peer.url, token: 'old' },
			peer.url,
			async (http) => await http({ method: 'GET', url: '/orders' }),
		);
		expect(answer).toMatchObject({ status: 200, body: { ok: true } });
		expect(peer.calls).toEqual(['GET /orders', 'POST /token', 'GET /orders']);
	});

	it('that is refused again gives the 401', async () => {
		const peer = await shop(() => false)();
		const answer = await inNode(
			'tokenApi',
			{ address: peer.url, token: 'old' },
			peer.url,
			async (http) => await http({ method: 'GET', url: '/orders' }),
		);
		expect(answer).toMatchObject({ status: 401 });
	});
});

describe('no answer', () => {
	it('a refused connection was not sent', async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		expect(await failureOf(`http://127.0.0.1:${port}`)).toMatchObject({ sent: 'no' });
	});

	it('a name that nobody knows was not sent', async () => {
		expect(await failureOf('http://nobody.invalid')).toMatchObject({ sent: 'no' });
	});

	it.each<[Fault]>([['reset-before'], ['reset-after'], ['silent'], ['truncated']])('%s may have been sent', async (fault) => {
		const peer = await open(undefined, fault);
		// Long enough for a busy machine to take the request.
		expect(await failureOf(peer.url, { timeoutMs: fault === 'silent' ? 2_000 : 10_000 })).toMatchObject({ sent: 'maybe' });
		expect(peer.calls).toEqual(['POST /orders']);
	});

	it.each(WIRE_FAULTS.filter((fault) => fault !== 'empty' && fault !== 'retry-after'))(
		'%s is no answer, and may have been sent',
		async (fault) => {
			const peer = await open(() => ({ body: { orders: [{ id: 'W1', reference: 'N1' }] } }), fault);
			for (const method of ['GET', 'POST'] as const)
				expect(await failureOf(peer.url, method === 'GET' ? { method, body: undefined as never } : {})).toMatchObject({ sent: 'maybe' });
			expect(peer.calls).toEqual(['GET /orders', 'POST /orders']);
		},
	);

	it.each(WIRE_FAULTS.filter((fault) => fault !== 'retry-after'))(
		'%s of what asks for a token anew is no answer, and nothing was sent with it',
		async (fault) => {
			const peer = await open(() => ({ status: 401, body: { message: 'expired' } }), null);
			peer.faultAt = (_, { path }) => (path === '/orders' ? fault : null);
			const said = await inNode(
				'tokenApi',
				{ address: peer.url, token: 'old' },
				peer.url,
				async (http) => await http({ method: 'GET', url: '/orders', timeoutMs: 400 }).catch((error: HttpFailure) => error.sent),
			);
			expect(said).not.toMatchObject({ status: 200, body: expect.anything() });
		},
	);

	it('nothing, where data is due, is none to who needs it, and what a status says is', async () => {
		const call = async (status: number, request: Partial<HttpRequest> = {}) => {
			const peer = await open(() => ({ status }));
			return await inNode(
				'keyApi',
				{ key: 'secret' },
				peer.url,
				async (http) => await callPartner(http, { method: 'GET', url: '/orders', ...request }, { label: 'Acme' }),
			);
		};
		for (const status of [200, 201, 202])
			await expect(call(status)).rejects.toMatchObject({ code: 'unexpected_answer', details: { received: 'maybe' } });
		for (const status of [204, 205]) expect(await call(status)).toMatchObject({ status, body: null });
		expect(await call(200, { mayBeEmpty: true })).toMatchObject({ body: null });
		const peer = await open(undefined, 'empty');
		await expect(
			inNode(
				'keyApi',
				{ key: 'secret' },
				peer.url,
				async (http) => await callPartner(http, { method: 'GET', url: '/orders' }, { label: 'Acme' }),
			),
		).rejects.toThrow('Acme answered with nothing instead of data');
	});

	it('names no secret, and holds nothing of the request', async () => {
		const peer = await open(undefined, 'reset-before');
		const failure = await failureOf(peer.url, { body: { a: 'in the body' } });
		expect(inspect(failure, { depth: 20, showHidden: true })).not.toMatch(/secret|in the body/);
	});
});

describe('the time of a request', () => {
	const claimed = async <T>(secondsAgo: number, work: () => Promise<T>): Promise<T> =>
		await withinLease(Date.now() - secondsAgo * 1_000, 10_000, work);

	it.each<[number, string, string[]]>([
		[1, 'read, written', ['GET', 'POST']],
		[6, 'read, no', ['GET']],
		[9.5, 'no, no', []],
	])('%s s into a lease of 10 s: %s', async (secondsAgo, _, sent) => {
		const peer = await open();
		const outcome = await claimed(secondsAgo, async () => {
			const got: Array<string | number> = [];
			for (const method of ['GET', 'POST'] as const)
				got.push(
					await ask(peer.url, { method, timeoutMs: 60_000 }).then(
						({ status }) => status,
						(error: HttpFailure) => error.sent,
					),
				);
			return got;
		});
		expect(peer.requests.map(({ method }) => method)).toEqual(sent);
		expect(outcome).toEqual(sent.length === 2 ? [200, 200] : sent.length === 1 ? [200, 'no'] : ['no', 'no']);
	});

	it('ends before the lease does, whatever time it may take by itself', async () => {
		for (const fault of ['silent', 'trickle'] as const) {
			const peer = await open(undefined, fault);
			expect(await claimed(8.6, async () => await failureOf(peer.url, { method: 'GET', timeoutMs: 60_000 }))).toMatchObject({
				sent: 'maybe',
				message: expect.stringContaining('no whole answer'),
			});
		}
	});

	it('includes the sign-in: nothing is sent with a token that comes too late', async () => {
		let give: () => void = () => undefined;
		const late = new Promise<void>((resolve) => (give = resolve));
		const peer = await open(async ({ path }) => {
			if (path === '/token') await late;
			return path === '/token' ? { body: { token: 't1' } } : { body: { ok: true } };
		});
		await inNode('tokenApi', { address: peer.url, token: '' }, peer.url, async (http) => {
			await expect(http({ method: 'POST', url: '/orders', body: {}, timeoutMs: 300 })).rejects.toMatchObject({ sent: 'maybe' });
			give();
			await peer.settled();
			await http({ method: 'GET', url: '/later' });
		});
		expect(peer.calls).toEqual(['POST /token', 'POST /token', 'GET /later']);
	});

	it('ends when n8n ends the execution', async () => {
		const over = new AbortController();
		const given: Array<AbortSignal | undefined> = [];
		const send = async (_: string, options: { abortSignal?: AbortSignal }): Promise<unknown> => {
			options.abortSignal = over.signal;
			const { abortSignal } = { ...options };
			given.push(abortSignal);
			over.abort();
			return await Promise.reject(new Error(`aborted: ${abortSignal?.aborted}`));
		};
		const context = { helpers: { httpRequestWithAuthentication: send } } as unknown as IExecuteFunctions;
		await expect(n8nHttp(context, 'keyApi', 'http://127.0.0.1:1')({ method: 'GET', url: '/' })).rejects.toThrow('aborted: true');
		expect(given[0]).not.toBe(over.signal);
	});
});
