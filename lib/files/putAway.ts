/** What becomes of files that were read: they are put away, looked at again, and come back if somebody wrote on. */
import { asError } from '../order/errors';
import type { Cursor } from '../order/wmsEvent';
import { openContent } from './content';
import { codeIn } from './errno';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { readingOf, takenIn, type InboxFile, type InboxPlaces } from './inboxFile';
import { InboxMemory, type RememberedFile } from './inboxMemory';
import { secondName } from './names';
import { endedAs, endedFile, sameFile, type FinalPlace } from './position';
import { takenName } from './taken';

/** The folder refuses the step for good, other than a lock or a line that broke. */
export function isRefusal({ cause }: FolderFailure): boolean {
	const code: unknown = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
	// Windows says so of a file that somebody has open.
	const local = process.platform === 'win32' ? ['EROFS'] : ['EACCES', 'EPERM', 'EROFS'];
	return typeof code === 'number' ? SFTP_REFUSALS.has(code) : local.includes(codeIn(cause));
}

/** Of SFTP: permission denied, failure, operation not supported. */
const SFTP_REFUSALS = new Set([3, 4, 8]);

/**
 * Takes a file that is done with out of the way, under its own name, and looks at it once more: what grew meanwhile comes back. One that the folder does
 * not let go is remembered where it is.
 */
export async function putAway(
	folder: Folder,
	file: InboxFile,
	directory: string,
	{ hash, to, memory }: { hash: string; to: FinalPlace; memory: InboxMemory } = { hash: '', to: 'archive', memory: new InboxMemory() },
): Promise<void> {
	let name: string | null;
	try {
		name = await folder.move(file.directory, file.name, directory, file.original);
	} catch (error) {
		if (!(error instanceof FolderFailure) || !isRefusal(error)) throw asError(error);
		memory.stays(file, hash, to, error);
		return;
	}
	if (name === null) return;
	const now = await folder.stat(directory, name);
	if (now !== null && (await hasChanged(folder, { ...file, hash }, directory, now))) await bringBack(folder, { ...file, directory, name });
}

/** Another size, or another content under another date: a server may give a file that is moved a date of its own. */
async function hasChanged(
	folder: Folder,
	before: Pick<RememberedFile, 'size' | 'modifiedAt' | 'hash'>,
	directory: string,
	now: FileEntry,
): Promise<boolean> {
	if (now.size !== before.size) return true;
	if (sameFile(before, now) || before.hash === '') return false;
	return (await openContent(folder, directory, now.name)).hash !== before.hash;
}

/** Back into the queue, as if it had just been taken. */
const bringBack = async (folder: Folder, { inbox, directory, name, original }: Omit<InboxFile, 'size' | 'modifiedAt'>): Promise<boolean> =>
	(await folder.take(directory, name, readingOf(inbox), takenName(original))) !== null;

/** What a process had recorded to the end before it died is not read again: it is only put away. */
export async function putAwayEnded(
	folder: Folder,
	cursor: Cursor | null,
	places: readonly InboxPlaces[],
	memory: InboxMemory = new InboxMemory(cursor),
): Promise<void> {
	const ended = endedFile(cursor);
	const place = places.find(({ inbox }) => readingOf(inbox) === ended?.directory);
	if (ended === null || place === undefined) return;
	const entry = await folder.stat(ended.directory, ended.name);
	const file = entry && takenIn(entry, place.inbox);
	const to = file && endedAs(file, cursor);
	if (file && to && memory.stuckAs(file) === null) await putAway(folder, file, place[to], { hash: ended.hash, to, memory });
}

/** What a poll does before it looks for files: what those before it put away, or could not, is looked at again. */
export async function beginPoll(folder: Folder, cursor: Cursor | null, places: readonly InboxPlaces[]): Promise<InboxMemory> {
	const memory = new InboxMemory(cursor);
	await putAwayStuck(folder, places, memory);
	await bringBackChanged(folder, places, memory);
	return memory;
}

/** Looks at what was put away before, and brings back what changed since. */
async function bringBackChanged(folder: Folder, places: readonly InboxPlaces[], memory: InboxMemory): Promise<void> {
	const looks = memory.away.map(async (file) => {
		const directory = places.find(({ inbox }) => inbox === file.inbox)?.[file.to];
		if (directory === undefined) return null;
		// That of the two is surely its own which is made of the name that it had before.
		for (const name of [secondName(file.original, file.name), file.original]) {
			const now = await folder.stat(directory, name);
			if (now !== null) return { file, directory, now };
		}
		return null;
	});
	for (const look of await Promise.all(looks)) {
		if (look === null) continue;
		const { file, directory, now } = look;
		if (!(await hasChanged(folder, file, directory, now))) continue;
		if (await bringBack(folder, { ...file, directory, name: now.name })) memory.forget(file);
	}
}

/** Tries again to put away what could not be moved; when one cannot, the others wait. */
async function putAwayStuck(folder: Folder, places: readonly InboxPlaces[], memory: InboxMemory): Promise<void> {
	let isRefused = false;
	for (const file of memory.stuck) {
		const now = await folder.stat(file.directory, file.name);
		const directory = places.find(({ inbox }) => inbox === file.inbox)?.[file.to];
		if (now === null) memory.forget(file);
		else if (!isRefused && directory !== undefined && sameFile(file, now))
			try {
				await folder.move(file.directory, file.name, directory, file.original);
				memory.forget(file);
			} catch (error) {
				if (!(error instanceof FolderFailure) || !isRefusal(error)) throw asError(error);
				isRefused = true;
			}
	}
}

/** Whether a file is the one that was read and stays: by its size, and by its content when its date is another one. */
export async function isStuck(folder: Folder, file: InboxFile, memory: InboxMemory): Promise<boolean> {
	const before = memory.stuckAs(file);
	if (before === null) return false;
	if (sameFile(before, file)) return true;
	if (await hasChanged(folder, before, file.directory, file)) return false;
	memory.dated(before, file.modifiedAt);
	return true;
}
