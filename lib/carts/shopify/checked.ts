/**
 * What Shopify gives, checked before anything relies on it: from here on the types of `raw.ts` are true. An order that is not so is a failure of its own,
 * which names what is wrong.
 */
import { Payload } from '../common/payload';
import { SHOPIFY } from './graphql';
import type { RawShopifyOrder, ShopifyOrder } from './raw';

const REMEDY = 'Look at the order in Shopify; it is imported when it changes there, or by its number.';

/** What is asked for is given, if only as null: without it, nobody knows. */
const given = (part: Payload, name: string): unknown => (part.has(name) ? part.value(name) : part.fail(name, 'is missing', REMEDY));

/** Payloads of other carts may have an empty list for nothing; Shopify has null. */
const partOf = (part: Payload, name: string): Payload | null =>
	Array.isArray(given(part, name)) || part.value(name) === '' ? part.fail(name, 'is not an object', REMEDY) : part.part(name);

const isText = (value: unknown): boolean => typeof value === 'string';

function texts(part: Payload, names: readonly string[], { orNull = true } = {}): void {
	for (const name of names) {
		const value = given(part, name);
		if (!(isText(value) || (orNull && value === null))) part.fail(name, 'is not text', REMEDY);
	}
}

function flags(part: Payload, names: readonly string[]): void {
	for (const name of names) if (typeof part.value(name) !== 'boolean') part.fail(name, 'is neither true nor false', REMEDY);
}

function pieces(part: Payload, name: string): void {
	const value = part.value(name);
	if (typeof value !== 'number') part.fail(name, 'is not a number of pieces', REMEDY);
	part.quantity(name);
}

function listOfTexts(part: Payload, name: string): void {
	const value = part.value(name);
	if (!Array.isArray(value) || !value.every(isText)) part.fail(name, 'is not a list of texts', REMEDY);
}

function nodesOf(part: Payload, name: string): Payload[] {
	const connection = partOf(part, name) ?? part.fail(name, 'is missing', REMEDY);
	const page = partOf(connection, 'pageInfo') ?? connection.fail('pageInfo', 'is missing', REMEDY);
	flags(page, ['hasNextPage']);
	texts(page, ['endCursor']);
	if (connection.value('nodes') === null) connection.fail('nodes', 'is missing', REMEDY);
	return connection.parts('nodes');
}

function amount(part: Payload, name: string): void {
	const bag = partOf(part, name);
	if (bag !== null) texts(partOf(bag, 'shopMoney') ?? bag.fail('shopMoney', 'is missing', REMEDY), ['amount'], { orNull: false });
}

function attributes(part: Payload): void {
	if (part.value('customAttributes') === null) part.fail('customAttributes', 'is missing', REMEDY);
	for (const attribute of part.parts('customAttributes')) {
		texts(attribute, ['key'], { orNull: false });
		texts(attribute, ['value']);
	}
}

function gidOf(part: Payload, type: 'Order' | 'LineItem'): void {
	const id = part.value('id');
	if (typeof id !== 'string' || !new RegExp(`^gid://shopify/${type}/\\d{1,20}$`).test(id))
		part.fail('id', `is no key of Shopify (gid://shopify/${type}/…)`, REMEDY);
}

const ADDRESS = ['name', 'company', 'address1', 'address2', 'city', 'province', 'provinceCode', 'zip', 'countryCodeV2', 'phone'];
const AMOUNTS = [
	'currentSubtotalPriceSet',
	'currentShippingPriceSet',
	'currentTotalTaxSet',
	'currentTotalDiscountsSet',
	'currentTotalPriceSet',
];

/** An order of a list of changes. */
export type Change = Pick<ShopifyOrder, 'id' | 'name' | 'processedAt' | 'cancelledAt' | 'test' | 'displayFinancialStatus' | 'tags'>;

