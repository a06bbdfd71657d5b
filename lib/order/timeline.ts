/** The timeline of an order: append-only entries, each kind with its own payload. Never secrets, never whole payloads. */
import type { Alert } from './alerts';
import type { Readiness } from './cartWord';
import type { NewImportFailure } from './importFailure';
import type { IsoDate, JsonValue } from './order';
import type { OrderStatus } from './status';

/** Who did it: a person (name or e-mail), a node (its name), or the system (reaper, derived status). */
export interface Actor {
	kind: 'person' | 'node' | 'system';
	name: string;
}

export interface FieldChange {
	/** Path in the order, "shippingAddress.address1", "lines.<id>.quantity". */
	path: string;
	before: JsonValue;
	after: JsonValue;
}

/** Payload by kind. A new kind is added here, and nowhere else. */
interface TimelinePayloads {
	imported: { cart: string; source: string };
	snapshot_changed: { changes: FieldChange[]; source: string };
	/** What the cart says of the order now, and what it said before. */
	cart_said: { before: Readiness; now: Readiness; reason: string | null };
	status_changed: { from: OrderStatus; to: OrderStatus; reason: string | null };
	rules_applied: { decision: string; ruleSet: string | null; trace: JsonValue };
	edited: { changes: FieldChange[] };
	/** Of the order that was split. */
	split: { parts: Array<{ orderId: string; reference: string; warehouse: string | null }> };
	/** Of a part: which order it is of. */
	split_from: { orderId: string; reference: string };
	parts_removed: { references: string[] };
	/** Of an order that was done: the order that was made of lines which the cart added to it. */
	added_lines_sent: { orderId: string; reference: string; lines: Array<{ lineId: string; quantity: number }> };
	/** Of that order: which one the lines were added to. */
	added_to: { orderId: string; reference: string };
	/** Of an order that was merged into another one. */
	bundled: { orderId: string; reference: string };
	/** Of a bundle: which orders it is made of. */
	bundle_made: { rule: string; orders: Array<{ orderId: string; reference: string; orderNumber: string }> };
	unbundled: { reference: string; reason: string };
	send_outcome: { outcome: string; wmsOrderId: string | null; message: string | null };
	wms_acknowledged: { wmsOrderId: string };
	shipment_recorded: {
		shipmentId: string;
		externalId: string;
		carrier: string | null;
		trackingNumber: string | null;
		quantities: Record<string, number>;
	};
	/** The warehouse gave other tracking for a shipment that it had reported. */
	tracking_changed: { shipmentId: string; before: string | null; after: string | null; uploaded: boolean };
	shipment_voided: { shipmentId: string; trackingNumber: string | null; uploaded: boolean; reason: string | null };
	quantity_canceled: { lineId: string; quantity: number; reason: string | null };
	tracking_uploaded: { shipmentId: string; trackingNumber: string | null; message: string | null };
	upload_failed: { shipmentId: string; problem: string };
	cart_acknowledged: { message: string | null };
	alert_raised: Alert;
	alert_cleared: { code: string };
	note: { text: string };
	/** Of no order: `orderId` is the key of the import failure, which has the words. */
	import_failed: { subject: NewImportFailure['subject'] };
}

export type TimelineKind = keyof TimelinePayloads;

/** An entry as use cases write it; the store adds order, time and sequence. */
export type NewTimelineEntry = {
	[K in TimelineKind]: { kind: K; actor: Actor; data: TimelinePayloads[K] };
}[TimelineKind];

export type TimelineEntry = NewTimelineEntry & {
	id: string;
	orderId: string;
	at: IsoDate;
	/** Opaque position for `OrderStore.events`. */
	position: string;
};

/** Makes a typed entry. @example entry('note', actor, { text: 'Called the customer.' }) */
export const entry = <K extends TimelineKind>(kind: K, actor: Actor, data: TimelinePayloads[K]): NewTimelineEntry =>
	({ kind, actor, data }) as NewTimelineEntry;
