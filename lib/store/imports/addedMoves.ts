/** What the cart's word of an order does to an order that was made of lines which it added. Pure. */
import type { Alert, AlertCode } from '../../order/alerts';
import { asSold, contentOfAdded, type Quantities } from '../../order/addedLines';
import { canceledReason, cartSays, isOver, type CartWord } from '../../order/cartWord';
import { ships } from '../../order/goods';
import { currentContent, differences } from '../../order/layers';
import type { JsonValue, OrderContent, OrderedLine } from '../../order/order';
import { withSomeLines } from '../../order/parts';
import { inWords, shippedBy } from '../../order/sending';
import { isLive } from '../../order/sendingState';
import { hasTrait, mayMove } from '../../order/status';
import { entry, type FieldChange } from '../../order/timeline';
import type { ImportPage } from '../OrderStore';
import { parse, sameJson, stored } from '../database';
import type { AddedRow, Move } from '../moves';
import { layersOf, snapshotHash } from '../orders';
import { ANEW, canceledLate, heldAlert, isAsked, isNewWord } from './decisions';

export interface Heard {
	page: ImportPage;
	word: CartWord;
	raw: JsonValue;
	row: AddedRow;
	/** Null = nothing of its content. */
	change: {
		/** What the cart said of the order that the lines were added to, and what it says now. */
		before: OrderContent;
		now: OrderContent;
		/** Of its lines, as the cart sold them. */
		wanted: Quantities;
		/** What it went out with; null = it was not sent. */
		sent: OrderContent | null;
	} | null;
}

type Fields = NonNullable<Move['set']>;

/** Null = nothing changes. */
export function addedMove(heard: Heard): Move | null {
	const { row, page, word } = heard;
	const isNews = isNewWord(row, word);
	const target = targetOf(heard);
	const base = {
		orderId: row.id,
		version: row.version,
		actor: page.actor,
		reason: null,
		entries: isNews ? [entry('cart_said', page.actor, { before: row.readiness, now: word.readiness, reason: word.reason })] : [],
	};
	const said: Fields = isNews ? { inCart: word } : {};
	const made = isLive(row.sending) ? ofSent(heard, target, said) : ofReady(heard, target, said);
	return made === null || Object.keys(made.set ?? {}).length === 0 ? null : { ...base, ...made };
}

type Made = Pick<Move, 'set' | 'from' | 'to'> & { reason?: string };

interface Target {
	content: OrderContent;
	isChanged: boolean;
	/** What a warehouse does otherwise, and rules that split it have decided already. */
	unclear: FieldChange[];
}

function targetOf({ row, change }: Heard): Target | null {
	if (change === null) return null;
	const snapshot = parse<OrderContent>(row.snapshot);
	const { before, now, wanted } = change;
	const quantity = (id: string): number => (Object.hasOwn(wanted, id) ? (wanted[id] ?? 0) : 0);
	if (snapshot.warehouse === null) {
		const content = contentOfAdded(
			now,
			now.lines.flatMap((line) => (quantity(line.id) > 0 ? [{ ...line, quantity: quantity(line.id) }] : [])),
		);
		return { content, isChanged: !sameJson(content, snapshot), unclear: [] };
	}
	const lines = snapshot.lines.flatMap((line): OrderedLine[] =>
		line.kit !== undefined || !Object.hasOwn(wanted, line.id)
			? [line]
			: quantity(line.id) > 0
				? [{ ...line, quantity: quantity(line.id) }]
				: [],
	);
	const sold = asSold(snapshot);
	const kits = snapshot.lines.flatMap(({ kit }): FieldChange[] => {
		const had = kit === undefined ? 0 : (sold[kit.lineId] ?? 0);
		return kit === undefined || quantity(kit.lineId) >= had
			? []
			: [{ path: `lines.${kit.lineId}.quantity`, before: had, after: quantity(kit.lineId) }];
	});
	const content = withSomeLines(snapshot, lines);
	return {
		content,
		isChanged: !sameJson(content, snapshot),
		unclear: [...shippedBy(differences({ ...before, lines: [] }, { ...now, lines: [] })), ...kits],
	};
}

const written = ({ raw }: Heard, { content }: Target): Fields => ({
	snapshot: { content, hash: snapshotHash(stored(content)), payload: stored(raw) },
});

const namesOf = ({ change }: Heard): OrderedLine[] => [...(change?.before.lines ?? []), ...(change?.now.lines ?? [])];

