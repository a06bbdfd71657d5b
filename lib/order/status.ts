/**
 * The fourteen statuses of an order and the only table that allows a move between them. The store's `transition` checks
 * every move against it; nothing else writes a status.
 */

interface StatusDefinition {
	/** As people read it. */
	label: string;
	meaning: string;
	/** Where an order may go from here. */
	to: readonly string[];
	/** Where the parent of a split may go besides; these moves are derived from its parts. */
	toAsSplitParent?: readonly string[];
}

export const STATUSES = {
	new: {
		label: 'New',
		meaning: 'Imported from the cart, not yet sent.',
		to: ['routed', 'skipped', 'delayed', 'bundled', 'error', 'canceled', 'archived', 'abandoned', 'deleted'],
	},
	routed: {
		label: 'Routed',
		meaning: 'Rules accepted it and gave it a warehouse.',
		to: ['queued', 'delayed', 'error', 'canceled', 'archived', 'abandoned', 'new', 'deleted'],
		toAsSplitParent: ['partially_shipped', 'closed'],
	},
	queued: {
		label: 'Queued',
		meaning: 'Claimed for sending; the WMS has not confirmed yet.',
		to: ['open', 'delayed', 'error', 'routed', 'canceled'],
	},
	open: {
		label: 'Open',
		meaning: 'The WMS confirmed receipt.',
		to: ['partially_shipped', 'closed', 'error', 'canceled', 'archived', 'abandoned'],
	},
	partially_shipped: {
		label: 'Partially shipped',
		meaning: 'Some quantities shipped, others did not yet.',
		to: ['closed', 'error', 'canceled', 'archived', 'abandoned'],
	},
	closed: {
		label: 'Closed',
		meaning: 'All shipped and all tracking uploaded to the cart. Nothing more is sent.',
		to: ['archived'],
	},
	bundled: {
		label: 'Bundled',
		meaning: 'Merged into another order, which it follows.',
		to: ['new', 'closed', 'canceled', 'archived'],
	},
	delayed: {
		label: 'Delayed',
		meaning: 'Sending waits: for a hold to end, or for the next try after a failure.',
		to: ['new', 'routed', 'bundled', 'error', 'canceled', 'archived', 'abandoned', 'deleted'],
	},
	skipped: {
		label: 'Skipped',
		meaning: 'Filtered out by a rule; the reason names the rule.',
		to: ['new', 'archived', 'deleted'],
	},
	error: {
		label: 'Error',
		meaning: 'Needs a person; the alert says what happened and what to do.',
		to: ['new', 'routed', 'open', 'partially_shipped', 'canceled', 'archived', 'abandoned', 'deleted'],
	},
	canceled: {
		label: 'Canceled',
		meaning: 'Canceled at the warehouse, or in the cart before sending.',
		to: ['new', 'archived', 'deleted'],
	},
	archived: {
		label: 'Archived',
		meaning: 'Put away by a person or a rule; never imported again.',
		to: ['new', 'open', 'partially_shipped', 'deleted'],
	},
	abandoned: {
		label: 'Abandoned',
		meaning: 'No shipment data arrived in time.',
		to: ['new', 'open', 'partially_shipped', 'archived', 'deleted'],
	},
	deleted: {
		label: 'Deleted',
		meaning: 'Purged; the cart may import it again.',
		to: [],
	},
} as const satisfies Record<string, StatusDefinition>;

export type OrderStatus = keyof typeof STATUSES;

export const ORDER_STATUSES = Object.keys(STATUSES) as OrderStatus[];

export const isOrderStatus = (value: unknown): value is OrderStatus =>
	typeof value === 'string' && Object.hasOwn(STATUSES, value);

export const statusLabel = (status: OrderStatus): string => STATUSES[status].label;

/**
 * Whether the table allows a move. A "move" to the same status is not a move: callers treat it as a no-op.
 *
 * @example mayMove('new', 'routed') // true
 * @example mayMove('closed', 'new') // false
 */
export function mayMove(from: OrderStatus, to: OrderStatus, isSplitParent = false): boolean {
	const definition: StatusDefinition = STATUSES[from];
	return definition.to.includes(to) || (isSplitParent && (definition.toAsSplitParent?.includes(to) ?? false));
}

/** The statuses from which `to` can be reached in one move. */
export function statusesBefore(to: OrderStatus): OrderStatus[] {
	return ORDER_STATUSES.filter((from) => mayMove(from, to));
}
