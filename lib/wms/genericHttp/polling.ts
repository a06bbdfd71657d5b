/** Reads a warehouse's list of shipments, however it is paged. */
import type { HttpRequest, HttpResponse } from '../../http/Http';
import { pageNumbers } from '../../http/pages';
import { PartnerError } from '../../http/partner';
import type { ReadingClock } from '../../http/readingClock';
import { asError, FieldLimitError } from '../../order/errors';
import type { Cursor } from '../../order/wmsEvent';
import { reportsOf } from '../common/entries';
import { isObject, momentOf, textOf } from '../common/json';
import type { WaitingOrders, WmsEventPage } from '../Wms';
import { listAt, reportOf, valueAt } from './reports';
import type { ShipmentSettings } from './settings';
import type { ReadyRequest } from './template';

type Call = (request: HttpRequest) => Promise<HttpResponse>;

const LABEL = 'The warehouse';

const FIRST_LOOK_MS = 30 * 24 * 3_600_000;
/** Changes may become visible this long after their time, and clocks differ. */
const OVERLAP_MS = 10 * 60_000;
/** Orders asked about for one page of events. */
const WAITING_PAGE = 20;

/** @param call asks through the clock */
export async function* changes(
	call: Call,
	clock: ReadingClock,
	request: ReadyRequest,
	settings: ShipmentSettings,
	cursor: Cursor | null,
	waiting: WaitingOrders,
): AsyncGenerator<WmsEventPage> {
	if (settings.paging === 'waiting') yield* askedOneByOne(call, request, settings, cursor, waiting);
	else if (settings.paging === 'feed') yield* feed(call, request, settings, cursor);
	else yield* since(call, clock, request, settings, cursor);
}

const read = async (call: Call, request: HttpRequest): Promise<HttpResponse> => await call({ ...request, repeatable: true });

async function pageOf(items: readonly unknown[], settings: ShipmentSettings, next: Cursor | null): Promise<WmsEventPage> {
	const { events, failures } = await reportsOf(items, { code: 'genericHttp', label: LABEL, what: 'entry' }, (item) =>
		reportOf(item, settings),
	);
	return { events, failures, next };
}

function entriesOf(body: unknown, { listPath }: ShipmentSettings): unknown[] {
	// Null is what `callPartner` lets through: a 204, which says itself that there is nothing.
	const items = body === null ? [] : listAt(body, listPath);
	if (items !== null) return items;
	throw new PartnerError(
		'unexpected_answer',
		`The warehouse's answer has no list at ${listPath.trim() === '' ? 'its top' : listPath}.`,
		'Correct List Path in WMS Shipment Poll Trigger: it names where the answer has its list, such as data.shipments.',
		{ received: 'maybe', body },
	);
}

/** What changed since the last poll. The position is kept once every page was read: it is the start of the run. */
async function* since(
	call: Call,
	clock: ReadingClock,
	request: ReadyRequest,
	settings: ShipmentSettings,
	cursor: Cursor | null,
): AsyncGenerator<WmsEventPage> {
	const known = isObject(cursor) ? momentOf(cursor.since) : null;
	const from = known === null ? new Date(Date.now() - FIRST_LOOK_MS).toISOString() : new Date(Date.parse(known) - OVERLAP_MS).toISOString();
	const { paging, pageSize, nextPath } = settings;
	let [before, link]: [string, string | null] = ['', null];
	let position: string | null = null;
	let offset = 0;
	for (const page of pageNumbers(LABEL)) {
		const rendered = request.render({ since: from, page, offset, limit: pageSize, cursor: position });
		const { body } = await read(call, link === null ? rendered : { ...rendered, url: link });
		// Nobody may have meant it: what it says is not relied on.
		if (body === null) return;
		const items = entriesOf(body, settings);
		offset += items.length;
		if (items.length > 0) yield await pageOf(items, settings, null);
		const whole = JSON.stringify(items);
		const going = textOf(valueAt(body, nextPath));
		// An API that does not know the parameter gives the same page for ever.
		if (items.length === 0 || whole === before || paging === 'none') break;
		if (paging === 'page' || paging === 'offset') {
			if (items.length < pageSize) break;
		} else if (going === null || going === position || going === link) break;
		else if (paging === 'link') link = going;
		else position = going;
		before = whole;
	}
	yield { events: [], failures: [], next: { since: clock.position(known, null), ...clock.mark() } };
}

/** A list that only grows, with a position that stays valid. */
async function* feed(call: Call, request: ReadyRequest, settings: ShipmentSettings, cursor: Cursor | null): AsyncGenerator<WmsEventPage> {
	let position = isObject(cursor) ? textOf(cursor.position) : null;
	const from = new Date(Date.now() - FIRST_LOOK_MS).toISOString();
	for (const page of pageNumbers(LABEL)) {
		const { body } = await read(call, request.render({ since: from, page, offset: 0, limit: settings.pageSize, cursor: position }));
		const items = entriesOf(body, settings);
		const next = textOf(valueAt(body, settings.nextPath));
		const moved = next !== null && next !== position;
		if (items.length > 0 || moved) yield await pageOf(items, settings, moved ? { position: next } : null);
		if (items.length === 0 || !moved) return;
		position = next;
	}
}

/** For an API that lists no changes. A run that ends early goes on where it was. */
async function* askedOneByOne(
	call: Call,
	request: ReadyRequest,
	settings: ShipmentSettings,
	cursor: Cursor | null,
	waiting: WaitingOrders,
): AsyncGenerator<WmsEventPage> {
	const skip = isObject(cursor) ? Number(cursor.asked) || 0 : 0;
	let seen = 0;
	let items: unknown[] = [];
	for await (const orders of waiting()) {
		for (const order of orders) {
			seen += 1;
			if (seen <= skip) continue;
			items.push(...(await askedAbout(call, request, settings, order)));
			if (seen % WAITING_PAGE !== 0) continue;
			yield await pageOf(items, settings, { asked: seen });
			items = [];
		}
	}
	yield await pageOf(items, settings, { asked: 0 });
}

async function askedAbout(
	call: Call,
	request: ReadyRequest,
	settings: ShipmentSettings,
	order: { reference: string; wmsOrderId: string | null },
): Promise<unknown[]> {
	try {
		const { body } = await read(call, request.render({ ...order }));
		return entriesOf(body, settings);
	} catch (error) {
		// Of another warehouse of this kind, or its key is not known yet.
		if (error instanceof FieldLimitError || isNone(error)) return [];
		throw asError(error);
	}
}

/** The warehouse says that there is none. A page of somebody else that says 404 does not count. */
export const isNone = (error: unknown): boolean =>
	error instanceof PartnerError && error.details.status === 404 && typeof error.details.body !== 'string';
