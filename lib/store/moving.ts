/** What moves an order, hands it to a worker, and what comes of it. */
import type { AlertChange } from '../order/alerts';
import type { BundleTerms } from '../order/bundles';
import type { CartWord } from '../order/cartWord';
import type { Instant } from '../order/due';
import type { BegunHold } from '../order/holds';
import type { OrderEdits } from '../order/layers';
import type { IsoDate, Order, OrderContent } from '../order/order';
import type { Sending } from '../order/sending';
import type { SendingState } from '../order/sendingState';
import type { OrderStatus } from '../order/status';
import type { Actor, NewTimelineEntry } from '../order/timeline';

/** Fields that a move or an amendment may set. Absent = left as it is. */
export interface OrderFields {
	statusReason?: string | null;
	attempts?: number;
	heldUntil?: Instant | null;
	retryAt?: Instant | null;
	/** The timeline gets `alert_raised` / `alert_cleared` by itself. */
	alerts?: AlertChange;
	wms?: string | null;
	wmsOrderId?: string | null;
	reference?: string;
	sentAt?: Instant | null;
	openedAt?: Instant | null;
	acknowledgedAt?: Instant | null;
	closedAt?: Instant | null;
	/** What the cart said last. */
	inCart?: CartWord;
	/** When the cart said that it is canceled; null = it wants it. */
	canceledInCartAt?: Instant | null;
	/** When the warehouse is to be asked to cancel it. */
	cancelDueAt?: Instant | null;
	/** `'restart'` = now + the order's own abandon window. */
	abandonAt?: 'restart';
	/** Layers. Setting one also writes the columns that are searched and listed. */
	edits?: OrderEdits;
	result?: OrderContent | null;
	servedHolds?: string[];
	begunHolds?: BegunHold[];
	/** With a move to Delayed: the order waits for others with the same key. It waits no more once it leaves Delayed or is edited. */
	waitsForBundle?: { key: string; terms: BundleTerms };
	/** What was shipped and canceled of each line, by its id. */
	progress?: Record<string, { shipped: number; canceled: number }>;
	/** When the order next needs somebody; default: `dueAfterMove`. */
	dueAt?: Instant | null;
	/** Shipments that were held back or gave up uploading become due for upload again. */
	releaseUploads?: true;
}

export interface Transition {
	orderId: string;
	from: OrderStatus;
	to: OrderStatus;
	/** The version that the decision was made on; required unless a claim's epoch is given. */
	version?: number;
	/** The epoch of the claim that this worker holds. */
	epoch?: number;
	actor: Actor;
	reason: string | null;
	set?: OrderFields;
	/** Timeline entries besides `status_changed`. */
	entries?: NewTimelineEntry[];
	/** What became known of a sending of it. */
	sending?: SendingFact;
	/** With a move to Routed: the order is split, and these parts are Routed in its place, all in one transaction. */
	split?: NewPart[];
	/**
	 * Its parts are taken away. Throws FulfillmentError `operation_refused` when the warehouse has one of them, or may have it.
	 */
	unsplit?: true;
}

export interface SendingFact {
	state: Exclude<SendingState, 'none'>;
	/** Default: the latest one. */
	number?: number;
	/** What the warehouse said, in words; long ones are cut. */
	answer?: string | null;
	/** The account that it is known to have gone to, where that was not kept. */
	account?: string;
}

/** A part of an order: what its warehouse is to ship. */
export interface NewPart {
	content: OrderContent;
}

/** A write that leaves the status alone: an edit, a note, an acknowledgement. */
export type Amendment = Omit<Transition, 'from' | 'to' | 'reason'>;

export type WriteResult = { ok: true; orderId: string } | { ok: false; orderId: string; error: Error };

export interface ClaimRequest {
	/** Only these orders; absent = those that are due. */
	ids?: string[];
	statuses: OrderStatus[];
	stores?: string[];
	/** Take only orders whose due instant has passed. Default: true without `ids`, false with. */
	onlyDue?: boolean;
	/** Move them while claiming (Routed → Queued); the attempt is counted. */
	to?: OrderStatus;
	/**
	 * For sending: the code of the WMS and the account that are about to get them. With `to: 'queued'` the intent is written as a sending. Orders that
	 * may be at another account, or whose store and warehouse belong to another one, are passed over.
	 */
	sendTo?: { wms: string; account: string };
	/** Of the Delayed ones only those that a rule holds (`heldUntil`), or that wait for a next try (`retryAt`). */
	delayedBy?: 'hold' | 'retry';
	/** Of the Open ones only those that the cart was not told about (`acknowledgedAt` is empty). Default: all. */
	onlyUnacknowledged?: boolean;
	limit: number;
	leaseMs: number;
	/** Names the process or execution, for people. */
	worker: string;
	actor: Actor;
	reason?: string | null;
}

export interface Claim {
	order: Order;
	/** Repeat it with every later write; a newer claim makes this one worthless. */
	epoch: number;
	leaseUntil: IsoDate;
	/** With `sendTo`. */
	sending: ClaimedSending | null;
}

/** The sending that a claim is about. */
export interface ClaimedSending {
	/** What was known before this claim. */
	before: SendingState;
	/** When it became known; null = before any answer. */
	knownSince: IsoDate | null;
	/** As it is recorded now. */
	record: Sending;
	/** The order is not any more what was sent. Not known = false. */
	contentChanged: boolean;
	/** The cart changed the order since. */
	snapshotChanged: boolean;
	/** It is known which account the orders of its store and warehouse go to. */
	placed: boolean;
}
