/** What must hold for every state that a cart's API knows, on a real store: a state of the adapter's table without a case fails. */
import type { Cart, CartSession, ImportFilter } from '../../lib/carts/Cart';
import type { CartStates } from '../../lib/carts/common/cartStates';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import type { AlertCode } from '../../lib/order/alerts';
import type { Order } from '../../lib/order/order';
import type { OrderStatus } from '../../lib/order/status';
import { scriptedWms, send } from '../fulfillment/partners';
import { actor } from '../store/fixtures';
import { onEachDatabase, type TestStore } from '../store/harness';
import { EARLIEST } from './contract';

export interface StatesShop {
	session: CartSession;
	/** Places an order that is ready; gives the cart's key. */
	place(): string;
	/** Brings an order into a state of the table; gives back what brings it back to ready. */
	moveTo(id: string, state: string): () => void;
}

/** What becomes of an order that goes into a state. */
interface StateCase {
	/** Of one that was not sent. */
	before: Extract<OrderStatus, 'new' | 'delayed' | 'canceled'>;
	/** Of one that was; null = nothing. */
	after: AlertCode | null;
}

const FILTER: ImportFilter = { earliestOrderDate: EARLIEST, statuses: [], tags: [], skus: [], pageSize: 50 };

export function statesSuite<States extends CartStates>(
	name: string,
	cart: Cart<never, never>,
	openShop: () => Promise<StatesShop>,
	states: States,
	cases: Readonly<Record<keyof States & string, StateCase>>,
): void {
	onEachDatabase(`the states of ${name}`, (open) => {
		let test: TestStore;
		let shop: StatesShop;
		beforeEach(async () => {
			test = await open();
			shop = await openShop();
		});

		/** What a workflow does: it polls, and looks again before it sends. */
		const hear = async (orderId: string | null): Promise<void> => {
			const common = {
				orderStore: test.orderStore,
				cart,
				session: shop.session,
				filter: FILTER,
				abandonAfterDays: 45,
				onChange: 'replace',
				actor,
			} as const;
			await importOrders({ ...common, storeName: 'acme', handOutLimit: 100, budgetMs: 60_000 });
			if (orderId !== null) await refreshOrders({ ...common, orderIds: [orderId] });
		};
		const get = async (key: string): Promise<Order> => (await test.orderStore.search({ externalId: key, limit: 1 })).items[0]!;
		const imported = async (): Promise<Order> => {
			const key = shop.place();
			await hear(null);
			return await get(key);
		};
		const route = async ({ id }: Order): Promise<void> =>
			void (await applyRules({
				orderStore: test.orderStore,
				orderIds: [id],
				warehouses: ['main'],
				ruleSet: () => null,
				dryRun: false,
				actor,
				evaluate: (_id, content) => ({
					decision: { kind: 'route', warehouse: 'main' },
					content: { ...content, warehouse: 'main' },
					trace: [],
				}),
			}));

		it('has a case for each of them', () => expect(Object.keys(cases).sort()).toEqual(Object.keys(states).sort()));

		it.each(Object.keys(states))('%s, before it is sent, and back: sent once', async (state) => {
			const { before } = cases[state]!;
			const order = await imported();
			const back = shop.moveTo(order.externalId, state);
			await hear(order.id);
			const moved = await get(order.externalId);
			expect(moved).toMatchObject({ status: before });
			if (before !== 'new') expect(moved.statusReason).toMatch(/cart|ours/);
			const wms = scriptedWms();
			await route(moved);
			if (before !== 'new') await send(test.orderStore, wms, [order.id]);
			expect((await get(order.externalId)).sending).toBe('none');
			back();
			await hear(order.id);
			expect(await get(order.externalId)).toMatchObject({ status: before === 'new' ? 'routed' : 'new', alerts: [] });
			await route(order);
			await send(test.orderStore, wms, [order.id]);
			await send(test.orderStore, wms, [order.id]);
			expect(await get(order.externalId)).toMatchObject({ status: 'open', lines: order.lines.map(({ quantity }) => ({ quantity })) });
		});

		it.each(Object.keys(states))('%s, after it was sent: an effect or an alert', async (state) => {
			const { after } = cases[state]!;
			const order = await imported();
			await route(order);
			await send(test.orderStore, scriptedWms(), [order.id]);
			shop.moveTo(order.externalId, state);
			await hear(order.id);
			const told = await get(order.externalId);
			expect(told.status).toBe('open');
			expect(told.alerts.map(({ code }) => code)).toEqual(after === null ? [] : [after]);
		});

		it.each(Object.keys(states))(
			'%s, first seen so: recorded while something of it may ship, now or once a hold is over',
			async (state) => {
				const key = shop.place();
				shop.moveTo(key, state);
				await hear(null);
				const found = (await test.orderStore.search({ externalId: key, limit: 1 })).items;
				expect(found.map(({ status }) => status)).toEqual(
					cases[state]!.before === 'new' ? ['new'] : states[state]!.held === true ? ['delayed'] : [],
				);
			},
		);
	});
}
