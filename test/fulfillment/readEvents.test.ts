import { readEvents, type EventsRequest } from '../../lib/fulfillment/readEvents';
import type { OrderStore } from '../../lib/store/OrderStore';
import { importOne, imported, move, openOrder } from '../store/fixtures';
import { onEachDatabase, settled } from '../store/harness';

const read = async (store: OrderStore, more: Partial<EventsRequest> = {}) =>
	await readEvents({ store, consumer: 'c1', kinds: ['imported', 'status_changed'], toStatuses: [], stores: [], limit: 50, peek: false, ...more });

const short = (events: Awaited<ReturnType<typeof read>>) =>
	events.map(({ event, order, data }) => [order?.orderNumber ?? null, event === 'status_changed' ? (data as { to: string }).to : event]);

onEachDatabase('reading events', (open) => {
	it('gives each consumer each event once, from its first look on, also after a restart', async () => {
		const test = await open();
		const { store } = test;
		await importOne(store, imported('1'));
		await settled(test);
		expect(await read(store)).toEqual([]);
		const second = await importOne(store, imported('2'));
		await move(store, second, 'routed');
		await settled(test);
		expect(await read(store, { consumer: 'c2' })).toEqual([]);
		expect(short(await read(store))).toEqual([['N2', 'imported'], ['N2', 'routed']]);
		expect(await read(store)).toEqual([]);
		await move(store, (await store.get(second.id))!, 'canceled');
		await settled(test);
		expect(short(await read(await test.another()))).toEqual([['N2', 'canceled']]);
		expect(short(await read(store, { consumer: 'c2' }))).toEqual([['N2', 'canceled']]);
		expect([await read(store), await read(store, { consumer: 'c2' })]).toEqual([[], []]);
	});

	it('goes through a long list in pieces, and loses and repeats nothing', async () => {
		const test = await open();
		const { store } = test;
		await read(store);
		for (const id of ['1', '2', '3', '4', '5']) await importOne(store, imported(id));
		await settled(test);
		const seen: unknown[] = [];
		for (let turn = 0; turn < 3; turn += 1) seen.push(...short(await read(store, { limit: 2 })));
		expect(seen).toEqual(['1', '2', '3', '4', '5'].map((id) => [`N${id}`, 'imported']));
		expect(await read(store, { limit: 2 })).toEqual([]);
	});

	it('tells of the kinds, statuses and stores that were asked for; a filtered event is over all the same', async () => {
		const test = await open();
		const { store } = test;
		const filter = { toStatuses: ['open' as const], stores: ['acme'], kinds: ['status_changed' as const, 'note' as const] };
		await read(store, filter);
		await openOrder(store, imported('1'));
		await openOrder(store, imported('2'), { store: 'other' });
		await settled(test);
		const events = await read(store, filter);
		expect(short(events)).toEqual([['N1', 'open']]);
		expect(events[0]).toMatchObject({ event: 'status_changed', at: expect.any(String), data: { from: 'queued', to: 'open', reason: 'accepted' }, order: { status: 'open' } });
		expect(await read(store, { toStatuses: [], stores: ['acme'], kinds: ['status_changed'] })).toEqual([]);
	});

	it('tells of an order that was deleted since, without the order', async () => {
		const test = await open();
		const { store } = test;
		await read(store);
		const order = await importOne(store, imported('1'));
		await store.purge({ orderId: order.id, from: 'new', version: order.version, actor: { kind: 'person', name: 'Ann' } });
		await settled(test);
		for (const { orderId, order: now } of await read(store)) expect([orderId, now]).toEqual([order.id, null]);
	});

	it('gives an event to one of two processes of the same consumer', async () => {
		const test = await open();
		const other = await test.another();
		await read(test.store);
		for (let round = 1; round <= 3; round += 1) {
			await importOne(test.store, imported(String(round)));
			await settled(test);
			const both = await Promise.all([read(test.store), read(other)]);
			expect(short(both.flat())).toEqual([[`N${round}`, 'imported']]);
		}
		const late: OrderStore = {
			...test.store,
			moveCursor: async (...parameters) => {
				expect(short(await read(other))).toEqual([['N4', 'imported']]);
				return await test.store.moveCursor(...parameters);
			},
		};
		await importOne(test.store, imported('4'));
		await settled(test);
		expect(await read(late)).toEqual([]);
	});

	it('peeks at the newest orders and moves nothing', async () => {
		const test = await open();
		const { store } = test;
		expect(await read(store, { peek: true })).toEqual([]);
		await read(store);
		const order = await importOne(store, imported('1'));
		await move(store, order, 'routed');
		await settled(test);
		for (let turn = 0; turn < 2; turn += 1) expect(short(await read(store, { peek: true }))).toEqual([['N1', 'routed']]);
		expect(short(await read(store, { peek: true, toStatuses: ['open'] }))).toEqual([['N1', 'imported']]);
		expect(short(await read(store))).toEqual([['N1', 'imported'], ['N1', 'routed']]);
	});
});
