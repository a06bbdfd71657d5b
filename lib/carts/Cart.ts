/**
 * A cart adapter is one object: what it is called, what it can do, pure translators, and `open`, which binds it to one
 * account. It never sees the order store. Adding a cart = one file and one line in `registry.ts`.
 */
import type { AlertCode } from '../order/alerts';
import type { ImportedOrder, IsoDate, Order, Shipment } from '../order/order';
import type { NewImportFailure } from '../order/importFailure';
import type { Cursor } from '../order/wmsEvent';

export interface ImportFilter {
	/** Orders placed before it are not imported. A cart that is polled for changes starts here; null = at the present. */
	earliestOrderDate: IsoDate | null;
	/** The cart's own statuses; empty = the adapter's default. */
	statuses: string[];
	tags: string[];
	/** Only orders with at least one of these SKUs; empty = all. */
	skus: string[];
	/** How many orders a page should have at the most; an adapter may take fewer. */
	pageSize: number;
}

export interface RawOrderPage {
	/** For `toOrder`. */
	orders: unknown[];
	/** What could not even be read as an order. */
	failures: NewImportFailure[];
	/** Where to go on once this page is recorded. */
	next: Cursor | null;
	/** Called after the page was recorded, outside any transaction: archive the file. A crash before it is harmless. */
	afterRecorded?: () => Promise<void>;
}

export type CartOutcome =
	| { kind: 'done'; message: string | null }
	/** It was there already; nothing was written. */
	| { kind: 'already_done'; message: string | null }
	| { kind: 'rejected'; problem: string }
	/** Try again later. */
	| {
			kind: 'unavailable';
			problem: string;
			retryAfterMs?: number;
			/** A person can do something about it meanwhile. */
			alert?: AlertCode;
	  };

/** One account, signed in. */
export interface CartSession {
	/** Names the account in the store's cursor table; stable across restarts, no secrets. */
	readonly source: string;
	listOrders(cursor: Cursor | null, filter: ImportFilter): AsyncIterable<RawOrderPage>;
	/** One raw order by its number, for import by number; null = the cart does not have it. */
	getOrder?(orderNumber: string): Promise<unknown | null>;
	/** Safe to repeat: looks at what the cart has first. */
	uploadTracking(order: Order, shipment: Shipment, options: { notifyCustomer: boolean }): Promise<CartOutcome>;
	acknowledge?(order: Order): Promise<CartOutcome>;
	/** Cancels the order in the cart. Safe to repeat. */
	cancel?(order: Order, reason: string): Promise<CartOutcome>;
	/** A note that the customer does not see. Safe to repeat: the same text is not added twice. */
	addNote?(order: Order, text: string): Promise<CartOutcome>;
	/**
	 * Every order that was placed or changed between the two moments, for comparing the cart with the store. Default: `listOrders` from
	 * there. May give orders from outside the span.
	 */
	ordersBetween?(from: IsoDate, to: IsoDate, filter: ImportFilter): AsyncIterable<RawOrderPage>;
}

export interface Cart<Io, Settings = unknown> {
	readonly code: string;
	readonly label: string;
	/** Name of the n8n credential type. */
	readonly credential: string;
	/** Pure. Throws MappingError (path and value). */
	toOrder(raw: unknown): ImportedOrder;
	/** Binds the adapter to one account. `settings` comes from the node's parameters. */
	open(io: Io, settings: Settings): CartSession;
}
