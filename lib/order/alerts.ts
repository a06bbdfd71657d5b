/**
 * The closed list of things that can go wrong with an order, each with the steps that we recommend. An order may have several at once, each
 * raised and cleared by its own cause; the list is in the order of urgency, and the first that an order has is shown first.
 */
import { keysOf } from './keys';

/**
 * What raises an alert, and so what ends it. content: what is to be sent; a new try decides anew. sending: what came of it. cart: what the cart
 * says of an order that was sent. warehouse: what the warehouse did by itself. shipment: what it reported. upload: what the cart says of tracking. place: whose order it is.
 */
type AlertCause = 'content' | 'sending' | 'cart' | 'warehouse' | 'shipment' | 'upload' | 'place';

interface AlertDefinition {
	cause: AlertCause;
	/** Says by their names what a person does with Order Store or WMS Send, and nothing else; a test does what it says. */
	recommendation: string;
	/** No machine can see that it is settled: a person says so with Resolve Alert. */
	settledByPerson?: true;
}

const TELL_OR_SEND_ANEW =
	'Tell the warehouse of the difference, then use Resolve Alert. Or cancel the order there with WMS Send (or stop it by hand and use Cancel with Force), then Reprocess it: it is sent as it is now.';

export const ALERTS = {
	sent_twice: {
		cause: 'sending',
		settledByPerson: true,
		recommendation:
			'Stop the order by hand at the first warehouse that the message names, before both ship it; if it has left there already, at the other one. Then use Resolve Alert.',
	},
	outcome_unknown: {
		cause: 'sending',
		recommendation:
			'Look in the warehouse for the reference. If the order is there, use Mark as Received; if it is not, Mark as Not Received, and it is sent again.',
	},
	canceled_in_cart: {
		cause: 'cart',
		settledByPerson: true,
		recommendation:
			'Cancel the order at the warehouse with WMS Send; or stop it there by hand, then use Cancel with Force. If it has left already, ask the customer to return the goods, then use Resolve Alert.',
	},
	cancel_too_late: {
		cause: 'cart',
		settledByPerson: true,
		recommendation:
			'The order leaves the warehouse although it was canceled. Ask the customer to return the goods, then use Resolve Alert.',
	},
	held_in_cart: {
		cause: 'cart',
		settledByPerson: true,
		recommendation:
			'The cart does not want the order shipped yet. Ask the warehouse to stop it, or cancel it there with WMS Send. When the cart is ready again, the alert goes by itself; if the order may leave all the same, use Resolve Alert.',
	},
	wanted_again: {
		cause: 'cart',
		settledByPerson: true,
		recommendation:
			'The order was canceled at the warehouse. Reprocess sends it again, under a new reference. If it is not to be shipped, use Resolve Alert.',
	},
	changed_in_cart: { cause: 'cart', settledByPerson: true, recommendation: TELL_OR_SEND_ANEW },
	edited_after_sending: { cause: 'cart', settledByPerson: true, recommendation: TELL_OR_SEND_ANEW },
	duplicate_differs: {
		cause: 'sending',
		settledByPerson: true,
		recommendation:
			'Compare the order at the warehouse with this one. If it is this one, tell the warehouse what differs, then use Resolve Alert. If it is another order, use Mark as Not Received: this one is sent under another reference.',
	},
	wrong_store: {
		cause: 'place',
		recommendation:
			'Look at the store, account and workflow that the message names, and correct the setting it names. Nothing was sent or uploaded; the alert ends when the right workflow processes the order.',
	},
	invalid_address: { cause: 'content', recommendation: 'Correct the address with Edit, then Reprocess.' },
	field_too_long: { cause: 'content', recommendation: 'Shorten the field with Edit, or add a rule that shortens it, then Reprocess.' },
	missing_field: { cause: 'content', recommendation: 'Fill the field with Edit, then Reprocess.' },
	unknown_sku: { cause: 'content', recommendation: 'Create the SKU in the warehouse, or map it with a rule, then Reprocess.' },
	unmapped_shipping_method: {
		cause: 'content',
		recommendation: 'Add the shipping method to the "Map Shipping Method" action of your rules, then Reprocess.',
	},
	rule_failed: { cause: 'content', recommendation: 'Correct the rule that the message names, then Reprocess.' },
	rejected_by_wms: { cause: 'content', recommendation: 'Correct what the warehouse names with Edit, then Reprocess.' },
	retries_used_up: { cause: 'sending', recommendation: 'Check that the warehouse system can be reached, then Reprocess.' },
	credentials_invalid: { cause: 'sending', recommendation: 'Enter valid credentials in n8n; work resumes automatically afterwards.' },
	rejected_by_cart: { cause: 'upload', recommendation: 'Correct what the cart names, then Reprocess to upload the tracking again.' },
	late_shipment: {
		cause: 'shipment',
		recommendation: 'The order was put away before this shipment arrived. Reprocess it to upload the tracking.',
	},
	shipment_voided: {
		cause: 'shipment',
		settledByPerson: true,
		recommendation:
			'Ask the warehouse whether the shipment left after all. If it did and the cart was not told of it, Reprocess the order. Else correct in the cart what it was told, then use Resolve Alert.',
	},
	canceled_at_wms: {
		cause: 'warehouse',
		settledByPerson: true,
		recommendation:
			'Ask the warehouse why it canceled. If the order is Canceled and is to be sent again, Reprocess it. Else cancel in the cart what is not shipped, then use Resolve Alert.',
	},
	tracking_changed: {
		cause: 'shipment',
		settledByPerson: true,
		recommendation: 'Correct the tracking number of the shipment in the cart, which was told the old one. Then use Resolve Alert.',
	},
	over_shipment: {
		cause: 'shipment',
		settledByPerson: true,
		recommendation: 'More was shipped than ordered. Compare the shipment with the order at the warehouse, then use Resolve Alert.',
	},
	unknown_shipment_line: {
		cause: 'shipment',
		settledByPerson: true,
		recommendation:
			'Compare the warehouse’s report with the order; the items that match are recorded. If an item was sent by mistake or as a substitute, tell the warehouse and the customer, then use Resolve Alert.',
	},
	lines_added: {
		cause: 'cart',
		settledByPerson: true,
		recommendation:
			'Lines that are added to a closed order are not sent by themselves. Use Send Added Lines: it makes an order of just these lines, which goes through the rules and is sent once. If they are not to be shipped, or the shop made an order of its own for them, use Resolve Alert.',
	},
	import_failed: {
		cause: 'content',
		recommendation: 'Correct the order in the cart or the column mapping, then let the cart export it again.',
	},
} as const satisfies Record<string, AlertDefinition>;

