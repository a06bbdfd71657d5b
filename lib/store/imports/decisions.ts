/** What the cart's word about an order that we have does to it: the moves for what the table in lib/order/cartWord.ts says. Pure. */
import type { Alert } from '../../order/alerts';
import {
	canceledReason,
	cartSays,
	effectOn,
	isOver,
	ourSide,
	type CartWord,
	type Effect,
	type News,
	type Readiness,
} from '../../order/cartWord';
import { REDELIVER_AFTER_MS } from '../../order/due';
import type { SendingState } from '../../order/sendingState';
import { hasTrait, mayMove, type OrderStatus } from '../../order/status';
import { entry } from '../../order/timeline';
import type { ImportPage, ImportResult } from '../OrderStore';
import { storableDate, stored } from '../database';
import { wholeText } from '../../order/texts';
import type { Candidate, KnownRow } from './candidate';
import { type BundleState, isLiveRow, type Move, type PartRow } from '../moves';

/** Longest reason of a cart that is kept, in characters. */
const REASON_LIMIT = 300;

/** As it is kept, so that what is repeated is known again. */
export const keptWord = ({ readiness, reason, until }: CartWord): CartWord => ({
	readiness,
	reason: reason === null ? null : wholeText(reason).trim().slice(0, REASON_LIMIT) || null,
	until: storableDate(until),
});

/** An order that the cart says something of, and what stands for it: the parts that it is split into, the bundle that it is in. */
interface Subject {
	page: ImportPage;
	candidate: Candidate;
	row: KnownRow;
	parts: readonly PartRow[];
	bundle?: BundleState | undefined;
	/** Its content is another one in the cart now, and that counts. */
	isChanged: boolean;
}

export type Decision =
	| { kind: 'unchanged' | 'refused'; reason: ImportResult['reason'] }
	/** `tells` = what was sent stays as it is, and what the cart changed of it is told. */
	| { kind: ImportResult['kind']; reason: ImportResult['reason']; moves: Move[]; more?: Move[]; tells?: true; bundle?: BundleState };

type Base = Pick<Move, 'orderId' | 'actor'> & { version: number };
type Fields = NonNullable<Move['set']>;

/** What the cart's word about an order that we have means now. */
export function decide(subject: Subject): Decision {
	const {
		candidate: { word },
		row,
		bundle,
		isChanged,
	} = subject;
	const news: News = word.readiness === 'ready' ? (isChanged ? 'changed' : 'same') : word.readiness;
	const { status, readiness, canceled_in_cart_at: canceledAt } = row;
	const effect = effectOn({ status, sending: sendingOf(subject), readiness, canceledByCart: canceledAt !== null }, news);
	const isNews = isChanged || isNewWord(row, word);
	// What the cart repeats is decided already, by it or by a person who decided otherwise.
	if (!isNews) return unchanged(row.status, effect);
	const decision = BY_EFFECT[effect]({ ...subject, effect });
	return bundle === undefined || !('moves' in decision) ? decision : { ...decision, bundle };
}

/** What is known of an order by what stands for it. */
const sendingOf = ({ row, parts, bundle }: Subject): SendingState => (bundle?.sent || parts.some(isLiveRow) ? 'may_be_there' : row.sending);

export const isNewWord = (row: Pick<KnownRow, 'readiness' | 'cart_reason' | 'ready_at'>, { readiness, reason, until }: CartWord): boolean =>
	row.readiness !== readiness || (readiness !== 'ready' && (row.cart_reason !== reason || row.ready_at !== until));

function unchanged(status: OrderStatus, effect: Effect): Decision {
	if (status === 'archived') return { kind: 'refused', reason: 'archived' };
	return effect === 'ask' || effect === 'tell' ? { kind: 'refused', reason: 'already_sent' } : { kind: 'unchanged', reason: null };
}

interface Case extends Subject {
	effect: Effect;
}

const BY_EFFECT: Readonly<Record<Effect, (one: Case) => Decision>> = {
	nothing: noted,
	note: noted,
	anew,
	wait,
	cancel,
	tell,
	ask,
	recall,
	offer: tell,
};

