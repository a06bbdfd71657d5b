/**
 * Orders in our own shape, one JSON object a line (NDJSON), one array, or one object. Fields as in the documentation of the
 * order; only `orderNumber` (or `externalId`) and `lines[].quantity` with `sku` or `name` are required. Numbers are accepted for
 * amounts. Unknown fields are left out; `status: "canceled"` or `canceled: true` cancels.
 */
import { MappingError } from '../../order/errors';
import type { Address, ImportedOrder, JsonValue, OrderedLine } from '../../order/order';
import { payloadOf, type RawJsonOrder } from './raw';
import { countryOf, customName, dateOf, lineIds, moneyOf, quantityOf } from './values';

type JsonObject = { [key: string]: JsonValue };

const MAX_DEPTH = 8;

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Translates an order that did not come from a file. @param from for error texts: "item 3". Throws MappingError. */
export const orderFromJson = (order: unknown, from: string): ImportedOrder =>
	translated({ format: 'json', defaults: {}, order: order as JsonValue }, `${from}, `);

/** Translates one object. Throws MappingError whose path is that of the field: "orders.ndjson, row 3, lines[2].quantity". */
export const toJsonOrder = (raw: RawJsonOrder): ImportedOrder =>
	translated(raw, raw.origin ? `${raw.origin.file}, row ${raw.origin.rows[0] ?? 1}, ` : '');

