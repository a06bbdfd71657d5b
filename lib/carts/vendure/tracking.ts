/**
 * Tells Vendure what was shipped. It looks at the fulfillments first: on Postgres, Vendure makes the same one twice when it is told twice.
 * A fulfillment cannot be changed, so one with an old tracking code is canceled and made anew.
 */
import type { Order, Shipment } from '../../order/order';
import { trackingNumbersIn, trackingNumbersOf, wasTold } from '../../order/packages';
import { sourceQuantities } from '../../order/sourceLines';
import { carrierFor } from '../common/carriers';
import { nameOf, shareNumbers, trackingsWithParts, withoutGoods } from '../common/trackings';
import type { CartOutcome } from '../Cart';
import type { Fulfillment, VendureApi, VendureFulfillments } from './api';
import { DEFAULT_HANDLER, type VendureSettings } from './settings';

export const orderNotFound = ({ orderNumber }: Order): CartOutcome => ({
	kind: 'rejected',
	problem: `Vendure has no order ${orderNumber} in this channel any more. Archive it if it was deleted there.`,
});

/** Vendure ships nothing in these, or would leave the order in its state. */
const NOT_YET = new Set([
	'Created',
	'Draft',
	'AddingItems',
	'ArrangingPayment',
	'ArrangingAdditionalPayment',
	'Modifying',
	'PaymentAuthorized',
]);

export async function uploadTracking(api: VendureApi, settings: VendureSettings, order: Order, shipment: Shipment): Promise<CartOutcome> {
	const lines = sourceQuantities(order, shipment);
	if (lines.length === 0) return withoutGoods('Vendure', shipment);
	const found = await api.fulfillments(order.externalId);
	if (found === null) return orderNotFound(order);
	const name = nameOf(shipment);
	const what = `the shipment ${name}`;
	const ours = ourFulfillment(found, order, shipment);
	if (ours !== null) {
		if (ours.state !== 'Pending' && ours.state !== 'Created') return { kind: 'already_done', message: `${name} is there already.` };
		// A run ended between its making and its shipping.
		await api.moveFulfillment(what, ours.id, 'Shipped');
		return { kind: 'done', message: `Marked fulfillment ${ours.id} as shipped.` };
	}
	if (found.state === 'Cancelled') return { kind: 'rejected', problem: `Order ${order.orderNumber} is canceled in Vendure.` };
	const state = await settledState(api, settings, order, found);
	if (NOT_YET.has(state)) {
		const remedy =
			state === 'PaymentAuthorized'
				? 'Settle its payment there, or let Cart Update do it (Settle Payments).'
				: 'It is told once that is over.';
		return { kind: 'unavailable', cause: `Order ${order.orderNumber} is ${state} in Vendure, and takes no shipment. ${remedy}` };
	}
	const stale =
		partlyTold(found, order, shipment) ?? (isOpen(found, lines) && !wasTold(shipment) ? null : replaceable(found, order, shipment));
	if (!isOpen(found, lines) && stale === null) {
		return {
			kind: 'rejected',
			problem: `Vendure has these goods of order ${order.orderNumber} in other fulfillments already: look at the order there. The parcel is ${name}.`,
		};
	}
	if (stale !== null) await api.moveFulfillment(`to cancel fulfillment ${stale.id}`, stale.id, 'Cancelled');
	const id = await api.addFulfillment(
		what,
		lines.map(({ externalId, quantity }) => ({ orderLineId: externalId, quantity })),
		settings.handler?.trim() || DEFAULT_HANDLER,
		{ method: methodOf(settings, shipment), trackingCode: codeOf(order, shipment) },
	);
	await api.moveFulfillment(what, id, 'Shipped');
	return {
		kind: 'done',
		message:
			stale === null
				? `Added ${name}.`
				: `Replaced fulfillment ${stale.id} (${stale.trackingCode || 'without a code'}) by one with ${name}.`,
	};
}

/** A fulfillment has one text for its code. */
const codeOf = (order: Order, shipment: Shipment): string =>
	trackingsWithParts(order, shipment)
		.map(({ number }) => number)
		.join(', ');

const methodOf = ({ carriers }: VendureSettings, { carrier, serviceLevel }: Shipment): string =>
	carrierFor(carriers, carrier) ?? ([carrier, serviceLevel].filter((part) => part !== null).join(' ') || 'Parcel');

