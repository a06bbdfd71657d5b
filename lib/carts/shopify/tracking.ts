/** Tells Shopify what was shipped: looks at what it has, then writes only what is missing. */
import type { Http } from '../../http/Http';
import { shown } from '../../order/errors';
import { asJson } from '../../order/json';
import type { JsonValue, Order, Shipment } from '../../order/order';
import { sourceQuantities } from '../../order/sourceLines';
import type { CartOutcome } from '../Cart';
import { allocate } from './allocate';
import { spelled } from './carriers';
import { CREATE_FULFILLMENT, UPDATE_TRACKING } from './documents';
import { readFulfillments, sameQuantities, sumsOf, type KnownFulfillment, type Quantities } from './fulfillments';
import { assertAccepted, graphql, type UserError } from './graphql';
import { gid } from './ids';
import { readFulfillmentOrders } from './reading';
import type { ShopifySettings } from './settings';

interface TrackingInput {
	[key: string]: JsonValue;
}

export async function uploadTracking(
	http: Http,
	settings: ShopifySettings,
	order: Order,
	shipment: Shipment,
	{ notifyCustomer }: { notifyCustomer: boolean },
): Promise<CartOutcome> {
	const goods = sumsOf(sourceQuantities(order, shipment));
	if (goods.size === 0) {
		return {
			kind: 'already_done',
			message: 'The parcel completes no line of the shop’s order; its tracking goes there with the parcel that does.',
		};
	}
	const known = await readFulfillments(http, order.externalId);
	if (known === null)
		return {
			kind: 'rejected',
			problem: `Shopify does not know order ${order.orderNumber} (any more), or the app lacks read_all_orders and it is older than 60 days.`,
		};
	const missing = await missingOf(known.fulfillments, order, shipment, goods);
	if (missing.size === 0) return { kind: 'already_done', message: 'Shopify has this tracking number.' };
	if (known.canceled) return { kind: 'rejected', problem: `Order ${order.orderNumber} is canceled in Shopify.` };
	const tracking = trackingOf(settings, order, shipment);
	const { nodes } = await readFulfillmentOrders(http, gid('Order', order.externalId));
	const allocation = allocate(nodes, missing, settings.location ?? '');
	if (allocation.missing.size > 0 || shipment.uploadAttempts > 0) {
		const changed = await withoutOurTracking(known.fulfillments, order, goods);
		if (changed !== null) return await update(http, changed, tracking, notifyCustomer);
	}
	if (allocation.missing.size > 0) return nothingLeft(order, allocation);
	for (const { lines } of allocation.takes) {
		const { fulfillmentCreate } = await graphql<{ fulfillmentCreate: { userErrors: UserError[] } | null }>(http, CREATE_FULFILLMENT, {
			fulfillment: { lineItemsByFulfillmentOrder: asJson(lines), notifyCustomer, ...(tracking === null ? {} : { trackingInfo: tracking }) },
		});
		assertAccepted(`the shipment ${shipment.trackingNumber ?? shipment.externalId}`, fulfillmentCreate?.userErrors);
	}
	return { kind: 'done', message: null };
}

/**
 * What of the shipment Shopify was not told. Shipments are known by their tracking number; several may share one (and one may be told in parts, of
 * two locations), so quantities count. One without a number is known by its lines.
 */
async function missingOf(
	fulfillments: readonly KnownFulfillment[],
	order: Order,
	shipment: Shipment,
	goods: Quantities,
): Promise<Quantities> {
	const number = shipment.trackingNumber;
	const alike = fulfillments.filter(({ tracking }) =>
		number === null ? tracking.every((each) => !each.number) : tracking.some((each) => each.number === number),
	);
	const uploaded: Map<string, number> = new Map();
	for (const each of alike) {
		const quantities = await each.quantities();
		// Without a number only an equal shipment is the same: others may have shipped by hand.
		if (number === null && !sameQuantities(quantities, goods)) continue;
		for (const [key, quantity] of quantities) uploaded.set(key, (uploaded.get(key) ?? 0) + quantity);
	}
	for (const other of order.shipments) {
		if (other.id === shipment.id || other.trackingNumber !== number || other.uploadedAt === null) continue;
		const quantities = sumsOf(sourceQuantities(order, other));
		if (number === null && !sameQuantities(quantities, goods)) continue;
		for (const [key, quantity] of quantities) uploaded.set(key, (uploaded.get(key) ?? 0) - quantity);
	}
	return new Map(
		[...goods]
			.map(([key, quantity]): [string, number] => [key, quantity - Math.max(0, uploaded.get(key) ?? 0)])
			.filter(([, quantity]) => quantity > 0),
	);
}

