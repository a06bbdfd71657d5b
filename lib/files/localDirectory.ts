/** A directory of the exchange folder on a disk: opened, and proven to be where it seems to be. */
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { asError, FulfillmentError } from '../order/errors';
import { assertOutsideTransaction } from '../order/transactionScope';
import { isWithin, type FileAccess } from './fileAccess';
import { FolderFailure } from './Folder';
import { folderFailure } from './folderFailure';
import { assertPlainName, directoryParts } from './names';
import { directoryMode, type FilePermissions } from './permissions';
import { absentAsNull, type OpenDirectory } from './steps';

const SET_GROUP = 0o2000;

export interface LocalRoot {
	/** The absolute path, as people know it. */
	label: string;
	access: FileAccess;
	/** Who may read what is written. */
	permissions: FilePermissions;
}

/** As people know it, for error texts. */
export const placeIn = ({ label }: LocalRoot, directory: string, name?: string): string =>
	[label, directory, name].filter(Boolean).join('/');

/** Runs `body` in the open directory; errors of the file system become a FolderFailure that names the place. */
export async function within<T>(
	root: LocalRoot,
	call: string,
	directory: string,
	name: string | undefined,
	create: boolean,
	absent: T,
	body: (open: OpenDirectory) => Promise<T>,
): Promise<T> {
	const place = placeIn(root, directory, name);
	assertOutsideTransaction(`${call} ${place}`);
	if (name !== undefined) assertPlainName(name);
	let open: OpenDirectory | null = null;
	try {
		open = await openDirectory(root, directory, create);
		return open === null ? absent : await body(open);
	} catch (error) {
		throw folderFailure(error, call, place);
	} finally {
		await open?.close();
	}
}

/** null = the directory is absent (and `create` is off). */
async function openDirectory(root: LocalRoot, directory: string, create: boolean): Promise<OpenDirectory | null> {
	const { label, access, permissions } = root;
	const place = placeIn(root, directory);
	const parts = directoryParts(directory);
	const realRoot = await access.assertFileAccess(label);
	const target = path.join(realRoot, ...parts);
	assertInside(realRoot, await access.assertFileAccess(target), place);
	await assertRootExists(realRoot, label);
	if (create) await makeDirectories(realRoot, parts, access, permissions);
	const real = await fs.realpath(target).catch(absentAsNull);
	if (real === null) return null;
	assertInside(realRoot, real, place);
	// Windows cannot open a directory; there the path is used as it is, after the same checks.
	if (process.platform === 'win32') return { at: (name) => path.join(real, name), sync: async () => {}, close: async () => {} };
	const handle = await fs.open(real, constants.O_RDONLY | constants.O_DIRECTORY).catch(absentAsNull);
	if (handle === null) return null;
	const base = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : real;
	try {
		const reached = await fs.realpath(base);
		assertInside(realRoot, reached, place);
		await access.assertFileAccess(reached);
	} catch (error) {
		await handle.close();
		throw asError(error);
	}
	return { at: (name) => `${base}/${name}`, sync: async () => await handle.sync(), close: async () => await handle.close() };
}

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

async function makeDirectories(realRoot: string, parts: string[], access: FileAccess, permissions: FilePermissions): Promise<void> {
	const { mode, exact } = directoryMode(permissions);
	let current = realRoot;
	for (const part of parts) {
		// Checked step by step: a link on the way must not have directories made elsewhere.
		const real = await access.assertFileAccess(current);
		assertInside(realRoot, real, current);
		current = path.join(current, part);
		const made = await fs.mkdir(current, mode).then(
			() => true,
			(error: NodeJS.ErrnoException) => {
				if (error.code !== 'EEXIST') throw asError(error);
				return false;
			},
		);
		// What the parent passes on of its own stays: the bit that hands its group down.
		if (made && exact) await fs.chmod(current, mode | ((await fs.stat(current)).mode & SET_GROUP));
	}
}
