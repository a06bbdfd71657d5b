/** Which orders are asked about in a run, and in what order. */
import type { Http } from '../../http/Http';
import { readingClock } from '../../http/readingClock';
import type { Cursor } from '../../order/wmsEvent';
import { reportsOf } from '../common/entries';
import { isObject, momentOf, textOf } from '../common/json';
import type { WaitingOrders, WmsEventPage } from '../Wms';
import { changedSince, findWhole } from './api';
import { reportOf } from './reports';

/** The first poll of an account looks so far back for changes. */
const FIRST_LOOK_MS = 30 * 86_400_000;
const OVERLAP_MS = 5 * 60_000;
/** Orders asked about for one page. */
const PAGE_SIZE = 10;
export async function* listShipments(http: Http, cursor: Cursor | null, waiting: WaitingOrders): AsyncGenerator<WmsEventPage> {
	const position = isObject(cursor) ? cursor : {};
	const since = momentOf(position.since);
	const from = new Date(since === null ? Date.now() - FIRST_LOOK_MS : Date.parse(since) - OVERLAP_MS).toISOString();
	const references: string[] = [];
	for await (const page of waiting()) references.push(...page.map(({ reference }) => reference));
	const clock = readingClock(http, cursor);
	const changed = await changedSince(clock.http, from);
	const began: Cursor = { since: clock.position(since, null), ...clock.mark() };
	const first = references.filter((reference) => changed.has(reference));
	// Where the last run ended, so that a run that is too short for all of them begins with those that it left out.
	const turn = textOf(position.turn);
	const at = turn === null ? 0 : references.indexOf(turn) + 1;
	const others = [...references.slice(at), ...references.slice(0, at)].filter((reference) => !changed.has(reference));
	// Only once all that changed is recorded, the position moves.
	yield* pagesOf(http, first, (_, isLast) => (isLast ? { ...began, turn } : null));
	yield* pagesOf(http, others, (last) => ({ ...began, turn: last ?? turn }));
}

/** At least one page. @param nextAfter the position once the orders up to this one are recorded */
async function* pagesOf(
	http: Http,
	references: readonly string[],
	nextAfter: (last: string | null, isLast: boolean) => Cursor | null,
): AsyncGenerator<WmsEventPage> {
	for (let start = 0; start < references.length || start === 0; start += PAGE_SIZE) {
		const page: WmsEventPage = { events: [], failures: [], next: null };
		const some = references.slice(start, start + PAGE_SIZE);
		for (const reference of some) {
			const { events, failures } = await reportsOf(
				[{ reference }],
				{ code: 'amazonMcf', label: 'Amazon', what: 'fulfillment order', keyOf: () => reference },
				async () => {
					const found = await findWhole(http, reference);
					// One that is being sent, or that Amazon shows only later.
					return found === null ? { events: [], failures: [] } : reportOf(found);
				},
			);
			page.events.push(...events);
			page.failures.push(...failures);
		}
		yield { ...page, next: nextAfter(some.at(-1) ?? null, start + PAGE_SIZE >= references.length) };
	}
}
