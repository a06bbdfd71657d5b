/**
 * When an order next needs somebody: one instant per order, so that nothing is forgotten when a workflow dies half way.
 * The store writes it with every move; a claim pushes it to the end of its lease.
 */
import { hasTrait, type OrderStatus } from './status';

/** How long an order may rest in a status that a workflow should have left at once, before it is handed out again. */
export const REDELIVER_AFTER_MS = 5 * 60_000;

/** An instant: a date, the database's present, or a span after it. */
export type Instant = string | 'now' | { inMs: number };

/** What a move into `status` makes due, and when; `null` = nothing waits for us. */
export function dueAfterMove(
	status: OrderStatus,
	fields: { heldUntil?: Instant | null; retryAt?: Instant | null; acknowledged?: boolean },
): Instant | null {
	if (status === 'delayed') return fields.retryAt ?? fields.heldUntil ?? null;
	const handedOut = hasTrait(status, 'handed_on') || (hasTrait(status, 'at_warehouse') && !fields.acknowledged);
	return handedOut ? { inMs: REDELIVER_AFTER_MS } : null;
}
