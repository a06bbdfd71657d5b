/**
 * The statement of a store: what became of each order that the cart has. Every order of the cart is in exactly one bucket, so that the counts of all buckets add up to
 * what the cart has. Pure; printed in docs/concepts.md, walked by a test.
 */
import type { AlertCode } from './alerts';
import { READINESS, type Readiness } from './cartWord';
import { keysOf } from './keys';
import type { ImportedOrder, IsoDate } from './order';
import { followsParts } from './parts';
import type { Repairs } from './repairs';
import { hasTrait, statusLabel, type OrderStatus } from './status';
import { fitsKey, wholeText } from './texts';
import { oursOf, refusalOf } from './unknownOrder';

/** Of an order in several parts, the first of these that one of its parts is in counts. */
export const BUCKETS = {
	missing: { label: 'Missing', meaning: 'An import would take it, and the order store does not have it. Reconcile imports it.' },
	inError: { label: 'Needs a person', meaning: 'In Error; by the alert.' },
	waiting: { label: 'Waiting', meaning: 'Not at a warehouse yet: New, Routed, Delayed, or waiting for its bundle; by the reason.' },
	atWarehouse: {
		label: 'At the warehouse',
		meaning: 'A warehouse has it, or is being sent it, and not all of it is shipped; by the status.',
	},
	putAway: { label: 'Put away', meaning: 'Archived or Abandoned, and not all of it was shipped; by the reason.' },
	skipped: { label: 'Skipped', meaning: 'Filtered out; by the rule.' },
	shipped: {
		label: 'Shipped',
		meaning: 'All of it. It says so of those that the cart was not told of yet, and of those that were put away since.',
	},
	canceled: { label: 'Canceled', meaning: 'In the cart before it was sent, at the warehouse, or by a person; by the reason.' },
	notOurs: { label: 'Not ours', meaning: 'The cart says that nothing of it is ours to ship; by its reason.' },
	notEligible: {
		label: 'Not eligible',
		meaning: 'The cart, or the settings of the import trigger, keep it from being imported; by the status in the cart.',
	},
	failures: {
		label: 'Not readable',
		meaning: 'An import failure keeps it; by what was wrong. Without a date, so that it counts in every span that it is read for.',
	},
} as const satisfies Record<string, { label: string; meaning: string }>;

export type Bucket = keyof typeof BUCKETS;

export const BUCKET_NAMES = keysOf(BUCKETS);

/** Where one order of the cart is. */
export interface Place {
	bucket: Bucket;
	/** What the orders of a bucket are told apart by; null = nothing. */
	reason: string | null;
}

/** What the store knows of an order, a part of one, or a bundle. */
export interface StandingOrder {
	status: OrderStatus;
	statusReason: string | null;
	/** The most urgent. */
	alertCode: AlertCode | null;
	/** Something of it was shipped, and nothing is left to ship. */
	allShipped: boolean;
	/** How many of its sendings a warehouse took and did not cancel. */
	taken: number;
	/** The cart was told of one of its shipments more than once. */
	uploadedTwice: boolean;
	/** When it is split. */
	parts: StandingOrder[];
	/** Orders of lines that the cart added after it was closed. */
	added?: StandingOrder[];
}

/** What the store knows of an order of the cart. */
export interface Standing extends StandingOrder {
	externalId: string;
	orderNumber: string;
	/** The moment of its import when the cart gave none. */
	orderedAt: IsoDate;
	readiness: Readiness;
	cartReason: string | null;
	/** The name of the rule that skipped it; null = none did. */
	skippedBy: string | null;
	/** The order that it was merged into. */
	bundle: StandingOrder | null;
}

/** Where an order is that the store has. @example placeOf(standing) // { bucket: 'waiting', reason: 'Delayed: The cart says: on hold.' } */
export function placeOf(standing: Standing): Place {
	const { status, bundle, readiness, cartReason, skippedBy } = standing;
	if (status === 'bundled' && bundle !== null) return placeOfSent(bundle);
	const place = placeWithAdded(standing);
	if (place.bucket === 'canceled' && readiness === 'not_ours') return { bucket: 'notOurs', reason: cartReason ?? READINESS.not_ours.label };
	return place.bucket === 'skipped' && skippedBy !== null ? { ...place, reason: `Rule "${skippedBy}"` } : place;
}

/** What was added to it is still to be shipped. */
function placeWithAdded(order: StandingOrder): Place {
	const underWay = (order.added ?? []).filter(({ status }) => hasTrait(status, 'under_way'));
	return leastAdvanced([placeOfSent(order), ...underWay.map(placeOfSent)]);
}

function placeOfSent(order: StandingOrder): Place {
	const { status, statusReason, alertCode, parts } = order;
	const label = statusLabel(status);
	const withReason = statusReason === null ? label : `${label}: ${statusReason}`;
	if (followsParts(status) && parts.length > 0) return leastAdvanced(parts.map(placeOfSent));
	if (status === 'error') return { bucket: 'inError', reason: alertCode === null ? withReason : alertCode.replaceAll('_', ' ') };
	if (hasTrait(status, 'over'))
		return hasTrait(status, 'received') ? { bucket: 'shipped', reason: null } : { bucket: 'canceled', reason: statusReason ?? label };
	if (isShipped(order)) return { bucket: 'shipped', reason: hasTrait(status, 'put_away') ? label : 'The cart was not told yet' };
	if (status === 'skipped') return { bucket: 'skipped', reason: statusReason ?? label };
	if (hasTrait(status, 'put_away')) return { bucket: 'putAway', reason: withReason };
	return hasTrait(status, 'awaits_reports') ? { bucket: 'atWarehouse', reason: label } : { bucket: 'waiting', reason: withReason };
}

