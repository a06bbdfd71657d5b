/**
 * A server that stands in for a partner: it keeps state, is strict about what it accepts, and can be told to fail at any request.
 * Adapters of real servers are tested against those; a peer is written from the partner's documentation.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface PeerRequest {
	method: string;
	path: string;
	query: URLSearchParams;
	headers: Record<string, string>;
	/** Parsed when it was sent as JSON. */
	body: unknown;
	text: string;
}

export interface PeerAnswer {
	status?: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON, text as it is; absent = none. */
	body?: unknown;
}

export type PeerHandler = (request: PeerRequest) => PeerAnswer | Promise<PeerAnswer>;

/**
 * reset-before: the connection breaks and nothing was carried out. reset-after: it was carried out, and the connection breaks.
 * 429: refused. 500-before, 500-after: likewise with a 500. truncated: carried out, half of the answer. html: a page, nothing carried out.
 * silent: carried out, and no answer comes until the client gives up.
 */
export type Fault = 'reset-before' | 'reset-after' | '429' | '500-before' | '500-after' | 'truncated' | 'html' | 'silent' | WireFault;

/**
 * Carried out, and something is wrong with the body. cut-length, cut-chunked: the connection breaks in it. cut-gzip: half of what was compressed, and the
 * connection says that this is all. short-length: its length is said to be half of what it is. bomb: small, and large once inflated. trickle: never
 * ends, and is never silent. empty: there is none. retry-after: refused, nothing carried out, with a wish to be asked again in some million years.
 */
export type WireFault = 'cut-length' | 'cut-chunked' | 'cut-gzip' | 'short-length' | 'bomb' | 'trickle' | 'empty' | 'retry-after';

/**
 * late: carried out after `LATE_MS`, and answered then, when the client has given up. twice: carried out twice, as by a proxy that tries
 * again, and answered with the second answer.
 */
export type RareFault = 'late' | 'twice';

const LATE_MS = 700;

export const WIRE_FAULTS: readonly WireFault[] = [
	'cut-length',
	'cut-chunked',
	'cut-gzip',
	'short-length',
	'bomb',
	'trickle',
	'empty',
	'retry-after',
];

/** Only the client's own patience ends these. */
export const isEndless = (fault: Fault | RareFault | null): boolean => fault === 'silent' || fault === 'trickle';

/** More than any client of ours takes. */
const BOMB_MB = 40;
let bomb: Buffer | undefined;

export const FAULTS: readonly Fault[] = ['reset-before', 'reset-after', '429', '500-before', '500-after', 'truncated', 'html', 'silent'];

/**
 * Puts equal ones in another order at each request: no cart promises any where its sort says nothing. Always the same way in a run of a test.
 *
 * @param request how many there were
 */
export const untied =
	(request: number) =>
	(left: unknown, right: unknown): number =>
		mixed(`${request} ${String(left)}`) - mixed(`${request} ${String(right)}`);

