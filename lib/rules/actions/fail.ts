import { cleanText, ruleLabel } from '../problem';
import { object, text } from '../ruleSet/shape';
import type { RuleAction } from './common/action';

interface Fail {
	message: string;
}

/** Puts the order in Error with the words of the person who wrote the rule. */
export const fail: RuleAction<Fail> = {
	option: { name: 'Fail Order', action: 'Fail the order', description: 'To Error, with your message' },
	shape: object<Fail>({ message: text({ least: 1 }) }),
	fields: [{ displayName: 'Message', name: 'message', type: 'string', default: '', placeholder: 'The total is zero: please check' }],
	read: (given) => ({ message: given.text('message') }),
	compile(action, rule) {
		const given = typeof action.message === 'string' ? cleanText(action.message).trim() : '';
		const message = `${ruleLabel(rule)}: ${given === '' ? 'The rule fails orders like this one.' : given}`;
		return (content) => ({ content, decision: { kind: 'error', rule, alert: { code: 'rule_failed', message } } });
	},
};
