/** Shipments: one for each shipment and address of the order. Looks first, since BigCommerce would take the same one again. */
import type { JsonValue, Order, Shipment } from '../../order/order';
import { sourceQuantities } from '../../order/sourceLines';
import type { CartOutcome } from '../Cart';
import { carrierFor, type CarrierNames } from '../common/carriers';
import type { BigCommerceApi, BigObject } from './api';
import { orderKey } from './toOrder';

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
	if (items.length === 0)
		return { kind: 'already_done', message: 'The parcel completes nothing that BigCommerce sold; it takes no shipment without lines.' };
	const products = new Map((await api.parts(id, 'products')).map((product) => [String(product.id), product]));
	const unknown = items.find(({ externalId }) => !products.has(externalId));
	if (unknown !== undefined)
		return {
			kind: 'rejected',
			problem: `BigCommerce does not have line ${unknown.externalId} any more: the order was edited there. Enter the shipment by hand.`,
		};
	const present = await api.parts(id, 'shipments');
	let added = 0;
	for (const [address, lines] of Map.groupBy(items, ({ externalId }) => Number(products.get(externalId)?.order_address_id))) {
		if (present.some((one) => isSame(one, shipment, address))) continue;
		await api.addShipment(id, shipmentOf(shipment, address, lines, settings));
		added += 1;
	}
	const number = shipment.trackingNumber ?? shipment.externalId;
	return added > 0 ? { kind: 'done', message: `Added ${number}.` } : { kind: 'already_done', message: `${number} is there already.` };
}

/** What a shipment without a tracking number is known by. */
const mark = ({ externalId }: Shipment): string => `Shipment ${externalId}`;

const isSame = (present: BigObject, shipment: Shipment, address: number): boolean =>
	Number(present.order_address_id) === address &&
	(shipment.trackingNumber === null
		? String(present.comments ?? '').includes(mark(shipment))
		: present.tracking_number === shipment.trackingNumber);

function shipmentOf(
	shipment: Shipment,
	address: number,
	lines: ReadonlyArray<{ externalId: string; quantity: number }>,
	{ carriers }: { carriers?: CarrierNames },
): JsonValue {
	const carrier = carrierFor(carriers, shipment.carrier);
	const { trackingNumber, trackingUrl } = shipment;
	const method = [shipment.carrier, shipment.serviceLevel].filter((part) => part !== null).join(' ');
	return {
		order_address_id: address,
		items: lines.map(({ externalId, quantity }) => ({ order_product_id: Number(externalId), quantity })),
		...(trackingNumber === null ? { comments: mark(shipment) } : { tracking_number: trackingNumber }),
		...(carrier === null ? {} : PROVIDERS.has(carrier) ? { shipping_provider: carrier } : { tracking_carrier: carrier }),
		// With a carrier BigCommerce makes the link itself.
		...(carrier === null && trackingUrl !== null && trackingUrl.length <= MAX_LINK ? { tracking_link: trackingUrl } : {}),
		...(method === '' ? {} : { shipping_method: method }),
	};
}
