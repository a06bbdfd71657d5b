/**
 * The exchange folder on a disk of this machine (or a mounted share).
 *
 * Every call opens the directory first, asks the kernel where it really is, checks that place against n8n's file access and
 * against the root, and then works relative to the open directory. A link that somebody swaps in between leads nowhere.
 */
import { constants, type Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { asError, FulfillmentError } from '../order/errors';
import { assertOutsideTransaction } from '../order/transactionScope';
import { codeIn } from './errno';
import { n8nFileAccess, type FileAccess } from './fileAccess';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { folderFailure } from './folderFailure';
import { placeIn, within, type LocalRoot } from './localDirectory';
import { isFinishedName } from './names';
import { fileMode, type FilePermissions } from './permissions';
import { absentAsNull, anything, plainFile, publish, removeStaleTemporaries, reserve, temporaryName, type OpenDirectory } from './steps';

/** Answers to giving a file its name after which it surely does not have it; after any other (EIO of a share) it may. */
const SURELY_REFUSED = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENAMETOOLONG']);

/**
 * Opens the folder; nothing is touched before the first call. The root itself is never created: when it is missing, a disk is
 * probably not mounted, and writing to the bare mount point would hide the files.
 * @param permissions who may read what is written
 * @example const folder = openLocalFolder('/data/exchange');
 */
export function openLocalFolder(root: string, access: FileAccess = n8nFileAccess(), permissions: FilePermissions = 'automatic'): Folder {
	if (!path.isAbsolute(root) || root.includes('\0')) {
		throw new FulfillmentError(
			'file_access',
			`The folder "${root}" is not an absolute path.`,
			'Enter the whole path, such as /data/exchange.',
		);
	}
	const local: LocalRoot = { label: path.resolve(root), access, permissions };
	const swept = new Set<string>();
	return {
		label: local.label,
		list: async (directory) => await listFiles(local, directory),
		stat: async (directory, name) => await statFile(local, directory, name),
		read: (directory, name, from) => readFile(local, directory, name, from),
		now: async (directory) => await timeIn(local, directory),
		create: async (directory, name, content) => await createFile(local, swept, directory, name, content),
		move: async (fromDirectory, name, toDirectory, as = name) => await moveFile(local, fromDirectory, name, toDirectory, as),
		take: async (fromDirectory, name, toDirectory, as) => await takeFile(local, fromDirectory, name, toDirectory, as),
	};
}

const listFiles = async (root: LocalRoot, directory: string): Promise<FileEntry[]> =>
	await within<FileEntry[]>(root, 'list', directory, undefined, false, [], async (open) => {
		const entries: FileEntry[] = [];
		for (const name of (await fs.readdir(open.at('.'))).sort()) {
			if (!isFinishedName(name)) continue;
			const found = entryOf(name, await plainFile(open.at(name)));
			if (found) entries.push(found);
		}
		return entries;
	});

const statFile = async (root: LocalRoot, directory: string, name: string): Promise<FileEntry | null> =>
	await within<FileEntry | null>(root, 'look at', directory, name, false, null, async (open) =>
		entryOf(name, await plainFile(open.at(name))),
	);

async function* readFile(root: LocalRoot, directory: string, name: string, from = 0): AsyncGenerator<Uint8Array> {
	const place = placeIn(root, directory, name);
	const missingFile = new FolderFailure(
		`${place} is not there (any more), or is no plain file.`,
		'Somebody else took it; nothing needs to be done when it was read elsewhere.',
		'no',
		{ retryable: true },
	);
	const handle = await within<fs.FileHandle | null>(root, 'read', directory, name, false, null, async (open) => {
		// O_NOFOLLOW: a link in the folder would show a file of elsewhere. O_NONBLOCK: a pipe would block for ever.
		const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
		return await fs.open(open.at(name), flags).catch(absentAsNull);
	});
	if (handle === null) throw missingFile;
	try {
		if (!(await handle.stat()).isFile()) throw missingFile;
		const buffer = Buffer.allocUnsafe(65_536);
		let position = from;
		for (;;) {
			assertOutsideTransaction(`read ${place}`);
			const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
			if (bytesRead === 0) return;
			position += bytesRead;
			yield Uint8Array.from(buffer.subarray(0, bytesRead));
		}
	} catch (error) {
		throw folderFailure(error, 'read', place);
	} finally {
		await handle.close();
	}
}

/** A share has the clock of its server. */
const timeIn = async (root: LocalRoot, directory: string): Promise<number | null> =>
	await within<number | null>(root, 'write in', directory, undefined, false, null, async (open) => {
		const probe = open.at(temporaryName());
		const handle = await fs.open(probe, 'wx', 0o600);
		try {
			return Math.floor((await handle.stat()).mtimeMs);
		} finally {
			await handle.close();
			await fs.unlink(probe).catch(() => {});
		}
	}).catch((error: unknown) => {
		if (error instanceof FolderFailure) return null;
		throw asError(error);
	});

/** @param swept directories that are rid of what crashes left behind */
const createFile = async (
	root: LocalRoot,
	swept: Set<string>,
	directory: string,
	name: string,
	content: string | Uint8Array,
): Promise<'created' | 'exists'> =>
	await within<'created' | 'exists'>(root, 'create', directory, name, true, 'exists', async (open) => {
		if (!swept.has(directory)) {
			swept.add(directory);
			await removeStaleTemporaries(open);
		}
		// Looking first saves writing a temporary file on every repeat; the link decides.
		if (await anything(open.at(name))) return 'exists';
		return await writeThenPublish(root, open, directory, name, content);
	});

/** By a name that nobody sees until the content is on the disk. */
async function writeThenPublish(
	root: LocalRoot,
	open: OpenDirectory,
	directory: string,
	name: string,
	content: string | Uint8Array,
): Promise<'created' | 'exists'> {
	const temporary = temporaryName();
	let phase: 'writing' | 'publishing' | 'published' = 'writing';
	try {
		const { mode, exact } = fileMode(root.permissions, (await fs.stat(open.at('.'))).mode);
		const handle = await fs.open(open.at(temporary), 'wx', mode);
		try {
			if (exact) await handle.chmod(mode);
			await handle.writeFile(content);
			await handle.sync();
		} finally {
			await handle.close();
		}
		phase = 'publishing';
		if (!(await publish(open, temporary, name))) return 'exists';
		phase = 'published';
		await open.sync();
		return 'created';
	} catch (error) {
		const invisible = phase === 'writing' || (phase === 'publishing' && SURELY_REFUSED.has(codeIn(error)));
		throw folderFailure(error, 'create', placeIn(root, directory, name), invisible ? 'no' : 'maybe');
	} finally {
		await fs.unlink(open.at(temporary)).catch(() => {});
	}
}

const moveFile = async (root: LocalRoot, fromDirectory: string, name: string, toDirectory: string, as: string): Promise<string | null> =>
	await within<string | null>(root, 'move', fromDirectory, name, false, null, async (from) => {
		const found = await plainFile(from.at(name));
		if (found === null) return null;
		return await within<string | null>(root, 'move to', toDirectory, as, true, null, async (to) => {
			const reserved = await reserve(to, as, name, found);
			try {
				// One atomic step over a name that is ours: whoever else moves or takes the file gets ENOENT.
				await fs.rename(from.at(name), to.at(reserved.name));
			} catch (error) {
				if (reserved.fresh) await fs.unlink(to.at(reserved.name)).catch(() => {});
				return absentAsNull(error);
			}
			await to.sync();
			await from.sync();
			return reserved.name;
		});
	});

const takeFile = async (root: LocalRoot, fromDirectory: string, name: string, toDirectory: string, as: string): Promise<FileEntry | null> =>
	await within<FileEntry | null>(root, 'take', fromDirectory, name, false, null, async (from) => {
		if ((await plainFile(from.at(name))) === null) return null;
		return await within<FileEntry | null>(root, 'move to', toDirectory, as, true, null, async (to) => {
			const isMissing = await fs.rename(from.at(name), to.at(as)).then(
				() => false,
				(error: unknown) => absentAsNull(error) === null,
			);
			if (isMissing) return null;
			await to.sync();
			await from.sync();
			return entryOf(as, await plainFile(to.at(as)));
		});
	});

const entryOf = (name: string, found: Stats | null): FileEntry | null =>
	found && { name, size: found.size, modifiedAt: Math.floor(found.mtimeMs) };
