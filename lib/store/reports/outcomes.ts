/** What a report of each kind does to its order, decided on the order as the reports before it left it. */
import { createHash } from 'node:crypto';
import type { Alert } from '../../order/alerts';
import { effectOf, effectKeepingStatus, type EventEffect } from '../../order/derive';
import type { Shipment } from '../../order/order';
import { firstPackage, numbersOf, numbersText } from '../../order/packages';
import { reportedPackages } from '../../order/reportedPackages';
import { findShipment, knownPackages } from '../../order/shipmentIdentity';
import { type Sending } from '../../order/sending';
import { isLive } from '../../order/sendingState';
import { wayToOpen } from '../../order/status';
import { entry, type NewTimelineEntry } from '../../order/timeline';
import type {
	ReportedAcknowledgement,
	ReportedCancellation,
	ReportedRejection,
	ReportedShipment,
	ReportedVoid,
	WmsEvent,
} from '../../order/wmsEvent';
import { newId, storableDate, stored } from '../database';
import type { Fact, OrderLedger } from './ledger';
import { addPackages, bringsGoods, dropPackage, hostOf, type Outcome, packageVoided, reportedAgain } from './packages';

const REPEATED: Outcome = { kind: 'repeated', shipmentId: null };

/**
 * @param event with its texts as they are kept
 * @param sending the one that the report is about
 */
export function record(ledger: OrderLedger, event: WmsEvent, sending: Sending): Outcome {
	const now = ledger.sendings.find(({ number }) => number === sending.number) ?? sending;
	switch (event.kind) {
		case 'shipped':
			return shipped(ledger, event, now);
		case 'canceled':
			return canceled(ledger, event, now);
		case 'acknowledged':
			return acknowledged(ledger, event, now);
		case 'rejected':
			return rejected(ledger, event, now);
		case 'voided':
			return voided(ledger, event);
	}
}

function shipped(ledger: OrderLedger, event: ReportedShipment, sending: Sending): Outcome {
	const found = findShipment(knownPackages(ledger.order.shipments), event);
	if (found.known !== null) {
		if (found.outdated) return { kind: 'repeated', shipmentId: found.known.shipment.id };
		if (!bringsGoods(ledger, found.known, event)) return reportedAgain(ledger, found.known, event);
		dropPackage(ledger, found.known);
	}
	const { externalId } = found.known ?? found;
	const host = event.lines === null || event.lines.length === 0 ? hostOf(ledger, event) : undefined;
	if (host !== undefined && ledger.knows('voided', externalId)) return { kind: 'repeated', shipmentId: host.id };
	ledger.goesItself();
	const whole = effectOf(ledger.order, { ...event, externalId });
	// Of what was canceled there a shipment had left before; what is left is not shipped from there.
	const leaves = leavesSomething(ledger, whole);
	const onlyShipmentRecorded = sending.state === 'canceled_there' && leaves;
	// What was thought not to be there ships the rest, too.
	const unexpected =
		sending.state === 'not_there' && leaves && ledger.substitutes === null ? ledger.unexpected({ ...sending, state: 'there' }) : null;
	const stays = ledger.substitutes !== null || (onlyShipmentRecorded && wayToOpen(ledger.order.status).length > 0);
	const reported = stays ? { ...whole, to: ledger.order.status } : whole;
	const effect = ledger.knows('voided', externalId) ? takenBackBefore(reported, externalId) : reported;
	const { lines, uploadHeldBack } = effect.shipment ?? { lines: [], uploadHeldBack: false };
	const packages = reportedPackages(ledger.order, event, externalId);
	// Where nothing is left to ship, what has no contents is one more package of what left before.
	const isPackage = host !== undefined && lines.length === 0;
	const shipment: Shipment = {
		id: newId(),
		orderId: ledger.order.id,
		externalId,
		...firstPackage(packages),
		packages,
		shippedAt: storableDate(event.shippedAt),
		lines,
		recordedAt: ledger.now,
		uploadedAt: null,
		settledNumbers: [],
		uploadProblem: null,
		uploadAttempts: 0,
		uploadHeldBack,
		voidedAt: null,
	};
	if (isPackage) addPackages(ledger, host, packages, uploadHeldBack);
	else ledger.add(shipment);
	ledger.searchFor(numbersOf(packages));
	ledger.addQuantities(lines, 'quantityShipped');
	ledger.apply(
		effect,
		{
			progress: ledger.progress(),
			shipmentCount: ledger.order.shipments.length,
			trackingText: ledger.trackingText,
			...ledger.keyOf(event, sending),
			...(unexpected === null ? {} : { cancelDueAt: 'now' as const }),
		},
		[
			entry('shipment_recorded', ledger.actor, {
				shipmentId: isPackage ? host.id : shipment.id,
				externalId,
				carrier: shipment.carrier,
				trackingNumber: numbersText(shipment),
				quantities: Object.fromEntries(lines.map(({ lineId, quantity }) => [lineId, quantity])),
			}),
		],
		{ sending, state: onlyShipmentRecorded ? 'canceled_there' : 'there' },
		[ledger.twice(sending, 'there'), unexpected],
	);
	return { kind: effect.alert ? 'alert' : 'recorded', shipmentId: isPackage ? host.id : shipment.id };
}

