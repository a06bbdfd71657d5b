/** Reaches a partner without n8n's helper, which connection tests do not have when they decide by more than one value of the answer. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { textOfBody } from '../../lib/http/body';
import { HttpFailure, responseFrom, type Http, type HttpRequest } from '../../lib/http/Http';
import { following } from '../../lib/http/redirects';
import { secretsOf, type Secrets } from '../../lib/http/secrets';
import { inTime } from '../../lib/http/timeLimit';

const LONGEST_MS = 15_000;

/**
 * @param signIn headers that go with every request
 * @param secrets the secret fields of the credential, which are taken out of what the partner says
 */
export const plainHttp = (baseUrl: string, signIn: Record<string, string>, secrets: readonly unknown[]): Http => {
	const given = secrets.filter((one) => typeof one === 'string');
	return following(sending(baseUrl, signIn, secretsOf(given)), baseUrl);
};

const sending =
	(baseUrl: string, signIn: Record<string, string>, secrets: Secrets): Http =>
	async ({ method, url, query, headers, body }) => {
		try {
			return await inTime(LONGEST_MS, async (signal) => {
				const response = await fetch(addressOf(baseUrl, url, query), {
					method,
					redirect: 'manual',
					headers: {
						accept: 'application/json',
						...(body === undefined ? {} : { 'content-type': 'application/json' }),
						...signIn,
						...headers,
					},
					...(body === undefined ? {} : { body: JSON.stringify(body) }),
					signal,
				});
				const cookies = response.headers.getSetCookie();
				const all = { ...Object.fromEntries(response.headers), ...(cookies.length > 0 ? { 'set-cookie': cookies.join(', ') } : {}) };
				return responseFrom(
					response.status,
					all,
					response.body === null ? '' : await textOfBody(Readable.fromWeb(response.body as ReadableStream), signal),
					secrets,
				);
			});
		} catch (error) {
			throw failureOf(error);
		}
	};

function addressOf(baseUrl: string, url: string, query: HttpRequest['query'] = {}): URL {
	const address = new URL(/^https?:\/\//.test(url) ? url : `${baseUrl}${url}`);
	for (const [name, value] of Object.entries(query)) {
		for (const one of [value].flat()) address.searchParams.append(name, String(one));
	}
	return address;
}

function failureOf(error: unknown): Error {
	if (error instanceof HttpFailure) return error;
	const { code } = ((error instanceof Error ? error.cause : null) ?? {}) as { code?: string };
	return new HttpFailure(code === undefined ? 'no answer' : `no answer (${code})`, 'maybe', { cause: error });
}
