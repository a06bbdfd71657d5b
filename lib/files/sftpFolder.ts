/**
 * The exchange folder on an SFTP server. A file appears by a rename from a hidden name, without the POSIX extension: the plain rename of
 * SFTP fails when the name is taken (in OpenSSH in one atomic step), the extension would silently overwrite.
 */
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { SFTPWrapper, Stats } from 'ssh2';
import { asError, FulfillmentError } from '../order/errors';
import { assertOutsideTransaction } from '../order/transactionScope';
import { FolderFailure, type FileEntry, type Folder } from './Folder';
import { assertPlainName, directoryParts, shortHash, withSuffix } from './names';
import { sftpConnection, type SftpAccount } from './sftpConnection';

/** Answers of the protocol (SSH_FX_*). */
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;

export interface SftpFolder extends Folder {
	/** Ends the connection; the next call opens it again. */
	close(): Promise<void>;
}

const codeOf = (error: unknown): number => {
	const { code } = error as { code?: unknown };
	return typeof code === 'number' ? code : -1;
};

const step = async (work: (done: (error?: Error | null) => void) => void): Promise<void> =>
	await new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));

const absent = (error: unknown): null => {
	if (codeOf(error) === NO_SUCH_FILE) return null;
	throw asError(error);
};

const lstat = async (sftp: SFTPWrapper, target: string): Promise<Stats | null> =>
	await new Promise<Stats>((resolve, reject) => sftp.lstat(target, (error, stats) => (error ? reject(error) : resolve(stats)))).catch(absent);

