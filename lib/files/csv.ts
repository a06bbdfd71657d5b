/**
 * Reading CSV files of shops and warehouses, one row at a time, whatever their size. Comma, semicolon or tab; UTF-8 with or
 * without mark, UTF-16 with mark; LF, CRLF or CR; quotes doubled or left open inside a cell.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { MappingError, shown } from '../order/errors';
import { decodeText, type TextEncoding } from './text';

export interface CsvOptions {
	/** For error texts: "orders/2026-11.csv". */
	origin: string;
	encoding?: TextEncoding | undefined;
	/** A longer row (in characters) fails the file: a quote was probably never closed. Default 8 MiB. */
	maxRowLength?: number;
	/** A row that ends early, in a line break, lacks cells that are empty: spreadsheets leave them out. */
	mayLeaveOutEnd?: boolean;
	/** Set for files that `csvText` wrote: takes away the apostrophe that it put before formulas. */
	unescapeFormulas?: boolean;
}

export interface CsvRow {
	/** The line of the file on which the row begins; the header is line 1. */
	line: number;
	/** "orders.csv, row 17". */
	origin: string;
	/** Why the row cannot be used: it has too few or too many cells. `cell` still gives what is there. */
	problem: string | null;
	/** Columns at the end of which the row has no cells. */
	leftOut: readonly string[];
	/** The trimmed cell of a column; "" when the file does not have the column. */
	cell(column: string): string;
	/** Cells that are not blank, by column. */
	record(): Record<string, string>;
}

export interface CsvFile {
	/** Column names, trimmed. A name that comes twice gets " (2)"; a blank one is "column 7". */
	header: string[];
	has(column: string): boolean;
	/** Can be walked once. Blank rows are left out. */
	rows: AsyncIterable<CsvRow>;
	/** Needed only when `rows` is not walked. */
	close(): Promise<void>;
}

/** The characters at which Excel takes a cell for a formula. Digits, signs and blanks alone (numbers, telephone numbers) are harmless. */
const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER_LIKE = /^[+-]?[\d\s().,/-]*$/;

/**
 * Where a cell begins for a spreadsheet that separates cells by something else than a comma: the quotes around our cell then stand in the middle of
 * its cell and mean nothing, so that a line break in the text ends a row, too.
 */
