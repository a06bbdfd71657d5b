/**
 * How far a file was recorded. Every page of a file moves the position of its source, the last one too, and names this very file: a poller that
 * slept while others went on compares a position that is gone, and writes nothing.
 */
import type { Cursor } from '../order/wmsEvent';
import type { FileEntry } from './Folder';

/** A file, and the directory in which it is. */
export interface PlacedFile extends FileEntry {
	directory: string;
}

/** Where a file goes that is done with. */
export type FinalPlace = 'archive' | 'failed';

const nameOf = ({ directory, name }: Pick<PlacedFile, 'directory' | 'name'>): string => `${directory}/${name}`;

/** @param done how many items of the file are recorded once this page is */
export const positionIn = (file: PlacedFile, hash: string, done: number): Cursor => ({
	file: nameOf(file),
	size: file.size,
	modifiedAt: file.modifiedAt,
	hash,
	done,
});

/** With this page all of the file is recorded. */
export const endOf = (file: PlacedFile, hash: string, done: number, to: FinalPlace): Cursor => ({
	file: nameOf(file),
	size: file.size,
	modifiedAt: file.modifiedAt,
	hash,
	done,
	ended: true,
	to,
});

interface Position {
	file: string;
	size: number;
	modifiedAt: number;
	hash: string;
	done: number;
	ended: boolean;
	to: FinalPlace;
}

function positionOf(cursor: Cursor | null): Position | null {
	if (typeof cursor !== 'object' || cursor === null || Array.isArray(cursor)) return null;
	const { file, size, modifiedAt, hash, done, ended, to } = cursor;
	// One of the version before names no hash; its files have other names now.
	if (
		typeof file !== 'string' ||
		typeof size !== 'number' ||
		typeof modifiedAt !== 'number' ||
		typeof hash !== 'string' ||
		typeof done !== 'number'
	)
		return null;
	return { file, size, modifiedAt, hash, done, ended: ended === true, to: to === 'failed' ? 'failed' : 'archive' };
}

/** How many items of the file are recorded already. */
export function doneBefore(file: PlacedFile, hash: string, cursor: Cursor | null): number {
	const position = positionOf(cursor);
	return position !== null && position.file === nameOf(file) && sameFile(position, file) && position.hash === hash ? position.done : 0;
}

/** Where a file goes of which everything was recorded before the process that did it ended; null = it is to be read (on). */
export function endedAs(file: PlacedFile, cursor: Cursor | null): FinalPlace | null {
	const position = positionOf(cursor);
	return position?.ended && position.file === nameOf(file) && sameFile(position, file) ? position.to : null;
}

/** True when the file has not changed since it was looked at. */
export const sameFile = (before: Pick<FileEntry, 'size' | 'modifiedAt'>, now: Pick<FileEntry, 'size' | 'modifiedAt'> | null): boolean =>
	now !== null && now.size === before.size && now.modifiedAt === before.modifiedAt;

/** The file that a position ends; null = it is in the middle of one, or there is none. */
export function endedFile(cursor: Cursor | null): { directory: string; name: string; hash: string } | null {
	const position = positionOf(cursor);
	if (!position?.ended) return null;
	const slash = position.file.lastIndexOf('/');
	return { directory: position.file.slice(0, slash), name: position.file.slice(slash + 1), hash: position.hash };
}
