/** Of which numbers a cart is told with a shipment, and what is said of a shipment that it cannot hold. */
import type { Order, Shipment } from '../../order/order';
import { numbersText, trackingNumbersIn, trackingNumbersOf, trackingsOf, type Tracking } from '../../order/packages';
import { sourceQuantities } from '../../order/sourceLines';
import type { CartOutcome } from '../Cart';

/** The numbers of the shipment, then those of earlier ones that brought pieces of the kits in it and completed nothing by themselves. */
export function trackingsWithParts(order: Order, shipment: Shipment): Tracking[] {
	const kits = new Set(kitsOf(order, shipment));
	const place = order.shipments.findIndex(({ id }) => id === shipment.id);
	const parts = (place < 0 ? order.shipments : order.shipments.slice(0, place)).filter(
		(other) => other.voidedAt === null && kitsOf(order, other).some((kit) => kits.has(kit)) && sourceQuantities(order, other).length === 0,
	);
	const found = [shipment, ...parts].flatMap(trackingsOf);
	return found.filter(({ number }, index) => found.findIndex((other) => other.number === number) === index);
}

const kitsOf = (order: Order, { lines }: Shipment): string[] =>
	lines.flatMap(({ lineId }) => {
		const kit = order.lines.find(({ id }) => id === lineId)?.kit;
		return kit ? [kit.lineId] : [];
	});

/** Those that are to be told: not those that the cart (or a person) was told before. */
export const untold = <T extends Pick<Tracking, 'number'>>(trackings: readonly T[], { settledNumbers }: Shipment): T[] =>
	trackings.filter(({ number }) => !settledNumbers.some((settled) => settled === number || trackingNumbersIn(settled).includes(number)));

/** Its numbers, or else its key, for people. */
export const nameOf = (shipment: Shipment): string => numbersText(shipment) ?? shipment.externalId;

/** Whether two shipments have a number in common, or both none. */
export function shareNumbers(left: Shipment, right: Shipment): boolean {
	const numbers = trackingNumbersOf(left);
	const others = trackingNumbersOf(right);
	return numbers.length === 0 ? others.length === 0 : others.some((number) => numbers.includes(number));
}

/** Of a shipment that completes nothing of what a cart sold, for carts that take no number without goods. @param cart its name */
export function withoutGoods(cart: string, shipment: Shipment): CartOutcome {
	const numbers = numbersText(shipment);
	// What is in it is a piece of something: its number is told with the rest.
	if (numbers === null || shipment.lines.length > 0)
		return { kind: 'already_done', message: `The parcel completes nothing that ${cart} sold; it is told with the parcel that does.` };
	return {
		kind: 'rejected',
		problem: `The parcel ${numbers} has no goods of its own, and ${cart} takes no tracking number without goods: tell the customer that number.`,
	};
}

/** A problem that names the numbers of which the cart cannot tell the customer. */
export const notHeld = (cart: string, numbers: readonly string[], why: string): CartOutcome => ({
	kind: 'rejected',
	problem: `${cart} does not show ${numbers.join(', ')}: ${why} Tell the customer by hand.`,
});
