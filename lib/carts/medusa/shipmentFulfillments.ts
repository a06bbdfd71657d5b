/** What Medusa has of a shipment: read before anything is written, so that a repeat goes on where a run ended. */
import type { Order, Shipment } from '../../order/order';
import { trackingNumbersOf } from '../../order/packages';
import { shareNumbers } from '../common/trackings';
import { groupsOf, type Lines } from './groups';
import { holdsAny, liveOf, numbersOf, shipmentKeyOf, type Fulfillment, type OrderFulfillments } from './raw';

interface ShipmentFulfillments {
	/** The fulfillments of the shipment, shipped or not. */
	kept: Fulfillment[];
	/** What was made of the same goods once more, and is not shipped. */
	doubles: Fulfillment[];
	/** Lines that are in none of them. */
	rest: Lines;
}

/** Ours name the shipment in their metadata; entered by hand, a fulfillment has the shipment's number. */
export function fulfillmentsOfShipment(found: OrderFulfillments, order: Order, shipment: Shipment, lines: Lines): ShipmentFulfillments {
	const live = liveOf(found.fulfillments);
	const ours = oursOf(live, shipment, lines);
	const numbers = trackingNumbersOf(shipment);
	// Shipments may share a number.
	const isShared = numbers.length === 0 || order.shipments.some((other) => other.id !== shipment.id && shareNumbers(shipment, other));
	const byHand = isShared
		? []
		: live.filter((one) => shipmentKeyOf(one) === null && numbersOf(one).some((number) => numbers.includes(number)));
	const groups = groupsOf(found, ours.rest);
	// A person enters a shipment as a whole, as far as Medusa takes its goods together.
	const entered = groups.filter((group) => byHand.some((one) => holdsAny(one, group.lines)));
	// Other goods under this number: that person knew better.
	if (ours.kept.length === 0 && entered.length === 0 && byHand.length > 0) return { ...ours, kept: byHand, rest: [] };
	return {
		doubles: ours.doubles,
		kept: [...ours.kept, ...byHand.filter((one) => entered.some((group) => holdsAny(one, group.lines)))],
		rest: groups.flatMap((group) => (entered.includes(group) ? [] : group.lines)),
	};
}

/** What is shipped stays, and of what is not, the first of the same goods. */
function oursOf(live: readonly Fulfillment[], shipment: Shipment, lines: Lines): ShipmentFulfillments {
	const kept: Fulfillment[] = [];
	const doubles: Fulfillment[] = [];
	const isHeld = (line: Lines[number]): boolean => kept.some((one) => holdsAny(one, [line]));
	const ours = live.filter((one) => shipmentKeyOf(one) === shipment.externalId && holdsAny(one, lines));
	kept.push(...ours.filter(({ shipped_at: at }) => at !== null));
	for (const one of ours.filter(({ shipped_at: at }) => at === null)) (holdsAny(one, lines.filter(isHeld)) ? doubles : kept).push(one);
	return { kept, doubles, rest: lines.filter((line) => !isHeld(line)) };
}
