import type { RuleAction } from '../actions/common/action';
import { cleanText } from '../problem';
import { nullable, object, text } from '../ruleSet/shape';
import type { OnShipments } from '../subjects/shipment';

interface HoldBack {
	reason: string | null;
}

/** The cart is not told until somebody reprocesses the order, and the rules let it pass then. */
export const holdBack: RuleAction<HoldBack, OnShipments> = {
	option: { name: 'Hold Back', action: 'Hold the upload back', description: 'The cart is not told until somebody reprocesses the order' },
	shape: object<HoldBack>({ reason: nullable(text()) }),
	fields: [{ displayName: 'Reason', name: 'reason', type: 'string', default: '' }],
	read: (given) => ({ reason: given.textOrNull('reason') }),
	compile(action, rule) {
		const reason = cleanText(action.reason ?? '').trim() || 'the rule holds back shipments like this one';
		return (shipment) => ({ content: shipment, decision: { kind: 'hold_back', rule, reason } });
	},
};
