/** Orders that are bundled: what people may do with them, and with the bundle. */
import { FulfillmentError } from '../order/errors';
import type { Operation } from '../order/operations';
import type { Order } from '../order/order';
import { isLive } from '../order/sendingState';
import { hasTrait, statusLabel } from '../order/status';
import type { Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';
import { onOrderNow, unlessStale } from './staleOrders';

/**
 * Why an order in a bundle cannot be worked on by itself; null = it can. What is done with it has to be done with the bundle, for that is what the
 * warehouse gets.
 */
export async function refusedInBundle(
	orderStore: OrderStore,
	order: Order,
	operation: Operation,
): Promise<{ why: string; remedy: string } | null> {
	if (order.bundledInto === null) return null;
	const bundle = await orderStore.get(order.bundledInto);
	// Nothing of it is shipped with the bundle any more.
	if (bundle === null || order.status === 'canceled' || (bundle.status === 'canceled' && order.shipments.length === 0)) return null;
	// What is put away takes its orders with it.
	if (operation === 'archive' && (order.status !== 'bundled' || hasTrait(bundle.status, 'put_away'))) return null;
	const sent = await isSent(orderStore, bundle);
	const remedy = sent
		? `Do it with ${bundle.reference}, which the warehouse has.`
		: `Unbundle ${bundle.reference} first, or do it with that order.`;
	return { why: `It is bundled into ${bundle.reference}, which is ${statusLabel(bundle.status)}.`, remedy };
}

/** Whether the warehouse has the bundle or one of its parts, or may have it. */
const isSent = async (orderStore: OrderStore, bundle: Order): Promise<boolean> =>
	[bundle, ...(await orderStore.parts([bundle.id]))].some(({ sending }) => isLive(sending));

/** A canceled bundle took its orders with it. */
export function refusedAsBundle({ bundleSize, parentId, status, reference, shipments }: Order): { why: string; remedy: string } | null {
	if (bundleSize === 0 || parentId !== null || status !== 'canceled' || shipments.some(({ uploadHeldBack }) => uploadHeldBack)) return null;
	return { why: `${reference} bundles orders that were Canceled with it.`, remedy: 'Reprocess those orders; rules bundle them anew.' };
}

/**
 * Bundles of which the cart changed or canceled an order while the warehouse might have had them, and which it does not have: they are not sent as they
 * were. Takes apart those of these orders, and gives their ids.
 */
export async function takeApartChanged(orderStore: OrderStore, orders: readonly Order[], actor: Actor): Promise<Set<string>> {
	const returned = orders.filter(
		({ status, bundleSize, parentId, sending }) =>
			status === 'new' && bundleSize > 0 && parentId === null && sending !== 'none' && !isLive(sending),
	);
	const apart = new Set<string>();
	for (const bundle of returned) {
		if (!(await orderStore.sources([bundle.id])).some(isChanged)) continue;
		const takeApart = async (): Promise<void> => {
			await orderStore.unbundle({
				orderId: bundle.id,
				version: bundle.version,
				actor,
				reason: 'The cart changed or canceled one of its orders, and the warehouse does not have it.',
				again: true,
			});
			apart.add(bundle.id);
		};
		// Else somebody works on it.
		await unlessStale(takeApart, () => undefined);
	}
	return apart;
}

/** Of an order in a bundle: whether the cart said otherwise since the bundle went out. */
export const isChanged = ({ canceledInCartAt, alerts }: Order): boolean =>
	canceledInCartAt !== null || alerts.some(({ code }) => code === 'changed_in_cart');

/**
 * Takes a bundle apart before it is sent: its orders are New again, as they were, and are not bundled by the same rule again until they are
 * reprocessed. Gives the orders.
 *
 * @param orderId the bundle, or one of its orders
 */
export async function unbundleOrder({
	orderStore,
	orderId,
	actor,
}: {
	orderStore: OrderStore;
	orderId: string;
	actor: Actor;
}): Promise<Order[]> {
	const unbundle = async (order: Order): Promise<Order[]> => {
		const bundle = order.status === 'bundled' && order.bundledInto !== null ? await orderStore.get(order.bundledInto) : order;
		if (bundle === null || bundle.bundleSize === 0 || bundle.parentId !== null) {
			throw new FulfillmentError(
				'operation_refused',
				`Order ${order.orderNumber} is not a bundle and is not in one.`,
				'Choose an order that bundles others, or one with the status Bundled.',
			);
		}
		return await orderStore.getMany(
			await orderStore.unbundle({ orderId: bundle.id, version: bundle.version, actor, reason: 'Unbundled.' }),
		);
	};
	return await onOrderNow(orderStore, orderId, unbundle, 'Check the ID; the bundle may have been taken apart already.');
}