/** Whether a shipment leaves something of what was ordered. */
const leavesSomething = ({ order }: OrderLedger, { shipment }: EventEffect): boolean =>
	order.lines.some(
		({ id, quantity, quantityShipped }) =>
			quantity - quantityShipped > (shipment?.lines.find(({ lineId }) => lineId === id)?.quantity ?? 0),
	);

/** A shipment of which we heard first that it was taken back: the reports came in the wrong order, or it left after all. A person knows. */
function takenBackBefore(effect: EventEffect, externalId: string): EventEffect {
	const alert: Alert = {
		code: 'shipment_voided',
		message: `The warehouse took back shipment ${externalId} before it reported it. The cart is not told of it; if it left after all, Reprocess the order.`,
	};
	return { ...effect, shipment: { lines: effect.shipment?.lines ?? [], uploadHeldBack: true }, alert: effect.alert ?? alert };
}

function voided(ledger: OrderLedger, event: ReportedVoid): Outcome {
	const before = ledger.order.shipments.find(({ externalId }) => externalId === event.externalId);
	if (before === undefined) {
		const known = knownPackages(ledger.order.shipments).find(({ externalId }) => externalId === event.externalId);
		if (known !== undefined) return packageVoided(ledger, known, event);
		// Nothing to take back; remembered for when it is reported after all.
		ledger.isNew('voided', event.externalId);
		return REPEATED;
	}
	if (before.voidedAt !== null) return { kind: 'repeated', shipmentId: before.id };
	const uploaded = ledger.wasUploaded(before);
	ledger.change({ ...before, voidedAt: ledger.now });
	ledger.addQuantities(
		before.lines.map(({ lineId, quantity }) => ({ lineId, quantity: -quantity })),
		'quantityShipped',
	);
	const alert: Alert | null = uploaded
		? {
				code: 'shipment_voided',
				message: `The warehouse took back shipment ${before.externalId} (${before.trackingNumber ?? 'no tracking number'}), of which the cart was told.`,
			}
		: null;
	ledger.apply(
		effectKeepingStatus(ledger.order, alert),
		{ progress: ledger.progress() },
		[
			entry('shipment_voided', ledger.actor, {
				shipmentId: before.id,
				trackingNumber: before.trackingNumber,
				uploaded,
				reason: event.reason,
			}),
		],
		null,
	);
	return { kind: alert ? 'alert' : 'recorded', shipmentId: before.id };
}

