/** Connections of stores, and which workflow works for which store. */
import type { Account, Connection, StoreRole } from '../order/connection';
import type { ImportTrigger } from '../order/importSettings';
import type { Actor } from '../order/timeline';

export interface ConnectRequest extends Account {
	store: string;
	role: StoreRole;
	place?: string;
	/** The saved credential, where the account has no name of its own. */
	credential?: string;
	actor: Actor;
}

/** An import trigger that is about to poll, or has. */
export interface ImportPoll extends Account {
	store: string;
	trigger: ImportTrigger;
	actor: Actor;
}

export interface ConnectionsStore {
	/**
	 * Whether an account may serve a store; with `keep` it is the store's from now on, when it is the first. Throws FulfillmentError `operation_refused`
	 * when another account does, or the account serves another store.
	 */
	connect(request: ConnectRequest & { keep: boolean }): Promise<void>;
	connections(query: { stores?: string[] }): Promise<Connection[]>;
	/**
	 * A person says which account it is from now on. With `moved` it is the same one at another address: whatever names the old one names the new one,
	 * so that reports on what was sent before are still understood.
	 */
	changeAccount(request: ConnectRequest & { moved: boolean }): Promise<Connection>;
	/** A person says that the account of this store may be that of another one too. Throws FulfillmentError `invalid_input` for a store without one. */
	allowSecondStore(request: { store: string; actor: Actor }): Promise<Connection>;
	/**
	 * Whether an import trigger may poll a store; writes nothing. Throws FulfillmentError `operation_refused` when the store has another account or name, or
	 * another trigger with other settings.
	 */
	checkImport(poll: ImportPoll): Promise<void>;
	/**
	 * How an import ended, and what its trigger is set to when that is new. Leaves the store alone when another trigger has set it.
	 *
	 * @param poll.complete it read up to the present; absent = it is not known
	 */
	recordImport(poll: ImportPoll & { problem: string | null; complete?: boolean }): Promise<void>;
	/** How a poll of a warehouse ended. */
	recordShipmentPoll(poll: Pick<Account, 'partner' | 'account'> & { source: string; problem: string | null }): Promise<void>;
	/** How sending to the warehouses of stores ended; those that have no connection yet are left out. */
	recordSendings(
		sendings: ReadonlyArray<{ store: string; place: string; account: string; succeeded: boolean; problem: string | null }>,
	): Promise<void>;
	/** A person says that another import trigger may set this store: the next other one does. Throws FulfillmentError `invalid_input` for a store without one. */
	releaseTrigger(request: { store: string; actor: Actor }): Promise<Connection>;
	/**
	 * Gives a store another name, everywhere. A crash leaves a part of it done, and nothing is imported under either name until it was said again. Throws FulfillmentError
	 * `invalid_input` for a store that there is not, `operation_refused` for a name that is taken.
	 *
	 * @param request.sourceOf the source of a position or failure under the new name
	 */
	renameStore(request: { store: string; name: string; actor: Actor; sourceOf(source: string): string }): Promise<{ orders: number }>;
	/** The present names of stores that were renamed, by the old ones. */
	renamedStores(names: string[]): Promise<Map<string, string>>;
	/** Which stores a node of a workflow works for; what it said before is over. */
	serve(request: { workflow: string; node: string; stores: string[] }): Promise<void>;
	/** The stores that nodes of a workflow said they work for. */
	servedBy(workflow: string): Promise<string[]>;
	/** Whether any of these stores has an order, or is imported. */
	knowsStore(names: string[]): Promise<boolean>;
	/** The first stores by name, at most `limit`. */
	storeNames(limit: number): Promise<string[]>;
}
