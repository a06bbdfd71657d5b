import { cleanText } from '../problem';
import { nullable, object, text } from '../ruleSet/shape';
import type { RuleAction } from './common/action';
import { reason } from './common/fields';

interface Archive {
	reason: string | null;
}

/** Puts the order away: it is not sent, and never imported again. */
export const archive: RuleAction<Archive> = {
	option: { name: 'Archive Order', action: 'Archive the order', description: 'It is not sent and never imported again' },
	shape: object<Archive>({ reason: nullable(text()) }),
	fields: [reason],
	read: (given) => ({ reason: given.textOrNull('reason') }),
	compile(action, rule) {
		const given = typeof action.reason === 'string' ? cleanText(action.reason).trim() : '';
		const reason = given === '' ? 'the rule archives orders like this one' : given;
		return (content) => ({ content, decision: { kind: 'archive', rule, reason } });
	},
};
