/** The texts of the statements that insert and update many rows: each is made once, since there are few, and making one costs more than a row does. */
import type { Column, Columns } from './columns';
import { recordset } from './dialect';
import { all, identifier, listed, NOTHING, sql, type Sql } from './sql';
import { column, TABLES, type TableName, type TableNames } from './tables';

/** `key` is a column of `guard`. */
export interface UpdateColumns {
	readonly key: string;
	readonly guard: readonly string[];
	readonly set: readonly string[];
}

/** Texts that are kept; which columns are given may differ with every batch. */
const KEPT = 500;

export class Texts {
	private readonly known = new Map<string, Sql>();

	constructor(private readonly tables: TableNames) {}

	/** One row; its values are the parameters. */
	insert(table: TableName, given: readonly string[]): Sql {
		return this.once(`insert ${table} ${given.join()}`, () => {
			const names = listed(given.map((name) => column(table, name)));
			return sql`INSERT INTO ${this.tables[table]} (${names}) VALUES (${listed(given.map((_, index) => sql`$${index + 1}`))}) ON CONFLICT DO NOTHING`;
		});
	}

	/** The rows of `$1`, JSON, on Postgres; gives the keys of those that are new. */
	insertAll(table: TableName, given: readonly string[], keys: readonly string[]): Sql {
		return this.once(`insert all ${table} ${given.join()} ${keys.join()}`, () => {
			const names = listed(given.map((name) => column(table, name)));
			const key = listed(keys.map((name) => column(table, name)));
			return sql`INSERT INTO ${this.tables[table]} (${names}) SELECT ${names} FROM ${recordset(only(TABLES[table], given))}
				ON CONFLICT DO NOTHING${keys.length === 0 ? NOTHING : sql` RETURNING ${key}`}`;
		});
	}

	/** One row; the values of `set` and then those of `guard` are the parameters. */
	update(table: TableName, { guard, set }: UpdateColumns): Sql {
		return this.once(`update ${table} ${set.join()} ${guard.join()}`, () => {
			const assignments = listed(set.map((name, index) => sql`${column(table, name)} = $${index + 1}`));
			const conditions = all(guard.map((name, index) => sql`${column(table, name)} = $${set.length + index + 1}`));
			return sql`UPDATE ${this.tables[table]} AS o SET ${assignments} WHERE ${conditions}`;
		});
	}

	/** The rows of `$1`, JSON, whose keys are `$2`, on Postgres; gives the keys of those that were changed. */
	updateAll(table: TableName, { key, guard, set }: UpdateColumns): Sql {
		return this.once(`update all ${table} ${set.join()} ${guard.join()} ${key}`, () => {
			const columns: Columns = TABLES[table];
			// A column may be both guarded and set ("status"): the value that is expected has a name of its own.
			const types: Record<string, Column> = only(columns, set);
			for (const name of guard) types[`guard_${name}`] = columns[name]!;
			const assignments = listed(set.map((name) => sql`${column(table, name)} = d.${column(table, name)}`));
			const conditions = all(guard.map((name) => sql`o.${column(table, name)} = d.${identifier(`guard_${name}`)}`));
			return sql`UPDATE ${this.tables[table]} AS o SET ${assignments}
				FROM ${recordset(types)} WHERE o.${column(table, key)} = ANY($2::text[]) AND ${conditions}
				RETURNING o.${column(table, key)} AS key`;
		});
	}

	private once(key: string, make: () => Sql): Sql {
		const known = this.known.get(key);
		if (known !== undefined) return known;
		if (this.known.size >= KEPT) this.known.clear();
		const made = make();
		this.known.set(key, made);
		return made;
	}
}

const only = (columns: Columns, names: readonly string[]): Record<string, Column> =>
	Object.fromEntries(names.map((name) => [name, columns[name]!]));
