/** What the tests of bundles have in common: orders that wait, and the warehouse that gets what becomes of them. */
import { applyRules, type RulesRequest, type RulesResult } from '../../lib/fulfillment/applyRules';
import { bundleKey, type BundleTerms } from '../../lib/order/bundles';
import type { ImportedOrder, Order } from '../../lib/order/order';
import type { RuleOutcome } from '../../lib/rules/run';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, claimToQueued, imported, page } from '../store/fixtures';
import type { TestStore } from '../store/harness';

export const TERMS: BundleTerms = { rule: 'Together', mostOrders: null, mostLines: null, mostTotal: null };

/** As the rules do it: a bundle, or what waited before, goes to BER; all else waits. */
export const bundleRules =
	(terms: BundleTerms = TERMS, key = 'ann', minutes = 60): RulesRequest['evaluate'] =>
	(_, content, { now, isBundle, servedHolds }): RuleOutcome =>
		isBundle || servedHolds.includes(terms.rule)
			? {
					decision: { kind: 'route', warehouse: 'BER' },
					content: { ...content, warehouse: 'BER', lines: [...content.lines, GIFT] },
					trace: [],
				}
			: {
					decision: {
						kind: 'bundle',
						rule: terms.rule,
						until: new Date(now.getTime() + minutes * 60_000).toISOString(),
						key: bundleKey([key]),
						terms,
						reason: 'for orders',
					},
					content: { ...content, notes: 'ruled' },
					trace: [],
				};

const GIFT = {
	id: 'gift',
	externalId: null,
	sku: 'GIFT',
	name: 'Gift',
	quantity: 1,
	unitPrice: null,
	weight: null,
	options: {},
	custom: {},
};

export const apply = async (
	orderStore: OrderStore,
	ids: string[],
	evaluate = bundleRules(),
	more: Partial<RulesRequest> = {},
): Promise<RulesResult[]> =>
	await applyRules({ orderStore, orderIds: ids, evaluate, warehouses: ['BER', 'NYC'], ruleSet: () => null, dryRun: false, actor, ...more });

/** Imports them, and lets the rules make them wait. */
export async function waitingOrders(
	orderStore: OrderStore,
	orders: ImportedOrder[] = [imported('1'), imported('2')],
	evaluate = bundleRules(),
): Promise<Order[]> {
	const results = await orderStore.importPage(page(orders));
	const ids = results.map(({ orderId }) => orderId!);
	await apply(orderStore, ids, evaluate);
	return await orderStore.getMany(ids);
}

/** The window of all that wait is over. */
export async function windowOver({ raw }: TestStore): Promise<void> {
	await raw('UPDATE {order} SET held_until = $1, due_at = $1 WHERE bundle_key IS NOT NULL', ['2026-01-01T00:00:00.000Z']);
}

export const release = async (orderStore: OrderStore): Promise<string[]> => await orderStore.releaseBundles({ limit: 50, actor });

export interface Bundled {
	sources: Order[];
	bundle: Order;
}

export async function bundledOrders(test: TestStore, orders?: ImportedOrder[]): Promise<Bundled> {
	const waiting = await waitingOrders(test.orderStore, orders);
	await windowOver(test);
	const [id] = await release(test.orderStore);
	return { bundle: (await test.orderStore.get(id!))!, sources: await test.orderStore.getMany(waiting.map((order) => order.id)) };
}

/** The rules run on the bundle, and the warehouse gets it. */
export async function sentBundle(test: TestStore, orders?: ImportedOrder[]): Promise<Bundled> {
	const { bundle, sources } = await bundledOrders(test, orders);
	await apply(test.orderStore, [bundle.id]);
	return { bundle: await sent(test.orderStore, bundle), sources };
}

export async function sent(orderStore: OrderStore, order: Order): Promise<Order> {
	const { epoch } = await claimToQueued(orderStore, order);
	await orderStore.transition({
		orderId: order.id,
		from: 'queued',
		to: 'open',
		epoch,
		actor,
		reason: null,
		set: { wms: 'file', wmsOrderId: `W-${order.reference}`, sentAt: 'now', openedAt: 'now' },
	});
	return (await orderStore.get(order.id))!;
}

/** Tells the cart of everything. Gives the orders and tracking numbers. */
export async function uploadAll(orderStore: OrderStore): Promise<string[]> {
	const claims = await orderStore.claimUploads({ limit: 50, leaseMs: 60_000, worker: 'w' });
	for (const { shipment, epoch } of claims)
		await orderStore.recordUpload({ shipmentId: shipment.id, epoch, actor, result: { kind: 'uploaded', message: null } });
	return claims.map(({ order, shipment }) => `${order.orderNumber} ${shipment.trackingNumber}`).sort();
}

export const statusesOf = async (orderStore: OrderStore, orders: ReadonlyArray<Pick<Order, 'id'>>): Promise<Array<string | undefined>> =>
	await Promise.all(orders.map(async ({ id }) => (await orderStore.get(id))?.status));
