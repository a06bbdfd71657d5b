/**
 * Reading files that a partner puts into a directory. A file that is complete is taken first: in one atomic step it moves to `reading` beside it,
 * under a name that no file ever had. Of several pollers one gets it, and a file that comes later under the same name is another one, whatever
 * becomes of the first.
 *
 * `reading` is a queue that all pollers share: each reads what is in it, whoever took that, in the order of the inbox, before it takes one more. So an
 * older file is not read after a newer one, and what a crash left there is read by the next poll.
 */
import { asError } from '../order/errors';
import type { Cursor } from '../order/wmsEvent';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { endedAs, endedFile, sameFile, type PlacedFile } from './position';
import { DEFAULT_SETTLE_MS, stableFiles, type SettleSettings } from './stableFiles';
import { nameBefore, takenName } from './taken';

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

/** In which order files are read; of the same name that first which was taken first. */
type ReadingOrder = 'age' | 'name';

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

const inOrder =
	(order: ReadingOrder) =>
	(a: InboxFile, b: InboxFile): number =>
		(order === 'age' ? compare(a.modifiedAt, b.modifiedAt) : 0) || compare(a.original, b.original) || compare(a.name, b.name);

/**
 * The files to read, each when the one before it was dealt with. One that was given and is still there is left for the next poll. Those that cannot be taken come
 * last. Throws FolderFailure when none could be taken: then it is the folder, not the file, and somebody has to see to it.
 */
export async function* takenFiles(folder: Folder, inbox: string, settings: SettleSettings, order: ReadingOrder): AsyncGenerator<InboxFile> {
	const queue = queueOf(folder, inbox, settings, order);
	yield* queue.look();
	const refused: InboxFile[] = [];
	let isWritable = false;
	for (const entry of await waiting(folder, inbox, settings, order)) {
		const file = await takenFrom(folder, inbox, entry, settings);
		if (file?.problem) refused.push(file);
		else if (file !== null) {
			isWritable = true;
			queue.settled(file);
		}
		// Also when it was not to be had: somebody who took it may have left it because of us.
		yield* queue.look();
	}
	yield* queue.look();
	if (!isWritable && refused[0]?.problem) throw refused[0].problem;
	yield* refused;
}

interface Queue {
	/** What is in it and was not given yet, in order; not what its owner still writes to. */
	look(): AsyncGenerator<InboxFile>;
	/** Of this one it is known. */
	settled(file: InboxFile): void;
}

function queueOf(folder: Folder, inbox: string, settings: SettleSettings, order: ReadingOrder): Queue {
	const given = new Set<string>();
	/** Looked at: as it was when nobody wrote to it, or null. */
	const known = new Map<string, FileEntry | null>();

	async function lookAt(files: readonly InboxFile[]): Promise<void> {
		// One that was taken too early may still be written to.
		const settled = new Map((await stableFiles(folder, readingOf(inbox), settings)).map((entry) => [entry.name, entry]));
		for (const { name } of files) known.set(name, settled.get(name) ?? null);
	}

	return {
		settled: (file) => void known.set(file.name, file),
		async *look() {
			const files = (await filesIn(folder, inbox, readingOf(inbox))).filter(({ name }) => !given.has(name)).sort(inOrder(order));
			const unknown = files.filter(({ name }) => !known.has(name));
			if (unknown.length > 0) await lookAt(unknown);
			for (const file of files) {
				if (!sameFile(file, known.get(file.name) ?? null)) continue;
				given.add(file.name);
				yield file;
			}
		},
	};
}

/** Null = it is for somebody else, or for the next poll. */
async function takenFrom(
	folder: Folder,
	inbox: string,
	entry: FileEntry,
	{ settleMs = DEFAULT_SETTLE_MS }: SettleSettings,
): Promise<InboxFile | null> {
	const reading = readingOf(inbox);
	const name = takenName(entry.name);
	try {
		const now = await folder.take(inbox, entry.name, reading, name);
		// Between the look and the step another file got its name, or it was written to: whether it is complete is found out in its new place.
		return now === null || (settleMs > 0 && !sameFile(entry, now)) ? null : taken(now, inbox);
	} catch (error) {
		if (!(error instanceof FolderFailure)) throw asError(error);
		return { ...inPlace(entry, inbox), problem: error };
	}
}

/** The same files, where they are: for a look that leaves no trace. */
export async function* waitingFiles(
	folder: Folder,
	inbox: string,
	settings: SettleSettings,
	order: ReadingOrder,
): AsyncGenerator<InboxFile> {
	yield* queueOf(folder, inbox, settings, order).look();
	for (const entry of await waiting(folder, inbox, settings, order)) yield inPlace(entry, inbox);
}

const waiting = async (folder: Folder, inbox: string, settings: SettleSettings, order: ReadingOrder): Promise<FileEntry[]> =>
	(await stableFiles(folder, inbox, settings)).map((entry) => inPlace(entry, inbox)).sort(inOrder(order));

const inPlace = (entry: FileEntry, directory: string): InboxFile => ({ ...entry, directory, inbox: directory, original: entry.name });

/** What else somebody puts into `reading` is none of ours. */
function taken(entry: FileEntry, inbox: string): InboxFile | null {
	const original = nameBefore(entry.name);
	return original === null ? null : { ...entry, directory: readingOf(inbox), inbox, original };
}

/** Files of an inbox, or of a directory that they go to from there, as they are: for looking something up. */
export async function filesIn(folder: Folder, inbox: string, directory: string): Promise<InboxFile[]> {
	const reading = readingOf(inbox);
	return (await folder.list(directory)).flatMap((entry) =>
		directory === reading ? (taken(entry, inbox) ?? []) : inPlace(entry, directory),
	);
}

export interface InboxPlaces {
	inbox: string;
	archive: string;
	failed: string;
}

/** Takes a file that is done with out of the way, under its own name. */
export const putAway = async (folder: Folder, file: InboxFile, to: string): Promise<void> =>
	void (await folder.move(file.directory, file.name, to, file.original));

/** What a process had recorded to the end before it died is not read again: it is only put away. */
export async function putAwayEnded(folder: Folder, cursor: Cursor | null, places: readonly InboxPlaces[]): Promise<void> {
	const ended = endedFile(cursor);
	const place = places.find(({ inbox }) => readingOf(inbox) === ended?.directory);
	if (ended === null || place === undefined) return;
	const entry = await folder.stat(ended.directory, ended.name);
	const file = entry && taken(entry, place.inbox);
	const to = file && endedAs(file, cursor);
	if (file && to) await putAway(folder, file, place[to]);
}
