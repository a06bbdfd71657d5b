/** Which files of an inbox are complete. A partner may still be writing one while we look. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FileEntry, Folder } from './Folder';
import { endsWhole } from './endsWhole';
import { seenFor } from './looks';
import { sameFile } from './position';

export interface SettleSettings {
	/**
	 * A file is read once it has not changed for so long, in milliseconds. 0 = read at once: only right when files appear
	 * complete (written elsewhere and renamed into the folder).
	 */
	settleMs?: number;
	/** Nothing is written, not even to ask the folder for its time: for a look that leaves no trace. */
	leavesNoTrace?: boolean;
}

export const DEFAULT_SETTLE_MS = 2_000;
const SECOND_LOOK_MS = 250;
/** So long one look waits for the next one; what needs longer is for the next poll. */
const LONGEST_PAUSE_MS = 5_000;
/** A file whose end looks cut off: some programs leave out the last line break, most that pause in the middle of a line go on before. */
const CUT_OFF_MS = 30_000;
/** A file of 0 bytes is one that was only begun; after so long nobody goes on with it. */
const EMPTY_MS = 86_400_000;

const byAge = (a: FileEntry, b: FileEntry): number => a.modifiedAt - b.modifiedAt || (a.name < b.name ? -1 : 1);

/**
 * The files of a directory that nobody is writing to: unchanged for `settleMs` by the folder's own clock, and the same in a second look a moment later.
 * Where that clock cannot be read, or the date of a file is in its future, two looks of ours decide, which see the same `settleMs` apart. A file whose
 * end looks cut off waits longer, an empty one for a day. Oldest first; the same date by name. Files that are not ready are left for the next poll.
 */
export async function stableFiles(folder: Folder, directory: string, settings: SettleSettings): Promise<FileEntry[]> {
	const { settleMs = DEFAULT_SETTLE_MS, leavesNoTrace = false } = settings;
	const files = await folder.list(directory);
	if (files.length === 0) return [];
	if (settleMs <= 0) return files.sort(byAge);
	const now = leavesNoTrace ? Date.now() : await folder.now(directory);
	const place = (file: FileEntry) => ({ folder, directory, file });

	/** By dates; null = they tell nothing. */
	const ageOf = ({ modifiedAt }: FileEntry): number | null => (now === null || modifiedAt > now + settleMs ? null : now - modifiedAt);
	const quietFor = async (file: FileEntry): Promise<number> => ageOf(file) ?? (await seenFor(place(file)));
	const hasSettled = async (file: FileEntry): Promise<boolean> => {
		const quiet = await quietFor(file);
		if (quiet < settleMs) return false;
		if (file.size === 0) return quiet >= EMPTY_MS;
		return quiet >= CUT_OFF_MS || (await endsWhole(folder, directory, file));
	};

	const settled: FileEntry[] = [];
	const looked: FileEntry[] = [];
	for (const file of files) {
		if (await hasSettled(file)) settled.push(file);
		else if (ageOf(file) === null && settleMs <= LONGEST_PAUSE_MS) looked.push(file);
	}
	if (settled.length + looked.length === 0) return [];
	// Timers may be early by a moment.
	await pause(looked.length > 0 ? settleMs + 5 : Math.min(settleMs, SECOND_LOOK_MS));
	const second = new Map((await folder.list(directory)).map((file) => [file.name, file]));
	for (const file of looked) if (sameFile(file, second.get(file.name) ?? null) && (await hasSettled(file))) settled.push(file);
	return settled.filter((file) => sameFile(file, second.get(file.name) ?? null)).sort(byAge);
}
