/** One entry that cannot be recorded, for a reason that nobody foresaw, stops no other of its page. */
import { asError, FulfillmentError, shown } from '../order/errors';
import type { NewImportFailure } from '../order/importFailure';
import type { ImportedOrder, JsonValue } from '../order/order';
import type { WmsEvent } from '../order/wmsEvent';

/** Why an entry could not be recorded. */
type Unrecorded = Pick<NewImportFailure, 'message' | 'remedy'>;

interface RecordedOneByOne<Entry, Result> {
	/** Of the entries that were recorded, in their order. */
	results: Result[];
	failed: number;
	/** Those that were not, and why. */
	unrecorded: Map<Entry, NewImportFailure>;
}

/**
 * Records a page whole. When that fails by itself, entry by entry; those that cannot be recorded are failures that keep them, and the position
 * moves with the last step. What the order store says on purpose (it cannot be reached, another poller was faster) is thrown on, and so is the first error
 * when none of several entries can be recorded: then it is not the fault of one.
 *
 * @param record writes entries and failures; `last` = the position moves with them
 */
export async function recordOneByOne<Entry, Result>(
	entries: readonly Entry[],
	record: (entries: readonly Entry[], failures: readonly NewImportFailure[], last: boolean) => Promise<Result[]>,
	failureOf: (entry: Entry, why: Unrecorded) => NewImportFailure,
): Promise<RecordedOneByOne<Entry, Result>> {
	try {
		return { results: await record(entries, [], true), failed: 0, unrecorded: new Map() };
	} catch (error) {
		if (error instanceof FulfillmentError || entries.length === 0) throw asError(error);
	}
	const results: Result[] = [];
	const failures = new Map<Entry, NewImportFailure>();
	let first: unknown = null;
	for (const entry of entries) {
		try {
			results.push(...(await record([entry], [], false)));
		} catch (error) {
			if (error instanceof FulfillmentError) throw asError(error);
			first ??= error;
			failures.set(entry, failureOf(entry, unrecorded(error)));
		}
	}
	if (failures.size === entries.length && entries.length > 1) throw asError(first);
	await record([], [...failures.values()], true);
	return { results, failed: failures.size, unrecorded: failures };
}

const unrecorded = (error: unknown): Unrecorded => ({
	message: `It could not be recorded: ${shown(asError(error).message, 200)}.`,
	remedy:
		'It is a defect of this package: report it, without what is of the customer. After an update use Import Failure → Retry, or let the partner give it again.',
});

export const unrecordedOrder = ({ externalId, raw }: ImportedOrder, why: Unrecorded): NewImportFailure => ({
	subject: 'order',
	key: externalId,
	origin: `order ${shown(externalId)}`,
	payload: raw,
	...why,
});

export const unrecordedReport = (event: WmsEvent, why: Unrecorded): NewImportFailure => ({
	subject: 'shipment',
	key: JSON.stringify([event.kind, event.reference ?? null, event.wmsOrderId ?? null, 'externalId' in event ? event.externalId : null]),
	origin: event.origin,
	payload: event as unknown as JsonValue,
	...why,
});
