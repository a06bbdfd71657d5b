/**
 * From an order of WooCommerce REST v3 to ours. What we write back (status, our meta, tracking, notes) and what moves by itself
 * (modified time) is not part of the content, so that our own acknowledgement does not come back as a change.
 *
 * What the order does not tell itself (refunded quantities, products that need no shipping) is put beside it by the session.
 */
import { ships } from '../../order/goods';
import { jsonOf, type JsonObject } from '../../order/json';
import { sumOf } from '../../order/money';
import type { Address, ImportedOrder, JsonValue, OrderedLine } from '../../order/order';
import { named } from '../common/customNames';
import { lineIds } from '../file/values';
import { textIn } from '../common/listing';
import { Payload } from '../common/payload';
import { NOT_SET_BY_CART } from '../common/notSetByCart';
import { besideOf, REFUNDS, type Beside } from './beside';
import { itemsOf, kindOf, leftOf, type Item } from './bundles';
import { decoded, metasIn } from './metas';
import { isOwnStatus, plainStatus, wordOfStatus } from './states';

export const LABEL = 'WooCommerce';

/** The API gives times of GMT without a zone. */
export const gmt = (text: string): string => (/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);

/** Throws MappingError. */
export function toOrder(raw: unknown): ImportedOrder {
	const order = Payload.of(decoded(raw), 'order', LABEL);
	const externalId = order.key('id');
	const billing = order.part('billing');
	const shipping = order.part('shipping');
	const lineItems = order.parts('line_items');
	const methods = order.parts('shipping_lines');
	const billingAddress = addressOf(billing, null);
	const status = plainStatus(order.text('status') ?? '');
	return {
		externalId,
		word: wordOfStatus(status, isOwnStatus(raw, status)),
		content: {
			orderNumber: order.text('number') ?? externalId,
			merchant: null,
			orderedAt: order.time('date_created_gmt', gmt),
			customer: { email: billing?.text('email') ?? null, phone: billing?.text('phone') ?? null },
			billingAddress,
			// Shops that ship to the billing address only leave the other one blank.
			shippingAddress: addressOf(shipping, billing) ?? billingAddress,
			lines: linesOf(order, externalId, isPickedUp(methods)),
			shippingMethod: once(methods.map((method) => method.text('method_title') ?? method.text('method_id'))),
			...NOT_SET_BY_CART,
			currency: order.text('currency')?.toUpperCase() ?? null,
			subtotal: sumOf(lineItems.map((line) => line.money('subtotal') ?? '0')),
			shippingAmount: order.money('shipping_total'),
			taxAmount: order.money('total_tax'),
			discountAmount: order.money('discount_total'),
			total: order.money('total'),
			discountCodes: order.parts('coupon_lines').flatMap((coupon) => coupon.text('code') ?? []),
			tags: [],
			notes: order.text('customer_note'),
			custom: customOf(order, methods, besideOf(order)),
		},
		raw: Payload.of(raw, 'order', LABEL).json(),
	};
}

/** Each once, in words; null = none. @example once(['Flat rate', 'Flat rate']) // "Flat rate" */
const once = (texts: ReadonlyArray<string | null>): string | null => [...new Set(texts.filter((text) => text !== null))].join(', ') || null;

/** Of WooCommerce itself, and of Local Pickup Plus. */
const PICK_UP = /^(?:legacy_)?(?:local_pickup|pickup_location)/;

/** Whether the customer fetches all of it. */
const isPickedUp = (methods: readonly Payload[]): boolean =>
	methods.length > 0 && methods.every((method) => PICK_UP.test(method.text('method_id') ?? ''));

function linesOf(order: Payload, externalId: string, pickedUp: boolean): OrderedLine[] {
	const nextId = lineIds(externalId);
	const beside = besideOf(order);
	const items = itemsOf(order, beside, refundedQuantities(order));
	// Before any is made: a part may come before its container.
	const ids = new Map(items.map((item) => [item, nextId(`key:${item.key}`)]));
	const lines = items.map((item) => lineOf(item, ids, beside, pickedUp));
	return [...lines, ...order.parts('fee_lines').map((fee) => feeOf(fee, nextId))];
}

function lineOf(item: Item, ids: ReadonlyMap<Item, string>, beside: Beside, pickedUp: boolean): OrderedLine {
	const { line, key, ordered, parent } = item;
	const sku = line.text('sku');
	const kind = kindOf(item, beside);
	const left = leftOf(item);
	const fetched = pickedUp && (kind === null || ships({ kind })) ? left : 0;
	const notOurs = [
		{ quantity: ordered - left, reason: 'refunded' },
		{ quantity: fetched, reason: 'local pick-up' },
	].filter(({ quantity }) => quantity > 0);
	return {
		id: ids.get(item) ?? '',
		externalId: key,
		sku,
		name: line.text('name') ?? sku ?? '',
		quantity: left - fetched,
		unitPrice: line.money('price'),
		weight: null,
		options: named(
			metasIn(line.value('meta_data')).flatMap((meta): Array<[string, string]> => {
				const name = textIn(meta, 'display_key') ?? textIn(meta, 'key');
				const value = meta.display_value ?? meta.value;
				// Plugins keep objects of their own here, and hidden values under names with an underscore.
				return name === null || name.startsWith('_') || typeof value !== 'string' ? [] : [[name, value]];
			}),
		),
		custom: {},
		...(kind === null ? {} : { kind }),
		...(parent === null ? {} : { partOf: ids.get(parent) ?? '' }),
		...(notOurs.length === 0 ? {} : { notOurs }),
	};
}

