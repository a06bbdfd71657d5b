/**
 * The memory of every node. One implementation, for SQLite and Postgres, in the rooms beside this file. Statuses move only through `claim` and
 * `transition`; every write is one short transaction; times come from the database. No method calls the outside.
 */
import type { OrderLayers } from '../order/layers';
import type { IsoDate, JsonValue, Order, OrderContent } from '../order/order';
import type { Sending } from '../order/sending';
import type { OrderStatus } from '../order/status';
import type { Actor, TimelineEntry, TimelineKind } from '../order/timeline';
import type { Cursor } from '../order/wmsEvent';
import type { ConnectionsStore } from './connecting';
import type { ImportFailure, ImportPage, ImportResult } from './importing';
import type { Amendment, Claim, ClaimRequest, Transition, WriteResult } from './moving';
import type { OrderQuery, Page, Standings, StoredRuleSet, StoreStatistics } from './reading';
import type { RecordedEvent, ShipmentPage, UploadClaim, UploadOutcome } from './reporting';

export type { ImportFailure, ImportPage, ImportResult } from './importing';
export type { Claim, ClaimedSending, ClaimRequest, NewPart, OrderFields, SendingFact, Transition, WriteResult } from './moving';
export type { OrderQuery, Page, Standings, StoredRuleSet, StoreStatistics } from './reading';
export type { RecordedEvent, ShipmentPage, UploadClaim, UploadOutcome } from './reporting';

/** The store was put back to an older state. */
export interface Recovery {
	/** What happened before it may be missing. */
	since: IsoDate;
	/** Who noticed it or said so. */
	by: string;
}

export interface OrderStore extends ConnectionsStore {
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
	/** What was sent of each of these orders, oldest first. */
	sendings(orderIds: string[]): Promise<Sending[]>;
	/** What is kept of the cart's orders with these keys, as the cart gave them last. Those that the store does not have are left out. */
	asImported(
		store: string,
		externalIds: readonly string[],
	): Promise<Array<{ externalId: string; snapshot: OrderContent; payload: JsonValue }>>;
	/** Where the cart's orders with these keys stand, and why some of them could not be imported. Of what the store never heard of it says nothing. */
	standings(store: string, externalIds: readonly string[]): Promise<Standings>;
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
	/**
	 * Says that the order goes out once more under its claim, before it does: with `absent` it is proven that the warehouse does not have it, and what
	 * the order is now is what is sent. Throws StaleOrderError.
	 */
	sendAgain(request: { orderId: string; epoch: number; absent: boolean }): Promise<void>;
	/** Orders that the cart canceled and a warehouse is to be asked about, each to one run. */
	claimCancellations(request: { stores?: string[]; limit: number; leaseMs: number }): Promise<Order[]>;
	/** One transaction for the move, its fields and its timeline. Throws StaleOrderError, IllegalTransitionError. */
	transition(transition: Transition): Promise<void>;
	/**
	 * Ends the waiting of orders whose bundle window is over: those with the same key are merged into a new order, and one that remained alone
	 * goes on by itself. Each bundle is one transaction, so two workers never make the same one. Gives the ids of the orders that are New now.
	 */
	releaseBundles(request: { stores?: string[]; limit: number; actor: Actor }): Promise<string[]>;
	/**
	 * Takes a bundle apart: its orders are New again as they were, the bundle and its parts are gone. Throws StaleOrderError, and FulfillmentError
	 * `operation_refused` when the warehouse has it, or may have it. Those that the cart canceled meanwhile are Canceled.
	 *
	 * @param request.again they may be bundled by the same rule again
	 */
	unbundle(request: { orderId: string; version: number; actor: Actor; reason: string; again?: true }): Promise<string[]>;
	/**
	 * Makes an order of the lines that the cart added to an order which was done (alert `lines_added`), and ends the alert, in one transaction. Gives
	 * the id of the new order. Throws StaleOrderError, and FulfillmentError `operation_refused` when no lines are offered.
	 */
	sendAddedLines(request: { orderId: string; version: number; actor: Actor }): Promise<string>;
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
	recordUpload(outcome: UploadOutcome): Promise<{ status: OrderStatus }>;

	/** Moves every order whose abandon instant has passed to Abandoned, in bounded chunks. Gives the ids. */
	abandonOverdue(request: { stores?: string[]; includePartiallyShipped: boolean; limit: number; actor: Actor }): Promise<string[]>;
	/** Purges an order; what remains are hashes. Checks status and version like a move to Deleted. */
	purge(request: { orderId: string; from: OrderStatus; version: number; actor: Actor; force?: boolean }): Promise<void>;

	importFailures(query: {
		ids?: string[];
		stores?: string[];
		openOnly?: boolean;
		limit: number;
		after?: string | null;
	}): Promise<Page<ImportFailure>>;
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

	/**
	 * Not null while what happened before `since` may be missing, because the store was put back to an older state: what the warehouses have is to be asked before an order
	 * from before is sent. Survives restarts; ends by `endRecovery` alone.
	 */
	recovery(): Promise<Recovery | null>;
	/**
	 * Begins it, or says that it begins anew. Control numbers go on above what partners may have seen.
	 *
	 * @param request.skipControlNumbers how many are left out in each sequence. Default 100,000
	 * @example await store.beginRecovery({ actor }); // first, after a dump was restored
	 */
	beginRecovery(request: { actor: Actor; skipControlNumbers?: number }): Promise<Recovery>;
	/** False = there was none. */
	endRecovery(request: { actor: Actor }): Promise<boolean>;

	statistics(query: { stores?: string[]; days: number }): Promise<StoreStatistics>;
	/** The database's present. */
	now(): Promise<IsoDate>;
	close(): Promise<void>;
}
