/** The raw orders of one file, in its order, with memory for one order at a time. */
import { openCsv, type CsvFile, type CsvRow } from '../../files/csv';
import type { FileEntry, Folder } from '../../files/Folder';
import { decodeText } from '../../files/text';
import { MappingError } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { groupRows, scatteredKeys, type RowGroup } from './groupRows';
import { identityMapping, keyColumns, type ColumnMapping } from './mapping';
import { PRESETS, presetOf } from './presets';
import type { RawFileOrder, RawProblem, RawTableOrder, TablePreset } from './raw';
import { defaultsOf, type FileCartSettings } from './settings';

/** One JSON document must fit in memory; NDJSON is read line by line. */
const MAX_JSON_LENGTH = 32 * 1024 * 1024;

/** A raw order with the number that its file gives it, for looking one up. */
export interface FoundOrder {
	number: string;
	raw: RawFileOrder;
}

/**
 * Reads a file. Throws MappingError when it cannot be read as a whole (encoding, header, format), in most cases before the
 * first order: the file is looked through once before anything of it is imported.
 */
export async function* readFile(folder: Folder, directory: string, file: FileEntry, settings: FileCartSettings): AsyncGenerator<FoundOrder> {
	const origin = `${directory}/${file.name}`;
	const { encoding } = settings;
	const format = settings.format === 'auto' && /\.(json|ndjson|jsonl)$/i.test(file.name) ? 'json' : settings.format;
	if (format === 'json') {
		for await (const { line, order, problem } of jsonValues(decodeText(folder.read(directory, file.name), { origin, encoding }), origin)) {
			const { orderNumber, externalId } = typeof order === 'object' && order !== null && !Array.isArray(order) ? order : {};
			const number = orderNumber ?? externalId;
			yield {
				number: typeof number === 'string' || typeof number === 'number' ? String(number) : '',
				raw: { format: 'json', defaults: defaultsOf(settings), order, ...(problem ? { problem } : {}), origin: { file: origin, rows: [line] } },
			};
		}
		return;
	}
	const open = async (): Promise<CsvFile> => await openCsv(folder.read(directory, file.name), { origin, encoding });
	// Two walks. The first finds bad bytes and open quotes before an order is imported, and the orders whose rows do not stand together.
	const first = await open();
	let table: TableFormat;
	let scattered: ReadonlyMap<string, number>;
	try {
		table = tableFormat(first, format, settings, origin);
		scattered = await scatteredKeys(first.rows, table.keyOf, table.columnsOfOrder);
	} finally {
		await first.close();
	}
	const second = await open();
	try {
		for await (const group of groupRows(second.rows, table.keyOf, table.columnsOfOrder, scattered)) {
			yield { number: group.key, raw: rawOrder(group, table, settings, origin) };
		}
	} finally {
		await second.close();
	}
}

interface TableFormat {
	preset: TablePreset;
	mapping?: ColumnMapping;
	keyOf(row: CsvRow): string;
	/** Columns that belong to the order, not to a line. */
	columnsOfOrder: readonly string[];
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
	return {
		preset,
		mapping,
		keyOf: (row) => keys.map((name) => row.cell(name)).filter((cell) => cell !== '').join(' '),
		columnsOfOrder: [...new Set([...columns].filter(([path]) => !path.startsWith('lines.')).flatMap(([, names]) => names))].filter((name) => file.has(name)),
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

interface JsonItem {
	line: number;
	order: JsonValue;
	problem?: RawProblem;
}

/** A line of NDJSON that is no JSON is that line's problem; a document that is none is the file's. */
async function* jsonValues(text: AsyncGenerator<string>, origin: string): AsyncGenerator<JsonItem> {
	let rest = '';
	let line = 1;
	/** null = not known yet; false = one document over several lines. */
	let byLine: boolean | null = null;
	for await (const piece of text) {
		rest += piece;
		if (byLine !== false) {
			let end = rest.indexOf('\n');
			for (; end >= 0; end = rest.indexOf('\n')) {
				const one = rest.slice(0, end).trim();
				if (one !== '') {
					const order = parsed(one);
					// A first line that is no whole object begins a document.
					byLine ??= order !== undefined && !Array.isArray(order);
					if (!byLine) break;
					yield order === undefined ? badLine(origin, line, one) : { line, order };
				}
				rest = rest.slice(end + 1);
				line += 1;
			}
		}
		if (rest.length > MAX_JSON_LENGTH) {
			throw new MappingError(
				`${origin}, row ${line}`,
				'',
				'the JSON document is too large',
				'Write NDJSON: one order a line, which may be as many as you like.',
			);
		}
	}
	if (rest.trim() === '') return;
	const document = parsed(rest);
	if (document === undefined) {
		if (!byLine) {
			throw new MappingError(
				`${origin}, row ${line}`,
				rest.trim().slice(0, 60),
				NOT_JSON,
				'Correct the file, or export it again.',
			);
		}
		yield badLine(origin, line, rest.trim());
		return;
	}
	for (const order of Array.isArray(document) ? document : [document]) yield { line, order };
}

function parsed(text: string): JsonValue | undefined {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return undefined;
	}
}

const NOT_JSON = 'is not JSON; a file that was cut off while it was copied looks like this, too';

const badLine = (origin: string, line: number, text: string): JsonItem => ({
	line,
	order: null,
	problem: { path: `${origin}, row ${line}`, value: text.slice(0, 60), problem: NOT_JSON },
});
