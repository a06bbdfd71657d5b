/** Translates an order of Shopify. What our own write-back changes (our tag, our lines of the note, times, statuses) is no part of it. */
import { canceled, type CartWord } from '../../order/cartWord';
import { MappingError } from '../../order/errors';
import { asJson } from '../../order/json';
import type { Address, ImportedOrder, JsonValue, Money, OrderedLine } from '../../order/order';
import { wholeText } from '../../order/texts';
import { named } from '../common/customNames';
import { isoTime } from '../common/payload';
import { NOT_SET_BY_CART } from '../common/notSetByCart';
import { checkedRaw } from './checked';
import { numberOf } from './ids';
import { withoutOurNotes } from './notes';
import { deliveryOf, weightOf, shippingOf, type LineToShip, type Shipping } from './quantities';
import type { RawAddress, RawAttribute, RawMoney, RawShopifyOrder } from './raw';
import { inPlainWords, saidOfPayment } from './states';

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = checkedRaw(raw);
	const shipping = shippingOf(order);
	const lines = shipping.lines.map((line, index) => lineOf(order, line, `lineItems[${index}]`));
	const shipped = Object.fromEntries(
		shipping.lines.flatMap(({ line, fulfilled }) => (fulfilled > 0 ? [[lineId(line.id), fulfilled] as const] : [])),
	);
	const notes = withoutOurNotes(order.note);
	return {
		externalId: numberOf(order.id),
		word: wordOf(order, shipping),
		...(Object.keys(shipped).length > 0 ? { shipped } : {}),
		content: {
			orderNumber: wholeText(order.name).trim(),
			merchant: null,
			orderedAt: dateOf(order.processedAt),
			customer: { email: text(order.email), phone: text(order.phone) },
			billingAddress: addressOf(order.billingAddress),
			shippingAddress: addressOf(order.shippingAddress),
			lines,
			shippingMethod: text(order.shippingLine?.title),
			...NOT_SET_BY_CART,
			currency: text(order.currencyCode),
			subtotal: moneyOf(order.currentSubtotalPriceSet, 'currentSubtotalPriceSet'),
			shippingAmount: moneyOf(order.currentShippingPriceSet, 'currentShippingPriceSet'),
			taxAmount: moneyOf(order.currentTotalTaxSet, 'currentTotalTaxSet'),
			discountAmount: moneyOf(order.currentTotalDiscountsSet, 'currentTotalDiscountsSet'),
			total: moneyOf(order.currentTotalPriceSet, 'currentTotalPriceSet'),
			discountCodes: [...order.discountCodes],
			tags: order.tags.filter((tag) => tag !== order.unit.tag),
			notes: text(notes),
			custom: customOf(order),
		},
		raw: asJson(order),
	};
}

function wordOf({ cancelledAt, cancelReason, displayFinancialStatus }: RawShopifyOrder, { word }: Shipping): CartWord {
	if (cancelledAt !== null)
		return canceled(typeof cancelReason === 'string' && cancelReason !== 'OTHER' ? inPlainWords(cancelReason) : null);
	if (displayFinancialStatus !== null && saidOfPayment(displayFinancialStatus) === 'canceled')
		return canceled(`payment ${inPlainWords(displayFinancialStatus)}`);
	return word;
}

const lineId = (id: string): string => `L${numberOf(id)}`;

function lineOf(order: RawShopifyOrder, { line, quantity, notOurs }: LineToShip, path: string): OrderedLine {
	const [sku, name] = [text(line.sku), text(line.name)];
	if (line.requiresShipping && sku === null && name === null)
		throw new MappingError(
			`${path}.sku`,
			line.sku,
			'the line has neither SKU nor name',
			'Give the product a SKU in Shopify, then change the order there.',
		);
	return {
		id: lineId(line.id),
		externalId: numberOf(line.id),
		sku,
		name: name ?? sku ?? numberOf(line.id),
		quantity,
		unitPrice: moneyOf(line.originalUnitPriceSet, `${path}.originalUnitPriceSet`),
		weight: weightOf(order, line.id),
		options: { ...attributes(line.customAttributes), ...(text(line.variantTitle) === null ? {} : { variant: line.variantTitle ?? '' }) },
		custom: text(line.vendor) === null ? {} : { vendor: line.vendor },
		...(line.requiresShipping ? {} : { kind: 'virtual' as const }),
		...(notOurs.length > 0 ? { notOurs } : {}),
	};
}

/** Attributes whose name begins with _ are for machines; they are kept. */
const attributes = (list: readonly RawAttribute[]): Record<string, string> =>
	named(list.map(({ key, value }) => [key, value ?? ''] as const).filter(([, value]) => value !== ''));

function customOf(order: RawShopifyOrder): Record<string, JsonValue> {
	const own: Array<[string, string | null]> = [
		['poNumber', order.poNumber],
		['sourceName', order.sourceName],
		['shippingCode', order.shippingLine?.code ?? null],
		['deliveryMethod', deliveryOf(order)],
	];
	return { ...attributes(order.customAttributes), ...Object.fromEntries(own.filter(([, value]) => text(value) !== null)) };
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

const text = (value: string | null | undefined): string | null => wholeText(value ?? '').trim() || null;

/** A time that no order can have counts as none. */
function dateOf(value: string): string | null {
	if (Number.isNaN(Date.parse(value)))
		throw new MappingError('processedAt', value, 'is not a date', 'Import the order again by its number.');
	return isoTime(value);
}

function moneyOf(bag: RawMoney | null, path: string): Money | null {
	if (bag === null) return null;
	const { amount } = bag.shopMoney;
	if (!/^-?\d{1,15}(\.\d+)?$/.test(amount))
		throw new MappingError(`${path}.shopMoney.amount`, amount, 'is not an amount', 'Correct the order in Shopify.');
	return amount;
}
