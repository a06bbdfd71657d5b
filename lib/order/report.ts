/** What a warehouse reports, with texts and keys as they are kept: what is compared with a report is what an earlier one left. */
import { boundedKey, wholeText } from './texts';
import type { WmsEvent } from './wmsEvent';

const keyOf = (key: string | null | undefined): string | null => (key ? boundedKey(key) : null);

const textOf = (text: string | null): string | null => (text === null ? null : wholeText(text));

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
				carrier: textOf(event.carrier),
				serviceLevel: textOf(event.serviceLevel),
				trackingNumber: keyOf(event.trackingNumber),
				trackingUrl: textOf(event.trackingUrl),
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
