/** One order as it stands in a file, before its translation: plain JSON, kept as the source payload. */
import type { JsonValue } from '../../order/order';
import type { ColumnMapping } from './mapping';
import type { OrderDefaults } from './settings';

export type TablePreset = 'shopify' | 'woocommerce' | 'csv';

/** Where the order was read, for error texts; it is not part of what is kept, so that a re-export is the same order. */
export interface RawOrigin {
	file: string;
	/** The line of each of `rows`, or of the one JSON object. */
	rows: number[];
}

export interface RawProblem {
	path: string;
	value: string;
	problem: string;
}

export interface RawTableOrder {
	format: TablePreset;
	/** Only for `csv`. */
	mapping?: ColumnMapping;
	defaults: OrderDefaults;
	/** Cells that are not blank, by column. */
	rows: Array<Record<string, string>>;
	/** Set when a row of the order could not be read: such an order is never imported in part. */
	problem?: RawProblem;
	origin?: RawOrigin;
}

export interface RawJsonOrder {
	format: 'json';
	defaults: OrderDefaults;
	order: JsonValue;
	/** Set when the line is no JSON. */
	problem?: RawProblem;
	origin?: RawOrigin;
}

export type RawFileOrder = RawTableOrder | RawJsonOrder;

export const isRawFileOrder = (raw: unknown): raw is RawFileOrder => {
	if (typeof raw !== 'object' || raw === null || !('format' in raw)) return false;
	// A payload that a person corrected may lack it.
	if (!('defaults' in raw) || typeof raw.defaults !== 'object' || raw.defaults === null) return false;
	if (raw.format === 'json') return 'order' in raw;
	return ['shopify', 'woocommerce', 'csv'].includes(String(raw.format)) && 'rows' in raw && Array.isArray(raw.rows);
};

/** What is kept of the order: all but where it was read. */
export function payloadOf(raw: RawFileOrder): JsonValue {
	const kept: Partial<RawFileOrder> = { ...raw };
	delete kept.origin;
	return kept as unknown as JsonValue;
}
