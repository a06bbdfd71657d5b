import { cleanText } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Puts the order away: it is not sent, and never imported again. */
export const archive: ActionDefinition<ActionOf<'archive'>> = {
	compile(action, rule) {
		const given = typeof action.reason === 'string' ? cleanText(action.reason).trim() : '';
		const reason = given === '' ? 'the rule archives orders like this one' : given;
		return (content) => ({ content, decision: { kind: 'archive', rule, reason } });
	},
};
