/** What a move becomes when cart or people said something else at any moment between the decision and the write. */
import { insteadOfSending, type CartWord } from '../../order/cartWord';
import { isLive, type SendingState } from '../../order/sendingState';
import { mayMove, type OrderStatus } from '../../order/status';
import type { OrderRow } from '../database';
import type { LockedRow, Move } from './move';

/**
 * What is canceled in the cart, or was to be canceled at the warehouse, is Canceled once no warehouse has it, whatever else was to become of it: the
 * cart may say so at any moment between the decision and this write.
 */
export function canceledInstead(
	move: Move,
	row: Pick<LockedRow, 'status' | 'canceled_in_cart_at' | 'cancel_due_at'> | undefined,
	known: SendingState,
): Move {
	const { sending, from = row?.status as OrderStatus | undefined, to, set } = move;
	// One may be over while another one is there still.
	if (row === undefined || sending === undefined || isLive(known) || to === 'canceled' || from === undefined || !mayMove(from, 'canceled'))
		return move;
	const byCart = row.canceled_in_cart_at !== null && set?.canceledInCartAt !== null;
	if (!byCart && (row.cancel_due_at === null || set?.cancelDueAt === null)) return move;
	const reason = byCart ? 'Canceled in the cart; the warehouse does not have it.' : 'Canceled; the warehouse does not have it.';
	return {
		...move,
		from,
		to: 'canceled',
		reason,
		set: { statusReason: reason, alerts: { clear: 'all' }, cancelDueAt: null, heldUntil: null, retryAt: null },
	};
}

/** What no warehouse may have is not made ready to be sent while the cart does not want it shipped. */
export function asTheCartWants(
	move: Move,
	row: Pick<LockedRow, 'status' | 'readiness' | 'cart_reason' | 'ready_at'> | undefined,
	known: SendingState,
): Move {
	const { to, set } = move;
	const from = move.from ?? row?.status;
	if (row === undefined || to !== 'routed' || isLive(known) || from === undefined) return move;
	const instead = insteadOfSending(set?.inCart ?? wordIn(row));
	if (instead === null || !mayMove(from, instead.to)) return move;
	const rest = { ...move };
	delete rest.split;
	const alerts = instead.to === 'canceled' ? ({ alerts: { clear: 'all' }, canceledInCartAt: 'now' } as const) : {};
	return {
		...rest,
		from,
		to: instead.to,
		reason: instead.reason,
		set: { ...set, ...alerts, statusReason: instead.reason, heldUntil: null, retryAt: null, dueAt: null },
	};
}

/** What the row says of the cart's word. */
export const wordIn = (row: Pick<LockedRow, 'readiness' | 'cart_reason' | 'ready_at'>): CartWord => ({
	readiness: row.readiness,
	reason: row.cart_reason,
	until: row.ready_at,
});

export const wordColumns = ({ readiness, reason, until }: CartWord): Pick<OrderRow, 'readiness' | 'cart_reason' | 'ready_at'> => ({
	readiness,
	cart_reason: reason,
	ready_at: until,
});
