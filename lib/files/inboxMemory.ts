/**
 * What is remembered of files that were read to their end, beside the position of their source: those that were put away lately, since whoever wrote them may
 * write on, and those that nobody lets us put away.
 */
import { isObject } from '../order/json';
import type { JsonValue } from '../order/order';
import type { Cursor } from '../order/wmsEvent';
import type { FolderFailure } from './Folder';
import { pathOf, type InboxFile } from './inboxFile';
import { shortHash } from './names';
import { endOf, positionIn, type FinalPlace, type PlacedFile } from './position';

/** A file as it was when it was read to its end. */
export interface RememberedFile extends PlacedFile {
	hash: string;
	inbox: string;
	original: string;
	to: FinalPlace;
}

/** So many that were put away are looked at again at each poll. */
const MOST_AWAY = 50;
/** A file beyond these is read again, which records nothing twice. */
const MOST_STUCK = 500;

const MOST_SHOWN = 20;

/** A file that stays where it is, for people. */
export interface StuckFile {
	file: InboxFile;
	problem: FolderFailure;
}

/** @param code of the adapter; begins the key */
export const stuckFailure = ({ file, problem }: StuckFile, code: string) => ({
	key: `${code}:${pathOf(file)}:stays`,
	origin: pathOf(file),
	message: `${pathOf(file)} was read, and what is in it is recorded, but it cannot be put away: ${problem.message}`,
	remedy:
		'Allow the user of n8n to move files there, or have the file removed. Until then it stays where it is and is not read again unless it changes; other files are read.',
	payload: { file: pathOf(file) },
});

const isSame = (a: Pick<PlacedFile, 'directory' | 'name'>, b: Pick<PlacedFile, 'directory' | 'name'>): boolean =>
	a.directory === b.directory && a.name === b.name;

/** Of one source, in one poll. */
export class InboxMemory {
	private awayFiles: RememberedFile[];
	private stuckFiles: RememberedFile[];
	private readonly untold: StuckFile[] = [];
	private position: Cursor | null;
	private shown: string[];

	/** @param cursor where the poll begins */
	constructor(cursor: Cursor | null = null) {
		this.position = cursor;
		this.awayFiles = filesIn(cursor, 'away');
		this.stuckFiles = filesIn(cursor, 'stuck');
		this.shown = shownIn(cursor);
	}

	/** Put away lately, or to be put away. */
	get away(): readonly RememberedFile[] {
		return this.awayFiles;
	}

	/** Read, and still where they were. */
	get stuck(): readonly RememberedFile[] {
		return this.stuckFiles;
	}

	/** As it was when it was read. */
	stuckAs(file: PlacedFile): RememberedFile | null {
		return this.stuckFiles.find((one) => isSame(one, file) && one.size === file.size) ?? null;
	}

	/** @param done how many items of the file are recorded once this page is */
	positionIn(file: InboxFile, hash: string, done: number): Cursor {
		return this.at(positionIn(file, hash, done));
	}

	/** With this page all of the file is recorded. */
	endOf(file: InboxFile, hash: string, done: number, to: FinalPlace): Cursor {
		const { directory, name, size, modifiedAt, inbox, original } = file;
		this.awayFiles = [
			...this.awayFiles.filter((one) => !isSame(one, file)),
			{ directory, name, size, modifiedAt, hash, inbox, original, to },
		];
		return this.at(endOf(file, hash, done, to));
	}

	/** It cannot be moved: it is done with where it is. */
	stays(file: InboxFile, hash: string, to: FinalPlace, problem: FolderFailure): void {
		this.forget(file);
		const { directory, name, size, modifiedAt, inbox, original } = file;
		this.stuckFiles.push({ directory, name, size, modifiedAt, hash, inbox, original, to });
		this.untold.push({ file, problem });
	}

	/** It is as it was, but its date. */
	dated(file: RememberedFile, modifiedAt: number): void {
		this.stuckFiles = this.stuckFiles.map((one) => (isSame(one, file) ? { ...one, modifiedAt } : one));
	}

	/** It is not there any more, or it is to be read again. */
	forget(file: Pick<PlacedFile, 'directory' | 'name'>): void {
		this.awayFiles = this.awayFiles.filter((one) => !isSame(one, file));
		this.stuckFiles = this.stuckFiles.filter((one) => !isSame(one, file));
	}

	/** Those that began to stay since somebody asked last. */
	tell(): StuckFile[] {
		return this.untold.splice(0);
	}

	/** Whether this is to be shown to people now: it was not before. */
	showOnce(what: string): boolean {
		const key = shortHash(what);
		if (this.shown.includes(key)) return false;
		this.shown.push(key);
		return true;
	}

	/** The position that was given last, with what is remembered now. */
	cursor(): Cursor | null {
		return this.position === null ? null : this.at(this.position);
	}

	private at(position: Cursor): Cursor {
		this.position = {
			...(isObject(position) ? position : {}),
			away: this.awayFiles.slice(-MOST_AWAY).map(jsonOf),
			stuck: this.stuckFiles.slice(-MOST_STUCK).map(jsonOf),
			shown: this.shown.slice(-MOST_SHOWN),
		};
		return this.position;
	}
}

const jsonOf = ({ directory, name, size, modifiedAt, hash, inbox, original, to }: RememberedFile): JsonValue => ({
	directory,
	name,
	size,
	modifiedAt,
	hash,
	inbox,
	original,
	to,
});

function filesIn(cursor: Cursor | null, list: 'away' | 'stuck'): RememberedFile[] {
	const given = isObject(cursor) ? cursor[list] : null;
	return Array.isArray(given) ? given.flatMap((one) => fileIn(one) ?? []) : [];
}

function shownIn(cursor: Cursor | null): string[] {
	const given = isObject(cursor) ? cursor.shown : null;
	return Array.isArray(given) ? given.filter((one) => typeof one === 'string') : [];
}

function fileIn(value: unknown): RememberedFile | null {
	if (!isObject(value)) return null;
	const { directory, name, size, modifiedAt, hash, inbox, original, to } = value;
	return typeof directory === 'string' &&
		typeof name === 'string' &&
		typeof size === 'number' &&
		typeof modifiedAt === 'number' &&
		typeof hash === 'string' &&
		typeof inbox === 'string' &&
		typeof original === 'string'
		? { directory, name, size, modifiedAt, hash, inbox, original, to: to === 'failed' ? 'failed' : 'archive' }
		: null;
}