const baseOf = ({ page, row }: Subject): Base => ({ orderId: row.id, version: row.version, actor: page.actor });

/** The cart's word, as far as it is another one, and what it ends. */
function said({ page, row, candidate: { word } }: Subject): { set: Fields; entries: NonNullable<Move['entries']> } {
	if (!isNewWord(row, word)) return { set: {}, entries: [] };
	const before: Readiness = row.readiness;
	const wantedAgain = isOver(before) && !isOver(word.readiness);
	const overNow = isOver(word.readiness);
	const clear = [
		...(overNow ? (['wanted_again'] as const) : []),
		...(wantedAgain ? (['canceled_in_cart', 'cancel_too_late'] as const) : []),
		...(before === 'waiting' ? (['held_in_cart'] as const) : []),
	];
	return {
		set: {
			inCart: word,
			...(row.canceled_in_cart_at !== null && wantedAgain ? { canceledInCartAt: null, cancelDueAt: null } : {}),
			...(clear.length > 0 ? { alerts: { clear } } : {}),
		},
		entries: [entry('cart_said', page.actor, { before, now: word.readiness, reason: word.reason })],
	};
}

const snapshotOf = ({ candidate: { order, hash }, isChanged }: Case): Fields =>
	isChanged ? { snapshot: { content: order.content, hash, payload: stored(order.raw) } } : {};

/** What was decided of it is over, and so are the parts that it was split into. */
const unsplit = ({ parts }: Subject) => (parts.length > 0 ? ({ unsplit: true } as const) : {});

/** What was made of an order before the cart changed it is over. */
export const ANEW: Fields = {
	result: null,
	alerts: { clear: 'all' },
	heldUntil: null,
	retryAt: null,
	statusReason: null,
	dueAt: { inMs: REDELIVER_AFTER_MS },
};

function noted(one: Case): Decision {
	const { row } = one;
	const { set, entries } = said(one);
	const parts = wantedAgainParts(one);
	const move: Move = { ...baseOf(one), reason: null, set: { ...set, ...snapshotOf(one) }, entries };
	return {
		...unchanged(row.status, one.effect),
		moves: [move],
		more: parts,
		...(one.isChanged && one.effect === 'note' ? { tells: true } : {}),
	};
}

/** The warehouse let go of it for the cart's sake; what was canceled there is not sent again by itself. */
function recall(one: Case): Decision {
	const decision = noted(one);
	if (!('moves' in decision)) return decision;
	const alert: Alert = {
		code: 'wanted_again',
		message: 'The order was canceled at the warehouse while the cart did not want it, and the cart wants it again.',
	};
	return {
		...decision,
		moves: decision.moves.map((move, index) =>
			index === 0 ? { ...move, set: { ...move.set, alerts: { ...move.set?.alerts, raise: [alert] } } } : move,
		),
	};
}

/** What was asked of the warehouses of its parts is not asked any more, and what waited for the cart goes on. */
function wantedAgainParts({ page, row, parts, candidate: { word } }: Case): Move[] {
	if (isOver(word.readiness) || word.readiness === 'waiting' || (!isOver(row.readiness) && row.readiness !== 'waiting')) return [];
	return parts.map((part): Move => {
		const base = { orderId: part.id, version: part.version, actor: page.actor };
		const set: Fields = {
			inCart: word,
			canceledInCartAt: null,
			cancelDueAt: null,
			alerts: { clear: ['canceled_in_cart', 'cancel_too_late', 'held_in_cart'] },
		};
		const side = isLiveRow(part) ? 'sent' : ourSide({ ...part, canceledByCart: part.canceled_in_cart_at !== null });
		if (side === 'delayed_by_cart' || (side === 'canceled_by_cart' && hasTrait(row.status, 'under_way')))
			return { ...base, from: part.status, to: 'new', reason: cartSays(word), set: { ...ANEW, ...set, alerts: { clear: 'all' } } };
		return { ...base, reason: null, set };
	});
}

