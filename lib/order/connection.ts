/** Whose account serves a store: what was used first stays, until a person says otherwise. Pure. */
import type { KeptTrigger } from './importSettings';
import type { IsoDate } from './order';

/**
 * import: where the orders of a store come from. update: where its tracking goes. send: the account of a warehouse that its orders go to, one for each
 * place that ships. poll: the account of a warehouse whose reports are read, for all stores.
 */
export const CONNECTION_ROLES = ['import', 'update', 'send', 'poll'] as const;

type ConnectionRole = (typeof CONNECTION_ROLES)[number];

/** Those of a store. */
export type StoreRole = Exclude<ConnectionRole, 'poll'>;

/** A partner's account. */
export interface Account {
	/** Code of the cart or WMS adapter. */
	partner: string;
	/** Names the account without secrets, stable across restarts: "shopify:acme.myshopify.com", "file:/data/acme". */
	account: string;
	/** What of it is meant, where that is not all: a location, a channel, a directory. */
	scope: string;
}

export interface Connection extends Account {
	/** "" for `poll`. */
	store: string;
	role: ConnectionRole;
	/** The code of the warehouse, for `send`; whose reports, for `poll`; else "". */
	place: string;
	since: IsoDate;
	/** Who said that it is this account; null = it was the first. */
	setBy: string | null;
	/** The saved credential that it was first used with, for a partner that names no account; null = the account has a name. */
	credential: string | null;
	/** A person said that another store may have the same account and scope. */
	shared: boolean;
	/** The import trigger that set the store, and to what; null = none did. */
	trigger: KeptTrigger | null;
	/** The last import, poll or sending; null = none since this is kept. */
	lastAt: IsoDate | null;
	lastSuccessAt: IsoDate | null;
	/** What was wrong the last time; null = nothing. */
	lastProblem: string | null;
	lastProblemAt: IsoDate | null;
	/** Of an import: since when more has been waiting in the cart than a run had time for; it goes on where it was. Null = the last one read up to the present. */
	incompleteSince: IsoDate | null;
}

interface Refusal {
	why: string;
	remedy: string;
}

const named = ({ account, scope }: Pick<Account, 'account' | 'scope'>): string => (scope === '' ? account : `${account} (${scope})`);

const isSame = (left: Account, right: Account): boolean =>
	left.partner === right.partner && left.account === right.account && left.scope === right.scope;

const OTHERWISE = 'If it is the same one at another address or with a new key, say so with Order Store → Connection → Change Account.';

/**
 * Why an account may not serve a store; null = it may, and does so from now on.
 *
 * @param known the connection of this store, role and place; null = there is none yet
 * @param others connections to the same account, and where the orders of this store come from
 */
export function accountRefused(
	wanted: Account & Pick<Connection, 'store' | 'place'> & { role: StoreRole },
	known: Connection | null,
	others: readonly Connection[],
): Refusal | null {
	const { store, role, place } = wanted;
	if (known !== null) {
		const same = role === 'import' ? isSame(known, wanted) : known.partner === wanted.partner && known.account === wanted.account;
		if (same) return null;
		const what = {
			import: `The store ${store} is imported from`,
			update: `The tracking of the store ${store} goes to`,
			send: `Orders of the store ${store} for ${place || 'its warehouse'} go to`,
		}[role];
		const remedy =
			role === 'import' ? `Give the other shop a store name of its own. ${OTHERWISE}` : `Use the credential of that account. ${OTHERWISE}`;
		return { why: `${what} ${named(known)}, not ${named(wanted)}.`, remedy };
	}
	const origin = role === 'update' ? others.find((other) => other.role === 'import' && other.store === store) : undefined;
	if (origin?.partner === wanted.partner && origin.account === wanted.account) return null;
	// Files may be exchanged through a folder for each direction; a shop has its orders and their tracking in one place.
	if (origin !== undefined && !(origin.partner === 'file' && wanted.partner === 'file')) {
		return {
			why: `The orders of the store ${store} come from ${named(origin)}, not from ${named(wanted)}.`,
			remedy: `Use the credential of the store ${store}. ${OTHERWISE}`,
		};
	}
	const taken = others.find(
		(other) =>
			other.store !== store &&
			(role === 'import'
				? other.role === 'import' && isSame(other, wanted) && !other.shared
				: role === 'update' && (other.role === 'import' || other.role === 'update')),
	);
	if (taken === undefined) return null;
	if (role === 'update')
		return {
			why: `${named(wanted)} belongs to the store ${taken.store}, not to ${store}.`,
			remedy: `Choose the credential of the store ${store}. ${OTHERWISE}`,
		};
	return {
		why: `${named(wanted)} is imported as the store ${taken.store} already; as ${store} each order would be imported, and sent, a second time.`,
		remedy: `Use the name ${taken.store}. If they are two stores in one account, say so with Order Store → Connection → Allow Second Store.`,
	};
}