function mixed(text: string): number {
	let hash = 0x811c9dc5;
	for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
	return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

const open = new Set<Peer>();

export class Peer {
	/** What stands before peers opened from now on: gives the address at which clients reach the one at `url`. */
	static front: (url: string) => Promise<string> = async (url) => await Promise.resolve(url);

	/** Where clients reach it. */
	url = '';
	/** Every request so far, also those that failed. */
	readonly requests: PeerRequest[] = [];
	/** Decides the fault of a request, by its number from 0. */
	faultAt: (index: number, request: PeerRequest) => Fault | RareFault | null = () => null;

	private constructor(
		private readonly server: Server,
		private readonly handler: PeerHandler,
	) {}

	static async open(handler: PeerHandler): Promise<Peer> {
		const server = createServer();
		const peer = new Peer(server, handler);
		server.on('request', (request, response) => void peer.answer(request, response));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		open.add(peer);
		peer.url = await Peer.front(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
		return peer;
	}

	/** Requests as "POST /orders", for counting. */
	get calls(): string[] {
		return this.requests.map(({ method, path }) => `${method} ${path}`);
	}

	async close(): Promise<void> {
		open.delete(this);
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of incoming) chunks.push(chunk as Buffer);
		const text = Buffer.concat(chunks).toString('utf8');
		const url = new URL(incoming.url ?? '/', 'http://peer');
		const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
		const request: PeerRequest = {
			method: incoming.method ?? 'GET',
			path: url.pathname,
			query: url.searchParams,
			headers,
			body: parsed(headers, text),
			text,
		};
		const fault = this.faultAt(this.requests.push(request) - 1, request);
		switch (fault) {
			case 'reset-before':
				return void incoming.socket.destroy();
			case '429':
			case 'retry-after':
				return send(response, {
					status: 429,
					headers: { 'retry-after': fault === '429' ? '0' : '99999999999999' },
					body: { message: 'Too many requests' },
				});
			case '500-before':
				return send(response, { status: 500, body: { message: 'Internal error' } });
			case 'html':
				return send(response, { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Maintenance</title>' });
			case 'late':
				await new Promise((resolve) => setTimeout(resolve, LATE_MS));
				break;
			case 'twice':
				await this.handled(request);
				break;
			default:
		}
		const answer = await this.handled(request);
		switch (fault) {
			case 'reset-after':
				return void incoming.socket.destroy();
			case '500-after':
				return send(response, { status: 500, body: { message: 'Internal error' } });
			case 'silent':
				return;
			case 'truncated': {
				const whole = JSON.stringify(answer.body ?? {});
				response.writeHead(answer.status ?? 200, { ...answer.headers, 'content-type': 'application/json' });
				return void response.end(whole.slice(0, Math.max(1, Math.floor(whole.length / 2))));
			}
			case null:
			case 'late':
			case 'twice':
				return send(response, answer);
			default:
				spoil(response, answer, fault);
		}
	}

	/** Waits until everything is carried out, also what nobody waits for any more. */
	async settled(): Promise<void> {
		while (this.working.size > 0) await Promise.all(this.working);
	}

	private readonly working = new Set<Promise<unknown>>();

	private async handled(request: PeerRequest): Promise<PeerAnswer> {
		const work = this.carriedOut(request);
		this.working.add(work);
		try {
			return await work;
		} finally {
			this.working.delete(work);
		}
	}

	private async carriedOut(request: PeerRequest): Promise<PeerAnswer> {
		try {
			return await this.handler(request);
		} catch (error) {
			// A defect of the peer must not look like an answer of the partner.
			console.error(error);
			return { status: 599, body: { message: `peer: ${String(error)}` } };
		}
	}
}

function parsed(headers: Record<string, string>, text: string): unknown {
	if (text === '' || !/json/.test(headers['content-type'] ?? '')) return text === '' ? null : text;
	return JSON.parse(text) as unknown;
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: PeerAnswer): void {
	const isText = typeof body === 'string';
	response.writeHead(status, {
		...(body === undefined || isText ? {} : { 'content-type': 'application/json; charset=utf-8' }),
		...headers,
	});
	response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
}

/** Sends the answer as the fault wants it. */
function spoil(response: ServerResponse, { status = 200, headers = {}, body }: PeerAnswer, fault: WireFault): void {
	const whole = Buffer.from(JSON.stringify(body ?? {}));
	const half = Math.max(1, Math.floor(whole.length / 2));
	const begin = (more: Record<string, string | number>): void =>
		void response.writeHead(status, { ...headers, 'content-type': 'application/json', ...more });
	switch (fault) {
		case 'cut-length':
		case 'cut-chunked':
			begin(fault === 'cut-length' ? { 'content-length': whole.length + 1 } : {});
			// What was written is on its way before the connection goes.
			response.write(whole.subarray(0, half), () => response.destroy());
			break;
		case 'cut-gzip': {
			const packed = gzipSync(whole);
			begin({ 'content-encoding': 'gzip' });
			response.end(packed.subarray(0, Math.floor(packed.length / 2)));
			break;
		}
		case 'short-length':
			begin({ 'content-length': half });
			response.end(whole);
			break;
		case 'bomb':
			bomb ??= gzipSync(Buffer.alloc(BOMB_MB * 1024 * 1024, ' '));
			begin({ 'content-encoding': 'gzip' });
			response.end(bomb);
			break;
		case 'empty':
			response.writeHead(200, { ...headers, 'content-type': 'application/json' });
			response.end();
			break;
		case 'trickle': {
			begin({});
			const drop = setInterval(() => response.write(' '), 20);
			response.once('close', () => clearInterval(drop));
			break;
		}
		default:
	}
}

// Benchmarks use peers outside of jest.
if (typeof afterEach === 'function')
	afterEach(async () => {
		for (const peer of [...open]) await peer.close();
	});
