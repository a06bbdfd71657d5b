/** The steps by which a file appears or moves inside open directories; between any two of them the process may die. */
import { asError } from '../order/errors';
import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import { codeIn } from './errno';
import { FolderFailure } from './Folder';
import { secondName, shortHash, withSuffix } from './names';

const TEMPORARY = /^\.[0-9]+-[0-9a-f]{16}\.tmp$/;
const DAY_MS = 86_400_000;
/** A mover reserves its target name for an instant; what is still reserved after this long was left by a crash. */
const RESERVATION_MS = 3_600_000;
const LOCK_MS = 60_000;
/** What file systems without hard links answer to `link` (FAT, some shares and container mounts). */
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

/** An open directory: names are resolved relative to it. */
export interface OpenDirectory {
	at(name: string): string;
	sync(): Promise<void>;
	close(): Promise<void>;
}

/** A hidden name that no other process and no other call uses. */
export const temporaryName = (): string => `.${process.pid}-${randomBytes(8).toString('hex')}.tmp`;

/** Links, directories, pipes and devices are no files of the exchange. */
export async function plainFile(target: string): Promise<Stats | null> {
	const found = await fs.lstat(target).catch(absentAsNull);
	return found?.isFile() ? found : null;
}

export const anything = async (target: string): Promise<boolean> => (await fs.lstat(target).catch(absentAsNull)) !== null;

/** For `catch`: absent is null, anything else is thrown. */
export function absentAsNull(error: unknown): null {
	const code = codeIn(error);
	// ELOOP: the last part is a link and was not followed.
	if (code === 'ENOENT' || code === 'ELOOP') return null;
	throw asError(error);
}

/** Gives the finished temporary file its name; false = the name is taken. */
export async function publish(open: OpenDirectory, temporary: string, name: string): Promise<boolean> {
	try {
		await fs.link(open.at(temporary), open.at(name));
		return true;
	} catch (error) {
		const code = codeIn(error);
		if (code === 'EEXIST') return false;
		if (!NO_HARD_LINKS.has(code)) throw asError(error);
	}
	// Without hard links nothing creates a complete file under a name only if it is free. Writers of ours take turns by a
	// hidden lock file; a rename then shows the file complete. A foreign writer of the very same name is not kept out.
	const lock = open.at(`.${shortHash(name, 16)}.lock`);
	await takeLock(lock, name);
	try {
		if (await anything(open.at(name))) return false;
		await fs.rename(open.at(temporary), open.at(name));
		return true;
	} finally {
		await fs.unlink(lock).catch(() => {});
	}
}

async function takeLock(lock: string, name: string): Promise<void> {
	const left = await fs.lstat(lock).catch(absentAsNull);
	if (left && Date.now() - left.mtimeMs > LOCK_MS) await fs.unlink(lock).catch(() => {});
	const handle = await fs.open(lock, 'wx').catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EEXIST') throw asError(error);
		throw new FolderFailure(`Another process is writing ${name} just now.`, 'It is retried automatically.', 'no', { retryable: true });
	});
	await handle.close();
}

/**
 * Takes a free name for a move by an empty file. A crash right after it leaves that empty file, which the next move of the
 * same name uses; nothing is lost, since the file itself has not moved yet.
 *
 * @param before what the file is called where it comes from
 */
export async function reserve(to: OpenDirectory, name: string, before: string, source: Stats): Promise<{ name: string; fresh: boolean }> {
	for (let attempt = 0; attempt < 100; attempt += 1) {
		const seed = `${source.dev}:${source.ino}:${source.size}:${source.mtimeMs}:${attempt}`;
		const candidate = attempt === 0 ? name : attempt === 1 ? secondName(name, before) : withSuffix(name, shortHash(seed));
		try {
			await (await fs.open(to.at(candidate), 'wx', 0o600)).close();
			return { name: candidate, fresh: true };
		} catch (error) {
			if (codeIn(error) !== 'EEXIST') throw asError(error);
		}
		const there = await plainFile(to.at(candidate));
		if (there?.size === 0 && Date.now() - there.mtimeMs > RESERVATION_MS) return { name: candidate, fresh: false };
	}
	throw new FolderFailure(`No free name was found for ${name}.`, 'Clear out the directory.', 'no');
}

/** Removes what our own crashed processes left behind more than a day ago. */
export async function removeStaleTemporaries(open: OpenDirectory): Promise<void> {
	for (const name of await fs.readdir(open.at('.'))) {
		if (!TEMPORARY.test(name)) continue;
		const found = await fs.lstat(open.at(name)).catch(() => null);
		if (found && Date.now() - found.mtimeMs > DAY_MS) await fs.unlink(open.at(name)).catch(() => {});
	}
}
