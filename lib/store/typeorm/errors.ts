/** What the databases' errors mean, as data. */
import { QueryFailedError } from 'typeorm';
import { FulfillmentError } from '../../order/errors';
import { isBusy, storeBusy } from './writeGate';

/** The connection cannot be made, or broke: SQLSTATE classes and codes of Node's sockets. */
const UNAVAILABLE = /^(08...|57P0[1-5]|53300|E(CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|PIPE|AI_AGAIN))$/;
/** Another transaction won; the same one may succeed when it is run again. */
const REPEATABLE = /^(40001|40P01)$/;
const REFUSED = /^(28...|3D000|3F000|42501)$/;

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

const lost = (error: unknown): boolean =>
	UNAVAILABLE.test(codeOf(error)) ||
	/Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query runner already released/i.test(
		typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '',
	);

/** Turns what means something to the user into a FulfillmentError; gives everything else back as it is. */
export function translated(error: unknown): unknown {
	if (error instanceof FulfillmentError) return error;
	if (isBusy(error)) return storeBusy(error);
	const code = codeOf(error);
	if (lost(error)) {
		return new FulfillmentError(
			'store_unavailable',
			`The order store cannot be reached${code === '' ? '' : ` (${code})`}.`,
			'Check that the database of the order store is running and can be reached from n8n. The next run tries again.',
			{ retryable: true },
		);
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
