/** Shipments as rows. */
import type { Shipment } from '../../order/order';
import { type ShipmentRow, stored } from '../database';

export const rowOf = (shipment: Shipment): ShipmentRow => ({
	id: shipment.id,
	order_id: shipment.orderId,
	external_id: shipment.externalId,
	carrier: shipment.carrier,
	service_level: shipment.serviceLevel,
	tracking_number: shipment.trackingNumber,
	tracking_url: shipment.trackingUrl,
	shipped_at: shipment.shippedAt,
	lines: stored(shipment.lines),
	recorded_at: shipment.recordedAt,
	uploaded_at: null,
	upload_problem: null,
	upload_attempts: 0,
	upload_held_back: shipment.uploadHeldBack ? 1 : 0,
	upload_due_at: shipment.uploadHeldBack || shipment.voidedAt !== null ? null : shipment.recordedAt,
	upload_leased_until: null,
	claim_owner: null,
	claim_epoch: 0,
	voided_at: shipment.voidedAt,
});
