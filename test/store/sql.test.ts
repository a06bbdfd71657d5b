/** Nothing that was given from outside can become part of a statement. */
import type { OrderQuery } from '../../lib/store/OrderStore';
import { all, chosen, identifier, listed, NOTHING, sql } from '../../lib/store/database/sql';
import { column } from '../../lib/store/database/tables';
import { onEachDatabase } from './harness';

const HOSTILE = 'asc, (SELECT pg_sleep(3)::text)';

it('is written in templates, of other SQL and of whole numbers', () => {
	const conditions = [sql`store = $${1}`, sql`status = 'new'`];
	expect(sql`SELECT ${listed([identifier('id'), sql`count(*)`])} FROM t WHERE ${all(conditions)}${NOTHING} LIMIT ${10}`.text).toBe(
		`SELECT "id", count(*) FROM t WHERE store = $1 AND status = 'new' LIMIT 10`,
	);
	expect(all([]).text).toBe('1 = 1');
});

it('takes no text, whatever its type says', () => {
	// @ts-expect-error a string is no fragment
	expect(() => sql`ORDER BY id ${HOSTILE}`).toThrow('Only SQL of our own');
	// @ts-expect-error nor is an object that looks like one
	expect(() => sql`ORDER BY id ${{ text: HOSTILE }}`).toThrow('Only SQL of our own');
	for (const lie of [HOSTILE, '', { text: HOSTILE }, [HOSTILE], null, undefined, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
		expect(() => sql`LIMIT ${lie as number}`).toThrow('Only SQL of our own');
		expect(() => listed([lie as never])).toThrow('Only SQL of our own');
		expect(() => all([lie as never])).toThrow('Only SQL of our own');
	}
});

it('has names that are names, and only columns that there are', () => {
	for (const name of ['', 'a b', 'a"', 'a;', '1a', 'ä', 'a.b', 'a'.repeat(64), '__proto__"'])
		expect(() => identifier(name)).toThrow('no name of a table or column');
	expect(column('order', 'imported_at').text).toBe('"imported_at"');
	for (const name of ['importedAt', 'id"', '__proto__', 'constructor', 'toString'])
		expect(() => column('order', name)).toThrow('no such column');
});

it('has choices from a closed list', () => {
	const list = { asc: sql`ASC`, desc: sql`DESC` };
	expect(chosen(list, 'asc').text).toBe('ASC');
	for (const name of [HOSTILE, 'ASC', '__proto__', 'constructor', ['asc'], null, undefined, 0])
		expect(() => chosen(list, name as 'asc')).toThrow('Only asc, desc can be chosen here');
});

onEachDatabase('a search', (open) => {
	it('sorts by nothing but what there is to sort by', async () => {
		const { orderStore } = await open();
		for (const sort of [
			{ by: 'importedAt', direction: HOSTILE },
			{ by: HOSTILE, direction: 'asc' },
			{ by: '__proto__', direction: 'asc' },
			{ by: 'importedAt', direction: ['asc'] },
		]) {
			await expect(orderStore.search({ limit: 1, sort: sort as NonNullable<OrderQuery['sort']> })).rejects.toThrow('can be chosen here');
		}
	});
});
