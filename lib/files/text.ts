/** Bytes of a file as text, refused when they are not text: a replacement character in a street name would reach a label. */
import { MappingError } from '../order/errors';

const ENCODINGS = ['utf-8', 'windows-1252'] as const;

export type TextEncoding = (typeof ENCODINGS)[number];

export const isTextEncoding = (value: unknown): value is TextEncoding => ENCODINGS.some((one) => one === value);

interface TextOptions {
	/** For error texts: "orders/2026-11.csv". */
	origin: string;
	/** A mark at the beginning of the file (UTF-8, UTF-16) goes before it. Default UTF-8. */
	encoding?: TextEncoding | undefined;
}

/** Decodes in pieces. Throws MappingError that names the row of the first byte that does not fit. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, { origin, encoding = 'utf-8' }: TextOptions): AsyncGenerator<string> {
	let decoder: InstanceType<typeof TextDecoder> | null = null;
	let label: string = encoding;
	let breaks = 0;
	for await (const chunk of withMark(bytes)) {
		if (decoder === null) {
			label = markOf(chunk) ?? encoding;
			decoder = new TextDecoder(label, { fatal: true });
		}
		let text: string;
		try {
			text = decoder.decode(chunk, { stream: true });
		} catch {
			// The lenient decoder puts U+FFFD where the strict one stopped.
			const before = new TextDecoder(label).decode(chunk).split('\uFFFD', 1)[0] ?? '';
			throw notText(origin, label, breaks + countBreaks(before) + 1);
		}
		// Binary files are often valid UTF-8 for a while; no order has a NUL.
		const nul = text.indexOf('\0');
		if (nul >= 0) throw notText(origin, label, breaks + countBreaks(text.slice(0, nul)) + 1);
		breaks += countBreaks(text);
		if (text !== '') yield text;
	}
	try {
		const rest = decoder?.decode() ?? '';
		if (rest !== '') yield rest;
	} catch {
		throw notText(origin, label, breaks + 1);
	}
}

/** The first piece has at least the three bytes that a mark may have, if the file has so many. */
async function* withMark(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let first: Uint8Array | null = new Uint8Array();
	for await (const chunk of bytes) {
		if (first === null) {
			yield chunk;
			continue;
		}
		first = Buffer.concat([first, chunk]);
		if (first.length < 3) continue;
		yield first;
		first = null;
	}
	if (first !== null && first.length > 0) yield first;
}

function markOf(chunk: Uint8Array): string | null {
	if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
	if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be';
	if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) return 'utf-8';
	return null;
}

const countBreaks = (text: string): number => text.split('\n').length - 1;

const notText = (origin: string, label: string, row: number): MappingError =>
	new MappingError(
		`${origin}, row ${row}`,
		'',
		`the file is not text in ${label.toUpperCase()}`,
		'Save or export it as "CSV UTF-8", or set the option Encoding of the trigger to Windows-1252 when an older program writes them.',
	);
