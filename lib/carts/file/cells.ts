/** The cells of one order of a table, without what a spreadsheet needs around them. */
import { unwrapped } from '../../files/spreadsheet';
import type { Preset } from './presets';
import type { RawTableOrder } from './raw';

export type Row = Readonly<Record<string, string>>;

/** Fields that are no words: of these an apostrophe in front is never their own. */
const CODES =
	/^(?:orderNumber|externalId|lines\.(?:sku|externalId|quantity\w*|unitPrice|weight|refundedAmount)|(?:customer|\w+Address)\.phone|\w+Address\.postalCode)$/;

/** @param path of the field that the columns hold: "lines.sku" */
export const cellOf = (row: Row, columns: readonly string[], path: string): string =>
	columns
		.map((column) => unwrapped((Object.hasOwn(row, column) ? row[column]! : '').trim(), CODES.test(path)))
		.filter((cell) => cell !== '')
		.join(' ');

/** What an error text needs to name a cell: "orders.csv, row 17, column Lineitem quantity". */
export const placeOf = (raw: RawTableOrder, rowIndex: number, columns: readonly string[]): string => {
	const row = raw.origin
		? `${raw.origin.file}, row ${raw.origin.rows[rowIndex] ?? raw.origin.rows[0] ?? 0}`
		: `row ${rowIndex + 1} of the order`;
	return `${row}, column ${columns.join(' + ')}`;
};

/** The fields of an order, each from the first row that has it. */
export class Cells {
	constructor(
		readonly raw: RawTableOrder,
		readonly preset: Preset,
	) {}

	/** "" = no row has it. */
	field(path: string): string {
		return this.first(path)?.text ?? '';
	}

	private first(path: string): { text: string; rowIndex: number } | null {
		const names = this.preset.columns.get(path);
		if (names === undefined) return null;
		for (const [rowIndex, row] of this.raw.rows.entries()) {
			const text = cellOf(row, names, path);
			if (text !== '') return { text, rowIndex };
		}
		return null;
	}

	/** Of every row that has it. */
	all(path: string): Array<{ text: string; rowIndex: number }> {
		const names = this.preset.columns.get(path);
		if (names === undefined) return [];
		return this.raw.rows.map((row, rowIndex) => ({ text: cellOf(row, names, path), rowIndex })).filter(({ text }) => text !== '');
	}

	/** Of the row that has it, else of the first one. */
	place(path: string): string {
		return placeOf(this.raw, this.first(path)?.rowIndex ?? 0, this.preset.columns.get(path) ?? [path]);
	}
}
