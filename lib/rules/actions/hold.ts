import { shown } from '../../order/errors';
import { ruleProblem } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** The latest moment that an ISO date with four digits of the year can name. */
const LATEST = Date.UTC(9999, 11, 31);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Keeps the order back for a time. A hold that was served, or that is over already, does not hold it. */
export const hold: ActionDefinition<ActionOf<'hold'>> = {
	compile({ until }, rule) {
		const endOf = until?.kind === 'duration' ? afterMinutes(until.minutes) : atDate(until?.date);
		return (content, { now, servedHolds }) => {
			if (servedHolds.includes(rule)) return { content, holdServed: true, note: 'its hold was served before' };
			const end = endOf(now.getTime());
			if (end > LATEST) throw ruleProblem('The hold ends after the year 9999.', 'Enter a shorter duration.');
			const iso = new Date(end).toISOString();
			if (end <= now.getTime()) return { content, holdServed: true, note: `its hold is over since ${iso}` };
			return { content, decision: { kind: 'hold', rule, until: iso } };
		};
	},
};

function afterMinutes(minutes: unknown): (now: number) => number {
	if (typeof minutes !== 'number' || !Number.isFinite(minutes) || minutes < 0) {
		throw ruleProblem(`The duration of the hold is no number of minutes (value: ${shown(minutes)}).`, 'Enter the minutes, such as 60.');
	}
	return (now) => now + Math.round(minutes * 60_000);
}

function atDate(date: unknown): (now: number) => number {
	const match = typeof date === 'string' ? ISO_DATE.exec(date.trim()) : null;
	// A time without a zone is UTC, as everywhere in an order; the zone of the machine must not change the result.
	const time = match === null ? Number.NaN : Date.parse(match[0].includes('T') && match[1] === undefined ? `${match[0]}Z` : match[0]);
	if (Number.isNaN(time)) {
		throw ruleProblem(
			`The end of the hold is not a date (value: ${shown(date)}).`,
			'Enter a date such as 2026-12-24 or 2026-12-24T10:00:00Z.',
		);
	}
	return () => time;
}
