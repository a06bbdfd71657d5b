/**
 * From an order of Vendure to ours. Amounts are net, with the tax beside them; they come in the smallest unit. What we write back
 * (fulfillments, notes, a field with our reference, the state) is not part of the content.
 */
import type { Address, ImportedOrder, JsonValue, Money, OrderedLine } from '../../order/order';
import { customName, lineIds } from '../file/values';
import { Payload } from '../payload';
import { UNSAID } from '../unsaid';
import { LABEL } from './graphql';

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = Payload.of(raw, 'order', LABEL);
	const externalId = order.key('id');
	const decimals = order.quantity('moneyPrecision');
	const amount = (name: string): Money | null => inMajorUnits(order, name, decimals);
	const customer = order.part('customer');
	const shippingAddress = addressOf(order.part('shippingAddress'));
	const method = order.parts('shippingLines')[0]?.part('shippingMethod') ?? null;
	const lines = linesOf(order, decimals, lineIds(externalId));
	return {
		externalId,
		// Vendure keeps a canceled line with nothing of it.
		canceled: order.key('state') === 'Cancelled' || lines.length === 0,
		content: {
			orderNumber: order.text('code') ?? externalId,
			merchant: null,
			orderedAt: order.time('orderPlacedAt'),
			customer: { email: customer?.text('emailAddress') ?? null, phone: customer?.text('phoneNumber') ?? shippingAddress?.phone ?? null },
			billingAddress: addressOf(order.part('billingAddress')),
			shippingAddress,
			lines,
			shippingMethod: method?.text('name') ?? null,
			...UNSAID,
			currency: order.text('currencyCode'),
			subtotal: amount('subTotal'),
			shippingAmount: amount('shipping'),
			taxAmount: taxOf(order, decimals),
			discountAmount: discountOf(order, decimals),
			total: amount('totalWithTax'),
			discountCodes: texts(order.value('couponCodes')),
			tags: [],
			notes: null,
			custom: customOf(order, method?.text('code') ?? null),
		},
		raw: order.json(),
	};
}

function linesOf(order: Payload, decimals: number, nextId: (key: string) => string): OrderedLine[] {
	return inOrder(order.parts('lines')).flatMap((line): OrderedLine[] => {
		const key = line.key('id');
		const quantity = line.quantity('quantity');
		const variant = line.part('productVariant') ?? line.fail('productVariant', 'is missing');
		const sku = variant.text('sku');
		const one: OrderedLine = {
			id: nextId(`key:${key}`),
			externalId: key,
			sku,
			name: variant.text('name') ?? sku ?? '',
			quantity,
			unitPrice: inMajorUnits(line, 'unitPrice', decimals),
			weight: null,
			options: Object.fromEntries(variant.parts('options').map((option) => [customName(option.part('group')?.text('name') ?? 'option'), option.text('name') ?? '']).sort(([left], [right]) => compare(left!, right!))),
			custom: {},
		};
		return quantity === 0 ? [] : [one];
	});
}

const compare = (left: string, right: string): number => left.localeCompare(right, 'en', { numeric: true });

/** As they were put into the basket: Vendure gives them in any order, and in another one after a change. */
function inOrder(lines: readonly Payload[]): Payload[] {
	const keyed = lines.map((line) => ({ line, key: `${line.time('createdAt') ?? ''} ${line.key('id')}` }));
	return keyed.sort((left, right) => compare(left.key, right.key)).map(({ line }) => line);
}

/** 1250 with two decimals → "12.50" */
function inMajorUnits(part: Payload, name: string, decimals: number): Money | null {
	const value = part.value(name);
	if (value === null) return null;
	return typeof value === 'number' && Number.isSafeInteger(value) ? minorToMajor(BigInt(value), decimals) : part.fail(name, 'is not an amount in the smallest unit');
}

function minorToMajor(amount: bigint, decimals: number): Money {
	const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
	const whole = digits.slice(0, digits.length - decimals);
	return `${amount < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

function taxOf(order: Payload, decimals: number): Money | null {
	const [net, gross] = [order.value('total'), order.value('totalWithTax')];
	return Number.isSafeInteger(net) && Number.isSafeInteger(gross) ? minorToMajor(BigInt(gross as number) - BigInt(net as number), decimals) : null;
}

/** Vendure gives each below zero. */
function discountOf(order: Payload, decimals: number): Money | null {
	const all = order.parts('discounts').map((discount) => {
		const amount = discount.value('amount');
		return Number.isSafeInteger(amount) ? BigInt(amount as number) : discount.fail('amount', 'is not an amount in the smallest unit');
	});
	return minorToMajor(-all.reduce((sum, amount) => sum + amount, 0n), decimals);
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

function customOf(order: Payload, shippingCode: string | null): Record<string, JsonValue> {
	const own = order.part('customFields');
	const fields = Object.entries((own?.json() ?? {}) as Record<string, JsonValue>).filter(([, value]) => value !== null && value !== '');
	return { ...Object.fromEntries(fields), ...(shippingCode === null ? {} : { shippingMethodCode: shippingCode }) };
}

/** Vendure gives an address without anything in it for none. */
function addressOf(address: Payload | null): Address | null {
	if (address === null) return null;
	const one: Address = {
		name: address.text('fullName'),
		company: address.text('company'),
		address1: address.text('streetLine1'),
		address2: address.text('streetLine2'),
		address3: null,
		city: address.text('city'),
		region: address.text('province'),
		postalCode: address.text('postalCode'),
		country: address.country('countryCode'),
		phone: address.text('phoneNumber'),
		email: null,
	};
	return Object.values(one).every((value) => value === null) ? null : one;
}
