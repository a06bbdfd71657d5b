/**
 * Node's built-in SQLite with the surface that TypeORM's better-sqlite3 driver uses, so that nothing native is installed.
 * It closes the traps of node:sqlite: a Date in first place binds NULL, `undefined` throws, and of several statements in one
 * text only the first one runs, all without a word.
 */
import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { asError, FulfillmentError } from '../../order/errors';

type SqliteModule = typeof import('node:sqlite');

let loaded: SqliteModule | undefined;

/** Loads node:sqlite; drops the one ExperimentalWarning that older versions of Node print for it. */
function load(): SqliteModule {
	if (loaded) return loaded;
	const emit = process.emitWarning;
	process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
		const [first] = rest;
		const type = typeof first === 'string' ? first : (first as { type?: string } | undefined)?.type;
		if (type === 'ExperimentalWarning' && String(warning).startsWith('SQLite')) return;
		Reflect.apply(emit, process, [warning, ...rest]);
	}) as typeof process.emitWarning;
	try {
		loaded = process.getBuiltinModule?.('node:sqlite');
	} finally {
		process.emitWarning = emit;
	}
	if (!loaded) {
		throw new FulfillmentError(
			'store_configuration',
			`Node ${process.version} has no built-in SQLite, which the embedded order store needs.`,
			'Update n8n (2.39 or later, which needs Node 24), or choose a Postgres credential for the order store.',
		);
	}
	return loaded;
}

/** Result codes of SQLite → the words that users of better-sqlite3 (TypeORM among them) look for. */
const CODES: Record<number, string> = {
	5: 'SQLITE_BUSY',
	517: 'SQLITE_BUSY_SNAPSHOT',
	6: 'SQLITE_LOCKED',
	8: 'SQLITE_READONLY',
	10: 'SQLITE_IOERR',
	11: 'SQLITE_CORRUPT',
	13: 'SQLITE_FULL',
	14: 'SQLITE_CANTOPEN',
	26: 'SQLITE_NOTADB',
	787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
	1299: 'SQLITE_CONSTRAINT_NOTNULL',
	1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
	2067: 'SQLITE_CONSTRAINT_UNIQUE',
};

function rethrow(error: unknown): never {
	// Not `instanceof Error`: the error may be of another realm than ours.
	if (typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number') {
		Object.assign(error, { code: CODES[error.errcode] ?? CODES[error.errcode & 0xff] ?? 'SQLITE_ERROR' });
	}
	throw asError(error);
}

/** Makes the values such as node:sqlite takes them, in place: copies of every row would cost a tenth of an import. */
function bound(values: unknown[]): SQLInputValue[] {
	for (let index = 0; index < values.length; index += 1) {
		const value = values[index];
		if (typeof value === 'string' || typeof value === 'number' || value === null) continue;
		if (value === undefined) values[index] = null;
		else if (typeof value === 'boolean') values[index] = value ? 1 : 0;
		else if (typeof value !== 'bigint' && !ArrayBuffer.isView(value)) {
			throw new TypeError(`Cannot bind ${Object.prototype.toString.call(value)} to SQLite parameter ${index + 1}`);
		}
	}
	return values as SQLInputValue[];
}

type Row = Record<string, unknown>;

/** One compiled statement. */
export class Statement {
	/** Whether it gives rows. */
	readonly reader: boolean;
	/** Whether it changes rows. */
	readonly writer: boolean;
	private columns: string[];
	/** A row with nothing in it. */
	private blank: Row;

	constructor(private readonly statement: StatementSync) {
		[this.columns, this.blank] = shapeOf(statement);
		this.reader = this.columns.length > 0;
		this.writer = /^\s*(INSERT|UPDATE|DELETE)\b/i.test(statement.sourceSQL);
		if (this.reader) statement.setReturnArrays(true);
	}

	all(...values: unknown[]): unknown[] {
		return this.allRows(values);
	}

	/** As `all`; the array is the statement's from then on. */
	allRows(values: unknown[]): Row[] {
		try {
			return this.objects(this.statement.all(...bound(values)) as unknown as unknown[][]);
		} catch (error) {
			return rethrow(error);
		}
	}

	/**
	 * The objects that node:sqlite makes have no shape in common, and each look at a column is a search: with the forty columns of an order,
	 * reading took twice as long. Copies of one blank row share its shape; half of the columns of an order are NULL, as in the blank one.
	 */
	private objects(rows: unknown[][]): Row[] {
		// SQLite compiles a statement again when another process has added a column.
		if (rows[0] !== undefined && rows[0].length !== this.columns.length) [this.columns, this.blank] = shapeOf(this.statement);
		const { columns, blank } = this;
		return rows.map((values) => {
			const row = { ...blank };
			for (let index = 0; index < columns.length; index += 1) {
				const value = values[index];
				if (value !== null) row[columns[index]!] = value;
			}
			return row;
		});
	}

	run(...values: unknown[]): { changes: number; lastInsertRowid: number | bigint } {
		return this.runRow(values);
	}

	/** As `run`; the array is the statement's from then on. */
	runRow(values: unknown[]): { changes: number; lastInsertRowid: number | bigint } {
		try {
			const { changes, lastInsertRowid } = this.statement.run(...bound(values));
			return { changes: Number(changes), lastInsertRowid };
		} catch (error) {
			return rethrow(error);
		}
	}
}

function shapeOf(statement: StatementSync): [columns: string[], blank: Row] {
	const columns = statement.columns().map(({ name }) => name);
	return [columns, Object.fromEntries(columns.map((name) => [name, null]))];
}

interface Options {
	readonly?: boolean;
	fileMustExist?: boolean;
	/** Milliseconds that a statement may wait for another connection's lock, with the event loop standing still. */
	timeout?: number;
}

/** One connection. TypeORM calls it as `new driver(file, options)`. */
export class NodeSqlite {
	private readonly database: DatabaseSync;
	open = true;

	constructor(
		readonly name: string,
		options: Options = {},
	) {
		const { DatabaseSync } = load();
		if (options.fileMustExist && name !== ':memory:' && !existsSync(name)) throw new Error('unable to open database file');
		try {
			this.database = new DatabaseSync(name, { readOnly: options.readonly ?? false, enableForeignKeyConstraints: true });
			this.database.exec(`PRAGMA busy_timeout = ${Math.trunc(options.timeout ?? 0)}`);
		} catch (error) {
			rethrow(error);
		}
	}

	prepare(sql: string): Statement {
		let statement: StatementSync;
		try {
			statement = this.database.prepare(sql);
		} catch (error) {
			return rethrow(error);
		}
		const rest = sql.slice(statement.sourceSQL.length).replace(/--[^\n]*|\/\*[\s\S]*?\*\/|;/g, '');
		if (/\S/.test(rest)) throw new Error('The SQL text holds more than one statement');
		return new Statement(statement);
	}

	/** @example pragma('journal_mode', { simple: true }) // "wal" */
	pragma(text: string, options: { simple?: boolean } = {}): unknown {
		const rows = this.prepare(`PRAGMA ${text}`).all() as Array<Record<string, unknown>>;
		return options.simple ? Object.values(rows[0] ?? {})[0] : rows;
	}

	close(): this {
		if (this.open) {
			this.open = false;
			this.database.close();
		}
		return this;
	}
}
