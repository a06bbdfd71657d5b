/** What the reports of one page do to one order: each is decided on the order as the ones before it left it, then all is written. */
import { createHash } from 'node:crypto';
import { withRecommendation, type Alert } from '../../order/alerts';
import { effectOf, stepsBetween, staysWith, type EventEffect } from '../../order/derive';
import type { Order, Shipment } from '../../order/order';
import type { OrderStatus } from '../../order/status';
import { entry, type Actor, type NewTimelineEntry } from '../../order/timeline';
import type { ReportedAcknowledgement, ReportedCancellation, ReportedRejection, ReportedShipment, ReportedVoid, WmsEvent } from '../../order/wmsEvent';
import { newId } from '../ids';
import type { RecordedEvent } from '../OrderStore';
import type { InnerFields, Move } from './plan';
import { searchable, storable, storableDate, stored, type FullRow, type Progress } from './rows';
import type { RowOf, ShipmentRow, WMS_EVENT } from './tables';

type Outcome = Pick<RecordedEvent, 'kind' | 'shipmentId'>;

const REPEATED: Outcome = { kind: 'repeated', shipmentId: null };

/** Kind under which a key is remembered that the warehouse had for the order and let go of. */
export const RELEASED = 'released';

export class OrderLedger {
	readonly moves: Move[] = [];
	readonly newShipments: ShipmentRow[] = [];
	readonly newEvents: Array<RowOf<typeof WMS_EVENT>> = [];
	/** Shipments that were there before and are different now. */
	readonly changedShipments = new Map<string, Shipment>();
	private trackingText: string;

	constructor(
		/** As it is after the reports so far. */
		public order: Order,
		row: Pick<FullRow, 'tracking_text'>,
		/** Reports other than shipments that were carried out before, "canceled:<key>". */
		private readonly known: Set<string>,
		/** Shipments that a worker may be telling the cart about right now. */
		private readonly leased: ReadonlySet<string>,
		private readonly actor: Actor,
		private readonly now: string,
	) {
		this.trackingText = row.tracking_text;
	}

	record(event: WmsEvent): Outcome {
		switch (event.kind) {
			case 'shipped':
				return this.shipped(event);
			case 'canceled':
				return this.canceled(event);
			case 'acknowledged':
				return this.acknowledged(event);
			case 'rejected':
				return this.rejected(event);
			case 'voided':
				return this.voided(event);
		}
	}

	private shipped(event: ReportedShipment): Outcome {
		const externalId = storable(event.externalId);
		const before = this.order.shipments.find((shipment) => shipment.externalId === externalId);
		if (before) return this.reportedAgain(before, event);
		const effect = this.known.has(`voided:${externalId}`) ? takenBackBefore(effectOf(this.order, event), externalId) : effectOf(this.order, event);
		const { lines, uploadHeldBack } = effect.shipment!;
		const shipment: Shipment = {
			id: newId(),
			orderId: this.order.id,
			externalId,
			carrier: event.carrier,
			serviceLevel: event.serviceLevel,
			trackingNumber: event.trackingNumber,
			trackingUrl: event.trackingUrl,
			shippedAt: storableDate(event.shippedAt),
			lines,
			recordedAt: this.now,
			uploadedAt: null,
			uploadProblem: null,
			uploadAttempts: 0,
			uploadHeldBack,
			voidedAt: null,
		};
		this.newShipments.push(this.rowOf(shipment));
		if (event.trackingNumber) this.trackingText = `${this.trackingText}\n${searchable(event.trackingNumber)}`.slice(-4000);
		this.order = { ...this.order, shipments: [...this.order.shipments, shipment] };
		this.addQuantities(lines, 'quantityShipped');
		this.apply(
			effect,
			{ progress: this.progress(), shipmentCount: this.order.shipments.length, trackingText: this.trackingText, ...this.keyOf(event) },
			[
				entry('shipment_recorded', this.actor, {
					shipmentId: shipment.id,
					externalId,
					carrier: event.carrier,
					trackingNumber: event.trackingNumber,
					quantities: Object.fromEntries(lines.map(({ lineId, quantity }) => [lineId, quantity])),
				}),
			],
		);
		return { kind: effect.alert ? 'alert' : 'recorded', shipmentId: shipment.id };
	}

	/** What is told of a known shipment: only other tracking is news. */
	private reportedAgain(before: Shipment, event: ReportedShipment): Outcome {
		const news = trackingOf(before, event);
		if (before.voidedAt !== null || news === null) return { kind: 'repeated', shipmentId: before.id };
		const uploaded = this.wasUploaded(before);
		if (event.trackingNumber) this.trackingText = `${this.trackingText}\n${searchable(event.trackingNumber)}`.slice(-4000);
		this.change({ ...before, ...news });
		const alert: Alert | null = uploaded
			? {
					code: 'tracking_changed',
					message: `Shipment ${before.externalId} has the tracking number ${news.trackingNumber ?? 'none'} now; the cart was told ${before.trackingNumber ?? 'none'}.`,
				}
			: null;
		this.apply(staysWith(this.order, alert), { trackingText: this.trackingText }, [
			entry('tracking_changed', this.actor, { shipmentId: before.id, before: before.trackingNumber, after: news.trackingNumber, uploaded }),
		]);
		return { kind: alert ? 'alert' : 'recorded', shipmentId: before.id };
	}

