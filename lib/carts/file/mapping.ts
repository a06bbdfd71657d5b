/**
 * Which column of a table holds which field of an order. Rows with the same order number (or key) are lines of one order.
 *
 * Fields: every path of an order (`orderNumber`, `externalId`, `orderedAt`, `shippingAddress.name`, `customer.email`, `tags`,
 * `custom.<name>` …), the line fields `lines.externalId`, `lines.sku`, `lines.name`, `lines.quantity`, `lines.unitPrice`,
 * `lines.weight` (grams), `lines.quantityRefunded`, `lines.quantityShipped`, `lines.refundedAmount`, `lines.options.<name>`, `lines.custom.<name>`, and `status` (the shop's own). `{n}` in a column
 * of a line field stands for 1, 2, 3 …: exports with one row an order.
 * @example { orderNumber: 'Order', 'shippingAddress.name': ['First name', 'Last name'], 'lines.sku': 'Item {n} SKU', … }
 */
import { FulfillmentError, shown } from '../../order/errors';
import { isCustomName, SETTABLE_PATHS } from '../../order/layers';

/** Several columns are joined by a blank; blank cells are left out. */
export type ColumnMapping = Record<string, string | string[]>;

/** The same with every value a list, and only fields that exist. */
export type Columns = ReadonlyMap<string, readonly string[]>;

const LINE_FIELDS = [
	'externalId',
	'sku',
	'name',
	'quantity',
	'quantityRefunded',
	'quantityShipped',
	'refundedAmount',
	'unitPrice',
	'weight',
].map((field) => `lines.${field}`);

const ORDER_FIELDS: readonly string[] = [
	'externalId',
	'orderNumber',
	'orderedAt',
	'status',
	'currency',
	'subtotal',
	'shippingAmount',
	'taxAmount',
	'discountAmount',
	'total',
	'refundedAmount',
	'discountCodes',
	'tags',
	...SETTABLE_PATHS,
];

const FREE_FIELD = /^(?:custom|lines\.custom|lines\.options)\.(.*)$/;

const isField = (path: string): boolean =>
	ORDER_FIELDS.includes(path) || LINE_FIELDS.includes(path) || isCustomName(FREE_FIELD.exec(path)?.[1] ?? '');

/** Checks a mapping. Throws FulfillmentError `invalid_input` for a field that does not exist and when no key is mapped. */
export function columnsOf(mapping: ColumnMapping): Columns {
	const columns = new Map<string, readonly string[]>();
	for (const [path, value] of Object.entries(mapping)) {
		const names = (Array.isArray(value) ? value : [value]).map((name) => name.trim()).filter((name) => name !== '');
		if (names.length === 0) continue;
		if (!isField(path)) {
			throw new FulfillmentError(
				'invalid_input',
				`The column mapping names the field ${shown(path)}, which does not exist.`,
				'Use a field such as orderNumber, shippingAddress.name, lines.sku or custom.myField.',
			);
		}
		columns.set(path, names);
	}
	if (!columns.has('orderNumber') && !columns.has('externalId')) {
		throw new FulfillmentError(
			'invalid_input',
			'The column mapping does not say which column holds the order number.',
			'Map orderNumber to a column.',
		);
	}
	return columns;
}

/** A file whose columns are named like our fields needs no mapping. */
export const identityMapping = (header: readonly string[]): ColumnMapping =>
	Object.fromEntries(header.filter(isField).map((name) => [name, name]));

/** The columns by which rows are put together to orders: the order number, or the key when the file has no number. */
export function keyColumns(columns: Columns, has: (column: string) => boolean): readonly string[] {
	const [numbers, keys] = [columns.get('orderNumber') ?? [], columns.get('externalId') ?? []];
	return [numbers, keys].find((names) => names.some(has)) ?? numbers;
}
