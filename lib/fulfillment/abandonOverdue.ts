import type { Order } from '../order/order';
import type { Actor } from '../order/timeline';
import type { OrderStore } from '../store/OrderStore';

/** As many as the order store moves at once. */
const BATCH = 1000;

interface AbandonRequest {
	orderStore: OrderStore;
	/** Default: all. */
	stores?: string[];
	/** Also orders of which a part was shipped. */
	includePartiallyShipped: boolean;
	actor: Actor;
}

/** Moves every order whose time is over to Abandoned, and gives them. Safe to repeat, and to run twice at the same time. */
export async function abandonOverdue({ orderStore, ...request }: AbandonRequest): Promise<Order[]> {
	const abandoned: Order[] = [];
	for (;;) {
		const ids = await orderStore.abandonOverdue({ ...request, limit: BATCH });
		abandoned.push(...(await orderStore.getMany(ids)));
		if (ids.length < BATCH) return abandoned;
	}
}
