import { cleanText, ruleLabel } from '../problem';
import type { ActionDefinition, ActionOf } from './action';

/** Puts the order in Error with the words of the person who wrote the rule. */
export const fail: ActionDefinition<ActionOf<'fail'>> = {
	compile(action, rule) {
		const given = typeof action.message === 'string' ? cleanText(action.message).trim() : '';
		const message = `${ruleLabel(rule)}: ${given === '' ? 'The rule fails orders like this one.' : given}`;
		return (content) => ({ content, decision: { kind: 'error', rule, alert: { code: 'rule_failed', message } } });
	},
};
