/** Tells Shopify what was shipped: looks at what it has, then writes only what is missing. */
import type { Http } from '../../http/Http';
import { shown } from '../../order/errors';
import { asJson } from '../../order/json';
import type { JsonValue, Order, Shipment } from '../../order/order';
import { trackingNumbersOf, wasTold, type Tracking } from '../../order/packages';
import { sourceQuantities } from '../../order/sourceLines';
import type { CartOutcome } from '../Cart';
import { nameOf, notHeld, shareNumbers, trackingsWithParts, untold, withoutGoods } from '../common/trackings';
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
	if (goods.size === 0) return withoutGoods('Shopify', shipment);
	const known = await readFulfillments(http, order.externalId);
	if (known === null)
		return {
			kind: 'rejected',
			problem: `Shopify does not know order ${order.orderNumber} (any more), or the app lacks read_all_orders and it is older than 60 days.`,
		};
	const missing = await missingOf(known.fulfillments, order, shipment, goods);
	const trackings = trackingsWithParts(order, shipment);
	const unseen = untold(trackings, shipment).filter(({ number }) => !known.fulfillments.some((one) => hasNumber(one, number)));
	if (missing.size === 0 && unseen.length === 0) return { kind: 'already_done', message: 'Shopify has this tracking number.' };
	if (known.canceled) return { kind: 'rejected', problem: `Order ${order.orderNumber} is canceled in Shopify.` };
	const tracking = trackingOf(settings, shipment, trackings);
	if (missing.size === 0) return await addNumbers(http, settings, known.fulfillments, shipment, { trackings, unseen, notifyCustomer });
	const { nodes } = await readFulfillmentOrders(http, gid('Order', order.externalId));
	const allocation = allocate(nodes, missing, settings.location ?? '');
	if (allocation.missing.size > 0 || shipment.uploadAttempts > 0 || wasTold(shipment)) {
		const changed = await withoutOurTracking(known.fulfillments, order, goods);
		if (changed !== null) return await update(http, changed, tracking, notifyCustomer);
	}
	if (allocation.missing.size > 0) return nothingLeft(order, allocation);
	for (const { lines } of allocation.takes) {
		const { fulfillmentCreate } = await graphql<{ fulfillmentCreate: { userErrors: UserError[] } | null }>(http, CREATE_FULFILLMENT, {
			fulfillment: { lineItemsByFulfillmentOrder: asJson(lines), notifyCustomer, ...(tracking === null ? {} : { trackingInfo: tracking }) },
		});
		assertAccepted(`the shipment ${nameOf(shipment)}`, fulfillmentCreate?.userErrors);
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
	const numbers = trackingNumbersOf(shipment);
	const unnumbered = numbers.length === 0;
	const alike = fulfillments.filter((one) =>
		unnumbered ? one.tracking.every((each) => !each.number) : numbers.some((number) => hasNumber(one, number)),
	);
	const uploaded: Map<string, number> = new Map();
	for (const each of alike) {
		const quantities = await each.quantities();
		// Without a number only an equal shipment is the same: others may have shipped by hand.
		if (unnumbered && !sameQuantities(quantities, goods)) continue;
		for (const [key, quantity] of quantities) uploaded.set(key, (uploaded.get(key) ?? 0) + quantity);
	}
	for (const other of order.shipments) {
		if (other.id === shipment.id || !shareNumbers(shipment, other) || !wasTold(other)) continue;
		const quantities = sumsOf(sourceQuantities(order, other));
		if (unnumbered && !sameQuantities(quantities, goods)) continue;
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
	const ours = new Set(order.shipments.flatMap(trackingNumbersOf));
	for (const each of fulfillments) {
		if (each.tracking.some(({ number }) => number !== null && ours.has(number))) continue;
		if (sameQuantities(await each.quantities(), goods)) return each;
	}
	return null;
}

const hasNumber = ({ tracking }: KnownFulfillment, number: string): boolean => tracking.some((each) => each.number === number);

/** Numbers that came after the goods were told go to the fulfillment that has them, beside those that are there. */
async function addNumbers(
	http: Http,
	settings: ShopifySettings,
	fulfillments: readonly KnownFulfillment[],
	shipment: Shipment,
	{ trackings, unseen, notifyCustomer }: { trackings: readonly Tracking[]; unseen: readonly Tracking[]; notifyCustomer: boolean },
): Promise<CartOutcome> {
	const target = fulfillments.find((one) => trackings.some(({ number }) => hasNumber(one, number)));
	const numbers = unseen.map(({ number }) => number);
	if (target === undefined) return notHeld('Shopify', numbers, 'the fulfillment with the goods has no number of this shipment.');
	const present = target.tracking.flatMap(({ number, url }): Tracking[] =>
		number ? [{ number, url, carrier: shipment.carrier, serviceLevel: null }] : [],
	);
	// As the warehouse tells them, then what else is there.
	const own = trackings.filter(({ number }) => hasNumber(target, number) || numbers.includes(number));
	const others = present.filter(({ number }) => !own.some((one) => one.number === number));
	await update(http, target, trackingOf(settings, shipment, [...own, ...others]), notifyCustomer);
	return { kind: 'done', message: `Added ${numbers.join(', ')} to the parcel in Shopify.` };
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

function trackingOf({ carriers }: ShopifySettings, { carrier }: Shipment, trackings: readonly Tracking[]): TrackingInput | null {
	const company = spelled(carrier, carriers);
	const [first] = trackings;
	if (first === undefined) return company === null ? null : { company };
	const urls = trackings.map(({ url }) => webAddress(url));
	const allUrls = urls.every((url) => url !== null) ? urls : [];
	const base: TrackingInput = company === null ? {} : { company };
	if (trackings.length === 1) return { ...base, number: first.number, ...(allUrls[0] ? { url: allUrls[0] } : {}) };
	return { ...base, numbers: trackings.map(({ number }) => number), ...(allUrls.length > 0 ? { urls: allUrls } : {}) };
}

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
