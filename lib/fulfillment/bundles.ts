/** Orders that are bundled: what people may do with them, and with the bundle. */
import { asError, FulfillmentError, StaleOrderError } from '../order/errors';
import { mayBeAtWms, partStateOf } from '../order/parts';
import type { Order } from '../order/order';
import { statusLabel, type OrderStatus } from '../order/status';
import type { Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';

/** Where a bundle is put away for good, so that its orders may be as well. */
const PUT_AWAY: readonly OrderStatus[] = ['archived', 'abandoned', 'canceled'];

/**
 * Why an order in a bundle cannot be worked on by itself; null = it can. What is done with it has to be done with the bundle, for that is what the
 * warehouse gets.
 */
export async function refusedInBundle(store: OrderStore, order: Order, operation: 'edit' | 'reprocess' | 'reset' | 'archive' | 'cancel'): Promise<{ why: string; remedy: string } | null> {
	if (order.bundledInto === null) return null;
	const bundle = await store.get(order.bundledInto);
	// Nothing of it is shipped with the bundle any more.
	if (bundle === null || order.status === 'canceled' || (bundle.status === 'canceled' && order.shipments.length === 0)) return null;
	if (operation === 'archive' && (order.status !== 'bundled' || PUT_AWAY.includes(bundle.status))) return null;
	const sent = await isSent(store, bundle);
	const remedy = sent ? `Do it with ${bundle.reference}, which the warehouse has.` : `Unbundle ${bundle.reference} first, or do it with that order.`;
	return { why: `It is bundled into ${bundle.reference}, which is ${statusLabel(bundle.status)}.`, remedy };
}

/** Whether the warehouse has the bundle or one of its parts, or may have it. */
const isSent = async (store: OrderStore, bundle: Order): Promise<boolean> =>
	[bundle, ...(await store.parts([bundle.id]))].some((each) => mayBeAtWms(partStateOf(each)));

/** A canceled bundle took its orders with it. */
export function refusedAsBundle({ bundleSize, parentId, status, reference, shipments }: Order): { why: string; remedy: string } | null {
	if (bundleSize === 0 || parentId !== null || status !== 'canceled' || shipments.some(({ uploadHeldBack }) => uploadHeldBack)) return null;
	return { why: `${reference} bundles orders that were Canceled with it.`, remedy: 'Reprocess those orders; rules bundle them anew.' };
}

const TRIES = 3;

/**
 * Takes a bundle apart before it is sent: its orders are New again, as they were, and are not bundled by the same rule again until they are
 * reprocessed. Gives the orders.
 *
 * @param orderId the bundle, or one of its orders
 */
export async function unbundleOrder({ store, orderId, actor }: { store: OrderStore; orderId: string; actor: Actor }): Promise<Order[]> {
	for (let tried = 1; ; tried += 1) {
		const order = await store.get(orderId);
		if (order === null) {
			throw new FulfillmentError('order_not_found', `The order store has no order ${orderId}.`, 'Check the ID; the bundle may have been taken apart already.');
		}
		const bundle = order.status === 'bundled' && order.bundledInto !== null ? await store.get(order.bundledInto) : order;
		if (bundle === null || bundle.bundleSize === 0 || bundle.parentId !== null) {
			throw new FulfillmentError('operation_refused', `Order ${order.orderNumber} is no bundle, and in none.`, 'Choose an order that bundles others, or one with the status Bundled.');
		}
		try {
			return await store.getMany(await store.unbundle({ orderId: bundle.id, version: bundle.version, actor, reason: 'Unbundled.' }));
		} catch (error) {
			if (!(error instanceof StaleOrderError) || tried >= TRIES) throw asError(error);
		}
	}
}
