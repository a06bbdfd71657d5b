/** The content of one file, with what tells it from any other. */
import { createHash } from 'node:crypto';
import type { Folder } from './Folder';

/** Up to this size, in bytes, a file is read once, and what is parsed is surely what was hashed. */
const KEPT = 4 * 1024 * 1024;

export interface FileContent {
	/** SHA-256 of the whole file; of one that is larger than 4 MiB of its beginning. */
	hash: string;
	/** From the beginning, as often as it is asked for. */
	bytes(): AsyncIterable<Uint8Array>;
}

/** Throws what `Folder.read` throws. */
export async function openContent(folder: Folder, directory: string, name: string, kept: number = KEPT): Promise<FileContent> {
	const chunks: Uint8Array[] = [];
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of folder.read(directory, name)) {
		hash.update(chunk.subarray(0, kept - size));
		size += chunk.length;
		if (size > kept) return { hash: hash.digest('base64url'), bytes: () => folder.read(directory, name) };
		chunks.push(chunk);
	}
	return {
		hash: hash.digest('base64url'),
		async *bytes() {
			yield* chunks;
		},
	};
}
