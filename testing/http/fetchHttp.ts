/** Reaches a peer server as n8n's helper would, without n8n: for benches, for children of fault tests, and where thousands of requests are made. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { textOfBody } from '../../lib/http/body';
import { HttpFailure, responseFrom, type Http } from '../../lib/http/Http';
import { secretsOf } from '../../lib/http/secrets';
import { inTime, timeFor } from '../../lib/http/timeLimit';
import { assertOutsideTransaction } from '../../lib/order/transactionScope';

/** @param headers the sign-in that a credential would add */
export const fetchHttp = (baseUrl: string, headers: Record<string, string> = {}): Http => {
	// A channel of Vendure is named by its token, which opens nothing.
	const secrets = secretsOf(
		Object.entries(headers).flatMap(([name, value]) => (name === 'vendure-token' ? [] : [value.replace(/^(Basic|Bearer) /, '')])),
	);
	return async (request) => {
		const url = new URL(request.url.startsWith('http') ? request.url : `${baseUrl}${request.url}`);
		assertOutsideTransaction(`${request.method} ${url.host}`);
		for (const [name, value] of Object.entries(request.query ?? {})) {
			for (const each of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) url.searchParams.append(name, each);
		}
		const isText = typeof request.body === 'string';
		try {
			return await inTime(timeFor({ timeoutMs: 10_000, ...request }), async (signal) => {
				const response = await fetch(url, {
					method: request.method,
					redirect: request.method === 'GET' ? 'follow' : 'manual',
					headers: {
						accept: 'application/json',
						...(request.body === undefined || isText ? {} : { 'content-type': 'application/json' }),
						...headers,
						...request.headers,
					},
					...(request.body === undefined ? {} : { body: isText ? (request.body as string) : JSON.stringify(request.body) }),
					signal,
				});
				const cookies = response.headers.getSetCookie();
				const text = response.body === null ? '' : await textOfBody(Readable.fromWeb(response.body as ReadableStream), signal);
				return responseFrom(
					response.status,
					{ ...Object.fromEntries(response.headers), ...(cookies.length > 0 ? { 'set-cookie': cookies.join(', ') } : {}) },
					text,
					secrets,
				);
			});
		} catch (error) {
			if (error instanceof HttpFailure) throw error;
			const { code } = ((error as Error).cause ?? {}) as { code?: string };
			throw new HttpFailure(code ?? (error as Error).message, code === 'ECONNREFUSED' || code === 'ENOTFOUND' ? 'no' : 'maybe', {
				cause: error,
			});
		}
	};
};
