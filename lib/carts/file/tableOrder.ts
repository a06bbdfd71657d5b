/** The rows of one order as an order. Pure. */
import { canceled, READY, waiting, type CartWord } from '../../order/cartWord';
import { MappingError } from '../../order/errors';
import type { Address, JsonValue, OrderContent } from '../../order/order';
import { named } from '../common/customNames';
import { Cells, type Row } from './cells';
import type { Doubt, FileOrder } from './fileOrder';
import { keyOf } from './oneOrder';
import { PARTLY_REFUNDED, plainStatus, presetOf, type Preset } from './presets';
import { payloadOf, type RawTableOrder } from './raw';
import { separatorIn } from './settings';
import { isSomething, refundedWithout, tableLines, type TableLines } from './tableLines';
import { booleanOf, countryOf, dateOf, listOf, moneyOf } from './values';

/** Translates the rows. Throws MappingError that names the file, the row and the column. */
export function toTableOrder(raw: RawTableOrder): FileOrder {
	const now = translated(raw, null);
	const before = raw.problem ? '' : formerKeyIn(raw);
	if (before === '' || before === now.order.externalId) return now;
	return { ...now, order: { ...now.order, asBefore: translated(raw, before).order } };
}

/** The key as versions took it that left what a spreadsheet puts around a text (`="1001"`): what they imported must not come as another order. */
function formerKeyIn(raw: RawTableOrder): string {
	const { columns } = presetOf(raw);
	const own = (path: string): string => {
		const keys = raw.rows.map((row) =>
			(columns.get(path) ?? [])
				.map((column) => (Object.hasOwn(row, column) ? (row[column] ?? '') : '').trim())
				.filter((cell) => cell !== '')
				.join(' '),
		);
		return keys.find((key) => key !== '') ?? '';
	};
	return own('externalId') || own('orderNumber');
}

/** @param key the order's; null = as the file has it */
function translated(raw: RawTableOrder, key: string | null): FileOrder {
	const { rows, defaults } = raw;
	if (raw.problem) {
		throw new MappingError(
			raw.problem.path,
			raw.problem.value,
			raw.problem.problem,
			'Correct the row, or export the file again. The order was not imported in part.',
		);
	}
	const preset = presetOf(raw);
	const cells = new Cells(raw, preset);
	const field = (path: string): string => cells.field(path);
	const place = (path: string): string => cells.place(path);
	const read = <T>(path: string, translate: (text: string, at: string) => T): T => translate(field(path), place(path));
	const text = (path: string): string | null => field(path) || null;
	const currency = (field('currency') || defaults.currency || '').toUpperCase();
	const amount = (path: string): string | null => moneyOf(field(path), place(path), separatorIn(defaults), currency);

	const orderNumber = field('orderNumber') || field('externalId');
	const externalId = key ?? (keyOf(cells) || orderNumber);
	if (orderNumber === '') {
		throw new MappingError(
			place('orderNumber'),
			'',
			'the order number is missing',
			'Fill the column, or map another one. If it is a row of totals, dismiss this.',
		);
	}
	const found = tableLines(cells, externalId, currency);
	const content: OrderContent = {
		orderNumber,
		merchant: text('merchant'),
		orderedAt: read('orderedAt', (value, at) => dateOf(value, at, defaults)),
		customer: { email: text('customer.email'), phone: text('customer.phone') },
		shippingAddress: addressOf('shippingAddress', field),
		billingAddress: addressOf('billingAddress', field),
		lines: found.lines,
		shippingMethod: text('shippingMethod'),
		carrier: text('carrier'),
		serviceLevel: text('serviceLevel'),
		warehouse: text('warehouse'),
		requestedShipDate: read('requestedShipDate', (value, at) => dateOf(value, at, defaults)),
		signatureRequired: read('signatureRequired', booleanOf),
		insuredAmount: amount('insuredAmount'),
		thirdPartyAccount: text('thirdPartyAccount'),
		giftMessage: text('giftMessage'),
		shippingNotes: text('shippingNotes'),
		currency: currency || null,
		subtotal: amount('subtotal'),
		shippingAmount: amount('shippingAmount'),
		taxAmount: amount('taxAmount'),
		discountAmount: amount('discountAmount'),
		total: amount('total'),
		discountCodes: listOf(field('discountCodes')),
		tags: listOf(field('tags')),
		notes: text('notes'),
		custom: customOf(rows, preset, field),
	};
	const word = wordIn(cells);
	const refund = word.readiness === 'canceled' ? null : refundIn(cells, found, currency);
	return {
		order: {
			externalId,
			word: refund === null ? word : waiting(refund.reason),
			...(Object.keys(found.shipped).length > 0 || found.partly.length > 0 ? { shipped: found.shipped } : {}),
			...(found.partly.length > 0 ? { partlyShipped: found.partlyShipped } : {}),
			content,
			raw: payloadOf(raw),
		},
		doubt: word.readiness === 'canceled' ? null : (refund ?? found.partly[0] ?? null),
	};
}

function wordIn(cells: Cells): CartWord {
	const {
		preset,
		raw: {
			rows: [first = {}],
		},
	} = cells;
	const status = cells.field('status');
	if (preset.canceledStatuses.includes(plainStatus(status)) || preset.canceled(first)) return canceled(status || null);
	const waits = preset.waits(first);
	return waits === null ? READY : waiting(waits);
}

/** What was paid back while goods are to be shipped, if nothing says for which of them; null = nothing. */
function refundIn(cells: Cells, { lines, shipped, refunded, refunds }: TableLines, currency: string): Doubt | null {
	const isOpen = lines.some(({ id, kind, quantity }) => kind === undefined && quantity > (shipped[id] ?? 0));
	if (!isOpen) return null;
	const [ofLine] = refunds;
	if (ofLine !== undefined) return ofLine;
	const amount = cells.preset.refundedAmount(cells.raw.rows);
	const isRefunded = isSomething(amount) || PARTLY_REFUNDED.includes(plainStatus(cells.field('status')));
	if (!isRefunded || refunded > 0) return null;
	return refundedWithout(cells.place('orderNumber'), isSomething(amount) ? `${amount} ${currency}`.trim() : '', 'of the order');
}

function addressOf(group: string, field: (path: string) => string): Address | null {
	const part = (name: string): string => field(`${group}.${name}`);
	const address: Address = {
		name: part('name') || null,
		company: part('company') || null,
		address1: part('address1') || null,
		address2: part('address2') || null,
		address3: part('address3') || null,
		city: part('city') || null,
		region: part('region') || null,
		postalCode: part('postalCode') || null,
		country: countryOf(part('country')),
		phone: part('phone') || null,
		email: part('email') || null,
	};
	return Object.values(address).some((value) => value !== null) ? address : null;
}

function customOf(rows: readonly Row[], preset: Preset, field: (path: string) => string): Record<string, JsonValue> {
	const mapped = [...preset.columns.keys()]
		.filter((path) => path.startsWith('custom.'))
		.map((path): [string, string] => [path.slice('custom.'.length), field(path)]);
	// The mapping wins: an attribute that a customer typed must not pass for the shop's own field.
	return {
		...named(preset.custom(rows).filter(([, value]) => value !== '')),
		...Object.fromEntries(mapped.filter(([, value]) => value !== '')),
	};
}
