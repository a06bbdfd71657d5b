/** Importing from a real Vendure into a real store: nothing missed, nothing twice, whatever Vendure does to its times. */
import type { CartSession, ImportFilter } from '../../lib/carts/Cart';
import { vendureCart } from '../../lib/carts/vendure';
import type { Http } from '../../lib/http/Http';
import { importOrders, type ImportReport } from '../../lib/fulfillment/importOrders';
import { vendureUrl, VendureShop } from '../real/vendureShop';
import { actor } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { EARLIEST } from './contract';
import { httpOf, sessionOf } from './vendureHarness';

const FILTER: ImportFilter = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 3 };
const SMALL = { lines: [{ sku: 'RED-MUG', quantity: 2 }] };

if (vendureUrl() === null) it.skip('needs the real Vendure', () => undefined);
else
	onEachDatabase(
		'importing from a real Vendure',
		(open) => {
			let test: TestStore;
			let shop: VendureShop;
			beforeEach(async () => {
				test = await open();
				shop = await VendureShop.open();
			});

			const poll = async (more: { filter?: Partial<ImportFilter>; session?: CartSession } = {}): Promise<ImportReport> =>
				await importOrders({
					orderStore: test.orderStore,
					cart: vendureCart,
					session: more.session ?? sessionOf(shop),
					storeName: 'acme',
					filter: { ...FILTER, ...more.filter },
					abandonAfterDays: 45,
					onChange: 'replace',
					actor,
					handOutLimit: 100,
					budgetMs: 60_000,
				});
			const known = async (): Promise<string[]> =>
				(await test.orderStore.search({ limit: 100 })).items.map(({ externalId }) => externalId).sort();
			const orderOf = async (externalId: string) => (await test.orderStore.search({ externalId, limit: 1 })).items[0]!;
			const NOTHING = { created: 0, updated: 0, canceled: 0, failed: 0 };

			it('reads to the last page, and nothing again', async () => {
				const placed = await shop.placeMany(7, SMALL);
				expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 7 });
				expect(await known()).toEqual(placed.map(({ id }) => id).sort());
				expect((await poll()).counts).toMatchObject(NOTHING);
				const late = await shop.place(SMALL);
				expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 1 });
				expect(await known()).toContain(late.id);
			});

			it('takes changes of the address and of quantities, and cancellations, though the time of the change tells nothing', async () => {
				const [moved, fewer, canceled] = await shop.placeMany(3);
				await poll();
				const before = (await shop.order(moved!.id)).updatedAt;
				await shop.modify(moved!.id, { updateShippingAddress: { city: 'Potsdam' } });
				expect((await shop.order(moved!.id)).updatedAt).toBe(before);
				await shop.modify(fewer!.id, {
					adjustOrderLines: [{ orderLineId: fewer!.lines[0]!.id, quantity: 1 }],
					refund: { paymentId: (await shop.order(fewer!.id)).payments[0].id, reason: 'x' },
				});
				await shop.cancel(canceled!.id);
				// An hour later, so that they are not read again as new ones.
				const { source } = sessionOf(shop);
				const position = (await test.orderStore.cursor(source)) as { since: string };
				await test.orderStore.moveCursor(source, position, { ...position, since: new Date(Date.now() + 3_600_000).toISOString() });
				expect((await poll()).counts).toMatchObject({ ...NOTHING, updated: 2, canceled: 1 });
				expect((await orderOf(moved!.id)).shippingAddress?.city).toBe('Potsdam');
				expect((await orderOf(fewer!.id)).lines[0]).toMatchObject({ sku: fewer!.lines[0]!.sku, quantity: 1 });
				expect((await orderOf(canceled!.id)).status).toBe('canceled');
				expect((await poll()).counts).toMatchObject(NOTHING);
			});

			it('imports an order once its payment is settled, and authorized ones when asked', async () => {
				const placed = await shop.place({ ...SMALL, payment: 'invoice' });
				expect((await poll()).counts).toMatchObject(NOTHING);
				const { payments } = await shop.order(placed.id);
				await shop.admin('mutation ($id: ID!) { settlePayment(id: $id) { __typename ... on ErrorResult { errorCode message } } }', {
					id: payments[0].id,
				});
				expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 1 });
				await shop.place({ ...SMALL, payment: 'invoice' });
				expect((await poll({ filter: { statuses: ['PaymentAuthorized', 'PaymentSettled'] } })).counts).toMatchObject({ created: 1 });
			});

			it('does not import its own acknowledgement and notes', async () => {
				await shop.place(SMALL);
				const { orders } = await poll();
				const session = sessionOf(shop);
				for (const kind of ['done', 'already_done']) {
					expect((await session.acknowledge!(orders[0]!)).kind).toBe(kind);
					expect((await session.addNote!(orders[0]!, 'Hello "shop" & co.')).kind).toBe(kind);
				}
				expect((await poll()).counts).toMatchObject(NOTHING);
			});

			it('finds an order that became visible after later ones', async () => {
				const hidden = await shop.place(SMALL);
				await shop.place(SMALL);
				const http = httpOf(shop);
				const hiding: Http = async (request) => {
					const response = await http(request);
					const { data } = response.body as { data?: { orders?: { items: Array<{ id: string }> } } };
					if (data?.orders) data.orders.items = data.orders.items.filter(({ id }) => id !== hidden.id);
					return response;
				};
				expect((await poll({ session: sessionOf(shop, { store: 'acme' }, { http: hiding }) })).counts).toMatchObject({
					...NOTHING,
					created: 1,
				});
				expect((await poll()).counts).toMatchObject({ ...NOTHING, created: 1 });
				expect(await known()).toContain(hidden.id);
			});

			it('starts at the present when no date is given, which is never that of a clock ahead of ours', async () => {
				const http = httpOf(shop);
				const hourAhead: Http = async (request) => {
					const response = await http(request);
					return { ...response, headers: { ...response.headers, date: new Date(Date.now() + 3_600_000).toUTCString() } };
				};
				await shop.place(SMALL);
				for (let count = 0; count < 2; count += 1)
					expect(
						(await poll({ filter: { earliestOrderDate: null }, session: sessionOf(shop, { store: 'acme' }, { http: hourAhead }) })).counts,
					).toMatchObject(NOTHING);
				expect(((await test.orderStore.cursor(sessionOf(shop).source)) as { since: string }).since <= new Date().toISOString()).toBe(true);
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
