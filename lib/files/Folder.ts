import { FulfillmentError } from '../order/errors';

export interface FileEntry {
	name: string;
	size: number;
	/** Milliseconds since 1970; its resolution may be a second. */
	modifiedAt: number;
}

/**
 * A folder that two parties exchange files through: a local one, or one on an SFTP server. Names never contain a path separator; `directory`
 * is relative to the root ("orders", "orders/archive" with forward slashes, "" for the root itself). A name or
 * directory that would leave the root is refused with a `file_access` error.
 */
export interface Folder {
	/** For people and for cursors: the absolute path, or host and path. Never a password. */
	readonly label: string;
	/** Plain files of a directory, by name; [] when the directory is absent. Files with a name that says "not finished" (see `isFinishedName`) are left out. */
	list(directory: string): Promise<FileEntry[]>;
	stat(directory: string, name: string): Promise<FileEntry | null>;
	/** The content in chunks of bytes. @param from how many bytes are left out at the beginning; default: none */
	read(directory: string, name: string, from?: number): AsyncIterable<Uint8Array>;
	/**
	 * What time it is by the clock that dates the files of the directory, read from a file that is written there for an instant: never more than that, so
	 * that a file is at least as old as the difference says. Null = no file can be written there.
	 */
	now(directory: string): Promise<number | null>;
	/**
	 * Creates a file that nobody sees half written: temporary name, flush, then one atomic step that fails if the name is
	 * taken. Creates the directory when absent.
	 */
	create(directory: string, name: string, content: string | Uint8Array): Promise<'created' | 'exists'>;
	/**
	 * Moves a file in one atomic step: of several movers one gets the name, the others null. Creates the directory when
	 * absent. Never overwrites: when the name is taken, a short hash is put before the extension. Gives the new name; null when the file was gone.
	 *
	 * @param as what it is to be called there; default: as before
	 */
	move(fromDirectory: string, name: string, toDirectory: string, as?: string): Promise<string | null>;
	/**
	 * Moves a file in one atomic step to a name that is surely free, since it is random. Of several takers one gets the file as it is now, the others
	 * null. What comes to the old name afterwards stays there. Creates the directory when absent.
	 */
	take(fromDirectory: string, name: string, toDirectory: string, as: string): Promise<FileEntry | null>;
}

/** The folder could not be read or written. `written` tells whether a file that was to be created may be visible now. */
export class FolderFailure extends FulfillmentError {
	override readonly name = 'FolderFailure';

	constructor(
		message: string,
		remedy: string,
		readonly written: 'no' | 'maybe',
		options: { retryable?: boolean; cause?: unknown } = {},
	) {
		super('file_access', message, remedy, options);
	}
}
