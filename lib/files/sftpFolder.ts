/**
 * The exchange folder on an SFTP server. A file appears by a rename from a hidden name, without the POSIX extension: the plain rename of
 * SFTP fails when the name is taken (in OpenSSH in one atomic step), the extension would silently overwrite.
 */
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { SFTPWrapper, Stats } from 'ssh2';
import { asError } from '../order/errors';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { assertPlainName, isFinishedName, secondName, shortHash, withSuffix } from './names';
import { fileMode, type FilePermissions } from './permissions';
import type { SftpAccount } from './sftpAccount';
import { sftpConnection } from './sftpConnection';
import {
	absent,
	codeOf,
	FAILURE,
	lstat,
	makeDirectories,
	modeOf,
	NO_SUCH_FILE,
	pathIn,
	placeIn,
	rootMissing,
	step,
	within,
	type SftpRoot,
} from './sftpDirectory';

export interface SftpFolder extends Folder {
	/** Ends the connection; the next call opens it again. */
	close(): Promise<void>;
}

/**
 * Opens the folder; the server is reached at the first call.
 *
 * @param idleMs when the connection is closed after the last call
 * @param permissions who may read what is written
 */
export function openSftpFolder(account: SftpAccount, idleMs?: number, permissions: FilePermissions = 'automatic'): SftpFolder {
	const connection = sftpConnection(account, idleMs);
	const base = account.directory.trim().replace(/\/+$/, '') || (account.directory.trim().startsWith('/') ? '' : '.');
	const label = `sftp://${account.user}@${account.host}:${account.port ?? 22}/${base.replace(/^\/|^\.$/, '')}`;
	const root: SftpRoot = { connection, base, label, permissions };
	return {
		label,
		close: connection.close,
		list: async (directory) => await listFiles(root, directory),
		stat: async (directory, name) => await statFile(root, directory, name),
		read: (directory, name, from) => readFile(root, directory, name, from),
		now: async (directory) => await timeIn(root, directory),
		create: async (directory, name, content) => await createFile(root, directory, name, content),
		move: async (fromDirectory, name, toDirectory, as = name) => await moveFile(root, fromDirectory, name, toDirectory, as),
		take: async (fromDirectory, name, toDirectory, as) => await takeFile(root, fromDirectory, name, toDirectory, as),
	};
}

const entryOf = (name: string, { size, mtime }: Pick<Stats, 'size' | 'mtime'>): FileEntry => ({ name, size, modifiedAt: mtime * 1000 });

const listFiles = async (root: SftpRoot, directory: string): Promise<FileEntry[]> =>
	await within(root, 'list', directory, undefined, async (sftp) => {
		const found = await new Promise<Array<{ filename: string; attrs: Stats }>>((resolve, reject) => {
			sftp.readdir(pathIn(root, directory), (error, entries) =>
				error ? reject(error) : resolve(entries as Array<{ filename: string; attrs: Stats }>),
			);
		}).catch(absent);
		if (found === null) {
			if (directory === '') throw rootMissing(root);
			return [];
		}
		return found
			.filter(({ filename, attrs }) => isFinishedName(filename) && !/[/\\]/.test(filename) && attrs.isFile())
			.map(({ filename, attrs }) => entryOf(filename, attrs))
			.sort((a, b) => (a.name < b.name ? -1 : 1));
	});

const statFile = async (root: SftpRoot, directory: string, name: string): Promise<FileEntry | null> =>
	await within(root, 'look at', directory, name, async (sftp) => {
		const found = await lstat(sftp, pathIn(root, directory, name));
		return found?.isFile() ? entryOf(name, found) : null;
	});

async function* readFile(root: SftpRoot, directory: string, name: string, from = 0): AsyncGenerator<Uint8Array> {
	const chunks = await within(root, 'read', directory, name, async (sftp) => {
		const found = await lstat(sftp, pathIn(root, directory, name));
		if (found?.isFile() !== true) {
			throw new FolderFailure(
				`${placeIn(root, directory, name)} is not there (any more), or is no plain file.`,
				'Somebody else took it; nothing needs to be done when it was read elsewhere.',
				'no',
				{ retryable: true },
			);
		}
		const all: Buffer[] = [];
		let size = 0;
		// Read whole before anything is handed on, so that a connection that breaks half way gives no half file.
		const stream = sftp.createReadStream(pathIn(root, directory, name), { start: from });
		// It closes its handle once everything is read; when the connection ends before the answer, nobody else hears that error.
		stream.on('error', () => undefined);
		for await (const chunk of stream) {
			const bytes = Buffer.from(chunk);
			all.push(bytes);
			size += bytes.length;
		}
		if (from + size < found.size)
			throw new FolderFailure(`${placeIn(root, directory, name)} was cut off while it was read.`, 'It is retried automatically.', 'no', {
				retryable: true,
			});
		return all;
	});
	yield* chunks;
}

/** The server tells whole seconds: of the probe the earliest that it can be, of a file the latest. */
const SECOND_MS = 1_000;