function anew(one: Case): Decision {
	const {
		row,
		isChanged,
		candidate: { word },
	} = one;
	const { set, entries } = said(one);
	const reason = isChanged ? 'Changed in the cart.' : cartSays(word);
	const fields: Fields = {
		...set,
		...ANEW,
		...snapshotOf(one),
		...(row.bundled_into !== null ? { bundledInto: null } : {}),
		// The time that it had was that of the cart.
		...(row.readiness !== 'ready' ? { abandonAt: 'restart' } : {}),
	};
	const move: Move = { ...baseOf(one), reason, set: fields, entries, ...unsplit(one) };
	return { kind: 'updated', reason: null, moves: [row.status === 'new' ? move : { ...move, from: row.status, to: 'new' }] };
}

/** By way of New, from where every order may be delayed. One that the cart delays already only gets the new reason. */
function wait(one: Case): Decision {
	const {
		row,
		candidate: { word },
	} = one;
	const reason = cartSays(word);
	const waits: Fields = { statusReason: reason, heldUntil: word.until, retryAt: null, dueAt: null };
	if (row.status === 'delayed' && row.readiness === 'waiting') {
		const { set, entries } = said(one);
		return {
			kind: 'waiting',
			reason: null,
			moves: [{ ...baseOf(one), reason: null, set: { ...set, ...(one.isChanged ? ANEW : {}), ...snapshotOf(one), ...waits }, entries }],
		};
	}
	const first = anew(one);
	const moves = 'moves' in first && row.status !== 'new' ? first.moves.map((move) => ({ ...move, reason })) : [];
	const base = baseOf(one);
	const { set, entries } = moves.length > 0 ? { set: {}, entries: [] } : said(one);
	const own: Fields = moves.length > 0 ? waits : { ...set, result: null, alerts: { clear: 'all' }, ...snapshotOf(one), ...waits };
	return {
		kind: 'waiting',
		reason: null,
		moves: [...moves, { ...base, version: base.version + moves.length, from: 'new', to: 'delayed', reason, set: own, entries }],
	};
}

function cancel(one: Case): Decision {
	const {
		row,
		candidate: { word },
	} = one;
	if (!mayMove(row.status, 'canceled')) return noted(one);
	const { set, entries } = said(one);
	const reason = canceledReason(word);
	const fields: Fields = {
		...set,
		...snapshotOf(one),
		statusReason: reason,
		alerts: { clear: 'all' },
		canceledInCartAt: 'now',
		...(row.bundled_into !== null ? { bundledInto: null } : {}),
	};
	return {
		kind: 'canceled',
		reason: null,
		moves: [{ ...baseOf(one), ...unsplit(one), from: row.status, to: 'canceled', reason, set: fields, entries }],
	};
}

/** What a warehouse ships by is decided by comparing what was sent; a hold is told as it is. */
function tell(one: Case): Decision {
	const {
		isChanged,
		candidate: { word },
	} = one;
	const { set, entries } = said(one);
	const held: Alert[] = word.readiness === 'waiting' && set.inCart !== undefined ? [heldAlert(word)] : [];
	const move: Move = {
		...baseOf(one),
		reason: null,
		set: { ...set, ...snapshotOf(one), ...(held.length > 0 ? { alerts: { ...set.alerts, raise: held } } : {}) },
		entries,
	};
	const more = word.readiness === 'waiting' ? waitingParts(one) : wantedAgainParts(one);
	return { kind: 'refused', reason: 'already_sent', moves: [move], more, ...(isChanged ? { tells: true } : {}) };
}

export const heldAlert = ({ reason }: CartWord): Alert => ({
	code: 'held_in_cart',
	message: `After the order had gone out to the warehouse, the cart says: ${reason ?? 'not to be shipped yet'}.`,
});

/** Parts that no warehouse may have wait for the cart. */
function waitingParts({ page, parts, candidate: { word } }: Case): Move[] {
	const reason = cartSays(word);
	return parts.flatMap((part): Move[] => {
		const base = { orderId: part.id, version: part.version, actor: page.actor };
		if (isLiveRow(part) || !mayMove(part.status, 'delayed')) return [{ ...base, reason: null, set: { inCart: word } }];
		return [
			{
				...base,
				from: part.status,
				to: 'delayed',
				reason,
				set: { inCart: word, statusReason: reason, heldUntil: word.until, retryAt: null, dueAt: null },
			},
		];
	});
}

