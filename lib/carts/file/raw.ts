/** One order as it stands in a file, before its translation: plain JSON, kept as the source payload. */
import { asJson, isObject } from '../../order/json';
import type { JsonValue } from '../../order/order';
import type { ColumnMapping } from './mapping';
import type { OrderDefaults } from './settings';

export type TablePreset = 'shopify' | 'woocommerce' | 'csv';

/** Where the order was read, for error texts; it is not part of what is kept, so that a re-export is the same order. */
interface RawOrigin {
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
	mapping?: ColumnMapping | undefined;
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

const isText = (value: unknown): value is string => typeof value === 'string';

/** A payload that a person corrected may have anything in it. */
export const isRawFileOrder = (raw: unknown): raw is RawFileOrder => {
	if (!isObject(raw) || !isObject(raw.defaults) || !Object.values(raw.defaults).every(isText)) return false;
	if (raw.problem !== undefined && !(isObject(raw.problem) && [raw.problem.path, raw.problem.value, raw.problem.problem].every(isText)))
		return false;
	if (raw.origin !== undefined && !(isObject(raw.origin) && isText(raw.origin.file) && Array.isArray(raw.origin.rows))) return false;
	if (raw.format === 'json') return 'order' in raw;
	if (!isText(raw.format) || !['shopify', 'woocommerce', 'csv'].includes(raw.format)) return false;
	if (
		raw.mapping !== undefined &&
		!(
			isObject(raw.mapping) &&
			Object.values(raw.mapping).every((columns) => isText(columns) || (Array.isArray(columns) && columns.every(isText)))
		)
	)
		return false;
	return Array.isArray(raw.rows) && raw.rows.every((row) => isObject(row) && Object.values(row).every(isText));
};

/** What is kept of the order: all but where it was read. */
export function payloadOf(raw: RawFileOrder): JsonValue {
	const kept: Partial<RawFileOrder> = { ...raw };
	delete kept.origin;
	return asJson(kept);
}
