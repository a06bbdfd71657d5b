/** Which files of an inbox are complete. A partner may still be writing one while we look. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FileEntry, Folder } from './Folder';
import { sameFile } from './position';

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
export async function stableFiles(
	folder: Folder,
	directory: string,
	{ settleMs = DEFAULT_SETTLE_MS }: SettleSettings,
): Promise<FileEntry[]> {
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
