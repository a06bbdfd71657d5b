/**
 * Tells Medusa what was shipped: a fulfillment of the goods, then its shipment with the tracking number. It looks at the fulfillments first, since
 * Medusa makes the same one twice when it is told twice at once. Ours are known by the parcel that their metadata name.
 */
import type { JsonValue, Order, Shipment } from '../../order/order';
import { sourceQuantities } from '../../order/sourceLines';
import { carrierFor } from '../carriers';
import type { CartOutcome } from '../Cart';
import type { MedusaApi } from './api';
import { isLive, parcelOf, type Fulfillment, type Parcels } from './raw';
import { PARCEL_KEY, QUANTITIES_KEY, type MedusaSettings } from './settings';

type Lines = ReadonlyArray<{ externalId: string; quantity: number }>;

export const gone = ({ orderNumber }: Order): CartOutcome => ({ kind: 'rejected', problem: `Medusa has no order ${orderNumber} any more. Archive it if it was deleted there.` });

export async function uploadTracking(api: MedusaApi, settings: MedusaSettings, order: Order, shipment: Shipment, notifyCustomer: boolean): Promise<CartOutcome> {
	const lines = sourceQuantities(order, shipment);
	if (lines.length === 0) return { kind: 'already_done', message: 'The parcel completes nothing that Medusa sold; it is told with the parcel that does.' };
	const found = await api.parcels(order.externalId);
	if (found === null) return gone(order);
	const name = shipment.trackingNumber ?? shipment.externalId;
	const ship = async (fulfillment: Pick<Fulfillment, 'id'>): Promise<void> => await api.ship(order.externalId, fulfillment.id, shipmentBody(lines, shipment, notifyCustomer));
	const ours = ourFulfillment(found, order, shipment);
	if (ours !== null && ours.shipped_at !== null) return shippedAlready(ours, shipment);
	if (found.status === 'canceled') return { kind: 'rejected', problem: `Order ${order.orderNumber} is canceled in Medusa.` };
	// A run ended between making and shipping it, or a person has packed just these goods.
	const open = ours ?? packed(found, lines);
	if (open !== null) {
		await ship(open);
		return { kind: 'done', message: `Marked fulfillment ${open.id} as shipped with ${name}.` };
	}
	if (!isLeft(found, lines)) {
		return { kind: 'rejected', problem: `Medusa has these goods of order ${order.orderNumber} in other fulfillments already: look at the order there. The parcel is ${name}.` };
	}
	const after = await api.addFulfillment(order.externalId, fulfillmentBody(settings, lines, shipment, notifyCustomer));
	const [made, ...more] = after.filter((one) => isLive(one) && parcelOf(one) === shipment.externalId);
	if (made === undefined) return { kind: 'unavailable', problem: `Medusa made a fulfillment for ${name}, and does not show it. It is looked up again later by itself.` };
	// The request went through twice, by a proxy for instance.
	for (const one of more) await api.cancelFulfillment(order.externalId, one.id);
	await ship(made);
	return { kind: 'done', message: `Added ${name}.` };
}

/** The fulfillment of this parcel; entered by hand, it has the parcel's number. */
function ourFulfillment({ fulfillments }: Parcels, order: Order, shipment: Shipment): Fulfillment | null {
	const live = fulfillments.filter(isLive);
	const made = live.find((one) => parcelOf(one) === shipment.externalId);
	if (made !== undefined) return made;
	const number = shipment.trackingNumber;
	// Parcels may share a number.
	if (number === null || order.shipments.some(({ id, trackingNumber }) => id !== shipment.id && trackingNumber === number)) return null;
	return live.find((one) => parcelOf(one) === null && numbersOf(one).includes(number)) ?? null;
}

const numbersOf = ({ labels }: Fulfillment): string[] => (labels ?? []).flatMap(({ tracking_number: number }) => number ?? []);

function shippedAlready(fulfillment: Fulfillment, { trackingNumber, externalId }: Shipment): CartOutcome {
	const numbers = numbersOf(fulfillment);
	if (trackingNumber === null || numbers.includes(trackingNumber)) return { kind: 'already_done', message: `${trackingNumber ?? externalId} is there already.` };
	const before = numbers.length === 0 ? 'without a number' : `as ${numbers.join(', ')}`;
	return { kind: 'rejected', problem: `The parcel was shipped in Medusa ${before}, and Medusa cannot change that: tell the customer that its number is ${trackingNumber}.` };
}

/** A fulfillment that a person or another program made of exactly these goods, and that is not shipped. */
const packed = ({ fulfillments }: Parcels, lines: Lines): Fulfillment | null =>
	fulfillments.find((one) => isLive(one) && one.shipped_at === null && parcelOf(one) === null && sameGoods(one, lines)) ?? null;

const sameGoods = ({ items }: Fulfillment, lines: Lines): boolean =>
	(items ?? []).length === lines.length && lines.every(({ externalId, quantity }) => (items ?? []).some((item) => item.line_item_id === externalId && item.quantity === quantity));

/** Enough of each line is in no fulfillment yet. */
function isLeft({ items }: Parcels, lines: Lines): boolean {
	const left = new Map(items.map(({ id, quantity, detail }) => [id, quantity - detail.fulfilled_quantity]));
	return lines.every(({ externalId, quantity }) => (left.get(externalId) ?? 0) >= quantity);
}

const itemsOf = (lines: Lines): JsonValue => lines.map(({ externalId, quantity }) => ({ id: externalId, quantity }));

function fulfillmentBody({ location = '', carriers }: MedusaSettings, lines: Lines, shipment: Shipment, notifyCustomer: boolean): JsonValue {
	const carrier = carrierFor(carriers, shipment.carrier) ?? shipment.carrier;
	return {
		items: itemsOf(lines),
		no_notification: !notifyCustomer,
		...(location.trim() === '' ? {} : { location_id: location.trim() }),
		metadata: {
			[PARCEL_KEY]: shipment.externalId,
			[QUANTITIES_KEY]: Object.fromEntries(lines.map(({ externalId, quantity }) => [externalId, quantity])),
			...(carrier === null ? {} : { carrier }),
			...(shipment.serviceLevel === null ? {} : { service_level: shipment.serviceLevel }),
		},
	};
}

/** Medusa takes links only of the web. */
const linkOf = ({ trackingUrl }: Shipment): string => (trackingUrl !== null && /^https?:\/\//i.test(trackingUrl) && URL.canParse(trackingUrl) ? trackingUrl : '');

const shipmentBody = (lines: Lines, shipment: Shipment, notifyCustomer: boolean): JsonValue => ({
	items: itemsOf(lines),
	no_notification: !notifyCustomer,
	labels: shipment.trackingNumber === null ? [] : [{ tracking_number: shipment.trackingNumber, tracking_url: linkOf(shipment), label_url: '' }],
});
