/**
 * A cart adapter is one object: what it is called, what it can do, pure translators, and `open`, which binds it to one
 * account. It never sees the order store. Adding a cart = one file and one line in `registry.ts`.
 */
import type { ImportedOrder, IsoDate, Order, Shipment } from '../order/order';
import type { NewImportFailure } from '../order/importFailure';
import type { Cursor } from '../order/wmsEvent';

export interface ImportFilter {
	/** Orders placed before it are not imported. */
	earliestOrderDate: IsoDate | null;
	/** The cart's own statuses; empty = the adapter's default. */
	statuses: string[];
	tags: string[];
	/** Only orders with at least one of these SKUs; empty = all. */
	skus: string[];
	/** How many orders a page should have at the most. */
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
	| { kind: 'unavailable'; problem: string; retryAfterMs?: number };

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
	cancel?(order: Order, reason: string): Promise<CartOutcome>;
	addNote?(order: Order, text: string): Promise<CartOutcome>;
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
