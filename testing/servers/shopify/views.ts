/** The shop's state as the types of the schema show it. */
import { GraphQLError } from 'graphql';
import type { Shop, ShopFulfillment, ShopFulfillmentOrder, ShopLine, ShopOrder } from './Shop';
import { isOfService, LOCATIONS } from './Shop';

type Page = { first?: number | null | undefined; after?: string | null | undefined };

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const money = (amount: string) => ({ shopMoney: { amount } });
const sum = (values: readonly number[]): string => values.reduce((total, value) => total + value, 0).toFixed(2);

/** A cursor names the last item, so that a list may change between two pages as it does there. */
export function connection<Item>(
	items: readonly Item[],
	{ first, after }: Page,
	keyOf: (item: Item) => string,
	view: (item: Item) => unknown,
) {
	if (first === null || first === undefined) throw new Error('you must provide one of first or last');
	if (first > 250) throw new Error('first cannot exceed 250');
	const start = after === null || after === undefined ? 0 : startAfter(items.map(keyOf), after);
	const page = items.slice(start, start + first);
	return {
		nodes: page.map(view),
		pageInfo: {
			hasNextPage: start + first < items.length,
			endCursor: page.length === 0 ? null : Buffer.from(keyOf(page[page.length - 1]!)).toString('base64'),
		},
	};
}

function startAfter(keys: readonly string[], after: string): number {
	const key = Buffer.from(after, 'base64').toString('utf8');
	const place = keys.findIndex((each) => each > key);
	return keys.includes(key) ? keys.indexOf(key) + 1 : place < 0 ? keys.length : place;
}

const byId = ({ id }: { id: string }): string => id;

export const orderView = (shop: Shop, order: ShopOrder): object => ({
	__typename: 'Order',
	id: order.id,
	name: order.name,
	updatedAt: iso(order.updatedAt),
	processedAt: iso(order.processedAt),
	cancelledAt: order.cancelledAt === null ? null : iso(order.cancelledAt),
	cancelReason: order.cancelReason,
	test: order.test,
	displayFinancialStatus: order.financial,
	email: order.email,
	phone: null,
	note: order.note,
	tags: order.tags,
	currencyCode: 'USD',
	discountCodes: order.discountCodes,
	poNumber: null,
	sourceName: 'web',
	customAttributes: order.attributes,
	billingAddress: null,
	shippingAddress: {
		name: 'Ada Lovelace',
		company: null,
		address1: '12 Byron St',
		address2: null,
		city: 'Boston',
		province: 'Massachusetts',
		provinceCode: 'MA',
		zip: '02134',
		countryCodeV2: order.country,
		phone: '+1 617 555 0100',
	},
	shippingLine: { title: order.shippingTitle, code: 'STD' },
	currentSubtotalPriceSet: money(subtotal(order)),
	currentShippingPriceSet: money('5.00'),
	currentTotalTaxSet: money('0.0'),
	currentTotalDiscountsSet: money('0.0'),
	currentTotalPriceSet: money(sum([Number(subtotal(order)), 5])),
	lineItems: (page: Page) => connection(order.lines, page, byId, lineView),
	fulfillmentOrders: (page: Page) =>
		connection(
			order.fulfillmentOrders.filter((one) => shop.isVisible(one)),
			page,
			byId,
			(one) => fulfillmentOrderView(shop, order, one),
		),
	fulfillments: ({ first }: { first?: number }) => order.fulfillments.slice(0, first ?? Infinity).map((one) => fulfillmentView(order, one)),
});

const subtotal = (order: ShopOrder): string => sum(order.lines.map(({ price, quantity, removed }) => Number(price) * (quantity - removed)));

const lineView = (line: ShopLine): object => ({
	__typename: 'LineItem',
	id: line.id,
	sku: line.sku,
	name: line.name,
	quantity: line.quantity,
	currentQuantity: line.quantity - line.removed,
	requiresShipping: line.requiresShipping,
	variantTitle: line.variantTitle,
	vendor: line.vendor,
	originalUnitPriceSet: money(line.price),
	customAttributes: line.attributes,
});

export const fulfillmentOrderView = (shop: Shop, order: ShopOrder, one: ShopFulfillmentOrder): object => ({
	__typename: 'FulfillmentOrder',
	id: one.id,
	status: one.status,
	fulfillmentHolds: one.holds.map((displayReason) => ({ displayReason })),
	requestStatus: one.request,
	fulfillAt: one.fulfillAt === null ? null : iso(one.fulfillAt),
	deliveryMethod: one.method === null ? null : { methodType: one.method },
	supportedActions: actionsOf(one).map((action) => ({ action })),
	assignedLocation: { name: one.location, location: () => locationView(shop, one.location) },
	lineItems: (page: Page) =>
		connection(one.lines, page, byId, ({ id, lineId, remaining }) => {
			const line = order.lines.find((each) => each.id === lineId)!;
			return { id, remainingQuantity: remaining, weight: { value: line.grams / 1000, unit: 'KILOGRAMS' }, lineItem: lineView(line) };
		}),
});

/** Locations are shown only with a scope of their own, since 2024-07. */
function locationView(shop: Shop, name: string): object | null {
	if (!shop.scopes.includes('read_locations')) {
		throw new GraphQLError('Access denied for location field. Required access: `read_locations` access scope.', {
			extensions: { code: 'ACCESS_DENIED', requiredAccess: '`read_locations` access scope.' },
		});
	}
	const found = LOCATIONS.find((one) => one.name === name);
	return found === undefined ? null : { id: found.id, isFulfillmentService: found.isService === true };
}

/** Since 2024-10 nobody but the service creates fulfillments of what is assigned to it. */
function actionsOf(one: ShopFulfillmentOrder): string[] {
	if (one.status === 'ON_HOLD') return ['RELEASE_HOLD', 'HOLD', 'MOVE'];
	if (one.status === 'SCHEDULED') return ['MARK_AS_OPEN', 'MOVE'];
	if (one.status !== 'OPEN' && one.status !== 'IN_PROGRESS') return [];
	if (!isOfService(one)) return ['CREATE_FULFILLMENT', 'MOVE', 'HOLD', 'SPLIT'];
	return one.request === 'UNSUBMITTED' ? ['REQUEST_FULFILLMENT', 'MOVE', 'HOLD'] : ['REQUEST_CANCELLATION'];
}

export const fulfillmentView = (order: ShopOrder, one: ShopFulfillment): object => ({
	__typename: 'Fulfillment',
	id: one.id,
	status: one.status,
	trackingInfo: ({ first }: { first?: number }) => one.tracking.slice(0, first ?? Infinity),
	fulfillmentLineItems: (page: Page) =>
		connection(
			one.lines.map((line, index) => ({ ...line, id: `${one.id}/${index}` })),
			page,
			byId,
			({ lineId, quantity }) => ({ quantity, lineItem: lineView(order.lines.find(({ id }) => id === lineId)!) }),
		),
});
