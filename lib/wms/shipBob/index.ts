/**
 * ShipBob, REST 2026-01. `reference_id` is unique in an account: a second order with it is answered 422. A product or a shipping method
 * that ShipBob does not know would be created without a word, so both are looked up before an order goes out.
 */
import type { HttpAccount, HttpRequest, HttpResponse } from '../../http/Http';
import { callPartner, PartnerError } from '../../http/partner';
import type { RateFeedback, RateLimit } from '../../http/rateLimit';
import { asError, type FieldProblem } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';
import { isObject, objectsIn, serverTime, textOf, type JsonObject } from '../json';
import { nothingSent, sendOutcome, unlessThere } from '../outcomes';
import type { SendOutcome, Wms, WmsEventPage, WmsSession } from '../Wms';
import { reportOf } from './reports';
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

const LABEL = 'ShipBob';
const REMEDY = 'Check the ShipBob credential: the token must be valid and have write access to the channel. Everything goes on by itself afterwards.';
const PAGE_SIZE = 250;
/** Changes may become visible this long after their time. */
const OVERLAP_MS = 5 * 60_000;

export const shipBobWms: Wms<HttpAccount, ShipBobRequest, ShipBobSettings> = {
	code: 'shipBob',
	label: LABEL,
	credential: 'shipBobApi',
	limits: LIMITS,
	capabilities: { uniqueReference: true, cancel: true },
	toRequest,
	open: openSession,
};

function openSession({ http, account }: HttpAccount, { channelId, createMissing = false }: ShipBobSettings): WmsSession<ShipBobRequest> {
	const call = async (request: HttpRequest): Promise<HttpResponse> =>
		await callPartner(http, { ...request, url: `/2026-01${request.url}`, headers: { shipbob_channel_id: channelId } }, { label: LABEL, credentialsRemedy: REMEDY });
	const ours = (order: JsonObject): boolean => !isObject(order.channel) || order.channel.id === undefined || String(order.channel.id) === channelId;
	const known = { products: new Set<string>(), methods: new Set<string>() };

	async function find(reference: string): Promise<JsonObject | null> {
		const { body } = await call({ method: 'GET', url: '/order', query: { ReferenceIds: reference } });
		if (!Array.isArray(body)) throw notAList('/order', body);
		return objectsIn(body).find((order) => order.reference_id === reference && ours(order)) ?? null;
	}

	/** What ShipBob would create by itself. */
	async function missing({ products, shipping_method: method }: ShipBobRequest): Promise<FieldProblem[]> {
		const problems: FieldProblem[] = [];
		for (const sku of new Set(products.map(({ sku: one }) => one))) {
			if (known.products.has(sku)) continue;
			const { body } = await call({ method: 'GET', url: '/product', query: { SKU: sku, PageSize: 250 } });
			const variants = objectsIn(isObject(body) ? body.items : null).flatMap((product) => objectsIn(product.variants));
			if (variants.some((variant) => variant.sku === sku)) known.products.add(sku);
			else problems.push({ field: 'lines.sku', value: sku, problem: 'is no product in ShipBob', code: 'unknown_sku' });
		}
		if (!known.methods.has(method)) {
			const { body } = await call({ method: 'GET', url: '/shipping-method' });
			for (const { name } of objectsIn(body)) if (typeof name === 'string') known.methods.add(name);
			if (!known.methods.has(method)) problems.push({ field: 'serviceLevel', value: method, problem: 'is no shipping method in ShipBob', code: 'unmapped_shipping_method' });
		}
		return problems;
	}

	async function findOrder(reference: string): Promise<{ wmsOrderId: string } | null> {
		const key = textOf((await find(reference))?.id);
		return key === null ? null : { wmsOrderId: key };
	}

	async function create(request: ShipBobRequest): Promise<SendOutcome> {
		if (!createMissing) {
			const problems = await nothingSent(missing(request));
			if (problems.length > 0) return { kind: 'rejected', problems };
		}
		return await unlessThere(async () => {
			const { body } = await call({ method: 'POST', url: '/order', body: JSON.parse(JSON.stringify(request)) as JsonValue });
			const key = isObject(body) ? textOf(body.id) : null;
			return key === null ? { kind: 'unknown', cause: 'ShipBob answered without the id of the order.' } : { kind: 'accepted', wmsOrderId: key };
		}, async () => await findOrder(request.reference_id));
	}

	async function* listShipments(cursor: Cursor | null): AsyncGenerator<WmsEventPage> {
		const since = isObject(cursor) ? textOf(cursor.since) : null;
		const from: Record<string, string> = since === null ? {} : { LastUpdateStartDate: new Date(Date.parse(since) - OVERLAP_MS).toISOString() };
		let began: string | null = null;
		// An order that changes meanwhile only enters the list, never leaves it: pages shift backwards, which repeats and does not miss.
		for (let page = 1; ; page += 1) {
			const { body, headers } = await call({ method: 'GET', url: '/order', query: { ...from, SortOrder: 'Oldest', Page: page, Limit: PAGE_SIZE } });
			if (!Array.isArray(body)) throw notAList('/order', body);
			began ??= serverTime(headers.date);
			const reports = objectsIn(body).filter(ours).map(reportOf);
			const last = body.length < PAGE_SIZE;
			const shipmentIds = reports.flatMap(({ toAcknowledge }) => toAcknowledge);
			yield {
				events: reports.flatMap(({ events }) => events),
				failures: reports.flatMap(({ failures }) => failures),
				next: null,
				...(shipmentIds.length === 0 ? {} : { afterRecorded: async () => void (await call({ method: 'POST', url: '/shipment:batchUpdateTrackingUpload', body: { shipment_ids: shipmentIds, is_tracking_uploaded: true }, repeatable: true })) }),
			};
			// Kept only once every page is acknowledged, by ShipBob's clock at the start of the run.
			if (last) break;
		}
		if (began !== null) yield { events: [], failures: [], next: { since: began } };
	}

	async function cancelOrder({ reference, wmsOrderId }: { reference: string; wmsOrderId: string | null }): Promise<'canceled' | 'too_late' | 'not_found'> {
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

	return {
		source: `wms:shipBob:${account}`,
		findOrder,
		createOrder: async (request) => await sendOutcome(async () => await create(request)),
		listShipments,
		cancelOrder,
	};
}

const notAList = (path: string, body: unknown): PartnerError =>
	new PartnerError('unexpected_answer', `ShipBob answered ${path} with something that is no list.`, 'It is tried again later by itself.', { received: 'maybe', body });
