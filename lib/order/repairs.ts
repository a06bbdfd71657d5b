/** What Reconcile did right before a statement was made, as its report says. Pure. */
import { FulfillmentError, shown } from './errors';
import { isObject, objectsIn, textOf } from './json';

/** Order numbers. */
export interface Repairs {
	/** These were missing. */
	imported: string[];
	/** The cart had changed or canceled these, unnoticed so far. */
	changed: string[];
	/** False = it did not come to the end of its span. */
	complete: boolean;
}

/** @param report as Reconcile gives it, or as JSON; nothing = it was not run. Throws FulfillmentError `invalid_input`. */
export function repairsIn(report: unknown): Repairs | null {
	if (report === null || report === undefined || (typeof report === 'string' && report.trim() === '')) return null;
	const read = typeof report === 'string' ? parsed(report) : report;
	if (!isObject(read) || !Array.isArray(read.missing)) {
		throw new FulfillmentError(
			'invalid_input',
			`This is no report of Reconcile (value: ${shown(report)}).`,
			'Give under "Report of Reconcile" the whole output of Order Store → Reconcile, or nothing.',
		);
	}
	const numbers = (list: unknown): string[] => objectsIn(list).flatMap(({ orderNumber }) => textOf(orderNumber) ?? []);
	return { imported: numbers(read.missing), changed: numbers(read.changed), complete: read.complete !== false };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
