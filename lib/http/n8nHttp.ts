/** Reaches a partner through n8n's own helper, which adds the sign-in of a credential, proxies and n8n's rules for addresses. Redirects are answers. */
import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';
import { asError, shown } from '../order/errors';
import { isObject } from '../order/json';
import { assertOutsideTransaction } from '../order/transactionScope';
import { textOfBody } from './body';
import { HttpFailure, responseFrom, SIGN_IN_FAILED, type Http, type HttpRequest, type HttpResponse } from './Http';
import { NO_SECRETS, REDACTED, type Secrets } from './secrets';
import { inTime, timeFor } from './timeLimit';

type HttpContext = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

/** Codes of failures before anything was sent. */
const NOT_SENT = new Set([
	SIGN_IN_FAILED,
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ERR_INVALID_URL',
	'ERR_INVALID_HTTP_TOKEN',
	'ERR_INVALID_CHAR',
	'ERR_UNESCAPED_CHARACTERS',
	'CERT_HAS_EXPIRED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);

interface N8nHttpOptions {
	/** The statuses by which the partner says that a token has expired: n8n renews it and asks once more. Default: 401. */
	renewOn?: readonly number[];
	/** What is taken out of everything that the partner says; asked at each answer, since tokens are renewed meanwhile. */
	secrets?: () => Secrets;
	/** The most that a body may have, inflated. Default: 32 MB. */
	mostBytes?: number;
}

/**
 * @param credential name of the credential type; its `authenticate` signs each request
 * @param baseUrl address that paths are below, "https://shop.example.com"
 */
export function n8nHttp(
	context: HttpContext,
	credential: string,
	baseUrl: string,
	{ renewOn = [401], secrets = () => NO_SECRETS, mostBytes }: N8nHttpOptions = {},
): Http {
	const base = baseUrl.replace(/\/+$/, '');
	return async (request) => {
		const address = /^https?:\/\//.test(request.url) ? request.url : `${base}${request.url}`;
		if (!URL.canParse(address)) throw new HttpFailure(`${shown(address)} is no address`, 'no');
		const url = withoutRedacted(address);
		// The credential must not leave its host, whatever a partner puts into a link.
		if (!sameOrigin(url, base)) throw new HttpFailure(`${new URL(url).host} is not the host of the credential`, 'no');
		assertOutsideTransaction(`${request.method} ${new URL(url).host}`);
		const longestMs = timeFor(request);
		return await inTime(longestMs, async (signal) => {
			const options = optionsFor(request, url, { renewOn, signal, longestMs });
			try {
				const answer = await answerTo(
					async () =>
						await context.helpers.httpRequestWithAuthentication.call(context, credential, options, {
							preAuthenticationRetryStatusCode: [...renewOn],
						}),
					renewOn,
				);
				return await whole(answer, signal, secrets(), mostBytes);
			} catch (error) {
				throw error instanceof HttpFailure ? error : failureOf(error, secrets());
			}
		});
	};
}

interface Answer {
	status: number;
	headers: object;
	body: unknown;
}

async function answerTo(send: () => Promise<unknown>, renewOn: readonly number[]): Promise<Answer> {
	try {
		const { statusCode, headers, body } = (await send()) as { statusCode: number; headers: object; body: unknown };
		return { status: statusCode, headers, body };
	} catch (error) {
		const answer = answerIn(error);
		// n8n throws these, so that it can renew a token; after that it is an answer like every other. Any other answer in an error broke off.
		if (answer !== null && renewOn.includes(answer.status)) return answer;
		throw asError(error);
	}
}

async function whole({ status, headers, body }: Answer, signal: AbortSignal, secrets: Secrets, mostBytes?: number): Promise<HttpResponse> {
	const text = body instanceof Readable ? await textOfBody(body, signal, mostBytes) : bodyText(body);
	return responseFrom(status, { ...headers }, text, secrets);
}

/** A helper that stands in for n8n's may give an answer that is read and parsed already. */
function bodyText(body: unknown): string {
	if (body === null || body === undefined || typeof body === 'string') return body ?? '';
	if (Buffer.isBuffer(body)) return body.toString('utf8');
	// Nothing else is an answer: a stream of another kind would be taken for an empty object.
	if (typeof body === 'object' && !Array.isArray(body) && Object.getPrototypeOf(body) !== Object.prototype)
		throw new HttpFailure('an answer that cannot be read', 'maybe');
	return JSON.stringify(body);
}

interface Terms {
	renewOn: readonly number[];
	signal: AbortSignal;
	longestMs: number;
}

function optionsFor(
	{ method, query, headers, body }: HttpRequest,
	url: string,
	{ renewOn, signal, longestMs }: Terms,
): IHttpRequestOptions {
	const isText = typeof body === 'string';
	let ending = signal;
	return {
		method,
		url,
		...(query === undefined ? {} : { qs: { ...query }, arrayFormat: 'repeat' as const }),
		headers: {
			accept: 'application/json',
			...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
		// We read the body ourselves: n8n's helper bounds neither its size nor its time, and takes one that breaks off for an empty one.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: { ignore: true, except: [...renewOn] },
		// n8n would send the sign-in along to any host; see `following`.
		disableFollowRedirect: true,
		// Of silence; the signal ends it earlier.
		timeout: longestMs + 1_000,
		get abortSignal() {
			return ending;
		},
		// n8n puts the signal of its execution here: whichever comes first ends the request, also one that waits for a new token.
		set abortSignal(theirs) {
			ending = theirs instanceof AbortSignal ? AbortSignal.any([signal, theirs]) : signal;
		},
	};
}

/** A link may hold the key of a sign-in by the address: it was taken out of the answer, and the sign-in adds it anew. */
function withoutRedacted(address: string): string {
	const url = new URL(address);
	const redactedParameters = [...url.searchParams].filter(([, value]) => value === REDACTED);
	for (const [name] of redactedParameters) url.searchParams.delete(name);
	return redactedParameters.length === 0 ? address : url.href;
}

const sameOrigin = (url: string, base: string): boolean => new URL(url).origin === new URL(base).origin;

/** Errors of n8n wrap those of its HTTP client, sometimes several times. */
function* chain(error: unknown): Generator<Record<string, unknown>> {
	let current = error;
	for (let depth = 0; depth < 6 && isObject(current); depth += 1) {
		yield current;
		current = current.cause ?? current.errorResponse;
	}
}

function answerIn(error: unknown): Answer | null {
	const errors = [...chain(error)];
	const { status, headers, data } = (errors.find(({ response }) => typeof response === 'object' && response !== null)?.response ?? {}) as {
		status?: unknown;
		headers?: object;
		data?: unknown;
	};
	// Of a refused sign-in there is no more than its code.
	const code = Number(status ?? errors.find(({ httpCode }) => httpCode !== undefined && httpCode !== null)?.httpCode);
	return code >= 100 && code < 600 ? { status: code, headers: headers ?? {}, body: data } : null;
}

/** The error of n8n holds the request with its sign-in: nothing of it is passed on but its words, without secrets. */
function failureOf(error: unknown, secrets: Secrets): HttpFailure {
	let code = '';
	let message = '';
	for (const each of chain(error)) {
		if (typeof each.code === 'string' && /^[A-Z][A-Z_0-9]+$/.test(each.code)) code ||= each.code;
		if (typeof each.message === 'string') message ||= each.message;
	}
	const words = secrets.redact(message);
	return new HttpFailure(code === '' ? words || 'no answer' : `no answer (${code})`, NOT_SENT.has(code) ? 'no' : 'maybe', {
		cause: new Error(words),
	});
}
