/** Reaches a partner through n8n's own helper, which adds the sign-in of a credential, proxies and n8n's rules for addresses. Redirects are answers. */
import type { IExecuteFunctions, IHttpRequestOptions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';
import { asError } from '../order/errors';
import { assertOutsideTransaction } from '../order/transactionScope';
import { HttpFailure, responseFrom, SIGN_IN_FAILED, type Http, type HttpRequest } from './Http';

type HttpContext = IExecuteFunctions | IPollFunctions | ILoadOptionsFunctions;

const DEFAULT_TIMEOUT_MS = 60_000;

/** Codes of failures before anything was sent. */
const NOT_SENT = new Set([SIGN_IN_FAILED, 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_INVALID_URL', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID']);

/**
 * @param credential name of the credential type; its `authenticate` signs each request
 * @param baseUrl address that paths are below, "https://shop.example.com"
 * @param renewOn the statuses by which the partner says that a token has expired: n8n renews it and asks once more
 */
export function n8nHttp(context: HttpContext, credential: string, baseUrl: string, renewOn: readonly number[] = [401]): Http {
	const base = baseUrl.replace(/\/+$/, '');
	return async (request) => {
		const url = /^https?:\/\//.test(request.url) ? request.url : `${base}${request.url}`;
		// The credential must not leave its host, whatever a partner puts into a link.
		if (!sameOrigin(url, base)) throw new HttpFailure(`${new URL(url).host} is not the host of the credential`, 'no');
		assertOutsideTransaction(`${request.method} ${new URL(url).host}`);
		try {
			const response = (await context.helpers.httpRequestWithAuthentication.call(context, credential, optionsFor(request, url, renewOn), {
				preAuthenticationRetryStatusCode: [...renewOn],
			})) as {
				statusCode: number;
				headers: Record<string, unknown>;
				body: unknown;
			};
			return responseFrom(response.statusCode, response.headers, textOf(response.body));
		} catch (error) {
			const status = statusOf(error);
			// n8n lets these through as errors, so that it can renew a token; after that it is an answer like every other.
			if (status !== null) return { status, headers: {}, body: null };
			throw error instanceof HttpFailure ? asError(error) : failureOf(error);
		}
	};
}

function optionsFor({ method, query, headers, body, timeoutMs }: HttpRequest, url: string, renewOn: readonly number[]): IHttpRequestOptions {
	const isText = typeof body === 'string';
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
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: { ignore: true, except: [...renewOn] },
		// n8n would send the sign-in along to any host; see `following`.
		disableFollowRedirect: true,
		timeout: timeoutMs ?? DEFAULT_TIMEOUT_MS,
	};
}

const sameOrigin = (url: string, base: string): boolean => new URL(url).origin === new URL(base).origin;

const textOf = (body: unknown): string =>
	typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString('utf8') : body === null || body === undefined ? '' : JSON.stringify(body);

/** Errors of n8n wrap those of its HTTP client, sometimes several times. */
function* chain(error: unknown): Generator<Record<string, unknown>> {
	let current = error;
	for (let depth = 0; depth < 6 && typeof current === 'object' && current !== null; depth += 1) {
		yield current as Record<string, unknown>;
		const { cause, errorResponse } = current as { cause?: unknown; errorResponse?: unknown };
		current = cause ?? errorResponse;
	}
}

function statusOf(error: unknown): number | null {
	for (const each of chain(error)) {
		const response = each.response as { status?: unknown } | undefined;
		const status = Number(response?.status ?? each.httpCode);
		if (status >= 100 && status < 600) return status;
	}
	return null;
}

function failureOf(error: unknown): HttpFailure {
	let code = '';
	let message = '';
	for (const each of chain(error)) {
		if (typeof each.code === 'string' && /^[A-Z][A-Z_0-9]+$/.test(each.code)) code ||= each.code;
		if (typeof each.message === 'string') message ||= each.message;
	}
	return new HttpFailure(code === '' ? message || 'no answer' : `no answer (${code})`, NOT_SENT.has(code) ? 'no' : 'maybe', { cause: error });
}
