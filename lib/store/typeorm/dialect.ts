/** What differs between the two databases, in one place. SQL elsewhere is common; parameters are `$1`, `$2`, … in both. */
import type { Columns, ColumnType } from './tables';

export interface Dialect {
	readonly kind: 'sqlite' | 'postgres';
	/** SQL of the present, in milliseconds; null = the clock of this machine is the database's. */
	readonly now: string | null;
	/** After SELECT: keeps others from changing the rows. SQLite has one writer at a time anyway. */
	readonly forUpdate: string;
	readonly skipLocked: string;
	/** `column = ANY($n)`. */
	anyOf(parameter: number): string;
	/** The value that `anyOf` takes. */
	list(values: readonly string[]): unknown;
	/** The text as this driver takes it. */
	sql(text: string): string;
	/** The day in UTC, "2026-11-23". */
	day(column: string): string;
	/** Hours from one time to another. */
	hoursBetween(from: string, to: string): string;
}

const POSTGRES_NOW = "date_trunc('milliseconds', clock_timestamp())";

export const POSTGRES: Dialect = {
	kind: 'postgres',
	now: POSTGRES_NOW,
	forUpdate: ' FOR UPDATE',
	skipLocked: ' FOR UPDATE SKIP LOCKED',
	anyOf: (parameter) => `= ANY($${parameter}::text[])`,
	list: (values) => values,
	sql: (text) => text,
	day: (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
	hoursBetween: (from, to) => `(extract(epoch FROM (${to} - ${from})) / 3600)::float8`,
};

const numbered = new Map<string, string>();

export const SQLITE: Dialect = {
	kind: 'sqlite',
	now: null,
	forUpdate: '',
	skipLocked: '',
	anyOf: (parameter) => `IN (SELECT value FROM json_each($${parameter}))`,
	list: (values) => JSON.stringify(values),
	// node:sqlite takes "$1" for a name; "?1" is a place.
	sql: (text) => {
		let known = numbered.get(text);
		if (known === undefined) {
			known = text.replace(/\$(\d+)(::\w+(\[\])?)?/g, '?$1');
			if (numbered.size > 500) numbered.clear();
			numbered.set(text, known);
		}
		return known;
	},
	day: (column) => `substr(${column}, 1, 10)`,
	hoursBetween: (from, to) => `((julianday(${to}) - julianday(${from})) * 24)`,
};

const SQL_TYPES: Record<string, string> = { text: 'text', integer: 'integer', time: 'timestamptz' };

const sqlType = (type: ColumnType): string => SQL_TYPES[type.replace('?', '')]!;

/** The rows of parameter `$1` (JSON) as a table `d`, on Postgres. */
export const recordset = (columns: Columns): string =>
	`json_to_recordset($1::json) AS d(${Object.entries(columns)
		.map(([name, type]) => `"${name}" ${sqlType(type)}`)
		.join(', ')})`;
