import type { RuleAction } from '../actions/common/action';
import { object } from '../ruleSet/shape';
import type { OnShipments } from '../subjects/shipment';

/** Ends the rules: the shipment goes on as it is at that moment. */
export const stop: RuleAction<object, OnShipments> = {
	option: { name: 'Stop', action: 'Stop', description: 'No later action or rule runs; the upload goes on as it is' },
	shape: object({}),
	fields: [],
	read: () => ({}),
	compile: () => (shipment) => ({ content: shipment, stops: true, note: 'no later rule runs' }),
};
