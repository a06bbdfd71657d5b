/**
 * What a cart says of an order, kept as a fact, and the only table that says what it does to an order that we have. A cart adapter translates every
 * order, each time it changes, into these words; it never decides. Printed in docs/concepts.md, walked by a test.
 */
import { hasGoods, type SoldLine } from './goods';
import { keysOf } from './keys';
import { isLive, type SendingState } from './sendingState';
import { hasTrait, type OrderStatus } from './status';

/** Whether the cart wants an order shipped now. */
export const READINESS = {
	ready: { label: 'ready', meaning: 'The cart wants it shipped.' },
	waiting: {
		label: 'waiting',
		meaning: 'The cart does not want it shipped yet: a hold, a review, a date, a payment, an edit that is not finished.',
	},
	canceled: { label: 'canceled', meaning: 'Canceled, refunded or failed in the cart.' },
	gone: { label: 'gone', meaning: 'In the trash of the cart, deleted or archived there.' },
	not_ours: {
		label: 'not ours',
		meaning: 'Nothing of it is ours to ship: refunded line by line, shipped by others, picked up, at another location, not physical.',
	},
} as const;

export type Readiness = keyof typeof READINESS;

export const READINESS_NAMES = keysOf(READINESS);

/** What the cart says of an order as a whole. */
export interface CartWord {
	readiness: Readiness;
	/** In the cart's own words, "on hold (High risk of fraud)"; null = it gives none. */
	reason: string | null;
	/** When it will be ready (ISO-8601), where the cart knows. */
	until: string | null;
}

export const READY: CartWord = { readiness: 'ready', reason: null, until: null };

/** @example waiting('on hold (High risk of fraud)') */
export const waiting = (reason: string | null, until: string | null = null): CartWord => ({ readiness: 'waiting', reason, until });

/** @example canceled('refunded') */
export const canceled = (reason: string | null = null): CartWord => ({ readiness: 'canceled', reason, until: null });

/** @example gone('in the trash') */
export const gone = (reason: string): CartWord => ({ readiness: 'gone', reason, until: null });

/** The cart's word about an order; of one that it wants but of which no line is ours to ship: `not_ours`, with the reasons of its lines. */
export function wordOf(word: CartWord, lines: readonly SoldLine[]): CartWord {
	if ((word.readiness !== 'ready' && word.readiness !== 'waiting') || hasGoods(lines)) return word;
	const reasons = new Set(lines.flatMap(({ notOurs = [] }) => notOurs.map(({ reason }) => reason)));
	return { readiness: 'not_ours', reason: [...reasons].join(', ') || word.reason, until: null };
}

/** For people. @example inCart({ readiness: 'waiting', reason: 'on hold', until: null }) // "The cart says: on hold." */
export const cartSays = ({ readiness, reason }: CartWord): string => `The cart says: ${reason ?? READINESS[readiness].label}.`;

/** @example canceledReason({ readiness: 'canceled', reason: 'refunded', until: null }) // "Canceled in the cart: refunded." */
export function canceledReason({ readiness, reason }: CartWord): string {
	const what =
		readiness === 'gone'
			? 'Not in the cart any more'
			: readiness === 'not_ours'
				? 'Nothing of it is ours to ship any more'
				: 'Canceled in the cart';
	return reason === null ? `${what}.` : `${what}: ${reason}.`;
}

/** What becomes of an order that no warehouse may have, where it would be made ready to be sent; null = the cart wants it shipped. @example insteadOfSending(waiting('on hold')) // { to: 'delayed', reason: 'The cart says: on hold.' } */
export function insteadOfSending(word: CartWord): { to: 'delayed' | 'canceled'; reason: string } | null {
	if (word.readiness === 'ready') return null;
	return word.readiness === 'waiting' ? { to: 'delayed', reason: cartSays(word) } : { to: 'canceled', reason: canceledReason(word) };
}

/** What the cart says compared with what it said before. */
export const NEWS = {
	same: 'ready, nothing changed',
	changed: 'ready, changed',
	waiting: 'waiting',
	not_ours: 'nothing of it is ours any more',
	canceled: 'canceled',
	gone: 'in the trash or deleted',
} as const;

export type News = keyof typeof NEWS;

export const NEWS_NAMES = keysOf(NEWS);

/** What an import does to an order that we have. */
export const EFFECTS = {
	nothing: 'nothing.',
	note: 'the timeline says so; nothing else.',
	anew: '→ New with what the cart says now; the rules run anew. Its parts or its bundle are undone.',
	wait: '→ Delayed with the cart’s reason, until the cart says otherwise.',
	cancel: '→ Canceled with the cart’s reason.',
	tell: 'what was sent stays as it is; an alert says what differs.',
	ask: 'an alert, and the warehouse is asked to cancel; its answer decides.',
	recall: 'an alert: the cart wants it again. Reprocess sends it anew, under a new reference.',
	offer: 'lines that were added raise an alert, and Send Added Lines sends them; the rest is in the timeline.',
} as const;

