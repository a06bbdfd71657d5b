/** A real store and real folders: what the use cases need, and the eyes of the shop and of the warehouse. */
import fs from 'node:fs';
import path from 'node:path';
import type { CartSession, ImportFilter } from '../../lib/carts/Cart';
import { fileCart } from '../../lib/carts/file';
import { importOrders, type ImportRequest } from '../../lib/fulfillment/importOrders';
import { sendOrders, type SendResult } from '../../lib/fulfillment/sendOrders';
import type { SendRequest } from '../../lib/fulfillment/sendRequest';
import { pollShipments, type PollReport, type PollRequest } from '../../lib/fulfillment/pollShipments';
import { uploadTracking } from '../../lib/fulfillment/uploadTracking';
import type { CartUpdateRequest } from '../../lib/fulfillment/cartUpdate';
import type { Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { WmsSession } from '../../lib/wms/Wms';
import { fileWms, type FileWmsRequest } from '../../lib/wms/file';
import { put, temporaryFolder } from '../files/openLocal';
import { actor, imported, importOne, move } from '../store/fixtures';
import type { TestStore } from '../store/harness';

export { actor };

export const EVERYTHING: ImportFilter = { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 50 };

export const NO_JITTER = { pausesInMinutes: [1, 5], jitter: 0 };

/** An order as a shop exports it. */
export const shopOrder = (number: string, more: object = {}): object => ({
	externalId: `x${number}`,
	orderNumber: `N${number}`,
	shippingAddress: { name: 'Ada', address1: '12 Byron St', city: 'Boston', region: 'MA', postalCode: '02134', country: 'US' },
	lines: [
		{ sku: 'RED-MUG', quantity: 2 },
		{ sku: 'TEE-L', quantity: 1 },
	],
	...more,
});

export class Exchange {
	readonly shop = temporaryFolder();
	readonly warehouse = temporaryFolder();
	readonly cart: CartSession = fileCart.open(this.shop.folder, { store: 'acme', format: 'json', settleMs: 0 });
	readonly wms: WmsSession<FileWmsRequest> = fileWms.open(this.warehouse.folder, { settleMs: 0 });
	private files = 0;

	constructor(readonly test: TestStore) {}

	get orderStore(): OrderStore {
		return this.test.orderStore;
	}

	// ── The shop ──────────────────────────────────────────────────────────────────────────────────────────────────────

	exportOrders(orders: unknown[], name = `orders-${(this.files += 1)}.json`): void {
		put(this.shop.root, { [`orders/${name}`]: JSON.stringify(orders) });
	}

	/** Tracking files, with their content. */
	get tracking(): Record<string, string> {
		return filesOf(this.shop.root, 'tracking');
	}

	// ── The warehouse ─────────────────────────────────────────────────────────────────────────────────────────────────

	/** References of the order files that are or were there. */
	get received(): string[] {
		return ['orders', 'orders/processed']
			.flatMap((directory) => Object.keys(filesOf(this.warehouse.root, directory)))
			.map((name) => name.replace(/\.csv$/, ''));
	}

	report(kind: 'acknowledgements' | 'shipments' | 'cancellations', rows: Array<Record<string, string | number>>): void {
		const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
		const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))].map((cells) => cells.join(','));
		put(this.warehouse.root, { [`${kind}/${kind}-${String((this.files += 1)).padStart(4, '0')}.csv`]: `${lines.join('\r\n')}\r\n` });
	}

	// ── The use cases ─────────────────────────────────────────────────────────────────────────────────────────────────

	async import(more: Partial<ImportRequest> = {}) {
		return await importOrders({
			orderStore: this.orderStore,
			cart: fileCart,
			session: this.cart,
			storeName: 'acme',
			filter: EVERYTHING,
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
			handOutLimit: 100,
			budgetMs: 60_000,
			...more,
		});
	}

	async send(orderIds: string[], more: Partial<SendRequest<FileWmsRequest>> = {}): Promise<SendResult[]> {
		return await sendOrders({
			orderStore: this.orderStore,
			wms: fileWms,
			session: this.wms,
			orderIds,
			worker: 'w1',
			actor,
			leaseMs: 600_000,
			concurrency: 2,
			retry: NO_JITTER,
			...more,
		});
	}

	async poll(more: Partial<PollRequest> = {}): Promise<PollReport> {
		return await pollShipments({
			orderStore: this.orderStore,
			wms: 'file',
			session: this.wms,
			stores: [],
			actor,
			budgetMs: 60_000,
			...more,
		});
	}

	async upload(orderIds: string[], more: Partial<CartUpdateRequest> = {}) {
		return await uploadTracking({
			orderStore: this.orderStore,
			session: this.cart,
			worker: 'w1',
			actor,
			leaseMs: 600_000,
			retry: NO_JITTER,
			orderIds,
			notifyCustomer: true,
			...more,
		});
	}

	// ── Orders at some point of their way ─────────────────────────────────────────────────────────────────────────────

	async newOrder(externalId = '1'): Promise<Order> {
		return await importOne(this.orderStore, imported(externalId));
	}

	async routed(externalId = '1'): Promise<Order> {
		const order = imported(externalId);
		return await move(this.orderStore, await importOne(this.orderStore, order), 'routed', {
			result: { ...order.content, warehouse: 'WH1' },
		});
	}

	/** The warehouse has its file. */
	async open(externalId = '1'): Promise<Order> {
		const { id } = await this.routed(externalId);
		await this.send([id]);
		return await this.get(id);
	}

	async get(orderId: string): Promise<Order> {
		return (await this.orderStore.get(orderId))!;
	}

	/** Time passes for these columns: leases run out, next tries are due. No clock is waited for. */
	async lapse(table: 'order' | 'shipment', ...columns: string[]): Promise<void> {
		for (const column of columns)
			await this.test.raw(`UPDATE {${table}} SET ${column} = $1 WHERE ${column} IS NOT NULL`, ['2020-01-01T00:00:00.000Z']);
	}

	async kinds(orderId: string): Promise<string[]> {
		return (await this.orderStore.timeline(orderId)).map(({ kind }) => kind);
	}
}

