import type { JsonValue } from './order';

export const FAILURE_SUBJECTS = ['order', 'shipment'] as const;

/** A raw order (or a warehouse's report) that cannot be mapped: kept, shown, and importable after a fix. */
export interface NewImportFailure {
	subject: (typeof FAILURE_SUBJECTS)[number];
	/**
	 * The cart's key of the order (`externalId`) where it is known, so that its import resolves the failure. The same key from the
	 * same source is the same failure: recorded once, its count goes up.
	 */
	key: string;
	/** For people: "orders-2026-11.csv, row 17". */
	origin: string;
	message: string;
	remedy: string;
	payload: JsonValue;
}
