/**
 * A WMS adapter is one object: what it is called, its field limits, pure translators, and `open`, which binds it to one
 * account. It never sees the order store. Adding a WMS = one file (or folder) and one line in `registry.ts`.
 */
import type { AlertCode } from '../order/alerts';
import type { FieldProblem } from '../order/errors';
import type { Order } from '../order/order';
import type { Cursor, WmsEvent } from '../order/wmsEvent';
import type { NewImportFailure } from '../order/importFailure';

export type SendOutcome =
	/** The WMS has it now, or had it already under this reference: both end in Open. */
	| { kind: 'accepted' | 'duplicate'; wmsOrderId: string }
	/** It will never take it like this: Error, no retry. */
	| { kind: 'rejected'; problems: FieldProblem[] }
	/** Surely not received: Delayed, next try later. `alert`: a person can do something about it meanwhile. */
	| { kind: 'unavailable'; cause: string; retryAfterMs?: number; alert?: AlertCode }
	/** Time-out, or 5xx after the body went out: looked up before any resend. */
	| { kind: 'unknown'; cause: string };

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
	/** Names the account in the store's cursor table; stable across restarts, no secrets. */
	readonly source: string;
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
	/** Safe to repeat. Throws when the outcome is not known. */
	cancelOrder?(order: WaitingOrder): Promise<'canceled' | 'too_late' | 'not_found'>;
}

export interface Wms<Io, Request = unknown, Settings = unknown> {
	readonly code: string;
	readonly label: string;
	/** Name of the n8n credential type. */
	readonly credential: string;
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
		/** How many orders `createOrders` takes in one call. Default: 1. */
		ordersPerCall?: number;
		/** Reports parts of an order as they ship. Default: true. */
		partial?: boolean;
	};
	/** Pure. Throws FieldLimitError. */
	toRequest(order: Order): Request;
	open(io: Io, settings: Settings): WmsSession<Request>;
}
