/** What a report does to the packages of a shipment that is known: numbers come, are corrected, or are taken back. */
import type { Alert } from '../../order/alerts';
import { effectKeepingStatus, matchLines } from '../../order/derive';
import type { Package, Shipment } from '../../order/order';
import { newsOfPackages } from '../../order/packageNews';
import { firstPackage, numbersOf, numbersText, packagesOf } from '../../order/packages';
import { reportedPackages } from '../../order/reportedPackages';
import type { KnownPackage } from '../../order/shipmentIdentity';
import { entry } from '../../order/timeline';
import type { ReportedShipment, ReportedVoid } from '../../order/wmsEvent';
import type { RecordedEvent } from '../OrderStore';
import type { OrderLedger } from './ledger';

export type Outcome = Pick<RecordedEvent, 'kind' | 'shipmentId'>;

/** The shipment that a package without contents belongs to: of those with goods the one that the warehouse calls the same, else the last one. */
export function hostOf({ order }: OrderLedger, { sharedKey }: ReportedShipment): Shipment | undefined {
	const withGoods = order.shipments.filter(({ voidedAt, lines }) => voidedAt === null && lines.length > 0);
	const sibling = withGoods.findLast(
		({ externalId }) => sharedKey !== undefined && (externalId === sharedKey.shipment || externalId.startsWith(`${sharedKey.shipment}/`)),
	);
	return sibling ?? withGoods.at(-1);
}

export function addPackages(ledger: OrderLedger, host: Shipment, packages: readonly Package[], heldBack: boolean): void {
	const known = numbersOf(packagesOf(host));
	const all = [...packagesOf(host), ...packages];
	const after = { ...host, ...firstPackage(all), packages: all };
	if (numbersOf(packages).every((number) => known.includes(number))) ledger.change(after);
	else ledger.changeAndTell(after, heldBack);
}

/** Whether a package of which no contents were known turns out to hold goods that did not leave yet: then it is a shipment of its own. */
export const bringsGoods = ({ order }: OrderLedger, { externalId, shipment }: KnownPackage, { lines }: ReportedShipment): boolean =>
	externalId !== shipment.externalId && lines !== null && lines.length > 0 && matchLines(order, lines).problem === null;

export function dropPackage(ledger: OrderLedger, { shipment, externalId }: KnownPackage): void {
	const packages = packagesOf(shipment).filter(({ key }) => key !== externalId);
	ledger.change({ ...shipment, ...firstPackage(packages), packages });
}

/** What is told of a known shipment: only other tracking is news. Of numbers that came the cart is told, also if it was told of the shipment before. */
export function reportedAgain(ledger: OrderLedger, { shipment: before, externalId }: KnownPackage, event: ReportedShipment): Outcome {
	const news = newsOfPackages(packagesOf(before), reportedPackages(ledger.order, event, externalId));
	if (before.voidedAt !== null || news === null) return { kind: 'repeated', shipmentId: before.id };
	const uploaded = ledger.wasUploaded(before);
	const { packages, added, corrected } = news;
	// A person corrects in the cart what it was told.
	const settledNumbers = uploaded ? [...before.settledNumbers, ...corrected.map(({ after }) => after)] : before.settledNumbers;
	const after = { ...before, ...firstPackage(packages), packages, settledNumbers };
	ledger.searchFor([...added, ...corrected.map((one) => one.after)]);
	if (added.length > 0) ledger.changeAndTell(after);
	else ledger.change(after);
	const alert: Alert | null =
		uploaded && (corrected.length > 0 || added.length === 0)
			? {
					code: 'tracking_changed',
					message: `Shipment ${before.externalId} has the tracking number ${corrected.map((one) => one.after).join(', ') || (after.trackingNumber ?? 'none')} now; the cart was told ${corrected.map((one) => one.before).join(', ') || (before.trackingNumber ?? 'none')}.`,
				}
			: null;
	ledger.apply(
		effectKeepingStatus(ledger.order, alert),
		{ trackingText: ledger.trackingText },
		[
			entry('tracking_changed', ledger.actor, {
				shipmentId: before.id,
				before: numbersText(before),
				after: numbersText(after),
				uploaded,
			}),
		],
		null,
	);
	return { kind: alert ? 'alert' : 'recorded', shipmentId: before.id };
}

/** A package without goods of its own: its numbers go, and what left stays as it is. */
export function packageVoided(ledger: OrderLedger, known: KnownPackage, event: ReportedVoid): Outcome {
	const { shipment: before, externalId } = known;
	ledger.isNew('voided', externalId);
	const gone = packagesOf(before).filter(({ key }) => key === externalId);
	const numbers = numbersOf(gone).join(', ');
	const uploaded =
		numbersOf(gone).some((number) => before.settledNumbers.includes(number)) || (before.uploadedAt === null && ledger.wasUploaded(before));
	dropPackage(ledger, known);
	const alert: Alert | null = uploaded
		? {
				code: 'shipment_voided',
				message: `The warehouse took back package ${externalId} (${numbers}) of shipment ${before.externalId}, of which the cart was told.`,
			}
		: null;
	ledger.apply(
		effectKeepingStatus(ledger.order, alert),
		{},
		[entry('shipment_voided', ledger.actor, { shipmentId: before.id, trackingNumber: numbers || null, uploaded, reason: event.reason })],
		null,
	);
	return { kind: alert ? 'alert' : 'recorded', shipmentId: before.id };
}
