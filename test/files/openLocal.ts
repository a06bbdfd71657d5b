import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import type { Folder } from '../../lib/files/Folder';
import { openLocalFolder } from '../../lib/files/localFolder';

const made: string[] = [];

/** A new empty directory, real path, removed after the tests of the file. */
export function temporaryDirectory(): string {
	const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'exchange-')));
	made.push(directory);
	return directory;
}

afterAll(() => {
	for (const directory of made.splice(0)) fs.rmSync(directory, { recursive: true, force: true });
});

export function temporaryFolder(): { root: string; folder: Folder } {
	const root = temporaryDirectory();
	return { root, folder: openLocalFolder(root, unrestrictedFileAccess) };
}

/** Puts files below the root: path → content. */
export function put(root: string, files: Record<string, string | Uint8Array>): void {
	for (const [name, content] of Object.entries(files)) {
		const target = path.join(root, name);
		fs.mkdirSync(path.dirname(target), { recursive: true });
		fs.writeFileSync(target, content);
	}
}

/** Every file below the root with its content, by path. */
export function tree(root: string): Record<string, string> {
	const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
	return Object.fromEntries(
		entries
			.filter((entry) => entry.isFile())
			.map((entry): [string, string] => {
				const full = path.join(entry.parentPath, entry.name);
				return [path.relative(root, full), fs.readFileSync(full, 'utf8')];
			})
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

export async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
	return Buffer.concat(await collected(bytes)).toString('utf8');
}

/** A partner that takes each file the moment it appears in the directory. */
export const takenAtOnce = (folder: Folder, directory: string): Folder => ({
	...folder,
	create: async (into, name, content) => {
		const created = await folder.create(into, name, content);
		if (into === directory) await folder.move(directory, name, `${directory}/processed`);
		return created;
	},
});
