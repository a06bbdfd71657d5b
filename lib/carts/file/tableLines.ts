/** The lines of an order of a table: what was ordered, what of it is not ours any more, and what the file leaves open. */
import { isShortened } from '../../files/spreadsheet';
import { MappingError } from '../../order/errors';
import type { OrderedLine } from '../../order/order';
import { cellOf, placeOf, type Cells, type Row } from './cells';
import { doubtAbout, type Doubt } from './fileOrder';
import { separatorIn } from './settings';
import { lineIds, moneyOf, piecesOf, quantityOf, weightOf } from './values';

const NUMBERED = '{n}';

export interface TableLines {
	lines: OrderedLine[];
	/** Of each line that the shop has shipped. */
	shipped: Record<string, number>;
	/** Lines of which the file does not say how many are shipped, and why not. */
	partlyShipped: Record<string, string>;
	/** Places, of the same. */
	partly: Doubt[];
	/** Pieces that were refunded. */
	refunded: number;
	/** Money that was paid back for a line, without saying for how many. */
	refunds: Doubt[];
}

/** Throws MappingError. */
export function tableLines({ raw, preset }: Cells, externalId: string, currency: string): TableLines {
	const lineColumns = [...preset.columns].filter(([path]) => path.startsWith('lines.'));
	const templates = lineColumns.flatMap(([, names]) => names.filter((name) => name.includes(NUMBERED)));
	const nextId = lineIds(externalId);
	const result: TableLines = { lines: [], shipped: {}, partlyShipped: {}, partly: [], refunded: 0, refunds: [] };
	raw.rows.forEach((row, rowIndex) => {
		for (const number of ['', ...numbersIn(row, templates)]) {
			const columns = new Map(
				lineColumns.map(([path, names]) => [
					path,
					names.filter((name) => name.includes(NUMBERED) === (number !== '')).map((name) => name.replaceAll(NUMBERED, number)),
				]),
			);
			addLine(result, new LineCells(raw, row, rowIndex, columns), preset, { nextId, currency });
		}
	});
	if (result.lines.length === 0) {
		const columns = preset.columns.get('lines.sku') ?? preset.columns.get('lines.quantity') ?? [];
		throw new MappingError(placeOf(raw, 0, columns), '', 'the order has no line', 'Map the columns of the lines, or correct the file.');
	}
	return result;
}

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

class LineCells {
	constructor(
		readonly raw: Cells['raw'],
		readonly row: Row,
		private readonly rowIndex: number,
		private readonly columns: ReadonlyMap<string, readonly string[]>,
	) {}

	cell(name: string): string {
		return cellOf(this.row, this.columns.get(`lines.${name}`) ?? [], `lines.${name}`);
	}

	at(name: string): string {
		return placeOf(this.raw, this.rowIndex, this.columns.get(`lines.${name}`) ?? [`lines.${name}`]);
	}

	/** @param prefix "options." */
	free(prefix: string): Record<string, string> {
		const names = [...this.columns.keys()].filter((path) => path.startsWith(`lines.${prefix}`)).map((path) => path.slice('lines.'.length));
		return Object.fromEntries(
			names.map((name): [string, string] => [name.slice(prefix.length), this.cell(name)]).filter(([, value]) => value !== ''),
		);
	}
}

function addLine(
	result: TableLines,
	cells: LineCells,
	preset: Cells['preset'],
	{ nextId, currency }: { nextId: (key: string) => string; currency: string },
): void {
	const [sku, name, key] = [cells.cell('sku'), cells.cell('name'), cells.cell('externalId')];
	if (sku === '' && name === '' && key === '' && cells.cell('quantity') === '') return;
	const separator = separatorIn(cells.raw.defaults);
	const pieces = (field: string): number => piecesOf(cells.cell(field), cells.at(field), separator);
	const ordered = quantityOf(cells.cell('quantity'), cells.at('quantity'), separator);
	if (sku === '' && name === '')
		throw new MappingError(cells.at('sku'), '', 'the line has neither SKU nor name', 'Fill the SKU, or map another column.');
	if (isShortened(sku)) {
		throw new MappingError(
			cells.at('sku'),
			sku,
			'a spreadsheet has shortened the SKU',
			'Export the file again and leave it as it is; do not open and save it with a spreadsheet.',
		);
	}
	const standing = preset.standingOf(cells.row);
	const refunded = standing === 'refunded' ? ordered : Math.min(ordered, pieces('quantityRefunded'));
	const kind = preset.kindOf(cells.row);
	const line: OrderedLine = {
		id: nextId(key !== '' ? `key:${key}` : `${sku}|${name}`),
		externalId: key || null,
		sku: sku || null,
		name: name || sku,
		quantity: ordered - refunded,
		unitPrice: moneyOf(cells.cell('unitPrice'), cells.at('unitPrice'), separator, currency),
		weight: weightOf(cells.cell('weight'), cells.at('weight')),
		options: cells.free('options.'),
		custom: cells.free('custom.'),
		...(kind === undefined ? {} : { kind }),
		...(refunded > 0 ? { notOurs: [{ quantity: refunded, reason: 'refunded' }] } : {}),
	};
	result.lines.push(line);
	result.refunded += refunded;
	if (kind !== undefined || line.quantity === 0) return;
	const shipped = standing === 'shipped' ? line.quantity : Math.min(line.quantity, pieces('quantityShipped'));
	if (shipped > 0) result.shipped[line.id] = shipped;
	if (standing === 'partly' && shipped === 0) {
		result.partlyShipped[line.id] = `${line.name} is shipped in part; the file does not say how many`;
		result.partly.push(
			doubtAbout(
				cells.at('quantity'),
				cells.cell('quantity'),
				`${line.name} is shipped in part, and the file does not say how many`,
				'Look in the shop how many are still to be shipped. Use Import Failure → Retry with that quantity and an empty status of the line, or ship the rest by hand and dismiss this.',
			),
		);
	}
	const amount = cells.cell('refundedAmount');
	if (refunded === 0 && shipped < line.quantity && isSomething(amount))
		result.refunds.push(refundedWithout(cells.at('refundedAmount'), amount, `of ${line.name}`));
}

/** Whether an amount is more than 0. */
export const isSomething = (amount: string): boolean => /[1-9]/.test(amount);

export const refundedWithout = (place: string, amount: string, of: string): Doubt =>
	doubtAbout(
		place,
		amount,
		`${amount || 'some'} ${of} was refunded, and the file does not say how many pieces`,
		'Look in the shop what was refunded. Use Import Failure → Retry with the quantities that are to be shipped and without the refunded amount and status, or dismiss this if nothing is to be shipped.',
	);
