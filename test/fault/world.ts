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
import { uploadTracking } from '../../lib/fulfillment/uploadTracking';
import { bundleKey } from '../../lib/order/bundles';
import type { OrderContent } from '../../lib/order/order';
import type { OrderPart } from '../../lib/order/parts';
import type { RuleOutcome } from '../../lib/rules/run';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { SendOutcome, WmsSession } from '../../lib/wms/Wms';
import { fileWms } from '../../lib/wms/file';
import type { FileWmsRequest } from '../../lib/wms/file/request';

const STORE = 'acme-us';
const MINUTE_MS = 60_000;
const LEASE_MS = 5 * MINUTE_MS;
const actor = { kind: 'node', name: 'Test' } as const;

/** What the rules do with orders: route each, split those of several lines, or bundle all; or route each, and send several in one call. */
export type Mode = 'route' | 'split' | 'bundle' | 'together';

export interface World {
	mode: Mode;
	orderStore: OrderStore;
	cart: CartSession;
	wms: WmsSession<FileWmsRequest>;
	/** Names this process in claims. */
	worker: string;
	concurrency: number;
}

/** Puts something in front of the store, a folder or a session. */
export type Wrap = <T extends object>(target: T, name: string) => T;

export function openWorld(
	root: string,
	orderStore: OrderStore,
	worker: string,
	concurrency = 1,
	wrap: Wrap = (target) => target,
	mode: Mode = 'route',
): World {
	const folder = (name: string): Folder => wrap(openLocalFolder(path.join(root, name), unrestrictedFileAccess), 'folder');
	return {
		mode,
		orderStore: wrap(orderStore, 'store'),
		cart: wrap(fileCart.open(folder('shop'), { store: STORE, format: 'shopify', settleMs: 0 }), 'cart'),
		wms: wrap(warehouseOf(folder('warehouse'), mode), 'wms'),
		worker,
		concurrency,
	};
}

/** In one call with several orders the warehouse gets one file after the other: a crash in the middle leaves it with some of them. */
function warehouseOf(folder: Folder, mode: Mode): WmsSession<FileWmsRequest> {
	const session = fileWms.open(folder, { settleMs: 0 });
	if (mode !== 'together') return session;
	return {
		...session,
		createOrders: async (requests) => {
			const outcomes: SendOutcome[] = [];
			for (const request of requests) outcomes.push(await session.createOrder(request));
			return outcomes;
		},
	};
}

/** Less than there are orders, so that there is a call after a call. */
const ORDERS_PER_CALL = 3;

export type Action = 'import' | 'decide' | 'send' | 'poll' | 'upload';

/** Each gives how much it found to do. */
export const ACTIONS: Record<Action, (world: World) => Promise<number>> = {
	import: async (world) => {
		const { orders, counts } = await importOrders({
			orderStore: world.orderStore,
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
		await route(
			world,
			orders.map(({ id }) => id),
		);
		return counts.created + counts.updated + counts.unchanged + counts.failed + counts.refused;
	},
	/** The rules on what waits for them: bundles are made here, of orders that waited, and orders split that an import left behind. */
	decide: async (world) => {
		const { orderStore, worker } = world;
		const work = await claimDueWork({ orderStore, kinds: ['rules'], stores: [], limit: 100, leaseMs: 2 * LEASE_MS, worker, actor });
		await route(
			world,
			work.map(({ order }) => order.id),
		);
		return work.length;
	},
	send: async (world) => {
		const { items } = await world.orderStore.search({ statuses: ['routed'], limit: 100 });
		await send(
			world,
			items.map(({ id }) => id),
		);
		return items.length;
	},
	poll: async (world) => {
		const { recorded, repeated, unmatched, failed } = await pollShipments({
			orderStore: world.orderStore,
			wms: 'file',
			session: world.wms,
			stores: [],
			actor,
			budgetMs: MINUTE_MS,
		});
		return recorded.length + repeated + unmatched + failed;
	},
	upload: async (world) => {
		const { items } = await world.orderStore.search({ uploadDue: true, limit: 100 });
		await tell(
			world,
			items.map(({ id }) => id),
		);
		await upload(
			world,
			items.map(({ id }) => id),
		);
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
	const { orderStore, worker } = world;
	const work = await claimDueWork({ orderStore, kinds: DUE_KINDS, stores: [], limit: 100, leaseMs: 2 * LEASE_MS, worker, actor });
	for (const kind of DUE_KINDS) {
		const ids = work.filter((item) => item.kind === kind).map(({ order }) => order.id);
		if (ids.length > 0) await DUE_ACTIONS[kind](world, ids);
	}
	return work.length;
}

async function route({ orderStore, mode }: World, orderIds: string[]): Promise<void> {
	await applyRules({ orderStore, orderIds, evaluate: RULES[mode], warehouses: ['main'], ruleSet: () => null, dryRun: false, actor });
}

const routed = (content: OrderContent, parts?: OrderPart[]): RuleOutcome => ({
	decision: { kind: 'route', warehouse: 'main', ...(parts && { parts }) },
	content: parts ? content : { ...content, warehouse: 'main' },
	trace: [],
});

const TERMS = { rule: 'all', mostOrders: null, mostLines: null, mostTotal: null };

const RULES: Record<Mode, Parameters<typeof applyRules>[0]['evaluate']> = {
	route: (_, content) => routed(content),
	together: (_, content) => routed(content),
	split: (_, content) => {
		const parts = content.lines.map(({ id, quantity }): OrderPart => ({ warehouse: 'main', lines: [{ lineId: id, quantity }] }));
		return routed(content, parts.length > 1 ? parts : undefined);
	},
	bundle: (_, content, { now, isBundle, servedHolds }) => {
		if (isBundle || servedHolds.includes('all')) return routed(content);
		const until = new Date(now.getTime() + MINUTE_MS).toISOString();
		return {
			decision: { kind: 'bundle', rule: 'all', until, key: bundleKey(['all']), terms: TERMS, reason: 'for orders' },
			content,
			trace: [],
		};
	},
};

async function send({ orderStore, wms, worker, concurrency }: World, orderIds: string[]): Promise<void> {
	await sendOrders({
		orderStore,
		wms: { ...fileWms, capabilities: { ...fileWms.capabilities, ordersPerCall: ORDERS_PER_CALL } },
		session: wms,
		orderIds,
		worker,
		actor,
		leaseMs: LEASE_MS,
		concurrency,
		retry: DEFAULT_RETRY,
	});
}

async function cancel({ orderStore, wms, worker }: World, orderIds: string[]): Promise<void> {
	await cancelOrders({ orderStore, warehouse: { wms: fileWms, session: wms }, orderIds, reason: null, worker, actor, leaseMs: LEASE_MS });
}

async function tell({ orderStore, cart, worker }: World, orderIds: string[]): Promise<void> {
	await acknowledge({ orderStore, session: cart, worker, actor, leaseMs: LEASE_MS, retry: DEFAULT_RETRY, orderIds });
}

async function upload({ orderStore, cart, worker }: World, orderIds: string[]): Promise<void> {
	await uploadTracking({
		orderStore,
		session: cart,
		worker,
		actor,
		leaseMs: LEASE_MS,
		retry: DEFAULT_RETRY,
		orderIds,
		notifyCustomer: false,
	});
}
