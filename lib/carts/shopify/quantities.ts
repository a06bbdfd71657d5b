/**
 * What of an order is to be shipped, and where. Shopify's unit to ship is the fulfillment order: it has the location, the way of delivery, the holds, and how much
 * remains. Its keys change whenever a person edits the order or moves it, so we keep the keys of the lines, and look for the fulfillment orders anew whenever something
 * was shipped. An app sees only those that its scopes allow: what it does not see is not "shipped"; only what was fulfilled is.
 */
import type { CartWord } from '../../order/cartWord';
import { READY, waiting } from '../../order/cartWord';
import type { NotOurs } from '../../order/goods';
import { isoTime } from '../common/payload';
import { gramsOf } from '../common/weights';
import { numberOf } from './ids';
import type { RawFulfillmentOrder, RawLine, RawShopifyOrder, ShopifyOrder } from './raw';
import { inPlainWords, meaningOf, notForWarehouse } from './states';

type Place = Pick<RawShopifyOrder['unit'], 'location' | 'localDeliveries'>;

export const isAt = ({ assignedLocation: { name, location } }: Pick<RawFulfillmentOrder, 'assignedLocation'>, wanted: string): boolean =>
	wanted === '' ||
	name === wanted ||
	(location !== null && location !== undefined && (location.id === wanted || numberOf(location.id) === wanted));

/** What only a fulfillment service is asked, or answered. */
const OF_SERVICES = new Set(['REQUEST_FULFILLMENT', 'REQUEST_CANCELLATION', 'EXTERNAL']);

/** Whether a service of others ships it: an app of ours may create fulfillments, of what may be fulfilled at all, only at the merchant's locations and its own. */
export function isOfService({
	status,
	requestStatus,
	supportedActions = [],
	assignedLocation: { location },
}: RawFulfillmentOrder): boolean {
	const actions = supportedActions.map(({ action }) => action);
	if (actions.includes('CREATE_FULFILLMENT')) return false;
	if (location?.isFulfillmentService === true || actions.some((action) => OF_SERVICES.has(action))) return true;
	if (typeof requestStatus === 'string' && requestStatus !== 'UNSUBMITTED') return true;
	return actions.length > 0 && meaningOf(status) === 'now';
}

/** Why a fulfillment order is never for this warehouse; null = it is, now or later. */
function reasonAgainst(one: RawFulfillmentOrder, { location, localDeliveries = false }: Place): string | null {
	const method = one.deliveryMethod?.methodType ?? 'SHIPPING';
	const byMethod = method === 'LOCAL' && localDeliveries ? null : notForWarehouse(method);
	if (byMethod !== null) return byMethod;
	if (!isAt(one, location)) return `at ${one.assignedLocation.name}`;
	// A location that is named is ours, whoever owns it.
	if (location === '' && isOfService(one)) return `fulfilled by ${one.assignedLocation.name}`;
	return meaningOf(one.status) === 'never' ? inPlainWords(one.status) : null;
}

/** "on hold (High risk of fraud)" */
function holdOf({ status, fulfillmentHolds }: RawFulfillmentOrder): string {
	const reasons = [...new Set(fulfillmentHolds.map(({ displayReason }) => displayReason).filter(Boolean))].join(', ');
	return reasons === '' ? inPlainWords(status) : `${inPlainWords(status)} (${reasons})`;
}

/** The pieces of one line. */
interface Pieces {
	now: number;
	later: NotOurs[];
	never: NotOurs[];
	/** Shipped, by anybody. */
	fulfilled: number;
}

export interface LineToShip {
	line: RawLine;
	/** What is ours, with what was shipped. */
	quantity: number;
	notOurs: NotOurs[];
	fulfilled: number;
}

/** What of an order is ours. */
export interface Shipping {
	lines: LineToShip[];
	/** Ready, or that all of ours waits. */
	word: CartWord;
}

const INVISIBLE = 'not shown to this app, by its scopes';

/** What of each line is to be shipped: of one that has nothing left 0, with the reasons. */
export function shippingOf(order: RawShopifyOrder): Shipping {
	const pieces = new Map(order.lineItems.nodes.map((line) => [line, piecesOf(order, line)]));
	const goods = [...pieces].filter(([{ requiresShipping }]) => requiresShipping);
	const here = linesHere(order);
	// Nothing went out from here and nothing may: the order as a whole waits. Else what may not goes out later, as something that is added.
	const waits =
		goods.some(([, { later }]) => later.length > 0) &&
		goods.every(([{ id }, { now, fulfilled }]) => now === 0 && (fulfilled === 0 || !here.has(id)));
	return {
		lines: [...pieces].map(([line, each]) => ({ line, ...countedOf(each, waits), fulfilled: each.fulfilled })),
		word: waits ? wordOfHolds(order) : READY,
	};
}

function countedOf({ now, later, never, fulfilled }: Pieces, waits: boolean): Pick<LineToShip, 'quantity' | 'notOurs'> {
	const held = waits ? later.reduce((sum, { quantity }) => sum + quantity, 0) : 0;
	return { quantity: now + held + fulfilled, notOurs: waits ? never : [...later, ...never] };
}

