/** The raw orders of one file, in its order, with memory for one order at a time. */
import type { FileContent } from '../../files/content';
import { openCsv, type CsvFile } from '../../files/csv';
import { isShortened, unwrapped } from '../../files/spreadsheet';
import { decodeText } from '../../files/text';
import { MappingError } from '../../order/errors';
import { groupRows, scatteredKeys, type RowGroup, type RowMeaning } from './groupRows';
import { jsonValues } from './jsonValues';
import { identityMapping, keyColumns, type ColumnMapping } from './mapping';
import { apart, ONCE_PER_ORDER } from './oneOrder';
import { PRESETS, presetOf } from './presets';
import type { RawFileOrder, RawTableOrder, TablePreset } from './raw';
import { defaultsOf, type FileCartSettings } from './settings';

/** A raw order with the number that its file gives it, for looking one up. */
export interface FoundOrder {
	number: string;
	raw: RawFileOrder;
}

/**
 * Reads a file. Throws MappingError when it cannot be read as a whole (encoding, header, format), in most cases before the
 * first order: the file is looked through once before anything of it is imported.
 *
 * @param origin as its owner knows it, for error texts and for its ending: "orders/2026-11.csv"
 */
export async function* readFile(content: FileContent, origin: string, settings: FileCartSettings): AsyncGenerator<FoundOrder> {
	const { encoding } = settings;
	const format = settings.format === 'auto' && /\.(json|ndjson|jsonl)$/i.test(origin) ? 'json' : settings.format;
	if (format === 'json') {
		for await (const { line, order, problem } of jsonValues(decodeText(content.bytes(), { origin, encoding }), origin)) {
			const { orderNumber, externalId } = typeof order === 'object' && order !== null && !Array.isArray(order) ? order : {};
			const number = orderNumber ?? externalId;
			yield {
				number: typeof number === 'string' || typeof number === 'number' ? String(number) : '',
				raw: {
					format: 'json',
					defaults: defaultsOf(settings),
					order,
					...(problem ? { problem } : {}),
					origin: { file: origin, rows: [line] },
				},
			};
		}
		return;
	}
	const open = async (): Promise<CsvFile> => await openCsv(content.bytes(), { origin, encoding });
	// Two walks. The first finds bad bytes and open quotes before an order is imported, and the orders whose rows do not stand together.
	const first = await open();
	let table: TableFormat;
	let scattered: ReadonlyMap<string, number>;
	try {
		table = tableFormat(first, format, settings, origin);
		scattered = await scatteredKeys(first.rows, table);
	} finally {
		await first.close();
	}
	const second = await open();
	try {
		for await (const group of groupRows(second.rows, table, scattered)) {
			for (const one of isShortened(group.key) ? apartOf(group, table) : [group])
				yield { number: group.key, raw: rawOrder(one, table, settings, origin) };
		}
	} finally {
		await second.close();
	}
}

interface TableFormat extends RowMeaning {
	preset: TablePreset;
	mapping: ColumnMapping | undefined;
	/** Of the fields that an order has once. */
	columnsOnce: readonly string[];
}

function tableFormat(file: CsvFile, format: FileCartSettings['format'], settings: FileCartSettings, origin: string): TableFormat {
	const { preset, mapping } = chosenPreset(file, format, settings, origin);
	const { columns } = presetOf({ format: preset, mapping });
	const keys = keyColumns(columns, file.has);
	if (!keys.some(file.has)) {
		throw new MappingError(
			origin,
			file.header.slice(0, 12).join(', '),
			`the header has no column ${keys.join(' + ')}, which holds the order number`,
			'Choose the format of the file, or correct the column mapping.',
		);
	}
	const columnsNamed = (path: string): string[] => (columns.get(path) ?? []).filter((name) => file.has(name));
	return {
		preset,
		mapping,
		keyOf: (row) =>
			keys
				.map((name) => unwrapped(row.cell(name), true))
				.filter((cell) => cell !== '')
				.join(' '),
		columnsOnce: ONCE_PER_ORDER.flatMap((path) => columns.get(path) ?? []).filter((name) => file.has(name)),
		quantityColumns: columnsNamed('lines.quantity'),
		nameColumns: ['lines.sku', 'lines.name', 'lines.externalId'].flatMap(columnsNamed),
		columnsOfOrder: [...new Set([...columns].filter(([path]) => !path.startsWith('lines.')).flatMap(([, names]) => names))].filter((name) =>
			file.has(name),
		),
	};
}

function chosenPreset(
	file: CsvFile,
	format: FileCartSettings['format'],
	settings: FileCartSettings,
	origin: string,
): { preset: TablePreset; mapping?: ColumnMapping } {
	const given = settings.mapping && Object.keys(settings.mapping).length > 0 ? settings.mapping : null;
	if (format === 'csv') return { preset: 'csv', mapping: given ?? identityOf(file, origin) };
	if (format === 'shopify' || format === 'woocommerce') return { preset: format };
	for (const preset of ['shopify', 'woocommerce'] as const) if (PRESETS[preset].matches(file.has)) return { preset };
	return { preset: 'csv', mapping: given ?? identityOf(file, origin) };
}

function identityOf(file: CsvFile, origin: string): ColumnMapping {
	const mapping = identityMapping(file.header);
	if ('orderNumber' in mapping || 'externalId' in mapping) return mapping;
	throw new MappingError(
		origin,
		file.header.slice(0, 12).join(', '),
		'the columns are those of no known export, and there is no column mapping',
		'Choose the format "Any CSV, by Column" and say which column holds which field.',
	);
}

/** Rows that a spreadsheet gave one key, by what they say of the order. */
function apartOf(group: RowGroup, { columnsOnce }: TableFormat): RowGroup[] {
	const numbers = apart(
		group.rows.map((row) =>
			columnsOnce
				.map((name) => row[name] ?? '')
				.filter((cell) => cell !== '')
				.join('\n'),
		),
	);
	return [...new Set(numbers)].map((number) => {
		const isIts = (_: unknown, index: number): boolean => numbers[index] === number;
		return { ...group, rows: group.rows.filter(isIts), lines: group.lines.filter(isIts) };
	});
}

function rawOrder({ rows, lines, problem }: RowGroup, table: TableFormat, settings: FileCartSettings, origin: string): RawTableOrder {
	return {
		format: table.preset,
		...(table.mapping ? { mapping: table.mapping } : {}),
		defaults: defaultsOf(settings),
		rows,
		...(problem ? { problem } : {}),
		origin: { file: origin, rows: lines },
	};
}
