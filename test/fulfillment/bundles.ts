/** What the tests of bundles have in common: orders that wait, and the warehouse that gets what becomes of them. */
import { applyRules, type RulesRequest, type RulesResult } from '../../lib/fulfillment/applyRules';
import { bundleKey, type BundleTerms } from '../../lib/order/bundles';
import type { ImportedOrder, Order } from '../../lib/order/order';
import type { RuleOutcome } from '../../lib/rules/rule';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, claimToQueued, imported, page } from '../store/fixtures';
import type { TestStore } from '../store/harness';

export const TERMS: BundleTerms = { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null };

/** As the rules do it: a bundle, or what waited before, goes to BER; all else waits. */
export const bundleRules =
	(terms: BundleTerms = TERMS, key = 'ann', minutes = 60): RulesRequest['evaluate'] =>
	(_, content, { now, isBundle, servedHolds }): RuleOutcome =>
		isBundle || servedHolds.includes(terms.rule)
			? { decision: { kind: 'route', warehouse: 'BER' }, content: { ...content, warehouse: 'BER', lines: [...content.lines, GIFT] }, trace: [] }
			: { decision: { kind: 'bundle', rule: terms.rule, until: new Date(now.getTime() + minutes * 60_000).toISOString(), key: bundleKey([key]), terms, reason: 'for orders' }, content: { ...content, notes: 'ruled' }, trace: [] };

const GIFT = { id: 'gift', externalId: null, sku: 'GIFT', name: 'Gift', quantity: 1, unitPrice: null, weight: null, options: {}, custom: {} };

export const apply = async (store: OrderStore, ids: string[], evaluate = bundleRules(), more: Partial<RulesRequest> = {}): Promise<RulesResult[]> =>
	await applyRules({ store, orderIds: ids, evaluate, warehouses: ['BER', 'NYC'], ruleSet: () => null, dryRun: false, actor, ...more });

/** Imports them, and lets the rules make them wait. */
export async function waitingOrders(store: OrderStore, orders: ImportedOrder[] = [imported('1'), imported('2')], evaluate = bundleRules()): Promise<Order[]> {
	const results = await store.importPage(page(orders));
	const ids = results.map(({ orderId }) => orderId!);
	await apply(store, ids, evaluate);
	return await store.getMany(ids);
}

/** The window of all that wait is over. */
export async function windowOver({ raw }: TestStore): Promise<void> {
	await raw("UPDATE {order} SET held_until = $1, due_at = $1 WHERE bundle_key IS NOT NULL", ['2026-01-01T00:00:00.000Z']);
}

export const release = async (store: OrderStore): Promise<string[]> => await store.releaseBundles({ limit: 50, actor });

export interface Bundled {
	sources: Order[];
	bundle: Order;
}

export async function bundledOrders(test: TestStore, orders?: ImportedOrder[]): Promise<Bundled> {
	const waiting = await waitingOrders(test.store, orders);
	await windowOver(test);
	const [id] = await release(test.store);
	return { bundle: (await test.store.get(id!))!, sources: await test.store.getMany(waiting.map((order) => order.id)) };
}

/** The rules run on the bundle, and the warehouse gets it. */
export async function sentBundle(test: TestStore, orders?: ImportedOrder[]): Promise<Bundled> {
	const { bundle, sources } = await bundledOrders(test, orders);
	await apply(test.store, [bundle.id]);
	return { bundle: await sent(test.store, bundle), sources };
}

export async function sent(store: OrderStore, order: Order): Promise<Order> {
	const { epoch } = await claimToQueued(store, order);
	await store.transition({ orderId: order.id, from: 'queued', to: 'open', epoch, actor, reason: null, set: { wms: 'file', wmsOrderId: `W-${order.reference}`, sentAt: 'now', openedAt: 'now' } });
	return (await store.get(order.id))!;
}

/** Tells the cart of everything. Gives the orders and tracking numbers. */
export async function uploadAll(store: OrderStore): Promise<string[]> {
	const claims = await store.claimUploads({ limit: 50, leaseMs: 60_000, worker: 'w' });
	for (const { shipment, epoch } of claims) await store.recordUpload({ shipmentId: shipment.id, epoch, actor, result: { kind: 'uploaded', message: null } });
	return claims.map(({ order, shipment }) => `${order.orderNumber} ${shipment.trackingNumber}`).sort();
}

export const statusesOf = async (store: OrderStore, orders: ReadonlyArray<Pick<Order, 'id'>>): Promise<Array<string | undefined>> =>
	await Promise.all(orders.map(async ({ id }) => (await store.get(id))?.status));
