/**
 * The memory of every node. One implementation (`typeorm/`) on SQLite and Postgres. Statuses move only through `claim` and
 * `transition`; every write is one short transaction; times come from the database. No method calls the outside.
 */
import type { Alert } from '../order/alerts';
import type { BundleTerms } from '../order/bundles';
import type { Instant } from '../order/due';
import type { NewImportFailure } from '../order/importFailure';
import type { OrderEdits, OrderLayers } from '../order/layers';
import type { IsoDate, JsonValue, Order, OrderContent, Shipment } from '../order/order';
import type { OrderStatus } from '../order/status';
import type { Actor, NewTimelineEntry, TimelineEntry, TimelineKind } from '../order/timeline';
import type { Cursor, WmsEvent } from '../order/wmsEvent';
import type { ImportFailure, ImportPage, ImportResult } from './importing';
import type { OrderQuery, Page, StoredRuleSet, StoreStatistics } from './reading';

export type { ImportFailure, ImportPage, ImportResult } from './importing';
export type { OrderQuery, Page, StoredRuleSet, StoreStatistics } from './reading';

// ── Moves ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Fields that a move or an amendment may set. Absent = left as it is. */
export interface OrderFields {
	statusReason?: string | null;
	attempts?: number;
	heldUntil?: Instant | null;
	retryAt?: Instant | null;
	/** `null` clears it. The timeline gets `alert_raised` / `alert_cleared` by itself. */
	alert?: Alert | null;
	wms?: string | null;
	wmsOrderId?: string | null;
	reference?: string;
	sentAt?: Instant | null;
	openedAt?: Instant | null;
	acknowledgedAt?: Instant | null;
	closedAt?: Instant | null;
	/** `'restart'` = now + the order's own abandon window. */
	abandonAt?: 'restart';
	/** Layers. Setting one also writes the columns that are searched and listed. */
	edits?: OrderEdits;
	result?: OrderContent | null;
	servedHolds?: string[];
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
	/** With a move to Routed: the order is split, and these parts are Routed in its place, all in one transaction. */
	split?: NewPart[];
	/**
	 * Its parts are taken away. Throws FulfillmentError `operation_refused` when the warehouse has one of them, or may have it.
	 */
	unsplit?: true;
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
	/** With `to`: the code of the WMS that is about to get them, so that its reports find them. */
	wms?: string;
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
}

// ── Shipments ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ShipmentPage {
	/** Whose cursor it is: "wms:file:acme-wh1". */
	source: string;
	cursorFrom: Cursor | null;
	cursorTo: Cursor | null;
	/** Code of the WMS adapter; only orders that were sent to it are matched. */
	wms: string;
	/** Only orders of these stores; absent = all. */
	stores?: string[];
	events: WmsEvent[];
	/** Reports that could not even be read. */
	failures: NewImportFailure[];
	actor: Actor;
}

export interface RecordedEvent {
	event: WmsEvent;
	orderId: string | null;
	shipmentId: string | null;
	/**
	 * recorded: new and written. repeated: known, nothing written. unmatched: no order of ours; kept as an import failure.
	 * alert: recorded, and the order got an alert (late, over-shipped, unknown line).
	 */
	kind: 'recorded' | 'repeated' | 'unmatched' | 'alert';
	/** The status after it. */
	status: OrderStatus | null;
}

/** A shipment whose upload this worker may do now. */
export interface UploadClaim {
	order: Order;
	shipment: Shipment;
	epoch: number;
}

export interface OrderStore {
	cursor(source: string): Promise<Cursor | null>;
	/** Moves a cursor by itself, if it still is `from` (null = not there yet); false = another reader was faster. */
	moveCursor(source: string, from: Cursor | null, to: Cursor): Promise<boolean>;
	importPage(page: ImportPage): Promise<ImportResult[]>;

	get(orderId: string): Promise<Order | null>;
	/** In the order of `ids`; unknown ids are left out. Batches. */
	getMany(ids: string[]): Promise<Order[]>;
	/** The same, each with what it is made of, read at the same moment. */
	getManyWithLayers(ids: string[]): Promise<Array<{ order: Order; layers: OrderLayers }>>;
	/** The parts of these orders that are split, in the order in which they were made. */
	parts(orderIds: string[]): Promise<Order[]>;
	/** The orders that are bundled into these, oldest first. */
	sources(bundleIds: string[]): Promise<Order[]>;
	search(query: OrderQuery): Promise<Page<Order>>;
	layers(ids: string[]): Promise<Map<string, OrderLayers>>;
	/** The raw order as the cart gave it. */
	payload(orderId: string): Promise<JsonValue>;
	timeline(orderId: string): Promise<TimelineEntry[]>;
	/** Timeline entries of all orders after a position, oldest first, each once. `null` = from now on: gives no entries. */
	events(query: { after: string | null; kinds?: TimelineKind[]; stores?: string[]; limit: number }): Promise<{
		entries: TimelineEntry[];
		next: string;
	}>;