/** "Gift wrapping", "Shipping protection". */
function feeOf(fee: Payload, nextId: (key: string) => string): OrderedLine {
	const key = fee.key('id');
	return {
		id: nextId(`key:${key}`),
		externalId: key,
		sku: null,
		name: fee.text('name') ?? 'Fee',
		quantity: 1,
		unitPrice: fee.money('total'),
		weight: null,
		options: {},
		custom: {},
		kind: 'service',
	};
}

/** @param billing its telephone and e-mail serve a shipping address that has none */
function addressOf(address: Payload | null, billing: Payload | null): Address | null {
	if (address === null) return null;
	const name = [address.text('first_name'), address.text('last_name')].filter((part) => part !== null).join(' ') || null;
	const country = address.country('country');
	const result: Address = {
		name,
		company: address.text('company'),
		address1: address.text('address_1'),
		address2: address.text('address_2'),
		address3: null,
		city: address.text('city'),
		region: regionOf(address.text('state'), country),
		postalCode: address.text('postcode'),
		country,
		phone: address.text('phone'),
		email: address.text('email'),
	};
	if (
		Object.values(result).every((part) => part === null) ||
		(billing !== null && result.address1 === null && result.postalCode === null && result.city === null)
	)
		return null;
	return { ...result, phone: result.phone ?? billing?.text('phone') ?? null };
}

/** Of some countries the codes are the country's and a number. @example regionOf('JP13', 'JP') // "13" */
const regionOf = (state: string | null, country: string | null): string | null =>
	state !== null && country !== null && state.startsWith(country) && /^\d+$/.test(state.slice(country.length))
		? state.slice(country.length)
		: state;

/** Checkout fields that WooCommerce itself keeps under hidden names: "_wc_other/acme/delivery-instructions". */
const CHECKOUT_FIELD = /^_wc_(?:other|shipping|billing)\//;

const isPlain = (value: unknown): value is string | number | boolean =>
	typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** How it is paid and shipped, and meta of the order: visible ones with a plain value, checkout fields, and those that the settings name. */
function customOf(order: Payload, methods: readonly Payload[], { keepMeta }: Beside): Record<string, JsonValue> {
	const entries: Array<[string, JsonValue]> = [];
	const add = (meta: JsonObject, isKept: boolean): void => {
		const [name, value] = [textIn(meta, 'key'), jsonOf(meta.value)];
		const isMeant = isKept ? value !== null : isPlain(value);
		if (name !== null && isMeant && value !== '') entries.push([name, value]);
	};
	for (const meta of metasIn(order.value('meta_data'))) {
		const name = textIn(meta, 'key') ?? '';
		const isKept = keepMeta.includes(name) || CHECKOUT_FIELD.test(name);
		if (isKept || !name.startsWith('_')) add(meta, isKept);
	}
	for (const meta of methods.flatMap((method) => metasIn(method.value('meta_data')))) {
		const name = textIn(meta, 'key') ?? '';
		const isKept = keepMeta.includes(name);
		// Each method lists the goods that go by it, "Lamp × 1".
		if (isKept || !(name.startsWith('_') || (typeof meta.value === 'string' && meta.value.includes(' × ')))) add(meta, isKept);
	}
	const own = {
		paymentMethod: order.text('payment_method'),
		paymentMethodTitle: order.text('payment_method_title'),
		shippingMethodId: once(methods.map((method) => method.text('method_id'))),
	};
	// The shop's own fields win: what a customer typed must not pass for them.
	return { ...named(entries), ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)) };
}

function refundedQuantities(order: Payload): Map<string, number> {
	const sums = new Map<string, number>();
	for (const refund of order.parts(REFUNDS)) {
		for (const line of refund.parts('line_items')) {
			const of = metasIn(line.value('meta_data')).find(({ key }) => key === '_refunded_item_id');
			const quantity = Math.abs(line.number('quantity') ?? 0);
			if (!Number.isInteger(quantity)) line.fail('quantity', 'is not a whole number');
			const key = of === undefined ? null : textIn(of, 'value');
			if (key !== null) sums.set(key, (sums.get(key) ?? 0) + quantity);
		}
	}
	return sums;
}