	private voided(event: ReportedVoid): Outcome {
		const before = this.order.shipments.find(({ externalId }) => externalId === storable(event.externalId));
		if (before === undefined) {
			// Nothing to take back; remembered for when it is reported after all.
			this.isNew('voided', event.externalId);
			return REPEATED;
		}
		if (before.voidedAt !== null) return { kind: 'repeated', shipmentId: before.id };
		const uploaded = this.wasUploaded(before);
		this.change({ ...before, voidedAt: this.now });
		this.addQuantities(before.lines.map(({ lineId, quantity }) => ({ lineId, quantity: -quantity })), 'quantityShipped');
		const alert: Alert | null = uploaded
			? { code: 'shipment_voided', message: `The warehouse took back shipment ${before.externalId} (${before.trackingNumber ?? 'no tracking number'}), of which the cart was told.` }
			: null;
		this.apply(staysWith(this.order, alert), { progress: this.progress() }, [
			entry('shipment_voided', this.actor, { shipmentId: before.id, trackingNumber: before.trackingNumber, uploaded, reason: event.reason }),
		]);
		return { kind: alert ? 'alert' : 'recorded', shipmentId: before.id };
	}

	/** Or may be, at this moment. */
	private wasUploaded({ id, uploadedAt }: Shipment): boolean {
		return uploadedAt !== null || this.leased.has(id);
	}

	private change(shipment: Shipment): void {
		// One that this very page reported is not written yet.
		const fresh = this.newShipments.findIndex(({ id }) => id === shipment.id);
		if (fresh >= 0) this.newShipments[fresh] = this.rowOf(shipment);
		else this.changedShipments.set(shipment.id, shipment);
		this.order = { ...this.order, shipments: this.order.shipments.map((each) => (each.id === shipment.id ? shipment : each)) };
	}

	private canceled(event: ReportedCancellation): Outcome {
		if (!this.isNew('canceled', event.externalId)) return REPEATED;
		const effect = effectOf(this.order, event);
		this.addQuantities(effect.canceled, 'quantityCanceled');
		this.apply(
			effect,
			{ progress: this.progress(), ...(effect.released ? { wmsOrderId: null } : this.keyOf(event)) },
			effect.canceled.map(({ lineId, quantity }) => entry('quantity_canceled', this.actor, { lineId, quantity, reason: event.reason })),
		);
		return { kind: effect.alert ? 'alert' : 'recorded', shipmentId: null };
	}

	private acknowledged(event: ReportedAcknowledgement): Outcome {
		const effect = effectOf(this.order, event);
		const key = this.keyOf(event);
		const first = this.isNew('acknowledged', this.order.reference);
		if (!first && effect.to === this.order.status && key.wmsOrderId === undefined) return REPEATED;
		const wmsOrderId = event.wmsOrderId ?? this.order.wmsOrderId ?? '';
		this.apply(effect, key, [entry('wms_acknowledged', this.actor, { wmsOrderId })]);
		return { kind: 'recorded', shipmentId: null };
	}

	private rejected(event: ReportedRejection): Outcome {
		if (!this.isNew('rejected', this.identityOf(event))) return REPEATED;
		const effect = effectOf(this.order, event);
		const moved = effect.to !== this.order.status;
		this.apply(effect, { ...(moved && effect.released ? { wmsOrderId: null } : {}), ...(moved ? { statusReason: effect.reason } : {}) }, [
			entry('send_outcome', this.actor, { outcome: 'rejected', wmsOrderId: this.order.wmsOrderId, message: effect.reason }),
		]);
		return { kind: 'alert', shipmentId: null };
	}

	/** A refusal has no key of its own: the same words at the same place about the same sending are the same refusal. */
	private identityOf(event: ReportedRejection): string {
		const identity = stored([this.order.reference, event.origin, event.problems]);
		return createHash('sha256').update(identity).digest('base64url');
	}

	/** Whether the report was carried out before. */
	knows(event: WmsEvent): boolean {
		switch (event.kind) {
			case 'shipped':
			case 'voided':
				return this.order.shipments.some(({ externalId }) => externalId === storable(event.externalId));
			case 'canceled':
				return this.known.has(`canceled:${storable(event.externalId)}`);
			case 'rejected':
				return this.known.has(`rejected:${this.identityOf(event)}`);
			case 'acknowledged':
				return this.known.has(`acknowledged:${this.order.reference}`);
		}
	}

