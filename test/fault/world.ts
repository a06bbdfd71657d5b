/** A shop, a warehouse and an order store, and the use cases that a workflow runs on them. Parent and child use the same. */
import path from 'node:path';
import type { CartSession } from '../../lib/carts/Cart';
import { fileCart } from '../../lib/carts/file';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import type { Folder } from '../../lib/files/Folder';
import { openLocalFolder } from '../../lib/files/localFolder';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { cancelOrders } from '../../lib/fulfillment/cancelOrders';
import { claimDueWork, DUE_KINDS, type DueKind } from '../../lib/fulfillment/dueWork';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import { DEFAULT_RETRY } from '../../lib/fulfillment/retryPolicy';
import { sendOrders } from '../../lib/fulfillment/sendOrders';
import { acknowledge } from '../../lib/fulfillment/acknowledge';
import { uploadTracking } from '../../lib/fulfillment/updateCart';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { WmsSession } from '../../lib/wms/Wms';
import { fileWms } from '../../lib/wms/file';
import type { FileWmsRequest } from '../../lib/wms/file/request';

export const STORE = 'acme-us';
const MINUTE_MS = 60_000;
export const LEASE_MS = 5 * MINUTE_MS;
const actor = { kind: 'node', name: 'Test' } as const;

export interface World {
	store: OrderStore;
	cart: CartSession;
	wms: WmsSession<FileWmsRequest>;
	/** Names this process in claims. */
	worker: string;
	concurrency: number;
}

/** Puts something in front of the store, a folder or a session. */
export type Wrap = <T extends object>(target: T, name: string) => T;

export function openWorld(root: string, store: OrderStore, worker: string, concurrency = 1, wrap: Wrap = (target) => target): World {
	const folder = (name: string): Folder => wrap(openLocalFolder(path.join(root, name), unrestrictedFileAccess), 'folder');
	return {
		store: wrap(store, 'store'),
		cart: wrap(fileCart.open(folder('shop'), { store: STORE, format: 'shopify', settleMs: 0 }), 'cart'),
		wms: wrap(fileWms.open(folder('warehouse'), { settleMs: 0 }), 'wms'),
		worker,
		concurrency,
	};
}

export type Action = 'import' | 'send' | 'poll' | 'upload';

/** Each gives how much it found to do. */
export const ACTIONS: Record<Action, (world: World) => Promise<number>> = {
	import: async (world) => {
		const { orders, counts } = await importOrders({
			store: world.store,
			cart: fileCart,
			session: world.cart,
			storeName: STORE,
			// Small pages, so that a file is left half recorded.
			filter: { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 2 },
			abandonAfterDays: 30,
			onChange: 'replace',
			actor,
			handOutLimit: 100,
			budgetMs: MINUTE_MS,
		});
		await route(world, orders.map(({ id }) => id));
		return counts.created + counts.updated + counts.unchanged + counts.failed + counts.refused;
	},
	send: async (world) => {
		const { items } = await world.store.search({ statuses: ['routed'], limit: 100 });
		await send(world, items.map(({ id }) => id));
		return items.length;
	},
	poll: async (world) => {
		const { recorded, repeated, unmatched, failed } = await pollShipments({
			store: world.store,
			wms: 'file',
			session: world.wms,
			stores: [],
			actor,
			budgetMs: MINUTE_MS,
		});
		return recorded.length + repeated + unmatched + failed;
	},
	upload: async (world) => {
		const { items } = await world.store.search({ uploadDue: true, limit: 100 });
		await tell(world, items.map(({ id }) => id));
		await upload(world, items.map(({ id }) => id));
		return items.length;
	},
};

const DUE_ACTIONS: Record<DueKind, (world: World, orderIds: string[]) => Promise<void>> = {
	rules: route,
	sending: send,
	acknowledgement: tell,
	upload,
	cancellation: cancel,
};

/** What waits for a workflow, and nothing else. Gives how much there was. */
export async function doDueWork(world: World): Promise<number> {
	const { store, worker } = world;
	const work = await claimDueWork({ store, kinds: DUE_KINDS, stores: [], limit: 100, leaseMs: 2 * LEASE_MS, worker, actor });
	for (const kind of DUE_KINDS) {
		const ids = work.filter((item) => item.kind === kind).map(({ order }) => order.id);
		if (ids.length > 0) await DUE_ACTIONS[kind](world, ids);
	}
	return work.length;
}

async function route({ store }: World, orderIds: string[]): Promise<void> {
	await applyRules({
		store,
		orderIds,
		evaluate: (_, content) => ({ decision: { kind: 'route', warehouse: 'main' }, content: { ...content, warehouse: 'main' }, trace: [] }),
		warehouses: ['main'],
		ruleSet: () => null,
		dryRun: false,
		actor,
	});
}

async function send({ store, wms, worker, concurrency }: World, orderIds: string[]): Promise<void> {
	await sendOrders({ store, wms: fileWms, session: wms, orderIds, worker, actor, leaseMs: LEASE_MS, concurrency, retry: DEFAULT_RETRY });
}

async function cancel({ store, wms, worker }: World, orderIds: string[]): Promise<void> {
	await cancelOrders({ store, warehouse: { wms: fileWms, session: wms }, orderIds, reason: null, worker, actor, leaseMs: LEASE_MS });
}

async function tell({ store, cart, worker }: World, orderIds: string[]): Promise<void> {
	await acknowledge({ store, session: cart, worker, actor, leaseMs: LEASE_MS, retry: DEFAULT_RETRY, orderIds });
}

async function upload({ store, cart, worker }: World, orderIds: string[]): Promise<void> {
	await uploadTracking({ store, session: cart, worker, actor, leaseMs: LEASE_MS, retry: DEFAULT_RETRY, orderIds, notifyCustomer: false });
}
