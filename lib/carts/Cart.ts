/**
 * A cart adapter is one object: what it is called, what it can do, pure translators, and `open`, which binds it to one
 * account. It never sees the order store, nor n8n: credential, connection test and options are in a folder of `nodes/partners`.
 */
import type { Unavailable } from '../order/outcome';
import type { ImportedOrder, IsoDate, Order, Shipment } from '../order/order';
import type { NewImportFailure } from '../order/importFailure';
import type { Cursor } from '../order/wmsEvent';

export interface ImportFilter {
	/** Orders placed before it are not imported. A cart that is polled for changes starts here; null = at the present. */
	earliestOrderDate: IsoDate | null;
	/** The cart's own statuses of orders that are ready to ship; empty = the adapter's default. Of an order that the store has, another one means that it waits. */
	statuses: string[];
	tags: string[];
	/** Only orders with at least one of these SKUs; empty = all. */
	skus: string[];
	/** How many orders a page should have at the most; an adapter may take fewer. */
	pageSize: number;
}

export interface OrderPage {
	/** Translated, once. */
	orders: ImportedOrder[];
	/** What could not be read or translated: each keeps what the cart gave, so that it can be tried again. */
	failures: NewImportFailure[];
	/** What could not be read for this comparison (a file), and is another one's to record: whoever counts orders says so. Default: nothing. */
	unread?: NewImportFailure[];
	/** Where to go on once this page is recorded. */
	next: Cursor | null;
	/** With it everything is read, as far as is known: there is nothing that a run without time leaves. Default: false. */
	isLast?: boolean;
	/** Called after the page was recorded, outside any transaction: archive the file. A crash before it is harmless. */
	afterRecorded?: () => Promise<void>;
}

export type CartOutcome =
	| { kind: 'done'; message: string | null }
	/** It was there already; nothing was written. */
	| { kind: 'already_done'; message: string | null }
	| { kind: 'rejected'; problem: string }
	/** Try again later: the next try looks at what the cart has, so what is not known needs no word of its own. */
	| Unavailable;

/** One account, signed in. */
export interface CartSession {
	/** Names the account in the store's cursor table; stable across restarts, no secrets. */
	readonly source: string;
	/** Names the account itself, without what of it is read: "shopify:acme.myshopify.com". Stable across restarts, no secrets. Absent = it does not say. */
	readonly account?: string;
	/** What of the account is read, where that is not all: a location, a channel, a directory. Default: "". */
	readonly scope?: string;
	listOrders(cursor: Cursor | null, filter: ImportFilter): AsyncIterable<OrderPage>;
	/** What `listOrders` would give from the beginning, for a look that leaves no trace. Default: `listOrders`. */
	previewOrders?(filter: ImportFilter): AsyncIterable<OrderPage>;
	/**
	 * These orders by the cart's keys, as they are now, in as few calls as the cart allows: for a look right before they are sent. `gone` = keys that the cart does
	 * not have any more; only what it says so itself. Absent = the cart cannot be asked (files). Throws when it cannot be asked now.
	 */
	ordersByKey?(
		keys: readonly string[],
		filter: ImportFilter,
	): Promise<{ orders: ImportedOrder[]; failures: NewImportFailure[]; gone: string[] }>;
	/** One raw order by its number, for import by number; null = the cart does not have it. */
	getOrder?(orderNumber: string): Promise<unknown | null>;
	/** Safe to repeat: looks at what the cart has first. */
	uploadTracking(order: Order, shipment: Shipment, options: { notifyCustomer: boolean }): Promise<CartOutcome>;
	acknowledge?(order: Order): Promise<CartOutcome>;
	/** The same for several orders in few calls, where the cart can; the outcomes in their order. Throws when it cannot be asked at all. */
	acknowledgeMany?(orders: readonly Order[]): Promise<CartOutcome[]>;
	/** Cancels the order in the cart. Safe to repeat. */
	cancel?(order: Order, reason: string): Promise<CartOutcome>;
	/** A note that the customer does not see. Safe to repeat: the same text is not added twice. */
	addNote?(order: Order, text: string): Promise<CartOutcome>;
	/**
	 * Every order that was placed or changed between the two moments, for comparing the cart with the store. Default: `listOrders` from
	 * there. May give orders from outside the span.
	 */
	ordersBetween?(from: IsoDate, to: IsoDate, filter: ImportFilter): AsyncIterable<OrderPage>;
}

export interface Cart<Io, Settings = unknown> {
	readonly code: string;
	readonly label: string;
	/** Pure; of what `getOrder` gives, and of the payload that an order or a failure keeps. Throws MappingError (path and value). */
	toOrder(raw: unknown): ImportedOrder;
	/** Binds the adapter to one account. `settings` comes from the node's parameters. */
	open(io: Io, settings: Settings): CartSession;
}
