import { cleanText } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Filters the order out. The decision names the rule, so the reason need not. */
export const skip: ActionDefinition<ActionOf<'skip'>> = {
	compile(action, rule) {
		const given = typeof action.reason === 'string' ? cleanText(action.reason).trim() : '';
		const reason = given === '' ? 'the rule skips orders like this one' : given;
		return (content) => ({ content, decision: { kind: 'skip', rule, reason } });
	},
};