	/** Whether the warehouse had the order under this key before. */
	released(wmsOrderId: string): boolean {
		return this.known.has(`${RELEASED}:${wmsOrderId}`);
	}

	/** Writes down the moves that an effect stands for, and makes the order what it is after them. */
	private apply(effect: EventEffect, set: InnerFields, entries: NewTimelineEntry[]): void {
		const from = this.order.status;
		// What is reported proves that the WMS has the order, though its confirmation was not heard yet.
		for (const step of stepsBetween(from, effect.to)) {
			this.push(step, 'The warehouse reported on the order.', { heldUntil: null, retryAt: null, ...(step === 'open' ? this.sent() : {}) }, []);
		}
		const solved = from === 'error' && effect.to !== 'error' ? { alert: null } : {};
		// Whatever a warehouse reports, it had the order.
		const received = this.sent();
		this.push(effect.to, effect.reason, { ...set, ...received, ...(effect.alert ? { alert: effect.alert } : solved) }, entries);
		if (effect.alert) this.order = { ...this.order, alert: withRecommendation(effect.alert) };
	}

	private push(to: OrderStatus, reason: string | null, set: InnerFields, entries: NewTimelineEntry[]): void {
		const from = this.order.status;
		if (set.wmsOrderId === null && this.order.wmsOrderId !== null) this.isNew(RELEASED, this.order.wmsOrderId);
		this.moves.push({
			orderId: this.order.id,
			version: this.order.version,
			actor: this.actor,
			reason,
			set,
			entries,
			...(to === from ? {} : { from, to }),
		});
		this.order = {
			...this.order,
			status: to,
			version: this.order.version + 1,
			...(set.wmsOrderId === undefined ? {} : { wmsOrderId: set.wmsOrderId }),
			...(set.sentAt === undefined ? {} : { sentAt: this.now }),
		};
	}

	/** The warehouse's key of the order, when it is news. Our own reference only stood in for it until the warehouse gave one. */
	private keyOf({ wmsOrderId }: WmsEvent): Pick<InnerFields, 'wmsOrderId'> {
		const known = this.order.wmsOrderId;
		return wmsOrderId && (known === null || known === this.order.reference) && wmsOrderId !== known ? { wmsOrderId } : {};
	}

	private sent(): Pick<InnerFields, 'sentAt'> {
		return this.order.sentAt === null ? { sentAt: this.now } : {};
	}

	private isNew(kind: string, externalId: string): boolean {
		const key = `${kind}:${storable(externalId)}`;
		if (this.known.has(key)) return false;
		this.known.add(key);
		this.newEvents.push({ order_id: this.order.id, kind, external_id: storable(externalId), at: this.now });
		return true;
	}

	private addQuantities(lines: ReadonlyArray<{ lineId: string; quantity: number }>, field: 'quantityShipped' | 'quantityCanceled'): void {
		const more = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
		this.order = {
			...this.order,
			lines: this.order.lines.map((line) => ({ ...line, [field]: line[field] + (more.get(line.id) ?? 0) })),
		};
	}

	/** No cart knows a bundle: its orders upload what is theirs of a parcel. */
	private rowOf(shipment: Shipment): ShipmentRow {
		return this.order.bundleSize > 0 ? { ...rowOf(shipment), upload_due_at: null } : rowOf(shipment);
	}

	private progress(): Progress {
		return Object.fromEntries(
			this.order.lines.map(({ id, quantityShipped, quantityCanceled }) => [id, { shipped: quantityShipped, canceled: quantityCanceled }]),
		);
	}
}

/** A shipment of which we heard first that it was taken back: the reports came in the wrong order, or it left after all. A person knows. */
function takenBackBefore(effect: EventEffect, externalId: string): EventEffect {
	const alert: Alert = {
		code: 'shipment_voided',
		message: `The warehouse took back shipment ${externalId} before it reported it. The cart is not told of it; if it left after all, Reprocess the order.`,
	};
	return { ...effect, shipment: { lines: effect.shipment?.lines ?? [], uploadHeldBack: true }, alert: effect.alert ?? alert };
}

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

/** The tracking that a later report gives; null = nothing new. What it leaves out was not taken back. */
function trackingOf(before: Shipment, event: ReportedShipment): Pick<Shipment, 'carrier' | 'serviceLevel' | 'trackingNumber' | 'trackingUrl'> | null {
	const after = {
		carrier: event.carrier ?? before.carrier,
		serviceLevel: event.serviceLevel ?? before.serviceLevel,
		trackingNumber: event.trackingNumber ?? before.trackingNumber,
		trackingUrl: event.trackingUrl ?? before.trackingUrl,
	};
	return after.trackingNumber === before.trackingNumber && after.trackingUrl === before.trackingUrl ? null : after;
}
