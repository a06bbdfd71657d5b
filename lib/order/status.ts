/**
 * The fourteen statuses of an order: the only table that allows a move between them, and the traits of each. Whoever writes a status asks the
 * table first (single moves, claims, the abandon sweep and the purge), or takes the status that an order comes into being with (`ENTRIES`). Whoever
 * asks whether an order is in one of several statuses asks for a trait: no other file lists statuses, and a test looks for such lists.
 *
 * What may become of an order is no trait but a move: may be abandoned = `mayMove(status, 'abandoned')`, and so for bundled, canceled, deleted.
 */
import { keysOf } from './keys';

/** What a status says of an order besides its moves. A closed list. */
export const TRAITS = {
	under_way: 'It is still to be shipped or looked after: what the cart changes now, somebody has to know.',
	starts_anew: 'What the cart changes starts it anew, as long as no warehouse may have it.',
	waits: 'Something has to happen before it can be sent: the rules run, a time comes, its bundle is sent.',
	handed_on: 'A workflow takes it on at once. If none does, it is handed out again.',
	being_sent: 'A worker is sending it. Until the warehouse has answered, people cannot change it.',
	at_warehouse: 'The warehouse has it; quantities and uploads say what comes next.',
	awaits_reports: 'The warehouse has it, or may have it: it is asked what became of it.',
	received: 'The warehouse took it and did not let go of it.',
	over: 'Nothing of its goods is left: all was shipped and the cart was told, or all was canceled.',
	settled: 'Nothing more happens to it automatically. Such a part does not keep its order from being canceled or deleted.',
	put_away: 'A shipment that still arrives is late: it is recorded, and not uploaded before a person reprocesses the order.',
	not_shipping: 'Nothing of it is on its way to the customer, so the cart may cancel it.',
	editable: 'People may edit it.',
	reprocessable: 'People may reprocess it.',
	shown_by_parts: 'When it is split, its parts stand for it, and it follows them until it is over.',
	abandoned_if_asked: 'The abandon sweep takes it only when it is told to.',
	gone: 'The order is not in the store any more.',
} as const;

export type Trait = keyof typeof TRAITS;

interface StatusDefinition {
	/** As people read it. */
	label: string;
	meaning: string;
	traits: readonly Trait[];
	/** Where an order may go from here. */
	to: readonly string[];
	/** Where the parent of a split may go besides; these moves are derived from its parts. */
	toAsSplitParent?: readonly string[];
	/** The next step to Open when the warehouse proves that it has an order whose sending was not confirmed. */
	towardsOpen?: string;
}

export const STATUSES = {
	new: {
		label: 'New',
		meaning: 'Imported from the cart, not yet sent.',
		traits: ['under_way', 'starts_anew', 'waits', 'handed_on', 'editable'],
		to: ['routed', 'skipped', 'delayed', 'bundled', 'error', 'canceled', 'archived', 'abandoned', 'deleted'],
		towardsOpen: 'routed',
	},
	routed: {
		label: 'Routed',
		meaning: 'Rules accepted it and gave it a warehouse.',
		traits: ['under_way', 'starts_anew', 'handed_on', 'editable', 'reprocessable', 'shown_by_parts'],
		to: ['queued', 'delayed', 'error', 'canceled', 'archived', 'abandoned', 'new', 'deleted'],
		toAsSplitParent: ['partially_shipped', 'closed'],
		towardsOpen: 'queued',
	},
	queued: {
		label: 'Queued',
		meaning: 'Claimed for sending; the WMS has not confirmed yet.',
		traits: ['under_way', 'handed_on', 'being_sent', 'awaits_reports'],
		to: ['open', 'delayed', 'error', 'routed', 'canceled'],
		towardsOpen: 'open',
	},
	open: {
		label: 'Open',
		meaning: 'The WMS confirmed receipt.',
		traits: ['under_way', 'at_warehouse', 'awaits_reports', 'received', 'editable', 'reprocessable'],
		to: ['partially_shipped', 'closed', 'error', 'canceled', 'archived', 'abandoned'],
	},
	partially_shipped: {
		label: 'Partially shipped',
		meaning: 'Some quantities shipped, others did not yet.',
		traits: [
			'under_way',
			'at_warehouse',
			'awaits_reports',
			'received',
			'editable',
			'reprocessable',
			'shown_by_parts',
			'abandoned_if_asked',
		],
		to: ['closed', 'error', 'canceled', 'archived', 'abandoned'],
	},
	closed: {
		label: 'Closed',
		meaning: 'All shipped and all tracking uploaded to the cart. Nothing more is sent.',
		traits: ['received', 'over', 'settled', 'shown_by_parts'],
		to: ['archived'],
	},
	bundled: {
		label: 'Bundled',
		meaning: 'Merged into another order, which it follows.',
		traits: ['waits'],
		to: ['new', 'closed', 'canceled', 'archived'],
	},
	delayed: {
		label: 'Delayed',
		meaning: 'Sending waits: for a hold to end, for the cart to be ready, or for the next try after a failure.',
		traits: ['under_way', 'starts_anew', 'waits', 'editable', 'reprocessable'],
		to: ['new', 'routed', 'bundled', 'error', 'canceled', 'archived', 'abandoned', 'deleted'],
		towardsOpen: 'routed',
	},
	skipped: {
		label: 'Skipped',
		meaning: 'Filtered out by a rule; the reason names the rule.',
		traits: ['starts_anew', 'not_shipping', 'editable', 'reprocessable'],
		to: ['new', 'archived', 'deleted'],
	},
	error: {
		label: 'Error',
		meaning: 'Needs a person; the alert says what happened and what to do.',
		traits: ['under_way', 'starts_anew', 'editable', 'reprocessable'],
		to: ['new', 'routed', 'open', 'partially_shipped', 'canceled', 'archived', 'abandoned', 'deleted'],
		towardsOpen: 'open',
	},
	canceled: {
		label: 'Canceled',
		meaning: 'Canceled at the warehouse, or in the cart before sending.',
		traits: ['over', 'put_away', 'not_shipping', 'editable', 'reprocessable'],
		to: ['new', 'archived', 'deleted'],
	},
	archived: {
		label: 'Archived',
		meaning: 'Put away by a person or a rule; never imported again.',
		traits: ['settled', 'put_away', 'not_shipping', 'editable', 'reprocessable'],
		to: ['new', 'open', 'partially_shipped', 'deleted'],
	},
	abandoned: {
		label: 'Abandoned',
		meaning: 'No shipment data arrived in time.',
		traits: ['put_away', 'not_shipping', 'editable', 'reprocessable'],
		to: ['new', 'open', 'partially_shipped', 'archived', 'deleted'],
	},
	deleted: {
		label: 'Deleted',
		meaning: 'Purged; the cart may import it again.',
		traits: ['gone'],
		to: [],
	},
} as const satisfies Record<string, StatusDefinition>;

