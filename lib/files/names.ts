/** Names of files and directories inside an exchange folder. They come from carts and partners, so none is trusted. */
import { createHash } from 'node:crypto';
import { FulfillmentError, shown } from '../order/errors';

const refuse = (what: string, name: string, problem: string): never => {
	throw new FulfillmentError(
		'file_access',
		`${what} ${shown(name)} ${problem}.`,
		'Use a plain name of letters, digits, point, hyphen and underscore, without any path.',
	);
};

/** Throws FulfillmentError `file_access` unless `name` is one plain, visible name. */
export function assertPlainName(name: string, what = 'The file name'): string {
	if (name === '') refuse(what, name, 'is empty');
	if (name.includes('\0')) refuse(what, name, 'contains a NUL character');
	// The backslash is a separator on Windows and on shares that Windows reads.
	if (/[/\\]/.test(name)) refuse(what, name, 'contains a path separator');
	// Hidden names are ours alone (temporary files, locks); this also refuses "." and "..".
	if (name.startsWith('.')) refuse(what, name, 'begins with a point');
	if (Buffer.byteLength(name) > 255) refuse(what, name, 'is longer than 255 bytes');
	return name;
}

/** The parts of a directory below the root; "" gives none. Throws FulfillmentError `file_access` when it would leave the root. */
export function directoryParts(directory: string): string[] {
	if (directory === '') return [];
	return directory.split('/').map((part) => assertPlainName(part, `In the directory ${shown(directory)} the part`));
}

/**
 * A file name (without extension) that stands for `key`. A key of harmless characters stays readable as it is; any other
 * loses them and gets a hash, so that two keys never share a name.
 * @example safeFileName('acme.1001') // "acme.1001"
 * @example safeFileName('../../etc/passwd') // "etc_passwd-…"
 */
export function safeFileName(key: string, maxLength = 80): string {
	const harmless = key.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[._]+/, '');
	if (key !== '' && harmless === key && key.length <= maxLength && !/\.tmp$/i.test(key) && !WINDOWS_DEVICE.test(key)) return key;
	return `${harmless.slice(0, maxLength - 13) || 'file'}-${shortHash(key, 12)}`;
}

/** Names that mean a device on Windows, whatever the extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What programs call a file that they are still writing: browsers, WinSCP, FileZilla, rsync; and the lock that Office puts beside an open one. */
const UNFINISHED = /^\.|^~\$|\.(?:tmp|part|partial|filepart|crdownload)$/i;

/** @example isFinishedName('orders.csv.filepart') // false */
export const isFinishedName = (name: string): boolean => !UNFINISHED.test(name);

export const shortHash = (text: string, length = 8): string => createHash('sha256').update(text).digest('hex').slice(0, length);

/** "a.csv" and "1f" give "a-1f.csv". */
export function withSuffix(name: string, suffix: string): string {
	const dot = name.lastIndexOf('.');
	const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
	const room = 255 - Buffer.byteLength(`-${suffix}${extension}`);
	let kept = stem;
	while (Buffer.byteLength(kept) > room) kept = kept.slice(0, -1);
	return `${kept}-${suffix}${extension}`;
}

/**
 * What a file is called in a directory where its name is taken: known beforehand to whoever knows what it was called before the move, since the names of
 * files that were taken from an inbox never come twice.
 *
 * @param before what it was called before the move
 */
export const secondName = (name: string, before: string): string => withSuffix(name, shortHash(before));
