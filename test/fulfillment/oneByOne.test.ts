/** An order or a report that cannot be recorded, for a reason that nobody foresaw, stops no other. */
import { importOrders, type ImportRequest } from '../../lib/fulfillment/importOrders';
import { recordOneByOne } from '../../lib/fulfillment/oneByOne';
import { pollShipments } from '../../lib/fulfillment/pollShipments';
import { FulfillmentError } from '../../lib/order/errors';
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { OrderStore } from '../../lib/store/OrderStore';
import { actor, imported, openOrder, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { scriptedCart, scriptedWms } from './partners';

/** As if the database refused it. */
function refusing<K extends 'importPage' | 'recordShipments'>(
	orderStore: OrderStore,
	method: K,
	isBad: (page: Parameters<OrderStore[K]>[0]) => boolean,
): OrderStore {
	const inner = orderStore[method].bind(orderStore) as (page: unknown) => Promise<never>;
	const outer = async (page: Parameters<OrderStore[K]>[0]) => {
		const result = await inner(isBad(page) ? { ...page, cursorFrom: 'elsewhere' } : page).catch((error: unknown) => {
			throw isBad(page) ? new TypeError('index row size 4056 exceeds maximum') : error;
		});
		return result;
	};
	return Object.assign(Object.create(orderStore) as OrderStore, { [method]: outer });
}

onEachDatabase('a page that fails', (open) => {
	it('is imported order by order; the one that cannot be recorded is a failure, and the position moves', async () => {
		const { orderStore } = await open();
		const cart = scriptedCart((raw) => imported(String(raw)));
		cart.pages = [
			{ orders: ['1', '2', '3'], failures: [], next: 1 },
			{ orders: ['4'], failures: [], next: 2 },
		];
		const request: ImportRequest = {
			orderStore: refusing(orderStore, 'importPage', ({ orders }) => orders.some(({ externalId }) => externalId === '2')),
			cart: { code: 'file', toOrder: (raw) => imported(String(raw)) },
			session: cart,
			storeName: 'acme',
			filter: { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 10 },
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
			handOutLimit: 10,
			budgetMs: 10_000,
		};
		const { orders, counts } = await importOrders(request);
		expect(orders.map(({ orderNumber }) => orderNumber).sort()).toEqual(['N1', 'N3', 'N4']);
		expect(counts).toMatchObject({ created: 3, failed: 1 });
		expect((await orderStore.importFailures({ limit: 5, openOnly: true })).items).toMatchObject([
			{ key: '2', message: expect.stringContaining('could not be recorded'), payload: { id: '2' } },
		]);
		expect(await orderStore.cursor(cart.source)).toBe(2);
		// Once it can be recorded, the failure is over.
		expect((await importOrders({ ...request, orderStore, session: { ...cart, source: 'again' } })).counts).toMatchObject({
			created: 1,
			unchanged: 3,
		});
		expect((await orderStore.importFailures({ limit: 5, openOnly: true })).items).toEqual([]);
	});

	it('is recorded report by report', async () => {
		const { orderStore } = await open();
		const orders = [await openOrder(orderStore, imported('1')), await openOrder(orderStore, imported('2'))];
		const wms = scriptedWms();
		wms.reports = [{ events: orders.map((order, index) => shipped(order, `S${index}`)), failures: [], next: 1 }];
		const report = await pollShipments({
			orderStore: refusing(orderStore, 'recordShipments', ({ events }) =>
				events.some((event) => 'externalId' in event && event.externalId === 'S0'),
			),
			wms: 'file',
			session: wms,
			stores: [],
			actor,
			budgetMs: 10_000,
		});
		expect(report).toMatchObject({ failed: 1, recorded: [{ orderId: orders[1]!.id, kind: 'recorded' }] });
		expect(await orderStore.cursor(wms.source)).toBe(1);
	});
});

describe('one by one', () => {
	const failure = (entry: string): NewImportFailure => ({
		subject: 'order',
		key: entry,
		origin: '',
		message: '',
		remedy: '',
		payload: null,
	});

	it('throws when none of several can be recorded: then it is not the fault of one', async () => {
		const calls: string[][] = [];
		const record = async (entries: readonly string[]): Promise<string[]> => {
			calls.push([...entries]);
			return await Promise.reject(new TypeError('always'));
		};
		await expect(recordOneByOne(['a', 'b'], record, failure)).rejects.toThrow('always');
		expect(calls).toEqual([['a', 'b'], ['a'], ['b']]);
	});

	it('throws at once what the store says on purpose', async () => {
		const busy = new FulfillmentError('store_busy', 'busy', 'wait');
		let calls = 0;
		await expect(
			recordOneByOne(
				['a', 'b'],
				async () => {
					calls += 1;
					return await Promise.reject(busy);
				},
				failure,
			),
		).rejects.toBe(busy);
		expect(calls).toBe(1);
	});
});