export type OrderStatus = keyof typeof STATUSES;

export const ORDER_STATUSES = keysOf(STATUSES);

export const isOrderStatus = (value: unknown): value is OrderStatus => typeof value === 'string' && Object.hasOwn(STATUSES, value);

/** How an order comes into being, and in which status. */
export const ENTRIES = { import: 'new', waiting: 'delayed', bundle: 'new', part: 'routed', added: 'new' } as const satisfies Record<
	string,
	OrderStatus
>;

const definitionOf = (status: OrderStatus): StatusDefinition => STATUSES[status];

/** Statuses by trait, made once: some are asked for with every order that is written. */
const WITH: ReadonlyMap<Trait, ReadonlySet<OrderStatus>> = new Map(
	keysOf(TRAITS).map((trait) => [trait, new Set(ORDER_STATUSES.filter((status) => definitionOf(status).traits.includes(trait)))]),
);

/** @example hasTrait('archived', 'put_away') // true */
export const hasTrait = (status: OrderStatus, trait: Trait): boolean => WITH.get(trait)?.has(status) ?? false;

/** In the order of the table. @example statusesWith('at_warehouse') // ['open', 'partially_shipped'] */
export const statusesWith = (trait: Trait): OrderStatus[] => [...(WITH.get(trait) ?? [])];

/** Those that an order in the store can have, as people choose from. */
export const EXISTING_STATUSES: readonly OrderStatus[] = ORDER_STATUSES.filter((status) => !hasTrait(status, 'gone'));

export const statusLabel = (status: OrderStatus): string => STATUSES[status].label;

/**
 * Whether the table allows a move. A "move" to the same status is not a move: callers treat it as a no-op.
 *
 * @example mayMove('new', 'routed') // true
 * @example mayMove('closed', 'new') // false
 */
export function mayMove(from: OrderStatus, to: OrderStatus, isSplitParent = false): boolean {
	const definition = definitionOf(from);
	return definition.to.includes(to) || (isSplitParent && (definition.toAsSplitParent?.includes(to) ?? false));
}

/** The statuses from which `to` can be reached in one move. */
export function statusesBefore(to: OrderStatus): OrderStatus[] {
	return ORDER_STATUSES.filter((from) => mayMove(from, to));
}

const WAYS_TO_OPEN: ReadonlyMap<OrderStatus, readonly OrderStatus[]> = new Map(ORDER_STATUSES.map((from) => [from, wayFrom(from)]));

function wayFrom(from: OrderStatus): OrderStatus[] {
	const next = definitionOf(from).towardsOpen as OrderStatus | undefined;
	return next === undefined ? [] : [next, ...wayFrom(next)];
}

/**
 * The steps by which an order comes to Open when the warehouse proves that it has it; [] = its sending is not what is in doubt.
 *
 * @example wayToOpen('delayed') // ['routed', 'queued', 'open']
 */
export const wayToOpen = (from: OrderStatus): readonly OrderStatus[] => WAYS_TO_OPEN.get(from) ?? [];
