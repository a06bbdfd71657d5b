/** Stores of older versions, opened by this one: nothing is lost, and events go on where they were. */
import { readEvents } from '../../lib/fulfillment/readEvents';
import { openOrderStore } from '../../lib/store/connect';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, importOne } from './fixtures';
import { onEachDatabase } from './harness';
import { copyRows, oldStore, type OldStore } from './oldStore';

const BEFORE = 'ControlNumbers1764400000000';

onEachDatabase('a store of the version before own positions', (open, dialect) => {
	/** With two orders, and their first entries. */
	async function old(): Promise<{ before: OldStore; orderId: string }> {
		const today = await open();
		const order = await importOne(today.orderStore, imported('1'));
		await importOne(today.orderStore, imported('2'));
		const before = await oldStore(dialect, BEFORE);
		await copyRows(today, before, ['order', 'order_content']);
		return { before, orderId: order.id };
	}

	const entry = async ({ raw }: OldStore, orderId: string, text: string, { xact, at }: { xact: string; at: string }) => {
		const [columns, values] = dialect === 'postgres' ? [', xact', `, '${xact}'`] : ['', ''];
		await raw(
			`INSERT INTO {timeline} (order_id, at, kind, actor_kind, actor_name, data${columns}) VALUES ($1, $2, 'note', 'node', 'n', $3${values})`,
			[orderId, at, JSON.stringify({ text })],
		);
	};
	const position = async ({ raw }: OldStore, value: string, at: string) =>
		await raw(`INSERT INTO {cursor} (source, store, value, version, updated_at) VALUES ('events:w:n', NULL, $1, 3, $2)`, [
			JSON.stringify(value),
			at,
		]);
	const told = async (orderStore: OrderStore) =>
		(await readEvents({ orderStore, consumer: 'w:n', kinds: ['note'], toStatuses: [], stores: [], limit: 100, peek: false })).map(
			({ data }) => (data as { text: string }).text,
		);

	async function opened(before: OldStore): Promise<OrderStore> {
		const orderStore = await openOrderStore(before.config);
		const other = await openOrderStore(before.config);
		await other.close();
		return orderStore;
	}

	it('keeps its orders, and numbers go on', async () => {
		const { before, orderId } = await old();
		await entry(before, orderId, 'old', { xact: '700', at: '2026-01-01T00:00:00.000Z' });
		const orderStore = await opened(before);
		expect((await orderStore.search({ limit: 10 })).items.map(({ orderNumber }) => orderNumber).sort()).toEqual(['N1', 'N2']);
		await orderStore.amend({ orderId, version: 1, actor, entries: [{ kind: 'note', actor, data: { text: 'new' } }] });
		const entries = await orderStore.timeline(orderId);
		expect(entries.map(({ data }) => (data as { text: string }).text)).toEqual(['old', 'new']);
		expect(Number(entries[1]!.position)).toBeGreaterThan(Number(entries[0]!.position));
		await orderStore.close();
	});

	/** Rows in the order of their numbers, the position that was saved, and what a reader is to hear after the upgrade. */
	const cases: Array<
		[string, { rows: Array<[text: string, xact: string, at: string]>; saved: [value: string, at: string]; expected: string[] }]
	> = [
		[
			'behind some',
			{
				rows: [
					['a', '700', '01'],
					['b', '701', '02'],
					['c', '702', '03'],
				],
				saved: [dialect === 'postgres' ? '701.0' : '0.1', '02'],
				expected: ['b', 'c'],
			},
		],
		[
			'behind all',
			{
				rows: [
					['a', '700', '01'],
					['b', '701', '02'],
				],
				saved: [dialect === 'postgres' ? '702.0' : '0.2', '03'],
				expected: [],
			},
		],
		[
			'at an entry',
			{
				rows: [
					['a', '700', '01'],
					['b', '701', '02'],
					['c', '701', '02'],
				],
				saved: [dialect === 'postgres' ? '701.2' : '0.2', '03'],
				expected: ['c'],
			},
		],
		['at the very beginning', { rows: [['a', '700', '01']], saved: [dialect === 'postgres' ? '700.0' : '0.0', '01'], expected: ['a'] }],
		['that nobody can read: everything is told again', { rows: [['a', '700', '01']], saved: ['?', '09'], expected: ['a'] }],
	];
	// Only there transactions overlap, and only there numbers of transactions are the server's.
	if (dialect === 'postgres') {
		cases.push(
			[
				'between transactions that overlapped: an entry that was not told, before one that was',
				{
					rows: [
						['told', '700', '01'],
						['not yet', '702', '02'],
						['told too', '701', '02'],
						['later', '703', '03'],
					],
					saved: ['702.0', '03'],
					expected: ['not yet', 'told too', 'later'],
				},
			],
			[
				'of a server whose transactions had higher numbers',
				{
					rows: [
						['a', '5000000', '01'],
						['b', '5000001', '02'],
						['here', '700', '04'],
						['here too', '701', '05'],
					],
					saved: ['5000002.0', '03'],
					expected: ['here', 'here too'],
				},
			],
		);
	}
	it.each(cases)('goes on with a position %s', async (_, { rows, saved, expected }) => {
		const { before, orderId } = await old();
		const at = (day: string) => `2026-01-${day}T00:00:00.000Z`;
		for (const [text, xact, day] of rows) await entry(before, orderId, text, { xact, at: at(day) });
		await position(before, saved[0], at(saved[1]));
		const orderStore = await opened(before);
		expect(await told(orderStore)).toEqual(expected);
		await orderStore.amend({ orderId, version: 1, actor, entries: [{ kind: 'note', actor, data: { text: 'new' } }] });
		expect(await told(orderStore)).toEqual(['new']);
		expect(await told(orderStore)).toEqual([]);
		await orderStore.close();
	});

	it('tells each event once when several processes open it at the same time', async () => {
		const { before, orderId } = await old();
		await entry(before, orderId, 'a', { xact: '700', at: '2026-01-01T00:00:00.000Z' });
		await entry(before, orderId, 'b', { xact: '701', at: '2026-01-02T00:00:00.000Z' });
		await position(before, dialect === 'postgres' ? '701.0' : '0.1', '2026-01-02T00:00:00.000Z');
		const stores = await Promise.all([1, 2, 3, 4].map(async () => await openOrderStore(before.config)));
		expect(await told(stores[0]!)).toEqual(['b']);
		expect(await told(stores[1]!)).toEqual([]);
		for (const orderStore of stores) await orderStore.close();
	});
});
