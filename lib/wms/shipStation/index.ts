/**
 * ShipStation, API V2. What ShipStation's pages call an order is a shipment here, and what they call a shipment is a label.
 * `external_shipment_id` is unique in an account and stays: a second shipment with it is refused.
 */
import { shortHash } from '../../files/names';
import type { Http, HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, PartnerError } from '../../http/partner';
import type { RateFeedback, RateLimit } from '../../http/rateLimit';
import { readingClock } from '../../http/readingClock';
import { retryAfterMs } from '../../http/retrying';
import { asError } from '../../order/errors';
import { firstIn, present } from '../../order/present';
import { isObject, jsonCopy, objectsIn, textOf, type JsonObject } from '../common/json';
import { failureOutcome, sendOutcome } from '../common/outcomes';
import type { CancelOutcome, SendOutcome, WaitingOrder, Wms, WmsSession } from '../Wms';
import { outcomesOf, problemsOf } from './answers';
import { changes, listIn, notData, oneOrNone } from './polling';
import { LIMITS, toRequest, type ShipStationRequest, type ShipStationSettings } from './request';

export type { ShipStationRequest, ShipStationSettings } from './request';

/** 200 requests a minute; ShipStation says how long to wait, not what is left. */
export const SHIPSTATION_LIMIT: RateLimit = { kind: 'window', requests: 200, windowMs: 60_000 };

export function shipStationFeedback(response: HttpResponse): RateFeedback | null {
	const pauseMs = response.status === 429 ? retryAfterMs(response) : undefined;
	return pauseMs === undefined ? null : { pauseMs };
}

/** The API does not say which account a key is of. @example shipStationAccount('https://api.shipstation.com', key) // "api.shipstation.com/3f9c…" */
export const shipStationAccount = (url: string, apiKey: string): string =>
	`${url.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/${shortHash(apiKey, 12)}`;

const LABEL = 'ShipStation';
const REMEDY =
	'Check the ShipStation credential: it takes a key of API V2 (Settings → Account → API Settings), which works on plans with API access. Work resumes automatically afterwards.';

/** The adapter with the settings of one warehouse; `shipStationWms` has none. */
export const shipStationWmsFor = (settings: ShipStationSettings): Wms<HttpAccount, ShipStationRequest, ShipStationSettings> => ({
	code: 'shipStation',
	label: LABEL,
	limits: LIMITS,
	// ShipStation names no limit; its older API takes a hundred. A call must be done long before it is given up.
	capabilities: { uniqueReference: true, cancel: true, ordersPerCall: 25 },
	toRequest: (order) => toRequest(order, settings),
	open: openSession,
});

export const shipStationWms = shipStationWmsFor({});

function openSession({ http, account }: HttpAccount): WmsSession<ShipStationRequest> {
	const callThrough =
		(through: Http) =>
		async (request: HttpRequest): Promise<HttpResponse> =>
			await callPartner(through, request, { label: LABEL, credentialsRemedy: REMEDY });
	const call = callThrough(http);

	const find = async (reference: string): Promise<JsonObject | null> => {
		const shipment = await oneOrNone(call, `/v2/shipments/external_shipment_id/${encodeURIComponent(reference)}`);
		// "Not there" is said by 404 alone.
		if (shipment !== null && shipment.external_shipment_id !== reference) throw notData('/v2/shipments/external_shipment_id', shipment);
		return shipment;
	};

	/** A canceled one is not coming back: as far as sending is concerned, it is not there. */
	const findLive = async (reference: string): Promise<{ wmsOrderId: string } | null> => {
		const shipment = await find(reference);
		const wmsOrderId = textOf(shipment?.shipment_id);
		return wmsOrderId === null || shipment?.shipment_status === 'cancelled' ? null : { wmsOrderId };
	};

	async function post(requests: readonly ShipStationRequest[]): Promise<SendOutcome[]> {
		const { body } = await call({ method: 'POST', url: '/v2/shipments', body: { shipments: jsonCopy(requests) } });
		return outcomesOf(
			body,
			requests.map((request) => request.external_shipment_id),
		);
	}

	/** The texts of refusals change; whether it has the order is a fact. */
	async function confirmed(request: ShipStationRequest, outcome: SendOutcome): Promise<SendOutcome> {
		if (outcome.kind !== 'rejected') return outcome;
		return await sendOutcome(async () => {
			const there = await findLive(request.external_shipment_id);
			return there === null ? outcome : { kind: 'duplicate', ...there };
		}, problemsOf);
	}

	async function createOrders(requests: readonly ShipStationRequest[]): Promise<SendOutcome[] | null> {
		let outcomes: SendOutcome[];
		try {
			outcomes = await post(requests);
		} catch (error) {
			const outcome = failureOutcome(error, problemsOf);
			return outcome.kind === 'rejected' ? null : requests.map(() => outcome);
		}
		return await Promise.all(
			requests.map(async (request, index) => await confirmed(request, present(outcomes[index], 'The outcome of an order'))),
		);
	}

	/** The shipment with our reference and, if people split it, the others of its sales order. */
	async function parts(shipment: JsonObject): Promise<JsonObject[]> {
		const orders = new Set(
			objectsIn(shipment.items)
				.map((item) => textOf(item.sales_order_id))
				.filter((id) => id !== null),
		);
		const all = new Map([[textOf(shipment.shipment_id), shipment]]);
		for (const id of orders) {
			const { body } = await call({ method: 'GET', url: '/v2/shipments', query: { sales_order_id: id, page_size: 100 } });
			for (const part of listIn(body, 'shipments', '/v2/shipments').filter(isObject)) all.set(textOf(part.shipment_id), part);
		}
		return [...all.values()];
	}

	async function cancelOrder({ reference }: WaitingOrder): Promise<CancelOutcome> {
		const shipment = await find(reference);
		if (shipment === null) return 'not_found';
		const waiting = (await parts(shipment)).filter((part) => part.shipment_status !== 'cancelled');
		// Labels must be voided first, which is for a person to decide: the package may be gone.
		if (waiting.some((part) => part.shipment_status === 'label_purchased')) return 'too_late';
		for (const part of waiting) {
			const url = `/v2/shipments/${encodeURIComponent(textOf(part.shipment_id) ?? '')}`;
			try {
				await call({ method: 'PUT', url: `${url}/cancel`, repeatable: true });
			} catch (error) {
				if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
				const now = await oneOrNone(call, url);
				if (now === null || now.shipment_status === 'cancelled') continue;
				if (error.details.received === 'maybe') throw asError(error);
				return 'too_late';
			}
		}
		return 'canceled';
	}

	return {
		source: `wms:shipStation:${account}`,
		findOrder: findLive,
		createOrder: async (request) =>
			await confirmed(request, await sendOutcome(async () => firstIn(await post([request]), 'The outcome of the order'), problemsOf)),
		createOrders,
		listShipments(cursor, waiting) {
			const clock = readingClock(http, cursor);
			return changes(callThrough(clock.http), clock, cursor, waiting);
		},
		cancelOrder,
	};
}
