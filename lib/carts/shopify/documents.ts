/**
 * What is asked of Shopify. The tests run each of these on the published schema. A query may cost 1000 points at the most, and each
 * list counts with its full size, so several orders are read with short lists and the rare long order again by itself.
 */
import type { Document } from './graphql';

export const CHANGED_ORDERS: Document = {
	name: 'ChangedOrders',
	text: `query ChangedOrders($first: Int!, $after: String, $query: String, $sortKey: OrderSortKeys!, $reverse: Boolean!) {
	orders(first: $first, after: $after, query: $query, sortKey: $sortKey, reverse: $reverse) {
		nodes { id name updatedAt processedAt cancelledAt test displayFinancialStatus tags }
		pageInfo { hasNextPage endCursor }
	}
}`,
	cost: 252,
	repeatable: true,
};

const MONEY = '{ shopMoney { amount } }';

const ADDRESS = '{ name company address1 address2 city province provinceCode zip countryCodeV2 phone }';

const LINE = `{
	id sku name quantity currentQuantity requiresShipping variantTitle vendor
	originalUnitPriceSet ${MONEY}
	customAttributes { key value }
}`;

const FULFILLMENT_ORDER_LINE = '{ id remainingQuantity weight { value unit } lineItem { id } }';

/** The location itself is shown only to apps with the scope read_locations, and is not asked for without it; its name is. */
const FULFILLMENT_ORDER_FIELDS = `id status requestStatus fulfillAt
			deliveryMethod { methodType }
			supportedActions { action }
			fulfillmentHolds { displayReason }
			assignedLocation { name location @include(if: $locations) { id isFulfillmentService } }`;

const FULFILLMENT_LINE = '{ quantity lineItem { id } }';

const ORDER_FIELDS = `
	id name processedAt cancelledAt cancelReason test displayFinancialStatus email phone note tags currencyCode discountCodes poNumber sourceName
	customAttributes { key value }
	billingAddress ${ADDRESS}
	shippingAddress ${ADDRESS}
	shippingLine { title code }
	currentSubtotalPriceSet ${MONEY}
	currentShippingPriceSet ${MONEY}
	currentTotalTaxSet ${MONEY}
	currentTotalDiscountsSet ${MONEY}
	currentTotalPriceSet ${MONEY}`;

const orderFields = (lines: number, fulfillmentOrders: number, fulfillmentOrderLines: number): string => `${ORDER_FIELDS}
	lineItems(first: ${lines}) { nodes ${LINE} pageInfo { hasNextPage endCursor } }
	fulfillmentOrders(first: ${fulfillmentOrders}) {
		nodes {
			${FULFILLMENT_ORDER_FIELDS}
			lineItems(first: ${fulfillmentOrderLines}) { nodes ${FULFILLMENT_ORDER_LINE} pageInfo { hasNextPage endCursor } }
		}
		pageInfo { hasNextPage endCursor }
	}
	fulfillments(first: ${FULFILLMENTS_AT_ONCE}) { id status fulfillmentLineItems(first: 10) { nodes ${FULFILLMENT_LINE} pageInfo { hasNextPage endCursor } } }`;

/** So many orders fit into one query. */
export const ORDERS_AT_ONCE = 5;

/** So many shipments of an order come with it; of one with as many there may be more. */
export const FULFILLMENTS_AT_ONCE = 2;

export const ORDERS_BY_ID: Document = {
	name: 'OrdersById',
	text: `query OrdersById($ids: [ID!]!, $locations: Boolean!) { nodes(ids: $ids) { ... on Order { ${orderFields(10, 2, 10)} } } }`,
	cost: ORDERS_AT_ONCE * 182,
	repeatable: true,
};

/** The lists of one order to their end, a page of each at a time. */
export const MORE_LINES: Document = {
	name: 'MoreLines',
	text: `query MoreLines($id: ID!, $after: String) {
	order(id: $id) { lineItems(first: 100, after: $after) { nodes ${LINE} pageInfo { hasNextPage endCursor } } }
}`,
	cost: 510,
	repeatable: true,
};

