/** A store as an older version of the package left it: the tables of its migrations, with rows in them. */
import type { StoreConfig } from '../../lib/store/StoreConfig';
import { openDataSource } from '../../lib/store/database/dataSource';
import { migrate } from '../../lib/store/database/migrate';
import type { DialectName, TestStore } from './harness';
import { freshConfig, rawOf } from './harness';

export interface OldStore {
	config: StoreConfig;
	/** As `TestStore.raw`. */
	raw: TestStore['raw'];
}

/** @param last the name of the newest migration that it had */
export async function oldStore(dialect: DialectName, last: string): Promise<OldStore> {
	const config = freshConfig(dialect);
	const { dataSource } = await openDataSource(config);
	const names = dataSource.migrations.map(({ name }) => name!);
	if (!names.includes(last)) throw new Error(`There is no migration ${last}`);
	dataSource.migrations.splice(names.indexOf(last) + 1);
	await migrate(dataSource, config);
	await dataSource.destroy();
	return { config, raw: rawOf(config) };
}

/** Rows of a store of today, as far as the old tables have their columns. */
export async function copyRows(from: TestStore, to: OldStore, tables: readonly string[]): Promise<void> {
	for (const table of tables) {
		const columns = await columnsOf(to, table);
		for (const row of await from.raw<Record<string, unknown>>(`SELECT * FROM {${table}}`)) {
			const names = columns.filter((name) => name in row && name !== 'seq');
			await to.raw(
				`INSERT INTO {${table}} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
				names.map((name) => row[name]),
			);
		}
	}
}

async function columnsOf({ config, raw }: OldStore, table: string): Promise<string[]> {
	const rows =
		config.kind === 'postgres'
			? await raw<{ name: string }>(
					'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2',
					[config.schema, `oms_${table}`],
				)
			: await raw<{ name: string }>(`SELECT name FROM pragma_table_info('oms_${table}')`);
	return rows.map(({ name }) => name);
}
