/** What an import hands to the store, and what comes of it. */
import type { ImportTrigger } from '../order/importSettings';
import type { NewImportFailure } from '../order/importFailure';
import type { ImportedOrder, IsoDate, JsonValue } from '../order/order';
import type { Actor } from '../order/timeline';
import type { Cursor } from '../order/wmsEvent';

export interface ImportFailure extends NewImportFailure {
	id: string;
	store: string;
	source: string;
	firstSeenAt: IsoDate;
	lastSeenAt: IsoDate;
	timesSeen: number;
	/** Set when the order was imported after all, or when a person dismissed it. */
	resolvedAt: IsoDate | null;
}

export interface ImportPage {
	/** Whose cursor it is: "file:acme-us". One row in the store for each. */
	source: string;
	/** What `cursor(source)` gave when the page was read; another value now = `cursor_moved`, nothing is written. */
	cursorFrom: Cursor | null;
	cursorTo: Cursor | null;
	store: string;
	cart: string;
	/** Whose orders they are; absent = no account stands behind them. Another one than the store's is refused, and nothing is written. */
	account?: { account: string; scope: string };
	/** The import trigger that reads; it sets the store to its settings. Absent = none. */
	trigger?: ImportTrigger;
	orders: ImportedOrder[];
	failures: NewImportFailure[];
	/** Length of the abandon window, in days. */
	abandonAfterDays: number;
	/** Translates what an order keeps of the cart once more: that this version translates otherwise is no change in the cart. Absent = not known. */
	translate?(raw: JsonValue): ImportedOrder;
	/** What to do when the cart changed an order that was not sent yet. */
	onChange: 'replace' | 'ignore';
	actor: Actor;
}

export interface ImportResult {
	externalId: string;
	orderId: string | null;
	/**
	 * created: new here, New or, if the cart does not want it shipped yet, Delayed. updated: the cart changed an unsent order, or wants it again; it is New
	 * again. waiting: the cart does not want an unsent order shipped yet; it is Delayed. canceled: the cart canceled an unsent order. unchanged: known, nothing to do. refused: see `reason`; of a change after the warehouse got the order an alert tells, once,
	 * and of a key that is too long an import failure.
	 */
	kind: 'created' | 'updated' | 'waiting' | 'canceled' | 'unchanged' | 'refused';
	reason: 'archived' | 'already_sent' | 'canceled_in_cart' | 'not_ours' | 'not_eligible' | 'key_too_long' | null;
}
