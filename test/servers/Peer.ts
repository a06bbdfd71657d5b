/**
 * A server that stands in for a partner: it keeps state, is strict about what it accepts, and can be told to fail at any request.
 * Adapters of real servers are tested against those; a peer is written from the partner's documentation.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

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
export type Fault = 'reset-before' | 'reset-after' | '429' | '500-before' | '500-after' | 'truncated' | 'html' | 'silent';

/**
 * late: carried out after `LATE_MS`, and answered then, when the client has given up. twice: carried out twice, as by a proxy that tries
 * again, and answered with the second answer.
 */
export type RareFault = 'late' | 'twice';

export const LATE_MS = 700;

export const FAULTS: readonly Fault[] = ['reset-before', 'reset-after', '429', '500-before', '500-after', 'truncated', 'html', 'silent'];

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
		const request: PeerRequest = { method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, body: parsed(headers, text), text };
		const fault = this.faultAt(this.requests.push(request) - 1, request);
		switch (fault) {
			case 'reset-before':
				return void incoming.socket.destroy();
			case '429':
				return send(response, { status: 429, headers: { 'retry-after': '0' }, body: { message: 'Too many requests' } });
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
			default:
				send(response, answer);
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
	response.writeHead(status, { ...(body === undefined || isText ? {} : { 'content-type': 'application/json; charset=utf-8' }), ...headers });
	response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
}

// Benchmarks use peers outside of jest.
if (typeof afterEach === 'function') afterEach(async () => {
	for (const peer of [...open]) await peer.close();
});
