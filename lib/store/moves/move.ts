/** A move, and what of a row is read and locked for it. */
import type { OrderContent } from '../../order/order';
import type { OrderStatus } from '../../order/status';
import type { Actor, NewTimelineEntry } from '../../order/timeline';
import type { NewPart, OrderFields, SendingFact } from '../OrderStore';
import { type OrderRow, sql } from '../database';
import type { Progress } from '../orders';

/** Fields that only the store itself sets. */
export interface InnerFields extends OrderFields {
	snapshot?: { content: OrderContent; hash: string; payload: string };
	progress?: Progress;
	shipmentCount?: number;
	trackingText?: string;
	bundledInto?: string | null;
	/** Of an order that is done: how many of each line it stands for itself, whatever the cart says. */
	settledLines?: Readonly<Record<string, number>>;
}

/** A move (`to` given) or an amendment. */
export interface Move {
	orderId: string;
	from?: OrderStatus;
	to?: OrderStatus;
	version?: number;
	epoch?: number;
	actor: Actor;
	reason: string | null;
	set?: InnerFields;
	entries?: NewTimelineEntry[];
	sending?: SendingFact;
	split?: NewPart[];
	unsplit?: true;
}

export type LockedRow = Pick<
	OrderRow,
	| 'id'
	| 'external_id'
	| 'status'
	| 'version'
	| 'claim_epoch'
	| 'alerts'
	| 'held_until'
	| 'retry_at'
	| 'sending'
	| 'sendings'
	| 'readiness'
	| 'cart_reason'
	| 'ready_at'
	| 'canceled_in_cart_at'
	| 'cancel_due_at'
	| 'acknowledged_at'
	| 'opened_at'
	| 'abandon_days'
	| 'reference'
	| 'reference_base'
	| 'imported_at'
	| 'parent_id'
	| 'bundled_into'
	| 'bundle_size'
	| 'bundle_key'
>;

export const LOCKED_ROW = sql`o.id, o.external_id, o.status, o.version, o.claim_epoch, o.alerts, o.held_until, o.retry_at, o.sending, o.sendings,
	o.readiness, o.cart_reason, o.ready_at, o.canceled_in_cart_at, o.cancel_due_at, o.acknowledged_at, o.opened_at, o.abandon_days, o.reference, o.reference_base, o.imported_at, o.parent_id, o.bundled_into, o.bundle_size, o.bundle_key`;
