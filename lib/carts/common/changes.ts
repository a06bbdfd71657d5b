/**
 * Reads what changed in a cart since a moment without missing any: for carts that list orders with a filter "changed since". A pass goes from the last complete one up to the
 * present, in as many runs as it takes; each page says where the next one begins. Paging by number loses an order when another one changes between two pages and moves to the
 * end, or when the cart gives equal times in another order on each page. So each page begins at the last time that was read; and what cannot be read so, since one moment has
 * more than a page or the page is not in order, is read by the keys of the orders.
 */
import { otherData } from '../../http/partner';
import type { ReadingClock } from '../../http/readingClock';
import { within as inRange } from '../../http/ranges';
import type { IsoDate, JsonValue } from '../../order/order';
import type { Cursor } from '../../order/wmsEvent';

/** Where a page begins. */
interface Place {
	at: IsoDate;
	/** Until where, less itself, it is read by keys; absent = it is read by time. */
	to?: IsoDate;
	/** How far by keys, as the cart's adapter said; null = from the beginning. */
	within?: string | null;
}

/** Of a pass that has not come to its end. */
interface Pass extends Place {
	/** What bears a time before it, and was committed late, may not have been seen by this pass. */
	sure: IsoDate;
}

/** Moments by the cart's clock. */
interface ChangeCursor {
	[key: string]: JsonValue;
	/** Up to here a complete pass has read. */
	since: IsoDate;
	/**
	 * Where the first run started: nothing from before it is ours, however late it is seen, unless the cart's clock was set back to before it.
	 * Cursors of older versions have none.
	 */
	from: IsoDate;
}

export interface ChangedOrder {
	/** The cart's key. */
	id: string;
	changedAt: IsoDate;
	raw: unknown;
	/** Why it cannot be read, where that is known already. */
	problem?: Error;
}

export interface ChangePage {
	orders: ChangedOrder[];
	next: ChangeCursor;
	/** The pass ends with it. */
	isLast?: boolean;
}

interface ChangesRequest {
	/** As people call the cart. */
	label: string;
	cursor: Cursor | null;
	/** Of this run: `changed` and `between` ask through it. */
	clock: Pick<ReadingClock, 'position' | 'mark' | 'age'>;
	/** Where a first run starts. */
	first(): Promise<IsoDate>;
	/**
	 * The first orders changed at or after `since`, oldest change first, equal times in any order. `more`: there are others; default: a full page. `inOrder` false: others
	 * may have changed before the last of these.
	 */
	changed(since: IsoDate): Promise<{ orders: ChangedOrder[]; more?: boolean; inOrder?: boolean }>;
	/**
	 * Orders changed at or after `from` and before `to`, a page of them, by their keys. An order that changes meanwhile leaves the span, and must hide no other one by that.
	 *
	 * @param within where to go on, as the last page said; null = at the beginning
	 */
	between(from: IsoDate, to: IsoDate, within: string | null): Promise<SpanPage>;
	pageSize: number;
	/** What the cart's filter counts in, in milliseconds; whole seconds by default. */
	tickMs?: number;
	/** Carts commit late: each pass reads again what changed so long before the last complete one. */
	overlapMs?: number;
}

interface SpanPage {
	orders: ChangedOrder[];
	/** Where to go on; null = that is all. */
	within: string | null;
}

const SECOND_MS = 1_000;

/** Changes may become visible this long after the time that they bear. */
const OVERLAP_MS = 5 * 60_000;

/** The clock that stamps orders may be so much behind the one that tells the time without more being lost than is read again anyway. */
const SAME_CLOCK_MS = 2 * 60_000;

/** Pages on which everything was seen before, one after the other, before the cart is taken for one that does not page. */
const MOST_REPEATS = 3;