function translated(raw: RawJsonOrder, origin: string): ImportedOrder {
	const fail = (path: string, value: JsonValue | undefined, problem: string, remedy: string): never => {
		throw new MappingError(`${origin}${path}`, value ?? null, problem, remedy);
	};
	if (raw.problem) {
		throw new MappingError(
			raw.problem.path,
			raw.problem.value,
			raw.problem.problem,
			'Correct the line, or export the file again.',
		);
	}
	if (!isObject(raw.order)) return fail('order', raw.order, 'is not a JSON object', 'Write each order as one JSON object.');
	const reader = (object: JsonObject, prefix: string) => {
		const at = (name: string): string => `${origin}${prefix}${name}`;
		const value = (name: string): JsonValue => (Object.hasOwn(object, name) ? object[name]! : null);
		const text = (name: string): string | null => {
			const found = value(name);
			if (found === null || found === '') return null;
			if (typeof found === 'number') return String(found);
			if (typeof found !== 'string') return fail(`${prefix}${name}`, found, 'is not text', 'Give a text.');
			return found.trim() || null;
		};
		return {
			text,
			value,
			money: (name: string) => moneyOf(text(name) ?? '', at(name)),
			date: (name: string) => dateOf(text(name) ?? '', at(name), raw.defaults),
			country: (name: string) => countryOf(text(name) ?? '', at(name)),
			quantity: (name: string) => quantityOf(text(name) ?? '', at(name)),
			flag: (name: string): boolean => {
				const found = value(name);
				if (found === null) return false;
				return typeof found === 'boolean' ? found : fail(`${prefix}${name}`, found, 'is neither true nor false', 'Give true or false.');
			},
			weight: (name: string): number | null => {
				const found = value(name);
				if (found === null) return null;
				return typeof found === 'number' && found >= 0 ? found : fail(`${prefix}${name}`, found, 'is not a weight in grams', 'Give a number from 0.');
			},
			object: (name: string): JsonObject | null => {
				const found = value(name);
				if (found === null) return null;
				return isObject(found) ? found : fail(`${prefix}${name}`, found, 'is not a JSON object', 'Give an object, or null.');
			},
			texts: (name: string): string[] => {
				const found = value(name) ?? [];
				if (!Array.isArray(found) || !found.every((item) => typeof item === 'string')) {
					return fail(`${prefix}${name}`, found, 'is not a list of texts', 'Give a list such as ["a", "b"].');
				}
				return [...new Set(found as string[])];
			},
		};
	};
	type Reader = ReturnType<typeof reader>;
	const custom = (from: Reader, prefix: string): Record<string, JsonValue> =>
		Object.fromEntries(
			Object.entries(from.object('custom') ?? {}).map(([name, value]) => {
				if (depthOf(value) > MAX_DEPTH) fail(`${prefix}custom.${name}`, null, 'is nested too deeply', `Use at the most ${MAX_DEPTH} levels.`);
				return [customName(name), value];
			}),
		);
	const address = (from: Reader, name: string): Address | null => {
		const object = from.object(name);
		if (object === null) return null;
		const part = reader(object, `${name}.`);
		return {
			name: part.text('name'), company: part.text('company'), address1: part.text('address1'), address2: part.text('address2'),
			address3: part.text('address3'), city: part.text('city'), region: part.text('region'), postalCode: part.text('postalCode'),
			country: part.country('country'), phone: part.text('phone'), email: part.text('email'),
		};
	};

	const order = reader(raw.order, '');
	const orderNumber = order.text('orderNumber') ?? order.text('externalId');
	if (orderNumber === null) return fail('orderNumber', null, 'the order number is missing', 'Give orderNumber.');
	const externalId = order.text('externalId') ?? orderNumber;
	const nextId = lineIds(externalId);
	const rawLines = order.value('lines') ?? [];
	if (!Array.isArray(rawLines) || rawLines.length === 0) return fail('lines', rawLines, 'the order has no line', 'Give a list with at least one line.');
	const lines = rawLines.map((item, index): OrderedLine => {
		const prefix = `lines[${index}].`;
		if (!isObject(item)) return fail(`lines[${index}]`, item, 'is not a JSON object', 'Write each line as one JSON object.');
		const line = reader(item, prefix);
		const [sku, name, key] = [line.text('sku'), line.text('name'), line.text('externalId')];
		if (sku === null && name === null) fail(`${prefix}sku`, null, 'the line has neither SKU nor name', 'Give sku.');
		const options = line.object('options') ?? {};
		for (const [option, value] of Object.entries(options)) {
			if (typeof value !== 'string') fail(`${prefix}options.${option}`, value, 'is not text', 'Give a text.');
		}
		return {
			id: nextId(key === null ? `${sku ?? ''}|${name ?? ''}` : `key:${key}`),
			externalId: key, sku, name: name ?? sku ?? '', quantity: line.quantity('quantity'), unitPrice: line.money('unitPrice'),
			weight: line.weight('weight'),
			options: Object.fromEntries(Object.entries(options as Record<string, string>).map(([option, value]) => [customName(option), value])),
			custom: custom(line, prefix),
		};
	});
	const customer = reader(order.object('customer') ?? {}, 'customer.');
	return {
		externalId,
		canceled: order.flag('canceled') || /^cancell?ed$/i.test(order.text('status') ?? ''),
		content: {
			orderNumber,
			merchant: order.text('merchant'),
			orderedAt: order.date('orderedAt'),
			customer: { email: customer.text('email'), phone: customer.text('phone') },
			billingAddress: address(order, 'billingAddress'),
			shippingAddress: address(order, 'shippingAddress'),
			lines,
			shippingMethod: order.text('shippingMethod'),
			carrier: order.text('carrier'),
			serviceLevel: order.text('serviceLevel'),
			warehouse: order.text('warehouse'),
			requestedShipDate: order.date('requestedShipDate'),
			signatureRequired: order.flag('signatureRequired'),
			insuredAmount: order.money('insuredAmount'),
			thirdPartyAccount: order.text('thirdPartyAccount'),
			giftMessage: order.text('giftMessage'),
			shippingNotes: order.text('shippingNotes'),
			currency: (order.text('currency') ?? raw.defaults.currency ?? '').toUpperCase() || null,
			subtotal: order.money('subtotal'),
			shippingAmount: order.money('shippingAmount'),
			taxAmount: order.money('taxAmount'),
			discountAmount: order.money('discountAmount'),
			total: order.money('total'),
			discountCodes: order.texts('discountCodes'),
			tags: order.texts('tags'),
			notes: order.text('notes'),
			custom: custom(order, ''),
		},
		raw: payloadOf(raw),
	};
}

function depthOf(value: JsonValue, level = 0): number {
	if (typeof value !== 'object' || value === null || level > MAX_DEPTH) return level;
	return Math.max(level, ...Object.values(value).map((child) => depthOf(child, level + 1)));
}
