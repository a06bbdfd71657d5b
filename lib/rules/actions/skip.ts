import { cleanText } from '../problem';
import { nullable, object, text } from '../ruleSet/shape';
import type { RuleAction } from './common/action';
import { reason } from './common/fields';

interface Skip {
	reason: string | null;
}

/** Filters the order out. The decision names the rule, so the reason need not. */
export const skip: RuleAction<Skip> = {
	option: { name: 'Skip Order', action: 'Skip the order', description: 'It is not sent; the reason is kept' },
	shape: object<Skip>({ reason: nullable(text()) }),
	fields: [reason],
	read: (given) => ({ reason: given.textOrNull('reason') }),
	compile(action, rule) {
		const given = typeof action.reason === 'string' ? cleanText(action.reason).trim() : '';
		const reason = given === '' ? 'the rule skips orders like this one' : given;
		return (content) => ({ content, decision: { kind: 'skip', rule, reason } });
	},
};
