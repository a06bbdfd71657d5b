/**
 * What we ask ShipHero (public schema of 2022, of which newer ones only add). Each document names what it can cost at the most: a list
 * costs its length times what each entry costs, and lists without `first` are counted as 100, so every list has one.
 */
export interface Document {
	/** The name of the operation. */
	name: string;
	text: string;
	/** Credits that ShipHero reserves for it at the most. */
	cost: number;
	/** True for reads. */
	repeatable: boolean;
}

const reading = (name: string, cost: number, text: string): Document => ({ name, cost, text, repeatable: true });
const writing = (name: string, cost: number, text: string): Document => ({ name, cost, text, repeatable: false });

/** Orders on a page, and lines of an order or a shipment that come with it; what is more is read afterwards. */
const PAGE_SIZE = 20;
const LINES_AT_ONCE = 40;
const LINES_MORE = 100;

const LINE = 'id sku partner_line_item_id quantity quantity_shipped fulfillment_status';
const SHIPPED_LINE = 'quantity shipping_label_id line_item { sku partner_line_item_id }';

/** Filters may match parts of a value: who asks compares. */
export const FIND_ORDER = reading(
	'findOrder',
	10,
	`query findOrder($reference: String!, $customer: String) {
	orders(partner_order_id: $reference, customer_account_id: $customer) {
		data(first: 10) { edges { node { id partner_order_id fulfillment_status } } }
	}
}`,
);

export const CREATE_ORDER = writing(
	'createOrder',
	10,
	`mutation createOrder($data: CreateOrderInput!) {
	order_create(data: $data) { request_id order { id partner_order_id } }
}`,
);

export const CANCEL_ORDER = writing(
	'cancelOrder',
	10,
	`mutation cancelOrder($data: CancelOrderInput!) {
	order_cancel(data: $data) { request_id order { id fulfillment_status } }
}`,
);

/** There is no list of shipments by their last change, only of orders: a late label or a voided one changes its order. */
export const CHANGED_ORDERS = reading(
	'changedOrders',
	PAGE_SIZE * (1 + 2 * LINES_AT_ONCE),
	`query changedOrders($from: ISODateTime!, $customer: String, $after: String) {
	user_quota { max_available increment_rate }
	orders(updated_from: $from, customer_account_id: $customer) {
		data(first: ${PAGE_SIZE}, after: $after) {
			pageInfo { hasNextPage endCursor }
			edges { node {
				id partner_order_id fulfillment_status
				line_items(first: ${LINES_AT_ONCE}) { pageInfo { hasNextPage endCursor } edges { node { ${LINE} } } }
				shipments {
					id created_date completed dropshipment shipped_off_shiphero
					shipping_labels { id status tracking_number carrier shipping_name shipping_method created_date refunded }
					line_items(first: ${LINES_AT_ONCE}) { pageInfo { hasNextPage endCursor } edges { node { ${SHIPPED_LINE} } } }
				}
			} }
		}
	}
}`,
);

export const MORE_ORDER_LINES = reading(
	'moreOrderLines',
	LINES_MORE,
	`query moreOrderLines($id: String!, $after: String) {
	order(id: $id) { data { line_items(first: ${LINES_MORE}, after: $after) { pageInfo { hasNextPage endCursor } edges { node { ${LINE} } } } } }
}`,
);

export const MORE_SHIPPED_LINES = reading(
	'moreShippedLines',
	LINES_MORE,
	`query moreShippedLines($id: String!, $after: String) {
	shipment(id: $id) { data { line_items(first: ${LINES_MORE}, after: $after) { pageInfo { hasNextPage endCursor } edges { node { ${SHIPPED_LINE} } } } } }
}`,
);

export const DOCUMENTS: readonly Document[] = [
	FIND_ORDER,
	CREATE_ORDER,
	CANCEL_ORDER,
	CHANGED_ORDERS,
	MORE_ORDER_LINES,
	MORE_SHIPPED_LINES,
];
