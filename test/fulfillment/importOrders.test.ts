import { canceled } from '../../lib/order/cartWord';
import type { ImportFilter } from '../../lib/carts/Cart';
import { folderFailure } from '../../lib/files/folderFailure';
import { importOrders, type ImportRequest } from '../../lib/fulfillment/importOrders';
import type { ImportedOrder } from '../../lib/order/order';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, openOrder } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { scriptedCart, type ScriptedPage } from './partners';

const EVERYTHING: ImportFilter = { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 50 };

const run = async (orderStore: OrderStore, session: ImportRequest['session'], more: Partial<ImportRequest> = {}) =>
	await importOrders({
		orderStore,
		cart: { code: 'file', toOrder: (raw) => raw as ImportedOrder },
		session,
		storeName: 'acme',
		filter: EVERYTHING,
		abandonAfterDays: 45,
		onChange: 'replace',
		actor,
		handOutLimit: 50,
		budgetMs: 60_000,
		...more,
	});

const pageOf = (next: string | null, orders: unknown[], more: Partial<ScriptedPage> = {}): ScriptedPage => ({
	orders,
	failures: [],
	next,
	...more,
});

const numbers = ({ orders }: Awaited<ReturnType<typeof run>>) => orders.map(({ orderNumber }) => orderNumber);

onEachDatabase('importing', (open) => {
	it('records page by page with the cursor, says so only then, and goes on where it stopped', async () => {
		const { orderStore } = await open();
		const cart = scriptedCart();
		const recorded: unknown[] = [];
		const afterRecorded = async () =>
			void recorded.push([await orderStore.cursor(cart.source), (await orderStore.search({ limit: 9 })).items.length]);
		cart.pages = [pageOf('p1', [imported('1'), imported('2')], { afterRecorded }), pageOf('p2', [imported('3')], { afterRecorded })];
		const first = await run(orderStore, cart);
		expect(numbers(first)).toEqual(['N1', 'N2', 'N3']);
		expect(first).toMatchObject({ complete: true, counts: { created: 3, updated: 0, unchanged: 0, failed: 0, filtered: 0 } });
		expect(recorded).toEqual([
			['p1', 2],
			['p2', 3],
		]);
		cart.pages.push(pageOf('p3', [imported('4')]));
		expect(numbers(await run(orderStore, cart))).toEqual(['N4']);
		expect(await run(orderStore, cart)).toMatchObject({ orders: [], complete: true, counts: { created: 0 } });
		expect(recorded).toHaveLength(2);
	});

	it('tells what became of each order, and hands on only those that the rules should see', async () => {
		const { orderStore } = await open();
		const cart = scriptedCart();
		await openOrder(orderStore, imported('9'));
		cart.pages = [pageOf('p1', [imported('1'), imported('2'), imported('3')])];
		await run(orderStore, cart);
		cart.pages.push(
			pageOf('p2', [
				imported('1'),
				imported('2', { notes: 'new' }),
				imported('3', {}, { word: canceled() }),
				imported('4', {}, { word: canceled() }),
				imported('9', { notes: 'late' }),
			]),
		);
		const report = await run(orderStore, cart);
		expect(report.counts).toEqual({
			created: 0,
			updated: 1,
			waiting: 0,
			canceled: 1,
			unchanged: 1,
			refused: 2,
			failed: 0,
			filtered: 0,
			notOurs: 0,
		});
		expect(numbers(report)).toEqual(['N2']);
		expect(report.orders[0]).toMatchObject({ status: 'new', notes: 'new' });
	});

	it('hands on what is recorded when trouble comes after it, and tells of the trouble at the next run', async () => {
		const { orderStore } = await open();
		const cart = scriptedCart();
		const full = async (): Promise<void> =>
			await Promise.reject(folderFailure(Object.assign(new Error(), { code: 'ENOSPC' }), 'move', '/shop/orders/1.csv'));
		cart.pages = [pageOf('p1', [imported('1'), imported('2')], { afterRecorded: full })];
		const first = await run(orderStore, cart);
		expect(numbers(first)).toEqual(['N1', 'N2']);
		expect(first.complete).toBe(false);
		cart.pages.push(pageOf('p2', [imported('1'), imported('2')], { afterRecorded: full }));
		await expect(run(orderStore, cart)).rejects.toThrow('no space is left on the disk');
		cart.pages.push(pageOf('p3', [imported('3')]));
		expect(numbers(await run(orderStore, cart))).toEqual(['N3']);
	});

	it('takes a defect at one order for its failure: the others of the page are imported', async () => {
		const { orderStore } = await open();
		const cart = scriptedCart();
		cart.pages = [pageOf('p1', [imported('1'), new TypeError('a defect'), imported('2')])];
		expect((await run(orderStore, cart)).counts).toMatchObject({ created: 2, failed: 1 });
	});

	it('throws what is no failure of one order, and writes nothing of that page', async () => {
		const { orderStore } = await open();
		const cart = scriptedCart();
		cart.pages = [pageOf('p1', [imported('1')]), pageOf('p2', [new TypeError('a defect'), new TypeError('a defect')])];
		await expect(run(orderStore, cart)).rejects.toThrow('a defect');
		expect(await orderStore.cursor(cart.source)).toBe('p1');
		expect((await orderStore.search({ limit: 9 })).items.map(({ orderNumber }) => orderNumber)).toEqual(['N1']);
		const broken: OrderStore = { ...orderStore, importPage: async () => await Promise.reject(new Error('disk full')) };
		cart.pages = [pageOf('p1', []), pageOf('p2', [imported('2')])];
		await expect(run(broken, cart)).rejects.toThrow('disk full');
	});

	it('leaves quietly when another poller was faster; nothing is lost or doubled', async () => {
		const test = await open();
		const other = await test.another();
		const cart = scriptedCart();
		const archived: string[] = [];
		cart.pages = [
			pageOf('p1', [imported('1')], { afterRecorded: async () => void (await Promise.resolve(archived.push('p1'))) }),
			pageOf('p2', [imported('2')], { afterRecorded: async () => void (await Promise.resolve(archived.push('p2'))) }),
		];
		let rival: Awaited<ReturnType<typeof run>> | undefined;
		const late: OrderStore = {
			...test.orderStore,
			importPage: async (page) => {
				rival ??= await run(other, cart);
				return await test.orderStore.importPage(page);
			},
		};
		expect(await run(late, cart)).toMatchObject({ orders: [], complete: false, counts: { created: 0 } });
		expect(numbers(rival!)).toEqual(['N1', 'N2']);
		expect(archived).toEqual(['p1', 'p2']);
		expect((await test.orderStore.search({ limit: 9 })).items).toHaveLength(2);
	});
});
