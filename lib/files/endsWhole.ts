/** Whether a file ends where its format may end, so that it was not cut off in the middle of a line. */
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { asError } from '../order/errors';

/** Enough for the last segment of an interchange, with padding behind it. */
const END = 256;

/** A line break (of UTF-16, too), or Ctrl-Z behind the last line. */
const LINE_BREAK = /[\r\n][\0\x1a\t ]*$/;
/** JSON, and its lines. */
const BRACKET = /[\]}]\0?$/;
/** The trailer of an X12 interchange with its terminator. */
const INTERCHANGE = /IEA[^A-Za-z0-9\s]\d+[^A-Za-z0-9\s]\d+[^A-Za-z0-9\s][\0\x1a\t ]*$/;

/** @example isWholeEnd('RED-MUG,1') // false: it may go on with "2" */
export const isWholeEnd = (text: string): boolean => LINE_BREAK.test(text) || BRACKET.test(text) || INTERCHANGE.test(text);

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