const timeIn = async (root: SftpRoot, directory: string): Promise<number | null> =>
	await within<number | null>(root, 'write in', directory, undefined, async (sftp) => {
		const probe = pathIn(root, directory, temporaryName());
		const handle = await new Promise<Buffer>((resolve, reject) =>
			sftp.open(probe, 'wx', 0o600, (error, opened) => (error ? reject(error) : resolve(opened))),
		);
		try {
			// Some servers date a file when something is written to it.
			await step((done) => sftp.write(handle, Buffer.from('.'), 0, 1, 0, done));
			const { mtime } = await new Promise<Stats>((resolve, reject) =>
				sftp.fstat(handle, (error, stats) => (error ? reject(error) : resolve(stats))),
			);
			return mtime * 1000 - (SECOND_MS - 1);
		} finally {
			await step((done) => sftp.close(handle, done)).catch(() => {});
			await step((done) => sftp.unlink(probe, done)).catch(() => {});
		}
	}).catch((error: unknown) => {
		if (error instanceof FolderFailure && codeOf(error.cause) !== -1) return null;
		throw asError(error);
	});

/** Hidden from everybody else. */
const temporaryName = (): string => `.${randomBytes(8).toString('hex')}.tmp`;

/** Whether a file that is to be created may be visible by now. */
interface Progress {
	written: 'no' | 'maybe';
}

async function createFile(root: SftpRoot, directory: string, name: string, content: string | Uint8Array): Promise<'created' | 'exists'> {
	const file: Progress = { written: 'no' };
	const create = async (sftp: SFTPWrapper): Promise<'created' | 'exists'> => {
		await makeDirectories(root, sftp, directory);
		if ((await lstat(sftp, pathIn(root, directory, name))) !== null) return 'exists';
		return await writeThenRename(root, sftp, { directory, name, content, file });
	};
	return await within(root, 'create', directory, name, create, () => file.written);
}

/** By a name that nobody sees until the content is on the disk. */
async function writeThenRename(
	root: SftpRoot,
	sftp: SFTPWrapper,
	{ directory, name, content, file }: { directory: string; name: string; content: string | Uint8Array; file: Progress },
): Promise<'created' | 'exists'> {
	const temporary = pathIn(root, directory, temporaryName());
	try {
		// The stream sets the mode itself, whatever the umask of the server.
		const { mode } = fileMode(root.permissions, await modeOf(sftp, pathIn(root, directory)));
		await pipeline([Buffer.from(content)], sftp.createWriteStream(temporary, { flags: 'wx', mode }));
		await flush(sftp, temporary);
		file.written = 'maybe';
		await step((done) => sftp.rename(temporary, pathIn(root, directory, name), done));
		return 'created';
	} catch (error) {
		if (codeOf(error) !== -1) file.written = 'no';
		await step((done) => sftp.unlink(temporary, done)).catch(() => {});
		if (codeOf(error) === FAILURE && (await lstat(sftp, pathIn(root, directory, name))) !== null) return 'exists';
		throw asError(error);
	}
}

/**
 * Over a free name; in one step where the server has the extension of OpenSSH. Its plain rename makes a second name and then removes the first:
 * a file that a partner gives the first name in between would be removed.
 */
const renameAtOnce = async (sftp: SFTPWrapper, from: string, to: string): Promise<void> =>
	await step((done) => {
		try {
			sftp.ext_openssh_rename(from, to, done);
		} catch {
			sftp.rename(from, to, done);
		}
	});

/** To the disk of the server, where it offers that (OpenSSH). */
async function flush(sftp: SFTPWrapper, target: string): Promise<void> {
	const handle = await new Promise<Buffer>((resolve, reject) =>
		sftp.open(target, 'r+', (error, opened) => (error ? reject(error) : resolve(opened))),
	);
	try {
		await step((done) => sftp.ext_openssh_fsync(handle, done)).catch(() => {});
	} finally {
		await step((done) => sftp.close(handle, done));
	}
}

const moveFile = async (root: SftpRoot, fromDirectory: string, name: string, toDirectory: string, as: string): Promise<string | null> =>
	await within(root, 'move', fromDirectory, name, async (sftp) => {
		assertPlainName(as);
		const source = pathIn(root, fromDirectory, name);
		const found = await lstat(sftp, source);
		if (found?.isFile() !== true) return null;
		await makeDirectories(root, sftp, toDirectory);
		for (let attempt = 0; attempt < 100; attempt += 1) {
			const candidate =
				attempt === 0
					? as
					: attempt === 1
						? secondName(as, name)
						: withSuffix(as, shortHash(`${name}:${found.size}:${found.mtime}:${attempt}`));
			const target = pathIn(root, toDirectory, candidate);
			try {
				await step((done) => sftp.rename(source, target, done));
				return candidate;
			} catch (error) {
				if ((await lstat(sftp, source)) === null) return null;
				if (codeOf(error) !== FAILURE || (await lstat(sftp, target)) === null) throw asError(error);
			}
		}
		throw new FolderFailure(`No free name was found for ${as}.`, 'Clear out the directory.', 'no');
	});

const takeFile = async (root: SftpRoot, fromDirectory: string, name: string, toDirectory: string, as: string): Promise<FileEntry | null> =>
	await within(root, 'take', fromDirectory, name, async (sftp) => {
		assertPlainName(as);
		const source = pathIn(root, fromDirectory, name);
		if ((await lstat(sftp, source))?.isFile() !== true) return null;
		await makeDirectories(root, sftp, toDirectory);
		const target = pathIn(root, toDirectory, as);
		try {
			await renameAtOnce(sftp, source, target);
		} catch (error) {
			if (codeOf(error) === NO_SUCH_FILE || (await lstat(sftp, source)) === null) return null;
			throw asError(error);
		}
		const found = await lstat(sftp, target);
		return found?.isFile() ? entryOf(as, found) : null;
	});
