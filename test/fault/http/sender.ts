/**
 * A process that sends what is Routed, and what earlier processes left behind, to a WMS over HTTP until nothing is left to send. It never
 * ends by itself before; its parent kills it in the middle of requests and starts another one.
 */
import { claimDueWork } from '../../../lib/fulfillment/dueWork';
import { sendOrders } from '../../../lib/fulfillment/sendOrders';
import type { OrderStatus } from '../../../lib/order/status';
import type { StoreConfig } from '../../../lib/store/StoreConfig';
import { openOrderStore } from '../../../lib/store/connect';
import { WAREHOUSES, type Account, type WarehouseCode } from './warehouses';

export interface SenderTask {
	config: StoreConfig;
	warehouse: WarehouseCode;
	account: Account;
	worker: string;
	/** A request is given up after this. Default: 400. */
	timeoutMs?: number;
	/** Longer than a send with its look-ups takes, as the contract asks. Default: 6000. */
	leaseMs?: number;
}

const LEFT: OrderStatus[] = ['routed', 'queued', 'delayed'];
const actor = { kind: 'node', name: 'Test' } as const;

async function main(): Promise<void> {
	const task = JSON.parse(process.argv[2]!) as SenderTask;
	const orderStore = await openOrderStore(task.config);
	const { timeoutMs = 400, leaseMs = 6000 } = task;
	const { wms, session } = WAREHOUSES[task.warehouse](task.account, task.worker, timeoutMs);
	const send = async (orderIds: string[]): Promise<void> => {
		await sendOrders({
			orderStore,
			wms,
			session,
			orderIds,
			worker: task.worker,
			actor,
			leaseMs,
			concurrency: 4,
			// Longer than these warehouses take to carry a request out that was given up.
			lateMs: leaseMs / 3,
			// The pauses are longer than a late answer is late.
			retry: { pausesInMinutes: new Array<number>(40).fill(1 / 60), jitter: 0.2 },
		});
	};
	while ((await orderStore.search({ statuses: LEFT, limit: 1 })).items.length > 0) {
		const { items } = await orderStore.search({ statuses: ['routed'], limit: 40 });
		await send(items.map(({ id }) => id));
		const due = await claimDueWork({ orderStore, kinds: ['sending'], stores: [], limit: 40, leaseMs, worker: task.worker, actor });
		await send(due.map(({ order }) => order.id));
		if (items.length + due.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
	}
	await orderStore.close();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
