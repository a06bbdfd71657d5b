/** The packages of a report, with the lines of the order that it names. Pure. */
import { matchLines } from './derive';
import type { Order, Package } from './order';
import { onePackage } from './packages';
import type { ReportedShipment } from './wmsEvent';

/** @param key the key under which the shipment is recorded: a package that is alone has it */
export function reportedPackages(order: Pick<Order, 'lines' | 'orderNumber'>, event: ReportedShipment, key: string): Package[] {
	const { packages = [] } = event;
	if (packages.length === 0) return [onePackage({ ...event, externalId: key })];
	return packages.map((one): Package => ({
		key: one.key ?? (packages.length === 1 ? key : null),
		carrier: one.carrier ?? event.carrier,
		serviceLevel: one.serviceLevel ?? event.serviceLevel,
		trackingNumbers: [...one.trackingNumbers],
		trackingUrl: one.trackingUrl ?? (packages.length === 1 ? event.trackingUrl : null),
		sscc: one.sscc ?? null,
		weight: one.weight ?? null,
		lines: one.lines === null || one.lines === undefined ? null : matchLines(order, one.lines).lines,
	}));
}
