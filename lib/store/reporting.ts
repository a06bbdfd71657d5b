/** What a warehouse reports, what becomes of it, and the shipments of which carts are to be told. */
import type { Alert } from '../order/alerts';
import type { NewImportFailure } from '../order/importFailure';
import type { Order, Shipment } from '../order/order';
import type { OrderStatus } from '../order/status';
import type { Actor, NewTimelineEntry } from '../order/timeline';
import type { Cursor, WmsEvent } from '../order/wmsEvent';

export interface ShipmentPage {
	/** Whose cursor it is: "wms:file:acme-wh1". */
	source: string;
	cursorFrom: Cursor | null;
	cursorTo: Cursor | null;
	/** Code of the WMS adapter; only what was sent to it is matched. */
	wms: string;
	/** The account that reports: what was sent to another one of the same WMS is not meant. Absent = it is not known which. */
	account?: string;
	/** Only orders of these stores; absent = all. */
	stores?: string[];
	events: WmsEvent[];
	/** Reports that could not even be read. */
	failures: NewImportFailure[];
	actor: Actor;
}

export interface RecordedEvent {
	event: WmsEvent;
	orderId: string | null;
	shipmentId: string | null;
	/**
	 * recorded: new and written. repeated: known, nothing written. unmatched: no order of ours; kept as an import failure.
	 * alert: recorded, and the order got an alert (late, over-shipped, unknown line).
	 */
	kind: 'recorded' | 'repeated' | 'unmatched' | 'alert';
	/** The status after it. */
	status: OrderStatus | null;
}

/** A shipment whose upload this worker may do now. */
export interface UploadClaim {
	order: Order;
	shipment: Shipment;
	epoch: number;
}

/** How an upload ended. */
export interface UploadOutcome {
	shipmentId: string;
	epoch: number;
	actor: Actor;
	result:
		/** @param numbers those that the cart was told; absent = all that the shipment has */
		| { kind: 'uploaded'; message: string | null; numbers?: readonly string[] }
		| { kind: 'failed'; problem: string; retryInMs: number | null; alert: Alert | null }
		/** A rule keeps it from the cart until somebody reprocesses the order. */
		| { kind: 'held_back'; reason: string };
	/** Timeline entries besides those of the outcome. */
	entries?: NewTimelineEntry[];
}