const liveOf = ({ fulfillments }: Pick<VendureFulfillments, 'fulfillments'>): Fulfillment[] =>
	(fulfillments ?? []).filter(({ state }) => state !== 'Cancelled');

/** The same for what we would send, and what came of it. */
const signature = (trackingCode: string | null, lines: ReadonlyArray<readonly [id: string, quantity: number]>): string =>
	JSON.stringify([
		trackingCode ?? '',
		[...lines].filter(([, quantity]) => quantity > 0).sort(([left], [right]) => (left < right ? -1 : 1)),
	]);

const signatureOf = ({ trackingCode, lines }: Fulfillment): string =>
	signature(
		trackingCode,
		lines.map(({ orderLineId, quantity }) => [orderLineId, quantity]),
	);

const wanted = (order: Order, shipment: Shipment): string =>
	signature(
		codeOf(order, shipment),
		sourceQuantities(order, shipment).map(({ externalId, quantity }) => [externalId, quantity]),
	);

/** The fulfillment of this shipment. Shipments that are alike count: a second one is not the first one again. */
function ourFulfillment(found: VendureFulfillments, order: Order, shipment: Shipment): Fulfillment | null {
	const live = liveOf(found);
	const mine = wanted(order, shipment);
	const alike = live.filter((one) => signatureOf(one) === mine);
	const others = order.shipments.filter(({ id }) => id !== shipment.id);
	const uploadedBefore = others.filter((other) => wasTold(other) && wanted(order, other) === mine);
	const last = alike.at(-1);
	if (last !== undefined && alike.length > uploadedBefore.length) return last;
	// By hand, or with lines that have changed since: the code says that the customer was told.
	const code = codeOf(order, shipment);
	if (code === '' || others.some((other) => shareNumbers(shipment, other))) return null;
	return live.find(({ trackingCode }) => trackingCode === code) ?? null;
}

/** Enough of each line is in no fulfillment yet. */
function isOpen(found: VendureFulfillments, lines: ReadonlyArray<{ externalId: string; quantity: number }>): boolean {
	const left = leftOf(found);
	return lines.every(({ externalId, quantity }) => (left.get(externalId) ?? 0) >= quantity);
}

/** How much of each line is in no fulfillment yet. */
export function leftOf(found: Pick<VendureFulfillments, 'lines' | 'fulfillments'>): Map<string, number> {
	const left = new Map(found.lines.map(({ id, quantity }) => [id, quantity]));
	for (const { lines } of liveOf(found))
		for (const { orderLineId, quantity } of lines) left.set(orderLineId, (left.get(orderLineId) ?? 0) - quantity);
	return left;
}

/** The fulfillment of this shipment with some of its numbers: the others came since. */
function partlyTold(found: VendureFulfillments, order: Order, shipment: Shipment): Fulfillment | null {
	if (order.shipments.some((other) => other.id !== shipment.id && shareNumbers(shipment, other))) return null;
	const numbers = trackingNumbersOf(shipment);
	return (
		liveOf(found).find(
			(one) =>
				signatureOf({ ...one, trackingCode: codeOf(order, shipment) }) === wanted(order, shipment) &&
				trackingNumbersIn(one.trackingCode).some((number) => numbers.includes(number)),
		) ?? null
	);
}

/** A fulfillment of the same goods whose code is that of no shipment we know: an older number of this one, or none yet. */
function replaceable(found: VendureFulfillments, order: Order, shipment: Shipment): Fulfillment | null {
	const codes = new Set(order.shipments.filter(({ id }) => id !== shipment.id).map((other) => codeOf(order, other)));
	return (
		liveOf(found).find(
			(one) =>
				signatureOf({ ...one, trackingCode: codeOf(order, shipment) }) === wanted(order, shipment) && !codes.has(one.trackingCode ?? ''),
		) ?? null
	);
}

/** The state of the order, after its payments were settled if that is wanted. */
async function settledState(
	api: VendureApi,
	{ settlePayments = false }: VendureSettings,
	order: Order,
	{ state, payments }: VendureFulfillments,
): Promise<string> {
	if (state !== 'PaymentAuthorized' || !settlePayments) return state;
	for (const payment of payments ?? []) if (payment.state === 'Authorized') await api.settle(payment.id);
	return (await api.fulfillments(order.externalId))?.state ?? state;
}