/** What was sent stays as it is; what the cart says otherwise is told, and the warehouse is asked to cancel. */
function ofSent(heard: Heard, target: Target | null, said: Fields): Made {
	const { row, word, change } = heard;
	const isNews = said.inCart !== undefined;
	const set: Fields = { ...said };
	if (target?.isChanged === true) {
		Object.assign(set, written(heard, target));
		if (row.result === null) set.result = currentContent(layersOf(row));
	}
	if (!isAsked(row.status)) return { set };
	if (isOver(word.readiness)) return { set: isNews ? { ...set, ...canceledLate(row, word) } : set };
	const wantedAgain = isNews && (isOver(row.readiness) || row.readiness === 'waiting');
	const raise: Alert[] = isNews && word.readiness === 'waiting' ? [heldAlert(word)] : [];
	const clear: AlertCode[] = wantedAgain ? ['canceled_in_cart', 'cancel_too_late', 'held_in_cart'] : [];
	if (wantedAgain) Object.assign(set, { canceledInCartAt: null, cancelDueAt: null });
	if (target !== null && change !== null && change.sent !== null) {
		const alarming = [...shippedBy(differences(change.sent, target.content)), ...target.unclear];
		if (alarming.length === 0) clear.push('changed_in_cart');
		else
			raise.push({
				code: 'changed_in_cart',
				message: `Changed in the cart after it was sent to the warehouse: ${inWords(alarming, namesOf(heard))}.`,
			});
	}
	return { set: raise.length + clear.length === 0 ? set : { ...set, alerts: { raise, clear } } };
}

/** One that no warehouse may have becomes what the cart says now. */
function ofReady(heard: Heard, target: Target | null, said: Fields): Made | null {
	const {
		row: { status, readiness, canceled_in_cart_at: canceledAt },
		word,
	} = heard;
	const wasStopped = isOver(readiness) && canceledAt !== null;
	const content = target?.isChanged === true ? written(heard, target) : {};
	// One that is over shows what it was.
	const shown = target?.isChanged === true ? { result: currentContent(layersOf(heard.row)) } : {};
	if (isOver(word.readiness)) {
		const reason = canceledReason(word);
		return mayMove(status, 'canceled')
			? {
					from: status,
					to: 'canceled',
					reason,
					set: { ...said, ...content, ...shown, statusReason: reason, alerts: { clear: 'all' }, canceledInCartAt: 'now' },
				}
			: { set: { ...said, ...content, ...shown } };
	}
	// A person canceled it, or put it away: the cart's word is kept, and nothing else.
	if (!hasTrait(status, 'starts_anew') && !(status === 'canceled' && wasStopped)) return { set: said };
	if (target !== null && !target.content.lines.some(ships)) {
		const reason = 'Taken back in the cart.';
		return mayMove(status, 'canceled')
			? { from: status, to: 'canceled', reason, set: { ...said, ...content, ...shown, statusReason: reason, alerts: { clear: 'all' } } }
			: { set: { ...said, ...content } };
	}
	if (word.readiness === 'waiting') {
		const waits: Fields = { statusReason: cartSays(word), heldUntil: word.until, retryAt: null, dueAt: null };
		const fields = { ...said, ...content, ...(target?.isChanged === true ? { result: null } : {}) };
		if (mayMove(status, 'delayed')) return { from: status, to: 'delayed', reason: cartSays(word), set: { ...fields, ...waits } };
		return { set: status === 'delayed' ? { ...fields, ...waits } : fields };
	}
	if (target !== null && target.unclear.length > 0 && mayMove(status, 'error')) {
		const message = `Changed in the cart after rules had split it: ${inWords(target.unclear, namesOf(heard))}. Change it likewise with Edit, then Reprocess; or cancel it.`;
		return {
			from: status,
			to: 'error',
			reason: message,
			set: { ...said, ...content, statusReason: message, alerts: { raise: [{ code: 'changed_in_cart', message }] } },
		};
	}
	const goesOn = status === 'canceled' || (status === 'delayed' && readiness === 'waiting');
	if (target?.isChanged !== true && !goesOn) return { set: said };
	const anew: Fields = { ...ANEW, ...said, ...content, canceledInCartAt: null, cancelDueAt: null, dueAt: 'now' };
	return status === 'new'
		? { set: anew }
		: { from: status, to: 'new', reason: target?.isChanged === true ? 'Changed in the cart.' : cartSays(word), set: anew };
}
