/**
 * Rows become what their types say, once, where they come in: a column whose values are of a closed list (tables.ts) is checked by its name, so that nobody behind
 * has to say what a status is. What the list does not have was written by a newer version.
 */
import { FulfillmentError, shown } from '../../order/errors';
import type { Column } from './columns';
import { TABLES } from './tables';

type Words = ReadonlySet<string>;

/** A name means the same in every table that has it with a list; a test compares. */
const LISTS: ReadonlyArray<readonly [name: string, words: Words]> = [
	...new Map(
		Object.values(TABLES).flatMap((columns) =>
			Object.entries<Column>(columns).flatMap(([name, { words }]): Array<[string, Words]> => (words === undefined ? [] : [[name, words]])),
		),
	),
];

/** The same rows, as `R`. Throws FulfillmentError `newer_schema`. A few look-ups a row: reading it takes a hundred times as long. */
export function parsedRows<R extends object>(records: ReadonlyArray<Readonly<Record<string, unknown>>>): R[] {
	const [first] = records;
	if (first !== undefined) {
		for (const [name, words] of LISTS) {
			if (!(name in first)) continue;
			let known: unknown = null;
			for (const record of records) {
				const value = record[name];
				// Most rows of an answer have the same word as the one before.
				if (value === known) continue;
				if (value !== null && !words.has(value as string)) throw unknownWord(name, value);
				known = value;
			}
		}
	}
	return records as unknown as R[];
}

/** @example throw unknownWord('status', 'teleported') */
export const unknownWord = (column: string, value: unknown): FulfillmentError =>
	new FulfillmentError(
		'newer_schema',
		`The order store has ${shown(value)} as "${column}", which this version of n8n-nodes-order-fulfillment does not know.`,
		'Update the community node to the newest version, in every n8n that uses this order store.',
	);