const isShipped = ({ allShipped, parts }: StandingOrder): boolean =>
	allShipped || (parts.length > 0 && parts.every((part) => placeOfSent(part).bucket === 'shipped'));

const leastAdvanced = (places: readonly Place[]): Place =>
	places.reduce((least, place) => (BUCKET_NAMES.indexOf(place.bucket) < BUCKET_NAMES.indexOf(least.bucket) ? place : least));

/**
 * Where an order is that the store does not have.
 *
 * @param problem why it could not be read now; null = it could
 * @param failure why it could not be imported before, as an import failure keeps it; null = there is none
 */
export function placeOfUnknown(order: ImportedOrder, { problem, failure }: { problem: string | null; failure: string | null }): Place {
	if (problem !== null) return { bucket: 'failures', reason: problem };
	if (!fitsKey(wholeText(order.externalId))) return { bucket: 'failures', reason: 'The key of the order is too long' };
	const ours = oursOf(order, {});
	const { readiness, reason } = ours.word;
	switch (refusalOf(ours)) {
		case 'not_ours':
			return { bucket: 'notOurs', reason: reason ?? READINESS[readiness].label };
		case 'canceled_in_cart':
			return { bucket: 'notEligible', reason: reason ?? READINESS[readiness].label };
		case 'not_eligible':
			return { bucket: 'notEligible', reason: order.notEligible ?? null };
		case null:
			return failure === null ? { bucket: 'missing', reason: null } : { bucket: 'failures', reason: failure };
	}
}

/**
 * Whether anything of an order went out twice: to a warehouse, whole or the same part, or in a bundle besides; or the cart was told of one of its shipments more than
 * once. Parts at several warehouses are no two times.
 */
export function isTwice({ bundle, added = [], ...order }: Standing): boolean {
	const own = [order, ...(bundle === null ? [] : [bundle])];
	const all = [...own, ...own.flatMap(({ parts }) => parts), ...added];
	if (all.some(({ uploadedTwice, alertCode }) => uploadedTwice || alertCode === 'sent_twice')) return true;
	const taken = own.reduce((sum, one) => sum + one.taken + one.parts.reduce((most, part) => Math.max(most, part.taken), 0), 0);
	// What was added are other goods.
	return Math.max(taken, ...added.map((one) => one.taken)) > 1;
}

/** What the statement says of one order of the cart. */
export interface StatedOrder extends Place {
	orderNumber: string;
	twice: boolean;
}

interface StatedReason {
	bucket: Bucket;
	reason: string;
	count: number;
	numbers: string[];
}

export interface Statement {
	store: string;
	from: IsoDate;
	to: IsoDate;
	/** What Reconcile did right before; null = it is not known. What it imported is not missing any more. */
	reconciled: Repairs | null;
	/** How many the cart has: what the counts of all buckets add up to. */
	orders: number;
	missing: number;
	/** These are in one of the buckets like any other. */
	twice: number;
	counts: Record<Bucket, number>;
	/** The order numbers behind each count. */
	numbers: Record<Bucket | 'twice', string[]>;
	/** Those of a bucket that are told apart, the most frequent first. */
	reasons: StatedReason[];
}

/** Longest reason by which orders are told apart. */
const REASON_LENGTH = 200;

/** Counts orders. @param stated each order of the cart once */
export function statementOf(span: Pick<Statement, 'store' | 'from' | 'to' | 'reconciled'>, stated: Iterable<StatedOrder>): Statement {
	const numbers: Statement['numbers'] = {
		missing: [],
		inError: [],
		waiting: [],
		atWarehouse: [],
		putAway: [],
		skipped: [],
		shipped: [],
		canceled: [],
		notOurs: [],
		notEligible: [],
		failures: [],
		twice: [],
	};
	const reasons = new Map<string, StatedReason>();
	for (const { orderNumber, bucket, reason, twice } of stated) {
		numbers[bucket].push(orderNumber);
		if (twice) numbers.twice.push(orderNumber);
		if (reason === null) continue;
		const kept = reason.slice(0, REASON_LENGTH).toWellFormed();
		const key = `${bucket} ${kept}`;
		const known = reasons.get(key) ?? { bucket, reason: kept, count: 0, numbers: [] };
		known.count += 1;
		known.numbers.push(orderNumber);
		reasons.set(key, known);
	}
	const counts = {
		missing: 0,
		inError: 0,
		waiting: 0,
		atWarehouse: 0,
		putAway: 0,
		skipped: 0,
		shipped: 0,
		canceled: 0,
		notOurs: 0,
		notEligible: 0,
		failures: 0,
	};
	let orders = 0;
	for (const bucket of BUCKET_NAMES) {
		counts[bucket] = numbers[bucket].length;
		orders += counts[bucket];
	}
	return {
		...span,
		orders,
		missing: counts.missing,
		twice: numbers.twice.length,
		counts,
		numbers,
		reasons: [...reasons.values()].sort((left, right) => right.count - left.count),
	};
}