function canceled(ledger: OrderLedger, event: ReportedCancellation, sending: Sending): Outcome {
	if (!ledger.isNew('canceled', event.externalId)) return REPEATED;
	const effect = effectOf(ledger.order, event);
	if (!ledger.isDecisive(sending) && (effect.released || !ledger.isLatest(sending) || ledger.substitutes !== null))
		return noted(ledger, sending, 'canceled_there');
	ledger.addQuantities(effect.canceled, 'quantityCanceled');
	ledger.apply(
		effect,
		{ progress: ledger.progress(), ...(effect.released ? { wmsOrderId: null, cancelDueAt: null } : ledger.keyOf(event, sending)) },
		effect.canceled.map(({ lineId, quantity }) => entry('quantity_canceled', ledger.actor, { lineId, quantity, reason: event.reason })),
		{ sending, state: effect.released ? 'canceled_there' : 'there' },
	);
	return { kind: effect.alert ? 'alert' : 'recorded', shipmentId: null };
}

function acknowledged(ledger: OrderLedger, event: ReportedAcknowledgement, sending: Sending): Outcome {
	// Confirmed, and let go of since.
	if (sending.state === 'canceled_there') return REPEATED;
	const first = ledger.isNew('acknowledged', sending.reference);
	const wmsOrderId = event.wmsOrderId ?? ledger.order.wmsOrderId ?? '';
	const entries = [entry('wms_acknowledged', ledger.actor, { wmsOrderId })];
	ledger.goesItself();
	if (!ledger.isLatest(sending) || ledger.substitutes !== null) return noted(ledger, sending, 'there', entries);
	const effect = effectOf(ledger.order, event);
	const key = ledger.keyOf(event, sending);
	if (!first && effect.to === ledger.order.status && sending.state === 'there' && key.wmsOrderId === undefined) return REPEATED;
	const alert = sending.state === 'there' ? null : ledger.unexpected(sending);
	ledger.apply({ ...effect, alert }, { ...key, ...(alert?.code === 'canceled_in_cart' ? { cancelDueAt: 'now' as const } : {}) }, entries, {
		sending,
		state: 'there',
	});
	return { kind: alert === null ? 'recorded' : 'alert', shipmentId: null };
}

function rejected(ledger: OrderLedger, event: ReportedRejection, sending: Sending): Outcome {
	if (!ledger.isNew('rejected', identityOf(event, sending))) return REPEATED;
	if (!ledger.isDecisive(sending)) return noted(ledger, sending, 'not_there');
	const effect = effectOf(ledger.order, event);
	const moved = effect.to !== ledger.order.status;
	const fact: Fact | null = isLive(sending.state) && moved ? { sending, state: 'not_there' } : null;
	ledger.apply(
		effect,
		{ ...(moved && effect.released ? { wmsOrderId: null } : {}), ...(moved ? { statusReason: effect.reason } : {}) },
		[entry('send_outcome', ledger.actor, { outcome: 'rejected', wmsOrderId: ledger.order.wmsOrderId, message: effect.reason })],
		fact,
	);
	return { kind: 'alert', shipmentId: null };
}

/** What a warehouse says of a sending that the order does not go by. That it has it after all, while another one is under way, is for a person. */
function noted(ledger: OrderLedger, sending: Sending, state: Sending['state'], entries: NewTimelineEntry[] = []): Outcome {
	if (sending.state === state || (state === 'not_there' && !isLive(sending.state))) return REPEATED;
	const fact: Fact = { sending, state };
	const alert =
		ledger.twice(sending, state) ??
		(state === 'there' && ledger.substitutes === null ? ledger.unexpected({ ...sending, state: 'there' }) : null);
	// The only one that has it: the order is there, whatever was to become of it.
	const opens = ledger.stateAfter(fact) === 'there' && alert === null && wayToOpen(ledger.order.status).length > 0;
	const effect: EventEffect = {
		...effectKeepingStatus(ledger.order, alert),
		...(opens ? { to: 'open' as const, reason: 'The warehouse has the order.' } : {}),
	};
	ledger.apply(effect, alert?.code === 'canceled_in_cart' ? { cancelDueAt: 'now' } : {}, entries, fact);
	return { kind: alert === null ? 'recorded' : 'alert', shipmentId: null };
}

/** A refusal has no key of its own: the same words at the same place about the same sending are the same refusal. */
function identityOf(event: ReportedRejection, { reference }: Sending): string {
	const identity = stored([reference, event.origin, event.problems]);
	return createHash('sha256').update(identity).digest('base64url');
}
