/** An order in two parts, of which a warehouse gets one. */
import { applyRules } from '../../lib/fulfillment/applyRules';
import type { ImportedOrder, Order } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, claimToQueued, importOne } from '../store/fixtures';

/** An order of the cart, in parts. */
export async function splitOrder(orderStore: OrderStore, order: ImportedOrder): Promise<{ parent: Order; first: Order; second: Order }> {
	const parent = await importOne(orderStore, order);
	return { parent, ...(await splitInParts(orderStore, parent)) };
}

/** The first line goes to one warehouse, the others to another one. */
export async function splitInParts(orderStore: OrderStore, parent: Order): Promise<{ first: Order; second: Order }> {
	const [one, ...others] = parent.lines.map(({ id, quantity }) => ({ lineId: id, quantity }));
	const parts = [
		{ warehouse: 'BER', lines: [one!] },
		{ warehouse: 'NYC', lines: others },
	];
	await applyRules({
		orderStore,
		orderIds: [parent.id],
		evaluate: (_, content) => ({ decision: { kind: 'route', warehouse: 'BER', parts }, content, trace: [] }),
		warehouses: ['BER', 'NYC'],
		ruleSet: () => null,
		dryRun: false,
		actor,
	});
	const [first, second] = (await orderStore.parts([parent.id])) as [Order, Order];
	return { first, second };
}

/** Its warehouse gets it. */
export async function sentPart(orderStore: OrderStore, part: Order): Promise<void> {
	const { epoch } = await claimToQueued(orderStore, part);
	await orderStore.transition({
		orderId: part.id,
		from: 'queued',
		to: 'open',
		epoch,
		actor,
		reason: null,
		set: { wms: 'file', wmsOrderId: `W-${part.reference}`, sentAt: 'now', openedAt: 'now' },
	});
}

/** Status and alerts of each part. */
export const shownParts = async (orderStore: OrderStore, { id }: Pick<Order, 'id'>): Promise<string[]> =>
	(await orderStore.parts([id])).map(({ status, alerts }) => [status, ...alerts.map(({ code }) => code)].join(' '));
