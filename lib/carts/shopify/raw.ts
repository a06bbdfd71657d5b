/** An order as we ask Shopify for it; kept as the source payload, with what was chosen for it, so that it translates the same later. */
export interface RawLine {
	id: string;
	sku: string | null;
	name: string;
	quantity: number;
	/** Without what was refunded or removed. */
	currentQuantity: number;
	requiresShipping: boolean;
	variantTitle: string | null;
	vendor: string | null;
	originalUnitPriceSet: RawMoney;
	customAttributes: RawAttribute[];
}

export interface RawMoney {
	shopMoney: { amount: string };
}

export interface RawAttribute {
	key: string;
	value: string | null;
}

/** What is optional was not asked for by versions before this one, whose payloads are kept. */
export interface RawFulfillmentOrder {
	id: string;
	status: string;
	requestStatus?: string | null;
	fulfillAt?: string | null;
	deliveryMethod?: { methodType: string } | null;
	supportedActions?: Array<{ action: string }>;
	fulfillmentHolds: Array<{ displayReason: string }>;
	/** The location itself only with the scope read_locations. */
	assignedLocation: { name: string; location?: { id: string; isFulfillmentService?: boolean } | null };
	lineItems: Connection<RawFulfillmentOrderLine>;
}

export interface RawFulfillmentOrderLine {
	id: string;
	remainingQuantity: number;
	weight: { value: number; unit: string } | null;
	lineItem: { id: string };
}

export interface RawFulfillment {
	id: string;
	status: string;
	fulfillmentLineItems: Connection<RawFulfillmentLine>;
}

export interface RawFulfillmentLine {
	quantity: number | null;
	lineItem: { id: string };
}

export interface Connection<Node> {
	nodes: Node[];
	pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface RawAddress {
	name: string | null;
	company: string | null;
	address1: string | null;
	address2: string | null;
	city: string | null;
	province: string | null;
	provinceCode: string | null;
	zip: string | null;
	countryCodeV2: string | null;
	phone: string | null;
}

export interface ShopifyOrder {
	id: string;
	name: string;
	processedAt: string;
	cancelledAt: string | null;
	cancelReason?: string | null;
	test: boolean;
	displayFinancialStatus: string | null;
	email: string | null;
	phone: string | null;
	note: string | null;
	tags: string[];
	currencyCode: string;
	discountCodes: string[];
	poNumber: string | null;
	sourceName: string | null;
	customAttributes: RawAttribute[];
	billingAddress: RawAddress | null;
	shippingAddress: RawAddress | null;
	shippingLine: { title: string; code: string | null } | null;
	currentSubtotalPriceSet: RawMoney | null;
	currentShippingPriceSet: RawMoney | null;
	currentTotalTaxSet: RawMoney | null;
	currentTotalDiscountsSet: RawMoney | null;
	currentTotalPriceSet: RawMoney | null;
	lineItems: Connection<RawLine>;
	fulfillmentOrders: Connection<RawFulfillmentOrder>;
	/** What was shipped, by anybody. Absent in payloads of versions before this one. */
	fulfillments?: RawFulfillment[];
}

export interface RawShopifyOrder extends ShopifyOrder {
	/** What the translation depends on, as it was chosen when the order was read. */
	unit: {
		/** Name or id; '' = every location. */
		location: string;
		/** Our own tag, no part of the order. */
		tag: string;
		/** Local deliveries are for the warehouse too. */
		localDeliveries?: boolean;
		/** Of versions before this one: whether what was shipped counted. */
		count?: string;
	};
}