	/** At most `limit` orders, each to exactly one worker, oldest due first. */
	claim(request: ClaimRequest): Promise<Claim[]>;
	/** One transaction for the move, its fields and its timeline. Throws StaleOrderError, IllegalTransitionError. */
	transition(transition: Transition): Promise<void>;
	/**
	 * Ends the waiting of orders whose bundle window is over: those with the same key are merged into a new order, and one that remained alone
	 * goes on by itself. Each bundle is one transaction, so two workers never make the same one. Gives the ids of the orders that are New now.
	 */
	releaseBundles(request: { stores?: string[]; limit: number; actor: Actor }): Promise<string[]>;
	/**
	 * Takes a bundle apart: its orders are New again as they were, the bundle and its parts are gone. Throws StaleOrderError, and FulfillmentError
	 * `operation_refused` when the warehouse has it, or may have it.
	 */
	unbundle(request: { orderId: string; version: number; actor: Actor; reason: string }): Promise<string[]>;
	/** Many moves in few transactions; each order succeeds or fails by itself. */
	transitionMany(transitions: Transition[]): Promise<WriteResult[]>;
	/** Throws StaleOrderError. */
	amend(amendment: Amendment): Promise<void>;

	recordShipments(page: ShipmentPage): Promise<RecordedEvent[]>;
	/** Shipments that the cart was not told yet, each to exactly one worker. */
	claimUploads(request: {
		orderIds?: string[];
		shipmentIds?: string[];
		stores?: string[];
		onlyDue?: boolean;
		limit: number;
		leaseMs: number;
		worker: string;
	}): Promise<UploadClaim[]>;
	/** Records the outcome of an upload; closes the order when it was the last thing open. */
	recordUpload(outcome: {
		shipmentId: string;
		epoch: number;
		actor: Actor;
		result:
			| { kind: 'uploaded'; message: string | null }
			| { kind: 'failed'; problem: string; retryInMs: number | null; alert: Alert | null }
			/** A rule keeps it from the cart until somebody reprocesses the order. */
			| { kind: 'held_back'; reason: string };
		/** Timeline entries besides those of the outcome. */
		entries?: NewTimelineEntry[];
	}): Promise<{ status: OrderStatus }>;

	/** Moves every order whose abandon instant has passed to Abandoned, in bounded chunks. Gives the ids. */
	abandonOverdue(request: {
		stores?: string[];
		includePartiallyShipped: boolean;
		limit: number;
		actor: Actor;
	}): Promise<string[]>;
	/** Purges an order; what remains is the hash line. Checks status and version like a move to Deleted. */
	purge(request: { orderId: string; from: OrderStatus; version: number; actor: Actor }): Promise<void>;

	importFailures(query: { ids?: string[]; stores?: string[]; openOnly?: boolean; limit: number; after?: string | null }): Promise<
		Page<ImportFailure>
	>;
	resolveImportFailure(id: string): Promise<void>;

	/** The present version of every rule set, by name. */
	ruleSets(): Promise<StoredRuleSet[]>;
	/** Without a version the present one; null = there is none (any more). Old versions stay readable. */
	ruleSet(name: string, version?: number): Promise<StoredRuleSet | null>;
	/**
	 * Saves a new version; the same content as the present one is no new version. With `after` only if the present version is still that
	 * one (0 = there is none). Throws FulfillmentError `operation_refused`.
	 */
	saveRuleSet(request: { name: string; content: JsonValue; actor: Actor; after?: number }): Promise<StoredRuleSet>;
	/** Workflows cannot use it any more; its versions stay readable, and a later save counts on. False = there was none. */
	deleteRuleSet(request: { name: string; actor: Actor }): Promise<boolean>;

	/**
	 * The number that stands for `key` in a sequence: the same one for ever, and the next free one when it has none yet.
	 *
	 * @param request.first where the sequence begins, unless it is further already. Default 1.
	 */
	controlNumber(request: { sequence: string; key: string; first?: number }): Promise<{ number: number; givenAt: IsoDate }>;
	/** What a number was given for; null = it was not. */
	controlNumberKey(query: { sequence: string; number: number }): Promise<string | null>;

	statistics(query: { stores?: string[]; days: number }): Promise<StoreStatistics>;
	/** The database's present. */
	now(): Promise<IsoDate>;
	close(): Promise<void>;
}
