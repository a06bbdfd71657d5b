/**
 * Reads what changed in ShipStation in four passes: shipments (which orders it has, which were canceled), voided labels, labels, and shipments that
 * were marked as shipped without a label. Voids come before labels, so that goods that were packed anew are not counted twice.
 */
import type { HttpRequest, HttpResponse } from '../../http/Http';
import { PartnerError } from '../../http/partner';
import { asError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import { isObject, momentOf, objectsIn, textOf, type JsonObject } from '../json';
import type { WaitingOrders, WmsEventPage } from '../Wms';
import { fulfillmentParcel, labelParcel, parcelReport, sharesOf, shipmentReport, voidReport, type Report } from './reports';

type Call = (request: HttpRequest) => Promise<HttpResponse>;

/** How far each list was read, as moments of ShipStation's clock. */
interface Position {
	shipments?: string;
	voids?: string;
	labels?: string;
	fulfillments?: string;
}

const PAGE_SIZE = 100;
const DAY_MS = 24 * 3_600_000;
/** Changes may become visible this long after their time. */
const OVERLAP_MS = 5 * 60_000;
/** An account may hold years of other orders; none of ours waits longer before its first poll. */
const FIRST_LOOK_MS = 60 * DAY_MS;
/** Carriers let labels be voided for 30 days at the most. */
const VOIDABLE_MS = 35 * DAY_MS;
/** A label that is not done by then will never be. */
const UNFINISHED_MS = 3 * DAY_MS;

export async function* changes(call: Call, cursor: Cursor | null, waitingOrders: WaitingOrders): AsyncGenerator<WmsEventPage> {
	const position: Position = positionOf(cursor);
	const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
	const from = (known: string | undefined): string => (known === undefined ? ago(FIRST_LOOK_MS) : new Date(Date.parse(known) - OVERLAP_MS).toISOString());
	const waiting = new Set<string>();
	for await (const orders of waitingOrders()) for (const { reference } of orders) waiting.add(reference);
	const ours = new Map<string, JsonObject>();
	/** Keys alone: an account may hold far more of other channels than of ours. */
	const others = new Set<string>();

	function remember(key: string, shipment: JsonObject): JsonObject | null {
		const isOurs = sharesOf(shipment, waiting).length > 0;
		if (isOurs) ours.set(key, shipment);
		else ours.delete(key);
		if (isOurs) others.delete(key);
		else others.add(key);
		return isOurs ? shipment : null;
	}

	/** Null = there is none, or nothing of ours is in it. */
	async function shipmentWith(key: string | null): Promise<JsonObject | null> {
		if (key === null || others.has(key)) return null;
		const there = ours.get(key);
		if (there !== undefined) return there;
		const found = await oneOrNone(call, `/v2/shipments/${encodeURIComponent(key)}`);
		return found === null ? null : remember(key, found);
	}

	const page = (reports: Report[], next: Position): WmsEventPage => {
		Object.assign(position, next);
		return { events: reports.flatMap(({ events }) => events), failures: reports.flatMap(({ failures }) => failures), next: { ...position } };
	};

	for await (const shipments of walk(call, { path: '/v2/shipments', list: 'shipments', start: 'modified_at_start', time: 'modified_at', from: from(position.shipments) })) {
		for (const shipment of shipments) remember(textOf(shipment.shipment_id) ?? '', shipment);
		yield page(shipments.map((shipment) => shipmentReport(shipment, waiting)), last('shipments', shipments, 'modified_at'));
	}

	const voidsSince = from(position.voids);
	let voidsUntil = '';
	for await (const labels of walk(call, { path: '/v2/labels', list: 'labels', start: 'created_at_start', time: 'created_at', from: ago(VOIDABLE_MS), query: { label_status: 'voided' } })) {
		const reports: Report[] = [];
		for (const label of labels) {
			const key = textOf(label.label_id);
			if (key === null || (momentOf(label.voided_at) ?? voidsSince) < voidsSince) continue;
			const shipment = await shipmentWith(textOf(label.shipment_id));
			if (shipment !== null) reports.push(voidReport(key, `ShipStation label ${key}`, shipment, waiting));
		}
		// Not kept before every page was read: the list is not in the order of voiding.
		if (reports.length > 0) yield page(reports, {});
		const moments = labels.map((label) => momentOf(label.voided_at) ?? '');
		voidsUntil = [voidsUntil, ...moments].sort().at(-1) ?? '';
	}
	if (voidsUntil !== '' && voidsUntil > (position.voids ?? '')) yield page([], { voids: voidsUntil });

	/** A label that is still made is read again until it is done. */
	let unfinished: string | null = null;
	for await (const labels of walk(call, { path: '/v2/labels', list: 'labels', start: 'created_at_start', time: 'created_at', from: from(position.labels) })) {
		const reports: Report[] = [];
		for (const label of labels) {
			const made = momentOf(label.created_at);
			if (label.status === 'processing' && made !== null && made > ago(UNFINISHED_MS)) unfinished ??= made;
			const parcel = labelParcel(label);
			const shipment = parcel === null ? null : await shipmentWith(textOf(label.shipment_id));
			if (parcel !== null && shipment !== null) reports.push(parcelReport(parcel, shipment, waiting));
		}
		yield page(reports, unfinished === null ? last('labels', labels, 'created_at') : { labels: unfinished });
	}

	for await (const fulfillments of walk(call, { path: '/v2/fulfillments', list: 'fulfillments', start: 'create_date_start', time: 'created_at', from: from(position.fulfillments), optional: true })) {
		const reports: Report[] = [];
		for (const fulfillment of fulfillments) {
			const parcel = fulfillmentParcel(fulfillment);
			const shipment = parcel === null ? null : await shipmentWith(textOf(fulfillment.shipment_id));
			if (parcel === null || shipment === null) continue;
			const report = parcelReport(parcel, shipment, waiting);
			if (report.events.length > 0 && (await hasLabel(call, textOf(shipment.shipment_id)))) continue;
			reports.push(report);
		}
		yield page(reports, last('fulfillments', fulfillments, 'created_at'));
	}
}

/** Goods that have a label were reported with it. */
async function hasLabel(call: Call, shipmentId: string | null): Promise<boolean> {
	if (shipmentId === null) return false;
	const { body } = await call({ method: 'GET', url: '/v2/labels', query: { shipment_id: shipmentId, page_size: PAGE_SIZE } });
	return listIn(body, 'labels', '/v2/labels').some((label) => labelParcel(label) !== null);
}

interface Walk {
	path: string;
	/** Name of the list in an answer. */
	list: string;
	/** The query parameter of the first moment, and the field that it is compared with. */
	start: string;
	time: string;
	from: string;
	query?: Record<string, string>;
	/** Accounts without this list have nothing in it. */
	optional?: boolean;
}

/**
 * Page by page, oldest first. Each page begins at the moment where the last one ended, not at a number: entries that change meanwhile move to
 * the end of the list, and numbers would skip what follows them.
 */
async function* walk(call: Call, { path, list, start, time, from, query = {}, optional = false }: Walk): AsyncGenerator<JsonObject[]> {
	for (let page = 1, since = from; ; ) {
		const request: HttpRequest = { method: 'GET', url: path, query: { ...query, [start]: since, sort_by: time, sort_dir: 'asc', page, page_size: PAGE_SIZE } };
		const body: unknown = optional ? await oneOrNone(call, request) : (await call(request)).body;
		if (body === null && optional) return;
		const items = listIn(body, list, path);
		if (items.length > 0) yield items;
		const pages = isObject(body) ? Number(body.pages) : Number.NaN;
		if (items.length === 0 || (Number.isNaN(pages) ? items.length < PAGE_SIZE : page >= pages)) return;
		const reached = momentOf(items.at(-1)?.[time]);
		// One millisecond back, for others of the same moment on the next page.
		const next = reached === null ? since : new Date(Date.parse(reached) - 1).toISOString();
		if (next > since) [since, page] = [next, 1];
		else page += 1;
	}
}

/** Null = ShipStation says that there is none. A page of somebody else that says 404 does not count. */
export async function oneOrNone(call: Call, request: string | HttpRequest): Promise<JsonObject | null> {
	const { method, url, query } = typeof request === 'string' ? { method: 'GET' as const, url: request, query: {} } : request;
	try {
		const { body } = await call({ method, url, ...(query === undefined ? {} : { query }) });
		if (!isObject(body)) throw notData(url, body);
		return body;
	} catch (error) {
		if (error instanceof PartnerError && error.details.status === 404 && isObject(error.details.body)) return null;
		throw asError(error);
	}
}

function listIn(body: unknown, name: string, path: string): JsonObject[] {
	const list = isObject(body) ? body[name] : null;
	if (!Array.isArray(list)) throw notData(path, body);
	return objectsIn(list);
}

export const notData = (path: string, body: unknown): PartnerError =>
	new PartnerError('unexpected_answer', `ShipStation answered ${path} with something else than was asked for.`, 'It is tried again later by itself.', { received: 'maybe', body });

function last(name: keyof Position, items: readonly JsonObject[], time: string): Position {
	const reached = momentOf(items.at(-1)?.[time]);
	return reached === null ? {} : { [name]: reached };
}

function positionOf(cursor: Cursor | null): Position {
	const position: Position = {};
	for (const name of ['shipments', 'voids', 'labels', 'fulfillments'] as const) {
		const moment = isObject(cursor) ? momentOf(cursor[name]) : null;
		if (moment !== null) position[name] = moment;
	}
	return position;
}
