/** Reads what changed in Extensiv, whose times are those of the warehouse and say no zone. */
import { DateTime } from 'luxon';
import { pageLimit } from '../../http/pages';
import { momentIn } from '../../http/ranges';
import type { ReadingClock } from '../../http/readingClock';
import type { Cursor } from '../../order/wmsEvent';
import { reportsOf, type Reporter } from '../common/entries';
import { isObject, textOf, type JsonObject } from '../common/json';
import type { WmsEventPage } from '../Wms';
import { readOnlyOf, rqlValue } from './hal';
import { PAGE_SIZE, type Orders } from './orders';
import { referenceOf, reportOf, stateOf } from './reports';

/** The first poll of an account looks so far back. */
const FIRST_LOOK_MS = 30 * 86_400_000;
/** Changes may become visible this long after their time. */
const OVERLAP_MS = 5 * 60_000;
const FROM: Reporter = { code: 'extensiv', label: 'Extensiv', what: 'order', keyOf: (order) => textOf(readOnlyOf(order).orderId) };

/** @param orders read through the clock */
export async function* changes(orders: Orders, clock: ReadingClock, timeZone: string, cursor: Cursor | null): AsyncGenerator<WmsEventPage> {
	// Times without a zone: those of the warehouse.
	const known = isObject(cursor) ? plainTime(cursor.since) : null;
	let since = shifted(known ?? plainTime(new Date().toISOString()) ?? '', known === null ? FIRST_LOOK_MS : OVERLAP_MS);
	let position = known ?? since;
	// Each page begins at the time where the last one ended, not at a number: orders that change meanwhile move to the end of the list.
	let page = 1;
	const anotherPage = pageLimit('Extensiv');
	for (;;) {
		anotherPage();
		const entries = await orders.list(`readOnly.lastModifiedDate=ge=${rqlValue(since)}`, {
			sort: 'readOnly.lastModifiedDate',
			detail: 'All',
			pgnum: page,
		});
		const { events, failures } = await reportsOf(entries, FROM, async (order) =>
			reportOf(order, timeZone, await isSplit(orders, order, timeZone)),
		);
		const times = entries
			.filter(isObject)
			.map((order) => plainTime(readOnlyOf(order).lastModifiedDate))
			.filter((time) => time !== null);
		const reached = times.at(-1) ?? null;
		position = plainIn(
			timeZone,
			clock.position(
				known && utcOf(timeZone, known),
				[position, ...times].map((time) => utcOf(timeZone, time)),
			),
		);
		yield { events, failures, next: { since: position, ...clock.mark() } };
		if (entries.length < PAGE_SIZE) return;
		if (reached !== null && reached > since) [since, page] = [reached, 1];
		else page += 1;
	}
}

/** Asked only where it matters: for what an order lacks, and for one that is canceled. */
async function isSplit(orders: Orders, order: JsonObject, timeZone: string): Promise<boolean> {
	const { reference, part } = referenceOf(order);
	const state = stateOf(order);
	if (reference === null || part || state === 'open' || state === null) return false;
	if (state === 'closed' && reportOf(order, timeZone, false).events.every(({ kind }) => kind !== 'canceled')) return false;
	return (await orders.find(reference)).some((each) => referenceOf(each).part);
}

/** A time as Extensiv writes it, without a zone and to the millisecond; null = it is none. */
function plainTime(value: unknown): string | null {
	const [, time] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(textOf(value) ?? '') ?? [];
	const moment = momentIn(time === undefined ? undefined : `${time}Z`);
	return moment === null ? null : new Date(moment).toISOString().slice(0, -1);
}

/** @param time as `plainTime` gives it */
const utcOf = (zone: string, time: string): string => DateTime.fromISO(time, { zone }).toUTC().toISO() ?? `${time}Z`;

const plainIn = (zone: string, utc: string): string =>
	new Date(DateTime.fromISO(utc, { zone }).setZone('UTC', { keepLocalTime: true }).toMillis()).toISOString().slice(0, -1);

const shifted = (time: string, ms: number): string => new Date(Date.parse(`${time}Z`) - ms).toISOString().slice(0, -1);
