/** What the cart's word about an order that we have means now. Pure. */
import { REDELIVER_AFTER_MS } from '../../order/due';
import type { ImportedOrder } from '../../order/order';
import { mayBeAtWms } from '../../order/parts';
import { mayMove, type OrderStatus } from '../../order/status';
import { entry } from '../../order/timeline';
import type { ImportPage, ImportResult } from '../OrderStore';
import type { BundleState } from './bundles';
import { keptBy, stateOf, type PartRow } from './parts';
import type { Move } from './plan';
import { stored } from './rows';
import type { OrderRow } from './tables';

/** Where a change in the cart still counts, as long as the WMS was never given the order. */
const UNSENT: readonly OrderStatus[] = ['new', 'routed', 'delayed', 'skipped', 'error'];

export interface Candidate {
	order: ImportedOrder;
	externalId: string;
	/** The content as it is stored. */
	snapshot: string;
	hash: string;
	index: number;
}

export type KnownRow = Pick<OrderRow, 'id' | 'external_id' | 'status' | 'sent_at' | 'snapshot_hash' | 'version' | 'shipment_count' | 'alert_code' | 'parts_made' | 'bundled_into'>;

export type Decision =
	| { kind: 'unchanged' | 'refused'; reason: ImportResult['reason'] }
	| { kind: 'updated' | 'canceled' | 'changed_late' | 'canceled_late'; move: Move; more?: Move[]; bundle?: BundleState };

/** What the cart's word about an order that we have means now. */
export function decide(page: ImportPage, { order, hash }: Candidate, row: KnownRow, parts: readonly PartRow[]): Decision {
	const status = row.status as OrderStatus;
	if (status === 'archived') return { kind: 'refused', reason: 'archived' };
	const unsent = UNSENT.includes(status) && row.sent_at === null && row.shipment_count === 0 && keptBy(parts) === null;
	// What was decided of it is over, and so are the parts that it was split into.
	const unsplit = parts.length > 0 ? ({ unsplit: true } as const) : {};
	const base = { orderId: row.id, version: row.version, actor: page.actor };
	if (order.canceled) {
		if (status === 'canceled') return { kind: 'unchanged', reason: null };
		if (!unsent) return parts.length > 0 ? partsCanceledAfterSending(base, parts) : canceledAfterSending(base, row);
		// A skipped order is not sent anyway.
		if (!mayMove(status, 'canceled')) return { kind: 'unchanged', reason: null };
		const reason = 'Canceled in the cart.';
		return { kind: 'canceled', move: { ...base, ...unsplit, from: status, to: 'canceled', reason, set: { statusReason: reason, alert: null } } };
	}
	if (row.snapshot_hash === hash || page.onChange === 'ignore') return { kind: 'unchanged', reason: null };
	const snapshot = { content: order.content, hash, payload: stored(order.raw) };
	// The result of the rules is what was sent and what is shown; the new snapshot counts once the order starts anew.
	if (!unsent) return { kind: 'changed_late', move: { ...base, reason: null, set: { snapshot } } };
	const move: Move = { ...base, reason: 'Changed in the cart.', set: { ...ANEW, snapshot } };
	return { kind: 'updated', move: status === 'new' ? move : { ...move, ...unsplit, from: status, to: 'new' } };
}

/** What was made of an order before the cart changed it is over. */
const ANEW: NonNullable<Move['set']> = { result: null, alert: null, heldUntil: null, retryAt: null, statusReason: null, dueAt: { inMs: REDELIVER_AFTER_MS } };

/** An order in a bundle comes out of it while the warehouse does not have it; after that people have to know. */
export function decideInBundle(page: ImportPage, { order, hash }: Candidate, row: KnownRow, bundle: BundleState): Decision {
	const base = { orderId: row.id, version: row.version, actor: page.actor };
	const reason = order.canceled ? 'Canceled in the cart.' : 'Changed in the cart.';
	if (!order.canceled && (row.snapshot_hash === hash || page.onChange === 'ignore')) return { kind: 'unchanged', reason: null };
	const snapshot = { content: order.content, hash, payload: stored(order.raw) };
	if (!bundle.sent) {
		const out = { ...base, from: 'bundled' as const, reason };
		return order.canceled
			? { kind: 'canceled', bundle, move: { ...out, to: 'canceled', set: { bundledInto: null, statusReason: reason, alert: null } } }
			: { kind: 'updated', bundle, move: { ...out, to: 'new', set: { ...ANEW, bundledInto: null, snapshot } } };
	}
	if (!order.canceled) return { kind: 'changed_late', bundle, move: { ...base, reason: null, set: { snapshot } } };
	// Told once, and without the word that would have the whole bundle canceled.
	if (row.alert_code === 'canceled_in_cart') return { kind: 'refused', reason: 'already_sent' };
	const alert = { code: 'canceled_in_cart', message: `The order was canceled in the cart after it had been sent to the warehouse in ${bundle.row.reference}.` } as const;
	return { kind: 'canceled_late', bundle, move: { ...base, reason: null, set: { alert } } };
}

/** Where somebody has to know what the cart did after the warehouse got the order. */
export const AT_WORK: readonly OrderStatus[] = ['queued', 'open', 'partially_shipped', 'routed', 'delayed', 'error'];

/** Told once: workflows ask the warehouse to cancel it, and what they made of it stands in the alert. */
function canceledAfterSending(base: Pick<Move, 'orderId' | 'version' | 'actor'>, row: Pick<KnownRow, 'alert_code' | 'status'>): Decision {
	const known = row.alert_code === 'canceled_in_cart' || row.alert_code === 'cancel_too_late';
	if (known || !AT_WORK.includes(row.status as OrderStatus)) return { kind: 'refused', reason: 'already_sent' };
	const alert = { code: 'canceled_in_cart', message: 'The order was canceled in the cart after it had been sent to the warehouse.' } as const;
	return { kind: 'canceled_late', move: { ...base, reason: null, set: { alert } } };
}

/** Parts that the warehouse does not have are canceled here; of the others somebody has to know. */
function partsCanceledAfterSending(base: Pick<Move, 'orderId' | 'version' | 'actor'>, parts: readonly PartRow[]): Decision {
	const reason = 'Canceled in the cart.';
	const more = parts.flatMap((part): Move[] => {
		const status = part.status as OrderStatus;
		const own = { orderId: part.id, version: part.version, actor: base.actor };
		if (!mayBeAtWms(stateOf(part))) {
			return mayMove(status, 'canceled') ? [{ ...own, from: status, to: 'canceled', reason, set: { statusReason: reason, alert: null } }] : [];
		}
		const decision = canceledAfterSending(own, part);
		return 'move' in decision ? [decision.move] : [];
	});
	if (more.length === 0) return { kind: 'refused', reason: 'already_sent' };
	return { kind: 'canceled_late', move: { ...base, reason: null, entries: [entry('note', base.actor, { text: reason })] }, more };
}

export interface Changed {
	candidate: Candidate;
	row: KnownRow;
	move: Move;
	/** Moves of its parts. */
	more?: Move[];
	/** The bundle that it is in. */
	bundle?: BundleState;
	kind: 'updated' | 'canceled' | 'changed_late' | 'canceled_late';
}
