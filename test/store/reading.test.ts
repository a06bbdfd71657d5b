import { IllegalTransitionError, StaleOrderError } from '../../lib/order/errors';
import type { Order } from '../../lib/order/order';
import { entry, type TimelineEntry } from '../../lib/order/timeline';
import type { OrderStore } from '../../lib/store/OrderStore';
import { sql } from '../../lib/store/database';
import { actor, imported, importOne, kinds, move, openOrder, page, report, series, shipped } from './fixtures';
import { databaseOf, emptyConfig, onEachDatabase, tableOf, withClient } from './harness';

const past = '2020-01-01T00:00:00.000Z';

async function allPages(
	orderStore: OrderStore,
	query: Omit<Parameters<OrderStore['search']>[0], 'limit'>,
	limit: number,
	between = async () => {},
) {
	const found: Order[] = [];
	for (let after: string | null = null; ;) {
		const { items, next } = await orderStore.search({ ...query, limit, after });
		found.push(...items);
		if (next === null) return found;
		after = next;
		await between();
	}
}

onEachDatabase('searching', (open, dialect) => {
	it('pages by key over equal times, each order once, while others are imported', async () => {
		const { orderStore } = await open();
		await orderStore.importPage(page(series(53)));
		let extra = 1000;
		const found = await allPages(orderStore, {}, 10, async () => {
			await orderStore.importPage(page([imported(String((extra += 1)))]));
		});
		const ids = found.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(found.filter(({ externalId }) => Number(externalId) < 1000)).toHaveLength(53);
		for (const by of ['orderedAt', 'updatedAt', 'orderNumber', 'importedAt'] as const) {
			const sorted = await allPages(orderStore, { sort: { by, direction: 'asc' } }, 7);
			expect(sorted).toHaveLength(58);
			expect(new Set(sorted.map(({ id }) => id)).size).toBe(58);
			const keys = sorted.map((order) => String(order[by]));
			expect(keys).toEqual([...keys].sort());
		}
		expect((await orderStore.search({ limit: 5, after: 'nonsense' })).items).toHaveLength(5);
	});

	it('filters by everything', async () => {
		const { orderStore } = await open();
		await orderStore.importPage(
			page([imported('1', { orderedAt: '2026-01-05T00:00:00Z' }), imported('2', { orderedAt: null, tags: ['Überfällig'] })]),
		);
		await orderStore.importPage(page([imported('3')], { store: 'other' }));
		const numbers = async (query: object) =>
			(await orderStore.search({ limit: 9, ...query })).items.map(({ orderNumber }) => orderNumber).sort();
		const [first] = (await orderStore.search({ externalId: '1', limit: 1 })).items;
		await move(orderStore, first!, 'error', { alerts: { raise: [{ code: 'unknown_sku', message: 'x' }] } });
		expect(await numbers({ statuses: ['error'] })).toEqual(['N1']);
		expect(await numbers({ alertCodes: ['unknown_sku'] })).toEqual(['N1']);
		expect(await numbers({ stores: ['other'] })).toEqual(['N3']);
		expect(await numbers({ ids: [first!.id, 'x'] })).toEqual(['N1']);
		expect(await numbers({ orderedTo: '2026-01-31' })).toEqual(['N1']);
		expect(await numbers({ orderedFrom: '2026-10-01T00:00:00Z' })).toEqual(['N2', 'N3']);
		expect(await numbers({ importedFrom: '2999-01-01' })).toEqual([]);
		expect(await numbers({ text: 'überFÄLLIG' })).toEqual(['N2']);
		expect(await numbers({ text: 'red-mug' })).toEqual(['N1', 'N2', 'N3']);
		expect(await numbers({ text: 'ELM st' })).toEqual(['N1', 'N2', 'N3']);
		expect(await numbers({ statuses: [] })).toEqual([]);
	});

	it('finds an order by its number with and without a # in front, by an index', async () => {
		const test = await open();
		const { orderStore } = test;
		await orderStore.importPage(
			page(['#1001', '1001', '1002', '#10010'].map((orderNumber, index) => imported(String(index), { orderNumber }))),
		);
		const numbers = async (orderNumber: string) =>
			(await orderStore.search({ orderNumber, limit: 9 })).items.map((order) => order.orderNumber).sort();
		for (const given of ['1001', '#1001']) expect(await numbers(given)).toEqual(['#1001', '1001']);
		expect([await numbers('#1002'), await numbers('100')]).toEqual([['1002'], []]);
		if (dialect === 'postgres') return;
		const plan = await test.raw<{ detail: string }>(
			`EXPLAIN QUERY PLAN SELECT * FROM {order} o WHERE o.order_number IN (?, ?) ORDER BY o.imported_at DESC, o.id DESC LIMIT 51`,
			['1', '#1'],
		);
		expect(plan[0]?.detail).toMatch(/SEARCH o USING INDEX \w*order_number /);
	});
});

