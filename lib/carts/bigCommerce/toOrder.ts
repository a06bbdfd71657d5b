/**
 * From an order of BigCommerce V2, with its products and addresses beside it, to ours. An order that goes to several addresses is one
 * order for each, since each is shipped by itself. What we write back (status, staff notes, shipments) is not part of the content.
 */
import type { Address, ImportedOrder, OrderedLine } from '../../order/order';
import { customName, lineIds } from '../file/values';
import { Payload, sumOf } from '../payload';
import { gramsOf } from '../weights';
import { UNSAID } from '../unsaid';

export const LABEL = 'BigCommerce';

/** Cancelled, Refunded, Declined. */
const CANCELED = new Set(['4', '5', '6']);

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
export const orderKey = (externalId: string): string => externalId.split('.')[0]!;

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const whole = Payload.of(raw, 'order', LABEL);
	const order = whole.part('order') ?? whole.fail('order', 'is missing', `This is no order of ${LABEL}: import it with the trigger of its own cart.`);
	const id = order.key('id');
	const address = whole.part('address');
	const part = whole.number('part') ?? 0;
	const externalId = part === 0 ? id : `${id}.${address?.key('id') ?? part}`;
	const products = whole.parts('products').filter((product) => (product.text('type') ?? 'physical') === 'physical');
	const nextId = lineIds(externalId);
	const billing = order.part('billing_address');
	return {
		externalId,
		canceled: CANCELED.has(order.text('status_id') ?? '') || order.flag('is_deleted'),
		content: {
			orderNumber: part === 0 ? id : `${id}-${part}`,
			merchant: null,
			orderedAt: order.time('date_created'),
			customer: { email: billing?.text('email') ?? null, phone: billing?.text('phone') ?? null },
			billingAddress: addressOf(billing),
			shippingAddress: addressOf(address),
			lines: products.map((product) => lineOf(product, nextId, whole.text('weightUnit'))),
			shippingMethod: address?.text('shipping_method') ?? null,
			...UNSAID,
			giftMessage: products.flatMap((product) => product.text('wrapping_message') ?? []).join('\n') || null,
			currency: order.text('currency_code')?.toUpperCase() ?? null,
			subtotal: order.money('subtotal_ex_tax'),
			shippingAmount: order.money('shipping_cost_ex_tax'),
			taxAmount: order.money('total_tax'),
			discountAmount: sumOf([order.money('discount_amount'), order.money('coupon_discount')]),
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
	return {
		id: nextId(`key:${key}`),
		// Not product_id: shipments name the row of the order.
		externalId: key,
		sku,
		name: product.text('name') ?? sku ?? '',
		quantity: Math.max(0, product.quantity('quantity') - (product.number('quantity_refunded') ?? 0)),
		unitPrice: product.money('price_ex_tax'),
		weight: gramsOf(product.number('weight'), weightUnit),
		options: Object.fromEntries(
			product.parts('product_options').flatMap((option) => {
				const [name, value] = [option.text('display_name'), option.text('display_value')];
				return name === null || value === null ? [] : [[customName(name), value]];
			}),
		),
		custom: {},
	};
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
