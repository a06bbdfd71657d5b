/**
 * How far a list of changes has been read, when neither clock can be trusted: a partner's may have been hours ahead for one order or one answer,
 * or may be set back; ours likewise. A position never passes the present, which is the earlier of both, so that nothing that is still to come
 * bears a time before it. What may have been missed since a clock was set back is read again.
 */
import type { Cursor } from '../order/wmsEvent';
import type { Http, HttpResponse } from './Http';
import { momentIn, within } from './ranges';

/** A partner that does not tell its time may be behind ours by so much. */
const UNKNOWN_CLOCK_MS = 3_600_000;
/** Less is the way of an answer through the network, and within what each run reads again anyway. */
const SET_BACK_MS = 2 * 60_000;
/** A clock that was set back further is wrong for other reasons; a position of an older version may be anywhere. */
const MOST_BACK_MS = 2 * 24 * 3_600_000;
/** The header Date has whole seconds. */
const SECOND_MS = 1_000;

/** A moment of both clocks, in milliseconds. */
interface Moment {
	/** Null = the partner does not tell its time. */
	partner: number | null;
	ours: number;
}

/** When an answer was given. What a cache kept is as much older as it says. */
export function momentOfAnswer({ headers }: Pick<HttpResponse, 'headers'>, ours = Date.now()): Moment {
	const date = momentIn(headers.date);
	return { partner: date === null ? null : date + (within(headers.age, 0, MOST_BACK_MS / SECOND_MS) ?? 0) * SECOND_MS, ours };
}

/** The time where a first run starts, from an answer: by whichever clock is behind. */
export function presentIn(response: Pick<HttpResponse, 'headers'>, now = Date.now()): string {
	const { partner, ours } = momentOfAnswer(response, now);
	return new Date(Math.min(partner ?? ours, ours)).toISOString();
}

/** What no position may pass. */
const latest = ({ partner, ours }: Moment): number => Math.min(partner === null ? ours - UNKNOWN_CLOCK_MS : partner + SECOND_MS, ours);

interface Reading {
	/** Where the last run ended; null = there was none. */
	known: number | null;
	/** So much was the partner's clock ahead of ours then; null = it is not known. */
	ahead: number | null;
	/** Times of what was read; null for a list whose entries have none: it was read up to the present. */
	times: Iterable<number> | null;
	/** Of the first answer of the run. */
	at: Moment;
}

/**
 * The position after a run: the newest change that was read, of those that are not from the future.
 *
 * @returns milliseconds; at the most the present of either clock
 */
function positionAfter({ known, ahead, times, at }: Reading): number {
	const most = latest(at);
	let newest = times === null ? (at.partner === null ? most : Math.min(at.partner, most)) : -Infinity;
	for (const time of times ?? []) if (time <= most && time > newest) newest = time;
	if (known === null) return newest === -Infinity ? most : newest;
	const setBack = Math.max(known - most, ahead === null || at.partner === null ? 0 : ahead - (at.partner - at.ours));
	if (setBack <= SET_BACK_MS) return Math.min(most, Math.max(known, newest));
	// What was stamped since is later than the last known moment less what the clock was set back by.
	return Math.min(most, known) - (ahead === null ? MOST_BACK_MS : Math.min(setBack, MOST_BACK_MS));
}

/** The clocks of one run that reads a list. */
export interface ReadingClock {
	/** Everything that the run asks goes through it. */
	http: Http;
	/**
	 * The position of a list, as a time in UTC.
	 *
	 * @param known the one of the last run; null = there was none
	 * @param times of the entries that were read; null = they have none
	 */
	position(known: string | null, times: Iterable<string> | null): string;
	/** How long before the latest answer a time was, in milliseconds by the partner's clock; null = it is no time, or the partner does not tell its own. */
	age(time: string): number | null;
	/** Part of the cursor that is kept with the positions. */
	mark(): { ahead?: string };
}

/** @param cursor where the last run ended */
export function readingClock(http: Http, cursor: Cursor | null, now: () => number = Date.now): ReadingClock {
	const { ahead: text } = typeof cursor === 'object' && cursor !== null && !Array.isArray(cursor) ? cursor : {};
	const ahead = within(text, -Infinity, Infinity) ?? null;
	let at: Moment | null = null;
	let last: Moment | null = null;
	return {
		http: async (request) => {
			const response = await http(request);
			last = momentOfAnswer(response, now());
			at ??= last;
			return response;
		},
		position: (known, times) =>
			new Date(
				positionAfter({
					known: momentIn(known ?? undefined),
					ahead: ahead === null ? null : ahead * SECOND_MS,
					times: times === null ? null : momentsOf(times),
					at: at ?? { partner: null, ours: now() },
				}),
			).toISOString(),
		age(time) {
			const moment = momentIn(time);
			return last === null || last.partner === null || moment === null ? null : last.partner - moment;
		},
		mark() {
			const seconds = at === null || at.partner === null ? ahead : Math.round((at.partner - at.ours) / SECOND_MS);
			return seconds === null ? {} : { ahead: String(seconds) };
		},
	};
}

function* momentsOf(times: Iterable<string>): Generator<number> {
	for (const time of times) {
		const moment = momentIn(time);
		if (moment !== null) yield moment;
	}
}
