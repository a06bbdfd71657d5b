/** Reaches a peer server as n8n's helper would, without n8n. */
import { HttpFailure, responseFrom, type Http } from '../../lib/http/Http';
import { assertOutsideTransaction } from '../../lib/order/transactionScope';

/** @param headers the sign-in that a credential would add */
export const fetchHttp =
	(baseUrl: string, headers: Record<string, string> = {}): Http =>
	async (request) => {
		const url = new URL(request.url.startsWith('http') ? request.url : `${baseUrl}${request.url}`);
		assertOutsideTransaction(`${request.method} ${url.host}`);
		for (const [name, value] of Object.entries(request.query ?? {})) {
			for (const each of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) url.searchParams.append(name, each);
		}
		const isText = typeof request.body === 'string';
		try {
			const response = await fetch(url, {
				method: request.method,
				redirect: request.method === 'GET' ? 'follow' : 'manual',
				headers: { accept: 'application/json', ...(request.body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers, ...request.headers },
				...(request.body === undefined ? {} : { body: isText ? (request.body as string) : JSON.stringify(request.body) }),
				signal: AbortSignal.timeout(request.timeoutMs ?? 10_000),
			});
			const cookies = response.headers.getSetCookie();
			return responseFrom(response.status, { ...Object.fromEntries(response.headers), ...(cookies.length > 0 ? { 'set-cookie': cookies.join(', ') } : {}) }, await response.text());
		} catch (error) {
			if (error instanceof HttpFailure) throw error;
			const { code } = ((error as Error).cause ?? {}) as { code?: string };
			throw new HttpFailure(code ?? (error as Error).message, code === 'ECONNREFUSED' || code === 'ENOTFOUND' ? 'no' : 'maybe', { cause: error });
		}
	};
