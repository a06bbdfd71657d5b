/** Shipments: one for each shipment and address of the order. Looks first, since BigCommerce would take the same one again. */
import type { JsonValue, Order, Shipment } from '../../order/order';
import { trackingNumbersIn, type Tracking } from '../../order/packages';
import { sourceQuantities } from '../../order/sourceLines';
import type { CartOutcome } from '../Cart';
import { carrierFor, type CarrierNames } from '../common/carriers';
import { nameOf, notHeld, trackingsWithParts, untold, withoutGoods } from '../common/trackings';
import type { BigCommerceApi, BigObject } from './api';
import { LABEL, orderKey } from './toOrder';

/** BigCommerce's own providers; anything else is a carrier of its tracking service. */
const PROVIDERS = new Set(['auspost', 'canadapost', 'endicia', 'usps', 'fedex', 'ups', 'upsready', 'upsonline', 'shipperhq', 'royalmail']);
const MAX_LINK = 500;

export const orderNotFound = ({ orderNumber }: Order): CartOutcome => ({
	kind: 'rejected',
	problem: `BigCommerce has no order ${orderNumber} any more. Archive it if it was deleted there.`,
});

export async function uploadTracking(
	api: BigCommerceApi,
	settings: { carriers?: CarrierNames },
	order: Order,
	shipment: Shipment,
): Promise<CartOutcome> {
	const id = orderKey(order.externalId);
	if ((await api.order(id)) === null) return orderNotFound(order);
	const items = sourceQuantities(order, shipment);
	if (items.length === 0) return withoutGoods(LABEL, shipment);
	const products = new Map((await api.parts(id, 'products')).map((product) => [String(product.id), product]));
	const unknown = items.find(({ externalId }) => !products.has(externalId));
	if (unknown !== undefined)
		return {
			kind: 'rejected',
			problem: `BigCommerce does not have line ${unknown.externalId} any more: the order was edited there. Enter the shipment by hand.`,
		};
	const present = await api.parts(id, 'shipments');
	const trackings = trackingsWithParts(order, shipment);
	const held = heldTogether(trackings);
	const added: string[] = [];
	const shown = new Set(present.flatMap(numbersIn));
	for (const [address, lines] of Map.groupBy(items, ({ externalId }) => Number(products.get(externalId)?.order_address_id))) {
		const known = present.find((one) => isSame(one, shipment, trackings, address));
		if (known === undefined) {
			await api.addShipment(id, shipmentOf(shipment, address, lines, { ...settings, numbers: held }));
			added.push(held.join(SEPARATOR) || shipment.externalId);
			for (const number of held) shown.add(number);
			continue;
		}
		const there = numbersIn(known);
		const more = heldTogether([...there.map((number) => ({ number })), ...untold(trackings, shipment)]).filter(
			(number) => !there.includes(number),
		);
		if (more.length === 0) continue;
		await api.changeShipment(id, String(known.id), { order_address_id: address, tracking_number: [...there, ...more].join(SEPARATOR) });
		added.push(more.join(SEPARATOR));
		for (const number of more) shown.add(number);
	}
	const left = untold(trackings, shipment).filter(({ number }) => !shown.has(number));
	if (left.length > 0)
		return notHeld(
			LABEL,
			left.map(({ number }) => number),
			`the tracking number of a shipment holds ${MAX_NUMBER} characters there.`,
		);
	return added.length > 0
		? { kind: 'done', message: `Added ${[...new Set(added)].join(SEPARATOR)}.` }
		: { kind: 'already_done', message: `${nameOf(shipment)} is there already.` };
}

/** A shipment has one text for its numbers. */
const SEPARATOR = ', ';
const MAX_NUMBER = 50;

const numbersIn = ({ tracking_number: text }: BigObject): string[] => trackingNumbersIn(typeof text === 'string' ? text : null);

/** As many of the numbers as the text holds, the first ones first. */
function heldTogether(trackings: ReadonlyArray<Pick<Tracking, 'number'>>): string[] {
	const held: string[] = [];
	for (const { number } of trackings)
		if (!held.includes(number) && [...held, number].join(SEPARATOR).length <= MAX_NUMBER) held.push(number);
	return held;
}

/** What a shipment without a tracking number is known by. */
const mark = ({ externalId }: Shipment): string => `Shipment ${externalId}`;

const isSame = (present: BigObject, shipment: Shipment, trackings: readonly Tracking[], address: number): boolean =>
	Number(present.order_address_id) === address &&
	(String(present.comments ?? '').includes(mark(shipment)) || trackings.some(({ number }) => numbersIn(present).includes(number)));

function shipmentOf(
	shipment: Shipment,
	address: number,
	lines: ReadonlyArray<{ externalId: string; quantity: number }>,
	{ carriers, numbers }: { carriers?: CarrierNames; numbers: readonly string[] },
): JsonValue {
	const carrier = carrierFor(carriers, shipment.carrier);
	const { trackingUrl } = shipment;
	const method = [shipment.carrier, shipment.serviceLevel].filter((part) => part !== null).join(' ');
	return {
		order_address_id: address,
		items: lines.map(({ externalId, quantity }) => ({ order_product_id: Number(externalId), quantity })),
		...(numbers.length === 0 ? { comments: mark(shipment) } : { tracking_number: numbers.join(SEPARATOR) }),
		...(carrier === null ? {} : PROVIDERS.has(carrier) ? { shipping_provider: carrier } : { tracking_carrier: carrier }),
		// With a carrier BigCommerce makes the link itself.
		...(carrier === null && trackingUrl !== null && trackingUrl.length <= MAX_LINK ? { tracking_link: trackingUrl } : {}),
		...(method === '' ? {} : { shipping_method: method }),
	};
}