function piecesOf(order: RawShopifyOrder, line: RawLine): Pieces {
	const sums = { now: 0, later: new Map<string, number>(), never: new Map<string, number>() };
	const add = (to: Map<string, number>, reason: string, quantity: number): void => void to.set(reason, (to.get(reason) ?? 0) + quantity);
	let seen = 0;
	for (const one of order.fulfillmentOrders.nodes) {
		if (meaningOf(one.status) === 'over') continue;
		for (const { lineItem, remainingQuantity } of one.lineItems.nodes) {
			if (lineItem.id !== line.id || remainingQuantity === 0) continue;
			seen += remainingQuantity;
			const against = reasonAgainst(one, order.unit);
			if (against !== null) add(sums.never, against, remainingQuantity);
			else if (meaningOf(one.status) === 'later') add(sums.later, holdOf(one), remainingQuantity);
			else sums.now += remainingQuantity;
		}
	}
	const fulfilled = fulfilledOf(order, line, seen);
	const rest = Math.max(0, line.quantity - fulfilled - seen);
	const refunded = Math.min(rest, Math.max(0, line.quantity - line.currentQuantity));
	if (refunded > 0) add(sums.never, 'refunded or removed', refunded);
	if (line.requiresShipping && rest > refunded) add(sums.never, INVISIBLE, rest - refunded);
	const listed = (reasons: Map<string, number>): NotOurs[] => [...reasons].map(([reason, quantity]) => ({ quantity, reason }));
	return {
		now: line.requiresShipping ? sums.now : line.currentQuantity,
		later: listed(sums.later),
		never: listed(sums.never),
		fulfilled: line.requiresShipping ? fulfilled : 0,
	};
}

/** In payloads of versions before this one, what did not remain counted as shipped. */
function fulfilledOf({ fulfillments }: ShopifyOrder, line: RawLine, remaining: number): number {
	if (fulfillments === undefined) return Math.max(0, line.currentQuantity - remaining);
	const lines = fulfillments.filter(({ status }) => isShipment(status)).flatMap(({ fulfillmentLineItems }) => fulfillmentLineItems.nodes);
	return lines.reduce((sum, { quantity, lineItem }) => (lineItem.id === line.id ? sum + (quantity ?? 0) : sum), 0);
}

/** A shipment that was canceled or failed is none. */
export const isShipment = (status: string): boolean => !['CANCELLED', 'ERROR', 'FAILURE'].includes(status);

/** All of ours waits: with every reason, until the first of its dates. */
function wordOfHolds(order: RawShopifyOrder): CartWord {
	const held = order.fulfillmentOrders.nodes.filter((one) => isHeld(one, order.unit));
	const dates = held
		.flatMap(({ status, fulfillAt }) => (status === 'SCHEDULED' && typeof fulfillAt === 'string' ? (isoTime(fulfillAt) ?? []) : []))
		.sort();
	return waiting([...new Set(held.map(holdOf))].join(', ') || null, held.length === dates.length ? (dates[0] ?? null) : null);
}

const isHeld = (one: RawFulfillmentOrder, place: Place): boolean =>
	meaningOf(one.status) === 'later' &&
	reasonAgainst(one, place) === null &&
	one.lineItems.nodes.some(({ remainingQuantity }) => remainingQuantity > 0);

/** Whether a part of ours waits for a person or a date. */
export const isPartlyHeld = (order: RawShopifyOrder): boolean => order.fulfillmentOrders.nodes.some((one) => isHeld(one, order.unit));

/** Whether anything was shipped of what is for this warehouse. What others ship, or customers carry out, never was. */
export function isPartlyShipped(order: RawShopifyOrder): boolean {
	if (order.fulfillments === undefined) return false;
	const here = linesHere(order);
	return order.lineItems.nodes.some((line) => line.requiresShipping && here.has(line.id) && fulfilledOf(order, line, 0) > 0);
}

const ourFulfillmentOrders = (order: RawShopifyOrder): RawFulfillmentOrder[] =>
	order.fulfillmentOrders.nodes.filter((one) => reasonAgainst(one, order.unit) === null);

/** Ids of the lines that this warehouse ships or shipped. */
const linesHere = (order: RawShopifyOrder): Set<string> =>
	new Set(ourFulfillmentOrders(order).flatMap(({ lineItems }) => lineItems.nodes.map(({ lineItem }) => lineItem.id)));

/** How what is ours is handed over, if it is not simply shipped: "LOCAL", "PICKUP_POINT". */
export const deliveryOf = (order: RawShopifyOrder): string | null =>
	ourFulfillmentOrders(order)
		.flatMap(({ deliveryMethod }) => deliveryMethod?.methodType ?? [])
		.find((method) => method !== 'SHIPPING') ?? null;

/** Shopify makes fulfillment orders some moments after the order. */
const ROUTED_AFTER_MS = 3_600_000;

/** Whether nobody knows yet where it is shipped from. */
export const isUnrouted = ({ fulfillmentOrders, fulfillments = [], lineItems, processedAt }: ShopifyOrder, now: number): boolean =>
	fulfillmentOrders.nodes.length === 0 &&
	fulfillments.length === 0 &&
	now - Date.parse(processedAt) < ROUTED_AFTER_MS &&
	lineItems.nodes.some(({ requiresShipping, currentQuantity }) => requiresShipping && currentQuantity > 0);

/** Grams of one unit; null = not known. */
export function weightOf(order: ShopifyOrder, lineId: string): number | null {
	for (const { lineItems } of order.fulfillmentOrders.nodes) {
		const weight = lineItems.nodes.find(({ lineItem }) => lineItem.id === lineId)?.weight;
		const grams = weight ? gramsOf(weight.value, weight.unit) : null;
		if (grams !== null) return grams;
	}
	return null;
}
