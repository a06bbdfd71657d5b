/**
 * From an order of Magento 2 (Adobe Commerce) REST to ours. What we write back (status, comments, shipments) is not part of the content.
 */
import { isList } from '../../order/json';
import type { Address, ImportedOrder } from '../../order/order';
import { wholeText } from '../../order/texts';
import { Payload } from '../common/payload';
import { NOT_SET_BY_CART } from '../common/notSetByCart';
import { linesOf } from './lines';
import { stateOf, wordOfState } from './states';

export const LABEL = 'Magento';

/** Times are of UTC, without a zone: "2026-11-20 12:00:00". */
export const utc = (text: string): string => (/[Zz]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = Payload.of(raw, 'order', LABEL);
	const externalId = order.key('entity_id');
	const billing = order.part('billing_address');
	const assignment = order.part('extension_attributes')?.parts('shipping_assignments')[0]?.part('shipping') ?? null;
	const discount = order.money('discount_amount');
	const state = stateOf(raw);
	const { lines, shipped } = linesOf(order, externalId);
	return {
		externalId,
		word: wordOfState(state, order.text('status')),
		// What is complete was shipped: whether that counts depends on whether the settings take such orders.
		...(state === 'complete' || Object.keys(shipped).length === 0 ? {} : { shipped }),
		content: {
			orderNumber: order.text('increment_id') ?? externalId,
			merchant: null,
			orderedAt: order.time('created_at', utc),
			customer: { email: order.text('customer_email'), phone: billing?.text('telephone') ?? null },
			billingAddress: addressOf(billing),
			shippingAddress: addressOf(assignment?.part('address') ?? null),
			lines,
			shippingMethod: order.text('shipping_description') ?? assignment?.text('method') ?? null,
			...NOT_SET_BY_CART,
			currency: order.text('order_currency_code')?.toUpperCase() ?? null,
			subtotal: order.money('subtotal'),
			shippingAmount: order.money('shipping_amount'),
			taxAmount: order.money('tax_amount'),
			// Magento gives it below zero.
			discountAmount: discount?.replace(/^-/, '') ?? null,
			total: order.money('grand_total'),
			discountCodes: [order.text('coupon_code')].filter((code) => code !== null),
			tags: [],
			notes: order.text('customer_note'),
			custom: Object.fromEntries(
				(['store_id', 'ext_order_id', 'customer_group_id'] as const).flatMap((name) => {
					const value = order.text(name);
					return value === null ? [] : [[name, value]];
				}),
			),
		},
		raw: order.json(),
	};
}

function addressOf(address: Payload | null): Address | null {
	if (address === null) return null;
	const street = address.value('street');
	const lines = (isList(street) ? street : [street])
		.map((line) => (typeof line === 'string' ? wholeText(line).trim() : ''))
		.filter((line) => line !== '');
	return {
		name: ['prefix', 'firstname', 'middlename', 'lastname', 'suffix'].flatMap((part) => address.text(part) ?? []).join(' ') || null,
		company: address.text('company'),
		address1: lines[0] ?? null,
		address2: lines[1] ?? null,
		// Shops may ask for up to twenty lines.
		address3: lines.slice(2).join(', ') || null,
		city: address.text('city'),
		region: address.text('region_code') ?? address.text('region'),
		postalCode: address.text('postcode'),
		country: address.country('country_id'),
		phone: address.text('telephone'),
		email: address.text('email'),
	};
}
