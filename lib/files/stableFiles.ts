/** Which files of an inbox are complete. A partner may still be writing one while we look. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Cursor } from '../order/wmsEvent';
import type { FileEntry, Folder } from './Folder';

export interface SettleSettings {
	/**
	 * A file is read once it has not changed for so long, in milliseconds. 0 = read at once: only right when files appear
	 * complete (written elsewhere and renamed into the folder).
	 */
	settleMs?: number;
}

export const DEFAULT_SETTLE_MS = 2_000;
const SECOND_LOOK_MS = 250;

/**
 * The files of a directory that nobody is writing to: unchanged for `settleMs` by their own date, and the same size and date
 * in a second look a moment later (which also covers a partner whose clock is ahead or who sets dates back). Oldest first; the
 * same date by name. Files that are not ready are left for the next poll.
 */
export async function stableFiles(folder: Folder, directory: string, { settleMs = DEFAULT_SETTLE_MS }: SettleSettings): Promise<FileEntry[]> {
	const byAge = (a: FileEntry, b: FileEntry): number => a.modifiedAt - b.modifiedAt || (a.name < b.name ? -1 : 1);
	const first = await folder.list(directory);
	if (settleMs <= 0) return first.sort(byAge);
	const now = Date.now();
	// A date in the future says nothing about now: such a file is judged by the second look alone.
	const settled = first.filter((file) => file.modifiedAt > now + settleMs || now - file.modifiedAt >= settleMs);
	if (settled.length === 0) return [];
	await pause(Math.min(settleMs, SECOND_LOOK_MS));
	const second = new Map((await folder.list(directory)).map((file) => [file.name, file]));
	return settled.filter((file) => sameFile(file, second.get(file.name) ?? null)).sort(byAge);
}

/** True when the file has not changed since it was listed. */
export const sameFile = (before: FileEntry, now: FileEntry | null): boolean =>
	now !== null && now.size === before.size && now.modifiedAt === before.modifiedAt;

/**
 * Where to go on in a large file whose reading spans several polls, with what tells this very file from another of the same
 * name. A file that was done leaves its position behind; it fits no other file.
 */
export const positionIn = (directory: string, file: FileEntry, done: number): Cursor => ({
	file: `${directory}/${file.name}`,
	size: file.size,
	modifiedAt: file.modifiedAt,
	done,
});

/** How many items of the file are recorded already. */
export function doneBefore(directory: string, file: FileEntry, cursor: Cursor | null): number {
	if (typeof cursor !== 'object' || cursor === null || Array.isArray(cursor)) return 0;
	const same = cursor.file === `${directory}/${file.name}` && cursor.size === file.size && cursor.modifiedAt === file.modifiedAt;
	return same && typeof cursor.done === 'number' ? cursor.done : 0;
}
