/**
 * From an order of BigCommerce V2, with its products and addresses beside it, to ours. An order that goes to several addresses is one
 * order for each, since each is shipped by itself. What we write back (status, staff notes, shipments) is not part of the content.
 */
import { isObject } from '../../order/json';
import { sumOf } from '../../order/money';
import type { Address, ImportedOrder, OrderedLine } from '../../order/order';
import { named } from '../common/customNames';
import { lineIds } from '../file/values';
import { Payload } from '../common/payload';
import { gramsOf } from '../common/weights';
import { NOT_SET_BY_CART } from '../common/notSetByCart';
import { ALL_SHIPPED, wordOfStatus } from './states';

export const LABEL = 'BigCommerce';

/** What the session makes of one order, or of one address of it. */
export interface RawBigCommerceOrder {
	order: Record<string, unknown>;
	/** Of this address. */
	products: Array<Record<string, unknown>>;
	address: Record<string, unknown> | null;
	coupons: Array<Record<string, unknown>>;
	/** The unit of weights, as the settings of the store name it: "LBS"; null = not known. */
	weightUnit: string | null;
	/** 0 = the order has one address; 1, 2, … = which of several. */
	part: number;
}

/** The cart's key of the order, from ours of the order or of its part: "118.44" gives "118". */
export const orderKey = (externalId: string): string => externalId.replace(/\..*$/s, '');

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const whole = Payload.of(raw, 'order', LABEL);
	const order = translated(whole);
	const id = orderKey(order.externalId);
	// An order that got a second address was known by its own key before. What is known of its first address goes on under that.
	if (order.externalId === id) return order;
	if (whole.number('part') !== 1) return { ...order, splitFrom: id };
	return isObject(raw) ? { ...order, asBefore: translated(Payload.of({ ...raw, part: 0 }, 'order', LABEL)) } : order;
}

function translated(whole: Payload): ImportedOrder {
	const order =
		whole.part('order') ?? whole.fail('order', 'is missing', `This is no order of ${LABEL}: import it with the trigger of its own cart.`);
	const id = order.key('id');
	const address = whole.part('address');
	const part = whole.number('part') ?? 0;
	const externalId = part === 0 ? id : `${id}.${address?.key('id') ?? part}`;
	const products = whole.parts('products');
	const nextId = lineIds(externalId);
	const billing = order.part('billing_address');
	const status = order.text('status_id') ?? '';
	const lines = products.map((product) => lineOf(product, nextId, whole.text('weightUnit')));
	const isPartlyRefunded =
		lines.some(({ notOurs = [] }) => notOurs.some(({ reason }) => reason === REFUNDED)) &&
		lines.some(({ quantity }) => quantity > 0) &&
		!isPaidBack(order);
	const shipped = Object.fromEntries(
		products
			.map((product, index): [string, number] => [
				lines[index]!.id,
				ALL_SHIPPED.includes(status) ? lines[index]!.quantity : product.pieces('quantity_shipped'),
			])
			.filter(([, quantity]) => quantity > 0),
	);
	return {
		externalId,
		word: wordOfStatus(status, { isArchived: order.flag('is_deleted'), isPartlyRefunded }),
		...(Object.keys(shipped).length > 0 ? { shipped } : {}),
		content: {
			orderNumber: part === 0 ? id : `${id}-${part}`,
			merchant: null,
			orderedAt: order.time('date_created'),
			customer: { email: billing?.text('email') ?? null, phone: billing?.text('phone') ?? null },
			billingAddress: addressOf(billing),
			shippingAddress: addressOf(address),
			lines,
			shippingMethod: address?.text('shipping_method') ?? null,
			...NOT_SET_BY_CART,
			giftMessage: products.flatMap((product) => product.text('wrapping_message') ?? []).join('\n') || null,
			currency: order.text('currency_code')?.toUpperCase() ?? null,
			subtotal: order.money('subtotal_ex_tax'),
			shippingAmount: order.money('shipping_cost_ex_tax'),
			taxAmount: order.money('total_tax'),
			discountAmount: sumOf([order.money('discount_amount') ?? '0', order.money('coupon_discount') ?? '0']),
			total: order.money('total_inc_tax'),
			discountCodes: whole.parts('coupons').flatMap((coupon) => coupon.text('code') ?? []),
			tags: [],
			notes: order.text('customer_message'),
			custom: Object.fromEntries(
				(['channel_id', 'external_id', 'external_order_id', 'payment_method'] as const).flatMap((name) => {
					const value = order.text(name);
					return value === null ? [] : [[name, value]];
				}),
			),
		},
		raw: whole.json(),
	};
}

function lineOf(product: Payload, nextId: (key: string) => string, weightUnit: string | null): OrderedLine {
	const key = product.key('id');
	const sku = product.text('sku');
	const ordered = product.quantity('quantity');
	const refunded = Math.min(ordered, product.pieces('quantity_refunded'));
	const isPickedUp = (product.number('order_pickup_method_id') ?? 0) > 0;
	const notOurs = [
		...(refunded > 0 ? [{ quantity: refunded, reason: REFUNDED }] : []),
		...(isPickedUp && ordered > refunded ? [{ quantity: ordered - refunded, reason: 'picked up' }] : []),
	];
	return {
		id: nextId(`key:${key}`),
		// Not product_id: shipments name the row of the order.
		externalId: key,
		sku,
		name: product.text('name') ?? sku ?? '',
		quantity: isPickedUp ? 0 : ordered - refunded,
		unitPrice: product.money('price_ex_tax'),
		weight: gramsOf(product.number('weight'), weightUnit),
		options: named(
			product.parts('product_options').flatMap((option): Array<[string, string]> => {
				const [name, value] = [option.text('display_name'), option.text('display_value')];
				return name === null || value === null ? [] : [[name, value]];
			}),
		),
		custom: {},
		...((product.text('type') ?? 'physical') === 'physical' ? {} : { kind: 'virtual' as const }),
		...(notOurs.length > 0 ? { notOurs } : {}),
	};
}

const REFUNDED = 'refunded';

/** All of its money was paid back. */
function isPaidBack(order: Payload): boolean {
	const [refunded, total] = [order.number('refunded_amount') ?? 0, order.number('total_inc_tax') ?? 0];
	return total > 0 && refunded >= total;
}

function addressOf(address: Payload | null): Address | null {
	if (address === null) return null;
	return {
		name: [address.text('first_name'), address.text('last_name')].filter((part) => part !== null).join(' ') || null,
		company: address.text('company'),
		address1: address.text('street_1'),
		address2: address.text('street_2'),
		address3: null,
		city: address.text('city'),
		region: address.text('state'),
		postalCode: address.text('zip'),
		country: address.country('country_iso2'),
		phone: address.text('phone'),
		email: address.text('email'),
	};
}
