/**
 * What the `authenticate` of a credential adds to a request. As a function: n8n evaluates the expressions of the declarative form in a sandbox of
 * its own, which a poll does not always hold, and the request then failed ("No bridge acquired for this context").
 */
import type { IHttpRequestOptions } from 'n8n-workflow';

export const withHeaders = async (requestOptions: IHttpRequestOptions, headers: Record<string, string>): Promise<IHttpRequestOptions> =>
	await Promise.resolve({ ...requestOptions, headers: { ...requestOptions.headers, ...headers } });

/** @example bearer("abc") // { Authorization: "Bearer abc" } */
export const bearer = (token: unknown): Record<string, string> => ({ Authorization: `Bearer ${String(token ?? '')}` });

/** @example basic("ck_1", "cs_1") // { Authorization: "Basic Y2tfMTpjc18x" } */
export const basic = (user: unknown, password: unknown): Record<string, string> => ({
	Authorization: `Basic ${Buffer.from(`${String(user ?? '')}:${String(password ?? '')}`).toString('base64')}`,
});
