import fc from 'fast-check';
import { csvText, escapeFormula, openCsv, unescapeFormula, type CsvOptions } from '../../lib/files/csv';
import { collected } from './openLocal';

async function* bytes(content: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
	const all = typeof content === 'string' ? Buffer.from(content) : content;
	for (let start = 0; start < all.length; start += size) yield all.subarray(start, start + size);
}

async function read(content: string | Uint8Array, options: Partial<CsvOptions> = {}, size = 7) {
	const file = await openCsv(bytes(content, size), { origin: 'a.csv', ...options });
	return { header: file.header, rows: await collected(file.rows) };
}

const cells = async (content: string | Uint8Array, options: Partial<CsvOptions> = {}) =>
	(await read(content, options)).rows.map((row) => row.record());

describe('reading CSV', () => {
	const same = [
		{ a: '1', b: 'é' },
		{ a: 'x\r\ny', b: '4' },
	];
	it.each<[string, string | Uint8Array]>([
		['LF', 'a,b\n1,é\n"x\r\ny",4\n'],
		['CRLF', 'a,b\r\n1,é\r\n"x\r\ny",4\r\n'],
		['no break at the end', 'a,b\r\n1,é\r\n"x\r\ny",4'],
		['UTF-8 with mark', '\uFEFFa,b\r\n1,é\r\n"x\r\ny",4'],
		['semicolon', 'a;b\r\n1;é\r\n"x\r\ny";4'],
		['tab', 'a\tb\r\n1\té\r\n"x\r\ny"\t4'],
		["Excel's hint", 'sep=;\r\na;b\r\n1;é\r\n"x\r\ny";4'],
		['blank rows', '\n\na,b\n\n1,é\n,\n"x\r\ny",4\n\n'],
		['blanks around', ' a , b \n 1, é\n"x\r\ny",4'],
		['UTF-16', Buffer.from('\uFEFFa\tb\r\n1\té\r\n"x\r\ny"\t4', 'utf16le')],
	])('%s', async (_, content) => {
		for (const size of [1, 2, 7, 1000]) expect((await read(content, {}, size)).rows.map((row) => row.record())).toEqual(same);
	});

	it('reads Windows-1252 when told so', async () => {
		expect(await cells(Buffer.from('a\nStra\xdfe\n', 'latin1'), { encoding: 'windows-1252' })).toEqual([{ a: 'Straße' }]);
	});

	it('refuses bytes that are not UTF-8 and names file, row and remedy', async () => {
		for (const size of [1, 3, 1000]) {
			await expect(read(Buffer.from('a,b\n1,2\nStra\xdfe,3\n', 'latin1'), {}, size)).rejects.toMatchObject({
				message: expect.stringContaining('a.csv, row 3'),
				remedy: expect.stringContaining('CSV UTF-8'),
			});
		}
		await expect(read(Buffer.from([97, 10, 0xe2, 0x82]))).rejects.toMatchObject({ message: expect.stringContaining('row 2') });
		await expect(read('a,b\n1,\0\n')).rejects.toMatchObject({ message: expect.stringContaining('row 2') });
	});

	it('gives the line on which a row begins', async () => {
		const { rows } = await read('a,b\r\n1,"x\r\ny\r\nz"\r\n\r\n3,4\r\n');
		expect(rows.map(({ line, origin }) => [line, origin])).toEqual([
			[2, 'a.csv, row 2'],
			[6, 'a.csv, row 6'],
		]);
	});

	it('marks rows with too few and too many cells and goes on', async () => {
		const { rows } = await read('a,b,c\n1,2\n1,2,3,4\n1,2,3,\n5,6,7\n');
		expect(rows.map(({ problem }) => problem?.replace(/:.*/, '') ?? null)).toEqual([
			'the row has 2 cells, the header has 3',
			'the row has 4 cells, the header has 3',
			null,
			null,
		]);
	});

	it('takes stray quotes as they stand and loses no row', async () => {
		expect((await cells('a,b\n5" Nail,1\n"x" y,2\n"5" Nail",3\nz,4\n')).map(({ b }) => b)).toEqual(['1', '2', '3', '4']);
	});

	it('names the row of a quote that is never closed, and of a row without end', async () => {
		await expect(read('a,b\n1,2\n3,"4\n5,6\n')).rejects.toMatchObject({ message: expect.stringContaining('a.csv, row 3') });
		await expect(read(`a,b\n1,2\n3,"${'x\n'.repeat(2000)}`, { maxRowLength: 1000 })).rejects.toMatchObject({
			message: expect.stringContaining('a.csv, row 3'),
		});
	});

	it('has a name for every column', async () => {
		const { header } = await read('a,a,,__proto__,constructor\n1,2,3,4,5\n');
		expect(header).toEqual(['a', 'a (2)', 'column 3', 'column 4', 'constructor']);
		const [row] = await cells('__proto__,constructor\nx,y\n');
		expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
		expect(row).toEqual({ 'column 1': 'x', constructor: 'y' });
	});

	it('refuses a file without header', async () => {
		for (const content of ['', '\n\n', '\uFEFF', ',,,\n']) await expect(read(content)).rejects.toMatchObject({ code: 'mapping_failed' });
	});

	it('neither crashes nor hangs on any bytes', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (content, asLatin1) => {
				const outcome = await read(content, asLatin1 ? { encoding: 'windows-1252' } : {}).catch((error: unknown) => error);
				if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'mapping_failed' });
			}),
			{ numRuns: 300 },
		);
		const csvLike = fc.array(fc.constantFrom('"', ',', ';', '\n', '\r', '\t', 'a', '""', "'", 'é', '=', ' '), { maxLength: 60 });
		await fc.assert(
			fc.asyncProperty(csvLike, async (parts) => {
				const outcome = await read(parts.join('')).catch((error: unknown) => error);
				if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'mapping_failed' });
			}),
			{ numRuns: 500 },
		);
	});
});

