/**
 * From an order of Medusa to ours: what is still to be fulfilled of it. Amounts are net, with the tax beside them. What we write back (our
 * fulfillments, our metadata) is not part of the content.
 */
import type { Address, ImportedOrder, JsonValue, Money, OrderedLine } from '../../order/order';
import { customName, lineIds } from '../file/values';
import { decimal, Payload } from '../payload';
import { UNSAID } from '../unsaid';
import { isLive, ownQuantities, type Fulfillment } from './raw';
import { LABEL, NOTES_KEY, REFERENCE_KEY } from './settings';

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = Payload.of(raw, 'order', LABEL);
	const externalId = order.key('id');
	const shippingAddress = addressOf(order.part('shipping_address'));
	const methods = order.parts('shipping_methods');
	const items = order.parts('items');
	const ours = ourQuantities(order);
	const lines = linesOf(items, ours, lineIds(externalId));
	// What is given back after our parcels are returns.
	const isRefunded = order.text('payment_status') === 'refunded' && ours.size === 0;
	return {
		externalId,
		// Also when nothing of it is left to fulfill.
		canceled: order.key('status') === 'canceled' || isRefunded || lines.length === 0,
		content: {
			orderNumber: order.text('custom_display_id') ?? order.text('display_id') ?? externalId,
			merchant: null,
			orderedAt: order.time('created_at'),
			customer: { email: order.text('email'), phone: shippingAddress?.phone ?? null },
			billingAddress: addressOf(order.part('billing_address')),
			shippingAddress,
			lines,
			shippingMethod: methods.map((method) => method.text('name')).find((name) => name !== null) ?? null,
			...UNSAID,
			currency: order.text('currency_code')?.toUpperCase() ?? null,
			subtotal: order.money('item_subtotal'),
			shippingAmount: order.money('shipping_subtotal'),
			taxAmount: order.money('tax_total'),
			discountAmount: order.money('discount_total'),
			total: order.money('total'),
			discountCodes: [...new Set([...items, ...methods].flatMap((part) => part.parts('adjustments').flatMap((adjustment) => adjustment.text('code') ?? [])))].sort(),
			tags: [],
			notes: null,
			custom: plainValues(order.part('metadata')),
		},
		raw: order.json(),
	};
}

/** By their SKU: Medusa gives them in any order, in another one after a change, and does not say how they were in the basket. */
function linesOf(items: readonly Payload[], ours: ReadonlyMap<string, number>, nextId: (key: string) => string): OrderedLine[] {
	const keyed = items.map((item) => ({ item, key: item.key('id') })).sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
	return keyed.flatMap(({ item, key }): OrderedLine[] => {
		const quantity = item.quantity('quantity') - fulfilledByOthers(item, ours.get(key) ?? 0);
		// Downloads and the like.
		if (quantity <= 0 || item.value('requires_shipping') === false) return [];
		const sku = item.text('variant_sku');
		return [{
			id: nextId(`key:${key}`),
			externalId: key,
			sku,
			name: nameOf(item) ?? sku ?? '',
			quantity,
			unitPrice: netPriceOf(item),
			weight: null,
			options: {},
			custom: plainValues(item.part('metadata')),
		}];
	});
}

const placeOf = ({ item, key }: { item: Payload; key: string }): string => `${item.text('variant_sku') ?? ''} ${key}`;

const fulfilledByOthers = (item: Payload, ours: number): number => Math.max(0, (item.part('detail')?.number('fulfilled_quantity') ?? 0) - ours);

/** How much of each line is in fulfillments that we made. */
function ourQuantities(order: Payload): Map<string, number> {
	const sums = new Map<string, number>();
	for (const part of order.parts('fulfillments')) {
		const fulfillment = part.json() as unknown as Fulfillment;
		if (!isLive(fulfillment)) continue;
		for (const [id, quantity] of ownQuantities(fulfillment)) sums.set(id, (sums.get(id) ?? 0) + quantity);
	}
	return sums;
}

/** "Tee" in "L" → "Tee L" */
function nameOf(item: Payload): string | null {
	const [title, variant] = [item.text('title'), item.text('variant_title')];
	return title === null || variant === null || variant === title || /^default\b/i.test(variant) ? (title ?? variant) : `${title} ${variant}`;
}

/** Prices of shops that enter them with tax are given so. */
function netPriceOf(item: Payload): Money | null {
	const [subtotal, quantity] = [item.value('subtotal'), item.quantity('quantity')];
	return item.flag('is_tax_inclusive') && typeof subtotal === 'number' ? decimal(subtotal / quantity) : item.money('unit_price');
}

/** Of metadata, what a warehouse can read; without what we write there. */
function plainValues(metadata: Payload | null): Record<string, JsonValue> {
	const entries = Object.entries((metadata?.json() ?? {}) as Record<string, JsonValue>);
	return Object.fromEntries(
		entries.flatMap(([name, value]): Array<[string, JsonValue]> => {
			const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
			return !isPlain || value === '' || name === REFERENCE_KEY || name === NOTES_KEY ? [] : [[customName(name), value]];
		}),
	);
}

function addressOf(address: Payload | null): Address | null {
	if (address === null) return null;
	const country = address.country('country_code');
	const one: Address = {
		name: [address.text('first_name'), address.text('last_name')].filter((part) => part !== null).join(' ') || null,
		company: address.text('company'),
		address1: address.text('address_1'),
		address2: address.text('address_2'),
		address3: null,
		city: address.text('city'),
		region: regionOf(address.text('province'), country),
		postalCode: address.text('postal_code'),
		country,
		phone: address.text('phone'),
		email: null,
	};
	return Object.values(one).every((value) => value === null) ? null : one;
}

/** "us-tx" of the United States → "TX", as Medusa keeps the regions of ISO 3166-2; other text as it is. */
function regionOf(province: string | null, country: string | null): string | null {
	const [, prefix, code] = /^([a-z]{2})-([a-z0-9]{1,3})$/i.exec(province ?? '') ?? [];
	return code !== undefined && prefix?.toUpperCase() === country ? code.toUpperCase() : province;
}
