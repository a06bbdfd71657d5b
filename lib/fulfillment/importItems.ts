/** Records orders that a workflow has from somewhere else, in the shape of this package: no cart is asked, and no position moves. */
import type { ImportedOrder, Order } from '../order/order';
import type { Actor } from '../order/timeline';
import type { ImportResult, OrderStore } from '../store/OrderStore';
import { recordOneByOne, unrecordedOrder } from './oneByOne';

interface ItemsRequest {
	orderStore: OrderStore;
	/** The name of the sales channel. */
	storeName: string;
	orders: readonly ImportedOrder[];
	abandonAfterDays: number;
	actor: Actor;
}

interface ImportedItem {
	externalId: string;
	/** Null when the order store has none: it could not be recorded, or was canceled before it was known. */
	order: Order | null;
	result: ImportResult['kind'] | 'failed';
	reason: ImportResult['reason'] | string;
}

/** As many as are recorded at once. */
const BATCH = 250;

/** Results come in the order of `orders`. One that the order store cannot record stops no other, and is an import failure of its own. */
export async function importItems(request: ItemsRequest): Promise<ImportedItem[]> {
	const results: ImportedItem[] = [];
	for (let start = 0; start < request.orders.length; start += BATCH)
		results.push(...(await importBatch(request, request.orders.slice(start, start + BATCH))));
	return results;
}

async function importBatch(
	{ orderStore, storeName, abandonAfterDays, actor }: ItemsRequest,
	batch: readonly ImportedOrder[],
): Promise<ImportedItem[]> {
	const { results, unrecorded } = await recordOneByOne(
		batch,
		async (orders, failures) =>
			await orderStore.importPage({
				source: `items:${storeName}`,
				cursorFrom: null,
				cursorTo: null,
				store: storeName,
				cart: 'items',
				orders: [...orders],
				failures: [...failures],
				abandonAfterDays,
				onChange: 'replace',
				actor,
			}),
		unrecordedOrder,
	);
	const known = new Map((await orderStore.getMany(results.flatMap(({ orderId }) => orderId ?? []))).map((order) => [order.id, order]));
	const recorded = results.values();
	return batch.map((order): ImportedItem => {
		const { externalId } = order;
		const why = unrecorded.get(order);
		if (why !== undefined) return { externalId, order: null, result: 'failed', reason: why.message };
		const result = recorded.next().value!;
		return { externalId: result.externalId, order: known.get(result.orderId ?? '') ?? null, result: result.kind, reason: result.reason };
	});
}
