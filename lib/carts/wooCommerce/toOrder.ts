/**
 * From an order of WooCommerce REST v3 to ours. What we write back (status, our meta, tracking, notes) and what moves by itself
 * (modified time) is not part of the content, so that our own acknowledgement does not come back as a change.
 *
 * WooCommerce does not say which lines need no shipping; a rule can take them out. Refunded quantities are taken off, when the
 * session has put the refunds beside the order.
 */
import type { Address, ImportedOrder, JsonValue, OrderedLine } from '../../order/order';
import { customName, lineIds } from '../file/values';
import { Payload, sumOf } from '../payload';
import { UNSAID } from '../unsaid';

export const LABEL = 'WooCommerce';

/** Where the session puts the order's refunds, as `/orders/{id}/refunds` gives them. */
export const REFUNDS = 'order_refunds';

/** Nothing is to be shipped any more. */
const CANCELED = new Set(['cancelled', 'refunded', 'failed', 'trash']);

/** The API gives times of GMT without a zone. */
export const gmt = (text: string): string => (/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = Payload.of(raw, 'order', LABEL);
	const externalId = order.key('id');
	const billing = order.part('billing');
	const shipping = order.part('shipping');
	const refunded = refundedQuantities(order);
	const lineItems = order.parts('line_items');
	const methods = order.parts('shipping_lines');
	const nextId = lineIds(externalId);
	const billingAddress = addressOf(billing, null);
	return {
		externalId,
		canceled: CANCELED.has(order.text('status') ?? ''),
		content: {
			orderNumber: order.text('number') ?? externalId,
			merchant: null,
			orderedAt: order.time('date_created_gmt', gmt),
			customer: { email: billing?.text('email') ?? null, phone: billing?.text('phone') ?? null },
			billingAddress,
			// Shops that ship to the billing address only leave the other one blank.
			shippingAddress: addressOf(shipping, billing) ?? billingAddress,
			lines: lineItems.map((line) => lineOf(line, nextId, refunded)),
			shippingMethod: methods.flatMap((method) => method.text('method_title') ?? method.text('method_id') ?? []).join(', ') || null,
			...UNSAID,
			currency: order.text('currency')?.toUpperCase() ?? null,
			subtotal: sumOf(lineItems.map((line) => line.money('subtotal'))),
			shippingAmount: order.money('shipping_total'),
			taxAmount: order.money('total_tax'),
			discountAmount: order.money('discount_total'),
			total: order.money('total'),
			discountCodes: order.parts('coupon_lines').flatMap((coupon) => coupon.text('code') ?? []),
			tags: [],
			notes: order.text('customer_note'),
			custom: customOf(order),
		},
		raw: order.json(),
	};
}

function lineOf(line: Payload, nextId: (key: string) => string, refunded: ReadonlyMap<string, number>): OrderedLine {
	const key = line.key('id');
	const sku = line.text('sku');
	return {
		id: nextId(`key:${key}`),
		externalId: key,
		sku,
		name: line.text('name') ?? sku ?? '',
		quantity: Math.max(0, line.quantity('quantity') - (refunded.get(key) ?? 0)),
		unitPrice: line.money('price'),
		weight: null,
		options: Object.fromEntries(
			line.parts('meta_data').flatMap((meta) => {
				const name = meta.text('display_key') ?? meta.text('key');
				const value = meta.value('display_value') ?? meta.value('value');
				// Plugins keep objects of their own here, and hidden values under names with an underscore.
				return name === null || name.startsWith('_') || typeof value !== 'string' ? [] : [[customName(name), value]];
			}),
		),
		custom: {},
	};
}

/** @param billing its telephone and e-mail serve a shipping address that has none */
function addressOf(address: Payload | null, billing: Payload | null): Address | null {
	if (address === null) return null;
	const name = [address.text('first_name'), address.text('last_name')].filter((part) => part !== null).join(' ') || null;
	const result: Address = {
		name,
		company: address.text('company'),
		address1: address.text('address_1'),
		address2: address.text('address_2'),
		address3: null,
		city: address.text('city'),
		region: address.text('state'),
		postalCode: address.text('postcode'),
		country: address.country('country'),
		phone: address.text('phone'),
		email: address.text('email'),
	};
	if (Object.values(result).every((part) => part === null) || (billing !== null && result.address1 === null && result.postalCode === null && result.city === null)) return null;
	return { ...result, phone: result.phone ?? billing?.text('phone') ?? null };
}

/** Visible meta of the order with a plain value: what checkout fields are kept in. */
function customOf(order: Payload): Record<string, JsonValue> {
	return Object.fromEntries(
		order.parts('meta_data').flatMap((meta): Array<[string, JsonValue]> => {
			const [name, value] = [meta.text('key'), meta.value('value')];
			const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
			return name === null || name.startsWith('_') || !isPlain || value === '' ? [] : [[customName(name), value]];
		}),
	);
}

function refundedQuantities(order: Payload): Map<string, number> {
	const sums = new Map<string, number>();
	for (const refund of order.parts(REFUNDS)) {
		for (const line of refund.parts('line_items')) {
			const of = line.parts('meta_data').find((meta) => meta.text('key') === '_refunded_item_id')?.text('value');
			const quantity = Math.abs(line.number('quantity') ?? 0);
			if (of !== undefined && of !== null) sums.set(of, (sums.get(of) ?? 0) + quantity);
		}
	}
	return sums;
}
