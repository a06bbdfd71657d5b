/** What must hold for every cart that is polled by the time of the last change, on a real store: nothing missed, nothing twice. */
import type { Cart, CartSession, ImportFilter } from '../../lib/carts/Cart';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders, previewOrders, type ImportReport } from '../../lib/fulfillment/importOrders';
import { scriptedWms, send } from '../fulfillment/partners';
import { actor } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { EARLIEST } from './contract';

/** A shop as a test handles it; its clock is its own. */
export interface PolledShop {
	session: CartSession;
	/** Places an order; gives the cart's key. @param step seconds that pass before */
	place(step?: number): string;
	/** Somebody changes the order in the shop, in a way that concerns the warehouse: it goes to 7 Oak Ave now. */
	change(id: string): void;
	/** Something changes that does not, and the time of the change moves. */
	touch(id: string): void;
	cancel(id: string): void;
	/** Gives the order back, and lets nobody see it until it is shown: a transaction that commits late. */
	hide(id: string): () => void;
	/** Called before the n-th list, from 1. */
	onList(callback: (count: number) => void): void;
	/** The clock goes on by so many seconds. */
	wait(seconds: number): void;
}

const FILTER: ImportFilter = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 3 };

export function polledCart(name: string, cart: Cart<never, never>, openShop: () => Promise<PolledShop>): void {
	onEachDatabase(`importing from ${name}`, (open) => {
		let test: TestStore;
		let shop: PolledShop;
		beforeEach(async () => {
			test = await open();
			shop = await openShop();
		});

		const poll = async (more: { filter?: Partial<ImportFilter>; session?: CartSession; budgetMs?: number } = {}): Promise<ImportReport> =>
			await importOrders({
				orderStore: test.orderStore,
				cart,
				session: more.session ?? shop.session,
				storeName: 'acme',
				filter: { ...FILTER, ...more.filter },
				abandonAfterDays: 45,
				onChange: 'replace',
				actor,
				handOutLimit: 100,
				budgetMs: more.budgetMs ?? 60_000,
			});
		const known = async (): Promise<string[]> =>
			(await test.orderStore.search({ limit: 100 })).items.map(({ externalId }) => externalId).sort();
		const statusOf = async (externalId: string) => (await test.orderStore.search({ externalId, limit: 1 })).items[0]?.status;

		it('reads to the last page, and nothing again', async () => {
			const placed = Array.from({ length: 10 }, () => shop.place());
			expect((await poll()).counts).toMatchObject({ created: 10, failed: 0, updated: 0 });
			expect(await known()).toEqual(placed.sort());
			expect((await poll()).counts).toMatchObject({ created: 0, updated: 0, canceled: 0, failed: 0 });
			const late = shop.place();
			expect((await poll()).counts).toMatchObject({ created: 1, updated: 0 });
			expect(await known()).toContain(late);
		});

		it('reads orders of one second over the border of pages', async () => {
			shop.place();
			const placed = [shop.place(), ...Array.from({ length: 7 }, () => shop.place(0))];
			shop.place();
			expect((await poll()).counts).toMatchObject({ created: 10 });
			expect(await known()).toEqual(expect.arrayContaining(placed));
		});

		it('goes on where a run without time left off, though each has time for one page only', async () => {
			const placed = [shop.place(), ...Array.from({ length: 7 }, () => shop.place(0)), shop.place(), shop.place()];
			let runs = 0;
			for (let complete = false; !complete; runs += 1) ({ complete } = await poll({ budgetMs: -1 }));
			expect(runs).toBeLessThanOrEqual(9);
			expect(await known()).toEqual(placed.sort());
		});

		it('shows the newest orders in the editor', async () => {
			const placed = Array.from({ length: 8 }, () => shop.place());
			const { orders } = await previewOrders({ session: shop.session, filter: FILTER }, 2);
			expect(orders.map(({ externalId }) => externalId)).toEqual([placed[7], placed[6]]);
		});

		it('misses none when an order changes between two pages', async () => {
			const placed = Array.from({ length: 8 }, () => shop.place());
			shop.onList((count) => {
				if (count === 2) shop.touch(placed[0]!);
				if (count === 3) shop.touch(placed[4]!);
			});
			expect((await poll()).counts).toMatchObject({ created: 8, updated: 0 });
			expect(await known()).toEqual(placed.sort());
		});

		it('misses none that is placed while it reads', async () => {
			for (let count = 0; count < 4; count += 1) shop.place();
			let during = '';
			shop.onList((count) => {
				if (count === 2) during = shop.place();
			});
			await poll();
			await poll();
			expect(await known()).toContain(during);
			expect(await known()).toHaveLength(5);
		});

		it('finds an order that became visible after later ones', async () => {
			const hidden = shop.place();
			const show = shop.hide(hidden);
			shop.place();
			await poll();
			show();
			expect((await poll()).counts).toMatchObject({ created: 1 });
			expect(await known()).toHaveLength(2);
		});

		it('starts at the present by the clock of the shop when no date is given', async () => {
			shop.place();
			shop.wait(600);
			expect((await poll({ filter: { earliestOrderDate: null } })).counts).toMatchObject({ created: 0 });
			const placed = shop.place(5);
			expect((await poll({ filter: { earliestOrderDate: null } })).counts).toMatchObject({ created: 1 });
			expect(await known()).toEqual([placed]);
		});

		it('takes changes of unsent orders, and cancellations', async () => {
			const [changed, canceled, touched] = [shop.place(), shop.place(), shop.place()];
			await poll();
			shop.change(changed);
			shop.cancel(canceled);
			shop.touch(touched);
			expect((await poll()).counts).toMatchObject({ created: 0, updated: 1, canceled: 1 });
			expect(await statusOf(canceled)).toBe('canceled');
			expect((await poll()).counts).toMatchObject({ updated: 0 });
		});

		it('says in the timeline what changed before sending, and in an alert what changed or was canceled after it', async () => {
			const [unsent, changed, canceled] = [shop.place(), shop.place(), shop.place()];
			const { orders } = await poll();
			const orderOf = async (externalId: string) => (await test.orderStore.search({ externalId, limit: 1 })).items[0]!;
			const sent = orders.filter(({ externalId }) => externalId !== unsent).map(({ id }) => id);
			await applyRules({
				orderStore: test.orderStore,
				orderIds: sent,
				warehouses: ['main'],
				ruleSet: () => null,
				dryRun: false,
				actor,
				evaluate: (_id, content) => ({
					decision: { kind: 'route', warehouse: 'main' },
					content: { ...content, warehouse: 'main' },
					trace: [],
				}),
			});
			await send(test.orderStore, scriptedWms(), sent);
			for (const id of [unsent, changed]) shop.change(id);
			shop.cancel(canceled);
			for (let polls = 0; polls < 2; polls += 1) await poll();
			const { id } = await orderOf(unsent);
			expect((await test.orderStore.timeline(id)).filter(({ kind }) => kind === 'snapshot_changed')).toMatchObject([
				{ data: { changes: [{ path: 'shippingAddress.address1', after: '7 Oak Ave' }] } },
			]);
			expect(await orderOf(changed)).toMatchObject({
				status: 'open',
				alert: { code: 'changed_in_cart', message: expect.stringMatching(/shippingAddress\.address1: ".*" → "7 Oak Ave"/) },
			});
			expect((await orderOf(changed)).shippingAddress?.address1).not.toBe('7 Oak Ave');
			expect(await orderOf(canceled)).toMatchObject({ status: 'open', alert: { code: 'canceled_in_cart' } });
		});

		it('does not import its own acknowledgement and notes', async () => {
			const id = shop.place();
			const { orders } = await poll();
			expect((await shop.session.acknowledge!(orders[0]!)).kind).toBe('done');
			expect((await shop.session.acknowledge!(orders[0]!)).kind).toBe('already_done');
			expect((await shop.session.addNote!(orders[0]!, 'Hello "shop" & co.')).kind).toBe('done');
			expect((await shop.session.addNote!(orders[0]!, 'Hello "shop" & co.')).kind).toBe('already_done');
			expect((await poll()).counts).toMatchObject({ created: 0, updated: 0, canceled: 0 });
			expect(await statusOf(id)).toBe('new');
		});

		it('goes on where another poller was, or leaves the page to it', async () => {
			const placed = Array.from({ length: 9 }, () => shop.place());
			const reports = await Promise.all([poll(), poll()]);
			expect(reports.reduce((sum, { counts }) => sum + counts.created, 0)).toBe(9);
			await poll();
			expect(await known()).toEqual(placed.sort());
		});
	});
}
