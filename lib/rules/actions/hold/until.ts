/** When a hold ends. Each kind is compiled once and asked for each order. */
import { DateTime, IANAZone } from 'luxon';
import { shown } from '../../../order/errors';
import type { IsoDate, JsonValue, OrderContent } from '../../../order/order';
import { valueReader } from '../../paths';
import { ruleProblem } from '../../problem';
import { choice, list, nullable, number, object, otherwise, text, valueOrField, type Shape } from '../../ruleSet/shape';
import { orderScope } from '../../subjects/order';
import type { RuleContext } from '../../run';

export type HoldUntil =
	| { kind: 'duration'; minutes: number }
	| { kind: 'date'; date: IsoDate }
	/** A date of the order, mostly a plain path, or so many days before it. Empty = the order is not held. */
	| { kind: 'field'; date: JsonValue; daysBefore: number }
	/**
	 * The next `opens` ("09:00") on one of the weekdays (1 = Monday … 7 = Sunday) that is no holiday ("2026-12-25", or "12-25"
	 * for every year), by the clock of the zone. With `closes` an order within the hours of such a day is not held.
	 */
	| { kind: 'opening'; weekdays: number[]; opens: string; closes: string | null; zone: string; holidays: string[] }
	| { kind: 'tag'; tag: string };

export const holdUntil: Shape<HoldUntil> = choice<'kind', HoldUntil>('kind', {
	duration: object({ minutes: number({ least: 0 }) }),
	date: object({ date: text({ least: 1 }) }),
	field: object({ date: valueOrField, daysBefore: otherwise(number(), 0) }),
	opening: object({
		weekdays: list(number({ least: 1, most: 7, whole: true }), { most: 7 }),
		opens: text({ least: 1 }),
		closes: nullable(text()),
		zone: text({ least: 1 }),
		holidays: otherwise(list(text({ least: 1 })), []),
	}),
	tag: object({ tag: text({ least: 1 }) }),
});

/** A moment, or a note why the order is not held at all. */
type HoldEnd = { end: number } | { note: string };
export type FindEnd = (content: OrderContent, context: RuleContext) => HoldEnd;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const DAY_MS = 86_400_000;
/** How far ahead a business day is looked for. */
const DAYS_AHEAD = 400;

export function afterMinutes(minutes: unknown): FindEnd {
	if (typeof minutes !== 'number' || !Number.isFinite(minutes) || minutes < 0) {
		throw ruleProblem(`The duration of the hold is no number of minutes (value: ${shown(minutes)}).`, 'Enter the minutes, such as 60.');
	}
	return (_, { now }) => ({ end: now.getTime() + Math.round(minutes * 60_000) });
}

export function atDate(date: unknown): FindEnd {
	const end = timeOf(date, 'The end of the hold');
	return () => ({ end });
}

function timeOf(date: unknown, what: string): number {
	const match = typeof date === 'string' ? ISO_DATE.exec(date.trim()) : null;
	// A time without a zone is UTC, as everywhere in an order; the zone of the machine must not change the result.
	const time = match === null ? Number.NaN : Date.parse(match[0].includes('T') && match[1] === undefined ? `${match[0]}Z` : match[0]);
	if (Number.isNaN(time)) {
		throw ruleProblem(`${what} is not a date (value: ${shown(date)}).`, 'Enter a date such as 2026-12-24 or 2026-12-24T10:00:00Z.');
	}
	return time;
}

/** Whether it names a field of the order: neither the present nor a value that n8n worked out. */
export const isPath = (date: JsonValue): boolean => valueReader(date, 'fixed').field !== null;

/** A field of the order, or some days before it. An order without that date is not held. */
export function atField({ date, daysBefore }: Extract<HoldUntil, { kind: 'field' }>): FindEnd {
	const reader = valueReader(date, 'fixed');
	if (typeof daysBefore !== 'number' || !Number.isFinite(daysBefore) || Math.abs(daysBefore) > 3_650) {
		throw ruleProblem(`The days before the date are no number (value: ${shown(daysBefore)}).`, 'Enter a number of days, such as 0 or 2.');
	}
	return (content, context) => {
		const value = reader.read(orderScope(content, context));
		if (value === null || value === undefined || value === '') return { note: `no hold, for ${reader.path ?? 'the date'} is empty` };
		return { end: timeOf(value, `The end of the hold, ${reader.path ?? 'a value'},`) - Math.round(daysBefore * DAY_MS) };
	};
}

/** The next opening on a business day. During the opening hours an order is not held. */
export function atOpening({ weekdays, opens, closes, zone, holidays }: Extract<HoldUntil, { kind: 'opening' }>): FindEnd {
	const days = Array.isArray(weekdays) ? weekdays.filter((day) => Number.isInteger(day) && day >= 1 && day <= 7) : [];
	if (days.length === 0) throw ruleProblem('The hold names no day of the week.', 'Choose at least one day.');
	if (typeof zone !== 'string' || !IANAZone.isValidZone(zone)) {
		throw ruleProblem(
			`The hold names no known time zone (value: ${shown(zone)}).`,
			'Enter a zone such as Europe/Berlin or America/New_York.',
		);
	}
	const from = minutesOf(opens);
	const to = closes === null || closes === '' ? null : minutesOf(closes);
	if (to !== null && to <= from)
		throw ruleProblem(`The hold ends the day at ${closes}, before it begins at ${opens}.`, 'Enter a later closing time, or none.');
	const off = new Set((Array.isArray(holidays) ? holidays : []).map(checkedDay));
	const isOpenDay = (day: DateTime) =>
		days.includes(day.weekday) && !off.has(day.toFormat('yyyy-MM-dd')) && !off.has(day.toFormat('MM-dd'));
	return (_, { now }) => {
		const local = DateTime.fromJSDate(now, { zone });
		const minute = local.hour * 60 + local.minute;
		if (to !== null && isOpenDay(local) && minute >= from && minute < to) return { note: `no hold within the hours ${opens} to ${closes}` };
		for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
			const day = local.startOf('day').plus({ days: ahead });
			if (!isOpenDay(day)) continue;
			// By the clock on the wall: an hour that the change to summer time leaves out becomes the next one.
			const opening = day.set({ hour: Math.floor(from / 60), minute: from % 60 });
			if (opening.toMillis() > now.getTime()) return { end: opening.toMillis() };
		}
		throw ruleProblem(`No business day was found within ${DAYS_AHEAD} days.`, 'Check the days of the week and the holidays.');
	};
}

function minutesOf(time: unknown): number {
	const match = typeof time === 'string' ? /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(time) : null;
	if (match === null) throw ruleProblem(`The hold has no time of day (value: ${shown(time)}).`, 'Enter hours and minutes, such as 09:00.');
	return Number(match[1]) * 60 + Number(match[2]);
}

function checkedDay(day: unknown): string {
	const text = typeof day === 'string' ? day.trim() : '';
	const full = /^\d{2}-\d{2}$/.test(text) ? `2024-${text}` : text;
	if (!/^\d{4}-\d{2}-\d{2}$/.test(full) || !DateTime.fromISO(full).isValid) {
		throw ruleProblem(`A holiday is not a date (value: ${shown(day)}).`, 'Enter dates such as 2026-12-25, or 12-25 for every year.');
	}
	return text;
}
