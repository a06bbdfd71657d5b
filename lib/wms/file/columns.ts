/** Which column of a report holds what: by its own name, else by the words that warehouses and carriers usually have for it. */
import { isShortened, unwrapped } from '../../files/spreadsheet';
import { inColumn, type CsvFile, type CsvRow } from '../../files/csv';
import { MappingError } from '../../order/errors';

/** The usual words of each column, the surest first, as `plain` leaves them. */
const USUAL = {
	reference: [
		'our reference',
		'order reference',
		'customer reference',
		'client reference',
		'reference number',
		'order number',
		'order no',
		'order name',
		'customer order number',
		'order id',
	],
	wms_order_id: ['wms order number', 'warehouse order id', 'warehouse order number', 'warehouse reference'],
	status: ['order status'],
	message: ['error', 'error message', 'comment'],
	shipment_id: [
		'shipment number',
		'shipment no',
		'shipment',
		'package id',
		'package number',
		'parcel id',
		'parcel number',
		'carton id',
		'carton number',
		'delivery number',
		'packing slip number',
	],
	carrier: ['carrier name', 'shipping carrier', 'ship carrier', 'courier', 'ship via', 'shipped via'],
	service_level: ['service', 'carrier service', 'shipping service', 'service type', 'ship method', 'shipping method'],
	tracking_number: [
		'tracking numbers',
		'tracking no',
		'tracking id',
		'tracking code',
		'tracking',
		'shipment tracking number',
		'waybill',
		'waybill number',
		'awb number',
		'consignment number',
	],
	tracking_url: ['tracking link', 'tracking page'],
	shipped_at: [
		'ship date',
		'shipped date',
		'shipped on',
		'date shipped',
		'shipping date',
		'shipment date',
		'dispatch date',
		'dispatched at',
	],
	line_id: ['order line id', 'line item id'],
	sku: ['item sku', 'product sku', 'item number', 'item no', 'item code', 'product code', 'article number', 'part number', 'item'],
	quantity: [
		'quantity shipped',
		'shipped quantity',
		'qty shipped',
		'shipped qty',
		'quantity canceled',
		'canceled quantity',
		'qty canceled',
		'units shipped',
		'qty',
		'units',
	],
	cancellation_id: ['cancellation number', 'cancelation id'],
	reason: ['cancellation reason', 'cancel reason'],
} as const;

type ReportColumn = keyof typeof USUAL;

/** Keys and numbers: of these neither a spreadsheet's spelling nor an apostrophe in front is their own. */
const CODES: ReadonlySet<string> = new Set<ReportColumn>([
	'reference',
	'wms_order_id',
	'shipment_id',
	'tracking_number',
	'line_id',
	'sku',
	'quantity',
	'cancellation_id',
]);

/** @example plain('Tracking #') // "tracking number" */
const plain = (header: string): string =>
	header
		.replace(/([a-z])([A-Z])/g, '$1 $2')
		.toLowerCase()
		.replace(/#/g, ' number ')
		.replace(/cancelled/g, 'canceled')
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();

export interface ReportTable {
	has(column: string): boolean;
	/** The same row, by our names of columns. */
	row(row: CsvRow): CsvRow;
	/** Columns that were found by other words than ours: theirs → ours; {} = none. */
	found: Record<string, string>;
}

export function reportTable({ header, has }: Pick<CsvFile, 'header' | 'has'>): ReportTable {
	const theirs = new Map<string, string>();
	const taken = new Set<string>();
	for (const [ours, words] of Object.entries(USUAL)) {
		const exact = has(ours) ? ours : undefined;
		const candidates = [ours.replaceAll('_', ' '), ...words];
		const column = exact ?? candidates.flatMap((word) => header.filter((name) => plain(name) === word && !taken.has(name)))[0];
		if (column === undefined) continue;
		theirs.set(ours, column);
		taken.add(column);
	}
	const ours = new Map([...theirs].map(([name, column]) => [column, name]));
	const of = (column: string): string => theirs.get(column) ?? column;
	return {
		has: (column) => theirs.has(column),
		row: (row) => ({
			...row,
			leftOut: row.leftOut.map((name) => ours.get(name) ?? name),
			cell: (column) => unwrapped(row.cell(of(column)), CODES.has(column)),
		}),
		found: Object.fromEntries([...theirs].filter(([ours, name]) => ours !== name).map(([ours, name]) => [name, ours])),
	};
}

/** Cells without which nobody can tell a row that was cut off from one whose last cells are empty. */
const NEVER_LEFT_OUT: readonly ReportColumn[] = ['reference', 'status', 'shipment_id', 'tracking_number', 'sku', 'quantity'];

/** What is wrong with the form of the row; null = nothing. Cells that a spreadsheet leaves out are empty ones at the end. */
export const formProblem = ({ problem, leftOut }: CsvRow): string | null =>
	problem ??
	(NEVER_LEFT_OUT.some((column) => leftOut.includes(column))
		? `the end of the row is missing: it has no cell for ${leftOut.join(', ')}`
		: null);

/** Throws MappingError when a spreadsheet has shortened a key or a number of the row: whose it is, nobody knows. */
export function assertWholeNumbers(row: CsvRow): void {
	for (const column of CODES) {
		const text = row.cell(column);
		if (!isShortened(text)) continue;
		throw new MappingError(
			inColumn(row, column),
			text,
			'was shortened by a spreadsheet: the digits behind are lost',
			'Have the file exported again and sent without opening and saving it in a spreadsheet, or format the column as text.',
		);
	}
}
