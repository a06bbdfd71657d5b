/**
 * ShipBob, REST 2026-01. `reference_id` is unique in an account: a second order with it is answered 422. A product or a shipping method
 * that ShipBob does not know would be created without a word, so both are looked up before an order goes out.
 */
import type { HttpAccount, HttpResponse } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import type { RateFeedback, RateLimit } from '../../http/rateLimit';
import { readingClock } from '../../http/readingClock';
import { asError } from '../../order/errors';
import { isObject, jsonCopy, textOf } from '../common/json';
import { nothingSent, sendOutcome, unlessThere } from '../common/outcomes';
import type { CancelOutcome, SendOutcome, WaitingOrder, Wms, WmsSession } from '../Wms';
import { catalogOf, type Catalog } from './catalog';
import { channelOf, LABEL, type Channel } from './orders';
import { changes } from './polling';
import { LIMITS, toRequest, type ShipBobRequest } from './request';

export type { ShipBobRequest } from './request';

export interface ShipBobSettings {
	/** The channel that orders belong to; the token must have write access to it. */
	channelId: string;
	/** ShipBob may create products and shipping methods that it does not know. Default: such an order is refused. */
	createMissing?: boolean;
}

/** 150 requests a minute in a sliding window, for each user and application. */
export const SHIPBOB_LIMIT: RateLimit = { kind: 'window', requests: 150, windowMs: 60_000 };

/** What ShipBob says of its count. */
export function shipBobFeedback({ headers, status }: HttpResponse): RateFeedback | null {
	const left = Number(headers['x-remaining-calls'] ?? Number.NaN);
	const wait = Number(headers['x-retry-after'] ?? Number.NaN);
	if (Number.isNaN(left) && Number.isNaN(wait)) return null;
	return { ...(Number.isNaN(left) ? {} : { available: left }), ...(status === 429 && wait > 0 ? { pauseMs: wait * 1000 } : {}) };
}

export const shipBobWms: Wms<HttpAccount, ShipBobRequest, ShipBobSettings> = {
	code: 'shipBob',
	label: LABEL,
	limits: LIMITS,
	capabilities: { uniqueReference: true, cancel: true },
	toRequest,
	open: openSession,
};

function openSession({ http, account }: HttpAccount, { channelId, createMissing = false }: ShipBobSettings): WmsSession<ShipBobRequest> {
	const channel = channelOf(http, channelId);
	const catalog = createMissing ? null : catalogOf(channel);
	return {
		source: `wms:shipBob:${account}`,
		findOrder: async (reference) => await channel.findOrder(reference),
		createOrder: async (request) => await sendOutcome(async () => await create(channel, catalog, request)),
		listShipments(cursor) {
			const clock = readingClock(http, cursor);
			return changes(channel, channelOf(clock.http, channelId), clock, cursor);
		},
		cancelOrder: async (order) => await cancelOrder(channel, order),
	};
}

/** @param catalog null = ShipBob may create what it does not know */
async function create(channel: Channel, catalog: Catalog | null, request: ShipBobRequest): Promise<SendOutcome> {
	if (catalog !== null) {
		const problems = await nothingSent(catalog.missing(request));
		if (problems.length > 0) return { kind: 'rejected', problems };
	}
	return await unlessThere(
		async () => {
			const { body } = await channel.call({ method: 'POST', url: '/order', body: jsonCopy(request) });
			const key = isObject(body) ? textOf(body.id) : null;
			return key === null
				? { kind: 'unknown', cause: 'ShipBob answered without the id of the order.' }
				: { kind: 'accepted', wmsOrderId: key };
		},
		async () => await channel.findOrder(request.reference_id),
	);
}

async function cancelOrder({ find, call }: Channel, { reference, wmsOrderId }: WaitingOrder): Promise<CancelOutcome> {
	const order = await find(reference);
	const key = textOf(order?.id) ?? wmsOrderId;
	if (key === null || order === null) return 'not_found';
	if (order.status === 'Cancelled') return 'canceled';
	try {
		const { body } = await call({ method: 'POST', url: `/order/${encodeURIComponent(key)}:cancel` });
		if (isObject(body) && body.status === 'Success') return 'canceled';
	} catch (error) {
		if (!(error instanceof PartnerError) || error.details.received === 'no') throw asError(error);
		const now = await find(reference);
		if (now?.status !== 'Cancelled' && error.details.received === 'maybe') throw asError(error);
	}
	return (await find(reference))?.status === 'Cancelled' ? 'canceled' : 'too_late';
}
