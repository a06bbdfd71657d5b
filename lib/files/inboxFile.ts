/** Files of a partner, and where they are while they are read. */
import { MappingError } from '../order/errors';
import type { FileEntry, Folder, FolderFailure } from './Folder';
import type { PlacedFile } from './position';
import { nameBefore } from './taken';

/** A file of a partner, wherever it is while it is read. */
export interface InboxFile extends PlacedFile {
	/** Where its owner put it. */
	inbox: string;
	/** What its owner called it; `name` is what it is called where it is now. */
	original: string;
	/** Why it could not be taken. */
	problem?: FolderFailure;
}

/** As people know it. @example pathOf(file) // "orders/2026-11.csv" */
export const pathOf = ({ inbox, original }: Pick<InboxFile, 'inbox' | 'original'>): string => `${inbox}/${original}`;

export const readingOf = (inbox: string): string => `${inbox}/reading`;

export const inPlace = (entry: FileEntry, directory: string): InboxFile => ({
	...entry,
	directory,
	inbox: directory,
	original: entry.name,
});

/** What else somebody puts into `reading` is none of ours. */
export function takenIn(entry: FileEntry, inbox: string): InboxFile | null {
	const original = nameBefore(entry.name);
	return original === null ? null : { ...entry, directory: readingOf(inbox), inbox, original };
}

/** Files of an inbox, or of a directory that they go to from there, as they are: for looking something up. */
export async function filesIn(folder: Folder, inbox: string, directory: string): Promise<InboxFile[]> {
	const reading = readingOf(inbox);
	return (await folder.list(directory)).flatMap((entry) =>
		directory === reading ? (takenIn(entry, inbox) ?? []) : inPlace(entry, directory),
	);
}

/** Throws MappingError: such a file is given only after nobody went on with it for a day. */
export function assertNotEmpty(file: InboxFile): void {
	if (file.size > 0) return;
	throw new MappingError(
		pathOf(file),
		'',
		'the file is empty: it has no header and no line',
		'Whoever wrote it stopped before the first line: have it exported again.',
	);
}

export interface InboxPlaces {
	inbox: string;
	archive: string;
	failed: string;
}
