/** The alerts with their recommended steps from `lib/order/alerts.ts`, and who raises each. */
import { ALERT_CODES, ALERTS, type AlertCode } from '../../lib/order/alerts';
import { code, table } from './markdown';

/** Exhaustive, so that a new alert must say when it is raised. */
const RAISED: Readonly<Record<AlertCode, string>> = {
	invalid_address: 'Order Rules: a "Fit Address" action finds an unknown country or an impossible postal code. WMS Send, before sending: a field of the address has not the form that the warehouse accepts, such as a country that is no ISO code.',
	field_too_long: 'Order Rules: a field does not fit the lengths of a "Fit Address" action. WMS Send, before sending: a field is longer than the warehouse accepts.',
	missing_field: 'WMS Send, before sending: a field that the warehouse needs is empty, or no line is left to ship.',
	unknown_sku: 'WMS Send, with a WMS that names an unknown SKU. (The file WMS cannot know it: it says `rejected_by_wms`.)',
	unmapped_shipping_method: 'Order Rules: the shipping method is not in the table of a "Map Shipping Method" action.',
	rule_failed: 'Order Rules: a "Fail Order" action, a rule that cannot be carried out, or no warehouse was chosen.',
	rejected_by_wms: 'WMS Send or the shipment poll: the warehouse refused the order.',
	outcome_unknown: 'WMS Send, after the last try: it is not known whether the warehouse has the order.',
	retries_used_up: 'WMS Send, after the last try: the warehouse could not be reached.',
	credentials_invalid: 'WMS Send or Cart Update: the partner refused the sign-in. The order waits, and goes on by itself once the credential is right.',
	rejected_by_cart: 'Cart Update: the cart refused the tracking, or the tries are used up.',
	over_shipment: 'The shipment poll: more was shipped than was outstanding.',
	unknown_shipment_line: 'The shipment poll: a shipment names an item that the order does not have.',
	late_shipment: 'The shipment poll: a shipment of an order that is Archived, Abandoned or Canceled.',
	tracking_changed: 'The shipment poll: the warehouse gave other tracking for a shipment of which the cart was told already.',
	shipment_voided: 'The shipment poll: the warehouse voided the label of a shipment of which the cart was told already.',
	changed_in_cart: 'The import: lines, address or shipping changed in the cart after the warehouse got the order. The message has the difference.',
	canceled_in_cart: 'The import: the order was canceled in the cart after the warehouse got it.',
	cancel_too_late: 'WMS Send, Cancel: the warehouse said that it is too late.',
	canceled_at_wms: 'The shipment poll: the warehouse canceled the order or a part of it.',
	import_failed: 'Kept for carts that report it on an order. Orders that cannot be read are import failures, not orders.',
};

export function alertTable(): string {
	return table(['alert', 'raised by', 'recommended steps'], ALERT_CODES.map((alert) => [code(alert), RAISED[alert], ALERTS[alert]]));
}
