/**
 * From an order of Medusa to ours, with how many of each line are fulfilled. Amounts are net, with the tax beside them. What we write back (our
 * fulfillments, our metadata) is not part of the content.
 */
import { canceled } from '../../order/cartWord';
import { ships } from '../../order/goods';
import type { Address, ImportedOrder, JsonValue, Money, OrderedLine } from '../../order/order';
import { named } from '../common/customNames';
import { lineIds } from '../file/values';
import { decimal, Payload } from '../common/payload';
import { NOT_SET_BY_CART } from '../common/notSetByCart';
import { LABEL, NOTES_KEY, REFERENCE_KEY } from './settings';
import { wordOfStatus } from './states';

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = Payload.of(raw, 'order', LABEL);
	const externalId = order.key('id');
	const shippingAddress = addressOf(order.part('shipping_address'));
	const methods = order.parts('shipping_methods');
	const items = order.parts('items');
	const { lines, shipped } = linesOf(items, lineIds(externalId));
	// What is given back after it was shipped are returns.
	const isRefunded =
		order.text('payment_status') === 'refunded' && lines.some((line) => ships(line) && line.quantity > (shipped[line.id] ?? 0));
	const word = wordOfStatus(order.key('status'));
	return {
		externalId,
		word: isRefunded && word.readiness !== 'gone' && word.readiness !== 'canceled' ? canceled('refunded') : word,
		...(Object.keys(shipped).length > 0 ? { shipped } : {}),
		content: {
			orderNumber: order.text('custom_display_id') ?? order.text('display_id') ?? externalId,
			merchant: null,
			orderedAt: order.time('created_at'),
			customer: { email: order.text('email'), phone: shippingAddress?.phone ?? null },
			billingAddress: addressOf(order.part('billing_address')),
			shippingAddress,
			lines,
			shippingMethod: methods.map((method) => method.text('name')).find((name) => name !== null) ?? null,
			...NOT_SET_BY_CART,
			currency: order.text('currency_code')?.toUpperCase() ?? null,
			subtotal: order.money('item_subtotal'),
			shippingAmount: order.money('shipping_subtotal'),
			taxAmount: order.money('tax_total'),
			discountAmount: order.money('discount_total'),
			total: order.money('total'),
			discountCodes: [
				...new Set(
					[...items, ...methods].flatMap((part) => part.parts('adjustments').flatMap((adjustment) => adjustment.text('code') ?? [])),
				),
			].sort(),
			tags: [],
			notes: null,
			custom: plainValues(order.part('metadata')),
		},
		raw: order.json(),
	};
}

/** By their SKU: Medusa gives them in any order, in another one after a change, and does not say how they were in the basket. */
function linesOf(items: readonly Payload[], nextId: (key: string) => string): { lines: OrderedLine[]; shipped: Record<string, number> } {
	const keyed = items.map((item) => ({ item, key: item.key('id') })).sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
	const shipped: Record<string, number> = {};
	const lines = keyed.map(({ item, key }): OrderedLine => {
		const sku = item.text('variant_sku');
		const id = nextId(`key:${key}`);
		const fulfilled = item.part('detail')?.pieces('fulfilled_quantity') ?? 0;
		if (fulfilled > 0) shipped[id] = fulfilled;
		return {
			id,
			externalId: key,
			sku,
			name: nameOf(item) ?? sku ?? '',
			quantity: item.quantity('quantity'),
			unitPrice: netPriceOf(item),
			weight: null,
			options: {},
			custom: plainValues(item.part('metadata')),
			// Downloads and the like.
			...(item.value('requires_shipping') === false ? { kind: 'virtual' as const } : {}),
		};
	});
	return { lines, shipped };
}

const placeOf = ({ item, key }: { item: Payload; key: string }): string => `${item.text('variant_sku') ?? ''} ${key}`;

/** "Tee" in "L" → "Tee L" */
function nameOf(item: Payload): string | null {
	const [title, variant] = [item.text('title'), item.text('variant_title')];
	return title === null || variant === null || variant === title || /^default\b/i.test(variant)
		? (title ?? variant)
		: `${title} ${variant}`;
}

/** Prices of shops that enter them with tax are given so. */
function netPriceOf(item: Payload): Money | null {
	const quantity = item.quantity('quantity');
	const subtotal = item.flag('is_tax_inclusive') && quantity > 0 ? item.number('subtotal') : null;
	return subtotal === null ? item.money('unit_price') : decimal(subtotal / quantity);
}

/** Of metadata, what a warehouse can read; without what we write there. */
function plainValues(metadata: Payload | null): Record<string, JsonValue> {
	const entries = Object.entries(metadata?.values() ?? {});
	return named(
		entries.flatMap(([name, value]): Array<[string, JsonValue]> => {
			const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
			return !isPlain || value === '' || name === REFERENCE_KEY || name === NOTES_KEY ? [] : [[name, value]];
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
