/** The rows of one order as an order. Pure. */
import { MappingError } from '../../order/errors';
import type { Address, ImportedOrder, JsonValue, OrderContent, OrderedLine } from '../../order/order';
import { plainStatus, presetOf, type Preset } from './presets';
import { payloadOf, type RawTableOrder } from './raw';
import { booleanOf, countryOf, customName, dateOf, lineIds, listOf, moneyOf, quantityOf, weightOf, withoutTextMark } from './values';

type Row = Readonly<Record<string, string>>;

/** What an error text needs to name a cell: "orders.csv, row 17, column Lineitem quantity". */
const placeOf = (raw: RawTableOrder, rowIndex: number, columns: readonly string[]): string => {
	const row = raw.origin ? `${raw.origin.file}, row ${raw.origin.rows[rowIndex] ?? raw.origin.rows[0] ?? 0}` : `row ${rowIndex + 1} of the order`;
	return `${row}, column ${columns.join(' + ')}`;
};

const cellOf = (row: Row, columns: readonly string[]): string =>
	columns.map((column) => (Object.hasOwn(row, column) ? row[column]! : '').trim()).filter((cell) => cell !== '').join(' ');

/** Translates the rows. Throws MappingError that names the file, the row and the column. */
export function toTableOrder(raw: RawTableOrder): ImportedOrder {
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
	const { columns } = preset;
	/** The order's field: from the first row that has it. */
	const field = (path: string): string => {
		const names = columns.get(path);
		if (!names) return '';
		for (const row of rows) {
			const cell = cellOf(row, names);
			if (cell !== '') return cell;
		}
		return '';
	};
	const place = (path: string): string => {
		const names = columns.get(path) ?? [path];
		const at = rows.findIndex((row) => cellOf(row, names) !== '');
		return placeOf(raw, Math.max(at, 0), names);
	};
	const read = <T>(path: string, translate: (text: string, at: string) => T): T => translate(field(path), place(path));
	const text = (path: string): string | null => field(path) || null;

	const orderNumber = field('orderNumber') || field('externalId');
	const externalId = keyOf(raw, preset, field, place) || orderNumber;
	if (orderNumber === '') {
		throw new MappingError(place('orderNumber'), '', 'the order number is missing', 'Fill the column, or map another one.');
	}
	const status = plainStatus(field('status'));
	const content: OrderContent = {
		orderNumber,
		merchant: text('merchant'),
		orderedAt: read('orderedAt', (value, at) => dateOf(value, at, defaults)),
		customer: { email: text('customer.email'), phone: withoutTextMark(field('customer.phone')) || null },
		shippingAddress: addressOf('shippingAddress', field, place),
		billingAddress: addressOf('billingAddress', field, place),
		lines: linesOf(raw, preset, externalId),
		shippingMethod: text('shippingMethod'),
		carrier: text('carrier'),
		serviceLevel: text('serviceLevel'),
		warehouse: text('warehouse'),
		requestedShipDate: read('requestedShipDate', (value, at) => dateOf(value, at, defaults)),
		signatureRequired: read('signatureRequired', booleanOf),
		insuredAmount: read('insuredAmount', moneyOf),
		thirdPartyAccount: text('thirdPartyAccount'),
		giftMessage: text('giftMessage'),
		shippingNotes: text('shippingNotes'),
		currency: (field('currency') || defaults.currency || '').toUpperCase() || null,
		subtotal: read('subtotal', moneyOf),
		shippingAmount: read('shippingAmount', moneyOf),
		taxAmount: read('taxAmount', moneyOf),
		discountAmount: read('discountAmount', moneyOf),
		total: read('total', moneyOf),
		discountCodes: listOf(field('discountCodes')),
		tags: listOf(field('tags')),
		notes: text('notes'),
		custom: customOf(rows, preset, field),
	};
	const canceled = preset.canceledStatuses.includes(status) || (rows[0] !== undefined && preset.canceled(rows[0]));
	return { externalId, canceled, content, raw: payloadOf(raw) };
}

function keyOf(raw: RawTableOrder, preset: Preset, field: (path: string) => string, place: (path: string) => string): string {
	const names = preset.columns.get('externalId') ?? [];
	const keys = new Set(raw.rows.map((row) => cellOf(row, names)).filter((key) => key !== ''));
	if (keys.size > 1) {
		throw new MappingError(
			place('externalId'),
			[...keys].join(', '),
			'two orders share one order number',
			'Export the two shops into two files, each with a store of its own.',
		);
	}
	const key = field('externalId');
	if (/^\d+([.,]\d+)?E\+?\d+$/i.test(key)) {
		throw new MappingError(
			place('externalId'),
			key,
			'a spreadsheet has shortened the key of the order',
			'Export the file again and leave it as it is; do not open and save it with a spreadsheet.',
		);
	}
	return key;
}

