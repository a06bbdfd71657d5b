/** Whether a file ends where its format may end, so that it was not cut off in the middle of a line. */
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { asError } from '../order/errors';

/** Enough for the last segment of an interchange, with padding behind it. */
const END = 256;

/** What may stand behind the last line: the second byte of UTF-16, Ctrl-Z, blanks. */
const PADDING = new Set(['\0', '\u001a', '\t', ' ']);

/** JSON, and its lines. */
const BRACKET = /[\]}]$/;
/** The trailer of an X12 interchange with its terminator. */
const INTERCHANGE = /IEA[^A-Za-z0-9\s]\d+[^A-Za-z0-9\s]\d+[^A-Za-z0-9\s]$/;

/** @example isWholeEnd('RED-MUG,1') // false: it may go on with "2" */
export function isWholeEnd(text: string): boolean {
	let end = text.length;
	while (end > 0 && PADDING.has(text.charAt(end - 1))) end -= 1;
	const last = text.slice(0, end);
	return /[\r\n]$/.test(last) || BRACKET.test(last) || INTERCHANGE.test(last);
}

export async function endsWhole(folder: Folder, directory: string, { name, size }: FileEntry): Promise<boolean> {
	const chunks: Uint8Array[] = [];
	try {
		for await (const chunk of folder.read(directory, name, Math.max(0, size - END))) chunks.push(chunk);
	} catch (error) {
		if (!(error instanceof FolderFailure)) throw asError(error);
		// One that cannot be read is told by whoever reads it.
		return true;
	}
	return isWholeEnd(Buffer.concat(chunks).toString('latin1'));
}