/** A shipment with just these goods under a number that is none of ours: the number changed, or somebody fulfilled it by hand. */
async function withoutOurTracking(
	fulfillments: readonly KnownFulfillment[],
	order: Order,
	goods: Quantities,
): Promise<KnownFulfillment | null> {
	const ours = new Set(order.shipments.map(({ trackingNumber }) => trackingNumber).filter((number) => number !== null));
	for (const each of fulfillments) {
		if (each.tracking.some(({ number }) => number !== null && ours.has(number))) continue;
		if (sameQuantities(await each.quantities(), goods)) return each;
	}
	return null;
}

async function update(http: Http, { id }: KnownFulfillment, tracking: TrackingInput | null, notifyCustomer: boolean): Promise<CartOutcome> {
	if (tracking === null) return { kind: 'already_done', message: 'Shopify has this parcel; there is no tracking number to add.' };
	const { fulfillmentTrackingInfoUpdate } = await graphql<{ fulfillmentTrackingInfoUpdate: { userErrors: UserError[] } | null }>(
		http,
		UPDATE_TRACKING,
		{ id, tracking, notifyCustomer },
	);
	assertAccepted('the change of the tracking number', fulfillmentTrackingInfoUpdate?.userErrors);
	return { kind: 'done', message: 'Shopify had this parcel with other tracking; it has the new one now.' };
}

/** Numbers of shipments that completed nothing by themselves come with the one that completes the kit. */
function trackingOf({ carriers }: ShopifySettings, order: Order, shipment: Shipment): TrackingInput | null {
	const company = spelled(shipment.carrier, carriers);
	const own = shipment.trackingNumber;
	const kits = new Set(kitsOf(order, shipment));
	const place = order.shipments.findIndex(({ id }) => id === shipment.id);
	const parts = (place < 0 ? order.shipments : order.shipments.slice(0, place)).filter(
		(other) =>
			other.voidedAt === null &&
			other.trackingNumber !== null &&
			kitsOf(order, other).some((kit) => kits.has(kit)) &&
			sourceQuantities(order, other).length === 0,
	);
	const packages = [shipment, ...parts].filter(({ trackingNumber }) => trackingNumber !== null);
	if (packages.length === 0) return company === null ? null : { company };
	const urls = packages.map(({ trackingUrl }) => webAddress(trackingUrl));
	const allUrls = urls.every((url) => url !== null) ? urls : [];
	const base: TrackingInput = company === null ? {} : { company };
	if (packages.length === 1)
		return { ...base, number: own ?? packages[0]?.trackingNumber ?? '', ...(allUrls[0] ? { url: allUrls[0] } : {}) };
	return { ...base, numbers: packages.map(({ trackingNumber }) => trackingNumber ?? ''), ...(allUrls.length > 0 ? { urls: allUrls } : {}) };
}

const kitsOf = (order: Order, { lines }: Shipment): string[] =>
	lines.flatMap(({ lineId }) => {
		const kit = order.lines.find(({ id }) => id === lineId)?.kit;
		return kit ? [kit.lineId] : [];
	});

const webAddress = (url: string | null): string | null => (url !== null && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null);

function nothingLeft(order: Order, { missing, held }: { missing: Quantities; held: string[] }): CartOutcome {
	const lines = [...missing]
		.map(([key, quantity]) => `${quantity} × ${order.lines.find(({ externalId }) => externalId === key)?.sku ?? key}`)
		.join(', ');
	if (held.length > 0)
		return {
			kind: 'unavailable',
			cause: `Shopify holds ${lines} of order ${order.orderNumber}: ${shown(held.join('; '), 200)}. Release the hold in Shopify; the tracking is then uploaded automatically.`,
		};
	return {
		kind: 'rejected',
		problem: `Shopify has nothing left to fulfill for ${lines} of order ${order.orderNumber}. It was fulfilled by hand, removed, refunded or given to another location that this app may not fulfill; look at the order there.`,
	};
}