onEachDatabase('the timeline', (open, dialect) => {
	it('is append-only in the database itself', async () => {
		const test = await open();
		const order = await importOne(test.orderStore);
		await expect(test.raw(`UPDATE {timeline} SET kind = 'x'`)).rejects.toThrow('append-only');
		await expect(test.raw('DELETE FROM {timeline}')).rejects.toThrow('append-only');
		if (dialect === 'postgres') await expect(test.raw('TRUNCATE {timeline}')).rejects.toThrow('append-only');
		expect(await kinds(test.orderStore, order.id)).toEqual(['imported']);
	});

	it('tells each event once, from now on or from a position', async () => {
		const test = await open();
		const { orderStore } = test;
		const before = await importOne(orderStore, imported('1'));
		const start = await orderStore.events({ after: null, limit: 10 });
		expect(start.entries).toEqual([]);
		await orderStore.amend({
			orderId: before.id,
			version: 1,
			actor,
			entries: [entry('note', actor, { text: 'a' }), entry('note', actor, { text: 'b' })],
		});
		await importOne(orderStore, imported('2'), { store: 'other' });
		const first = await orderStore.events({ after: start.next, limit: 1 });
		expect(first.entries).toMatchObject([{ kind: 'note', data: { text: 'a' }, orderId: before.id }]);
		const rest = await orderStore.events({ after: first.next, limit: 10 });
		expect(rest.entries.map(({ kind }) => kind)).toEqual(['note', 'imported']);
		expect((await orderStore.events({ after: rest.next, limit: 10 })).entries).toEqual([]);
		expect((await orderStore.events({ after: first.entries[0]!.position, limit: 10 })).entries).toEqual(rest.entries);
		expect((await orderStore.events({ after: start.next, kinds: ['imported'], limit: 10 })).entries).toHaveLength(1);
		expect((await orderStore.events({ after: start.next, stores: ['acme'], limit: 10 })).entries).toHaveLength(2);
	});

	it('misses nothing and repeats nothing while many write', async () => {
		const test = await open();
		const { orderStore } = test;
		const other = await test.another();
		const start = await orderStore.events({ after: null, limit: 1 });
		const seen: TimelineEntry[] = [];
		let writing = true;
		const reader = (async () => {
			for (let after = start.next, last = false; ;) {
				const { entries, next } = await orderStore.events({ after, limit: 7 });
				seen.push(...entries);
				after = next;
				if (entries.length > 0) continue;
				if (last) return;
				last = !writing;
				await new Promise((resolve) => setTimeout(resolve, 2));
			}
		})();
		await Promise.all(
			Array.from({ length: 24 }, async (_, index) => await (index % 2 ? orderStore : other).importPage(page(series(5, index * 5)))),
		);
		writing = false;
		await reader;
		expect(seen).toHaveLength(120);
		expect(new Set(seen.map(({ id }) => id)).size).toBe(120);
	});

	if (dialect === 'postgres') {
		it('waits for a transaction that took its numbers earlier and commits later', async () => {
			const test = await open();
			const order = await importOne(test.orderStore);
			const { next } = await test.orderStore.events({ after: null, limit: 1 });
			const timeline = tableOf(test.config, 'timeline');
			await withClient(async (slow) => {
				await slow.query('BEGIN');
				await slow.query(
					`INSERT INTO ${timeline} (order_id, at, kind, actor_kind, actor_name, data) VALUES ($1, now(), 'note', 'system', 's', '{"text":"slow"}')`,
					[order.id],
				);
				await test.orderStore.amend({ orderId: order.id, version: 1, actor, entries: [entry('note', actor, { text: 'fast' })] });
				const early = await test.orderStore.events({ after: next, limit: 10 });
				expect(early.entries).toEqual([]);
				await slow.query('COMMIT');
				const late = await test.orderStore.events({ after: early.next, limit: 10 });
				expect(late.entries.map(({ data }) => (data as { text: string }).text)).toEqual(['slow', 'fast']);
				expect((await test.orderStore.events({ after: late.next, limit: 10 })).entries).toEqual([]);
			});
		});
	}
});

