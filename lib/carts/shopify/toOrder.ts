/** Translates an order of Shopify. What our own write-back changes (our tag, our lines of the note, times, statuses) is no part of it. */
import { MappingError } from '../../order/errors';
import type { Address, ImportedOrder, JsonValue, Money, OrderedLine } from '../../order/order';
import { customName } from '../file/values';
import { UNSAID } from '../unsaid';
import { numberOf } from './ids';
import { withoutOurNotes } from './notes';
import { weightOf, linesToShip } from './quantities';
import type { RawAddress, RawAttribute, RawLine, RawMoney, RawShopifyOrder } from './raw';

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = checked(raw);
	const lines = linesToShip(order).map(({ line, quantity }, index) => lineOf(order, line, quantity, `lineItems[${index}]`));
	const notes = withoutOurNotes(order.note);
	return {
		externalId: numberOf(order.id),
		// Nothing left to ship here: refunded, removed, or moved to another location.
		canceled: order.cancelledAt !== null || lines.length === 0,
		content: {
			orderNumber: order.name,
			merchant: null,
			orderedAt: dateOf(order.processedAt),
			customer: { email: text(order.email), phone: text(order.phone) },
			billingAddress: addressOf(order.billingAddress),
			shippingAddress: addressOf(order.shippingAddress),
			lines,
			shippingMethod: text(order.shippingLine?.title),
			...UNSAID,
			currency: order.currencyCode,
			subtotal: moneyOf(order.currentSubtotalPriceSet, 'currentSubtotalPriceSet'),
			shippingAmount: moneyOf(order.currentShippingPriceSet, 'currentShippingPriceSet'),
			taxAmount: moneyOf(order.currentTotalTaxSet, 'currentTotalTaxSet'),
			discountAmount: moneyOf(order.currentTotalDiscountsSet, 'currentTotalDiscountsSet'),
			total: moneyOf(order.currentTotalPriceSet, 'currentTotalPriceSet'),
			discountCodes: [...order.discountCodes],
			tags: order.tags.filter((tag) => tag !== order.unit.tag),
			notes: notes === '' ? null : notes,
			custom: customOf(order),
		},
		raw: order as unknown as JsonValue,
	};
}

function checked(raw: unknown): RawShopifyOrder {
	const order = raw as Partial<RawShopifyOrder> | null | undefined;
	const fail = (path: string, value: unknown): never => {
		throw new MappingError(path, value, 'is not what Shopify gives', 'Import the order again by its number.');
	};
	if (typeof order !== 'object' || order === null || typeof order.id !== 'string' || typeof order.name !== 'string') return fail('order', raw);
	for (const list of ['tags', 'discountCodes', 'customAttributes'] as const) if (!Array.isArray(order[list])) fail(list, order[list]);
	for (const list of ['lineItems', 'fulfillmentOrders'] as const) if (!Array.isArray(order[list]?.nodes)) fail(list, order[list]);
	if (typeof order.unit !== 'object' || order.unit === null) fail('unit', order.unit);
	return order as RawShopifyOrder;
}

function lineOf(order: RawShopifyOrder, line: RawLine, quantity: number, path: string): OrderedLine {
	const [sku, name] = [text(line.sku), text(line.name)];
	if (sku === null && name === null) throw new MappingError(`${path}.sku`, line.sku, 'the line has neither SKU nor name', 'Give the product a SKU in Shopify, then change the order there.');
	if (!Number.isInteger(quantity)) throw new MappingError(`${path}.quantity`, quantity, 'is not a whole number', 'Correct the line in Shopify.');
	return {
		id: `L${numberOf(line.id)}`,
		externalId: numberOf(line.id),
		sku,
		name: name ?? sku ?? '',
		quantity,
		unitPrice: moneyOf(line.originalUnitPriceSet, `${path}.originalUnitPriceSet`),
		weight: weightOf(order, line.id),
		options: Object.fromEntries([...attributes(line.customAttributes), ...(text(line.variantTitle) === null ? [] : [['variant', line.variantTitle ?? '']])]),
		custom: text(line.vendor) === null ? {} : { vendor: line.vendor },
	};
}

/** Attributes whose name begins with _ are for machines; they are kept. A name that comes twice keeps its last value. */
const attributes = (list: readonly RawAttribute[]): Array<[string, string]> => list.map(({ key, value }): [string, string] => [customName(key), value ?? '']).filter(([, value]) => value !== '');

function customOf(order: RawShopifyOrder): Record<string, JsonValue> {
	const own: Array<[string, string | null]> = [['poNumber', order.poNumber], ['sourceName', order.sourceName], ['shippingCode', order.shippingLine?.code ?? null]];
	return Object.fromEntries([...attributes(order.customAttributes), ...own.filter(([, value]) => text(value) !== null)]);
}

function addressOf(address: RawAddress | null): Address | null {
	if (address === null) return null;
	return {
		name: text(address.name),
		company: text(address.company),
		address1: text(address.address1),
		address2: text(address.address2),
		address3: null,
		city: text(address.city),
		region: text(address.provinceCode) ?? text(address.province),
		postalCode: text(address.zip),
		country: text(address.countryCodeV2),
		phone: text(address.phone),
		email: null,
	};
}

const text = (value: string | null | undefined): string | null => value?.trim() || null;

function dateOf(value: string): string {
	const time = Date.parse(value);
	if (Number.isNaN(time)) throw new MappingError('processedAt', value, 'is not a date', 'Import the order again by its number.');
	return new Date(time).toISOString();
}

function moneyOf(bag: RawMoney | null, path: string): Money | null {
	if (bag === null) return null;
	const { amount } = bag.shopMoney;
	if (!/^-?\d+(\.\d+)?$/.test(amount)) throw new MappingError(`${path}.shopMoney.amount`, amount, 'is not an amount', 'Correct the order in Shopify.');
	return amount;
}
