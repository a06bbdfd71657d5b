/** Directories of the exchange folder on an SFTP server, and the steps of the protocol. */
import type { SFTPWrapper, Stats } from 'ssh2';
import { asError, FulfillmentError } from '../order/errors';
import { assertOutsideTransaction } from '../order/transactionScope';
import { FolderFailure } from './Folder';
import { assertPlainName, directoryParts } from './names';
import { directoryMode, type FilePermissions } from './permissions';
import type { SftpConnection } from './sftpConnection';

/** Answers of the protocol (SSH_FX_*). */
export const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
export const FAILURE = 4;

const SET_GROUP = 0o2000;

export interface SftpRoot {
	connection: SftpConnection;
	/** On the server. */
	base: string;
	/** As people know it: never a password. */
	label: string;
	/** Who may read what is written. */
	permissions: FilePermissions;
}

/** As people know it, for error texts. */
export const placeIn = ({ label }: SftpRoot, directory: string, name?: string): string =>
	[label.replace(/\/$/, ''), directory, name].filter(Boolean).join('/');

export const pathIn = ({ base }: SftpRoot, directory: string, name?: string): string =>
	[base, ...directoryParts(directory), ...(name === undefined ? [] : [name])].join('/');

export const codeOf = (error: unknown): number => {
	const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
	return typeof code === 'number' ? code : -1;
};

export const step = async (work: (done: (error?: Error | null) => void) => void): Promise<void> =>
	await new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));

export const absent = (error: unknown): null => {
	if (codeOf(error) === NO_SUCH_FILE) return null;
	throw asError(error);
};

export const lstat = async (sftp: SFTPWrapper, target: string): Promise<Stats | null> =>
	await new Promise<Stats>((resolve, reject) => sftp.lstat(target, (error, stats) => (error ? reject(error) : resolve(stats)))).catch(
		absent,
	);

/** A server that tells no modes has none. */
export const modeOf = async (sftp: SFTPWrapper, target: string): Promise<number> =>
	await new Promise((resolve, reject) =>
		sftp.stat(target, (error, stats) => (error ? reject(error) : resolve((stats as Partial<Stats>).mode ?? 0o777))),
	);

/** Runs `body` on the connection; what the server says becomes a FolderFailure that names the place. @param written whether a file may be visible now */
export async function within<T>(
	root: SftpRoot,
	call: string,
	directory: string,
	name: string | undefined,
	body: (sftp: SFTPWrapper) => Promise<T>,
	written: () => 'no' | 'maybe' = () => 'no',
): Promise<T> {
	const place = placeIn(root, directory, name);
	assertOutsideTransaction(`${call} ${place}`);
	if (name !== undefined) assertPlainName(name);
	directoryParts(directory);
	try {
		return await root.connection.run(body);
	} catch (error) {
		throw failureOf(error, call, place, written());
	}
}

export async function makeDirectories(root: SftpRoot, sftp: SFTPWrapper, directory: string): Promise<void> {
	const parts = directoryParts(directory);
	if ((await lstat(sftp, pathIn(root, '')))?.isDirectory() !== true) throw rootMissing(root);
	for (let depth = 1; depth <= parts.length; depth += 1) {
		const target = pathIn(root, parts.slice(0, depth).join('/'));
		if ((await lstat(sftp, target)) !== null) continue;
		const { mode, exact } = directoryMode(root.permissions);
		const made = await step((done) => sftp.mkdir(target, { mode }, done)).then(
			() => true,
			(error: unknown) => {
				// Somebody else made it at the same time.
				if (codeOf(error) !== FAILURE) throw asError(error);
				return false;
			},
		);
		// What the parent passes on of its own stays: the bit that hands its group down.
		if (made && exact) {
			const inherited = (await modeOf(sftp, target)) & SET_GROUP;
			await step((done) => sftp.chmod(target, mode | inherited, done));
		}
	}
}

export const rootMissing = ({ label }: SftpRoot): FolderFailure =>
	new FolderFailure(
		`The folder ${label} does not exist.`,
		'Check the directory in the SFTP credential, or create it on the server.',
		'no',
		{ retryable: true },
	);

function failureOf(error: unknown, call: string, place: string, written: 'no' | 'maybe'): FulfillmentError {
	if (error instanceof FulfillmentError) return error;
	const problem =
		codeOf(error) === PERMISSION_DENIED
			? 'the user may not do this'
			: codeOf(error) === -1
				? `the connection broke (${asError(error).message})`
				: `the server says ${asError(error).message}`;
	return new FolderFailure(
		`Cannot ${call} ${place}: ${problem}.`,
		'Check the folder and its permissions on the SFTP server; it is retried automatically.',
		written,
		{ retryable: true, cause: error },
	);
}
