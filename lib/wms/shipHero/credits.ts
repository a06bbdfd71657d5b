/**
 * ShipHero counts credits: an operation reserves what it could cost at the most, and pays what it did cost. One that the account cannot
 * pay is answered 200 with error 30, which says how long to wait.
 */
import type { HttpRequest, HttpResponse } from '../../http/Http';
import type { RateFeedback, RateLimit } from '../../http/rateLimit';
import { isObject, objectsIn, textOf, type JsonObject } from '../common/json';
import { DOCUMENTS } from './documents';

/** As ShipHero publishes it; an account's own numbers come with each list. */
export const SHIPHERO_LIMIT: RateLimit = { kind: 'bucket', capacity: 4004, perSecond: 60 };

const NOT_ENOUGH_CREDITS = 30;
const DEFAULT_WAIT_SECONDS = 5;

export const costOf = ({ body }: HttpRequest): number => {
	const name = isObject(body) ? body.operationName : undefined;
	return DOCUMENTS.find((document) => document.name === name)?.cost ?? 1;
};

export const errorsOf = ({ body }: Pick<HttpResponse, 'body'>): JsonObject[] => (isObject(body) ? objectsIn(body.errors) : []);

/** "4 seconds", "1 minute"; null = it does not say. */
export function secondsOf(text: unknown): number | null {
	const [, amount, unit = ''] = /([\d.]+)\s*(sec|min|hour)/i.exec(textOf(text) ?? '') ?? [];
	if (amount === undefined || Number.isNaN(Number(amount))) return null;
	return Number(amount) * ({ sec: 1, min: 60, hour: 3600 }[unit.toLowerCase()] ?? 1);
}

/** The refusal for credits as the 429 that it is, with the time until they are there. */
export function withHttpStatus(response: HttpResponse): HttpResponse {
	const refusal = errorsOf(response).find(({ code }) => Number(code) === NOT_ENOUGH_CREDITS);
	if (refusal === undefined) return response;
	const seconds = secondsOf(refusal.time_remaining) ?? secondsOf(refusal.message) ?? DEFAULT_WAIT_SECONDS;
	return { ...response, status: 429, headers: { ...response.headers, 'retry-after': String(seconds) } };
}

export function feedbackOf(response: HttpResponse): RateFeedback | null {
	if (response.status === 429) {
		const left = Number(errorsOf(response)[0]?.remaining_credits ?? Number.NaN);
		return { pauseMs: Number(response.headers['retry-after'] ?? 0) * 1000, ...(Number.isNaN(left) ? {} : { available: left }) };
	}
	const data = isObject(response.body) ? response.body.data : null;
	const quota = isObject(data) ? data.user_quota : null;
	if (!isObject(quota)) return null;
	const given = (name: keyof RateFeedback, value: unknown): RateFeedback =>
		typeof value === 'number' && value >= 0 ? { [name]: value } : {};
	// What remains is left out: whether this very operation is taken off it yet, ShipHero does not say.
	return { ...given('capacity', quota.max_available), ...given('perSecond', quota.increment_rate) };
}
