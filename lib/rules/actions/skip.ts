import { cleanText, ruleLabel } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Filters the order out; the reason names the rule. */
export const skip: ActionDefinition<ActionOf<'skip'>> = {
	compile(action, rule) {
		const given = typeof action.reason === 'string' ? cleanText(action.reason).trim() : '';
		const reason = given === '' ? `${ruleLabel(rule)} skips it.` : `${ruleLabel(rule)}: ${given}`;
		return (content) => ({ content, decision: { kind: 'skip', rule, reason } });
	},
};
