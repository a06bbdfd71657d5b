import { previewOrders } from '../../lib/fulfillment/importOrders';
import { orderFromJson } from '../../lib/carts/file/json';
import type { CartSession } from '../../lib/carts/Cart';
import { MappingError } from '../../lib/order/errors';
import { onEachDatabase } from '../store/harness';
import { counting, EVERYTHING, Exchange, filesOf, shopOrder, withRival } from './exchange';
import { scriptedCart, withDefect } from './partners';

onEachDatabase('importing', (open) => {
	const begin = async () => new Exchange(await open());
	const small = { filter: { ...EVERYTHING, pageSize: 2 } };
	const numbers = async (site: Exchange) =>
		(await site.orderStore.search({ limit: 100, sort: { by: 'orderNumber', direction: 'asc' } })).items.map(
			({ orderNumber }) => orderNumber,
		);

	it('imports page by page, hands out what is new, and puts the file away after its last page', async () => {
		const site = await begin();
		site.exportOrders([1, 2, 3, 4, 5].map((number) => shopOrder(String(number))));
		const pages = counting(site.orderStore, 'importPage');
		const report = await site.import({ ...small, orderStore: pages.target });
		expect(report).toMatchObject({ complete: true, counts: { created: 5, unchanged: 0, failed: 0 } });
		expect(report.orders.map(({ orderNumber, status }) => [orderNumber, status])).toEqual(
			[1, 2, 3, 4, 5].map((number) => [`N${number}`, 'new']),
		);
		expect(pages.calls).toHaveLength(3);
		expect(Object.keys(filesOf(site.shop.root, 'orders'))).toEqual([]);
		expect(Object.keys(filesOf(site.shop.root, 'orders/archive'))).toHaveLength(1);
		expect(await site.import(small)).toMatchObject({ orders: [], counts: { created: 0, unchanged: 0 }, complete: true });
	});

	it('keeps a bad order as a failure, imports the others, and resolves it by a corrected export', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1', { lines: [{ sku: 'A', quantity: 'many' }] }), shopOrder('2')]);
		expect(await site.import()).toMatchObject({ counts: { created: 1, failed: 1 }, orders: [{ orderNumber: 'N2' }] });
		const { items } = await site.orderStore.importFailures({ openOnly: true, limit: 5 });
		expect(items).toMatchObject([
			{
				subject: 'order',
				key: 'x1',
				message: expect.stringContaining('many'),
				remedy: expect.stringMatching(/./),
				payload: expect.anything(),
			},
		]);
		site.exportOrders([shopOrder('1')]);
		expect(await site.import()).toMatchObject({ counts: { created: 1, failed: 0 } });
		expect((await site.orderStore.importFailures({ openOnly: true, limit: 5 })).items).toEqual([]);
	});

	it('keeps what the adapter cannot map although it read it; two such orders are two failures', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2'), shopOrder('3')]);
		const session = withDefect(site.cart, (order) => {
			if (order.externalId !== 'x2') throw new MappingError('lines[0]', 'x', 'is wrong', 'Correct it.');
			return order;
		});
		expect(await site.import({ session })).toMatchObject({ counts: { created: 1, failed: 2 } });
		expect((await site.orderStore.importFailures({ openOnly: true, limit: 5 })).items).toMatchObject([
			{ origin: expect.stringMatching(/lines\[0\]$/), remedy: 'Correct it.' },
			{ origin: expect.stringMatching(/lines\[0\]$/) },
		]);
	});

	it('records nothing of a page when the adapter fails otherwise at every order, and the file stays', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2')]);
		const session = withDefect(site.cart, () => {
			throw new TypeError('x is undefined');
		});
		await expect(site.import({ session })).rejects.toThrow('x is undefined');
		expect(await numbers(site)).toEqual([]);
		expect(Object.keys(filesOf(site.shop.root, 'orders/reading'))).toHaveLength(1);
		expect(await site.import()).toMatchObject({ counts: { created: 2 } });
	});

	it('keeps the one order at which the adapter fails otherwise, and goes on with the others', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2')]);
		const session = withDefect(site.cart, (order) => {
			if (order.externalId === 'x1') throw new TypeError('x is undefined');
			return order;
		});
		expect(await site.import({ session })).toMatchObject({ counts: { created: 1, failed: 1 } });
		expect((await site.orderStore.importFailures({ openOnly: true, limit: 5 })).items).toMatchObject([
			{ message: expect.stringContaining('x is undefined'), remedy: expect.stringContaining('defect of this package') },
		]);
	});

	it('filters by date, SKU and tag, and counts what it left out', async () => {
		const site = await begin();
		const raws = [
			{ ...shopOrder('1', { tags: ['vip'] }), orderedAt: '2026-11-02T00:00:00Z' },
			{ ...shopOrder('2', { tags: ['vip'] }), orderedAt: '2026-10-01T00:00:00Z' },
			{ ...shopOrder('3'), orderedAt: '2026-11-02T00:00:00Z' },
			{ ...shopOrder('4', { tags: ['vip'], lines: [{ sku: 'HAT', quantity: 1 }] }), orderedAt: '2026-11-02T00:00:00Z' },
		];
		const session = scriptedCart((raw) => orderFromJson(raw as never, 'test'));
		session.pages = [{ orders: raws, failures: [], next: 'read' }];
		const filter = { ...EVERYTHING, earliestOrderDate: '2026-11-01T00:00:00.000Z', tags: ['vip'], skus: ['RED-MUG'] };
		expect(await site.import({ session, filter })).toMatchObject({ counts: { created: 1, filtered: 3 }, orders: [{ orderNumber: 'N1' }] });
	});

	it('hands on no more than asked; the rest is due work, nothing is lost', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2'), shopOrder('3')]);
		expect((await site.import({ handOutLimit: 2 })).orders).toHaveLength(2);
		await site.lapse('order', 'due_at');
		expect((await site.orderStore.search({ statuses: ['new'], due: true, limit: 5 })).items).toHaveLength(3);
	});

	it('hands on nobody that left New before it could be handed on', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2')]);
		const rival = withRival(site.orderStore, 'getMany', async () => {
			const [first] = (await site.orderStore.search({ externalId: 'x1', limit: 1 })).items;
			await site.orderStore.transition({
				orderId: first!.id,
				from: 'new',
				to: 'archived',
				version: first!.version,
				actor: { kind: 'person', name: 'p' },
				reason: null,
			});
		});
		expect((await site.import({ orderStore: rival })).orders.map(({ orderNumber }) => orderNumber)).toEqual(['N2']);
	});

	it('stops when its time is up, and the next run goes on where it was', async () => {
		const site = await begin();
		site.exportOrders([1, 2, 3, 4, 5].map((number) => shopOrder(String(number))));
		expect(await site.import({ ...small, budgetMs: -1 })).toMatchObject({ complete: false, counts: { created: 2 } });
		expect(await numbers(site)).toEqual(['N1', 'N2']);
		expect(await site.import(small)).toMatchObject({ complete: true, counts: { created: 3, unchanged: 0 } });
		expect(await numbers(site)).toEqual(['N1', 'N2', 'N3', 'N4', 'N5']);
	});

	it('loses and repeats nothing when the page is recorded and the file is not put away', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2'), shopOrder('3')]);
		const dying: CartSession = {
			...site.cart,
			listOrders: async function* (...args) {
				for await (const page of site.cart.listOrders(...args))
					yield { ...page, afterRecorded: async () => await Promise.reject(new Error('killed')) };
			},
		};
		await expect(site.import({ ...small, session: dying })).rejects.toThrow('killed');
		expect(await site.import(small)).toMatchObject({ complete: true, counts: { created: 1, failed: 0 } });
		expect(await numbers(site)).toEqual(['N1', 'N2', 'N3']);
	});

	it('leaves the page to a rival that was faster, and reports no order of it as its own', async () => {
		const site = await begin();
		site.exportOrders([1, 2, 3].map((number) => shopOrder(String(number))));
		const rival = withRival(site.orderStore, 'importPage', async () => {
			expect(await site.import(small)).toMatchObject({ counts: { created: 3 } });
		});
		expect(await site.import({ ...small, orderStore: rival })).toMatchObject({ orders: [], complete: false, counts: { created: 0 } });
		expect(await numbers(site)).toEqual(['N1', 'N2', 'N3']);
		expect(Object.keys(filesOf(site.shop.root, 'orders/archive'))).toHaveLength(1);
	});

	it('imports each order once when several pollers start at the same time', async () => {
		const site = await begin();
		site.exportOrders([1, 2, 3, 4, 5, 6, 7].map((number) => shopOrder(String(number))));
		const other = await site.test.another();
		const reports = await Promise.all([site.import(small), site.import({ ...small, orderStore: other }), site.import(small)]);
		expect(reports.reduce((sum, { counts }) => sum + counts.created, 0)).toBe((await numbers(site)).length);
		// Whoever left earlier is helped out by the next run.
		await site.import(small);
		expect(await numbers(site)).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `N${number}`));
		const handedOut = reports.flatMap(({ orders }) => orders.map(({ id }) => id));
		expect(new Set(handedOut).size).toBe(handedOut.length);
	});

	it('replaces an unsent order that the shop changed, and leaves a sent one', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2')]);
		const { orders } = await site.import();
		const sent = orders[1]!;
		await site.orderStore.transition({
			orderId: sent.id,
			from: 'new',
			to: 'routed',
			version: sent.version,
			actor: { kind: 'system', name: 't' },
			reason: null,
		});
		await site.send([sent.id]);
		const before = await site.get(sent.id);
		site.exportOrders([shopOrder('1', { notes: 'gift' }), shopOrder('2', { notes: 'gift' })]);
		expect(await site.import({ onChange: 'ignore' })).toMatchObject({ counts: { updated: 0, unchanged: 2 }, orders: [] });
		site.exportOrders([shopOrder('1', { notes: 'gift' }), shopOrder('2', { notes: 'gift' })]);
		expect(await site.import()).toMatchObject({ counts: { updated: 1, refused: 1 }, orders: [{ orderNumber: 'N1', notes: 'gift' }] });
		expect(await site.get(sent.id)).toEqual({ ...before, updatedAt: expect.any(String), version: before.version + 1 });
	});

	it('shows the newest without recording anything', async () => {
		const site = await begin();
		site.exportOrders([shopOrder('1'), shopOrder('2', { lines: 'none' }), shopOrder('3')]);
		const preview = await previewOrders({ session: site.cart, filter: EVERYTHING }, 1);
		expect([preview.orders.length, preview.failures.length]).toEqual([1, 1]);
		expect(await numbers(site)).toEqual([]);
		expect(Object.keys(filesOf(site.shop.root, 'orders'))).toHaveLength(1);
	});
});
