/** What differs between the two databases, in one place. SQL elsewhere is common; parameters are `$1`, `$2`, … in both. */
import { identifier, listed, NOTHING, sql, type Sql } from './sql';
import type { Column, Columns } from './columns';

export interface Dialect {
	readonly kind: 'sqlite' | 'postgres';
	/** SQL of the present, in milliseconds; null = the clock of this machine is the database's. */
	readonly now: Sql | null;
	/** After SELECT: keeps others from changing the rows. SQLite has one writer at a time anyway. */
	readonly forUpdate: Sql;
	readonly skipLocked: Sql;
	/** The same for the rows of these tables of a join: "o, s". */
	forUpdateOf(aliases: Sql): Sql;
	skipLockedOf(aliases: Sql): Sql;
	/** `column = ANY($n)`. */
	anyOf(parameter: number): Sql;
	/** The value that `anyOf` takes. */
	list(values: readonly string[]): unknown;
	/** The text as this driver takes it. */
	text(statement: Sql): string;
	/** The day in UTC, "2026-11-23". */
	day(column: Sql): Sql;
	/** Hours from one time to another. */
	hoursBetween(from: Sql, to: Sql): Sql;
}

export const POSTGRES: Dialect = {
	kind: 'postgres',
	now: sql`date_trunc('milliseconds', clock_timestamp())`,
	forUpdate: sql` FOR UPDATE`,
	skipLocked: sql` FOR UPDATE SKIP LOCKED`,
	forUpdateOf: (aliases) => sql` FOR UPDATE OF ${aliases}`,
	skipLockedOf: (aliases) => sql` FOR UPDATE OF ${aliases} SKIP LOCKED`,
	anyOf: (parameter) => sql`= ANY($${parameter}::text[])`,
	list: (values) => values,
	text: (statement) => statement.text,
	day: (column) => sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
	hoursBetween: (from, to) => sql`(extract(epoch FROM (${to} - ${from})) / 3600)::float8`,
};

const numbered = new Map<string, string>();

export const SQLITE: Dialect = {
	kind: 'sqlite',
	now: null,
	forUpdate: NOTHING,
	skipLocked: NOTHING,
	forUpdateOf: () => NOTHING,
	skipLockedOf: () => NOTHING,
	anyOf: (parameter) => sql`IN (SELECT value FROM json_each($${parameter}))`,
	list: (values) => JSON.stringify(values),
	// node:sqlite takes "$1" for a name; "?1" is a place.
	text: ({ text }) => {
		let known = numbered.get(text);
		if (known === undefined) {
			known = text.replace(/\$(\d+)(::\w+(\[\])?)?/g, '?$1');
			if (numbered.size > 500) numbered.clear();
			numbered.set(text, known);
		}
		return known;
	},
	day: (column) => sql`substr(${column}, 1, 10)`,
	hoursBetween: (from, to) => sql`((julianday(${to}) - julianday(${from})) * 24)`,
};

const SQL_TYPES = { text: sql`text`, integer: sql`integer`, time: sql`timestamptz` } as const satisfies Record<Column['type'], Sql>;

/** The rows of parameter `$1` (JSON) as a table `d`, on Postgres. */
export const recordset = (columns: Columns): Sql =>
	sql`json_to_recordset($1::json) AS d(${listed(Object.entries(columns).map(([name, { type }]) => sql`${identifier(name)} ${SQL_TYPES[type]}`))})`;