/** Gives at least one page, so that the position of a first run without orders is kept. Throws PartnerError for a list that does not end. */
export async function* changesSince(request: ChangesRequest): AsyncGenerator<ChangePage> {
	const { label, cursor, pageSize, clock, tickMs = SECOND_MS, overlapMs = OVERLAP_MS } = request;
	const floor = (time: IsoDate): IsoDate => new Date(Math.floor(Date.parse(time) / tickMs) * tickMs).toISOString();
	const after = (time: IsoDate): IsoDate => earlier(floor(time), -tickMs);
	const known = timeIn(cursor, 'since');
	const start = known ?? (await request.first());
	const from = known === null ? start : (timeIn(cursor, 'from') ?? earlier(known, overlapMs));
	const unfinished = passIn(cursor);
	const ahead = { before: numberIn(cursor, 'ahead') };
	/** What stamps orders is not behind what tells the time, such as a proxy in front of the shop, by more than the age of the newest change ever seen; null = none was. */
	let lag = numberIn(cursor, 'lag');
	const upTo = (present: IsoDate): IsoDate[] =>
		lag === null ? [] : [lag * SECOND_MS > SAME_CLOCK_MS ? earlier(present, lag * SECOND_MS) : present];
	let place: Place = unfinished ?? { at: floor(known === null ? start : later(from, earlier(known, overlapMs))) };
	let newest: IsoDate[] = [start, place.at];
	let sure: IsoDate | null = null;
	let repeats = 0;
	/** Of the times that may be read twice. */
	let seen = new Map<string, IsoDate>();

	/** The rest of the list once a page was read; null = that was the end. */
	const read = async (): Promise<{ orders: ChangedOrder[]; next: Place | null }> => {
		const { at, to, within = null } = place;
		if (to !== undefined) {
			const page = await request.between(at, to, within);
			return { orders: page.orders, next: page.within === null ? { at: to } : { at, to, within: page.within } };
		}
		const { orders, more = orders.length >= pageSize, inOrder = true } = await request.changed(at);
		if (!more) return { orders, next: null };
		const last = orders.reduce((latest, { changedAt }) => later(latest, changedAt), orders[0]?.changedAt ?? at);
		if (Date.parse(last) < Date.parse(floor(at))) throw repeating(label);
		if (inOrder && areSorted(orders, tickMs) && Date.parse(last) >= Date.parse(after(at))) return { orders, next: { at: floor(last) } };
		// One wrong time in the future must not make everything to be read by keys.
		const present = after(clock.position(null, null));
		const end = orders.length === 0 ? present : sooner(after(last), present);
		return { orders, next: { at, to: Date.parse(end) > Date.parse(at) ? end : later(after(at), after(last)), within: null } };
	};

	for (;;) {
		const { orders, next } = await read();
		const present = clock.position(null, null);
		sure ??=
			unfinished === null || Date.parse(unfinished.to ?? unfinished.at) < Date.parse(earlier(unfinished.sure, overlapMs))
				? present
				: sooner(unfinished.sure, present);
		for (const { changedAt } of orders) {
			const age = clock.age(changedAt);
			if (age !== null && age > -SECOND_MS) lag = Math.min(lag ?? Infinity, Math.max(0, Math.ceil(age / SECOND_MS)));
		}
		newest = [...newest.slice(-1), ...orders.map(({ changedAt }) => changedAt)];
		const fresh = orders.filter(({ id, changedAt }) => seen.get(id) !== changedAt);
		for (const { id, changedAt } of orders) seen.set(id, changedAt);
		const kept = lag === null ? {} : { lag };
		if (next === null) {
			const since = sooner(clock.position(known, [start, ...newest, ...upTo(present)]), sure);
			return yield { orders: fresh, isLast: true, next: { since, from: sooner(from, since), ...clock.mark(), ...kept } };
		}
		repeats = fresh.length > 0 || orders.length === 0 ? 0 : repeats + 1;
		yield { orders: fresh, next: { since: start, from, ...furthest(ahead.before, clock.mark()), ...kept, pass: { ...next, sure } } };
		if (repeats === MOST_REPEATS) throw repeating(label);
		if (next.to === undefined) seen = new Map([...seen].filter(([, changedAt]) => changedAt >= next.at));
		place = next;
	}
}