/** Throws MappingError. */
export function checkedChange(raw: unknown): Change {
	const order = Payload.of(raw, 'order', SHOPIFY.label);
	// It is asked for by it, and a wrong one would be refused with all that are asked for beside it.
	gidOf(order, 'Order');
	texts(order, ['name', 'updatedAt', 'processedAt'], { orNull: false });
	texts(order, ['cancelledAt', 'displayFinancialStatus']);
	flags(order, ['test']);
	listOfTexts(order, 'tags');
	return raw as Change;
}

/** A whole order. Throws MappingError. */
export function checkedOrder(raw: unknown): ShopifyOrder {
	const order = Payload.of(raw, 'order', SHOPIFY.label);
	gidOf(order, 'Order');
	order.key('name');
	texts(order, ['name', 'processedAt', 'currencyCode'], { orNull: false });
	texts(order, ['cancelledAt', 'displayFinancialStatus', 'email', 'phone', 'note', 'poNumber', 'sourceName']);
	flags(order, ['test']);
	for (const list of ['tags', 'discountCodes']) listOfTexts(order, list);
	attributes(order);
	for (const name of AMOUNTS) amount(order, name);
	for (const name of ['billingAddress', 'shippingAddress']) {
		const address = partOf(order, name);
		if (address === null) continue;
		texts(address, ADDRESS);
		address.country('countryCodeV2');
	}
	const shipping = partOf(order, 'shippingLine');
	if (shipping !== null) texts(shipping, ['title', 'code']);
	const lines = nodesOf(order, 'lineItems');
	if (new Set(lines.map((line) => line.value('id'))).size < lines.length) order.fail('lineItems', 'has a line twice', REMEDY);
	for (const line of lines) {
		gidOf(line, 'LineItem');
		texts(line, ['sku', 'name', 'variantTitle', 'vendor']);
		flags(line, ['requiresShipping']);
		for (const name of ['quantity', 'currentQuantity']) pieces(line, name);
		amount(line, 'originalUnitPriceSet');
		attributes(line);
	}
	for (const part of nodesOf(order, 'fulfillmentOrders')) checkFulfillmentOrder(part);
	if (order.has('fulfillments')) for (const part of order.parts('fulfillments')) checkFulfillment(part);
	return raw as ShopifyOrder;
}

function checkFulfillment(part: Payload): void {
	texts(part, ['id', 'status'], { orNull: false });
	for (const line of nodesOf(part, 'fulfillmentLineItems')) {
		line.pieces('quantity');
		texts(partOf(line, 'lineItem') ?? line.fail('lineItem', 'is missing', REMEDY), ['id'], { orNull: false });
	}
}

function checkFulfillmentOrder(part: Payload): void {
	texts(part, ['id', 'status'], { orNull: false });
	const place = partOf(part, 'assignedLocation') ?? part.fail('assignedLocation', 'is missing', REMEDY);
	texts(place, ['name']);
	const location = place.part('location');
	if (location !== null) texts(location, ['id'], { orNull: false });
	const method = part.part('deliveryMethod');
	if (method !== null) texts(method, ['methodType'], { orNull: false });
	for (const action of part.parts('supportedActions')) texts(action, ['action'], { orNull: false });
	for (const hold of part.parts('fulfillmentHolds')) texts(hold, ['displayReason']);
	for (const name of ['requestStatus', 'fulfillAt']) if (part.has(name)) texts(part, [name]);
	if (part.has('fulfillAt')) part.time('fulfillAt');
	for (const line of nodesOf(part, 'lineItems')) {
		pieces(line, 'remainingQuantity');
		texts(partOf(line, 'lineItem') ?? line.fail('lineItem', 'is missing', REMEDY), ['id'], { orNull: false });
		const weight = partOf(line, 'weight');
		if (weight === null) continue;
		weight.number('value');
		texts(weight, ['unit']);
	}
}

/** With what was chosen for it. Throws MappingError. */
export function checkedRaw(raw: unknown): RawShopifyOrder {
	const order = Payload.of(raw, 'order', SHOPIFY.label);
	checkedOrder(raw);
	const unit = partOf(order, 'unit') ?? order.fail('unit', 'is missing', 'Import the order again by its number.');
	texts(unit, ['location', 'tag'], { orNull: false });
	return raw as RawShopifyOrder;
}
