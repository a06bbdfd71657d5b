/** Tracking at an order: in the plugin's endpoint or in the meta that it keeps. Looks first, so that a repeat adds nothing. */
import { createHash } from 'node:crypto';
import { jsonOf, objectsIn } from '../../order/json';
import type { JsonValue, Order, Shipment } from '../../order/order';
import type { CartOutcome } from '../Cart';
import { carrierFor } from '../common/carriers';
import type { WooApi, WooObject } from './api';
import { noteOnce } from './notes';
import type { WooCommerceSettings } from './settings';
import { ownStatus } from './states';

const TRACKING_META = '_wc_shipment_tracking_items';

/** In these an order is over; it is not taken back from there. */
export const CLOSED = new Set(['completed', 'cancelled', 'refunded', 'failed', 'trash']);

export async function uploadTracking(api: WooApi, settings: WooCommerceSettings, order: Order, shipment: Shipment): Promise<CartOutcome> {
	const found = await api.order(order.externalId);
	if (found === null) return orderNotFound(order);
	const present = settings.tracking === 'plugin' ? await api.pluginTrackings(order.externalId) : itemsOf(found);
	if (present === null) {
		return {
			kind: 'rejected',
			problem:
				'The shop has no endpoint of the plugin Shipment Tracking. Install the plugin, or set Tracking to Order Meta in Cart Update.',
		};
	}
	const { trackingNumber } = shipment;
	const isNew = trackingNumber !== null && !present.some((item) => String(item.tracking_number) === trackingNumber);
	const numbers = new Set([...present.map((item) => String(item.tracking_number)), ...(isNew ? [trackingNumber] : [])]);
	const status = shippedStatus(found, settings, order, shipment, numbers);
	if (settings.tracking === 'plugin') {
		if (isNew) await api.addPluginTracking(order.externalId, pluginItem(shipment, trackingNumber, settings));
		if (status !== null) await api.update(order.externalId, { status, meta_data: [ownStatus(status)] });
	} else if (isNew || status !== null) {
		// In one write: the e-mail that the status sends shows the tracking.
		const tracking = isNew ? [{ key: TRACKING_META, value: jsonOf([...present, metaItem(shipment, trackingNumber, settings)]) }] : [];
		await api.update(order.externalId, {
			meta_data: [...tracking, ...(status === null ? [] : [ownStatus(status)])],
			...(status === null ? {} : { status }),
		});
	}
	const noted =
		settings.noteToCustomer === true && trackingNumber !== null
			? await noteOnce(api, order, noteFor(shipment, trackingNumber), { forCustomer: true })
			: null;
	if (noted?.kind === 'done' && !isNew && status === null)
		return { kind: 'done', message: `Told the customer of ${String(trackingNumber)}.` };
	if (isNew || status !== null)
		return { kind: 'done', message: isNew ? `Added ${trackingNumber}.` : `Set the status to ${String(status)}.` };
	return {
		kind: 'already_done',
		message:
			trackingNumber === null ? 'The shipment has no tracking number that WooCommerce could show.' : `${trackingNumber} is there already.`,
	};
}

const noteFor = ({ carrier, trackingUrl }: Shipment, trackingNumber: string): string =>
	`Your order is on its way${carrier === null ? '' : ` with ${carrier}`}. Tracking number: ${trackingNumber}${trackingUrl === null ? '' : ` (${trackingUrl})`}`;

export const orderNotFound = ({ orderNumber }: Order): CartOutcome => ({
	kind: 'rejected',
	problem: `WooCommerce has no order ${orderNumber} any more. Archive it if it was deleted there.`,
});

/** The status to set, once all was shipped and all tracking is there; null = leave it. */
function shippedStatus(
	found: WooObject,
	{ shippedStatus: target = 'completed' }: WooCommerceSettings,
	order: Order,
	shipment: Shipment,
	numbers: ReadonlySet<string>,
): string | null {
	if (target === '' || found.status === target || CLOSED.has(String(found.status))) return null;
	const allShipped = order.lines.every(({ quantity, quantityShipped, quantityCanceled }) => quantityShipped + quantityCanceled >= quantity);
	const others = order.shipments.filter(
		({ id, voidedAt, trackingNumber }) => id !== shipment.id && voidedAt === null && trackingNumber !== null,
	);
	return allShipped && others.every(({ trackingNumber }) => trackingNumber !== null && numbers.has(trackingNumber)) ? target : null;
}

/** As Shipment Tracking keeps it; a value that is no list was not written by it, and would be lost. */
function itemsOf(order: WooObject): WooObject[] {
	const list = objectsIn(order.meta_data);
	const value = list.find(({ key }) => key === TRACKING_META)?.value;
	// PHP gives a list with gaps as an object.
	const items: unknown[] = Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : [];
	return items.filter((item): item is WooObject => typeof item === 'object' && item !== null);
}

const day = ({ shippedAt, recordedAt }: Shipment): string => (shippedAt ?? recordedAt).slice(0, 10);

/** Provider of the plugin's list, or custom with its link. */
function provider({ carrier, trackingUrl }: Shipment, { carriers }: WooCommerceSettings) {
	const known = carrierFor(carriers, carrier);
	return known === null ? { known: '', custom: carrier ?? '', link: trackingUrl ?? '' } : { known, custom: '', link: '' };
}

function metaItem(shipment: Shipment, trackingNumber: string, settings: WooCommerceSettings): JsonValue {
	const { known, custom, link } = provider(shipment, settings);
	return {
		tracking_provider: known,
		custom_tracking_provider: custom,
		custom_tracking_link: link,
		tracking_number: trackingNumber,
		date_shipped: String(Date.parse(`${day(shipment)}T00:00:00Z`) / 1000),
		// The plugin makes it of provider, number and time; any 32 digits that are unique do.
		tracking_id: createHash('sha256').update(`${shipment.externalId}\n${trackingNumber}`).digest('hex').slice(0, 32),
	};
}

function pluginItem(shipment: Shipment, trackingNumber: string, settings: WooCommerceSettings): JsonValue {
	const { known, custom, link } = provider(shipment, settings);
	return {
		tracking_number: trackingNumber,
		date_shipped: day(shipment),
		...(known === '' ? { custom_tracking_provider: custom, custom_tracking_link: link } : { tracking_provider: known }),
	};
}