export const MORE_FULFILLMENT_ORDERS: Document = {
	name: 'MoreFulfillmentOrders',
	text: `query MoreFulfillmentOrders($id: ID!, $after: String, $locations: Boolean!) {
	order(id: $id) {
		fulfillmentOrders(first: 20, after: $after) {
			nodes {
				${FULFILLMENT_ORDER_FIELDS}
				lineItems(first: 10) { nodes ${FULFILLMENT_ORDER_LINE} pageInfo { hasNextPage endCursor } }
			}
			pageInfo { hasNextPage endCursor }
		}
	}
}`,
	cost: 770,
	repeatable: true,
};

export const MORE_FULFILLMENT_ORDER_LINES: Document = {
	name: 'MoreFulfillmentOrderLines',
	text: `query MoreFulfillmentOrderLines($id: ID!, $after: String) {
	fulfillmentOrder(id: $id) { lineItems(first: 200, after: $after) { nodes ${FULFILLMENT_ORDER_LINE} pageInfo { hasNextPage endCursor } } }
}`,
	cost: 610,
	repeatable: true,
};

/** Without lines: of most shipments the tracking number tells enough. */
export const ORDER_FULFILLMENTS: Document = {
	name: 'OrderFulfillments',
	text: `query OrderFulfillments($id: ID!) {
	order(id: $id) { id name cancelledAt fulfillments(first: 150) { id status trackingInfo(first: 5) { company number url } } }
}`,
	cost: 910,
	repeatable: true,
};

export const FULFILLMENT_LINES: Document = {
	name: 'FulfillmentLines',
	text: `query FulfillmentLines($id: ID!, $after: String) {
	fulfillment(id: $id) { fulfillmentLineItems(first: 100, after: $after) { nodes ${FULFILLMENT_LINE} pageInfo { hasNextPage endCursor } } }
}`,
	cost: 210,
	repeatable: true,
};

export const CREATE_FULFILLMENT: Document = {
	name: 'CreateFulfillment',
	text: `mutation CreateFulfillment($fulfillment: FulfillmentInput!) {
	fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id status } userErrors { field message } }
}`,
	cost: 15,
	repeatable: false,
};

export const UPDATE_TRACKING: Document = {
	name: 'UpdateTracking',
	text: `mutation UpdateTracking($id: ID!, $tracking: FulfillmentTrackingInput!, $notifyCustomer: Boolean) {
	fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notifyCustomer) { fulfillment { id } userErrors { field message } }
}`,
	cost: 15,
	repeatable: false,
};

export const ORDER_MARKS: Document = {
	name: 'OrderMarks',
	text: 'query OrderMarks($id: ID!) { order(id: $id) { id name cancelledAt note tags } }',
	cost: 5,
	repeatable: true,
};

export const ADD_TAG: Document = {
	name: 'AddTag',
	text: 'mutation AddTag($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }',
	cost: 15,
	repeatable: true,
};

export const SET_NOTE: Document = {
	name: 'SetNote',
	text: 'mutation SetNote($input: OrderInput!) { orderUpdate(input: $input) { order { id } userErrors { field message } } }',
	cost: 15,
	repeatable: true,
};

export const CANCEL_ORDER: Document = {
	name: 'CancelOrder',
	text: `mutation CancelOrder($orderId: ID!, $reason: OrderCancelReason!, $restock: Boolean!, $refund: OrderCancelRefundMethodInput, $notifyCustomer: Boolean, $staffNote: String) {
	orderCancel(orderId: $orderId, reason: $reason, restock: $restock, refundMethod: $refund, notifyCustomer: $notifyCustomer, staffNote: $staffNote) {
		job { id done }
		orderCancelUserErrors { field message code }
	}
}`,
	cost: 15,
	repeatable: false,
};

export const JOB: Document = {
	name: 'CancellationJob',
	text: 'query CancellationJob($id: ID!) { job(id: $id) { id done } }',
	cost: 5,
	repeatable: true,
};

export const ACCESS: Document = {
	name: 'Access',
	text: 'query Access { shop { name } currentAppInstallation { accessScopes { handle } } }',
	cost: 10,
	repeatable: true,
};
