/** The CSV reader on generated inputs: no crash, no hang, no row lost without a word. */
import fc from 'fast-check';
import { csvText, openCsv } from '../../lib/files/csv';
import { MappingError } from '../../lib/order/errors';
import { readReport, type Report } from '../../lib/wms/file/reports';
import { changed, FUZZ, inTime, TIME_LIMIT_MS, type Change } from './settings';

jest.setTimeout(TIME_LIMIT_MS);

/** In pieces, as files are read. */
async function* pieces(text: string | Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const HEADER = ['reference', 'shipment_id', 'carrier', 'tracking_number', 'shipped_at', 'sku', 'quantity'];

/** A file that cannot be read as a whole is one failure. */
async function reported(
	text: string | Uint8Array,
	kind: 'shipments' | 'acknowledgements' | 'cancellations' = 'shipments',
	size = 64,
): Promise<Report | 'refused'> {
	try {
		return await inTime(async () => await readReport(pieces(text, size), 'shipments/a.csv', kind));
	} catch (error) {
		if (error instanceof MappingError && error.remedy !== '') return 'refused';
		throw error;
	}
}

it('reads or refuses every file, whatever is in it, in pieces of any size', async () => {
	const part = fc.oneof(
		fc.constantFrom(
			...HEADER,
			'status',
			'accepted',
			',',
			';',
			'\t',
			'\n',
			'\r\n',
			'\r',
			'"',
			'""',
			'1',
			'0',
			'-1',
			'sep=;',
			'=1',
			"'",
			'2026-11-23T18:00:00Z',
		),
		fc.string({ unit: 'binary', maxLength: 4 }),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(part, { maxLength: 80 }),
			fc.boolean(),
			fc.constantFrom('shipments' as const, 'acknowledgements' as const, 'cancellations' as const),
			fc.integer({ min: 1, max: 70 }),
			async (parts, headed, kind, size) => {
				const text = (headed ? `${HEADER.join(',')},status\n` : '') + parts.join('');
				const report = await reported(text, kind, size);
				if (report !== 'refused')
					for (const { message, remedy } of report.failures) expect(message.length * remedy.length).toBeGreaterThan(0);
			},
		),
		FUZZ,
	);
});

it('refuses bytes that are no text, instead of making some up', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
			const report = await reported(Buffer.concat([Buffer.from(`${HEADER.join(',')}\n`), bytes]), 'shipments', size);
			if (report !== 'refused') expect(JSON.stringify(report)).not.toContain('\uFFFD');
		}),
		{ ...FUZZ, numRuns: Math.ceil((FUZZ.numRuns ?? 1000) / 3) },
	);
});

const change = fc.record<Change>({
	// Evenly: doubles as such are mostly next to 0.
	at: fc.integer({ min: 0, max: 9_999 }).map((place) => place / 10_000),
	how: fc.constantFrom('replace', 'insert', 'remove'),
	letter: fc.constantFrom(',', ';', '\t', '"', "'", '\n', '\r', ' ', '0', '1', 'x', '=', '\0', 'ä', '\uFEFF'),
});

it('loses no row of a file in which a letter was changed, without saying so', async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 5 }), change, async (count, one) => {
			const rows = Array.from({ length: count }, (_, index) => [
				`acme.${index}`,
				`S${index}`,
				'UPS',
				`1Z${index}`,
				'2026-09-05T12:00:00Z',
				`SKU-${index}`,
				index + 1,
			]);
			const report = await reported(changed(csvText(HEADER, rows), one));
			if (report === 'refused' || report.failures.length > 0) return;
			const lines = report.events.flatMap((event) => ('lines' in event ? (event.lines ?? []) : []));
			expect(lines).toHaveLength(count);
		}),
		FUZZ,
	);
});

it('gives back what was written, whatever the texts', async () => {
	const hostile = fc
		.oneof(
			fc.string({ unit: 'binary', maxLength: 20 }),
			fc
				.array(fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', '1', ' ', 'é', '😀'), { maxLength: 10 })
				.map((letters) => letters.join('')),
		)
		.map((text) => text.replaceAll('\0', '').toWellFormed().trim());
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(hostile, hostile, hostile), { minLength: 1, maxLength: 8 }),
			fc.integer({ min: 1, max: 40 }),
			async (rows, size) => {
				const found: string[][] = [];
				await inTime(async () => {
					const table = await openCsv(pieces(csvText(['a', 'b', 'c'], rows), size), { origin: 'a.csv', unescapeFormulas: true });
					for await (const row of table.rows) found.push([row.problem ?? '', row.cell('a'), row.cell('b'), row.cell('c')]);
				});
				expect(found).toEqual(rows.filter((row) => row.some((cell) => cell !== '')).map((row) => ['', ...row]));
			},
		),
		FUZZ,
	);
});
