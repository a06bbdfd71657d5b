/** Tracking at an order: in the plugin's endpoint or in the meta that it keeps. Looks first, so that a repeat adds nothing. */
import { createHash } from 'node:crypto';
import { jsonOf, objectsIn } from '../../order/json';
import type { JsonValue, Order, Shipment } from '../../order/order';
import { trackingNumbersOf, trackingsOf, type Tracking } from '../../order/packages';
import type { CartOutcome } from '../Cart';
import { carrierFor } from '../common/carriers';
import { untold } from '../common/trackings';
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
	const trackings = untold(trackingsOf(shipment), shipment);
	const missing = trackings.filter(({ number }) => !present.some((item) => String(item.tracking_number) === number));
	const isNew = missing.length > 0;
	const numbers = new Set([...present.map((item) => String(item.tracking_number)), ...missing.map(({ number }) => number)]);
	const status = shippedStatus(found, settings, order, shipment, numbers);
	if (settings.tracking === 'plugin') {
		for (const tracking of missing) await api.addPluginTracking(order.externalId, pluginItem(shipment, tracking, settings));
		if (status !== null) await api.update(order.externalId, { status, meta_data: [ownStatus(status)] });
	} else if (isNew || status !== null) {
		// In one write: the e-mail that the status sends shows the tracking.
		const tracking = isNew
			? [{ key: TRACKING_META, value: jsonOf([...present, ...missing.map((each) => metaItem(shipment, each, settings))]) }]
			: [];
		await api.update(order.externalId, {
			meta_data: [...tracking, ...(status === null ? [] : [ownStatus(status)])],
			...(status === null ? {} : { status }),
		});
	}
	const noted =
		settings.noteToCustomer === true && trackings.length > 0 ? await noteOnce(api, order, noteFor(trackings), { forCustomer: true }) : null;
	if (noted?.kind === 'done' && !isNew && status === null) return { kind: 'done', message: `Told the customer of ${textOf(trackings)}.` };
	if (isNew || status !== null)
		return { kind: 'done', message: isNew ? `Added ${textOf(missing)}.` : `Set the status to ${String(status)}.` };
	return {
		kind: 'already_done',
		message:
			trackings.length === 0
				? 'The shipment has no tracking number that WooCommerce could show.'
				: `${textOf(trackings)} is there already.`,
	};
}

const textOf = (trackings: readonly Tracking[]): string => trackings.map(({ number }) => number).join(', ');

function noteFor(trackings: readonly Tracking[]): string {
	const carriers = [...new Set(trackings.flatMap(({ carrier }) => carrier ?? []))].join(' and ');
	const numbers = trackings.map(({ number, url }) => `${number}${url === null ? '' : ` (${url})`}`).join(', ');
	return `Your order is on its way${carriers === '' ? '' : ` with ${carriers}`}. Tracking number${trackings.length > 1 ? 's' : ''}: ${numbers}`;
}

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
	const others = order.shipments.filter(({ id, voidedAt }) => id !== shipment.id && voidedAt === null);
	return allShipped && others.flatMap(trackingNumbersOf).every((number) => numbers.has(number)) ? target : null;
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
function provider({ carrier, url: trackingUrl }: Tracking, { carriers }: WooCommerceSettings) {
	const known = carrierFor(carriers, carrier);
	return known === null ? { known: '', custom: carrier ?? '', link: trackingUrl ?? '' } : { known, custom: '', link: '' };
}

function metaItem(shipment: Shipment, tracking: Tracking, settings: WooCommerceSettings): JsonValue {
	const { known, custom, link } = provider(tracking, settings);
	return {
		tracking_provider: known,
		custom_tracking_provider: custom,
		custom_tracking_link: link,
		tracking_number: tracking.number,
		date_shipped: String(Date.parse(`${day(shipment)}T00:00:00Z`) / 1000),
		// The plugin makes it of provider, number and time; any 32 digits that are unique do.
		tracking_id: createHash('sha256').update(`${shipment.externalId}\n${tracking.number}`).digest('hex').slice(0, 32),
	};
}

function pluginItem(shipment: Shipment, tracking: Tracking, settings: WooCommerceSettings): JsonValue {
	const { known, custom, link } = provider(tracking, settings);
	return {
		tracking_number: tracking.number,
		date_shipped: day(shipment),
		...(known === '' ? { custom_tracking_provider: custom, custom_tracking_link: link } : { tracking_provider: known }),
	};
}
