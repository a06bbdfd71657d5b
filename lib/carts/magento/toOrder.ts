/**
 * From an order of Magento 2 (Adobe Commerce) REST to ours. A configurable product has two rows, of which the parent is ordered and
 * shipped; the parts of a bundle are what the warehouse picks, and are reported as the bundle. What we write back (status, comments,
 * shipments) is not part of the content.
 */
import type { Address, ImportedOrder, OrderedLine } from '../../order/order';
import { lineIds } from '../file/values';
import { Payload } from '../payload';
import { gramsOf } from '../weights';
import { UNSAID } from '../unsaid';

export const LABEL = 'Magento';

/** Where the session puts the unit of weights of the order's store view: "lbs". */
export const WEIGHT_UNIT = 'store_weight_unit';

const CANCELED = new Set(['canceled', 'closed']);

/** Times are of UTC, without a zone: "2026-11-20 12:00:00". */
export const utc = (text: string): string => (/[Zz]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`);

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = Payload.of(raw, 'order', LABEL);
	const externalId = order.key('entity_id');
	const billing = order.part('billing_address');
	const assignment = order.part('extension_attributes')?.parts('shipping_assignments')[0]?.part('shipping') ?? null;
	const discount = order.money('discount_amount');
	return {
		externalId,
		canceled: CANCELED.has(order.text('state') ?? order.text('status') ?? ''),
		content: {
			orderNumber: order.text('increment_id') ?? externalId,
			merchant: null,
			orderedAt: order.time('created_at', utc),
			customer: { email: order.text('customer_email'), phone: billing?.text('telephone') ?? null },
			billingAddress: addressOf(billing),
			shippingAddress: addressOf(assignment?.part('address') ?? null),
			lines: linesOf(order, lineIds(externalId)),
			shippingMethod: order.text('shipping_description') ?? assignment?.text('method') ?? null,
			...UNSAID,
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

function linesOf(order: Payload, nextId: (key: string) => string): OrderedLine[] {
	const items = order.parts('items');
	const byKey = new Map(items.map((item) => [item.key('item_id'), item]));
	return items.flatMap((item): OrderedLine[] => {
		const key = item.key('item_id');
		const parent = byKey.get(item.text('parent_item_id') ?? '');
		const type = item.text('product_type') ?? 'simple';
		// The parent stands for the chosen product; a bundle is only what it is made of.
		if (item.flag('is_virtual') || ['downloadable', 'virtual', 'giftcard', 'bundle'].includes(type)) return [];
		if (parent !== undefined && parent.text('product_type') !== 'bundle') return [];
		const sku = item.text('sku');
		const line: OrderedLine = {
			id: nextId(`key:${key}`),
			externalId: key,
			sku,
			name: item.text('name') ?? sku ?? '',
			quantity: open(item),
			unitPrice: item.money('price'),
			weight: gramsOf(item.number('weight'), order.text(WEIGHT_UNIT)),
			options: {},
			custom: {},
		};
		if (parent === undefined) return [line];
		const [bundle, sold] = [parent.key('item_id'), parent.quantity('qty_ordered')];
		const each = sold > 0 ? item.quantity('qty_ordered') / sold : 0;
		if (!Number.isInteger(each) || each < 1) return item.fail('qty_ordered', 'is not so many for each bundle');
		return [{ ...line, externalId: bundle, quantity: open(parent) * each, kit: { lineId: bundle, sku: parent.text('sku'), quantity: each } }];
	});
}

/** What is neither canceled nor refunded. */
const open = (item: Payload): number => Math.max(0, item.quantity('qty_ordered') - (item.number('qty_canceled') ?? 0) - (item.number('qty_refunded') ?? 0));

function addressOf(address: Payload | null): Address | null {
	if (address === null) return null;
	const street = address.value('street');
	const lines = (Array.isArray(street) ? (street as unknown[]) : [street]).map((line) => (typeof line === 'string' ? line.trim() : '')).filter((line) => line !== '');
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
