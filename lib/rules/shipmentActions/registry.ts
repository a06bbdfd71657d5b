/** All actions on shipments: a new one is a file and its line here. Rule sets list them in this order, so new ones come last. */
import type { DataOf, RuleAction } from '../actions/common/action';
import type { OnShipments } from '../subjects/shipment';
import { fail } from './fail';
import { holdBack } from './holdBack';
import { mapCarrier } from './mapCarrier';
import { notifyCustomer } from './notifyCustomer';
import { setField } from './setField';
import { stop } from './stop';

export const SHIPMENT_ACTIONS = {
	mapCarrier,
	setField,
	notifyCustomer,
	holdBack,
	fail,
	stop,
} as const satisfies Record<string, RuleAction<object, OnShipments>>;

/** An action of a rule on shipments as data. */
export type ShipmentAction = DataOf<typeof SHIPMENT_ACTIONS>;