const BEGINS_INSIDE = /[;,|\t\r\n][\s"]*|^[\s"]+/g;
const BEGAN_INSIDE = /([;,|\t\r\n][\s"]*|^[\s"]+)('?)/g;

/** Whether a formula stands at this place, apostrophes in front or not. */
function isFormulaAt(text: string, place: number): boolean {
	const formula = /'*[=+\-@]/y;
	formula.lastIndex = place;
	return formula.test(text);
}

/**
 * A text in which a spreadsheet finds no formula, whichever separator it uses: in front of = + - and @ at the beginning, and behind what some take
 * for the end of a cell, stands an apostrophe. So it does where apostrophes stand already, so that `unescapeFormula` gives back the very same text.
 *
 * @example escapeFormula('Ada;=1+1') // "Ada;'=1+1"
 */
export function escapeFormula(text: string): string {
	const inside = text.replace(BEGINS_INSIDE, (begin, at: number) => (isFormulaAt(text, at + begin.length) ? `${begin}'` : begin));
	return FORMULA.test(inside) && (/^'|[\t\r]/.test(inside) || !NUMBER_LIKE.test(inside)) ? `'${inside}` : inside;
}

export function unescapeFormula(cell: string): string {
	const text = /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
	return text.replace(BEGAN_INSIDE, (all, begin: string, mark: string, at: number) =>
		mark !== '' && isFormulaAt(text, at + all.length) ? begin : all,
	);
}

/**
 * Opens a CSV file and reads its header. Throws MappingError when the file has none, is not text of the given encoding, or
 * (while the rows are walked) when a quote is never closed.
 */
export async function openCsv(bytes: AsyncIterable<Uint8Array>, options: CsvOptions): Promise<CsvFile> {
	const { origin } = options;
	const records = readRecords(decodeText(bytes, { origin, encoding: options.encoding }), options);
	let first = await records.next();
	// Excel's own hint about the delimiter, "sep=;", is no header.
	if (!first.done && /^sep=.?$/i.test(first.value.cells.join(''))) first = await records.next();
	while (!first.done && isBlank(first.value.cells)) first = await records.next();
	if (first.done) {
		throw new MappingError(origin, '', 'the file is empty: it has no header line', 'Export the file again, with its header line.');
	}
	const header = columnNames(first.value.cells);
	const positions = new Map(header.map((name, position) => [name, position]));

	async function* rows(): AsyncGenerator<CsvRow> {
		for await (const { line, cells, isCutOff } of records) {
			if (isBlank(cells)) continue;
			const extra = cells.slice(header.length).some((cell) => cell.trim() !== '');
			const text = (position: number): string => {
				const cell = cells[position] ?? '';
				return (options.unescapeFormulas ? unescapeFormula(cell) : cell).trim();
			};
			yield {
				line,
				origin: `${origin}, row ${line}`,
				problem:
					cells.length < header.length && (isCutOff || options.mayLeaveOutEnd !== true)
						? `the row has ${cells.length} cells, the header has ${header.length}: the end of the row is missing`
						: extra
							? `the row has ${cells.length} cells, the header has ${header.length}: a delimiter or a quote is out of place`
							: null,
				leftOut: header.slice(cells.length),
				cell: (column) => text(positions.get(column) ?? -1),
				record: () => Object.fromEntries(header.map((name, position) => [name, text(position)] as const).filter(([, cell]) => cell !== '')),
			};
		}
	}
	return { header, has: (column) => positions.has(column), rows: rows(), close: async () => void (await records.return(undefined)) };
}

const isBlank = (cells: string[]): boolean => cells.every((cell) => cell.trim() === '');

function columnNames(cells: string[]): string[] {
	const taken = new Set<string>();
	return cells.map((cell, position) => {
		const plain = cell.trim();
		// As a key of a plain object this name would not be a column but the object's prototype.
		const name = plain === '' || plain === '__proto__' ? `column ${position + 1}` : plain;
		let unique = name;
		for (let count = 2; taken.has(unique); count += 1) unique = `${name} (${count})`;
		taken.add(unique);
		return unique;
	});
}

interface CsvRecord {
	line: number;
	cells: string[];
	/** It is the last one, and no line break ends it. */
	isCutOff: boolean;
}

async function* readRecords(text: AsyncGenerator<string>, options: CsvOptions): AsyncGenerator<CsvRecord, void, undefined> {
	const { start, rest } = await firstLine(text);
	let isLastEnded = true;
	async function* watched(): AsyncGenerator<string> {
		for await (const piece of rest) {
			isLastEnded = /[\r\n]$/.test(piece);
			yield piece;
		}
	}
	let line = 1;
	const begins: number[] = [];
	const parser = parse({
		// Counted while parsing, not while reading: on an error the parser is ahead of its reader. csv-parse counts CRLF inside
		// quotes as two lines, so the lines are counted here: those within cells, and the row's own.
		on_record: (cells) => {
			begins.push(line);
			line += 1;
			for (const cell of cells) line += lineBreaks(cell);
			return cells;
		},
		delimiter: delimiterOf(start),
		record_delimiter: ['\r\n', '\n', '\r'],
		// A stray quote is taken as it stands. Without this, csv-parse 7 drops rows after a bad quote without saying so.
		relax_quotes: true,
		relax_column_count: true,
		max_record_size: options.maxRowLength ?? 8_388_608,
	});
	const feeding = pipeline(Readable.from(watched()), parser);
	// The error is thrown to the reader of the parser below; here it would only be an unhandled rejection.
	feeding.catch(() => {});
	try {
		// One behind: only of the last one it matters how the file ends.
		let before: string[] | null = null;
		for await (const cells of parser as AsyncIterable<string[]>) {
			if (before !== null) yield { line: begins.shift() ?? line, cells: before, isCutOff: false };
			before = cells;
		}
		if (before !== null) yield { line: begins.shift() ?? line, cells: before, isCutOff: !isLastEnded };
	} catch (error) {
		throw csvProblem(error, options.origin, line);
	} finally {
		parser.destroy();
		await feeding.catch(() => {});
		await text.return(undefined);
	}
}

const lineBreaks = (cell: string): number => (/[\r\n]/.test(cell) ? (cell.match(/\r\n|\n|\r/g)?.length ?? 0) : 0);

function csvProblem(error: unknown, origin: string, line: number): unknown {
	const code = error instanceof CsvError ? error.code : null;
	if (code !== 'CSV_QUOTE_NOT_CLOSED' && code !== 'CSV_MAX_RECORD_SIZE') return error;
	return new MappingError(
		`${origin}, row ${line}`,
		'',
		code === 'CSV_QUOTE_NOT_CLOSED'
			? 'a quote that opens in this row is never closed'
			: 'this row is too long; a quote is probably never closed',
		'Correct the quotes in this row, or export the file again. A file that was cut off while it was copied looks like this, too.',
	);
}

const FIRST_LINE_LIMIT = 262_144;

/** Reads on until the first line is there, for the delimiter; `rest` gives the whole text, the first line included. */
async function firstLine(text: AsyncGenerator<string>): Promise<{ start: string; rest: AsyncGenerator<string> }> {
	let start = '';
	while (start.length < FIRST_LINE_LIMIT && !/[\r\n]/.test(start.trimStart())) {
		const next = await text.next();
		if (next.done) break;
		start += next.value;
	}
	async function* rest(): AsyncGenerator<string> {
		if (start !== '') yield start;
		yield* text;
	}
	return { start: start.trimStart().split(/[\r\n]/, 1)[0] ?? '', rest: rest() };
}

function delimiterOf(headerLine: string): string {
	const hint = /^"?sep=([,;\t])/i.exec(headerLine);
	if (hint?.[1] !== undefined) return hint[1];
	const plain = headerLine.replace(/"[^"]*"/g, '');
	const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: plain.split(delimiter).length }));
	return counts.reduce((best, candidate) => (candidate.count > best.count ? candidate : best)).delimiter;
}

export type CsvCell = string | number | null;

/**
 * A CSV text as RFC 4180 has it: comma, CRLF, quotes where needed. Texts in which a spreadsheet would find a formula are made
 * harmless (see `escapeFormula`); numbers and null are written as they are.
 */
export function csvText(header: readonly string[], rows: ReadonlyArray<readonly CsvCell[]>): string {
	const cell = (value: CsvCell): string => {
		const text = typeof value === 'string' ? escapeFormula(value) : value === null ? '' : String(value);
		return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
	};
	return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A column by which people know what failed, shown in error texts. */
export const inColumn = (row: Pick<CsvRow, 'origin'>, column: string): string => `${row.origin}, column ${shown(column)}`;