/** Opens the folder; the server is reached at the first call. @param idleMs when the connection is closed after the last call */
export function openSftpFolder(account: SftpAccount, idleMs?: number): SftpFolder {
	const connection = sftpConnection(account, idleMs);
	const base = account.directory.trim().replace(/\/+$/, '') || (account.directory.trim().startsWith('/') ? '' : '.');
	const label = `sftp://${account.user}@${account.host}:${account.port ?? 22}/${base.replace(/^\/|^\.$/, '')}`;
	const placeOf = (directory: string, name?: string): string => [label.replace(/\/$/, ''), directory, name].filter(Boolean).join('/');
	const pathOf = (directory: string, name?: string): string => [base, ...directoryParts(directory), ...(name === undefined ? [] : [name])].join('/');

	async function within<T>(call: string, directory: string, name: string | undefined, body: (sftp: SFTPWrapper) => Promise<T>, written: () => 'no' | 'maybe' = () => 'no'): Promise<T> {
		const place = placeOf(directory, name);
		assertOutsideTransaction(`${call} ${place}`);
		if (name !== undefined) assertPlainName(name);
		directoryParts(directory);
		try {
			return await connection.run(body);
		} catch (error) {
			throw failureOf(error, call, place, written());
		}
	}

	async function makeDirectories(sftp: SFTPWrapper, directory: string): Promise<void> {
		const parts = directoryParts(directory);
		if ((await lstat(sftp, pathOf('')))?.isDirectory() !== true) throw rootMissing(label);
		for (let depth = 1; depth <= parts.length; depth += 1) {
			const target = pathOf(parts.slice(0, depth).join('/'));
			if ((await lstat(sftp, target)) !== null) continue;
			await step((done) => sftp.mkdir(target, done)).catch((error: unknown) => {
				// Somebody else made it at the same time.
				if (codeOf(error) !== FAILURE) throw asError(error);
			});
		}
	}

	const entryOf = (name: string, { size, mtime }: Pick<Stats, 'size' | 'mtime'>): FileEntry => ({ name, size, modifiedAt: mtime * 1000 });

	return {
		label,
		close: connection.close,

		list: async (directory) =>
			await within('list', directory, undefined, async (sftp) => {
				const found = await new Promise<Array<{ filename: string; attrs: Stats }>>((resolve, reject) => {
					sftp.readdir(pathOf(directory), (error, entries) => (error ? reject(error) : resolve(entries as Array<{ filename: string; attrs: Stats }>)));
				}).catch(absent);
				if (found === null) {
					if (directory === '') throw rootMissing(label);
					return [];
				}
				return found
					.filter(({ filename, attrs }) => !filename.startsWith('.') && !/\.tmp$/i.test(filename) && !/[/\\]/.test(filename) && attrs.isFile())
					.map(({ filename, attrs }) => entryOf(filename, attrs))
					.sort((a, b) => (a.name < b.name ? -1 : 1));
			}),

		stat: async (directory, name) =>
			await within('look at', directory, name, async (sftp) => {
				const found = await lstat(sftp, pathOf(directory, name));
				return found?.isFile() ? entryOf(name, found) : null;
			}),

		async *read(directory, name) {
			const chunks = await within('read', directory, name, async (sftp) => {
				const found = await lstat(sftp, pathOf(directory, name));
				if (found?.isFile() !== true) {
					throw new FolderFailure(`${placeOf(directory, name)} is not there (any more), or is no plain file.`, 'Somebody else took it; nothing needs to be done when it was read elsewhere.', 'no', { retryable: true });
				}
				const all: Buffer[] = [];
				let size = 0;
				// Read whole before anything is handed on, so that a connection that breaks half way gives no half file.
				for await (const chunk of sftp.createReadStream(pathOf(directory, name))) {
					all.push(chunk as Buffer);
					size += (chunk as Buffer).length;
				}
				if (size < found.size) throw new FolderFailure(`${placeOf(directory, name)} was cut off while it was read.`, 'It is tried again by itself.', 'no', { retryable: true });
				return all;
			});
			yield* chunks;
		},

		create: async (directory, name, content) => {
			let written: 'no' | 'maybe' = 'no';
			return await within<'created' | 'exists'>(
				'create',
				directory,
				name,
				async (sftp) => {
					await makeDirectories(sftp, directory);
					if ((await lstat(sftp, pathOf(directory, name))) !== null) return 'exists';
					const temporary = pathOf(directory, `.${randomBytes(8).toString('hex')}.tmp`);
					try {
						await pipeline([Buffer.from(content)], sftp.createWriteStream(temporary, { flags: 'wx', mode: 0o664 }));
						await flush(sftp, temporary);
						written = 'maybe';
						await step((done) => sftp.rename(temporary, pathOf(directory, name), done));
						return 'created';
					} catch (error) {
						if (codeOf(error) !== -1) written = 'no';
						await step((done) => sftp.unlink(temporary, done)).catch(() => {});
						if (codeOf(error) === FAILURE && (await lstat(sftp, pathOf(directory, name))) !== null) return 'exists';
						throw asError(error);
					}
				},
				() => written,
			);
		},

		move: async (fromDirectory, name, toDirectory) =>
			await within('move', fromDirectory, name, async (sftp) => {
				const source = pathOf(fromDirectory, name);
				const found = await lstat(sftp, source);
				if (found?.isFile() !== true) return null;
				await makeDirectories(sftp, toDirectory);
				for (let attempt = 0; attempt < 100; attempt += 1) {
					const candidate = attempt === 0 ? name : withSuffix(name, shortHash(`${name}:${found.size}:${found.mtime}:${attempt}`));
					const target = pathOf(toDirectory, candidate);
					try {
						await step((done) => sftp.rename(source, target, done));
						return candidate;
					} catch (error) {
						if ((await lstat(sftp, source)) === null) return null;
						if (codeOf(error) !== FAILURE || (await lstat(sftp, target)) === null) throw asError(error);
					}
				}
				throw new FolderFailure(`No free name was found for ${name}.`, 'Clear out the directory.', 'no');
			}),
	};
}

/** To the disk of the server, where it offers that (OpenSSH). */
async function flush(sftp: SFTPWrapper, target: string): Promise<void> {
	const handle = await new Promise<Buffer>((resolve, reject) => sftp.open(target, 'r+', (error, opened) => (error ? reject(error) : resolve(opened))));
	try {
		await step((done) => sftp.ext_openssh_fsync(handle, done)).catch(() => {});
	} finally {
		await step((done) => sftp.close(handle, done));
	}
}

const rootMissing = (label: string): FolderFailure =>
	new FolderFailure(`The folder ${label} does not exist.`, 'Check the directory in the SFTP credential, or create it on the server.', 'no', { retryable: true });

function failureOf(error: unknown, call: string, place: string, written: 'no' | 'maybe'): FulfillmentError {
	if (error instanceof FulfillmentError) return error;
	const problem =
		codeOf(error) === PERMISSION_DENIED ? 'the user may not do this' : codeOf(error) === -1 ? `the connection broke (${(error as Error).message})` : `the server says ${(error as Error).message}`;
	return new FolderFailure(`Cannot ${call} ${place}: ${problem}.`, 'Check the folder and its permissions on the SFTP server; it is tried again by itself.', written, { retryable: true, cause: error });
}
