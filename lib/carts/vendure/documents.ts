/** What is asked of Vendure's Admin API. The tests send each of these to a real server. */

export interface Document {
	/** The name of the operation, for error texts. */
	name: string;
	text: string;
	/** Reads, or writes of which a second one changes nothing. */
	repeatable: boolean;
}

const ADDRESS = '{ fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber }';

/** What an order differs by from how it was last read. Its `updatedAt` would not do: changes of the state set it back. */
const VERSION_FIELDS = `id state updatedAt total totalWithTax couponCodes
	shippingAddress ${ADDRESS}
	billingAddress ${ADDRESS}
	lines { id quantity }
	fulfillments { id state }`;

const ORDER_FIELDS = `id code type state updatedAt orderPlacedAt couponCodes currencyCode subTotal shipping total totalWithTax
	customer { emailAddress phoneNumber }
	shippingAddress ${ADDRESS}
	billingAddress ${ADDRESS}
	discounts { amount }
	shippingLines { shippingMethod { code name } }
	lines { id createdAt quantity unitPrice productVariant { sku name options { name group { name } } } }
	fulfillments { id state lines { orderLineId quantity } }`;

/** @param customFields names of fields of the shop's own */
const orderFields = (customFields: readonly string[]): string =>
	customFields.length === 0 ? ORDER_FIELDS : `${ORDER_FIELDS}\n\tcustomFields { ${customFields.join(' ')} }`;

export const orders = (customFields: readonly string[]): Document => ({
	name: 'Orders',
	text: `query Orders($options: OrderListOptions) {
	globalSettings { serverConfig { moneyStrategyPrecision } }
	orders(options: $options) { totalItems items { ${orderFields(customFields)} } }
}`,
	repeatable: true,
});

export const ORDER_VERSIONS: Document = {
	name: 'OrderVersions',
	text: `query OrderVersions($options: OrderListOptions) { orders(options: $options) { items { ${VERSION_FIELDS} } } }`,
	repeatable: true,
};

export const ORDER_FULFILLMENTS: Document = {
	name: 'Parcels',
	text: `query Parcels($id: ID!) {
	order(id: $id) {
		id state
		lines { id quantity }
		payments { id state }
		fulfillments { id state trackingCode lines { orderLineId quantity } }
	}
}`,
	repeatable: true,
};

const PROBLEM = '... on ErrorResult { errorCode message }';

/** Vendure on Postgres makes a second one when it is told twice at once; what comes back late is found by its tracking code. */
export const ADD_FULFILLMENT: Document = {
	name: 'AddFulfillment',
	text: `mutation AddFulfillment($input: FulfillOrderInput!) { addFulfillmentToOrder(input: $input) { ... on Fulfillment { id state } ${PROBLEM} } }`,
	repeatable: false,
};

export const MOVE_FULFILLMENT: Document = {
	name: 'MoveFulfillment',
	text: `mutation MoveFulfillment($id: ID!, $state: String!) { transitionFulfillmentToState(id: $id, state: $state) { ... on Fulfillment { id state } ${PROBLEM} } }`,
	repeatable: false,
};

export const SETTLE_PAYMENT: Document = {
	name: 'SettlePayment',
	text: `mutation SettlePayment($id: ID!) { settlePayment(id: $id) { ... on Payment { id state } ${PROBLEM} } }`,
	repeatable: false,
};

/** @param field a field of the shop's own that holds the warehouse's reference; null = none */
export const notes = (field: string | null): Document => ({
	name: 'Notes',
	text: `query Notes($id: ID!) {
	order(id: $id) {
		id state
		lines { id quantity }
		fulfillments { id state trackingCode lines { orderLineId quantity } }
		${field === null ? '' : `customFields { ${field} }`}
		history(options: { filter: { type: { eq: "ORDER_NOTE" } }, sort: { createdAt: DESC }, take: 100 }) { items { data } }
	}
}`,
	repeatable: true,
});

export const ADD_NOTE: Document = {
	name: 'AddNote',
	text: 'mutation AddNote($input: AddNoteToOrderInput!) { addNoteToOrder(input: $input) { id } }',
	repeatable: false,
};

export const SET_CUSTOM_FIELDS: Document = {
	name: 'SetCustomFields',
	text: 'mutation SetCustomFields($input: UpdateOrderInput!) { setOrderCustomFields(input: $input) { id } }',
	repeatable: true,
};

export const CANCEL_ORDER: Document = {
	name: 'CancelOrder',
	text: `mutation CancelOrder($input: CancelOrderInput!) { cancelOrder(input: $input) { ... on Order { id state } ${PROBLEM} } }`,
	repeatable: false,
};

export const SIGN_IN: Document = {
	name: 'SignIn',
	text: `mutation SignIn($username: String!, $password: String!) { login(username: $username, password: $password) { ... on CurrentUser { id } ${PROBLEM} } }`,
	repeatable: true,
};

export const ACCESS: Document = {
	name: 'Access',
	text: 'query Access { me { identifier channels { token code permissions } } activeChannel { token code } }',
	repeatable: true,
};