onEachDatabase('sweeping', (open) => {
	it('abandons what is overdue, without shipments, and says so', async () => {
		const test = await open();
		const { orderStore } = test;
		const [fresh, routed, shippedOne, archived, parent] = await Promise.all(
			['1', '2', '3', '4', '5'].map(async (id) => await importOne(orderStore, imported(id))),
		);
		await move(orderStore, routed!, 'routed');
		await move(orderStore, archived!, 'archived');
		await move(orderStore, parent!, 'routed');
		await test.raw('UPDATE {order} SET abandon_at = $1', [past]);
		const part = await importOne(orderStore, imported('6'));
		await test.raw('UPDATE {order} SET parent_id = $1 WHERE id = $2', [parent!.id, part.id]);
		const sent = await openOrder(orderStore, imported('7'));
		await orderStore.recordShipments(report([shipped(sent, 'S1', { lines: [{ sku: 'TEE-L', quantity: 1 }] })]));
		await test.raw('UPDATE {order} SET abandon_at = $1 WHERE id = $2', [past, sent.id]);
		await test.raw('UPDATE {order} SET shipment_count = 1 WHERE id = $1', [shippedOne!.id]);

		const request = { includePartiallyShipped: false, limit: 100, actor };
		expect((await orderStore.abandonOverdue(request)).sort()).toEqual([fresh!.id, routed!.id].sort());
		expect(await orderStore.abandonOverdue(request)).toEqual([]);
		expect(await orderStore.get(routed!.id)).toMatchObject({ status: 'abandoned', version: 3 });
		expect((await orderStore.timeline(routed!.id)).at(-1)).toMatchObject({
			kind: 'status_changed',
			actor,
			data: { from: 'routed', to: 'abandoned' },
		});
		expect((await orderStore.abandonOverdue({ ...request, includePartiallyShipped: true })).sort()).toEqual(
			[sent.id, shippedOne!.id].sort(),
		);
		await move(orderStore, part, 'archived');
		expect(await orderStore.abandonOverdue({ ...request, stores: ['other'] })).toEqual([]);
		expect(await orderStore.abandonOverdue({ ...request, limit: 1 })).toEqual([parent!.id]);
	});

	it('abandons each order once when two sweeps run, in chunks', async () => {
		const test = await open();
		await test.orderStore.importPage(page(series(2500)));
		await test.raw('UPDATE {order} SET abandon_at = $1', [past]);
		const other = await test.another();
		const request = { includePartiallyShipped: false, limit: 10_000, actor };
		const [left, right] = await Promise.all([test.orderStore.abandonOverdue(request), other.abandonOverdue(request)]);
		// A sweep passes over what the other one holds at the moment; together they take everything once.
		const rest = await test.orderStore.abandonOverdue(request);
		const all = [...left, ...right, ...rest];
		expect(all).toHaveLength(2500);
		expect(new Set(all).size).toBe(2500);
	});

	it('purges all but the hash line', async () => {
		const test = await open();
		const { orderStore } = test;
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(
			report([
				shipped(order, 'S1'),
				{ kind: 'canceled', externalId: 'C', reference: order.reference, origin: 'x', reason: null, lines: [] },
			]),
		);
		const archived = await move(orderStore, (await orderStore.get(order.id))!, 'archived');
		const purge = { orderId: order.id, from: 'archived', version: archived.version, actor } as const;
		await expect(orderStore.purge({ ...purge, version: 1 })).rejects.toThrow(StaleOrderError);
		await expect(orderStore.purge({ ...purge, from: 'open' })).rejects.toThrow(IllegalTransitionError);
		expect(await orderStore.get(order.id)).not.toBeNull();
		await orderStore.purge(purge);
		for (const table of ['order', 'order_content', 'shipment', 'wms_event', 'timeline']) {
			expect(await test.raw(`SELECT * FROM {${table}}`)).toEqual([]);
		}
		expect(await test.raw('SELECT hash, "by" FROM {deleted_order}')).toMatchObject([
			{ hash: expect.stringMatching(/^[0-9a-f]{64}$/), by: 'test' },
		]);
		expect(await orderStore.timeline(order.id)).toEqual([]);
		expect(await orderStore.importPage(page([imported('1')]))).toMatchObject([{ kind: 'created' }]);
	});

	it('counts for the dashboard', async () => {
		const test = await open();
		const { orderStore } = test;
		const order = await openOrder(orderStore);
		await orderStore.recordShipments(report([shipped(order, 'S1')]));
		const [claim] = await orderStore.claimUploads({ limit: 1, leaseMs: 1000, worker: 'w' });
		await orderStore.recordUpload({
			shipmentId: claim!.shipment.id,
			epoch: claim!.epoch,
			actor,
			result: { kind: 'uploaded', message: null },
		});
		await move(orderStore, await importOne(orderStore, imported('2')), 'error', {
			alerts: { raise: [{ code: 'unknown_sku', message: 'no X' }] },
		});
		const failure = { subject: 'order' as const, key: 'k', origin: 'o', message: 'm', remedy: 'r', payload: null };
		await orderStore.importPage(page([imported('9')], { store: 'zeta', cursorTo: 1, failures: [failure] }));
		const figures = await orderStore.statistics({ days: 7 });
		expect(figures.totals).toMatchObject({ closed: 1, error: 1, new: 1, open: 0, deleted: 0 });
		expect(figures.stores).toMatchObject([
			{
				store: 'acme',
				cart: 'file',
				counts: { closed: 1, error: 1 },
				openImportFailures: 0,
				lastProblem: { orderNumber: 'N2', code: 'unknown_sku', message: 'no X' },
			},
			{ store: 'zeta', counts: { new: 1 }, openImportFailures: 1, lastProblem: null },
		]);
		expect(figures.perDay.reduce((sum, { imported: count }) => sum + count, 0)).toBe(3);
		expect(figures.perDay.at(-1)).toMatchObject({ day: (await orderStore.now()).slice(0, 10), closed: 1 });
		expect(figures.hoursToClose).toMatchObject({ count: 1, median: expect.any(Number), p90: expect.any(Number) });
		expect((await orderStore.statistics({ days: 7, stores: ['zeta'] })).totals).toMatchObject({ new: 1, closed: 0 });
	});
});

onEachDatabase(
	'times',
	(_, dialect) => {
		it.each([
			['UTC', sql`'UTC'`],
			['Kolkata', sql`'Asia/Kolkata'`],
			['St. John’s', sql`'America/St_Johns'`],
		])('are read the same whatever the time zone of the server is: %s', async (_name, zone) => {
			const database = await databaseOf(emptyConfig(dialect));
			const times = await database.write(async ({ execute, one }) => {
				await execute(sql`SET LOCAL TIME ZONE ${zone}`);
				return await one(sql`SELECT '2026-11-23T20:00:00Z'::timestamptz AS whole, '2026-11-23T20:00:00.1Z'::timestamptz AS tenth, '2026-02-28T23:59:59.987Z'::timestamptz AS milli,
				'0099-01-01T00:00:00Z'::timestamptz AS early, NULL::timestamptz AS none`);
			});
			expect(times).toEqual({
				whole: '2026-11-23T20:00:00.000Z',
				tenth: '2026-11-23T20:00:00.100Z',
				milli: '2026-02-28T23:59:59.987Z',
				early: '0099-01-01T00:00:00.000Z',
				none: null,
			});
		});
	},
	['postgres'],
);
