/** ShipHero's public schema as it was published; where this machine does not have it, the part of it that we use. */
import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { specFile } from './openApi';

const LIST = '(sort: String, before: String, after: String, first: Int, last: Int)';
const PART = `
scalar ISODateTime
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type UserQuota { credits_remaining: Int max_available: Int increment_rate: Int }
type LineItem { id: String sku: String partner_line_item_id: String quantity: Int quantity_shipped: Int fulfillment_status: String }
type LineItemEdge { node: LineItem cursor: String! }
type LineItemConnection { pageInfo: PageInfo! edges: [LineItemEdge]! }
type ShipmentLineItem { quantity: Int shipping_label_id: String line_item: LineItem }
type ShipmentLineItemEdge { node: ShipmentLineItem cursor: String! }
type ShipmentLineItemConnection { pageInfo: PageInfo! edges: [ShipmentLineItemEdge]! }
type ShippingLabel { id: String status: String tracking_number: String carrier: String shipping_name: String shipping_method: String created_date: ISODateTime refunded: Boolean }
type Shipment { id: String created_date: ISODateTime completed: Boolean dropshipment: Boolean shipped_off_shiphero: Boolean shipping_labels: [ShippingLabel] line_items${LIST}: ShipmentLineItemConnection }
type Order { id: String partner_order_id: String fulfillment_status: String line_items${LIST}: LineItemConnection shipments: [Shipment] }
type OrderEdge { node: Order cursor: String! }
type OrderConnection { pageInfo: PageInfo! edges: [OrderEdge]! }
type OrdersQueryResult { request_id: String complexity: Int data${LIST}: OrderConnection }
type OrderQueryResult { request_id: String complexity: Int data: Order }
type ShipmentQueryResult { request_id: String complexity: Int data: Shipment }
type OrderMutationOutput { request_id: String complexity: Int order: Order }
input CreateShippingLinesInput { title: String! price: String! carrier: String method: String }
input CreateOrderAddressInput { first_name: String last_name: String company: String address1: String address2: String city: String state: String zip: String country: String email: String phone: String }
input CreateLineItemInput { sku: String! partner_line_item_id: String! quantity: Int! price: String! product_name: String }
input CreateOrderInput {
	customer_account_id: String order_number: String partner_order_id: String shop_name: String fulfillment_status: String order_date: ISODateTime required_ship_date: ISODateTime currency: String
	total_tax: String total_discounts: String email: String gift_note: String packing_note: String require_signature: Boolean insurance: Boolean tags: [String]
	shipping_lines: CreateShippingLinesInput shipping_address: CreateOrderAddressInput! billing_address: CreateOrderAddressInput line_items: [CreateLineItemInput]
}
input CancelOrderInput { customer_account_id: String order_id: String! reason: String void_on_platform: Boolean force: Boolean }
type Query {
	order(id: String!): OrderQueryResult
	orders(partner_order_id: String, updated_from: ISODateTime, customer_account_id: String): OrdersQueryResult
	shipment(id: String): ShipmentQueryResult
	user_quota: UserQuota
}
type Mutation { order_create(data: CreateOrderInput!): OrderMutationOutput order_cancel(data: CancelOrderInput!): OrderMutationOutput }`;

export function shipHeroSchema(): GraphQLSchema {
	const file = specFile('shiphero/shiphero_2022.graphql');
	return buildSchema(file === null ? PART : readFileSync(file, 'utf8'));
}
