/**
 * Orders in our own shape, one JSON object a line (NDJSON), one array, or one object. Fields as in the documentation of the
 * order; only `orderNumber` (or `externalId`) and `lines[].quantity` with `sku` or `name` are required. Numbers are accepted for
 * amounts. Unknown fields are left out; `status: "canceled"` or `canceled: true` cancels.
 */
import { canceled, READY, waiting } from '../../order/cartWord';
import { MappingError } from '../../order/errors';
import { isObject, jsonOf } from '../../order/json';
import type { Address, ImportedOrder, OrderContent, OrderedLine } from '../../order/order';
import { named } from '../common/customNames';
import type { Doubt, FileOrder } from './fileOrder';
import { JsonReader } from './jsonReader';
import { depthProblem } from './limits';
import { CANCELED_STATUSES, PARTLY_REFUNDED, plainStatus } from './presets';
import { payloadOf, type RawJsonOrder } from './raw';
import type { OrderDefaults } from './settings';
import { isSomething, refundedWithout } from './tableLines';
import { lineIds } from './values';

/** Translates an order that did not come from a file. @param from for error texts: "item 3". Throws MappingError. */
export function orderFromJson(order: unknown, from: string): ImportedOrder {
	const { order: translatedOrder, doubt } = translated({ format: 'json', defaults: {}, order: jsonOf(order) }, `${from}, `);
	if (doubt !== null) throw doubt.error;
	return translatedOrder;
}

/** Translates one object. Throws MappingError whose path is that of the field: "orders.ndjson, row 3, lines[2].quantity". */
export const toJsonOrder = (raw: RawJsonOrder): FileOrder =>
	translated(raw, raw.origin ? `${raw.origin.file}, row ${raw.origin.rows[0] ?? 1}, ` : '');

function translated(raw: RawJsonOrder, origin: string): FileOrder {
	if (raw.problem) {
		throw new MappingError(raw.problem.path, raw.problem.value, raw.problem.problem, 'Correct the line, or export the file again.');
	}
	const order = wholeOrder(raw, origin);
	const orderNumber =
		order.code('orderNumber') ??
		order.code('externalId') ??
		order.fail('orderNumber', null, 'the order number is missing', 'Give orderNumber.');
	const externalId = order.code('externalId') ?? orderNumber;
	const { lines, shipped } = linesOf(order, externalId);
	const status = plainStatus(order.text('status') ?? '');
	const isCanceled = order.flag('canceled') || CANCELED_STATUSES.includes(status);
	const doubt = isCanceled ? null : refundIn(order, { lines, shipped, status });
	const word = isCanceled ? canceled(order.text('status')) : doubt === null ? READY : waiting(doubt.reason);
	const content = contentOf(order, { orderNumber, lines, defaults: raw.defaults });
	return { order: { externalId, word, ...(Object.keys(shipped).length > 0 ? { shipped } : {}), content, raw: payloadOf(raw) }, doubt };
}

/** What was paid back while goods are to be shipped, if no line says how many of it; null = nothing. */
function refundIn(
	order: JsonReader,
	{ lines, shipped, status }: { lines: readonly OrderedLine[]; shipped: Readonly<Record<string, number>>; status: string },
): Doubt | null {
	const isOpen = lines.some(({ id, quantity }) => quantity > (shipped[id] ?? 0));
	const isSaid = lines.some(({ notOurs }) => notOurs !== undefined);
	const amount = order.money('refundedAmount') ?? '';
	if (!isOpen || isSaid || !(isSomething(amount) || PARTLY_REFUNDED.includes(status))) return null;
	return refundedWithout(order.at('refundedAmount'), isSomething(amount) ? amount : '', 'of the order');
}

function wholeOrder({ order, defaults }: RawJsonOrder, origin: string): JsonReader {
	const tooDeep = depthProblem(order);
	if (tooDeep !== null) throw new MappingError(`${origin}order`, null, tooDeep, 'Write each order as one flat JSON object.');
	if (!isObject(order))
		throw new MappingError(`${origin}order`, order ?? null, 'is not a JSON object', 'Write each order as one JSON object.');
	return new JsonReader(order, origin, defaults);
}

function contentOf(
	order: JsonReader,
	{ orderNumber, lines, defaults }: { orderNumber: string; lines: OrderedLine[]; defaults: OrderDefaults },
): OrderContent {
	const customer = order.within(order.objectAt('customer') ?? {}, 'customer');
	return {
		orderNumber,
		merchant: order.text('merchant'),
		orderedAt: order.date('orderedAt'),
		customer: { email: customer.text('email'), phone: customer.text('phone') },
		billingAddress: addressOf(order, 'billingAddress'),
		shippingAddress: addressOf(order, 'shippingAddress'),
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
		currency: (order.text('currency') ?? defaults.currency ?? '').toUpperCase() || null,
		subtotal: order.money('subtotal'),
		shippingAmount: order.money('shippingAmount'),
		taxAmount: order.money('taxAmount'),
		discountAmount: order.money('discountAmount'),
		total: order.money('total'),
		discountCodes: order.texts('discountCodes'),
		tags: order.texts('tags'),
		notes: order.text('notes'),
		custom: order.custom(),
	};
}

function linesOf(order: JsonReader, externalId: string): { lines: OrderedLine[]; shipped: Record<string, number> } {
	const shipped: Record<string, number> = {};
	const nextId = lineIds(externalId);
	const lines = order.value('lines') ?? [];
	if (!Array.isArray(lines) || lines.length === 0)
		return order.fail('lines', lines, 'the order has no line', 'Give a list with at least one line.');
	const all = lines.map((item, index) => {
		const path = `lines[${index}]`;
		if (!isObject(item)) return order.fail(path, item, 'is not a JSON object', 'Write each line as one JSON object.');
		const reader = order.within(item, path);
		const line = lineOf(reader, nextId);
		const done = Math.min(line.quantity, reader.pieces('quantityShipped'));
		if (done > 0) shipped[line.id] = done;
		return line;
	});
	return { lines: all, shipped };
}

function lineOf(line: JsonReader, nextId: (key: string) => string): OrderedLine {
	const [sku, name, key] = [line.code('sku'), line.text('name'), line.code('externalId')];
	const ordered = line.quantity('quantity');
	const refunded = Math.min(ordered, line.pieces('quantityRefunded'));
	if (sku === null && name === null) line.fail('sku', null, 'the line has neither SKU nor name', 'Give sku.');
	const options = Object.entries(line.objectAt('options') ?? {}).map(([option, value]): [string, string] => [
		option,
		typeof value === 'string' ? value : line.fail(`options.${option}`, value, 'is not text', 'Give a text.'),
	]);
	return {
		id: nextId(key === null ? `${sku ?? ''}|${name ?? ''}` : `key:${key}`),
		externalId: key,
		sku,
		name: name ?? sku ?? '',
		quantity: ordered - refunded,
		unitPrice: line.money('unitPrice'),
		weight: line.weight('weight'),
		options: named(options),
		custom: line.custom(),
		...(refunded > 0 ? { notOurs: [{ quantity: refunded, reason: 'refunded' }] } : {}),
	};
}

function addressOf(order: JsonReader, name: string): Address | null {
	const object = order.objectAt(name);
	if (object === null) return null;
	const part = order.within(object, name);
	return {
		name: part.text('name'),
		company: part.text('company'),
		address1: part.text('address1'),
		address2: part.text('address2'),
		address3: part.text('address3'),
		city: part.text('city'),
		region: part.text('region'),
		postalCode: part.text('postalCode'),
		country: part.country('country'),
		phone: part.text('phone'),
		email: part.text('email'),
	};
}
