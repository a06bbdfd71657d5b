/**
 * Reads what changed in ShipStation in four passes: shipments (which orders it has, which were canceled), voided labels, labels, and shipments that
 * were marked as shipped without a label. Voids come before labels, so that goods that were packed anew are not counted twice.
 */
import type { HttpRequest, HttpResponse } from '../../http/Http';
import { pageLimit } from '../../http/pages';
import { isNotFound, PartnerError } from '../../http/partner';
import type { ReadingClock } from '../../http/readingClock';
import { asError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import { reportsOf, type Report, type Reporter } from '../common/entries';
import { isList, isObject, type JsonObject, momentOf, piecesOf, textOf } from '../common/json';
import type { WaitingOrders, WmsEventPage } from '../Wms';
import { packageOfFulfillment, keyIn, packageOfLabel, shippedReport, sharesOf, shipmentReport, voidReport } from './reports';

type Call = (request: HttpRequest) => Promise<HttpResponse>;

/** How far each list was read, as moments of ShipStation's clock. */
type Position = Partial<Record<(typeof NAMES)[number], string>>;

const NAMES = ['shipments', 'voids', 'labels', 'fulfillments'] as const;

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

/** @param call asks through the clock */
export async function* changes(
	call: Call,
	clock: ReadingClock,
	cursor: Cursor | null,
	waitingOrders: WaitingOrders,
): AsyncGenerator<WmsEventPage> {
	const known: Position = positionOf(cursor);
	const reached: Position = {};
	/** A label that is still made is read again until it is done. */
	let unfinished: string | null = null;
	const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
	const from = (position: string | undefined): string =>
		position === undefined ? ago(FIRST_LOOK_MS) : new Date(Date.parse(position) - OVERLAP_MS).toISOString();
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

	function reach(name: keyof Position, moments: ReadonlyArray<string | null>): void {
		const times = [reached[name] ?? null, ...moments].filter((moment) => moment !== null);
		if (known[name] !== undefined || times.length > 0) reached[name] = clock.position(known[name] ?? null, times);
	}

	/** Of all lists: when a clock was set back, none of the positions may stay where it was. */
	function page({ events, failures }: Report): WmsEventPage {
		for (const name of NAMES) reach(name, []);
		const labels = unfinished !== null && unfinished < (reached.labels ?? '') ? { labels: unfinished } : {};
		return { events, failures, next: { ...reached, ...labels, ...clock.mark() } };
	}

	for await (const shipments of walk(call, {
		path: '/v2/shipments',
		list: 'shipments',
		start: 'modified_at_start',
		time: 'modified_at',
		from: from(known.shipments),
	})) {
		for (const shipment of shipments.filter(isObject)) remember(textOf(shipment.shipment_id) ?? '', shipment);
		reach('shipments', timesOf(shipments, 'modified_at'));
		yield page(await reportsOf(shipments, SHIPMENT, (shipment) => shipmentReport(shipment, waiting)));
	}

	const voidsSince = from(known.voids);
	const voids: Array<string | null> = [];
	for await (const labels of walk(call, {
		path: '/v2/labels',
		list: 'labels',
		start: 'created_at_start',
		time: 'created_at',
		from: ago(VOIDABLE_MS),
		query: { label_status: 'voided' },
	})) {
		const report = await reportsOf(labels, LABEL, async (label) => {
			if ((momentOf(label.voided_at) ?? voidsSince) < voidsSince) return NOTHING;
			const key = keyIn(label, 'label_id');
			const shipment = await shipmentWith(textOf(label.shipment_id));
			return shipment === null ? NOTHING : voidReport(key, `ShipStation label ${key}`, shipment, waiting);
		});
		// Not kept before every page was read: the list is not in the order of voiding.
		if (report.events.length + report.failures.length > 0) yield page(report);
		voids.push(...timesOf(labels, 'voided_at'));
	}
	reach('voids', voids);
	if (reached.voids !== undefined && reached.voids !== known.voids) yield page(NOTHING);

	for await (const labels of walk(call, {
		path: '/v2/labels',
		list: 'labels',
		start: 'created_at_start',
		time: 'created_at',
		from: from(known.labels),
	})) {
		const report = await reportsOf(labels, LABEL, async (label) => {
			const made = momentOf(label.created_at);
			if (label.status === 'processing' && made !== null && made > ago(UNFINISHED_MS)) unfinished ??= made;
			const shippedPackage = packageOfLabel(label);
			const shipment = shippedPackage === null ? null : await shipmentWith(keyIn(label, 'shipment_id'));
			return shippedPackage === null || shipment === null ? NOTHING : shippedReport(shippedPackage, shipment, waiting);
		});
		reach('labels', timesOf(labels, 'created_at'));
		yield page(report);
	}

	for await (const fulfillments of walk(call, {
		path: '/v2/fulfillments',
		list: 'fulfillments',
		start: 'create_date_start',
		time: 'created_at',
		from: from(known.fulfillments),
		optional: true,
	})) {
		const report = await reportsOf(fulfillments, FULFILLMENT, async (fulfillment) => {
			const shippedPackage = packageOfFulfillment(fulfillment);
			const shipment = shippedPackage === null ? null : await shipmentWith(keyIn(fulfillment, 'shipment_id'));
			if (shippedPackage === null || shipment === null) return NOTHING;
			const each = shippedReport(shippedPackage, shipment, waiting);
			return each.events.length > 0 && (await hasLabel(call, textOf(shipment.shipment_id))) ? NOTHING : each;
		});
		reach('fulfillments', timesOf(fulfillments, 'created_at'));
		yield page(report);
	}
}

/** Goods that have a label were reported with it. */
async function hasLabel(call: Call, shipmentId: string | null): Promise<boolean> {
	if (shipmentId === null) return false;
	const { body } = await call({ method: 'GET', url: '/v2/labels', query: { shipment_id: shipmentId, page_size: PAGE_SIZE } });
	return listIn(body, 'labels', '/v2/labels')
		.filter(isObject)
		.some((label) => packageOfLabel(label) !== null);
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
async function* walk(call: Call, { path, list, start, time, from, query = {}, optional = false }: Walk): AsyncGenerator<unknown[]> {
	let [since, page] = [from, 1];
	const anotherPage = pageLimit('ShipStation');
	for (;;) {
		anotherPage();
		const request: HttpRequest = {
			method: 'GET',
			url: path,
			query: { ...query, [start]: since, sort_by: time, sort_dir: 'asc', page, page_size: PAGE_SIZE },
		};
		const body: unknown = optional ? await oneOrNone(call, request) : (await call(request)).body;
		if (body === null && optional) return;
		const items = listIn(body, list, path);
		if (items.length > 0) yield items;
		const pages = (isObject(body) ? piecesOf(body.pages) : null) ?? Number.NaN;
		if (items.length === 0 || (Number.isNaN(pages) ? items.length < PAGE_SIZE : page >= pages)) return;
		const last = items.at(-1);
		const reached = momentOf(isObject(last) ? last[time] : null);
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
		if (isNotFound(error)) return null;
		throw asError(error);
	}
}

/** Throws when it is none: that would be taken for "none". */
export function listIn(body: unknown, name: string, path: string): unknown[] {
	const list = isObject(body) ? body[name] : null;
	if (!isList(list)) throw notData(path, body);
	return list;
}

export const notData = (path: string, body: unknown): PartnerError =>
	new PartnerError(
		'unexpected_answer',
		`ShipStation answered ${path} with something other than was requested.`,
		'It is retried automatically.',
		{ received: 'maybe', body },
	);

const timesOf = (items: readonly unknown[], name: string): Array<string | null> =>
	items.map((item) => momentOf(isObject(item) ? item[name] : null));

const FROM = { code: 'shipStation', label: 'ShipStation' } as const;
const SHIPMENT: Reporter = { ...FROM, what: 'shipment', keyOf: ({ shipment_id: key }) => textOf(key) };
const LABEL: Reporter = { ...FROM, what: 'label', keyOf: ({ label_id: key }) => textOf(key) };
const FULFILLMENT: Reporter = { ...FROM, what: 'fulfillment', keyOf: ({ fulfillment_id: key }) => textOf(key) };

const NOTHING: Report = { events: [], failures: [] };

function positionOf(cursor: Cursor | null): Position {
	const position: Position = {};
	for (const name of NAMES) {
		const moment = isObject(cursor) ? momentOf(cursor[name]) : null;
		if (moment !== null) position[name] = moment;
	}
	return position;
}
