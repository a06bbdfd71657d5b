import { object } from '../ruleSet/shape';
import type { RuleAction } from './common/action';

/** Ends the rules without a decision: the order goes on as it is at that moment. No later action of the rule runs either. */
export const stop: RuleAction<object> = {
	option: { name: 'Stop', action: 'Stop', description: 'No later action or rule runs; the order goes on as it is' },
	shape: object({}),
	fields: [],
	read: () => ({}),
	compile: () => (content) => ({ content, stops: true, note: 'no later rule runs' }),
};
