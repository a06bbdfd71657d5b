/** What a warehouse reports, with texts and keys as they are kept: what is compared with a report is what an earlier one left. */
import { trackingNumbersIn } from './packages';
import { boundedKey, wholeText } from './texts';
import type { ReportedPackage, ReportedShipment, WmsEvent } from './wmsEvent';

const keyOf = (key: string | null | undefined): string | null => (key ? boundedKey(key) : null);

const textOf = (text: string | null): string | null => (text === null ? null : wholeText(text));

/** Whatever a warehouse writes into one text, each number is one of its own. */
const numbersIn = (texts: readonly string[]): string[] => texts.flatMap(trackingNumbersIn).map(boundedKey);

const keptPackage = (one: ReportedPackage): ReportedPackage => ({
	...one,
	key: keyOf(one.key),
	carrier: textOf(one.carrier ?? null),
	serviceLevel: textOf(one.serviceLevel ?? null),
	trackingNumbers: numbersIn(one.trackingNumbers),
	trackingUrl: textOf(one.trackingUrl ?? null),
	sscc: keyOf(one.sscc),
});

/** The number of a shipment is the first of its packages. */
function keptTracking({ carrier, serviceLevel, trackingNumber, trackingUrl, packages }: ReportedShipment) {
	const numbers = numbersIn(trackingNumber === null ? [] : [trackingNumber]);
	const own = { carrier: textOf(carrier), serviceLevel: textOf(serviceLevel), trackingUrl: textOf(trackingUrl) };
	const kept = packages?.map(keptPackage) ?? (numbers.length > 1 ? [{ ...own, trackingNumbers: numbers }] : undefined);
	const first = kept?.find(({ trackingNumbers }) => trackingNumbers.length > 0);
	return {
		...own,
		trackingNumber: numbers[0] ?? first?.trackingNumbers[0] ?? null,
		...(kept === undefined ? {} : { packages: kept }),
	};
}

/** Named anew at each poll, a report stays the same report: one of which a text cannot be kept would be news each time. */
export function keptReport(event: WmsEvent): WmsEvent {
	const named = { reference: keyOf(event.reference), wmsOrderId: keyOf(event.wmsOrderId), origin: wholeText(event.origin) };
	switch (event.kind) {
		case 'shipped': {
			const { sharedKey } = event;
			return {
				...event,
				...named,
				externalId: boundedKey(event.externalId),
				...(sharedKey === undefined ? {} : { sharedKey: { ...sharedKey, shipment: boundedKey(sharedKey.shipment) } }),
				...keptTracking(event),
			};
		}
		case 'canceled':
		case 'voided':
			return { ...event, ...named, externalId: boundedKey(event.externalId), reason: textOf(event.reason) };
		case 'acknowledged':
		case 'rejected':
			return { ...event, ...named };
	}
}
