import { shown } from '../../order/errors';
import { ruleProblem } from '../problem';
import type { HoldUntil } from '../rule';
import type { ActionDefinition, ActionOf } from './action';
import { afterMinutes, atDate, atField, atOpening, type FindEnd } from './holdUntil';

/** The latest moment that an ISO date with four digits of the year can name. */
const LATEST = Date.UTC(9999, 11, 31);

/**
 * Keeps the order back. A hold that was served, or that is over already, does not hold it.
 *
 * A hold until a tag is gone has no end in time: the order stays Delayed until the cart sends it without the tag or somebody
 * reprocesses it; then rules run again. It is never served, so with the tag still there it holds again.
 */
export const hold: ActionDefinition<ActionOf<'hold'>> = {
	compile({ until }, rule) {
		if (until?.kind === 'tag') return untilTagGone(until.tag, rule);
		const endOf = compileEnd(until);
		return (content, context) => {
			if (context.servedHolds.includes(rule)) return { content, holdServed: true, note: 'its hold was served before' };
			const found = endOf(content, context);
			if ('note' in found) return { content, holdServed: true, note: found.note };
			if (found.end > LATEST) throw ruleProblem('The hold ends after the year 9999.', 'Enter a shorter duration.');
			const iso = new Date(found.end).toISOString();
			if (found.end <= context.now.getTime()) return { content, holdServed: true, note: `its hold is over since ${iso}` };
			return { content, decision: { kind: 'hold', rule, until: iso } };
		};
	},
};

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

function untilTagGone(given: unknown, rule: string): ReturnType<typeof hold.compile> {
	const tag = typeof given === 'string' ? given.trim() : '';
	if (tag === '') throw ruleProblem('The hold names no tag.', 'Enter the tag that has to go.');
	return (content) =>
		content.tags.includes(tag)
			? { content, decision: { kind: 'hold', rule, until: null, reason: `until the tag ${shown(tag)} is gone` } }
			: { content, holdServed: true, note: `no hold, for the order has no tag ${shown(tag)}` };
}
