/** Which fulfillment orders a shipment comes from. Pure. */
import { isAt, isOfService } from './quantities';
import { numberOf } from './ids';
import type { Quantities } from './fulfillments';
import type { RawFulfillmentOrder } from './raw';

/** Of one location, as Shopify wants it. */
interface Take {
	location: string;
	lines: Array<{ fulfillmentOrderId: string; fulfillmentOrderLineItems: Array<{ id: string; quantity: number }> }>;
}

interface Allocation {
	takes: Take[];
	/** What no fulfillment order has left. */
	missing: Map<string, number>;
	/** Of the missing, what waits on hold, and why. */
	held: string[];
}

/**
 * A fulfillment in Shopify is of one order and one location, and what is not named of a fulfillment order counts as shipped with it: so every
 * line is named, with its quantity. Fulfillment orders at the wanted location go first, then those that hold the most of the shipment.
 */
export function allocate(fulfillmentOrders: readonly RawFulfillmentOrder[], goods: Quantities, location: string): Allocation {
	const left = new Map(goods);
	const open = fulfillmentOrders.filter(
		(one) => (one.status === 'OPEN' || one.status === 'IN_PROGRESS') && (location !== '' || !isOfService(one)),
	);
	const fitOf = (one: RawFulfillmentOrder): number =>
		one.lineItems.nodes.reduce(
			(sum, { lineItem, remainingQuantity }) => sum + Math.min(remainingQuantity, goods.get(numberOf(lineItem.id)) ?? 0),
			0,
		);
	const wanted = (one: RawFulfillmentOrder): number => (location !== '' && isAt(one, location) ? 1 : 0);
	const ranked = open
		.map((one, index) => ({ one, index, key: [wanted(one), fitOf(one)] as const }))
		.sort((a, b) => b.key[0] - a.key[0] || b.key[1] - a.key[1] || a.index - b.index);
	const takes = new Map<string, Take>();
	for (const { one } of ranked) {
		const lines = one.lineItems.nodes.flatMap(({ id, lineItem, remainingQuantity }) => {
			const key = numberOf(lineItem.id);
			const quantity = Math.min(remainingQuantity, left.get(key) ?? 0);
			left.set(key, (left.get(key) ?? 0) - quantity);
			return quantity > 0 ? [{ id, quantity }] : [];
		});
		if (lines.length === 0) continue;
		const place = one.assignedLocation.location?.id ?? one.assignedLocation.name;
		const take = takes.get(place) ?? { location: place, lines: [] };
		take.lines.push({ fulfillmentOrderId: one.id, fulfillmentOrderLineItems: lines });
		takes.set(place, take);
	}
	const missing = new Map([...left].filter(([, quantity]) => quantity > 0));
	const held = fulfillmentOrders
		.filter(
			({ status, lineItems }) =>
				(status === 'ON_HOLD' || status === 'SCHEDULED') &&
				lineItems.nodes.some(({ lineItem, remainingQuantity }) => remainingQuantity > 0 && missing.has(numberOf(lineItem.id))),
		)
		.map(
			({ status, fulfillmentHolds }) =>
				fulfillmentHolds.map(({ displayReason }) => displayReason).join(', ') || status.toLowerCase().replace('_', ' '),
		);
	return { takes: [...takes.values()], missing, held };
}
