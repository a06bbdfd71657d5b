/** How adapters reach a partner. Nodes bind n8n's helper (with the credential's sign-in); tests bind a server. */
import { cutDepth } from '../order/depth';
import { shown } from '../order/errors';
import type { JsonValue } from '../order/order';
import { NO_SECRETS, type Secrets } from './secrets';

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** A path below the address of the account, "/wp-json/wc/v3/orders"; or absolute, on the same host. */
	url: string;
	/** A list is sent as the name repeated. */
	query?: Record<string, string | number | boolean | readonly string[]>;
	headers?: Record<string, string>;
	/** JSON is sent as such; text as it is, with the content type that `headers` give. */
	body?: JsonValue | string;
	/** From before the sign-in to the last byte of the answer. Default: 60 s; never more than half of the lease under which it is sent. */
	timeoutMs?: number;
	/**
	 * True for what changes nothing, or nothing more when it comes twice, though its method may be POST (a GraphQL query).
	 * Default: true for GET, else false.
	 */
	repeatable?: boolean;
	/** True where the partner says that its answer may have no body. Anywhere else an empty one is none, unless its status says so (204, 205). */
	mayBeEmpty?: boolean;
}

export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** Parsed when the partner says that it is JSON, else text; null when there is none. */
	body: unknown;
}

/** The code of an error by which n8n's helper says that no access token could be had: the request itself was not sent. */
export const SIGN_IN_FAILED = 'SIGN_IN_FAILED';

/** Gives a response that is whole, whatever its status, without the secrets of the credential. Rejects with `HttpFailure` when there is none. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** No complete response. `sent` tells whether the request may have reached the partner. */
export class HttpFailure extends Error {
	override readonly name = 'HttpFailure';

	constructor(
		message: string,
		readonly sent: 'no' | 'maybe',
		options?: { cause?: unknown },
	) {
		super(message, options);
	}
}

/** What an HTTP adapter is opened with: one account, signed in. */
export interface HttpAccount {
	http: Http;
	/** Names the account without secrets, stable across restarts: "acme.myshopify.com". */
	account: string;
}

/** Whether a request may be repeated without looking at what the partner has. */
export const isRepeatable = ({ method, repeatable }: HttpRequest): boolean => repeatable ?? method === 'GET';

/**
 * The response from what came over the wire, no deeper than anything here goes. Throws HttpFailure when JSON was promised and is cut off.
 *
 * @param headers any letter case
 */
export function responseFrom(status: number, headers: Record<string, unknown>, text: string, secrets: Secrets = NO_SECRETS): HttpResponse {
	const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), secrets.redact(String(value))]));
	if (text.trim() === '') return { status, headers: plain, body: null };
	if (!/\bjson\b/i.test(plain['content-type'] ?? '')) return { status, headers: plain, body: secrets.redact(text) };
	try {
		return { status, headers: plain, body: cutDepth(secrets.parse(text)) };
	} catch {
		throw noJson(secrets.redact(text).trim());
	}
}

/** Without the error of the parser, whose words hold a piece of the text as it came. A server's warning stands before, or in place of, the JSON. */
function noJson(text: string): HttpFailure {
	const begins = /^[[{]/.test(text) ? '' : `; it begins with ${shown(text, 200)}`;
	return new HttpFailure(begins === '' ? 'the answer was cut off' : `the answer is not JSON${begins}`, 'maybe');
}
