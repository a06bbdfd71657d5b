/** What this process saw of files whose dates tell nothing, and since when it sees the same. */
import { createHash } from 'node:crypto';
import { asError } from '../order/errors';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { sameFile } from './position';

/** Up to this size, in bytes, the content has to be the same, too. */
const COMPARED = 64 * 1024;
/** Looks that nobody asked for again are forgotten, the oldest first. */
const MOST = 5_000;

interface Look {
	size: number;
	modifiedAt: number;
	content: string;
	/** By a clock that nobody sets. */
	at: number;
}

const looks = new Map<string, Look>();

interface PlacedEntry {
	folder: Folder;
	directory: string;
	file: FileEntry;
}

/** For how many milliseconds the file was the same whenever we looked; 0 = it is seen for the first time, or it has changed. */
export async function seenFor(place: PlacedEntry): Promise<number> {
	const key = JSON.stringify([place.folder.label, place.directory, place.file.name]);
	const before = looks.get(key);
	const look = await lookAt(place);
	if (before && sameFile(before, look) && before.content === look.content) return look.at - before.at;
	looks.delete(key);
	looks.set(key, look);
	for (const oldest of looks.keys()) {
		if (looks.size <= MOST) break;
		looks.delete(oldest);
	}
	return 0;
}

async function lookAt({ folder, directory, file: { name, size, modifiedAt } }: PlacedEntry): Promise<Look> {
	const hash = createHash('sha256');
	try {
		if (size <= COMPARED) for await (const chunk of folder.read(directory, name)) hash.update(chunk);
	} catch (error) {
		// One that cannot be read is told by whoever reads it.
		if (!(error instanceof FolderFailure)) throw asError(error);
	}
	return { size, modifiedAt, content: hash.digest('base64url'), at: performance.now() };
}
