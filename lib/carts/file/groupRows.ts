/** Puts the rows of a table together to orders, also when the rows of one order do not stand together. */
import type { CsvRow } from '../../files/csv';
import { keptRow, lengthProblem } from './limits';
import type { RawProblem } from './raw';

export interface RowGroup {
	/** The order number (or key); "" when the first row has none. */
	key: string;
	rows: Array<Record<string, string>>;
	/** The line of the file of each row. */
	lines: number[];
	/** Why the order must not be imported. */
	problem: RawProblem | null;
	/** Characters of all cells. */
	length: number;
}

/** An order with more rows is a file whose order number is in another column. */
const MAX_ROWS = 5_000;

/** What the columns of a table mean for putting its rows together. */
export interface RowMeaning {
	keyOf(row: CsvRow): string;
	/** Columns that belong to the order, not to a line. */
	columnsOfOrder: readonly string[];
	quantityColumns: readonly string[];
	/** What is sold: SKU, name or key of a line. */
	nameColumns: readonly string[];
}

/**
 * Walks the rows once and gives, for each order whose rows do not stand together, the line of its last row. Keys are kept as
 * numbers: a million orders take some 40 MB. Two keys that share a number only make an order wait for its end.
 */
export async function scatteredKeys(rows: AsyncIterable<CsvRow>, meaning: RowMeaning): Promise<Map<string, number>> {
	const seen = new Set<number>();
	const doubtful = new Map<string, number>();
	let current = '';
	for await (const { key, row, continues } of withKeys(rows, meaning)) {
		if (continues) {
			if (doubtful.has(current)) doubtful.set(current, row.line);
			continue;
		}
		if (key === '') {
			current = '';
			continue;
		}
		if (key !== current && seen.has(numberOf(key))) doubtful.set(key, row.line);
		else if (doubtful.has(key)) doubtful.set(key, row.line);
		seen.add(numberOf(key));
		current = key;
	}
	return doubtful;
}

/** Gives each order once, when its last row was read. */
export async function* groupRows(
	rows: AsyncIterable<CsvRow>,
	meaning: RowMeaning,
	scattered: ReadonlyMap<string, number>,
): AsyncGenerator<RowGroup> {
	const waiting = new Map<string, RowGroup>();
	let current: RowGroup | null = null;
	for await (const { key, row, continues } of withKeys(rows, meaning)) {
		const belongs: boolean = current !== null && (continues || (key !== '' && key === current.key));
		if (current === null || !belongs) {
			if (current !== null && !waiting.has(current.key)) yield current;
			for (const [done, group] of waiting) {
				if ((scattered.get(done) ?? 0) >= row.line) continue;
				waiting.delete(done);
				yield group;
			}
			current = waiting.get(key) ?? { key, rows: [], lines: [], problem: null, length: 0 };
			if (key !== '' && scattered.has(key)) waiting.set(key, current);
		}
		add(current, row);
	}
	if (current !== null && !waiting.has(current.key)) yield current;
	yield* waiting.values();
}

function add(group: RowGroup, row: CsvRow): void {
	const refuse = (problem: string): void => void (group.problem ??= { path: row.origin, value: group.key.slice(0, 60), problem });
	if (lengthProblem(group.length) !== null) return;
	if (group.rows.length >= MAX_ROWS) return refuse(`more than ${MAX_ROWS} rows have this order number`);
	if (row.problem !== null) refuse(row.problem);
	const cells = row.record();
	for (const cell of Object.values(cells)) group.length += cell.length;
	group.rows.push(cells);
	group.lines.push(row.line);
	const tooLong = lengthProblem(group.length);
	if (tooLong === null) return;
	refuse(tooLong);
	group.rows = group.rows.slice(0, 1).map(keptRow);
	group.lines = group.lines.slice(0, 1);
}

interface KeyedRow {
	key: string;
	row: CsvRow;
	/** A row without a number that goes on with the order before it. */
	continues: boolean;
}

/**
 * Some exporters fill the order number in the first row only. A row without one goes on with the order before it if it says
 * nothing else about the order; otherwise it is an order whose number is missing. A damaged row without a number may be a line
 * of the order before it, so it counts as one, and that order fails rather than being sent in part. A row of totals is no line:
 * it is a row without a number, and the order before it is whole.
 */
async function* withKeys(
	rows: AsyncIterable<CsvRow>,
	{ keyOf, columnsOfOrder, quantityColumns, nameColumns }: RowMeaning,
): AsyncGenerator<KeyedRow> {
	let first: CsvRow | null = null;
	let sum = 0;
	const quantityOf = (row: CsvRow): number => Number(quantityColumns.map((column) => row.cell(column)).find((cell) => cell !== '') ?? 0);
	const isTotal = (row: CsvRow): boolean => {
		const names = nameColumns.map((column) => row.cell(column)).filter((cell) => cell !== '');
		return row.problem === null && (names.length === 0 ? quantityOf(row) === sum : names.every((name) => TOTAL.test(name)));
	};
	for await (const row of rows) {
		const key = keyOf(row);
		if (key !== '') {
			sum += quantityOf(row);
			if (first === null || keyOf(first) !== key) first = row;
			yield { key, row, continues: false };
			continue;
		}
		const before = first;
		const continues =
			before !== null &&
			!isTotal(row) &&
			(row.problem !== null || columnsOfOrder.every((column) => row.cell(column) === '' || row.cell(column) === before.cell(column)));
		if (!continues) first = null;
		else sum += quantityOf(row);
		yield { key, row, continues };
	}
}

/** How a row of totals is called. */
const TOTAL = /^(?:grand[ _-]?|sub[ _-]?)?(?:totals?|sum|summe|gesamt|gesamtsumme|somme|suma|totale|totaal|razem|合計|总计|итого):?$/iu;

/** 53 bits of two FNV-1a hashes. */
function numberOf(key: string): number {
	let [high, low] = [0x811c9dc5, 0xcbf29ce4];
	for (let index = 0; index < key.length; index += 1) {
		const code = key.charCodeAt(index);
		high = Math.imul(high ^ code, 0x01000193);
		low = Math.imul(low ^ (code + 0x9e37), 0x01000193);
	}
	return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
