/** The calls of Amazon's API that we need. */
import type { Http, HttpRequest, HttpResponse } from '../../http/Http';
import { pageLimit } from '../../http/pages';
import { callPartner, isNotFound, PartnerError, type PartnerOptions } from '../../http/partner';
import type { RateFeedback, RateLimit } from '../../http/rateLimit';
import { asError } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, objectsIn, textOf, type JsonObject } from '../common/json';

const BASE = '/fba/outbound/2020-07-01/fulfillmentOrders';
/** For each operation of an account. */
export const AMAZON_LIMIT: RateLimit = { kind: 'bucket', capacity: 30, perSecond: 2 };
/** By what Amazon counts: the operation. */
export const operationOf = ({ method, url }: HttpRequest): string =>
	`${method} ${url.startsWith(`${BASE}/`) ? (url.endsWith('/cancel') ? 'cancel' : 'order') : 'orders'}`;

export function amazonFeedback({ headers }: HttpResponse): RateFeedback | null {
	const perSecond = Number(headers['x-amzn-ratelimit-limit'] ?? Number.NaN);
	return perSecond > 0 ? { perSecond } : null;
}

const AMAZON: PartnerOptions = {
	label: 'Amazon',
	credentialsRemedy:
		"Check the Amazon MCF credential: the refresh token must be one of this app, authorized with the role Amazon Fulfillment, and the address that of the seller's region. Work resumes automatically afterwards.",
};

const call = async (http: Http, request: HttpRequest): Promise<HttpResponse> => await callPartner(http, request, AMAZON);

/** The whole order; null = surely not there. */
export async function findWhole(http: Http, reference: string): Promise<JsonObject | null> {
	try {
		const { body } = await call(http, { method: 'GET', url: pathOf(reference) });
		const found = isObject(body) ? body.payload : null;
		if (isObject(found) && isObject(found.fulfillmentOrder)) return found;
		throw new PartnerError('unexpected_answer', `Amazon answered without the order ${reference}.`, 'It is retried automatically.', {
			received: 'maybe',
			body,
		});
	} catch (error) {
		if (saysUnknown(error)) return null;
		throw asError(error);
	}
}

export const placeOrder = async (http: Http, body: Record<string, JsonValue>): Promise<unknown> =>
	(await call(http, { method: 'POST', url: BASE, body })).body;

export const cancelAt = async (http: Http, reference: string): Promise<void> =>
	void (await call(http, { method: 'PUT', url: `${pathOf(reference)}/cancel` }));

/** Ids of the orders whose status changed. */
export async function changedSince(http: Http, from: string): Promise<Set<string>> {
	const ids = new Set<string>();
	let nextToken: string | null = null;
	const anotherPage = pageLimit(AMAZON.label);
	do {
		anotherPage();
		const query: Record<string, string> = { queryStartDate: from, ...(nextToken === null ? {} : { nextToken }) };
		const { body } = await call(http, { method: 'GET', url: BASE, query });
		const payload: unknown = isObject(body) ? body.payload : null;
		if (!isObject(payload) || !Array.isArray(payload.fulfillmentOrders ?? []))
			throw new PartnerError(
				'unexpected_answer',
				'Amazon answered with something that is not a list of orders.',
				'It is retried automatically.',
				{ received: 'maybe', body },
			);
		for (const order of objectsIn(payload.fulfillmentOrders)) ids.add(textOf(order.sellerFulfillmentOrderId) ?? '');
		const following: string | null = textOf(payload.nextToken);
		if (following !== null && following === nextToken)
			throw new PartnerError('unexpected_answer', 'Amazon returned the same page of orders twice.', 'It is retried automatically.', {
				received: 'maybe',
			});
		nextToken = following;
	} while (nextToken !== null);
	return ids;
}

const pathOf = (reference: string): string => `${BASE}/${encodeURIComponent(reference)}`;

/** Amazon says 404, or 400 with words; a 403 is of ids that no order of ours has. */
const saysUnknown = (error: unknown): boolean =>
	isNotFound(error) ||
	(error instanceof PartnerError &&
		error.details.status === 400 &&
		/not found|(does|do) not exist|no such|SellerFulfillmentOrderId\b.* is invalid/i.test(error.message));
