/** The tables have one description: what migrations make of a fresh database is what the EntitySchemas say, and so are the rows that come out of it. */
import { openDataSource } from '../../lib/store/database/dataSource';
import { parsedRows } from '../../lib/store/database/rowParser';
import { TABLES } from '../../lib/store/database/tables';
import type { Column } from '../../lib/store/database/columns';
import { importOne } from './fixtures';
import { freshConfig, onEachDatabase, openTestStore } from './harness';

const newer = { code: 'newer_schema', remedy: expect.stringContaining('Update') };

/** The tables of an SQLite file, a line for each column, index and reference. */
async function shapeOf(query: <R extends object>(sql: string) => Promise<R[]>): Promise<string[]> {
	const rows = async (sql: string): Promise<string[]> => (await query<{ line: string }>(sql)).map(({ line }) => line.replace(/["\s]/g, ''));
	const tables = `sqlite_master t, pragma_%(t.name) c WHERE t.type = 'table' AND t.name LIKE 'oms%' AND t.name NOT IN ('oms_migrations', 'oms_typeorm_metadata')`;
	return [
		...(await rows(
			`SELECT json_array(t.name, c.name, lower(c.type), c."notnull" OR c.pk > 0, c.dflt_value, c.pk) AS line FROM ${tables.replace('%', 'table_info')}`,
		)),
		...(await rows(
			`SELECT json_array(t.name, c."table", c."from", c."to", c.on_delete) AS line FROM ${tables.replace('%', 'foreign_key_list')}`,
		)),
		...(await rows(`SELECT sql AS line FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`)),
	];
}

onEachDatabase('tables', (open, dialect) => {
	/** What differs between the tables that migrations make and those of which the EntitySchemas speak. */
	const differences = async (sabotage?: string): Promise<string[]> => {
		const test = await openTestStore(dialect, freshConfig(dialect));
		if (sabotage !== undefined) await test.raw(sabotage);
		const { dataSource } = await openDataSource(dialect === 'sqlite' ? freshConfig(dialect) : test.config);
		try {
			if (dialect === 'postgres') return (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
			// On SQLite TypeORM would make every table anew, since a key of ours is not called NOT NULL. So it makes its own, and the two are compared.
			await dataSource.synchronize();
			const [migrated, described] = await Promise.all([shapeOf(test.raw), shapeOf(async (sql) => await dataSource.query(sql))]);
			return [...migrated.filter((line) => !described.includes(line)), ...described.filter((line) => !migrated.includes(line))];
		} finally {
			await dataSource.destroy();
		}
	};

	it('are what the EntitySchemas say: TypeORM has nothing to change', async () => {
		expect(await differences()).toEqual([]);
	});

	it.each([
		['a column too many', 'ALTER TABLE {order} ADD COLUMN more text'],
		['an index too many', 'CREATE INDEX oms_order_more ON {order} (cart)'],
		['a table that says less', dialect === 'sqlite' ? 'DROP INDEX oms_order_due' : 'ALTER TABLE {order} ALTER COLUMN cart DROP NOT NULL'],
	])('are compared: %s is noticed', async (_, sabotage) => {
		expect((await differences(sabotage)).length).toBeGreaterThan(0);
	});

	it.each([
		["UPDATE {order} SET status = 'teleported'", '"teleported" as "status"'],
		["UPDATE {order} SET sending = 'perhaps'", '"perhaps" as "sending"'],
		[
			`UPDATE {order} SET alerts = '[{"code":"new_trouble","message":"","at":"2026-11-23T20:00:00.000Z"}]'`,
			'"new_trouble" as "alert_code"',
		],
	])('refuse what only a newer version can have written: %s', async (statement, message) => {
		const test = await open();
		const { id } = await importOne(test.orderStore);
		await test.raw(statement);
		await expect(test.orderStore.get(id)).rejects.toMatchObject({ ...newer, message: expect.stringContaining(message) });
		await expect(test.orderStore.search({ limit: 5 })).rejects.toMatchObject(newer);
	});
});

it('a name of a column has one list of words, in whichever tables', () => {
	const lists = new Map<string, Set<string>>();
	for (const columns of Object.values(TABLES)) {
		for (const [name, { words }] of Object.entries<Column>(columns))
			(lists.get(name) ?? lists.set(name, new Set()).get(name)!).add(words === undefined ? '' : [...words].join());
	}
	expect([...lists].filter(([, of]) => of.size > 1)).toEqual([]);
	expect(
		[...lists]
			.filter(([, of]) => !of.has(''))
			.map(([name]) => name)
			.sort(),
	).toEqual(['alert_code', 'readiness', 'role', 'sending', 'state', 'status', 'subject']);
});

it('rows are looked at, not copied', () => {
	const rows = [{ status: 'new', other: 'anything' }, { status: null }];
	expect(parsedRows(rows)).toBe(rows);
	expect(parsedRows([])).toEqual([]);
	expect(() => parsedRows([{ status: 'new' }, { status: 7 }])).toThrow('does not know');
});