export function filesOf(root: string, directory: string): Record<string, string> {
	const full = path.join(root, directory);
	if (!fs.existsSync(full)) return {};
	const names = fs.readdirSync(full, { withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
	return Object.fromEntries(names.map(({ name }) => [name, fs.readFileSync(path.join(full, name), 'utf8')]));
}

type Async<T> = { [K in keyof T]-?: T[K] extends ((...args: never[]) => Promise<unknown>) | undefined ? K : never }[keyof T];

/** The object with a rival at an exact point: `strike` runs right before (or after) the first call of `method`. */
export function withRival<T extends object>(
	target: T,
	method: Async<T>,
	strike: () => Promise<unknown>,
	when: 'before' | 'after' = 'before',
): T {
	let struck = false;
	const once = async () => {
		if (struck) return;
		struck = true;
		await strike();
	};
	const call = (target[method] as unknown as (...args: unknown[]) => Promise<unknown>).bind(target);
	return {
		...target,
		[method]: async (...args: unknown[]) => {
			if (when === 'before') await once();
			const result = await call(...args);
			if (when === 'after') await once();
			return result;
		},
	};
}

/** The folder, or another object, whose calls of `method` are counted. */
export function counting<T extends object>(target: T, method: Async<T>): { target: T; calls: unknown[][] } {
	const calls: unknown[][] = [];
	const call = (target[method] as unknown as (...args: unknown[]) => Promise<unknown>).bind(target);
	return {
		calls,
		target: {
			...target,
			[method]: async (...args: unknown[]) => {
				calls.push(args);
				return await call(...args);
			},
		},
	};
}
