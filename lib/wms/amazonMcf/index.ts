/**
 * Amazon Multi-Channel Fulfillment (Selling Partner API, Fulfillment Outbound 2020-07-01). The seller's order id is our reference, of which
 * Amazon takes one. Its list tells only of orders whose status changed, and a first parcel changes none, so each order that the store waits
 * for is asked about in turn, those that changed first.
 */
import type { Http, HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, PartnerError, type PartnerOptions } from '../../http/partner';
import type { RateFeedback, RateLimit } from '../../http/rateLimit';
import { asError, shown, type FieldProblem } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import { isObject, objectsIn, serverTime, textOf, type JsonObject } from '../json';
import { sendOutcome, unlessThere } from '../outcomes';
import type { SendOutcome, WaitingOrder, WaitingOrders, Wms, WmsEventPage, WmsSession } from '../Wms';
import { ORDER_STATUS, reportOf } from './reports';
import { COMMENT_LENGTH, LIMITS, toRequest, type AmazonMcfRequest, type Speed } from './request';

export { SPEEDS, type AmazonMcfRequest, type Speed } from './request';

export interface AmazonMcfSettings {
	/** Where the order comes from; absent = Amazon's default of the account. */
	marketplaceId?: string;
	/** For orders whose shipping method is none of Amazon's speeds. Default: such an order is refused. */
	otherSpeed?: Speed;
	/** What happens when not all of it is there. Default FillOrKill. */
	policy?: 'FillOrKill' | 'FillAll' | 'FillAllAvailable';
	/** On the packing slip of orders without a gift message. */
	comment?: string;
	/** Amazon mails the customer about the shipment. */
	notify?: boolean;
}

const BASE = '/fba/outbound/2020-07-01/fulfillmentOrders';
/** For each operation of an account. */
export const AMAZON_LIMIT: RateLimit = { kind: 'bucket', capacity: 30, perSecond: 2 };
/** By what Amazon counts: the operation. */
export const operationOf = ({ method, url }: HttpRequest): string => `${method} ${url.startsWith(`${BASE}/`) ? (url.endsWith('/cancel') ? 'cancel' : 'order') : 'orders'}`;

export function amazonFeedback({ headers }: HttpResponse): RateFeedback | null {
	const perSecond = Number(headers['x-amzn-ratelimit-limit'] ?? Number.NaN);
	return perSecond > 0 ? { perSecond } : null;
}

const AMAZON: PartnerOptions = {
	label: 'Amazon',
	credentialsRemedy: 'Check the Amazon MCF credential: the refresh token must be one of this app, authorized with the role Amazon Fulfillment, and the address that of the seller\'s region. Everything goes on by itself afterwards.',
};

/** The first poll of an account looks so far back for changes. */
const FIRST_LOOK_MS = 30 * 86_400_000;
const OVERLAP_MS = 5 * 60_000;
/** Orders asked about for one page. */
const PAGE_SIZE = 10;
const DEFAULT_COMMENT = 'Thank you for your order.';

export const amazonMcfWms: Wms<HttpAccount, AmazonMcfRequest, AmazonMcfSettings> = {
	code: 'amazonMcf',
	label: 'Amazon MCF',
	credential: 'amazonMcfApi',
	limits: LIMITS,
	capabilities: { uniqueReference: true, cancel: true },
	toRequest,
	open: openSession,
};

