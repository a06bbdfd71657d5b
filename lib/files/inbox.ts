/**
 * Reading files that a partner puts into a directory. A file that is complete is taken first: in one atomic step it moves to `reading` beside it,
 * under a name that no file ever had. Of several pollers one gets it, and a file that comes later under the same name is another one, whatever
 * becomes of the first.
 *
 * `reading` is a queue that all pollers share: each reads what is in it, whoever took that, in the order of the inbox, before it takes one more. So an
 * older file is not read after a newer one, and what a crash left there is read by the next poll.
 */
import { asError } from '../order/errors';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { filesIn, inPlace, readingOf, takenIn, type InboxFile } from './inboxFile';
import { InboxMemory } from './inboxMemory';
import { sameFile } from './position';
import { isRefusal, isStuck } from './putAway';
import { DEFAULT_SETTLE_MS, stableFiles, type SettleSettings } from './stableFiles';
import { takenName } from './taken';

export { assertNotEmpty, filesIn, pathOf, readingOf, type InboxFile, type InboxPlaces } from './inboxFile';

/** In which order files are read; of the same name that first which was taken first. */
type ReadingOrder = 'age' | 'name';

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

const inOrder =
	(order: ReadingOrder) =>
	(a: InboxFile, b: InboxFile): number =>
		(order === 'age' ? compare(a.modifiedAt, b.modifiedAt) : 0) || compare(a.original, b.original) || compare(a.name, b.name);

/**
 * The files to read, each when the one before it was dealt with. One that was given and is still there is left for the next poll. Those that cannot be taken come
 * last: where the folder lets nobody move them, they are read where they are. Throws FolderFailure when none could be taken for another reason: then it is the
 * folder, not the file, and somebody has to see to it.
 *
 * @param memory knows which files were read where they are
 */
export async function* takenFiles(
	folder: Folder,
	inbox: string,
	settings: SettleSettings,
	order: ReadingOrder,
	memory: InboxMemory = new InboxMemory(),
): AsyncGenerator<InboxFile> {
	const queue = queueOf(folder, inbox, settings, order, memory);
	yield* queue.look();
	const refused: InboxFile[] = [];
	let isWritable = false;
	for (const entry of await waiting(folder, inbox, settings, order)) {
		if (await isStuck(folder, entry, memory)) continue;
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
	const isImmovable = ({ problem }: InboxFile): boolean => problem !== undefined && isRefusal(problem);
	if (!isWritable && refused[0]?.problem && !refused.some(isImmovable)) throw refused[0].problem;
	for (const { problem, ...file } of refused)
		yield problem !== undefined && isRefusal(problem) ? file : { ...file, ...(problem && { problem }) };
}

interface Queue {
	/** What is in it and was not given yet, in order; not what its owner still writes to. */
	look(): AsyncGenerator<InboxFile>;
	/** Of this one it is known. */
	settled(file: InboxFile): void;
}

function queueOf(folder: Folder, inbox: string, settings: SettleSettings, order: ReadingOrder, memory: InboxMemory): Queue {
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
				if (!(await isStuck(folder, file, memory))) yield file;
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
		return now === null || (settleMs > 0 && !sameFile(entry, now)) ? null : takenIn(now, inbox);
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
	const traceless = { ...settings, leavesNoTrace: true };
	yield* queueOf(folder, inbox, traceless, order, new InboxMemory()).look();
	for (const entry of await waiting(folder, inbox, traceless, order)) yield entry;
}

const waiting = async (folder: Folder, inbox: string, settings: SettleSettings, order: ReadingOrder): Promise<InboxFile[]> =>
	(await stableFiles(folder, inbox, settings)).map((entry) => inPlace(entry, inbox)).sort(inOrder(order));
