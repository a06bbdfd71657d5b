import type { RuleAction } from '../actions/common/action';
import { boolean, object } from '../ruleSet/shape';
import { withField, type OnShipments } from '../subjects/shipment';

interface NotifyCustomer {
	notify: boolean;
}

/** Says whether the cart tells the customer. */
export const notifyCustomer: RuleAction<NotifyCustomer, OnShipments> = {
	option: { name: 'Notify Customer', action: 'Notify the customer or not', description: 'Whether the cart tells the customer, if it can' },
	shape: object<NotifyCustomer>({ notify: boolean }),
	fields: [
		{ displayName: 'Notify', name: 'notify', type: 'boolean', default: false, description: 'Whether the cart should tell the customer' },
	],
	read: (given) => ({ notify: given.boolean('notify') }),
	compile(action) {
		const notify = action.notify === true;
		return (shipment) => ({ content: shipment.notifyCustomer === notify ? shipment : withField(shipment, 'notifyCustomer', notify) });
	},
};
