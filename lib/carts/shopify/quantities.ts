/**
 * What of an order is to be shipped, and where. Shopify's unit to ship is the fulfillment order: it has the location, the holds, and how
 * much remains. Its keys change whenever a person edits the order or moves it, so we keep the keys of the lines, and look for the
 * fulfillment orders anew whenever something was shipped.
 */
import { gramsOf } from '../weights';
import { numberOf } from './ids';
import type { RawFulfillmentOrder, RawLine, RawShopifyOrder, ShopifyOrder } from './raw';

/** Statuses in which something remains. Closed and cancelled ones keep their lines; incomplete ones will never be shipped. */
const REMAINING = new Set(['OPEN', 'IN_PROGRESS', 'ON_HOLD', 'SCHEDULED']);
const NOT_YET = new Set(['ON_HOLD', 'SCHEDULED']);

export const isAt = ({ assignedLocation: { name, location } }: Pick<RawFulfillmentOrder, 'assignedLocation'>, wanted: string): boolean =>
	wanted === '' || name === wanted || (location !== null && (location.id === wanted || numberOf(location.id) === wanted));

function remainingOf(order: ShopifyOrder, location: string): Map<string, number> {
	const sums = new Map<string, number>();
	for (const each of order.fulfillmentOrders.nodes) {
		if (!REMAINING.has(each.status) || !isAt(each, location)) continue;
		for (const { lineItem, remainingQuantity } of each.lineItems.nodes) sums.set(lineItem.id, (sums.get(lineItem.id) ?? 0) + remainingQuantity);
	}
	return sums;
}

/** Whether a part of it waits for a person or a date. */
export const isHeld = (order: ShopifyOrder, location: string): boolean =>
	order.fulfillmentOrders.nodes.some((each) => NOT_YET.has(each.status) && isAt(each, location));

/** Whether anything was shipped, by us or by others. */
export function isPartlyShipped(order: ShopifyOrder): boolean {
	const remaining = remainingOf(order, '');
	return shippable(order).some(({ id, currentQuantity }) => currentQuantity > (remaining.get(id) ?? 0));
}

const shippable = (order: ShopifyOrder): RawLine[] => order.lineItems.nodes.filter(({ requiresShipping }) => requiresShipping);

/** Lines with what is to be shipped of each; lines of which nothing is are left out. */
export function linesToShip(order: RawShopifyOrder): Array<{ line: RawLine; quantity: number }> {
	const { location, count } = order.unit;
	const remaining = remainingOf(order, location);
	return shippable(order)
		.map((line) => ({ line, quantity: count === 'whole' ? line.currentQuantity : (remaining.get(line.id) ?? 0) }))
		.filter(({ quantity }) => quantity > 0);
}

/** Grams of one unit; null = not known. */
export function weightOf(order: ShopifyOrder, lineId: string): number | null {
	for (const { lineItems } of order.fulfillmentOrders.nodes) {
		const weight = lineItems.nodes.find(({ lineItem }) => lineItem.id === lineId)?.weight;
		const grams = weight ? gramsOf(weight.value, weight.unit) : null;
		if (grams !== null) return grams;
	}
	return null;
}
