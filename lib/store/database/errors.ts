/** What the databases' errors mean, as data. */
import { QueryFailedError } from 'typeorm';
import { FulfillmentError } from '../../order/errors';
import { isBusy, storeBusy } from './writeGate';

/** The connection cannot be made, or broke: SQLSTATE classes and codes of Node's sockets. */
const UNAVAILABLE = /^(08...|57P0[1-5]|53300|E(CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|PIPE|AI_AGAIN))$/;
/** The server ended a transaction since this process stood still in the middle of it; nothing of it was written. */
const STOOD_STILL = '25P03';
/** Another transaction won, or ours was ended before its commit; the same one may succeed when it is run again. */
const REPEATABLE = /^(40001|40P01|25P03)$/;
const REFUSED = /^(28...|3D000|3F000|42501)$/;

/** What the disk below the database says, by SQLSTATE, SQLite's code or the file system's. */
const DISK: ReadonlyArray<readonly [codes: RegExp, problem: string, remedy: string]> = [
	[
		/^(SQLITE_FULL|53100|ENOSPC)$/,
		'no space is left on its disk',
		'Free space on the disk of the order store. Nothing was changed; the next run tries again.',
	],
	[/^EDQUOT$/, 'its disk quota is used up', 'Free space, or raise the quota. Nothing was changed; the next run tries again.'],
	[
		/^(SQLITE_READONLY|EROFS|25006)$/,
		'it may only be read',
		'Mount the disk for writing and give the user who runs n8n write permission on the file of the order store and its folder; on Postgres, connect to the primary server.',
	],
	[
		/^(EACCES|EPERM)$/,
		'the user who runs n8n may not open its file',
		'Give the user who runs n8n read and write permission on the file of the order store and its folder.',
	],
	[
		/^(SQLITE_CANTOPEN|ENOTDIR|EISDIR)$/,
		'its file cannot be opened',
		'Check the path in the credential of the order store: a file in a folder that the user who runs n8n may write to.',
	],
	[
		/^(SQLITE_IOERR|EIO|58030)$/,
		'its disk reports an input/output error',
		'Check the disk of the order store and the space on it. Nothing was changed; the next run tries again.',
	],
	[
		/^(SQLITE_CORRUPT|SQLITE_NOTADB)$/,
		'its file is damaged or no SQLite database',
		'Check the path in the credential of the order store; if it is right, stop n8n and restore the newest backup.',
	],
];

const causeOf = (error: unknown): unknown => {
	const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
	// Node gives one error for all addresses of a host.
	const errors = typeof cause === 'object' && cause !== null && 'errors' in cause ? cause.errors : undefined;
	return Array.isArray(errors) && errors.length > 0 ? (errors[0] as unknown) : cause;
};

const codeOf = (error: unknown): string => {
	const cause = causeOf(error);
	return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
};

export const isRepeatable = (error: unknown): boolean => REPEATABLE.test(codeOf(error));

const connectionLost = (error: unknown): boolean =>
	UNAVAILABLE.test(codeOf(error)) ||
	/Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query runner already released/i.test(
		typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '',
	);

/** Turns what means something to the user into a FulfillmentError; gives everything else back as it is. */
export function translated(error: unknown): unknown {
	if (error instanceof FulfillmentError) return error;
	if (isBusy(error)) return storeBusy(error);
	const code = codeOf(error);
	if (connectionLost(error)) {
		return new FulfillmentError(
			'store_unavailable',
			`The order store cannot be reached${code === '' ? '' : ` (${code})`}.`,
			'Check that the database of the order store is running and can be reached from n8n. The next run tries again.',
			{ retryable: true },
		);
	}
	if (code === STOOD_STILL) {
		return new FulfillmentError(
			'store_unavailable',
			`The database ended a transaction of the order store, since this n8n process stood still in the middle of it (${code}).`,
			'Nothing was changed; the next run tries again. If it keeps happening, see what stops n8n for that long: a paused container, or a node that computes for many seconds.',
			{ retryable: true },
		);
	}
	const disk = DISK.find(([codes]) => codes.test(code));
	if (disk !== undefined) {
		const [, problem, remedy] = disk;
		return new FulfillmentError('store_unavailable', `The order store cannot be used: ${problem} (${code}).`, remedy, { retryable: true });
	}
	if (REFUSED.test(code)) {
		// The database's own words may hold the user's name; the code says enough.
		return new FulfillmentError(
			'store_configuration',
			`The database refused the order store's credentials or rights (${code}).`,
			'Check user, password, database, schema and rights in the credential of the order store.',
		);
	}
	return error;
}
