/**
 * Follows redirects itself, because HTTP clients send the sign-in along (n8n's to any host). A reading request is redirected only within the
 * partner's own address; every other redirect is given back as it came, for an error that names the other address.
 */
import type { Http, HttpRequest, HttpResponse } from './Http';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** A partner that sends us around more often sends us in a circle. */
const MOST = 5;

/** @param http must not follow redirects itself. @param baseUrl address that paths are below */
export const following =
	(http: Http, baseUrl: string): Http =>
	async (request) => {
		let current: HttpRequest = request;
		for (let followed = 0; ; followed += 1) {
			const response = await http(current);
			const target = targetOf(response, current.url, baseUrl);
			if (target === null) return response;
			const isHome = target.origin === new URL(baseUrl).origin;
			// A redirect would repeat a POST as a GET, or hide that the address is wrong.
			if (!isHome || request.method !== 'GET' || followed === MOST)
				return { ...response, headers: { ...response.headers, location: isHome ? target.pathname : target.href } };
			current = { ...current, url: target.href, query: {} };
		}
	};

/** Where an answer leads; null = nowhere. */
function targetOf({ status, headers }: HttpResponse, url: string, baseUrl: string): URL | null {
	if (!REDIRECTS.has(status) || headers.location === undefined) return null;
	const asked = /^https?:\/\//.test(url) ? url : `${baseUrl.replace(/\/+$/, '')}${url}`;
	return URL.canParse(headers.location, asked) ? new URL(headers.location, asked) : null;
}

/** The other address that an answer of `following` leads to; null when it stays with the partner, or leads nowhere. */
export function redirectTarget({ status, headers }: Pick<HttpResponse, 'status' | 'headers'>): URL | null {
	const { location = '' } = headers;
	return REDIRECTS.has(status) && /^https?:\/\//i.test(location) && URL.canParse(location) ? new URL(location) : null;
}
