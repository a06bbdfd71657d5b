/**
 * From an order of Vendure to ours. Amounts are net, with the tax beside them; they come in the smallest unit. What we write back
 * (fulfillments, notes, a field with our reference, the state) is not part of the content.
 */
import type { Address, ImportedOrder, JsonValue, Money, OrderedLine } from '../../order/order';
import { named } from '../common/customNames';
import { lineIds } from '../file/values';
import { Payload } from '../common/payload';
import { NOT_SET_BY_CART } from '../common/notSetByCart';
import { LABEL } from './graphql';
import { saidOfState } from './states';

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
	const shipped = shippedOf(order, lines);
	return {
		externalId,
		word: saidOfState(order.key('state')),
		...(shipped === null ? {} : { shipped }),
		content: {
			orderNumber: order.text('code') ?? externalId,
			merchant: null,
			orderedAt: order.time('orderPlacedAt'),
			customer: { email: customer?.text('emailAddress') ?? null, phone: customer?.text('phoneNumber') ?? shippingAddress?.phone ?? null },
			billingAddress: addressOf(order.part('billingAddress')),
			shippingAddress,
			lines,
			shippingMethod: method?.text('name') ?? null,
			...NOT_SET_BY_CART,
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
	return inOrder(order.parts('lines')).map((line): OrderedLine => {
		const key = line.key('id');
		const quantity = line.quantity('quantity');
		const variant = line.part('productVariant') ?? line.fail('productVariant', 'is missing');
		const sku = variant.text('sku');
		return {
			id: nextId(`key:${key}`),
			externalId: key,
			sku,
			name: variant.text('name') ?? sku ?? '',
			quantity,
			unitPrice: inMajorUnits(line, 'unitPrice', decimals),
			weight: null,
			options: named(
				variant
					.parts('options')
					.map((option): [string, string] => [option.part('group')?.text('name') ?? 'option', option.text('name') ?? ''])
					.sort(([left], [right]) => compare(left, right)),
			),
			custom: {},
		};
	});
}

/** What is in a fulfillment is shipped, or on its way there; a canceled one is none. null = nothing is. */
function shippedOf(order: Payload, lines: readonly OrderedLine[]): Record<string, number> | null {
	const live = order.parts('fulfillments').filter((one) => one.text('state') !== 'Cancelled');
	const sums = new Map<string, number>();
	for (const line of live.flatMap((one) => one.parts('lines')))
		sums.set(line.key('orderLineId'), (sums.get(line.key('orderLineId')) ?? 0) + line.quantity('quantity'));
	const shipped = lines.flatMap(({ id, externalId }) =>
		(sums.get(externalId ?? '') ?? 0) > 0 ? [[id, sums.get(externalId ?? '') ?? 0] as const] : [],
	);
	return shipped.length === 0 ? null : Object.fromEntries(shipped);
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
	return typeof value === 'number' && Number.isSafeInteger(value)
		? minorToMajor(BigInt(value), decimals)
		: part.fail(name, 'is not an amount in the smallest unit');
}

function minorToMajor(amount: bigint, decimals: number): Money {
	const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
	const whole = digits.slice(0, digits.length - decimals);
	return `${amount < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

const isSafeInteger = (value: unknown): value is number => Number.isSafeInteger(value);

function taxOf(order: Payload, decimals: number): Money | null {
	const [net, gross] = [order.value('total'), order.value('totalWithTax')];
	return isSafeInteger(net) && isSafeInteger(gross) ? minorToMajor(BigInt(gross) - BigInt(net), decimals) : null;
}

/** Vendure gives each below zero. */
function discountOf(order: Payload, decimals: number): Money | null {
	const all = order.parts('discounts').map((discount) => {
		const amount = discount.value('amount');
		return isSafeInteger(amount) ? BigInt(amount) : discount.fail('amount', 'is not an amount in the smallest unit');
	});
	return minorToMajor(-all.reduce((sum, amount) => sum + amount, 0n), decimals);
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

function customOf(order: Payload, shippingCode: string | null): Record<string, JsonValue> {
	const own = order.part('customFields');
	const fields = Object.entries(own?.values() ?? {}).filter(([, value]) => value !== null && value !== '');
	return { ...named(fields), ...(shippingCode === null ? {} : { shippingMethodCode: shippingCode }) };
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