/** The warehouse is asked to cancel it, and its answer decides; told once. */
function ask(one: Case): Decision {
	const {
		row,
		parts,
		bundle,
		page,
		candidate: { word },
	} = one;
	const { set, entries } = said(one);
	const base = baseOf(one);
	const told = { kind: 'refused', reason: 'already_sent', ...(one.isChanged ? { tells: true as const } : {}) } as const;
	const fields: Fields = { ...set, ...snapshotOf(one), canceledInCartAt: 'now' };
	if (row.canceled_in_cart_at !== null)
		return { ...told, moves: [{ ...base, reason: null, set: { ...set, ...snapshotOf(one) }, entries }] };
	if (bundle !== undefined) {
		// That the whole bundle is canceled is decided by all of its orders together.
		if (bundle.sent)
			return {
				...told,
				moves: [
					{
						...base,
						reason: null,
						set: { ...fields, alerts: { raise: [canceledAlert(row, word, ` in ${bundle.row.reference}`)], clear: ['held_in_cart'] } },
						entries,
					},
				],
			};
		// It may be at a warehouse by itself, from before it was bundled.
		const reason = canceledReason(word);
		const asked = canceledLate(row, word);
		return {
			...told,
			kind: 'canceled',
			reason: null,
			moves: [
				{
					...base,
					from: 'bundled',
					to: 'canceled',
					reason,
					set: { ...fields, ...asked, bundledInto: null, statusReason: reason, alerts: { ...asked.alerts, clear: 'all' } },
					entries,
				},
			],
		};
	}
	if (parts.length > 0)
		return { ...told, moves: [{ ...base, reason: null, set: fields, entries }], more: canceledParts(page, parts, word) };
	return { ...told, moves: [{ ...base, reason: null, set: { ...fields, ...canceledLate(row, word) }, entries }] };
}

function canceledAlert({ sending }: Pick<KnownRow, 'sending'>, word: CartWord, where = ''): Alert {
	const what =
		word.readiness === 'gone'
			? 'The order was taken out of the cart'
			: word.readiness === 'not_ours'
				? 'Nothing of the order is ours to ship any more'
				: 'The order was canceled in the cart';
	const when =
		sending === 'there' || where !== ''
			? `after it had been sent to the warehouse${where}`
			: 'after it had gone out to the warehouse, which may have it';
	return { code: 'canceled_in_cart', message: `${what} ${when}${word.reason === null ? '' : `: ${word.reason}`}.` };
}

export const canceledLate = (row: Pick<KnownRow, 'sending'>, word: CartWord): Fields => ({
	canceledInCartAt: 'now',
	cancelDueAt: 'now',
	// That it is held is over.
	alerts: { raise: [canceledAlert(row, word)], clear: ['held_in_cart'] },
});

/** What nobody waits for any more may still leave the warehouse; what a person archived is that person's. */
export const isAsked = (status: OrderStatus): boolean =>
	hasTrait(status, 'under_way') || (hasTrait(status, 'put_away') && !hasTrait(status, 'settled'));

/** Parts that no warehouse may have are canceled here; of the others the warehouse is asked. */
function canceledParts({ actor }: ImportPage, parts: readonly PartRow[], word: CartWord): Move[] {
	const reason = canceledReason(word);
	return parts.flatMap((part): Move[] => {
		const own = { orderId: part.id, version: part.version, actor };
		if (isLiveRow(part)) return isAsked(part.status) ? [{ ...own, reason: null, set: { inCart: word, ...canceledLate(part, word) } }] : [];
		return mayMove(part.status, 'canceled')
			? [
					{
						...own,
						from: part.status,
						to: 'canceled',
						reason,
						set: { inCart: word, statusReason: reason, alerts: { clear: 'all' }, canceledInCartAt: 'now' },
					},
				]
			: [];
	});
}

/** Of what stands for an order that the cart wants again: nothing is asked of the warehouse any more. */
export const WANTED_AGAIN: Fields = {
	canceledInCartAt: null,
	cancelDueAt: null,
	alerts: { clear: ['canceled_in_cart', 'cancel_too_late'] },
};