export type AlertCode = keyof typeof ALERTS;

export const ALERT_CODES = keysOf(ALERTS);

/** Alerts that a person may say are settled. */
export const SETTLED_BY_PERSON = ALERT_CODES.filter((code) => 'settledByPerson' in ALERTS[code]);

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

export const withRecommendation = (alert: Alert): AlertView => ({ ...alert, recommendation: ALERTS[alert.code].recommendation });

/** The codes that these causes raise. @example alertsBy('upload') // ['rejected_by_cart'] */
export const alertsBy = (...causes: readonly AlertCause[]): AlertCode[] =>
	ALERT_CODES.filter((code) => causes.includes(ALERTS[code].cause));

/** How the alerts of an order change. What is raised anew under the same code replaces the words. */
export interface AlertChange {
	raise?: readonly Alert[];
	clear?: 'all' | readonly AlertCode[];
}

/**
 * The alerts after a change, most urgent first. What is raised is not cleared by the same change.
 *
 * @example changedAlerts([{ code: 'retries_used_up', message: 'a' }], { raise: [{ code: 'sent_twice', message: 'b' }] }) // sent_twice, retries_used_up
 */
export function changedAlerts<A extends Alert>(before: readonly A[], { raise = [], clear = [] }: AlertChange): Array<A | Alert> {
	const kept = before.filter(
		({ code }) => (clear === 'all' ? false : !clear.includes(code)) && !raise.some((alert) => alert.code === code),
	);
	const raised = raise.map((alert) => before.find(({ code, message }) => code === alert.code && message === alert.message) ?? alert);
	return [...kept, ...raised].sort((left, right) => ALERT_CODES.indexOf(left.code) - ALERT_CODES.indexOf(right.code));
}
