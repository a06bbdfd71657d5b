/**
 * A WMS adapter is one object: what it is called, its field limits, pure translators, and `open`, which binds it to one
 * account. It never sees the order store, nor n8n: credential, connection test and options are in a folder of `nodes/partners`.
 */
import type { FieldProblem } from '../order/errors';
import type { Order } from '../order/order';
import type { Unanswered, Unavailable } from '../order/outcome';
import type { Cursor, WmsEvent } from '../order/wmsEvent';
import type { NewImportFailure } from '../order/importFailure';

export type SendOutcome =
	/**
	 * The WMS has it now, or had it already under this reference: both end in Open. `differs`: how what it has differs from what was to be sent, in
	 * words; null = it is the same; absent = nobody compared.
	 */
	| { kind: 'accepted'; wmsOrderId: string }
	| { kind: 'duplicate'; wmsOrderId: string; differs?: string | null }
	/** It will never take it like this: Error, no retry. */
	| { kind: 'rejected'; problems: FieldProblem[] }
	/** Surely not received: Delayed, next try later. */
	| Unavailable
	/** Time-out, or 5xx after the body went out: looked up before any resend. */
	| (Unanswered & { kind: 'unknown' });

export type CancelOutcome = 'canceled' | 'too_late' | 'not_found';

/** Gateways and queues hand a request on minutes after its sender gave up. */
export const LATE_MS = 15 * 60_000;

export interface FieldLimit {
	/** Path in the order: "shippingAddress.address1", "lines.sku". */
	path: string;
	maxLength?: number;
	required?: boolean;
	/** Whole value must match. */
	pattern?: RegExp;
}

export interface WmsEventPage {
	events: WmsEvent[];
	failures: NewImportFailure[];
	next: Cursor | null;
	/** Columns of a file that were found by other words than ours: theirs → ours; told once. */
	columns?: Readonly<Record<string, string>>;
	/** Called after the page was recorded, outside any transaction. A crash before it is harmless. */
	afterRecorded?: () => Promise<void>;
}

/** An order that the warehouse has and has not shipped whole. */
export interface WaitingOrder {
	reference: string;
	wmsOrderId: string | null;
}

/** The orders that the store waits for, page by page, oldest sending first; for a WMS that lists no changes. */
export type WaitingOrders = () => AsyncIterable<WaitingOrder[]>;

/** One account, signed in. */
export interface WmsSession<Request> {
	/** Names the account's list of reports in the store's cursor table; stable across restarts, no secrets. */
	readonly source: string;
	/** Names the account itself: what was sent to it, only it can report on. Stable across restarts, no secrets. Default: `source`. */
	readonly account?: string;
	/** The saved credential, where the account can only be named after its key: with a new key it looks like another account. */
	readonly credential?: string;
	/** Asks the WMS by our reference. Throws when it cannot tell; null = surely not there. */
	findOrder(reference: string): Promise<{ wmsOrderId: string } | null>;
	createOrder(request: Request): Promise<SendOutcome>;
	/**
	 * Several orders in one call, at most `ordersPerCall`: an outcome for each, in their order. Null = the WMS refused all of them because of one
	 * that it does not name; nothing was carried out, and they are sent again in smaller calls.
	 */
	createOrders?(requests: readonly Request[]): Promise<SendOutcome[] | null>;
	/** @param waiting what to ask about, where the WMS lists no changes */
	listShipments(cursor: Cursor | null, waiting: WaitingOrders): AsyncIterable<WmsEventPage>;
	/** What `listShipments` would give from the beginning, for a look that leaves no trace. Default: `listShipments`. */
	previewShipments?(): AsyncIterable<WmsEventPage>;
	/** Safe to repeat. Throws when the outcome is not known. */
	cancelOrder?(order: WaitingOrder): Promise<CancelOutcome>;
}

export interface Wms<Io, Request = unknown, Settings = unknown> {
	readonly code: string;
	readonly label: string;
	readonly limits: readonly FieldLimit[];
	readonly capabilities: {
		/** The WMS refuses a second order with the same reference, so a look-up before the first send is not needed. */
		uniqueReference: boolean;
		/**
		 * False = the WMS cannot be asked for an order by our reference: `findOrder` always throws, so an unknown outcome is for a person.
		 * Default: true.
		 */
		lookUp?: boolean;
		cancel: boolean;
		/**
		 * How long after a request that was not answered the WMS may still take the order, in milliseconds: a look-up before proves no absence.
		 * Default: LATE_MS. 0 = what is not there at once never will be.
		 */
		lateMs?: number;
		/** How many orders `createOrders` takes in one call. Default: 1. */
		ordersPerCall?: number;
	};
	/** Pure. Throws FieldLimitError. */
	toRequest(order: Order): Request;
	open(io: Io, settings: Settings): WmsSession<Request>;
}
