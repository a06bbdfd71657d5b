/** Parts of a date that conditions ask for: "is a Sunday", "after 14 o'clock". By the clock of a time zone, as n8n's own dates give them. */
import { DateTime, IANAZone } from 'luxon';
import { shown } from '../order/errors';
import { ruleProblem } from './problem';

/** weekday: 1 = Monday … 7 = Sunday; weekdayLong: "Sunday"; hour: 0 to 23. */
export const DATE_PARTS = ['weekdayLong', 'weekday', 'hour', 'minute', 'day', 'month', 'year', 'weekNumber'] as const;
export type DatePart = (typeof DATE_PARTS)[number];

/** What an order keeps, and what a cart's custom field may hold. */
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** A day without a time, also as orders keep it: midnight UTC. It is the same day everywhere. */
const DAY = /^\d{4}-\d{2}-\d{2}(?:T00:00:00(?:\.0+)?Z)?$/;

/**
 * The part of a date; undefined when there is no date. Throws FulfillmentError `rule_failed` when the value is no date.
 *
 * @example datePart('2026-11-22T23:30:00Z', 'weekday', 'Europe/Berlin', 'orderedAt') // 1, for it is Monday there
 */
export function datePart(value: unknown, part: DatePart, zone: string, path: string): number | string | undefined {
	if (value === null || value === undefined || value === '') return undefined;
	const text = typeof value === 'string' ? value.trim() : '';
	const date = ISO.test(text) ? DateTime.fromISO(text.replace(' ', 'T'), { zone: DAY.test(text) ? 'UTC' : checkedZone(zone) }) : null;
	if (date === null || !date.isValid) {
		throw ruleProblem(
			`${path} is not a date (value: ${shown(value)}).`,
			'Choose a field that holds a date such as 2026-12-24 or 2026-12-24T10:00:00Z.',
		);
	}
	return part === 'weekdayLong' ? WEEKDAYS[date.weekday - 1] : date[part];
}

/** In English whatever the language of the server, so that the same rule does the same everywhere. */
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const known = new Set<string>();

function checkedZone(zone: string): string {
	if (known.has(zone)) return zone;
	if (!IANAZone.isValidZone(zone))
		throw ruleProblem(`The time zone ${shown(zone)} is not known.`, 'Enter a zone such as Europe/Berlin in the settings of the workflow.');
	known.add(zone);
	return zone;
}