function addressOf(group: string, field: (path: string) => string, place: (path: string) => string): Address | null {
	const part = (name: string): string => field(`${group}.${name}`);
	const address: Address = {
		name: part('name') || null,
		company: part('company') || null,
		address1: part('address1') || null,
		address2: part('address2') || null,
		address3: part('address3') || null,
		city: part('city') || null,
		region: part('region') || null,
		postalCode: withoutTextMark(part('postalCode')) || null,
		country: countryOf(part('country'), place(`${group}.country`)),
		phone: withoutTextMark(part('phone')) || null,
		email: part('email') || null,
	};
	return Object.values(address).some((value) => value !== null) ? address : null;
}

const NUMBERED = '{n}';

/** The numbers that `{n}` takes in a row with several lines. */
function numbersIn(row: Row, templates: readonly string[]): string[] {
	const numbers = new Set<string>();
	for (const template of templates) {
		const [before = '', after = ''] = template.split(NUMBERED, 2);
		for (const column of Object.keys(row)) {
			const middle = column.slice(before.length, column.length - after.length);
			if (column.startsWith(before) && column.endsWith(after) && /^\d{1,4}$/.test(middle)) numbers.add(middle);
		}
	}
	return [...numbers].sort((a, b) => Number(a) - Number(b));
}

function linesOf(raw: RawTableOrder, preset: Preset, externalId: string): OrderedLine[] {
	const lineColumns = [...preset.columns].filter(([path]) => path.startsWith('lines.'));
	const templates = lineColumns.flatMap(([, names]) => names.filter((name) => name.includes(NUMBERED)));
	const nextId = lineIds(externalId);
	const lines: OrderedLine[] = [];
	let seen = 0;
	raw.rows.forEach((row, rowIndex) => {
		for (const number of ['', ...numbersIn(row, templates)]) {
			const columns = new Map(
				lineColumns.map(([path, names]) => [
					path.slice('lines.'.length),
					names.filter((name) => name.includes(NUMBERED) === (number !== '')).map((name) => name.replaceAll(NUMBERED, number)),
				]),
			);
			const line = lineOf(raw, row, rowIndex, columns, nextId);
			if (line === null) continue;
			seen += 1;
			if (preset.leftOut(row) === null) lines.push(line);
		}
	});
	if (seen === 0) {
		const columns = preset.columns.get('lines.sku') ?? preset.columns.get('lines.quantity') ?? [];
		throw new MappingError(
			placeOf(raw, 0, columns),
			'',
			'the order has no line',
			'Map the columns of the lines, or correct the file.',
		);
	}
	return lines;
}

function lineOf(
	raw: RawTableOrder,
	row: Row,
	rowIndex: number,
	columns: ReadonlyMap<string, readonly string[]>,
	nextId: (key: string) => string,
): OrderedLine | null {
	const cell = (name: string): string => cellOf(row, columns.get(name) ?? []);
	const at = (name: string): string => placeOf(raw, rowIndex, columns.get(name) ?? [`lines.${name}`]);
	const [sku, name, key] = [cell('sku'), cell('name'), cell('externalId')];
	if (sku === '' && name === '' && key === '' && cell('quantity') === '') return null;
	const quantity = quantityOf(cell('quantity'), at('quantity'));
	if (sku === '' && name === '') {
		throw new MappingError(at('sku'), '', 'the line has neither SKU nor name', 'Fill the SKU, or map another column.');
	}
	const free = (prefix: string): Array<[string, string]> =>
		[...columns.keys()]
			.filter((path) => path.startsWith(prefix))
			.map((path): [string, string] => [path.slice(prefix.length), cell(path)])
			.filter(([, value]) => value !== '');
	return {
		id: nextId(key !== '' ? `key:${key}` : `${sku}|${name}`),
		externalId: key || null,
		sku: sku || null,
		name: name || sku,
		quantity,
		unitPrice: moneyOf(cell('unitPrice'), at('unitPrice')),
		weight: weightOf(cell('weight'), at('weight')),
		options: Object.fromEntries(free('options.')),
		custom: Object.fromEntries(free('custom.')),
	};
}

function customOf(rows: readonly Row[], preset: Preset, field: (path: string) => string): Record<string, JsonValue> {
	const mapped = [...preset.columns.keys()]
		.filter((path) => path.startsWith('custom.'))
		.map((path): [string, string] => [path.slice('custom.'.length), field(path)]);
	const extra = Object.entries(preset.custom(rows)).map(([name, value]): [string, string] => [customName(name), value]);
	// The mapping wins: an attribute that a customer typed must not pass for the shop's own field.
	return Object.fromEntries([...extra, ...mapped].filter(([, value]) => value !== ''));
}
