/** Where a store lives, and the checks that need no connection. */
import path from 'node:path';
import { FulfillmentError, shown } from '../../order/errors';
import type { StoreConfig } from '../StoreConfig';

export type { StoreConfig } from '../StoreConfig';
export type SqliteConfig = Extract<StoreConfig, { kind: 'sqlite' }>;
export type PostgresConfig = Extract<StoreConfig, { kind: 'postgres' }>;

export const DEFAULT_TABLE_PREFIX = 'oms_';

const PREFIX = /^[a-z][a-z0-9_]{0,20}$/;
const SCHEMA = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

export const tablePrefixOf = (config: StoreConfig): string => (config.kind === 'postgres' && config.tablePrefix) || DEFAULT_TABLE_PREFIX;
export const schemaOf = (config: StoreConfig): string | undefined => (config.kind === 'postgres' && config.schema) || undefined;

/** Throws FulfillmentError `store_configuration`. Names go into SQL as they are, so they are checked, not escaped. */
export function checkConfig(config: StoreConfig): void {
	const refuse = (message: string, remedy: string): never => {
		throw new FulfillmentError('store_configuration', message, remedy);
	};
	const prefix = tablePrefixOf(config);
	if (!PREFIX.test(prefix)) {
		refuse(
			`The table prefix ${shown(prefix)} is not allowed.`,
			'Use up to 21 lower-case letters, digits and underscores, beginning with a letter, such as oms_.',
		);
	}
	const schema = schemaOf(config);
	if (schema !== undefined && !SCHEMA.test(schema)) {
		refuse(`The schema name ${shown(schema)} is not allowed.`, 'Use letters, digits and underscores, beginning with a letter.');
	}
	if (config.kind === 'sqlite') {
		if (process.env.EXECUTIONS_MODE === 'queue') {
			refuse(
				'The embedded order store cannot be used in queue mode, since workers do not share its file.',
				'Choose an Order Store credential for Postgres in every node.',
			);
		}
		if (!path.isAbsolute(config.file)) {
			refuse(`The file of the order store, ${shown(config.file)}, is not an absolute path.`, 'Give the whole path of the file.');
		}
	}
}

/** Equal for two configurations that lead to the same tables with the same rights. */
export const targetOf = (config: StoreConfig): string =>
	JSON.stringify(
		config.kind === 'sqlite'
			? ['sqlite', path.resolve(config.file)]
			: [
					'postgres',
					config.host,
					config.port,
					config.database,
					config.user,
					config.password,
					config.ssl,
					tablePrefixOf(config),
					schemaOf(config) ?? null,
				],
	);
