/** Importing from a real Medusa into a real store: nothing missed, nothing twice. */
import type { CartSession, ImportFilter } from '../../lib/carts/Cart';
import { medusaCart } from '../../lib/carts/medusa';
import { MedusaApi } from '../../lib/carts/medusa/api';
import type { Http } from '../../lib/http/Http';
import { importOrders, type ImportReport } from '../../lib/fulfillment/importOrders';
import { medusaUrl, MedusaShop } from '../real/medusaShop';
import { actor } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { EARLIEST } from './contract';
import { httpOf, sessionOf } from './medusaHarness';

jest.setTimeout(120_000);

const FILTER: ImportFilter = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 3 };
const SMALL = { lines: [{ sku: 'RED-MUG', quantity: 2 }] };
const NOTHING = { created: 0, updated: 0, canceled: 0, failed: 0 };

/** @param shop the same for all tests of a database: each looks at its own orders */
const polling = (test: () => TestStore, shop: () => MedusaShop) => ({
	poll: async (more: { filter?: Partial<ImportFilter>; session?: CartSession } = {}): Promise<ImportReport> =>
		await importOrders({
			orderStore: test().orderStore,
			cart: medusaCart,
			session: more.session ?? sessionOf(shop()),
			storeName: 'acme',
			filter: { ...FILTER, ...more.filter },
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
			handOutLimit: 100,
			budgetMs: 60_000,
		}),
	known: async (): Promise<string[]> => (await test().orderStore.search({ limit: 100 })).items.map(({ externalId }) => externalId).sort(),
	orderOf: async (externalId: string) => (await test().orderStore.search({ externalId, limit: 1 })).items[0]!,
});

