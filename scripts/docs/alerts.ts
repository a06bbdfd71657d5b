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
	rule_failed: 'Order Rules: a "Fail Order" action, a rule that cannot be carried out, or no warehouse was chosen. Cart Update: a rule for shipments that cannot be carried out.',
	rejected_by_wms: 'WMS Send or the shipment poll: the warehouse refused the order.',
	outcome_unknown: 'WMS Send, after the last try: it is not known whether the warehouse has the order. Order Rules or WMS Send: the order would go to another warehouse, or not at all, while one may have it.',
	retries_used_up: 'WMS Send, after the last try: the warehouse could not be reached.',
	credentials_invalid: 'WMS Send or Cart Update: the partner refused the sign-in. The order waits, and resumes automatically once the credential is right.',
	rejected_by_cart: 'Cart Update: the cart refused the tracking, or the tries are used up.',
	over_shipment: 'The shipment poll: more was shipped than was outstanding.',
	unknown_shipment_line: 'The shipment poll: the warehouse reports an item that is not in the order.',
	late_shipment: 'The shipment poll: a shipment of an order that is Archived, Abandoned or Canceled.',
	tracking_changed: 'The shipment poll: the warehouse gave other tracking for a shipment of which the cart was told already.',
	shipment_voided: 'The shipment poll: the warehouse voided the label of a shipment of which the cart was told already, or of one that it reports only afterwards.',
	wanted_again: 'The import, or Cart Update → Refresh: the cart wants an order again that was canceled at the warehouse because the cart did not want it.',
	changed_in_cart: 'The import, or Cart Update → Refresh: lines, address or shipping changed in the cart after the warehouse got the order. The message has the difference.',
	held_in_cart: 'The import, or Cart Update → Refresh: the cart put the order on hold, or under review, after the warehouse got it, or may have got it.',
	lines_added: 'The import, or Cart Update → Refresh: lines were added in the cart after the order was closed, or were added after it was sent and did not go with it; or the cart wants a closed order again of which not all was sent.',
	canceled_in_cart: 'The import, or Cart Update → Refresh: the order was canceled in the cart after the warehouse got it, or may have got it.',
	cancel_too_late: 'WMS Send, Cancel: the warehouse said that it is too late.',
	canceled_at_wms: 'The shipment poll: the warehouse canceled the order or a part of it.',
	sent_twice: 'The shipment poll: a warehouse reports on an order that is, or may be, at another one too, or there a second time.',
	edited_after_sending: 'Order Store, Edit: the warehouse has the order, or may have it, as it was before. The message has the difference.',
	duplicate_differs: 'WMS Send: the warehouse has an order under our reference already, and it is not this one as it is here.',
	wrong_store: 'Order Rules, WMS Send, Cart Update: the order belongs to another store, cart or account than the one that this workflow is set up for.',
	import_failed: 'Kept for carts that report it on an order. Orders that cannot be read are import failures, not orders.',
};

/** What helps besides, where the steps do not say it all. */
const MORE: Readonly<Partial<Record<AlertCode, string>>> = {
	sent_twice: 'It follows *Mark as Not Received* or Force on an order that was at the warehouse after all. The alert names the warehouse that had it first; the order goes on at the other one. While the alert is open WMS Send does not cancel the order: it would still be at the first warehouse, and nothing would show that.',
	outcome_unknown: 'The reference stands in the order; give the warehouse’s own key with *Mark as Received* if it reports by it. Of a [split order](concepts.md#split-orders) it is a part that is marked, of [bundled orders](concepts.md#bundled-orders) the bundle; the others say which. *Reprocess* asks the warehouse once more, if it can be asked. A row in `acknowledgements` of a file warehouse does what *Mark as Received* does.',
	canceled_in_cart: 'Workflow 02 asks the warehouse automatically, if it can be asked, even while it is unknown whether the order arrived. An order in a bundle is canceled with its bundle or not at all: tell the warehouse to leave its goods out, then use *Resolve Alert* on the order and on the bundle.',
	changed_in_cart: 'The message has the difference. Once it is sent anew, rules run on what the cart has now. A [bundle](concepts.md#bundled-orders) that was canceled at the warehouse cancels its orders: reprocess those. If the cart takes its change back, the alert is over.',
	edited_after_sending: 'The message has the difference. If the edit is taken back, the alert is over.',
	duplicate_differs: 'Look at address and lines in the warehouse. An order from before you used this package may have the same number; or it is this one as it was before it was changed.',
	wrong_store: 'Two shops share one n8n: see [Whose orders](concepts.md#whose-orders). A warehouse or shop account that you have changed on purpose is confirmed with Order Store → Connection → *Change Account*. The alert ends when the right workflow processes the order.',
	invalid_address: 'The message names the field and its value. If it keeps coming, correct it with a rule (Set Field).',
	field_too_long: 'The message says how long the field is and what the warehouse accepts. If it accepts longer address lines, say so under "Address Line Length" of WMS Send.',
	missing_field: '"No line is left to ship" means that all lines were canceled or have quantity 0.',
	unmapped_shipping_method: 'Copy the cart’s text from the message, or choose what happens to unmapped methods.',
	rule_failed: 'A rule with "Fail Order" said so, or the rule that the message names could not be carried out, or no rule chose a warehouse although the node lists several.',
	rejected_by_wms: 'The message has the words of the warehouse. The order is sent with a new reference if the warehouse had the old one.',
	retries_used_up: 'It could not be reached for more than a day; the message says why.',
	credentials_invalid: 'Nothing is lost meanwhile: orders are Delayed, shipments wait, and the next try ends the alert. The same code from a node, *The credential … cannot be used*: it was deleted. Choose another one in the node and publish the workflow again.',
	late_shipment: 'The order was Archived, Abandoned or Canceled when it came. A Canceled order stays so; only its tracking is uploaded.',
	shipment_voided: 'Its quantities are outstanding again, so a second shipment is recorded as any other.',
	canceled_at_wms: 'The message has the reason. Sent again, it gets a new reference. Of a [bundle](concepts.md#bundled-orders) reprocess the orders.',
	over_shipment: 'The shipment is recorded and uploaded as it was reported.',
	unknown_shipment_line: 'The items of the shipment that match are recorded, and their tracking is uploaded. If the item replaces another one, the replaced line is still outstanding: cancel it with WMS Send.',
	held_in_cart:
		'The warehouse is not asked automatically. If the order is canceled there, it is Canceled here too; once the cart is ready, the alert `wanted_again` says so.',
	wanted_again:
		'After *Reprocess* the order is New: the rules run, and it is sent as the cart has it now. Until then nothing is sent.',
	lines_added: 'The message names the lines. Pass the order that Send Added Lines gives on to Order Rules, or let due work do it; see [Added lines](concepts.md#added-lines). If the cart takes all of them back, the alert is over.',
	import_failed: 'See Order Store → Import Failure → Get Many: file, row, column, value and what to do. *Retry* reads the kept order again, or a corrected one.',
};

/** One section an alert: what it means, what to do in the very words of the alert, and more. */
export const alertHelp = (): string =>
	ALERT_CODES.map((alert) => [`### ${code(alert)}`, `**Raised by** ${RAISED[alert]}`, `**What to do:** ${ALERTS[alert].recommendation}`, MORE[alert] ?? ''].filter((part) => part !== '').join('\n\n')).join('\n\n');

export function alertTable(): string {
	return table(['alert', 'raised by', 'recommended steps'], ALERT_CODES.map((alert) => [code(alert), RAISED[alert], ALERTS[alert].recommendation]));
}
