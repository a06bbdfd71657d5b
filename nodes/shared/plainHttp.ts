/** Reaches a partner without n8n's helper, which connection tests do not have when they decide by more than one value of the answer. */
import { HttpFailure, responseFrom, type Http } from '../../lib/http/Http';

const TIMEOUT_MS = 15_000;

/** @param signIn headers that go with every request */
export const plainHttp =
	(baseUrl: string, signIn: Record<string, string>): Http =>
	async ({ method, url, headers, body }) => {
		try {
			const response = await fetch(`${baseUrl}${url}`, {
				method,
				redirect: 'manual',
				headers: { accept: 'application/json', 'content-type': 'application/json', ...signIn, ...headers },
				body: JSON.stringify(body ?? null),
				signal: AbortSignal.timeout(TIMEOUT_MS),
			});
			const cookies = response.headers.getSetCookie();
			const all = { ...Object.fromEntries(response.headers), ...(cookies.length > 0 ? { 'set-cookie': cookies.join(', ') } : {}) };
			return responseFrom(response.status, all, await response.text());
		} catch (error) {
			throw failureOf(error);
		}
	};

function failureOf(error: unknown): Error {
	if (error instanceof HttpFailure) return error;
	const { code } = ((error instanceof Error ? error.cause : null) ?? {}) as { code?: string };
	return new HttpFailure(code === undefined ? 'no answer' : `no answer (${code})`, 'maybe', { cause: error });
}
