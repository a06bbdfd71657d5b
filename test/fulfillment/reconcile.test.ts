import { orderFromJson } from '../../lib/carts/file/json';
import type { CartSession } from '../../lib/carts/Cart';
import { fileCart } from '../../lib/carts/file';
import { importByNumber, reconcile, retryImportFailure } from '../../lib/fulfillment/reconcile';
import { ordersCsv } from '../../lib/fulfillment/ordersCsv';
import type { JsonValue } from '../../lib/order/order';
import { openCsv } from '../../lib/files/csv';
import { actor, imported, importOne, openOrder, page } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { EVERYTHING, shopOrder } from './exchange';
import { scriptedCart, type ScriptedPage } from './partners';

const cart = { code: 'file', toOrder: (raw: unknown) => orderFromJson(raw as JsonValue, 'test') };
const recently = { orderedAt: new Date(Date.now() - 3_600_000).toISOString() };
const rawPage = (orders: unknown[]): ScriptedPage => ({ orders, failures: [], next: 'read' });

function session(orders: unknown[], more: Partial<CartSession> = {}): CartSession {
	const scripted = scriptedCart(cart.toOrder);
	scripted.pages.push(rawPage(orders));
	return { ...scripted, ...more };
}

onEachDatabase('reconciling', (open) => {
	const common = { cart, storeName: 'acme', abandonAfterDays: 45, onChange: 'replace', actor } as const;
	const request = { ...common, hours: 72, filter: EVERYTHING, budgetMs: 60_000 };

	it('imports what is missing, notices what changed, and moves no position', async () => {
		const { orderStore } = await open();
		const known = await importOne(orderStore, orderFromJson(shopOrder('1', recently) as JsonValue, 'x'));
		const orders = [
			shopOrder('1', { ...recently, notes: 'gift' }),
			shopOrder('2', recently),
			shopOrder('3', { orderedAt: '2020-01-01T00:00:00Z' }),
			{ nonsense: true },
		];
		const report = await reconcile({ ...request, orderStore, session: session(orders) });
		expect(report).toMatchObject({
			checked: 2,
			failed: 1,
			complete: true,
			missing: [{ orderNumber: 'N2' }],
			changed: [{ orderId: known.id, orderNumber: 'N1', result: 'updated' }],
		});
		expect(await orderStore.cursor('cart:scripted')).toBeNull();
		expect(await reconcile({ ...request, orderStore, session: session(orders) })).toMatchObject({ missing: [], changed: [], failed: 1 });
		expect((await orderStore.importFailures({ limit: 5 })).items).toMatchObject([{ timesSeen: 2 }]);
	});

	it('asks for orders under way that the cart does not list any more: deleted ones are not sent, of sent ones somebody is told', async () => {
		const { orderStore } = await open();
		const of = (key: string) => orderFromJson(shopOrder(key, recently) as JsonValue, 'x');
		const [kept, unsent, hidden] = [
			await importOne(orderStore, of('1')),
			await importOne(orderStore, of('2')),
			await importOne(orderStore, of('4')),
		];
		const sent = await openOrder(orderStore, of('3'));
		await importOne(orderStore, orderFromJson(shopOrder('5', { orderedAt: '2020-01-01T00:00:00Z' }) as JsonValue, 'x'));
		const asked: string[][] = [];
		const ordersByKey = async (keys: readonly string[]) => {
			asked.push([...keys].sort());
			return await Promise.resolve({ orders: [of('4')], failures: [], gone: keys.filter((key) => key !== 'x4') });
		};
		const report = await reconcile({ ...request, orderStore, session: session([shopOrder('1', recently)], { ordersByKey }) });
		expect(asked).toEqual([['x2', 'x3', 'x4']]);
		expect(report.changed.sort((left, right) => left.orderNumber.localeCompare(right.orderNumber))).toEqual([
			{ orderId: unsent.id, orderNumber: 'N2', result: 'canceled' },
			{ orderId: sent.id, orderNumber: 'N3', result: 'refused' },
		]);
		expect(
			(await orderStore.getMany([kept.id, unsent.id, hidden.id, sent.id])).map(({ status, alerts }) => [
				status,
				alerts.map(({ code }) => code),
			]),
		).toEqual([
			['new', []],
			['canceled', []],
			['new', []],
			['open', ['canceled_in_cart']],
		]);
		// Once it is known nothing is told again.
		expect((await reconcile({ ...request, orderStore, session: session([shopOrder('1', recently)], { ordersByKey }) })).changed).toEqual(
			[],
		);
		// A cart that cannot be asked says so, and changes nothing.
		await expect(
			reconcile({ ...request, orderStore, session: session([], { ordersByKey: async () => await Promise.reject(new Error('502')) }) }),
		).rejects.toThrow('502');
	});

	it('refuses a mistyped name of a store whose shop is imported already: every order would come a second time', async () => {
		const { orderStore } = await open();
		await orderStore.importPage(page([], { store: 'acme', account: { account: 'shop.example.com', scope: '' } }));
		const shop = session([shopOrder('1', recently)], {
			account: 'shop.example.com',
			getOrder: async () => await Promise.resolve(shopOrder('1', recently)),
		});
		const refused = {
			code: 'operation_refused',
			message: expect.stringContaining('is imported as the store acme already'),
			remedy: expect.stringContaining('Use the name acme'),
		};
		await expect(reconcile({ ...request, orderStore, storeName: 'acmee', session: shop })).rejects.toMatchObject(refused);
		await expect(importByNumber({ ...common, orderStore, storeName: 'acmee', session: shop, orderNumber: 'N1' })).rejects.toMatchObject(
			refused,
		);
		expect((await orderStore.search({ limit: 5 })).items).toEqual([]);
		expect((await reconcile({ ...request, orderStore, session: shop })).missing).toHaveLength(1);
	});

	it('stops when its time is over, and says so', async () => {
		const { orderStore } = await open();
		const scripted = scriptedCart(cart.toOrder);
		scripted.pages = [rawPage([shopOrder('1', recently)]), rawPage([shopOrder('2', recently)])];
		const report = await reconcile({
			...request,
			orderStore,
			budgetMs: -1,
			session: { ...scripted, ordersBetween: (_from, _to, filter) => scripted.listOrders(null, filter) },
		});
		expect(report).toMatchObject({ complete: false, checked: 1 });
	});

	it('brings one order by its number, also an old one; a repeat changes nothing', async () => {
		const { orderStore } = await open();
		const getOrder = async (number: string) => (number === 'N7' ? shopOrder('7', { orderedAt: '2020-01-01T00:00:00Z' }) : null);
		const bring = async (orderNumber: string) =>
			await importByNumber({ ...common, orderStore, session: session([], { getOrder }), orderNumber });
		expect(await bring('N7')).toMatchObject({ result: 'created', order: { orderNumber: 'N7', status: 'new' } });
		expect(await bring('N7')).toMatchObject({ result: 'unchanged', order: { orderNumber: 'N7' } });
		await expect(bring('N8')).rejects.toMatchObject({ code: 'order_not_found', message: expect.stringMatching(/N8/) });
		await expect(importByNumber({ ...common, orderStore, session: session([]), orderNumber: 'N7' })).rejects.toMatchObject({
			code: 'operation_refused',
		});
	});

	it('tries import failures again: with the payload that was kept, or a corrected one', async () => {
		const { orderStore } = await open();
		const payload: JsonValue = {
			format: 'json',
			defaults: {},
			order: { orderNumber: 'N1', lines: [{ sku: 'A', quantity: 'x' }] },
			origin: { file: 'a.json', rows: [1] },
		};
		await orderStore.importPage(
			page([], { failures: [{ subject: 'order', key: 'N1', origin: 'a.json, row 1', message: 'bad', remedy: 'fix', payload }] }),
		);
		const failure = (await orderStore.importFailures({ limit: 5 })).items[0]!;
		const retry = async (corrected: JsonValue | null) =>
			await retryImportFailure({ orderStore, failure, payload: corrected, carts: { file: fileCart }, abandonAfterDays: 45, actor });
		await expect(retry(null)).rejects.toMatchObject({ code: 'mapping_failed', message: expect.stringMatching(/still cannot be read/) });
		expect((await orderStore.importFailures({ openOnly: true, limit: 5 })).items).toHaveLength(1);
		const corrected: JsonValue = { ...payload, order: { orderNumber: 'N1', lines: [{ sku: 'A', quantity: 1 }] } };
		expect(await retry(corrected)).toMatchObject({ result: 'created', order: { orderNumber: 'N1' } });
		expect((await orderStore.importFailures({ openOnly: true, limit: 5 })).items).toEqual([]);
		await expect(
			retryImportFailure({
				orderStore,
				failure: { ...failure, subject: 'shipment' },
				payload: null,
				carts: { file: fileCart },
				abandonAfterDays: 45,
				actor,
			}),
		).rejects.toMatchObject({ code: 'operation_refused' });
	});
});

onEachDatabase('orders as CSV', (open) => {
	it('have one row a line, and nothing in them is a formula', async () => {
		const { orderStore } = await open();
		await openOrder(orderStore, imported('1', { tags: ['=HYPERLINK("http://x")', 'b'] }));
		await importOne(orderStore, imported('2', { lines: [] }));
		let text = '';
		const pages = async function* () {
			yield (await orderStore.search({ limit: 10, sort: { by: 'orderNumber', direction: 'asc' } })).items;
		};
		for await (const part of ordersCsv(pages())) text += part;
		const bytes = async function* () {
			yield await Promise.resolve(Buffer.from(text));
		};
		const csv = await openCsv(bytes(), { origin: 'x' });
		const rows: Array<Record<string, string>> = [];
		for await (const { cell } of csv.rows) rows.push(Object.fromEntries(csv.header.map((column) => [column, cell(column)])));
		expect(rows.map((row) => [row['order_number'], row['status'], row['sku'], row['quantity']])).toEqual([
			['N1', 'Open', 'RED-MUG', '2'],
			['N1', 'Open', 'TEE-L', '1'],
			['N2', 'New', '', ''],
		]);
		expect(rows[0]!['tags']).toBe('\'=HYPERLINK("http://x"), b');
	});
});