function openSession({ http: plain, account }: HttpAccount, settings: AmazonMcfSettings): WmsSession<AmazonMcfRequest> {
	let answeredAt: string | null = null;
	const http: Http = async (request) => {
		const response = await plain(request);
		answeredAt = serverTime(response.headers.date) ?? answeredAt;
		return response;
	};
	const call = async (request: HttpRequest): Promise<HttpResponse> => await callPartner(http, request, AMAZON);

	/** The whole order; null = surely not there. */
	async function find(reference: string): Promise<JsonObject | null> {
		try {
			const { body } = await call({ method: 'GET', url: pathOf(reference) });
			const found = isObject(body) ? body.payload : null;
			if (isObject(found) && isObject(found.fulfillmentOrder)) return found;
			throw new PartnerError('unexpected_answer', `Amazon answered without the order ${reference}.`, 'It is tried again later by itself.', { received: 'maybe', body });
		} catch (error) {
			if (error instanceof PartnerError && saysUnknown(error)) return null;
			throw asError(error);
		}
	}

	const findOrder = async (reference: string): Promise<{ wmsOrderId: string } | null> => ((await find(reference)) === null ? null : { wmsOrderId: reference });

	async function create(request: AmazonMcfRequest): Promise<SendOutcome> {
		const { method, email, ...order } = request;
		const speed = order.shippingSpeedCategory ?? settings.otherSpeed;
		if (speed === undefined) {
			const problem = 'is none of Amazon\'s speeds (Standard, Expedited, Priority); map it, or choose a speed for others in the options';
			return { kind: 'rejected', problems: [{ field: 'serviceLevel', value: method, problem, code: 'unmapped_shipping_method' }] };
		}
		const comment = (settings.comment ?? '').trim();
		const body: Record<string, JsonValue> = {
			...(JSON.parse(JSON.stringify(order)) as Record<string, JsonValue>),
			...(settings.marketplaceId === undefined ? {} : { marketplaceId: settings.marketplaceId }),
			displayableOrderComment: order.displayableOrderComment ?? (comment === '' ? DEFAULT_COMMENT : [...comment].slice(0, COMMENT_LENGTH).join('')),
			shippingSpeedCategory: speed,
			fulfillmentAction: 'Ship',
			fulfillmentPolicy: settings.policy ?? 'FillOrKill',
			...(settings.notify === true && email !== null ? { notificationEmails: [email] } : {}),
		};
		const reference = order.sellerFulfillmentOrderId;
		return await unlessThere(async () => {
			const { body: answer } = await call({ method: 'POST', url: BASE, body });
			// A proxy may answer in Amazon's place; what it says nothing of is looked up.
			if (!isObject(answer)) return { kind: 'unknown', cause: 'Amazon answered without a body.' };
			return { kind: 'accepted', wmsOrderId: reference };
		}, async () => await findOrder(reference));
	}

	/** Ids of the orders whose status changed. */
	async function changedSince(from: string): Promise<Set<string>> {
		const ids = new Set<string>();
		let nextToken: string | null = null;
		do {
			const query: Record<string, string> = { queryStartDate: from, ...(nextToken === null ? {} : { nextToken }) };
			const { body } = await call({ method: 'GET', url: BASE, query });
			const payload: unknown = isObject(body) ? body.payload : null;
			if (!isObject(payload)) throw new PartnerError('unexpected_answer', 'Amazon answered with something that is no list of orders.', 'It is tried again later by itself.', { received: 'maybe', body });
			for (const order of objectsIn(payload.fulfillmentOrders)) ids.add(textOf(order.sellerFulfillmentOrderId) ?? '');
			const following: string | null = textOf(payload.nextToken);
			if (following !== null && following === nextToken) throw new PartnerError('unexpected_answer', 'Amazon gave the same page of orders twice.', 'It is tried again later by itself.', { received: 'maybe' });
			nextToken = following;
		} while (nextToken !== null);
		return ids;
	}

	async function* listShipments(cursor: Cursor | null, waiting: WaitingOrders): AsyncGenerator<WmsEventPage> {
		const position = isObject(cursor) ? cursor : {};
		const since = textOf(position.since);
		const from = new Date(since === null ? Date.now() - FIRST_LOOK_MS : Date.parse(since) - OVERLAP_MS).toISOString();
		const references: string[] = [];
		for await (const page of waiting()) references.push(...page.map(({ reference }) => reference));
		answeredAt = null;
		const changed = await changedSince(from);
		const began = answeredAt ?? since;
		const first = references.filter((reference) => changed.has(reference));
		// Where the last run ended, so that a run that is too short for all of them begins with those that it left out.
		const turn = textOf(position.turn);
		const at = turn === null ? 0 : references.indexOf(turn) + 1;
		const others = [...references.slice(at), ...references.slice(0, at)].filter((reference) => !changed.has(reference));
		// Only once all that changed is recorded, the position moves.
		yield* pagesOf(first, (_, isLast) => (isLast ? { since: began, turn } : null));
		yield* pagesOf(others, (last) => ({ since: began, turn: last ?? turn }));
	}

	/** At least one page. @param nextAfter the position once the orders up to this one are recorded */
	async function* pagesOf(references: readonly string[], nextAfter: (last: string | null, isLast: boolean) => Cursor | null): AsyncGenerator<WmsEventPage> {
		for (let start = 0; start < references.length || start === 0; start += PAGE_SIZE) {
			const page: WmsEventPage = { events: [], failures: [], next: null };
			const some = references.slice(start, start + PAGE_SIZE);
			for (const reference of some) {
				const found = await find(reference);
				// One that is being sent, or that Amazon shows only later.
				if (found === null) continue;
				const { events, failures } = reportOf(found);
				page.events.push(...events);
				page.failures.push(...failures);
			}
			yield { ...page, next: nextAfter(some.at(-1) ?? null, start + PAGE_SIZE >= references.length) };
		}
	}

	async function cancelOrder({ reference }: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'> {
		const statusNow = async (): Promise<string | undefined> => {
			const found = await find(reference);
			return found === null ? undefined : (ORDER_STATUS[String((found.fulfillmentOrder as JsonObject).fulfillmentOrderStatus)] ?? 'unknown');
		};
		const before = await statusNow();
		if (before === undefined) return 'not_found';
		// Nothing of these will ever be shipped.
		if (['canceled', 'never', 'invalid'].includes(before)) return 'canceled';
		if (before === 'complete') return 'too_late';
		let refused = false;
		try {
			await call({ method: 'PUT', url: `${pathOf(reference)}/cancel` });
		} catch (error) {
			if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
			refused = error.details.received === 'refused';
			if (!refused && (await statusNow()) !== 'canceled') throw asError(error);
		}
		const after = await statusNow();
		if (after === 'canceled' || after === undefined) return 'canceled';
		if (refused || after === 'complete') return 'too_late';
		throw new PartnerError('partner_unavailable', `Amazon took the cancellation of ${reference} and has not carried it out yet.`, 'Cancel the order again in a few minutes.', { received: 'maybe' });
	}

	return {
		source: `wms:amazonMcf:${account}`,
		findOrder,
		createOrder: async (request) => await sendOutcome(async () => await create(request), problemsOf),
		listShipments,
		cancelOrder,
	};
}

const pathOf = (reference: string): string => `${BASE}/${encodeURIComponent(reference)}`;

/** Amazon says 404, or 400 with words; a 403 is of ids that no order of ours has. */
const saysUnknown = ({ details, message }: PartnerError): boolean =>
	details.status === 404 || (details.status === 400 && /not found|(does|do) not exist|no such|SellerFulfillmentOrderId\b.* is invalid/i.test(message));

/** Each of Amazon's errors as a problem of its own. */
function problemsOf(error: PartnerError): FieldProblem[] {
	const { body } = error.details;
	const errors = isObject(body) ? objectsIn(body.errors) : [];
	const problems = errors.flatMap(({ message, details }): FieldProblem[] => {
		const text = [textOf(message), textOf(details)].filter((part) => part !== null).join(' ');
		if (text === '') return [];
		const isSku = /seller ?sku/i.test(text);
		return [{ field: isSku ? 'lines.sku' : 'order', problem: shown(text, 300), code: isSku ? 'unknown_sku' : /address|postal|zip|city|state/i.test(text) ? 'invalid_address' : 'rejected_by_wms' }];
	});
	return problems.length > 0 ? problems : [{ field: 'order', problem: error.message, code: 'rejected_by_wms' }];
}
