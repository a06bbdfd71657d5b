/**
 * Shopify counts points, not requests: each query reserves what it could cost at the most and pays what it did cost. Every answer
 * says what is left, so that our count follows the plan of the shop.
 * Source: shopify.dev/docs/api/usage/limits.
 */
import type { HttpRequest, HttpResponse } from '../../http/Http';
import { within } from '../../http/ranges';
import type { RateFeedback, RateLimit } from '../../http/rateLimit';

/** Below what the smallest plan has (100 points a second); the first answer corrects it. */
export const SHOPIFY_LIMIT: RateLimit = { kind: 'bucket', capacity: 1000, perSecond: 50 };

/** Of a bucket of the largest plan, ten times over. */
const MOST_POINTS = 200_000;

interface Cost {
	requestedQueryCost?: number;
	actualQueryCost?: number | null;
	throttleStatus?: { maximumAvailable?: number; currentlyAvailable?: number; restoreRate?: number } | null;
}

interface Answer {
	errors?: Array<{ message?: string; extensions?: { code?: string } } | null>;
	extensions?: { cost?: Cost | null } | null;
}

export const answerOf = ({ body }: HttpResponse): Answer | null =>
	typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Answer) : null;

/** Points that a document may cost at the most: what `graphql` writes into its header. */
export const COST_HEADER = 'x-estimated-cost';

export const costOf = ({ headers }: HttpRequest): number => Number(headers?.[COST_HEADER] ?? 10);

export function feedbackOf(response: HttpResponse): RateFeedback | null {
	const status = answerOf(response)?.extensions?.cost?.throttleStatus;
	if (status === undefined || status === null) return null;
	return {
		...(status.currentlyAvailable === undefined ? {} : { available: status.currentlyAvailable }),
		...(status.maximumAvailable === undefined ? {} : { capacity: status.maximumAvailable }),
		...(status.restoreRate === undefined ? {} : { perSecond: status.restoreRate }),
	};
}

/** A refusal for too many points comes as 200; this gives it as the 429 that it is, with the time until the points are there. */
export function withHttpStatus(response: HttpResponse): HttpResponse {
	const answer = answerOf(response);
	if (response.status !== 200 || !Array.isArray(answer?.errors) || !answer.errors.some((error) => error?.extensions?.code === 'THROTTLED'))
		return response;
	const { requestedQueryCost, throttleStatus } = answer.extensions?.cost ?? {};
	const missing = (within(requestedQueryCost, 0, MOST_POINTS) ?? 100) - (within(throttleStatus?.currentlyAvailable, 0, MOST_POINTS) ?? 0);
	const seconds = Math.max(0, missing) / (within(throttleStatus?.restoreRate, 1, MOST_POINTS) ?? 50);
	return { ...response, status: 429, headers: { ...response.headers, 'retry-after': seconds.toFixed(2) } };
}
