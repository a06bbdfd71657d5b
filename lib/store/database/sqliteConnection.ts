/** One connection to the embedded database with its compiled statements, which answers as TypeORM's drivers do. */
import { QueryFailedError, QueryResult } from 'typeorm';
import { asError } from '../../order/errors';
import type { NodeSqlite, Statement } from './nodeSqlite';

/** Statements that stay compiled. */
const CACHE_SIZE = 200;

export class SqliteConnection {
	private readonly statements = new Map<string, Statement>();
	/** Whether a row was changed; whoever looks at it says from when on. */
	wrote = false;

	constructor(readonly database: NodeSqlite) {}

	private statement(sql: string): Statement {
		const known = this.statements.get(sql);
		if (known !== undefined) return known;
		const statement = this.database.prepare(sql);
		this.statements.set(sql, statement);
		const [oldest] = this.statements.keys();
		if (this.statements.size > CACHE_SIZE && oldest !== undefined) this.statements.delete(oldest);
		return statement;
	}

	/** The values are used up. */
	run(sql: string, values: unknown[]): QueryResult {
		const result = new QueryResult();
		try {
			const statement = this.statement(sql);
			if (statement.reader) {
				result.records = statement.allRows(values);
				result.raw = result.records;
				result.affected = result.records.length;
			} else {
				const { changes, lastInsertRowid } = statement.runRow(values);
				result.raw = lastInsertRowid;
				result.affected = changes;
			}
			if (statement.writer && result.affected > 0) this.wrote = true;
		} catch (error) {
			throw failedQuery(sql, values, error);
		}
		return result;
	}

	/** One statement for many rows. Gives the rows changed by each. */
	runMany(sql: string, rows: readonly unknown[][]): number[] {
		try {
			const statement = this.statement(sql);
			const changes = rows.map((row) => statement.runRow(row).changes);
			this.wrote ||= changes.some((changed) => changed > 0);
			return changes;
		} catch (error) {
			throw failedQuery(sql, [], error);
		}
	}
}

/** As TypeORM reports what a driver says. */
const failedQuery = (sql: string, values: unknown[], error: unknown): QueryFailedError => new QueryFailedError(sql, values, asError(error));
