import type { RuleAction } from '../actions/common/action';
import { cleanText, ruleLabel, ruleProblem } from '../problem';
import { object, text } from '../ruleSet/shape';
import type { OnShipments } from '../subjects/shipment';

interface Fail {
	message: string;
}

/** Puts the upload in Error with the words of the person who wrote the rule. */
export const fail: RuleAction<Fail, OnShipments> = {
	option: { name: 'Fail', action: 'Fail the upload', description: 'To Error, with your message' },
	shape: object<Fail>({ message: text({ least: 1 }) }),
	fields: [{ displayName: 'Message', name: 'message', type: 'string', default: '' }],
	read: (given) => ({ message: given.text('message') }),
	compile(action, rule) {
		const message = typeof action.message === 'string' ? cleanText(action.message).trim() : '';
		if (message === '') throw ruleProblem('The fail action has no message.', 'Enter what is wrong with the shipment.');
		return (shipment) => ({
			content: shipment,
			decision: { kind: 'error', rule, alert: { code: 'rule_failed', message: `${ruleLabel(rule)}: ${message}` } },
		});
	},
};
