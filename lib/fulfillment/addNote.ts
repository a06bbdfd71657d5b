import { entry, type Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';
import { againWhenStale } from './staleOrders';

/** Writes a note into the timeline of an order, as it is now. False = the order store does not know the order. Throws StaleOrderError after the last try. */
export async function addNote({
	orderStore,
	orderId,
	text,
	actor,
}: {
	orderStore: OrderStore;
	orderId: string;
	text: string;
	actor: Actor;
}): Promise<boolean> {
	return await againWhenStale(async () => {
		const order = await orderStore.get(orderId);
		if (order === null) return false;
		await orderStore.amend({ orderId, version: order.version, actor, entries: [entry('note', actor, { text })] });
		return true;
	});
}
