/**
 * When an order next needs somebody: one instant per order, so that nothing is forgotten when a workflow dies half way.
 * The store writes it with every move; a claim pushes it to the end of its lease.
 */
import type { OrderStatus } from './status';

/** How long an order may rest in a status that a workflow should have left at once, before it is handed out again. */
export const REDELIVER_AFTER_MS = 5 * 60_000;

/** An instant: a date, the database's present, or a span after it. */
export type Instant = string | 'now' | { inMs: number };

/** What a move into `status` makes due, and when; `null` = nothing waits for us. */
export function dueAfterMove(
	status: OrderStatus,
	fields: { heldUntil?: Instant | null; retryAt?: Instant | null; acknowledged?: boolean },
): Instant | null {
	switch (status) {
		case 'new':
		case 'routed':
		case 'queued':
			return { inMs: REDELIVER_AFTER_MS };
		case 'delayed':
			return fields.retryAt ?? fields.heldUntil ?? null;
		case 'open':
		case 'partially_shipped':
			return fields.acknowledged ? null : { inMs: REDELIVER_AFTER_MS };
		default:
			return null;
	}
}
