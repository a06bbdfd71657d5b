/** What is done before and after a crash: one sending, or one poll. */
import path from 'node:path';
import type { Folder } from '../../lib/files/Folder';
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import type { OrderStore } from '../../lib/store/OrderStore';
import { controlNumbersOf, partnerOf, x12Wms } from '../../lib/wms/x12';

export type Action = 'send' | 'poll';

const ACTOR = { kind: 'node', name: 'test' } as const;
export const PARTNER = { ourQualifier: 'ZZ', ourId: 'MERCHANT', theirQualifier: 'ZZ', theirId: 'WAREHOUSE3PL', settleMs: 0 };
export const storeFile = (root: string): string => path.join(root, 'store', 'orders.sqlite');

export async function work(action: Action, orderStore: OrderStore, folder: Folder): Promise<void> {
	const session = x12Wms.open({ folder, numbers: controlNumbersOf(partnerOf(PARTNER), orderStore) }, PARTNER);
	if (action === 'poll') return void (await pollShipments({ orderStore, wms: 'x12', session, stores: [], actor: ACTOR, budgetMs: 60_000 }));
	const { items } = await orderStore.search({ limit: 10 });
	await sendOrders({
		orderStore,
		wms: x12Wms,
		session,
		orderIds: items.map(({ id }) => id),
		worker: String(process.pid),
		actor: ACTOR,
		leaseMs: 60_000,
		concurrency: 1,
		retry: DEFAULT_RETRY,
	});
}
