/** Shipments as rows. */
import type { Package, Shipment, ShipmentLine } from '../../order/order';
import { packagesOf, trackingNumbersOf } from '../../order/packages';
import { parse, type ShipmentRow, stored } from '../database';

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
	packages: stored(shipment.packages),
	settled_numbers: stored(shipment.settledNumbers),
});

export function shipmentOf(row: ShipmentRow): Shipment {
	const shipment: Shipment = {
		id: row.id,
		orderId: row.order_id,
		externalId: row.external_id,
		carrier: row.carrier,
		serviceLevel: row.service_level,
		trackingNumber: row.tracking_number,
		trackingUrl: row.tracking_url,
		packages: parse<Package[]>(row.packages),
		shippedAt: row.shipped_at,
		lines: parse<ShipmentLine[]>(row.lines),
		recordedAt: row.recorded_at,
		uploadedAt: row.uploaded_at,
		settledNumbers: parse<string[]>(row.settled_numbers),
		uploadProblem: row.upload_problem,
		uploadAttempts: row.upload_attempts,
		uploadHeldBack: row.upload_held_back !== 0,
		voidedAt: row.voided_at,
	};
	// An older version kept one number, and what is uploaded was told whole.
	return {
		...shipment,
		packages: [...packagesOf(shipment)],
		settledNumbers: shipment.uploadedAt === null ? shipment.settledNumbers : trackingNumbersOf(shipment),
	};
}
