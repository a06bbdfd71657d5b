/** Which orders of the cart an order stands for: a part stands for the order that was split, a bundle for the orders in it. */
import type { Order } from '../order/order';
import type { OrderStore } from '../store/OrderStore';

/** The cart's orders of each of these, by id. An order that is neither part nor bundle stands for itself. */
export async function cartOrdersOf(orderStore: OrderStore, orders: readonly Order[]): Promise<Map<string, Order[]>> {
	const bundles = [...new Set(orders.filter(({ bundleSize }) => bundleSize > 0).map(rootOf))];
	const sources = await orderStore.sources(bundles);
	const parents = new Map(
		(
			await orderStore.getMany([
				...new Set(orders.flatMap(({ parentId, bundleSize }) => (parentId !== null && bundleSize === 0 ? parentId : []))),
			])
		).map((order) => [order.id, order]),
	);
	return new Map(
		orders.map((order): [string, Order[]] => {
			if (order.bundleSize > 0) return [order.id, sources.filter(({ bundledInto }) => bundledInto === rootOf(order))];
			const parent = order.parentId === null ? undefined : parents.get(order.parentId);
			return [order.id, [parent ?? order]];
		}),
	);
}

const rootOf = ({ id, parentId }: Order): string => parentId ?? id;
