/** The file of an embedded store: that it is ours, and that it still is the one that we opened. */
import { existsSync, statSync, type BigIntStats } from 'node:fs';
import { asError, FulfillmentError, shown } from '../../order/errors';
import { APPLICATION_ID } from '../migrations';
import { DEFAULT_TABLE_PREFIX } from './config';
import { NodeSqlite } from './nodeSqlite';

/** How long reads believe that the file is still there, in milliseconds. */
const BELIEVED_MS = 1_000;

const replaced = (file: string): FulfillmentError =>
	new FulfillmentError(
		'store_unavailable',
		`The file of the order store, ${shown(file, 200)}, was replaced or deleted while n8n had it open.`,
		'Restart n8n, and read "Restore" in docs/upgrade-and-backup.md. Until then nothing is read or written, so that no order is sent of which the file there knows nothing. ' +
			'What was written between the replacement and this message went into the file that is gone.',
	);

export class OpenedFile {
	private readonly identity: Identity | null;
	private replacedError: FulfillmentError | null = null;
	private lookedAt = Number.NEGATIVE_INFINITY;

	/** Call before SQLite opens it; it must exist. */
	constructor(readonly file: string) {
		this.identity = identityOf(file);
	}

	/**
	 * Throws FulfillmentError `store_unavailable` when another file, or none, is at its path. Then it stays so: what runs has read of the old file, so its versions,
	 * claims and cursors mean nothing in the new one, which might even have the same by chance. Only a new process knows nothing of the old file.
	 */
	check(): void {
		if (this.replacedError !== null) throw this.replacedError;
		this.lookedAt = performance.now();
		const found = identityOf(this.file);
		if (found?.ino === this.identity?.ino && found?.dev === this.identity?.dev) return;
		this.replacedError = replaced(this.file);
		throw this.replacedError;
	}

	/** As `check`, for reads: looks once a second. */
	checkAtTimes(): void {
		if (this.replacedError !== null || performance.now() >= this.lookedAt + BELIEVED_MS) this.check();
	}

	/** The store is older than this process knows it: it was overwritten in its place. */
	fail(): never {
		this.replacedError = replaced(this.file);
		throw this.replacedError;
	}
}

/** What stays the same as long as it is the same file, whatever is in it. */
type Identity = Pick<BigIntStats, 'dev' | 'ino'>;

/** Null = there is none. */
const identityOf = (file: string): Identity | null => statSync(file, { bigint: true, throwIfNoEntry: false }) ?? null;

const foreign = (file: string): FulfillmentError =>
	new FulfillmentError(
		'store_configuration',
		`The file ${shown(file, 200)} is a database of another program.`,
		'Nothing was written to it. Give another path in the Order Store credential, one that no program uses: the file is made there.',
	);

/** Throws FulfillmentError `store_configuration` when the database is another program's. Only reads. */
export function refuseForeign(database: NodeSqlite): void {
	const id = database.pragma('application_id', { simple: true });
	const rows = database
		.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
		.all() as Array<{ name: string }>;
	const isOurs =
		id === APPLICATION_ID || (id === 0 && (rows.length === 0 || rows.some(({ name }) => name === `${DEFAULT_TABLE_PREFIX}migrations`)));
	if (!isOurs) throw foreign(database.name);
}

/**
 * The same by a connection that cannot write, not even what SQLite itself tidies up when it opens and closes a file. Where it cannot read, as after a crash in the
 * middle of a write, the connection that can has to tell.
 */
export function refuseForeignFile(file: string): void {
	if (!existsSync(file) || statSync(file).size === 0) return;
	let database: NodeSqlite | undefined;
	try {
		database = new NodeSqlite(file, { readonly: true });
		refuseForeign(database);
	} catch (error) {
		if (error instanceof FulfillmentError) throw asError(error);
	} finally {
		database?.close();
	}
}