export type Effect = keyof typeof EFFECTS;

type Effects = Readonly<Record<News, Effect>>;

const effects = (same: Effect, changed: Effect, waits: Effect, notOurs: Effect, isCanceled: Effect, isGone: Effect): Effects => ({
	same,
	changed,
	waiting: waits,
	not_ours: notOurs,
	canceled: isCanceled,
	gone: isGone,
});

/** Our side. `sent` = a warehouse has the order, or may have it; of an order that is split, or in a bundle, what is known of those counts. */
// prettier-ignore
export const CART_EFFECTS = {
	//                                     same       changed  waiting  not ours  canceled  gone
	new: { label: 'New', by: effects('nothing', 'anew', 'wait', 'cancel', 'cancel', 'cancel') },
	routed: { label: 'Routed', by: effects('nothing', 'anew', 'wait', 'cancel', 'cancel', 'cancel') },
	delayed: { label: 'Delayed by a rule or a failure', by: effects('nothing', 'anew', 'wait', 'cancel', 'cancel', 'cancel') },
	delayed_by_cart: { label: 'Delayed by the cart', by: effects('anew', 'anew', 'wait', 'cancel', 'cancel', 'cancel') },
	error: { label: 'Error', by: effects('nothing', 'anew', 'wait', 'cancel', 'cancel', 'cancel') },
	skipped: { label: 'Skipped', by: effects('nothing', 'anew', 'note', 'note', 'note', 'note') },
	bundled: { label: 'Bundled, not sent', by: effects('nothing', 'anew', 'wait', 'cancel', 'cancel', 'cancel') },
	canceled_by_cart: { label: 'Canceled by the cart, never sent', by: effects('anew', 'anew', 'wait', 'nothing', 'nothing', 'nothing') },
	canceled_there: { label: 'Canceled after it had been sent, while the cart did not want it', by: effects('recall', 'recall', 'note', 'nothing', 'nothing', 'nothing') },
	canceled: { label: 'Canceled by a person or the warehouse', by: effects('nothing', 'note', 'note', 'note', 'note', 'note') },
	sent: { label: 'sent, or being sent', by: effects('nothing', 'tell', 'tell', 'ask', 'ask', 'ask') },
	sent_put_away: { label: 'sent, then Canceled or Abandoned', by: effects('nothing', 'note', 'note', 'ask', 'ask', 'ask') },
	closed: { label: 'Closed', by: effects('nothing', 'offer', 'note', 'note', 'note', 'note') },
	abandoned: { label: 'Abandoned, not sent', by: effects('nothing', 'note', 'note', 'note', 'note', 'note') },
	abandoned_meanwhile: { label: 'Abandoned, not sent, while the cart did not want it', by: effects('anew', 'anew', 'note', 'note', 'note', 'note') },
	archived: { label: 'Archived', by: effects('nothing', 'note', 'note', 'note', 'note', 'note') },
} as const satisfies Record<string, { label: string; by: Effects }>;

export type OurSide = keyof typeof CART_EFFECTS;

export const OUR_SIDES = keysOf(CART_EFFECTS);

/** What is known of an order when the cart says something of it. */
export interface Known {
	status: OrderStatus;
	/** Of the order, its parts and its bundle together. */
	sending: SendingState;
	/** What the cart said last. */
	readiness: Readiness;
	/** It was canceled, or is to be, because the cart said so. */
	canceledByCart: boolean;
}

/** @example ourSide({ status: 'canceled', sending: 'none', readiness: 'canceled', canceledByCart: true }) // 'canceled_by_cart' */
export function ourSide({ status, sending, readiness, canceledByCart }: Known): OurSide {
	if (isLive(sending) && !hasTrait(status, 'settled')) return hasTrait(status, 'put_away') ? 'sent_put_away' : 'sent';
	if (status === 'canceled') {
		if (readiness === 'ready') return 'canceled';
		if (sending !== 'none') return 'canceled_there';
		return isOver(readiness) && canceledByCart ? 'canceled_by_cart' : 'canceled';
	}
	if (status === 'abandoned' && readiness !== 'ready') return 'abandoned_meanwhile';
	if (status === 'delayed') return readiness === 'waiting' ? 'delayed_by_cart' : 'delayed';
	// What is being sent counts as sent.
	return isOurSide(status) ? status : 'sent';
}

const isOurSide = (name: string): name is OurSide => Object.hasOwn(CART_EFFECTS, name);

/** Whether the cart wants nothing shipped of it any more. */
export const isOver = (readiness: Readiness): boolean => readiness === 'canceled' || readiness === 'gone' || readiness === 'not_ours';

/** @example effectOn({ status: 'new', sending: 'none', readiness: 'ready', canceledByCart: false }, 'waiting') // 'wait' */
export const effectOn = (known: Known, news: News): Effect => CART_EFFECTS[ourSide(known)].by[news];