/**
 * A page of a list by keys that can only be asked for by number. An order that leaves the list moves those behind it forward; so it is read from its end, where nothing that
 * is still to be read can move past what was read.
 *
 * @param list gives so many from a place on, by ascending keys or from the end; `total` null = the cart does not say how many there are
 */
export async function fromTheEnd(
	within: string | null,
	pageSize: number,
	list: (part: { offset: number; limit: number; order: 'asc' | 'desc' }) => Promise<{ orders: ChangedOrder[]; total: number | null }>,
): Promise<SpanPage> {
	const [, left, before] = /^(\d+)\/(\d+)$/.exec(within ?? '') ?? [];
	if (left === undefined) return await fromTheBeginning(within, pageSize, list);
	const offset = Math.max(0, Number(left) - pageSize);
	const { orders, total } = await list({ offset, limit: Number(left) - offset, order: 'asc' });
	const came = Math.max(0, (total ?? 0) - Number(before));
	// What was committed late moved others to where was read already.
	if (came > 0) return { orders, within: `${Number(left) + came}/${total}` };
	return { orders, within: offset === 0 ? null : `${offset}/${total ?? before}` };
}

/** The last ones first; of a list of unknown length the first ones. */
async function fromTheBeginning(within: string | null, pageSize: number, list: Parameters<typeof fromTheEnd>[2]): Promise<SpanPage> {
	if (within === null) {
		const { orders, total } = await list({ offset: 0, limit: pageSize, order: 'desc' });
		if (total !== null) return { orders, within: total > pageSize ? `${total - pageSize}/${total}` : null };
		return { orders, within: orders.length < pageSize ? null : '0' };
	}
	const offset = inRange(within, 0, Number.MAX_SAFE_INTEGER) ?? 0;
	const { orders } = await list({ offset, limit: pageSize, order: 'asc' });
	return { orders, within: orders.length < pageSize ? null : String(offset + pageSize) };
}

const repeating = (label: string): Error =>
	otherData(
		label,
		'It gives the same page of orders again and again: look for a plugin or a proxy that drops the page number or the filter by time, or keeps answers.',
	);

const areSorted = (orders: readonly ChangedOrder[], tickMs: number): boolean =>
	orders.every(
		({ changedAt }, index) =>
			index === 0 || Math.floor(Date.parse(changedAt) / tickMs) >= Math.floor(Date.parse(orders[index - 1]!.changedAt) / tickMs),
	);

/** While a pass is unfinished the cart's clock may be set back in any run, and each has to know from where. */
function furthest(before: number | null, mark: { ahead?: string }): { ahead?: string } {
	if (before === null || mark.ahead === undefined) return mark;
	return { ahead: String(Math.max(before, Number(mark.ahead))) };
}

function valueIn(cursor: Cursor | null, name: string): JsonValue | undefined {
	return typeof cursor !== 'object' || cursor === null || Array.isArray(cursor) ? undefined : cursor[name];
}

const isTime = (time: unknown): time is IsoDate => typeof time === 'string' && !Number.isNaN(Date.parse(time));

function timeIn(cursor: Cursor | null, name: string): IsoDate | null {
	const time = valueIn(cursor, name);
	return isTime(time) ? time : null;
}

const numberIn = (cursor: Cursor | null, name: string): number | null => inRange(valueIn(cursor, name), -Infinity, Infinity) ?? null;

function passIn(cursor: Cursor | null): Pass | null {
	const pass = valueIn(cursor, 'pass');
	if (typeof pass !== 'object' || pass === null || Array.isArray(pass)) return null;
	const { at, to, within, sure } = pass;
	if (!isTime(at) || !isTime(sure)) return null;
	return isTime(to) ? { at, to, within: typeof within === 'string' ? within : null, sure } : { at, sure };
}

const earlier = (time: IsoDate, ms: number): IsoDate => new Date(Date.parse(time) - ms).toISOString();

const later = (left: IsoDate, right: IsoDate): IsoDate => (Date.parse(left) > Date.parse(right) ? left : right);

const sooner = (left: IsoDate, right: IsoDate): IsoDate => (Date.parse(left) < Date.parse(right) ? left : right);
