/** The closed list of things that can go wrong with an order, each with the steps that we recommend. */

export const ALERTS = {
	invalid_address: 'Correct the address with Edit, then Reprocess.',
	field_too_long: 'Shorten the field with Edit, or add a rule that shortens it, then Reprocess.',
	missing_field: 'Fill the field with Edit, then Reprocess.',
	unknown_sku: 'Create the SKU in the warehouse, or map it with a rule, then Reprocess.',
	unmapped_shipping_method: 'Add the shipping method to the "Map Shipping Method" action of your rules, then Reprocess.',
	rule_failed: 'Correct the rule that the message names, then Reprocess.',
	rejected_by_wms: 'Correct what the warehouse names with Edit, then Reprocess.',
	outcome_unknown:
		'Look in the warehouse for the reference. If the order is there, Reprocess it as received; if not, Reset it with Force.',
	retries_used_up: 'Check that the warehouse system can be reached, then Reprocess.',
	credentials_invalid: 'Enter valid credentials in n8n, then Reprocess.',
	rejected_by_cart: 'Correct what the cart names, then Reprocess to upload the tracking again.',
	over_shipment: 'Compare the shipment with the order at the warehouse; more was shipped than ordered.',
	unknown_shipment_line: 'Compare the shipment with the order at the warehouse; it names an item that the order does not have.',
	late_shipment: 'The order was put away before this shipment arrived. Reprocess it to upload the tracking.',
	tracking_changed: 'Correct the tracking number of the shipment in the cart: it was told the old one.',
	shipment_voided: 'Ask the warehouse whether the shipment left after all or ships again. If the cart was told of it, correct it there.',
	changed_in_cart: 'Tell the warehouse of the difference, or cancel the order there and Reprocess it to send it as it is now.',
	canceled_in_cart: 'Cancel the order at the warehouse with WMS Send. If it has left already, ask the customer to return the goods.',
	cancel_too_late: 'The order leaves the warehouse although it was canceled. Ask the customer to return the goods.',
	canceled_at_wms: 'Ask the warehouse why it canceled. Cancel the order in the cart, or Reset it to send it again.',
	import_failed: 'Correct the order in the cart or the column mapping, then let the cart export it again.',
} as const;

export type AlertCode = keyof typeof ALERTS;

export const ALERT_CODES = Object.keys(ALERTS) as AlertCode[];

/** What the store keeps: the code and the words about this order. */
export interface Alert {
	code: AlertCode;
	/** Names the item, the field, the value; never secrets or whole payloads. */
	message: string;
}

/** What people see. */
export interface AlertView extends Alert {
	recommendation: string;
}

export const withRecommendation = (alert: Alert): AlertView => ({ ...alert, recommendation: ALERTS[alert.code] });
