/** Reads whole orders: several with one query, and the rest of a long one by itself. */
import type { Http } from '../../http/Http';
import { graphql } from './graphql';
import { MORE_FULFILLMENT_ORDER_LINES, MORE_FULFILLMENT_ORDERS, MORE_LINES, ORDERS_AT_ONCE, ORDERS_BY_ID } from './documents';
import type { Connection, RawFulfillmentOrder, RawFulfillmentOrderLine, RawLine, ShopifyOrder } from './raw';

/** In the order of the ids; an order that is gone, or older than the app may see, is left out. */
export async function readOrders(http: Http, ids: readonly string[]): Promise<ShopifyOrder[]> {
	const orders: ShopifyOrder[] = [];
	for (let start = 0; start < ids.length; start += ORDERS_AT_ONCE) {
		const { nodes } = await graphql<{ nodes: Array<Partial<ShopifyOrder> | null> }>(http, ORDERS_BY_ID, { ids: ids.slice(start, start + ORDERS_AT_ONCE) });
		for (const node of nodes) if (node?.id !== undefined) orders.push(await whole(http, node as ShopifyOrder));
	}
	return orders;
}

async function whole(http: Http, order: ShopifyOrder): Promise<ShopifyOrder> {
	const { id } = order;
	const lineItems = await allOf(order.lineItems, async (after) => {
		const more = await graphql<{ order: { lineItems: Connection<RawLine> } | null }>(http, MORE_LINES, { id, after });
		return more.order?.lineItems ?? null;
	});
	const fulfillmentOrders = await readFulfillmentOrders(http, id, order.fulfillmentOrders);
	return { ...order, lineItems, fulfillmentOrders };
}

/** @param begun what is there already */
export async function readFulfillmentOrders(http: Http, orderId: string, begun: Connection<RawFulfillmentOrder> = START): Promise<Connection<RawFulfillmentOrder>> {
	const list = await allOf(begun, async (after) => {
		const more = await graphql<{ order: { fulfillmentOrders: Connection<RawFulfillmentOrder> } | null }>(http, MORE_FULFILLMENT_ORDERS, { id: orderId, after });
		return more.order?.fulfillmentOrders ?? null;
	});
	const nodes: RawFulfillmentOrder[] = [];
	for (const each of list.nodes) {
		const lineItems = await allOf(each.lineItems, async (after) => {
			const more = await graphql<{ fulfillmentOrder: { lineItems: Connection<RawFulfillmentOrderLine> } | null }>(http, MORE_FULFILLMENT_ORDER_LINES, { id: each.id, after });
			return more.fulfillmentOrder?.lineItems ?? null;
		});
		nodes.push({ ...each, lineItems });
	}
	return { ...list, nodes };
}

const START: Connection<never> = { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } };

/** A list to its end. What vanished meanwhile ends it. */
export async function allOf<Node>(begun: Connection<Node>, more: (after: string | null) => Promise<Connection<Node> | null>): Promise<Connection<Node>> {
	const nodes = [...begun.nodes];
	let { pageInfo } = begun;
	while (pageInfo.hasNextPage) {
		const page = await more(pageInfo.endCursor);
		if (page === null) break;
		nodes.push(...page.nodes);
		pageInfo = page.pageInfo;
	}
	return { nodes, pageInfo: { hasNextPage: false, endCursor: null } };
}

