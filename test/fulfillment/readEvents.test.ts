import { readEvents, type EventsRequest } from '../../lib/fulfillment/readEvents';
import { ALERTS, type AlertCode } from '../../lib/order/alerts';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, importOne, imported, move, openOrder, page, report } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

const read = async (orderStore: OrderStore, more: Partial<EventsRequest> = {}) =>
	await readEvents({
		orderStore,
		consumer: 'c1',
		kinds: ['imported', 'status_changed'],
		toStatuses: [],
		stores: [],
		limit: 50,
		peek: false,
		...more,
	});

const short = (events: Awaited<ReturnType<typeof read>>) =>
	events.map(({ event, order, data }) => [order?.orderNumber ?? null, event === 'status_changed' ? (data as { to: string }).to : event]);

const failureOf = (key: string) => ({
	subject: 'order' as const,
	key,
	origin: `export.csv, row ${key}`,
	message: `Row ${key} has no SKU.`,
	remedy: 'Add it.',
	payload: null,
});

onEachDatabase('reading events', (open) => {
	it('gives each consumer each event once, from its first look on, also after a restart', async () => {
		const test = await open();
		const { orderStore } = test;
		await importOne(orderStore, imported('1'));
		expect(await read(orderStore)).toEqual([]);
		const second = await importOne(orderStore, imported('2'));
		await move(orderStore, second, 'routed');
		expect(await read(orderStore, { consumer: 'c2' })).toEqual([]);
		expect(short(await read(orderStore))).toEqual([
			['N2', 'imported'],
			['N2', 'routed'],
		]);
		expect(await read(orderStore)).toEqual([]);
		await move(orderStore, (await orderStore.get(second.id))!, 'canceled');
		expect(short(await read(await test.another()))).toEqual([['N2', 'canceled']]);
		expect(short(await read(orderStore, { consumer: 'c2' }))).toEqual([['N2', 'canceled']]);
		expect([await read(orderStore), await read(orderStore, { consumer: 'c2' })]).toEqual([[], []]);
	});

	it('tells of an alert its own steps, not those of a more urgent one', async () => {
		const { orderStore } = await open();
		const kinds = ['alert_raised' as const];
		await read(orderStore, { kinds });
		const { id, version } = await openOrder(orderStore);
		await orderStore.amend({
			orderId: id,
			version,
			actor,
			set: {
				alerts: {
					raise: [
						{ code: 'tracking_changed', message: 'a' },
						{ code: 'sent_twice', message: 'b' },
					],
				},
			},
		});
		const events = await read(orderStore, { kinds });
		expect(events.map(({ data }) => data)).toEqual(
			['sent_twice', 'tracking_changed'].map((code) => ({
				code,
				message: expect.any(String),
				recommendation: ALERTS[code as AlertCode].recommendation,
			})),
		);
	});

	it('goes through a long list in pieces, and loses and repeats nothing', async () => {
		const test = await open();
		const { orderStore } = test;
		await read(orderStore);
		for (const id of ['1', '2', '3', '4', '5']) await importOne(orderStore, imported(id));
		const seen: unknown[] = [];
		for (let turn = 0; turn < 3; turn += 1) seen.push(...short(await read(orderStore, { limit: 2 })));
		expect(seen).toEqual(['1', '2', '3', '4', '5'].map((id) => [`N${id}`, 'imported']));
		expect(await read(orderStore, { limit: 2 })).toEqual([]);
	});

	it('tells of the kinds, statuses and stores that were asked for; a filtered event is over all the same', async () => {
		const test = await open();
		const { orderStore } = test;
		const filter = { toStatuses: ['open' as const], stores: ['acme'], kinds: ['status_changed' as const, 'note' as const] };
		await read(orderStore, filter);
		await openOrder(orderStore, imported('1'));
		await openOrder(orderStore, imported('2'), { store: 'other' });
		const events = await read(orderStore, filter);
		expect(short(events)).toEqual([['N1', 'open']]);
		expect(events[0]).toMatchObject({
			event: 'status_changed',
			at: expect.any(String),
			data: { from: 'queued', to: 'open', reason: 'accepted' },
			order: { status: 'open' },
		});
		expect(await read(orderStore, { toStatuses: [], stores: ['acme'], kinds: ['status_changed'] })).toEqual([]);
	});

	it('tells of an order that was deleted since, without the order', async () => {
		const test = await open();
		const { orderStore } = test;
		await read(orderStore);
		const order = await importOne(orderStore, imported('1'));
		await orderStore.purge({ orderId: order.id, from: 'new', version: order.version, actor: { kind: 'person', name: 'Ann' } });
		for (const { orderId, order: now } of await read(orderStore)) expect([orderId, now]).toEqual([order.id, null]);
	});

	it('tells of what could not be imported: once, again when it was settled between, of no order, and only to those it concerns', async () => {
		const { orderStore } = await open();
		const filter = { kinds: ['import_failed' as const], stores: ['acme'] };
		const fails = async (keys: string[], of = 'acme') =>
			await orderStore.importPage(page([], { store: of, source: `file:${of}`, failures: keys.map(failureOf) }));
		await read(orderStore, filter);
		await fails(['1', '1', '2']);
		await fails(['3'], 'other');
		const [first, ...more] = await read(orderStore, filter);
		expect(first).toEqual({
			event: 'import_failed',
			at: expect.any(String),
			orderId: null,
			order: null,
			data: {
				id: expect.any(String),
				store: 'acme',
				subject: 'order',
				origin: 'export.csv, row 1',
				message: 'Row 1 has no SKU.',
				recommendation: 'Add it.',
			},
		});
		expect(more).toMatchObject([{ data: { origin: 'export.csv, row 2' } }]);
		// Read again as it is, every night: nobody is told twice.
		await fails(['1', '2']);
		expect(await read(orderStore, filter)).toEqual([]);
		const { items } = await orderStore.importFailures({ stores: ['acme'], limit: 9 });
		expect(items.map(({ timesSeen }) => timesSeen).sort()).toEqual([2, 3]);
		for (const { id } of items) await orderStore.resolveImportFailure(id);
		await fails(['2']);
		expect(await read(orderStore, filter)).toMatchObject([{ data: { origin: 'export.csv, row 2' } }]);
		expect(await read(orderStore, { ...filter, peek: true })).toMatchObject([
			{ event: 'import_failed', data: { origin: 'export.csv, row 2' } },
		]);
	});

	it('tells everybody of a report of a warehouse that is nobody’s in particular', async () => {
		const { orderStore } = await open();
		const filter = { kinds: ['import_failed' as const], stores: ['acme'] };
		await read(orderStore, filter);
		await orderStore.recordShipments(report([], { failures: [{ ...failureOf('1'), subject: 'shipment' }] }));
		expect(await read(orderStore, filter)).toMatchObject([{ orderId: null, data: { store: '', subject: 'shipment' } }]);
	});

	it('forgets what could not be imported of an order with the order', async () => {
		const test = await open();
		const { orderStore } = test;
		const filter = { kinds: ['import_failed' as const] };
		await read(orderStore, filter);
		const order = await importOne(orderStore, imported('1'));
		await orderStore.importPage(page([], { failures: [failureOf('1')] }));
		await orderStore.purge({ orderId: order.id, from: 'new', version: order.version, actor: { kind: 'person', name: 'Ann' } });
		expect(await read(orderStore, filter)).toEqual([]);
		expect(await test.raw(`SELECT 1 FROM {timeline}`)).toEqual([]);
	});

	it('gives an event to one of two processes of the same consumer', async () => {
		const test = await open();
		const other = await test.another();
		await read(test.orderStore);
		for (let round = 1; round <= 3; round += 1) {
			await importOne(test.orderStore, imported(String(round)));
			const both = await Promise.all([read(test.orderStore), read(other)]);
			expect(short(both.flat())).toEqual([[`N${round}`, 'imported']]);
		}
		const late: OrderStore = {
			...test.orderStore,
			moveCursor: async (...parameters) => {
				expect(short(await read(other))).toEqual([['N4', 'imported']]);
				return await test.orderStore.moveCursor(...parameters);
			},
		};
		await importOne(test.orderStore, imported('4'));
		expect(await read(late)).toEqual([]);
	});

	it('peeks at the newest orders and moves nothing', async () => {
		const test = await open();
		const { orderStore } = test;
		expect(await read(orderStore, { peek: true })).toEqual([]);
		await read(orderStore);
		const order = await importOne(orderStore, imported('1'));
		await move(orderStore, order, 'routed');
		for (let turn = 0; turn < 2; turn += 1) expect(short(await read(orderStore, { peek: true }))).toEqual([['N1', 'routed']]);
		expect(short(await read(orderStore, { peek: true, toStatuses: ['open'] }))).toEqual([['N1', 'imported']]);
		expect(short(await read(orderStore))).toEqual([
			['N1', 'imported'],
			['N1', 'routed'],
		]);
	});
});
