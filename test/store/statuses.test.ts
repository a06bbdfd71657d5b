import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
	mayMove,
	ORDER_STATUSES,
	EXISTING_STATUSES,
	hasTrait,
	statusesBefore,
	statusesWith,
	type OrderStatus,
} from '../../lib/order/status';
import { sql, type Sql } from '../../lib/store/database/sql';
import { isIn } from '../../lib/store/database/statusSql';
import { actor, imported, importOne } from './fixtures';
import { onEachDatabase, type TestStore } from './harness';

const inTableOrder = (statuses: readonly string[]): OrderStatus[] => ORDER_STATUSES.filter((status) => statuses.includes(status));

const wordsOf = (text: string): string[] => [...text.matchAll(/'([a-z_]+)'/g)].map((match) => match[1]!);

/** What the database has, of indexes that only some statuses are in: name → the statuses. */
async function indexedStatuses({ raw, dialect, config }: TestStore): Promise<Map<string, string[]>> {
	const rows =
		dialect === 'sqlite'
			? await raw<{ name: string; text: string | null }>("SELECT name, sql AS text FROM sqlite_master WHERE type = 'index'")
			: await raw<{ name: string; text: string }>('SELECT indexname AS name, indexdef AS text FROM pg_indexes WHERE schemaname = $1', [
					config.kind === 'postgres' ? config.schema : '',
				]);
	return new Map(
		rows.flatMap(({ name, text }): Array<[string, string[]]> => {
			const where = text?.split(/\bWHERE\b/)[1] ?? '';
			return /\bstatus\b/.test(where) ? [[name.replace(/^oms_/, ''), wordsOf(where)]] : [];
		}),
	);
}

onEachDatabase('statuses in the database', (open, dialect) => {
	it('are in partial indexes as the table has them', async () => {
		const found = await indexedStatuses(await open());
		expect([...found.keys()]).toEqual(['order_abandon']);
		expect(inTableOrder(found.get('order_abandon')!)).toEqual(statusesBefore('abandoned'));
		expect(found.get('order_abandon')).toHaveLength(statusesBefore('abandoned').length);
	});

	if (dialect === 'sqlite') {
		it('are written as in the index, or it could not be used', async () => {
			const test = await open();
			const select = (statuses: Sql) =>
				sql`SELECT o.id FROM {order} o INDEXED BY oms_order_abandon WHERE o.abandon_at <= '2030' AND ${statuses}`.text;
			await expect(test.raw(select(isIn(sql`o.status`, statusesBefore('abandoned'))))).resolves.toEqual([]);
			await expect(test.raw(select(isIn(sql`o.status`, ORDER_STATUSES)))).rejects.toThrow(/no query solution/);
		});
	}

	it('are swept only from where the table allows it', async () => {
		const test = await open();
		const orders = await Promise.all(
			EXISTING_STATUSES.map(async (status) => ({ status, id: (await importOne(test.orderStore, imported(status))).id })),
		);
		for (const { status, id } of orders)
			await test.raw('UPDATE {order} SET status = $1, abandon_at = $2 WHERE id = $3', [status, '2020-01-01T00:00:00.000Z', id]);
		const swept = async (includePartiallyShipped: boolean): Promise<OrderStatus[]> => {
			const ids = await test.orderStore.abandonOverdue({ includePartiallyShipped, limit: 100, actor });
			return inTableOrder(orders.filter(({ id }) => ids.includes(id)).map(({ status }) => status));
		};
		expect(await swept(false)).toEqual(
			EXISTING_STATUSES.filter((status) => mayMove(status, 'abandoned') && !hasTrait(status, 'abandoned_if_asked')),
		);
		expect(await swept(true)).toEqual(statusesWith('abandoned_if_asked'));
		for (const { status, id } of orders) {
			const [last] = (await test.orderStore.timeline(id)).slice(-1);
			if (mayMove(status, 'abandoned')) expect(last).toMatchObject({ kind: 'status_changed', data: { from: status, to: 'abandoned' } });
			else expect(last).toMatchObject({ kind: 'imported' });
			expect((await test.orderStore.get(id))!.status).toBe(mayMove(status, 'abandoned') ? 'abandoned' : status);
		}
	});
});

describe('statuses in migrations', () => {
	const folder = path.join(__dirname, '../../lib/store/migrations');
	const lists = readdirSync(folder).flatMap((file) =>
		[...readFileSync(path.join(folder, file), 'utf8').matchAll(/status IN \(([^)]*)\)/g)].map((match) => ({
			file,
			statuses: wordsOf(match[1]!),
		})),
	);

	/** They are not changed any more: where one of these differs from the table, a new migration has to bring the database up to it. */
	it.each([
		['1764000000000-init.ts', statusesBefore('abandoned')],
		['1764600000000-facts.ts', statusesWith('received')],
	])('%s lists what the table has', (file, statuses) => {
		expect(lists.filter((list) => list.file === file).map((list) => inTableOrder(list.statuses))).toEqual([statuses]);
	});

	it('no other migration lists statuses', () => {
		expect(lists).toHaveLength(2);
	});
});
