/** Brings the tables up to date, safely when many processes start at once, and never below a newer version's back. */
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { asError, FulfillmentError } from '../../order/errors';
import { schemaOf, tablePrefixOf, type StoreConfig } from './config';
import { identifier, sql } from './sql';

/** First key of our advisory locks ("oms"); n8n uses others. */
const LOCK_KEY = 0x6f6d73;

/** Throws FulfillmentError `newer_schema`. */
export async function migrate(dataSource: DataSource, config: StoreConfig): Promise<void> {
	const reader = dataSource.createQueryRunner('slave');
	try {
		// The usual case takes no lock.
		if (!(await isPending(reader, dataSource, config))) return;
	} finally {
		await reader.release();
	}
	const runner = dataSource.createQueryRunner('master');
	try {
		await runner.startTransaction();
		// On SQLite the transaction itself is the lock: it begins IMMEDIATE.
		if (config.kind === 'postgres') {
			await runner.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_KEY, tablePrefixOf(config)]);
			const schema = schemaOf(config);
			if (schema !== undefined && !(await schemaExists(runner, schema))) await runner.query(sql`CREATE SCHEMA ${identifier(schema)}`.text);
		}
		if (await isPending(runner, dataSource, config)) {
			const executor = new MigrationExecutor(dataSource, runner);
			executor.transaction = 'all';
			await executor.executePendingMigrations();
		}
		await runner.commitTransaction();
	} catch (error) {
		if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
		throw asError(error);
	} finally {
		await runner.release();
	}
}

const schemaExists = async (runner: QueryRunner, schema: string): Promise<boolean> =>
	((await runner.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])) as unknown[]).length > 0;

export const migrationsTableOf = (config: StoreConfig): string => `${tablePrefixOf(config)}migrations`;

async function isPending(runner: QueryRunner, dataSource: DataSource, config: StoreConfig): Promise<boolean> {
	const table = migrationsTableOf(config);
	const schema = schemaOf(config);
	const { text: full } = schema === undefined ? identifier(table) : sql`${identifier(schema)}.${identifier(table)}`;
	const there =
		config.kind === 'sqlite'
			? await runner.query(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, [table])
			: await runner.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [full]);
	if ((there as unknown[]).length === 0) return true;
	const rows = (await runner.query(`SELECT name FROM ${full}`)) as Array<{ name: string }>;
	const done = new Set(rows.map(({ name }) => name));
	const ours = new Set(dataSource.migrations.flatMap(({ name }) => name ?? []));
	const unknown = [...done].filter((name) => !ours.has(name));
	if (unknown.length > 0) {
		throw new FulfillmentError(
			'newer_schema',
			`The order store was made by a newer version of n8n-nodes-order-fulfillment (${unknown.join(', ')}).`,
			'Update the community node to the newest version, in every n8n that uses this order store.',
		);
	}
	return [...ours].some((name) => !done.has(name));
}
