import { shown } from '../../../order/errors';
import { ruleProblem } from '../../problem';
import { object } from '../../ruleSet/shape';
import type { RuleAction, RunAction } from '../common/action';
import type { FieldReader } from '../common/reading';
import { afterMinutes, atDate, atField, atOpening, holdUntil, isPath, type FindEnd, type HoldUntil } from './until';

/** The latest moment that an ISO date with four digits of the year can name. */
const LATEST = Date.UTC(9999, 11, 31);

/**
 * Keeps the order back. A hold that was served, or that is over already, does not hold it. One that began goes on to the same moment whatever changes, while the rule applies.
 *
 * A hold until a tag is gone has no end in time: the order stays Delayed until the cart sends it without the tag or somebody
 * reprocesses it; then rules run again. It is never served, so with the tag still there it holds again.
 */
export const hold: RuleAction<{ until: HoldUntil }> = {
	option: { name: 'Hold Order', action: 'Hold the order', description: 'To Delayed; rules run again when the hold is over' },
	shape: object<{ until: HoldUntil }>({ until: holdUntil }),
	fields: [
		{
			displayName: 'Hold Until',
			name: 'holdUntil',
			type: 'options',
			options: [
				{ name: 'A Date', value: 'date' },
				{ name: 'A Date of the Order', value: 'field', description: 'An order without that date is not held' },
				{
					name: 'A Tag Is Gone',
					value: 'tag',
					description: 'Until the cart sends the order without it or somebody reprocesses it; then rules run again',
				},
				{ name: 'A Time From Now', value: 'duration' },
				{ name: 'The Next Opening', value: 'opening', description: 'A time on a business day' },
			],
			default: 'duration',
		},
		{
			displayName: 'Minutes',
			name: 'holdMinutes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 60,
			show: { holdUntil: ['duration'] },
		},
		{
			displayName: 'Date',
			name: 'holdDate',
			type: 'dateTime',
			default: '',
			description: 'An order whose date has passed is not held',
			show: { holdUntil: ['date'] },
		},
		{
			displayName: 'Date Field',
			name: 'holdDateField',
			type: 'string',
			default: '={{ $json.requestedShipDate }}',
			description: 'A field dragged here is read on the order as it is when the rule runs',
			show: { holdUntil: ['field'] },
		},
		{
			displayName: 'Days Before',
			name: 'holdDaysBefore',
			type: 'number',
			default: 0,
			description: 'Ends the hold so many days before the date',
			show: { holdUntil: ['field'] },
		},
		{
			displayName: 'Tag',
			name: 'holdTag',
			type: 'string',
			default: '',
			placeholder: 'hold',
			show: { holdUntil: ['tag'] },
		},
		{
			displayName: 'Days',
			name: 'holdWeekdays',
			type: 'multiOptions',
			options: [
				{ name: 'Friday', value: 5 },
				{ name: 'Monday', value: 1 },
				{ name: 'Saturday', value: 6 },
				{ name: 'Sunday', value: 7 },
				{ name: 'Thursday', value: 4 },
				{ name: 'Tuesday', value: 2 },
				{ name: 'Wednesday', value: 3 },
			],
			default: [1, 2, 3, 4, 5],
			show: { holdUntil: ['opening'] },
		},
		{
			displayName: 'Opens At',
			name: 'holdOpens',
			type: 'string',
			default: '09:00',
			show: { holdUntil: ['opening'] },
		},
		{
			displayName: 'Closes At',
			name: 'holdCloses',
			type: 'string',
			default: '',
			placeholder: '17:00',
			description: 'An order within the hours is not held; empty = each order waits for the next opening',
			show: { holdUntil: ['opening'] },
		},
		{
			displayName: 'Time Zone',
			name: 'holdZone',
			type: 'string',
			default: '',
			placeholder: 'Europe/Berlin',
			description: 'Empty = the time zone of the workflow',
			show: { holdUntil: ['opening'] },
		},
		{
			displayName: 'Holidays',
			name: 'holdHolidays',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: '2026-12-24, 12-25, 12-26',
			description: 'Dates with commas between them; without a year they count every year',
			show: { holdUntil: ['opening'] },
		},
	],
	read: (given) => ({ until: readUntil(given) }),
	compile({ until }, rule) {
		if (until?.kind === 'tag') return untilTagGone(until.tag, rule);
		const endOf = compileEnd(until);
		// A date of the order is looked at again, for the cart may have changed it; all else was decided when the hold began.
		const isKept = !(until?.kind === 'field' && isPath(until.date));
		return (content, context) => {
			if (context.servedHolds.includes(rule)) return { content, holdServed: true, note: 'its hold was served before' };
			const begun = isKept ? context.begunHolds?.find((hold) => hold.kind === 'hold' && hold.rule === rule) : undefined;
			const found = begun === undefined ? endOf(content, context) : { end: Date.parse(begun.until) };
			if ('note' in found) return { content, holdServed: true, note: found.note };
			if (found.end > LATEST) throw ruleProblem('The hold ends after the year 9999.', 'Enter a shorter duration.');
			const iso = new Date(found.end).toISOString();
			if (found.end <= context.now.getTime()) return { content, holdServed: true, note: `its hold is over since ${iso}` };
			return { content, decision: { kind: 'hold', rule, until: iso } };
		};
	},
};

function readUntil(given: FieldReader): HoldUntil {
	switch (given.text('holdUntil')) {
		case 'date':
			return { kind: 'date', date: given.date('holdDate') };
		case 'field':
			return { kind: 'field', date: given.value('holdDateField'), daysBefore: given.number('holdDaysBefore') };
		case 'opening':
			return {
				kind: 'opening',
				weekdays: given.choices('holdWeekdays'),
				opens: given.text('holdOpens'),
				closes: given.textOrNull('holdCloses'),
				zone: given.textOrNull('holdZone') ?? given.zone,
				holidays: given.parts('holdHolidays'),
			};
		case 'tag':
			return { kind: 'tag', tag: given.text('holdTag') };
		default:
			return { kind: 'duration', minutes: given.number('holdMinutes') };
	}
}

function compileEnd(until: Exclude<HoldUntil, { kind: 'tag' }>): FindEnd {
	switch (until?.kind) {
		case 'duration':
			return afterMinutes(until.minutes);
		case 'field':
			return atField(until);
		case 'opening':
			return atOpening(until);
		default:
			return atDate(until?.date);
	}
}

function untilTagGone(given: unknown, rule: string): RunAction {
	const tag = typeof given === 'string' ? given.trim() : '';
	if (tag === '') throw ruleProblem('The hold names no tag.', 'Enter the tag that has to go.');
	return (content) =>
		content.tags.includes(tag)
			? { content, decision: { kind: 'hold', rule, until: null, reason: `until the tag ${shown(tag)} is gone` } }
			: { content, holdServed: true, note: `no hold, for the order has no tag ${shown(tag)}` };
}