describe('writing CSV', () => {
	const hostile = fc
		.oneof(
			fc.string({ unit: 'binary', maxLength: 20 }),
			fc
				.array(fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', '1', ' ', 'a', 'é', '😀'), { maxLength: 10 })
				.map((parts) => parts.join('')),
		)
		// The reader trims cells, and refuses NUL and lone surrogates, which no UTF-8 file can hold.
		.map((text) => text.replaceAll('\0', '').toWellFormed().trim());

	it('is read back the same, whatever the texts', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(hostile, hostile, hostile), { minLength: 1, maxLength: 8 }), async (rows) => {
				const text = csvText(['a', 'b', 'c'], rows);
				const { rows: found } = await read(text, { unescapeFormulas: true });
				expect(found.map((row) => [row.cell('a'), row.cell('b'), row.cell('c')])).toEqual(
					rows.filter((row) => row.some((cell) => cell !== '')),
				);
				expect(found.every(({ problem }) => problem === null)).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});

	it('lets no spreadsheet run a text, and leaves numbers alone', () => {
		expect(csvText(['a'], [['=1+1'], ['+49 30 1234'], ['-5.00'], ['@x'], ['\tx'], ['-x'], ["'=x"], [-5], [null]])).toBe(
			`a\r\n'=1+1\r\n+49 30 1234\r\n-5.00\r\n'@x\r\n"'\tx"\r\n'-x\r\n''=x\r\n-5\r\n\r\n`,
		);
		fc.assert(fc.property(hostile, (text) => unescapeFormula(escapeFormula(text)) === text));
	});

	it('lets no spreadsheet run a text behind what it takes for the end of a cell', () => {
		const inside: Array<[text: string, written: string]> = [
			['Ada;=1+1', "Ada;'=1+1"],
			['a\t@x', "a\t'@x"],
			['a|=x', "a|'=x"],
			['a, +x', "a, '+x"],
			['a\n-x', "a\n'-x"],
			['a; "=x', `a; "'=x`],
			["a;'=x", "a;''=x"],
			['5-6', '5-6'],
			['a=b; c', 'a=b; c'],
			['12 Byron St, Flat 3', '12 Byron St, Flat 3'],
			['-5;-6', "'-5;'-6"],
		];
		for (const [text, written] of inside) {
			expect(escapeFormula(text)).toBe(written);
			expect(unescapeFormula(written)).toBe(text);
		}
	});

	it.each([[','], [';'], ['\t'], ['|']])('has no formula for a spreadsheet that separates cells by %j', (delimiter) => {
		const dangerous = fc
			.array(fc.constantFrom('=1+1', '=', '+', '-', '@SUM(1)', "'", '"', ';', ',', '|', '\t', '\n', '\r', ' ', 'Ada', '5'), {
				maxLength: 8,
			})
			.map((parts) => parts.join(''));
		/** A sign in front of a number is none; what comes behind the number is another cell of ours. */
		const isFormula = (cell: string): boolean =>
			/^[=@]/.test(cell) || (/^[+-]/.test(cell) && !/^[+-]?[\d\s().,/-]*$/.test(cell.split(/["',;|\t]/, 1)[0] ?? ''));
		fc.assert(
			fc.property(fc.array(fc.tuple(dangerous, dangerous, dangerous), { minLength: 1, maxLength: 6 }), (rows) => {
				// The worst reader: quotes mean nothing to it, nor do blanks.
				const cells = csvText(['a', 'b', 'c'], rows)
					.split(/[\r\n]/)
					.flatMap((row) => row.split(delimiter))
					.map((cell) => cell.replace(/^[\s"]+/, ''));
				expect(cells.filter(isFormula)).toEqual([]);
			}),
			{ numRuns: 1000 },
		);
	});

	it('takes no longer for many blanks and apostrophes', () => {
		const long = `${'\n'.repeat(200_000)}${"'".repeat(200_000)}${';"'.repeat(100_000)}`;
		expect(unescapeFormula(escapeFormula(long))).toBe(long);
	});
});
