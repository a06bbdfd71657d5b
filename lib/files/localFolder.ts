/**
 * The exchange folder on a disk of this machine (or a mounted share).
 *
 * Every call opens the directory first, asks the kernel where it really is, checks that place against n8n's file access and
 * against the root, and then works relative to the open directory. A link that somebody swaps in between leads nowhere.
 */
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { asError, FulfillmentError } from '../order/errors';
import { assertOutsideTransaction } from '../order/transactionScope';
import { isWithin, n8nFileAccess, type FileAccess } from './fileAccess';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { folderFailure } from './folderFailure';
import { assertPlainName, directoryParts } from './names';
import { absentAsNull, anything, plainFile, publish, removeStaleTemporaries, reserve, temporaryName, type OpenDirectory } from './steps';

/** Answers to giving a file its name after which it surely does not have it; after any other (EIO of a share) it may. */
const SURELY_REFUSED = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENAMETOOLONG']);

/**
 * Opens the folder; nothing is touched before the first call. The root itself is never created: when it is missing, a disk is
 * probably not mounted, and writing to the bare mount point would hide the files.
 * @example const folder = openLocalFolder('/data/exchange');
 */
export function openLocalFolder(root: string, access: FileAccess = n8nFileAccess()): Folder {
	if (!path.isAbsolute(root) || root.includes('\0')) {
		throw new FulfillmentError(
			'file_access',
			`The folder "${root}" is not an absolute path.`,
			'Enter the whole path, such as /data/exchange.',
		);
	}
	const label = path.resolve(root);
	const swept = new Set<string>();
	const placeOf = (directory: string, name?: string): string => [label, directory, name].filter(Boolean).join('/');

	/** null = the directory is absent (and `create` is off). */
	async function openDirectory(directory: string, create: boolean): Promise<OpenDirectory | null> {
		const parts = directoryParts(directory);
		const realRoot = await access.assertFileAccess(label);
		const target = path.join(realRoot, ...parts);
		assertInside(realRoot, await access.assertFileAccess(target), placeOf(directory));
		await assertRootExists(realRoot, label);
		if (create) await makeDirectories(realRoot, parts, access);
		const real = await fs.realpath(target).catch(absentAsNull);
		if (real === null) return null;
		assertInside(realRoot, real, placeOf(directory));
		// Windows cannot open a directory; there the path is used as it is, after the same checks.
		if (process.platform === 'win32') return { at: (name) => path.join(real, name), sync: async () => {}, close: async () => {} };
		const handle = await fs.open(real, constants.O_RDONLY | constants.O_DIRECTORY).catch(absentAsNull);
		if (handle === null) return null;
		const base = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : real;
		try {
			const reached = await fs.realpath(base);
			assertInside(realRoot, reached, placeOf(directory));
			await access.assertFileAccess(reached);
		} catch (error) {
			await handle.close();
			throw asError(error);
		}
		return { at: (name) => `${base}/${name}`, sync: async () => await handle.sync(), close: async () => await handle.close() };
	}

	/** Runs `body` in the open directory; errors of the file system become a FolderFailure that names the place. */
	async function within<T>(
		call: string,
		directory: string,
		name: string | undefined,
		create: boolean,
		absent: T,
		body: (open: OpenDirectory) => Promise<T>,
	): Promise<T> {
		const place = placeOf(directory, name);
		assertOutsideTransaction(`${call} ${place}`);
		if (name !== undefined) assertPlainName(name);
		let open: OpenDirectory | null = null;
		try {
			open = await openDirectory(directory, create);
			return open === null ? absent : await body(open);
		} catch (error) {
			throw folderFailure(error, call, place);
		} finally {
			await open?.close();
		}
	}

	return {
		label,

		list: async (directory) =>
			await within<FileEntry[]>('list', directory, undefined, false, [], async (open) => {
				const entries: FileEntry[] = [];
				for (const name of (await fs.readdir(open.at('.'))).sort()) {
					if (!isListed(name)) continue;
					const found = await plainFile(open.at(name));
					if (found) entries.push({ name, size: found.size, modifiedAt: Math.floor(found.mtimeMs) });
				}
				return entries;
			}),

		stat: async (directory, name) =>
			await within<FileEntry | null>('look at', directory, name, false, null, async (open) => {
				const found = await plainFile(open.at(name));
				return found && { name, size: found.size, modifiedAt: Math.floor(found.mtimeMs) };
			}),

		async *read(directory, name) {
			const gone = new FolderFailure(
				`${placeOf(directory, name)} is not there (any more), or is no plain file.`,
				'Somebody else took it; nothing needs to be done when it was read elsewhere.',
				'no',
				{ retryable: true },
			);
			const handle = await within<fs.FileHandle | null>('read', directory, name, false, null, async (open) => {
				// O_NOFOLLOW: a link in the folder would show a file of elsewhere. O_NONBLOCK: a pipe would block for ever.
				const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
				return await fs.open(open.at(name), flags).catch(absentAsNull);
			});
			if (handle === null) throw gone;
			try {
				if (!(await handle.stat()).isFile()) throw gone;
				const buffer = Buffer.allocUnsafe(65_536);
				for (;;) {
					assertOutsideTransaction(`read ${placeOf(directory, name)}`);
					const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
					if (bytesRead === 0) return;
					yield Uint8Array.from(buffer.subarray(0, bytesRead));
				}
			} catch (error) {
				throw folderFailure(error, 'read', placeOf(directory, name));
			} finally {
				await handle.close();
			}
		},

		create: async (directory, name, content) =>
			await within<'created' | 'exists'>('create', directory, name, true, 'exists', async (open) => {
				if (!swept.has(directory)) {
					swept.add(directory);
					await removeStaleTemporaries(open);
				}
				// Looking first saves writing a temporary file on every repeat; the link below decides.
				if (await anything(open.at(name))) return 'exists';
				const temporary = temporaryName();
				let phase: 'writing' | 'publishing' | 'published' = 'writing';
				try {
					const handle = await fs.open(open.at(temporary), 'wx', 0o664);
					try {
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
					const { code = '' } = error as NodeJS.ErrnoException;
					const invisible = phase === 'writing' || (phase === 'publishing' && SURELY_REFUSED.has(code));
					throw folderFailure(error, 'create', placeOf(directory, name), invisible ? 'no' : 'maybe');
				} finally {
					await fs.unlink(open.at(temporary)).catch(() => {});
				}
			}),

		move: async (fromDirectory, name, toDirectory) =>
			await within<string | null>('move', fromDirectory, name, false, null, async (from) => {
				const found = await plainFile(from.at(name));
				if (found === null) return null;
				return await within<string | null>('move to', toDirectory, name, true, null, async (to) => {
					const reserved = await reserve(to, name, found);
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
			}),
	};
}

const isListed = (name: string): boolean => !name.startsWith('.') && !/\.tmp$/i.test(name);

async function assertRootExists(realRoot: string, label: string): Promise<void> {
	const found = await fs.stat(realRoot).catch(absentAsNull);
	if (found?.isDirectory()) return;
	throw new FolderFailure(
		`The folder ${label} ${found === null ? 'does not exist' : 'is not a folder'}.`,
		'Create the folder, or check that its disk or share is mounted.',
		'no',
		{ retryable: true },
	);
}

function assertInside(realRoot: string, real: string, place: string): void {
	if (isWithin(realRoot, real)) return;
	throw new FulfillmentError(
		'file_access',
		`${place} leads out of the exchange folder, to ${real}.`,
		'Remove the link; every directory of the exchange must lie inside its folder.',
	);
}

async function makeDirectories(realRoot: string, parts: string[], access: FileAccess): Promise<void> {
	let current = realRoot;
	for (const part of parts) {
		// Checked step by step: a link on the way must not have directories made elsewhere.
		const real = await access.assertFileAccess(current);
		assertInside(realRoot, real, current);
		current = path.join(current, part);
		await fs.mkdir(current).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') throw asError(error);
		});
	}
}
