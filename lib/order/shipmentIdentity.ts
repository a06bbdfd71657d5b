/**
 * Which package a report is about, where a warehouse gives one key to a shipment of several packages and tells them apart by their tracking numbers
 * only. What a report says beside it must not decide: reports may be cumulative, and repeat a package alone or among others.
 */
import type { Shipment } from './order';
import { packagesOf, trackingNumbersIn } from './packages';
import type { SharedKey, ReportedShipment } from './wmsEvent';

/**
 * What `findShipment` needs to know of a report.
 *
 * @param shipment the warehouse's key
 * @param numbers the tracking numbers of all packages that the report names under this key; "" = of one without
 * @example sharedKeyOf('S1', ['T1', 'T2']) // { shipment: 'S1', alone: false, unnumbered: false }
 */
export const sharedKeyOf = (shipment: string, numbers: readonly string[]): SharedKey => ({
	shipment,
	alone: numbers.length <= 1,
	unnumbered: numbers.includes(''),
});

export interface KnownShipment extends Pick<Shipment, 'externalId' | 'trackingNumber' | 'voidedAt'> {
	/** All that it has; absent = the one above. */
	trackingNumbers?: readonly string[];
}

/** A package that was recorded: with goods of its own it is a shipment, without them one more package of a shipment. */
export interface KnownPackage extends KnownShipment {
	shipment: Shipment;
}

/** Whatever a report may be about, under the key of which it was recorded. */
export const knownPackages = (shipments: readonly Shipment[]): KnownPackage[] =>
	shipments.flatMap((shipment) => {
		const { externalId, voidedAt } = shipment;
		const packages = packagesOf(shipment);
		const others = packages.flatMap(({ key, trackingNumbers }): KnownPackage[] =>
			key === null || key === externalId
				? []
				: [{ externalId: key, trackingNumber: trackingNumbers[0] ?? null, trackingNumbers, voidedAt, shipment }],
		);
		const own = packages.filter(({ key }) => key === null || key === externalId).flatMap(({ trackingNumbers }) => trackingNumbers);
		const trackingNumber = own[0] ?? (packages.length === others.length ? shipment.trackingNumber : null);
		return [{ externalId, trackingNumber, trackingNumbers: own, voidedAt, shipment }, ...others];
	});

/** A text of several numbers was one for older versions. */
const hasNumber = (
	{ trackingNumber, trackingNumbers = trackingNumber === null ? [] : [trackingNumber] }: KnownShipment,
	number: string,
): boolean => trackingNumbers.some((one) => one === number || trackingNumbersIn(one).includes(number));

export type FoundShipment<Known> =
	/** The report is about this one. `outdated`: it says what was corrected since, and changes nothing. */
	| { known: Known; outdated: boolean }
	/** It is a new one, to be recorded under this key. */
	| { known: null; externalId: string };

/** Of the packages of one order the one that a report is about. A package that is alone under its shipment is known by the key of the shipment. */
export function findShipment<Known extends KnownShipment>(
	known: readonly Known[],
	report: Pick<ReportedShipment, 'externalId' | 'trackingNumber' | 'sharedKey'>,
): FoundShipment<Known> {
	const { externalId, trackingNumber: number } = report;
	const underKey = (key: string): Known | undefined => known.find((candidate) => candidate.externalId === key);
	const same = (candidate: Known): FoundShipment<Known> => ({ known: candidate, outdated: false });
	if (report.sharedKey === undefined) {
		const candidate = underKey(externalId);
		return candidate ? same(candidate) : { known: null, externalId };
	}
	const { shipment, alone, unnumbered } = report.sharedKey;
	const siblings = known.filter((candidate) => belongsTo(candidate, shipment));
	const withNumber = siblings.find((candidate) => (number === null ? candidate.trackingNumber === null : hasNumber(candidate, number)));
	if (withNumber) return same(withNumber);
	const [sibling] = siblings;
	if (number === null)
		return alone && siblings.length === 1 && sibling !== undefined ? same(sibling) : { known: null, externalId: freeKey(known, shipment) };
	// Its number has come, unless the report has that of another one and this one still without.
	const withoutNumber = siblings.find(({ trackingNumber }) => trackingNumber === null);
	if (withoutNumber && !unnumbered) return same(withoutNumber);
	// The only one, and it has another number: the number was corrected. Beside the known one, or of several, it is a package more.
	const live = siblings.filter(({ voidedAt }) => voidedAt === null);
	if (alone && live.length === 1 && live[0] !== undefined) return same(live[0]);
	const own = `${shipment}/${number}`;
	const corrected = underKey(own);
	if (corrected) return { known: corrected, outdated: true };
	return { known: null, externalId: alone && !underKey(shipment) ? shipment : own };
}

/** Recorded under the shipment's key, or under that and the number that it had then. */
function belongsTo({ externalId, trackingNumber }: KnownShipment, shipment: string): boolean {
	if (externalId === shipment || externalId === `${shipment}/` || externalId === `${shipment}/${trackingNumber}`) return true;
	return externalId.startsWith(`${shipment}/`) && trackingNumber !== null && !externalId.slice(shipment.length + 1).includes('/');
}

/** A package that came to be the second one without a number, after the first one got one, needs a key of its own. */
function freeKey(known: readonly KnownShipment[], key: string): string {
	let free = key;
	while (known.some(({ externalId }) => externalId === free)) free += '/';
	return free;
}