if (medusaUrl() === null) it.skip('needs the real Medusa', () => undefined);
else {
	onEachDatabase('importing from a real Medusa', (open) => {
		let test: TestStore;
		let shop: MedusaShop;
		beforeEach(async () => {
			test = await open();
			shop = await MedusaShop.open();
		});
		const { poll, known, orderOf } = polling(
			() => test,
			() => shop,
		);

		it('reads to the last page, takes changes and cancellations, and nothing again', async () => {
			const placed = await shop.placeMany(7);
			expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 7 });
			expect(await known()).toEqual(placed.map(({ id }) => id).sort());
			expect((await poll()).counts).toMatchObject(NOTHING);
			const [moved, fewer, canceled] = placed;
			const [late] = await shop.placeMany(1);
			await shop.admin('POST', `/orders/${moved!.id}`, { shipping_address: { city: 'Potsdam' } });
			await shop.edit(fewer!.id, fewer!.lines.find(({ sku }) => sku === 'RED-MUG')!.id, 1);
			await shop.admin('POST', `/orders/${canceled!.id}/cancel`, {});
			expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 1, updated: 1, waiting: 1, canceled: 1 });
			expect(await known()).toContain(late!.id);
			expect((await orderOf(moved!.id)).shippingAddress?.city).toBe('Potsdam');
			expect((await orderOf(fewer!.id)).lines.find(({ sku }) => sku === 'RED-MUG')).toMatchObject({ quantity: 1 });
			// An edit leaves the payment open, as Medusa says; somebody settles it there.
			expect(await orderOf(fewer!.id)).toMatchObject({ status: 'delayed', statusReason: 'The cart says: payment partially captured.' });
			expect((await orderOf(canceled!.id)).status).toBe('canceled');
			expect((await poll()).counts).toMatchObject(NOTHING);
		});

		it('imports an order once its payment is captured, which Medusa does not date', async () => {
			const placed = await shop.place({ ...SMALL, captured: false });
			expect((await poll()).counts).toMatchObject(NOTHING);
			const { updated_at: before } = await shop.order(placed.id);
			await shop.capture(placed.id);
			expect((await shop.order(placed.id)).updated_at).toBe(before);
			// An hour later, so that it is not read again as a new one.
			const { source } = sessionOf(shop);
			const position = (await test.orderStore.cursor(source)) as { since: string };
			await test.orderStore.moveCursor(source, position, { ...position, since: new Date(Date.now() + 3_600_000).toISOString() });
			expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 1 });
			expect((await poll()).counts).toMatchObject(NOTHING);
			expect((await test.orderStore.cursor(source)) as object).toMatchObject({ waiting: [] });
		});
	});

	onEachDatabase(
		'importing from a real Medusa',
		(open) => {
			let test: TestStore;
			let shop: MedusaShop;
			beforeEach(async () => {
				test = await open();
				shop = await MedusaShop.open();
			});
			const { poll, known } = polling(
				() => test,
				() => shop,
			);

			it('imports authorized orders and free ones when asked, and of a region alone', async () => {
				await shop.placeMany(1, { ...SMALL, captured: false });
				await shop.placeMany(1, { ...SMALL, captured: false, price: 0, paid: false });
				expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 1 });
				expect(
					(await poll({ filter: { statuses: ['authorized'] }, session: sessionOf(shop, { store: 'acme', regions: ['reg_other'] }) }))
						.counts,
				).toMatchObject(NOTHING);
				expect((await poll({ filter: { statuses: ['authorized'] } })).counts).toMatchObject({ ...NOTHING, created: 1 });
			});

			it('does not import its own acknowledgement and notes', async () => {
				await shop.placeMany(1);
				const { orders } = await poll();
				const session = sessionOf(shop);
				for (const kind of ['done', 'already_done']) {
					expect((await session.acknowledge!(orders[0]!)).kind).toBe(kind);
					expect((await session.addNote!(orders[0]!, 'Hello "shop" & co.')).kind).toBe(kind);
				}
				expect((await poll()).counts).toMatchObject(NOTHING);
			});

			it('finds an order that became visible after later ones', async () => {
				const [hidden] = await shop.placeMany(2, SMALL);
				const http = httpOf(shop);
				const hiding: Http = async (request) => {
					const response = await http(request);
					const body = response.body as { orders?: Array<{ id: string }> };
					if (body.orders) body.orders = body.orders.filter(({ id }) => id !== hidden!.id);
					return response;
				};
				expect((await poll({ session: sessionOf(shop, { store: 'acme' }, { http: hiding }) })).counts).toMatchObject({
					...NOTHING,
					created: 1,
				});
				expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 1 });
				expect(await known()).toContain(hidden!.id);
			});

			it('starts at the present when no date is given, which is never that of a clock ahead of ours', async () => {
				const http = httpOf(shop);
				const hourAhead: Http = async (request) => {
					const response = await http(request);
					return { ...response, headers: { ...response.headers, date: new Date(Date.now() + 3_600_000).toUTCString() } };
				};
				await shop.placeMany(1, SMALL);
				for (let count = 0; count < 2; count += 1)
					expect(
						(await poll({ filter: { earliestOrderDate: null }, session: sessionOf(shop, { store: 'acme' }, { http: hourAhead }) })).counts,
					).toMatchObject(NOTHING);
				expect(((await test.orderStore.cursor(sessionOf(shop).source)) as { since: string }).since <= new Date().toISOString()).toBe(true);
			});

			it('reads orders of one moment over the border of pages', async () => {
				const placed = await shop.placeMany(8, SMALL);
				await shop.setTime(
					placed.map(({ id }) => id),
					'2026-11-20T12:00:00.123456Z',
				);
				const last = await shop.placeMany(4, SMALL);
				const api = new MedusaApi({ http: httpOf(shop), account: 'x' }, { channels: [shop.channel] });
				const page = async (within: string | null) =>
					await api.changedBetween('2026-11-20T12:00:00.123Z', '2026-11-20T12:00:00.124Z', within, 5);
				const end = await page(null);
				const begin = await page(end.within);
				expect([...begin.orders.map(({ id }) => id), ...end.orders.map(({ id }) => id).sort()]).toEqual(placed.map(({ id }) => id).sort());
				expect(begin.within).toBeNull();
				expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 12 });
				expect(await known()).toEqual([...placed, ...last].map(({ id }) => id).sort());
			});

			it('goes on where another poller was, or leaves the page to it', async () => {
				const placed = await shop.placeMany(6, SMALL);
				const reports = await Promise.all([poll(), poll()]);
				expect(reports.reduce((sum, { counts }) => sum + counts.created, 0)).toBe(6);
				await poll();
				expect(await known()).toEqual(placed.map(({ id }) => id).sort());
			});
		},
		['sqlite'],
	);
}
