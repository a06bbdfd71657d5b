/**
 * Tells Medusa what was shipped: a fulfillment of the goods, then its shipment with the tracking number; several of them for goods that Medusa
 * does not take together. It looks at the fulfillments first, since Medusa makes the same one twice when it is told twice at once. Ours are known
 * by the shipment that their metadata name.
 */
import type { JsonValue, Order, Shipment } from '../../order/order';
import { sourceQuantities } from '../../order/sourceLines';
import type { Tracking } from '../../order/packages';
import { carrierFor } from '../common/carriers';
import { nameOf, trackingsWithParts, untold, withoutGoods } from '../common/trackings';
import type { CartOutcome } from '../Cart';
import type { MedusaApi } from './api';
import { groupsOf, withOptions, type Lines } from './groups';
import { holdsAny, liveOf, numbersOf, shipmentKeyOf, type Fulfillment, type OrderFulfillments } from './raw';
import { SHIPMENT_KEY, QUANTITIES_KEY, type MedusaSettings } from './settings';
import { fulfillmentsOfShipment } from './shipmentFulfillments';

export const orderNotFound = ({ orderNumber }: Order): CartOutcome => ({
	kind: 'rejected',
	problem: `Medusa has no order ${orderNumber} any more. Archive it if it was deleted there.`,
});

export async function uploadTracking(
	api: MedusaApi,
	settings: MedusaSettings,
	order: Order,
	shipment: Shipment,
	notifyCustomer: boolean,
): Promise<CartOutcome> {
	const lines = sourceQuantities(order, shipment);
	if (lines.length === 0) return withoutGoods('Medusa', shipment);
	const found = await api.fulfillments(order.externalId);
	if (found === null) return orderNotFound(order);
	const name = nameOf(shipment);
	const trackings = trackingsWithParts(order, shipment);
	const cancel = async (fulfillments: readonly Fulfillment[]): Promise<void> => {
		for (const { id } of fulfillments) await api.cancelFulfillment(order.externalId, id);
	};
	const ship = async ({ id }: Fulfillment, held: Lines): Promise<void> =>
		await api.ship(order.externalId, id, shipmentBody(held, trackings, notifyCustomer));
	const { kept, doubles, rest } = fulfillmentsOfShipment(found, order, shipment, lines);
	const isCanceled = found.status === 'canceled';
	if (!isCanceled) await cancel(doubles);
	const open = kept.filter(({ shipped_at: at }) => at === null);
	const other = otherNumber(
		kept.filter(({ shipped_at: at }) => at !== null),
		untold(trackings, shipment),
	);
	if (open.length === 0 && rest.length === 0) return other ?? { kind: 'already_done', message: `${name} is there already.` };
	if (isCanceled) return { kind: 'rejected', problem: `Order ${order.orderNumber} is canceled in Medusa.` };
	const groups = groupsOf(found, rest).map((group) => ({ ...group, packed: packed(found, group.lines) }));
	// A run ended between making and shipping it, or a person has packed just these goods.
	const ready = [...open, ...groups.flatMap((group) => group.packed ?? [])];
	for (const one of ready) await ship(one, heldBy(one, lines));
	const toMake = groups.filter((group) => group.packed === null);
	if (
		!isLeft(
			found,
			toMake.flatMap((group) => group.lines),
		)
	) {
		return {
			kind: 'rejected',
			problem: `Medusa has these goods of order ${order.orderNumber} in other fulfillments already: look at the order there. The parcel is ${name}.`,
		};
	}
	for (const { lines: held, option } of await withOptions(api, found, toMake)) {
		const after = await api.addFulfillment(order.externalId, fulfillmentBody(settings, held, option, shipment, notifyCustomer));
		const [made, ...more] = liveOf(after).filter((one) => shipmentKeyOf(one) === shipment.externalId && holdsAny(one, held));
		if (made === undefined)
			return {
				kind: 'unavailable',
				cause: `Medusa made a fulfillment for ${name}, and does not show it. It is looked up again automatically.`,
			};
		// The request went through twice, by a proxy for instance.
		await cancel(more);
		await ship(made, held);
	}
	return (
		other ?? {
			kind: 'done',
			message: toMake.length > 0 ? `Added ${name}.` : `Marked fulfillment ${ready.map(({ id }) => id).join(', ')} as shipped with ${name}.`,
		}
	);
}

/** That a shipment was shipped without some of the numbers that it has now; null = it was not. */
function otherNumber(shipped: readonly Fulfillment[], trackings: readonly Tracking[]): CartOutcome | null {
	if (shipped.length === 0) return null;
	const present = shipped.flatMap(numbersOf);
	const missing = trackings.map(({ number }) => number).filter((number) => !present.includes(number));
	if (missing.length === 0) return null;
	const before = present.length === 0 ? 'without a number' : `as ${[...new Set(present)].join(', ')}`;
	return {
		kind: 'rejected',
		problem: `The parcel was shipped in Medusa ${before}, and Medusa cannot change that: tell the customer that its number is ${missing.join(', ')}.`,
	};
}

/** Entered by hand, it may hold other goods. */
function heldBy(fulfillment: Fulfillment, lines: Lines): Lines {
	const held = lines.filter((line) => holdsAny(fulfillment, [line]));
	return held.length === 0 ? lines : held;
}

/** A fulfillment that a person or another program made of exactly these goods, and that is not shipped. */
const packed = ({ fulfillments }: OrderFulfillments, lines: Lines): Fulfillment | null =>
	liveOf(fulfillments).find((one) => one.shipped_at === null && shipmentKeyOf(one) === null && sameGoods(one, lines)) ?? null;

const sameGoods = ({ items }: Fulfillment, lines: Lines): boolean =>
	(items ?? []).length === lines.length &&
	lines.every(({ externalId, quantity }) => (items ?? []).some((item) => item.line_item_id === externalId && item.quantity === quantity));

/** Enough of each line is in no fulfillment yet. */
function isLeft({ items }: OrderFulfillments, lines: Lines): boolean {
	const left = new Map(items.map(({ id, quantity, detail }) => [id, quantity - detail.fulfilled_quantity]));
	return lines.every(({ externalId, quantity }) => (left.get(externalId) ?? 0) >= quantity);
}

const itemsOf = (lines: Lines): JsonValue => lines.map(({ externalId, quantity }) => ({ id: externalId, quantity }));

function fulfillmentBody(
	{ location = '', carriers }: MedusaSettings,
	lines: Lines,
	option: string | null,
	shipment: Shipment,
	notifyCustomer: boolean,
): JsonValue {
	const carrier = carrierFor(carriers, shipment.carrier) ?? shipment.carrier;
	return {
		items: itemsOf(lines),
		no_notification: !notifyCustomer,
		...(location.trim() === '' ? {} : { location_id: location.trim() }),
		...(option === null ? {} : { shipping_option_id: option }),
		metadata: {
			[SHIPMENT_KEY]: shipment.externalId,
			[QUANTITIES_KEY]: Object.fromEntries(lines.map(({ externalId, quantity }) => [externalId, quantity])),
			...(carrier === null ? {} : { carrier }),
			...(shipment.serviceLevel === null ? {} : { service_level: shipment.serviceLevel }),
		},
	};
}

/** Medusa takes links only of the web. */
const linkOf = (url: string | null): string => (url !== null && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : '');

const shipmentBody = (lines: Lines, trackings: readonly Tracking[], notifyCustomer: boolean): JsonValue => ({
	items: itemsOf(lines),
	no_notification: !notifyCustomer,
	labels: trackings.map(({ number, url }) => ({ tracking_number: number, tracking_url: linkOf(url), label_url: '' })),
});
