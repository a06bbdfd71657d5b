/** Reads whole orders: several with one query, and the rest of a long one by itself. */
import type { Http } from '../../http/Http';
import { pageLimit } from '../../http/pages';
import { otherData } from '../../http/partner';
import { asError, MappingError } from '../../order/errors';
import { checkedOrder } from './checked';
import { graphql, LocationsDenied, SHOPIFY, type Document } from './graphql';
import { numberOf } from './ids';
import {
	FULFILLMENT_LINES,
	FULFILLMENTS_AT_ONCE,
	MORE_FULFILLMENT_ORDER_LINES,
	MORE_FULFILLMENT_ORDERS,
	MORE_LINES,
	ORDER_FULFILLMENTS,
	ORDERS_AT_ONCE,
	ORDERS_BY_ID,
} from './documents';
import type { JsonValue } from '../../order/order';
import type {
	Connection,
	RawFulfillment,
	RawFulfillmentLine,
	RawFulfillmentOrder,
	RawFulfillmentOrderLine,
	RawLine,
	ShopifyOrder,
} from './raw';

/** An order as it was read: whole, or with the reason why it cannot be used. */
export type ReadOrder = { id: string; order: ShopifyOrder } | { id: string; raw: unknown; problem: MappingError };

/** In the order of the ids; an order that is gone, or older than the app may see, is left out. */
export async function readOrders(http: Http, ids: readonly string[]): Promise<ReadOrder[]> {
	const orders: ReadOrder[] = [];
	for (let start = 0; start < ids.length; start += ORDERS_AT_ONCE) {
		const asked = ids.slice(start, start + ORDERS_AT_ONCE);
		const { nodes } = await withLocations<{ nodes?: unknown }>(http, ORDERS_BY_ID, { ids: asked });
		if (!Array.isArray(nodes) || nodes.length !== asked.length) throw otherData(SHOPIFY.label, 'It is retried automatically.');
		for (const [index, id] of asked.entries()) if (nodes[index] !== null) orders.push(await readOne(http, id, nodes[index]));
	}
	return orders;
}

/** Those who may not see locations; what such an app asked for with them would be refused as a whole. */
const DENIED = new WeakSet<Http>();

/** With locations, where the app may see them. */
async function withLocations<Data>(http: Http, document: Document, variables: Record<string, JsonValue>): Promise<Data> {
	if (!DENIED.has(http)) {
		try {
			return await graphql<Data>(http, document, { ...variables, locations: true });
		} catch (error) {
			if (!(error instanceof LocationsDenied)) throw asError(error);
			DENIED.add(http);
		}
	}
	return await graphql<Data>(http, document, { ...variables, locations: false });
}

async function readOne(http: Http, id: string, raw: unknown): Promise<ReadOrder> {
	try {
		const order = checkedOrder(raw);
		if (order.id !== id)
			throw new MappingError(
				'id',
				order.id,
				`is not what was asked for (${numberOf(id)})`,
				'It is asked for again when it changes in Shopify.',
			);
		return { id, order: checkedOrder(await whole(http, order)) };
	} catch (error) {
		if (!(error instanceof MappingError)) throw asError(error);
		return { id, raw, problem: error };
	}
}

async function whole(http: Http, order: ShopifyOrder): Promise<ShopifyOrder> {
	const { id } = order;
	const lineItems = await allOf(order.lineItems, async (after) => {
		const more = await graphql<{ order: { lineItems: Connection<RawLine> } | null }>(http, MORE_LINES, { id, after });
		return more.order?.lineItems ?? null;
	});
	const fulfillmentOrders = await readFulfillmentOrders(http, id, order.fulfillmentOrders);
	const fulfillments = order.fulfillments === undefined ? undefined : await allFulfillments(http, order.id, order.fulfillments);
	return { ...order, lineItems, fulfillmentOrders, ...(fulfillments === undefined ? {} : { fulfillments }) };
}

/** Shopify does not page the shipments of an order. @param begun the first ones */
async function allFulfillments(http: Http, id: string, begun: readonly RawFulfillment[]): Promise<RawFulfillment[]> {
	let known = [...begun];
	if (begun.length >= FULFILLMENTS_AT_ONCE) {
		const { order } = await graphql<{ order: { fulfillments: Array<Pick<RawFulfillment, 'id' | 'status'>> } | null }>(
			http,
			ORDER_FULFILLMENTS,
			{ id },
		);
		if (!Array.isArray(order?.fulfillments)) throw otherData(SHOPIFY.label, 'It is retried automatically.');
		const read = new Map(begun.map((one) => [one.id, one.fulfillmentLineItems]));
		known = order.fulfillments.map((one) => ({ id: one.id, status: one.status, fulfillmentLineItems: read.get(one.id) ?? START }));
	}
	const whole: RawFulfillment[] = [];
	for (const one of known) whole.push({ ...one, fulfillmentLineItems: await linesOfFulfillment(http, one.id, one.fulfillmentLineItems) });
	return whole;
}

/** @param begun what is there already */
export async function linesOfFulfillment(
	http: Http,
	id: string,
	begun: Connection<RawFulfillmentLine> = START,
): Promise<Connection<RawFulfillmentLine>> {
	return await allOf(begun, async (after) => {
		const { fulfillment } = await graphql<{ fulfillment: { fulfillmentLineItems: Connection<RawFulfillmentLine> } | null }>(
			http,
			FULFILLMENT_LINES,
			{ id, after },
		);
		return fulfillment?.fulfillmentLineItems ?? null;
	});
}

/** @param begun what is there already */
export async function readFulfillmentOrders(
	http: Http,
	orderId: string,
	begun: Connection<RawFulfillmentOrder> = START,
): Promise<Connection<RawFulfillmentOrder>> {
	const list = await allOf(begun, async (after) => {
		const more = await withLocations<{ order: { fulfillmentOrders: Connection<RawFulfillmentOrder> } | null }>(
			http,
			MORE_FULFILLMENT_ORDERS,
			{ id: orderId, after },
		);
		return more.order?.fulfillmentOrders ?? null;
	});
	const nodes: RawFulfillmentOrder[] = [];
	for (const each of list.nodes) {
		const lineItems = await allOf(each.lineItems, async (after) => {
			const more = await graphql<{ fulfillmentOrder: { lineItems: Connection<RawFulfillmentOrderLine> } | null }>(
				http,
				MORE_FULFILLMENT_ORDER_LINES,
				{ id: each.id, after },
			);
			return more.fulfillmentOrder?.lineItems ?? null;
		});
		nodes.push({ ...each, lineItems });
	}
	return { ...list, nodes };
}

const START: Connection<never> = { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } };

/** A list to its end. What vanished meanwhile ends it. */
async function allOf<Node>(
	begun: Connection<Node>,
	more: (after: string | null) => Promise<Connection<Node> | null>,
): Promise<Connection<Node>> {
	const nodes = [...begun.nodes];
	let { pageInfo } = begun;
	const anotherPage = pageLimit('Shopify');
	while (pageInfo.hasNextPage) {
		anotherPage();
		const page = await more(pageInfo.endCursor);
		if (page === null) break;
		if (!Array.isArray(page.nodes) || typeof page.pageInfo !== 'object' || page.pageInfo === null)
			throw otherData(SHOPIFY.label, 'It is retried automatically.');
		nodes.push(...page.nodes);
		pageInfo = page.pageInfo;
	}
	return { nodes, pageInfo: { hasNextPage: false, endCursor: null } };
}
