/** Reads what a warehouse reports entry by entry: one that cannot be read is a failure of its own, and stops no other. */
import { createHash } from 'node:crypto';
import { PartnerError } from '../../http/partner';
import { asError, FulfillmentError, MappingError, shown } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { WmsEvent } from '../../order/wmsEvent';
import { isList, isObject, type JsonObject, jsonOf, textOf } from './json';

export interface Report {
	events: WmsEvent[];
	failures: NewImportFailure[];
}

/** Of whose entries. */
export interface Reporter {
	/** Code of the adapter; begins the keys of failures. */
	code: string;
	/** As people call the warehouse. */
	label: string;
	/** What an entry is: "order". */
	what: string;
	/** The warehouse's key of an entry; null = it has none that can be read. Default: its `id`. */
	keyOf?: (entry: JsonObject) => string | null;
}

/**
 * What the entries of a list report. One that is no object, one whose reader throws MappingError, and one of which the warehouse itself refuses to tell the
 * rest, are failures. What nobody foresaw is one too, unless it hits every one of several entries: then it is thrown on, since it is not the fault of one.
 *
 * @param read may ask for the rest of an entry
 */
export async function reportsOf<Read extends Report>(
	entries: readonly unknown[],
	from: Reporter,
	read: (entry: JsonObject) => Read | Promise<Read>,
): Promise<Report & { read: Read[] }> {
	const report: Report & { read: Read[] } = { events: [], failures: [], read: [] };
	const defects: Error[] = [];
	for (const entry of entries) {
		try {
			if (!isObject(entry)) throw new MappingError(from.what, entry ?? null, 'is not an object', remedyOf(from));
			const one = await read(entry);
			if (one.events.some(({ reference, wmsOrderId }) => !reference && !wmsOrderId))
				throw new MappingError(from.what, keyOf(entry, from), 'does not say which order it is about', remedyOf(from));
			report.read.push(one);
			report.events.push(...one.events);
			report.failures.push(...one.failures);
		} catch (error) {
			const problem = asError(error);
			const known = problem instanceof MappingError || saidOfOne(problem);
			if (!known && problem instanceof FulfillmentError) throw problem;
			if (!known) defects.push(problem);
			report.failures.push(failureOf(entry, from, problem));
		}
	}
	const [defect] = defects;
	if (defect !== undefined && defects.length > 1 && defects.length === entries.length) throw defect;
	return report;
}

/** The partner itself said something of this one entry that is no use. A page, or nothing, may be of whatever stands before it, and is of all entries. */
const saidOfOne = (error: Error): boolean =>
	error instanceof PartnerError &&
	(error.code === 'partner_refused' || (error.code === 'unexpected_answer' && isObject(error.details.body)));

/** A list of objects in an entry; absent and null are none. Throws MappingError for anything else: what is there must not be taken for nothing. */
export function objectsOf(from: JsonObject, name: string, remedy: string): JsonObject[] {
	const value = from[name] ?? [];
	if (!isList(value)) throw new MappingError(name, value, 'is not a list', remedy);
	return value.map((one, index) => {
		if (!isObject(one)) throw new MappingError(`${name}[${index}]`, one ?? null, 'is not an object', remedy);
		return one;
	});
}

const remedyOf = ({ label, what }: Reporter): string =>
	`Look at the ${what} in ${label}; if it left, record the shipment by hand with Order Store. It is read again when it changes there.`;

const keyOf = (entry: JsonObject, { keyOf: own = ({ id }) => textOf(id) }: Reporter): string | null => own(entry);

function failureOf(entry: unknown, from: Reporter, error: Error): NewImportFailure {
	const { code, label, what } = from;
	const key = isObject(entry) ? keyOf(entry, from) : null;
	const known = error instanceof FulfillmentError ? error : null;
	return {
		subject: 'shipment',
		key: `${code}:${
			key ??
			`unreadable:${createHash('sha256')
				.update(JSON.stringify(entry) ?? '')
				.digest('base64url')}`
		}`,
		origin: `${label} ${what} ${key === null ? '?' : shown(key)}`,
		message: known?.message ?? `It could not be read: ${shown(error.message, 200)}.`,
		remedy:
			known === null
				? 'It is a defect of this package: report it, without what is of the customer. If it left, record the shipment by hand with Order Store.'
				: error instanceof MappingError
					? known.remedy
					: remedyOf(from),
		payload: jsonOf(entry),
	};
}
