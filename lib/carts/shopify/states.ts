/**
 * What the states of Shopify mean for us, in one table: those of a fulfillment order (Shopify's unit to ship), its way of delivery, the payment, and the order. The
 * translation looks states up here, the documentation prints it, and the tests walk it.
 */
import type { Readiness } from '../../order/cartWord';

/** What a fulfillment order in a state is to us. */
type FulfillmentOrderMeaning =
	/** What remains of it is to be shipped now. */
	| 'now'
	/** What remains is to be shipped later: on hold, or at a date. */
	| 'later'
	/** Nobody is to ship it. */
	| 'never'
	/** Nothing of it is left. */
	| 'over';

interface State<Meaning> {
	/** As Shopify's admin calls it. */
	label: string;
	word: Meaning;
	/** What it means for us. */
	means: string;
}

export const FULFILLMENT_ORDER_STATES = {
	OPEN: { label: 'Open', word: 'now', means: 'What remains of it is shipped.' },
	IN_PROGRESS: { label: 'In progress', word: 'now', means: 'What remains of it is shipped.' },
	ON_HOLD: {
		label: 'On hold',
		word: 'later',
		means: 'Waits with the reasons of the holds. The other fulfillment orders of the order are shipped.',
	},
	SCHEDULED: {
		label: 'Scheduled',
		word: 'later',
		means: 'Waits until its date: subscriptions, pre-orders. The other fulfillment orders of the order are shipped.',
	},
	CLOSED: { label: 'Closed', word: 'over', means: 'Nothing is left of it. What was fulfilled of it counts as shipped.' },
	CANCELLED: { label: 'Canceled', word: 'over', means: 'Nothing of it is shipped; Shopify makes another one for what is still wanted.' },
	INCOMPLETE: { label: 'Incomplete', word: 'never', means: 'Not ours: the service cannot complete it.' },
} as const satisfies Record<string, State<FulfillmentOrderMeaning>>;

interface DeliveryMethod {
	label: string;
	/** Why it is not for the warehouse; null = it is. */
	notOurs: string | null;
	means: string;
}

export const DELIVERY_METHODS = {
	SHIPPING: { label: 'Shipping', notOurs: null, means: 'Shipped.' },
	PICKUP_POINT: { label: 'Pickup point', notOurs: null, means: 'Shipped to the pickup point.' },
	LOCAL: { label: 'Local delivery', notOurs: 'local delivery', means: 'Not for the warehouse, unless *Local Deliveries Too* says so.' },
	PICK_UP: { label: 'Pickup in store', notOurs: 'picked up by the customer', means: 'Not for the warehouse.' },
	RETAIL: { label: 'Sold in the shop', notOurs: 'carried out of the shop', means: 'Not for the warehouse.' },
	NONE: { label: 'None', notOurs: 'needs no delivery', means: 'Not for the warehouse.' },
} as const satisfies Record<string, DeliveryMethod>;

/** What an order with a payment status is to us if the trigger does not take that status. */
export const PAYMENT_STATES = {
	AUTHORIZED: { label: 'Authorized', word: 'waiting', means: 'Waits for the payment.' },
	EXPIRED: { label: 'Expired', word: 'waiting', means: 'Waits for the payment: the authorization is over.' },
	PAID: { label: 'Paid', word: 'ready', means: 'Shipped. (Waits if *Payment Statuses* leaves it out.)' },
	PARTIALLY_PAID: {
		label: 'Partially paid',
		word: 'waiting',
		means: 'Waits for the payment, also after an edit that made the order dearer.',
	},
	PARTIALLY_REFUNDED: {
		label: 'Partially refunded',
		word: 'ready',
		means: 'Shipped, without what was refunded. (Waits if *Payment Statuses* leaves it out.)',
	},
	PENDING: { label: 'Pending', word: 'waiting', means: 'Waits for the payment.' },
	REFUNDED: { label: 'Refunded', word: 'canceled', means: 'Canceled.' },
	VOIDED: { label: 'Voided', word: 'canceled', means: 'Canceled.' },
} as const satisfies Record<string, State<Readiness>>;

/** What of an order counts before its fulfillment orders and its payment. */
export const ORDER_STATES = {
	canceled: { label: 'Canceled', word: 'canceled', means: 'Canceled, with the reason that was chosen.' },
	deleted: { label: 'Deleted', word: 'gone', means: 'Canceled: not in the shop any more.' },
	archived: {
		label: 'Archived',
		word: 'ready',
		means: 'Nothing: Shopify archives what is fulfilled and paid. What is still to be shipped is shipped.',
	},
	otherLocation: { label: 'At another location', word: 'not_ours', means: 'Not ours while it is there; moved back, it is New again.' },
	otherService: {
		label: 'At a fulfillment service',
		word: 'not_ours',
		means: 'Not ours: the service ships it. (Ours if *Location* names the service.)',
	},
	withoutTag: {
		label: 'With a tag of *Without Tags*',
		word: 'waiting',
		means: 'Not imported; an order that we have waits until the tag is taken off.',
	},
} as const satisfies Record<string, State<Readiness>>;

const entryOf = <Entry>(table: Readonly<Record<string, Entry>>, name: string): Entry | null =>
	Object.hasOwn(table, name) ? (table[name] ?? null) : null;

/** A status that is new at Shopify: nobody knows, so it waits, and is seen. */
export const meaningOf = (status: string): FulfillmentOrderMeaning =>
	entryOf<State<FulfillmentOrderMeaning>>(FULFILLMENT_ORDER_STATES, status)?.word ?? 'later';

/** Why a way of delivery is not for the warehouse; null = it is, or it is one that is new at Shopify. */
export const notForWarehouse = (method: string): string | null => entryOf<DeliveryMethod>(DELIVERY_METHODS, method)?.notOurs ?? null;

/** @example saidOfPayment('PARTIALLY_PAID') // 'waiting' */
export const saidOfPayment = (status: string): Readiness => entryOf<State<Readiness>>(PAYMENT_STATES, status)?.word ?? 'waiting';

/** "PARTIALLY_PAID" → "partially paid" */
export const inPlainWords = (name: string): string => name.toLowerCase().replaceAll('_', ' ');
