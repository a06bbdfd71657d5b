/**
 * Reads what changed in a cart since a moment, sorted by the time of the change, without missing or repeating any: for carts that list
 * orders in pages with a filter "changed since". Paging by number alone loses an order when another one changes between two pages and
 * moves to the end; so each page begins at the last time that was read, and page numbers count only within equal times.
 */
import type { IsoDate } from '../order/order';
import type { Cursor } from '../order/wmsEvent';

/** A moment by the cart's clock; ours is never compared with it. */
export interface ChangeCursor {
	[key: string]: string;
	since: IsoDate;
	/** Where the first run started: nothing from before it is ours, however late it is seen. Cursors of older versions have none. */
	from: IsoDate;
}

export interface ChangedOrder {
	/** The cart's key. */
	id: string;
	changedAt: IsoDate;
	raw: unknown;
}

export interface ChangePage {
	orders: ChangedOrder[];
	next: ChangeCursor;
}

export interface ChangesRequest {
	cursor: Cursor | null;
	/** Where a first run starts. */
	first(): Promise<IsoDate>;
	/**
	 * Orders changed at or after `since`, oldest change first, page 1, 2, …; an empty page = no more. Fewer than `pageSize` = the last page,
	 * unless `more` says otherwise.
	 */
	fetch(since: IsoDate, page: number): Promise<{ orders: ChangedOrder[]; more?: boolean }>;
	pageSize: number;
	/** Carts commit late and count in seconds: each run reads again what changed so long before the last one that was seen. */
	overlapMs?: number;
}

/** Changes may become visible this long after the time that they bear. */
export const OVERLAP_MS = 5 * 60_000;

/** Gives at least one page, so that the position of a first run without orders is kept. */
export async function* changesSince(request: ChangesRequest): AsyncGenerator<ChangePage> {
	const { fetch, pageSize, overlapMs = OVERLAP_MS } = request;
	const known = timeIn(request.cursor, 'since');
	let newest = known ?? (await request.first());
	const from = known === null ? newest : (timeIn(request.cursor, 'from') ?? earlier(known, overlapMs));
	let since = known === null ? newest : later(from, earlier(known, overlapMs));
	let page = 1;
	/** Of the times that may be read twice. */
	let seen = new Map<string, IsoDate>();
	for (;;) {
		const { orders, more } = await fetch(since, page);
		const fresh = orders.filter(({ id, changedAt }) => seen.get(id) !== changedAt);
		for (const { id, changedAt } of orders) {
			seen.set(id, changedAt);
			if (changedAt > newest) newest = changedAt;
		}
		yield { orders: fresh, next: { since: newest, from } };
		if (orders.length === 0 || !(more ?? orders.length >= pageSize)) return;
		const last = orders.reduce((latest, { changedAt }) => (changedAt > latest ? changedAt : latest), since);
		if (last > since) {
			since = last;
			page = 1;
			seen = new Map([...seen].filter(([, changedAt]) => changedAt >= last));
		} else page += 1;
	}
}

function timeIn(cursor: Cursor | null, name: keyof ChangeCursor): IsoDate | null {
	if (typeof cursor !== 'object' || cursor === null || Array.isArray(cursor)) return null;
	const time = cursor[name];
	return typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? time : null;
}

const earlier = (time: IsoDate, ms: number): IsoDate => new Date(Date.parse(time) - ms).toISOString();

const later = (left: IsoDate, right: IsoDate): IsoDate => (Date.parse(left) > Date.parse(right) ? left : right);
