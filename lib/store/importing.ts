/** What an import hands to the store, and what comes of it. */
import type { NewImportFailure } from '../order/importFailure';
import type { ImportedOrder, IsoDate } from '../order/order';
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
	orders: ImportedOrder[];
	failures: NewImportFailure[];
	/** Length of the abandon window, in days. */
	abandonAfterDays: number;
	/** What to do when the cart changed an order that was not sent yet. */
	onChange: 'replace' | 'ignore';
	actor: Actor;
}

export interface ImportResult {
	externalId: string;
	orderId: string | null;
	/**
	 * created: new here. updated: the cart changed an unsent order; it is New again. canceled: the cart canceled an unsent
	 * order. unchanged: known, nothing to do. refused: see `reason`; of a change after the warehouse got the order an alert tells, once.
	 */
	kind: 'created' | 'updated' | 'canceled' | 'unchanged' | 'refused';
	reason: 'archived' | 'already_sent' | 'canceled_in_cart' | null;
}
