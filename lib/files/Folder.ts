import { FulfillmentError } from '../order/errors';

/**
 * A folder that two parties exchange files through: a local one, later SFTP. Names never contain a path separator; `directory`
 * is one level below the root ("orders", "orders/archive" with forward slashes, "" for the root itself). A name or
 * directory that would leave the root is refused with a `file_access` error.
 */
export interface FileEntry {
	name: string;
	size: number;
	/** Milliseconds since 1970; its resolution may be a second. */
	modifiedAt: number;
}

export interface Folder {
	/** For people and for cursors: the absolute path, or host and path. Never a password. */
	readonly label: string;
	/** Plain files of a directory, by name; [] when the directory is absent. Hidden and `*.tmp` files are left out. */
	list(directory: string): Promise<FileEntry[]>;
	stat(directory: string, name: string): Promise<FileEntry | null>;
	/** The content in chunks of bytes. */
	read(directory: string, name: string): AsyncIterable<Uint8Array>;
	/**
	 * Creates a file that nobody sees half written: temporary name, flush, then one atomic step that fails if the name is
	 * taken. Creates the directory when absent.
	 */
	create(directory: string, name: string, content: string | Uint8Array): Promise<'created' | 'exists'>;
	/**
	 * Moves a file in one atomic step: of several movers one gets the name, the others null. Creates the directory when
	 * absent. Never overwrites: when the name is taken, a short hash is put before the extension. Gives the new name; null when the file was gone. */
	move(fromDirectory: string, name: string, toDirectory: string): Promise<string | null>;
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
