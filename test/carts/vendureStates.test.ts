/** Every state of an order that Vendure knows: moved there before it was sent, back, and after it was sent. A state without a case here fails. */
import { vendureCart } from '../../lib/carts/vendure';
import { STATES } from '../../lib/carts/vendure/states';
import type { ImportFilter } from '../../lib/carts/Cart';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import type { HttpRequest, HttpResponse } from '../../lib/http/Http';
import { keysOf } from '../../lib/order/keys';
import type { Order } from '../../lib/order/order';
import { scriptedWms, send } from '../fulfillment/partners';
import { actor, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

type Says = 'ready' | 'waiting' | 'canceled';

interface Case {
	says: Says;
	reason?: string;
	/** Others have shipped so much of the first line. */
	byOthers?: number;
	/** Vendure never takes it back. */
	isFinal?: true;
}

const CASES: Readonly<Record<string, Case>> = {
	Created: { says: 'waiting', reason: 'created' },
	Draft: { says: 'waiting', reason: 'a draft' },
	AddingItems: { says: 'waiting', reason: 'adding items' },
	ArrangingPayment: { says: 'waiting', reason: 'arranging payment' },
	PaymentAuthorized: { says: 'waiting', reason: 'payment authorized' },
	PaymentSettled: { says: 'ready' },
	PartiallyShipped: { says: 'ready' },
	Shipped: { says: 'canceled', reason: 'shipped by others', byOthers: 2 },
	PartiallyDelivered: { says: 'ready' },
	Delivered: { says: 'canceled', reason: 'shipped by others', byOthers: 2, isFinal: true },
	Modifying: { says: 'waiting', reason: 'being modified' },
	ArrangingAdditionalPayment: { says: 'waiting', reason: 'arranging additional payment' },
	Cancelled: { says: 'canceled', isFinal: true },
	// One of the shop's own.
	ReadyForPicking: { says: 'waiting', reason: 'ReadyForPicking' },
};

it('has a case of every state', () => expect(Object.keys(CASES)).toEqual([...keysOf(STATES), 'ReadyForPicking']));

const FILTER: ImportFilter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 10 };

interface ShopOrder {
	state: string;
	quantity: number;
	fulfillments: Array<{ id: string; state: string; lines: Array<{ orderLineId: string; quantity: number }> }>;
	isDeleted?: boolean;
}

onEachDatabase('an order of Vendure', (open) => {
	async function begin(first = 'PaymentSettled') {
		const { orderStore } = await open();
		const order: ShopOrder = { state: first, quantity: 2, fulfillments: [] };
		const address = {
			fullName: 'Ada Lovelace',
			company: null,
			streetLine1: '12 Byron St',
			streetLine2: null,
			city: 'Boston',
			province: 'MA',
			postalCode: '02134',
			countryCode: 'US',
			phoneNumber: null,
		};
		const http = async ({ body }: HttpRequest): Promise<HttpResponse> => {
			const { operationName } = body as { operationName: string };
			const { state, quantity, fulfillments } = order;
			const one = {
				id: '7',
				code: 'ABC7',
				type: 'Regular',
				state,
				updatedAt: '2026-11-02T10:00:00.000Z',
				orderPlacedAt: '2026-11-02T10:00:00.000Z',
				couponCodes: [],
				currencyCode: 'USD',
				subTotal: 1000,
				shipping: 0,
				total: 1000,
				totalWithTax: 1000,
				customer: null,
				shippingAddress: address,
				billingAddress: null,
				discounts: [],
				shippingLines: [],
				fulfillments,
				lines: [
					{
						id: '1',
						createdAt: '2026-11-02T09:00:00.000Z',
						quantity,
						unitPrice: 500,
						productVariant: { sku: 'RED-MUG', name: 'Red mug', options: [] },
					},
				],
			};
			const items = order.isDeleted === true ? [] : [one];
			const data =
				operationName === 'OrderVersions'
					? { orders: { items } }
					: { globalSettings: { serverConfig: { moneyStrategyPrecision: 2 } }, orders: { totalItems: items.length, items } };
			return await Promise.resolve({ status: 200, headers: {}, body: { data } });
		};
		const session = vendureCart.open({ http, account: 'shop' }, { store: 'acme' });
		const wms = scriptedWms();
		const common = { orderStore, cart: vendureCart, session, filter: FILTER, abandonAfterDays: 45, onChange: 'replace', actor } as const;
		const found = async (): Promise<Order> => (await orderStore.search({ limit: 5 })).items[0]!;
		const statuses = async (): Promise<string[]> => (await orderStore.search({ limit: 5 })).items.map(({ status }) => status);
		const poll = async (): Promise<Order> => {
			await importOrders({ ...common, storeName: 'acme', handOutLimit: 10, budgetMs: 60_000 });
			return await found();
		};
		const refresh = async (): Promise<Order> => {
			await refreshOrders({ ...common, orderIds: [(await found()).id] });
			return await found();
		};
		const sent = async (): Promise<Order> => {
			const { id } = await found();
			await applyRules({
				orderStore,
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
			});
			await send(orderStore, wms, [id]);
			return await found();
		};
		const move = (state: string, { byOthers = 0 }: Case): void => {
			order.state = state;
			order.fulfillments = byOthers === 0 ? [] : [{ id: '1', state: 'Shipped', lines: [{ orderLineId: '1', quantity: byOthers }] }];
		};
		if (first === 'PaymentSettled') expect((await poll()).status).toBe('new');
		return { statuses, order, orderStore, poll, refresh, sent, move, created: () => wms.created().length };
	}

	it.each(Object.entries(CASES))('that becomes %s before it is sent, and back', async (state, one) => {
		const { poll, sent, move, created } = await begin();
		move(state, one);
		const moved = await poll();
		expect(moved.status).toBe({ ready: 'new', waiting: 'delayed', canceled: 'canceled' }[one.says]);
		if (one.says !== 'ready') {
			expect(moved.statusReason).toContain(one.reason ?? 'Canceled in the cart');
			await sent();
			expect(created()).toBe(0);
		}
		if (one.isFinal === true) return;
		move('PaymentSettled', { says: 'ready' });
		expect((await poll()).status).toBe('new');
		expect((await sent()).status).toBe('open');
		expect((await poll()).alerts).toEqual([]);
		expect(created()).toBe(1);
	});

	it.each(keysOf(STATES).filter((state) => state !== 'PaymentSettled'))(
		'that is first seen %s is recorded only when somebody stopped it',
		async (state) => {
			const { poll, statuses } = await begin(state);
			await poll();
			expect(await statuses()).toEqual('held' in STATES[state] ? ['delayed'] : []);
		},
	);

	it.each(Object.entries(CASES))('that becomes %s after it was sent', async (state, one) => {
		const { poll, sent, move, created } = await begin();
		await sent();
		move(state, one);
		const moved = await poll();
		if (one.says === 'ready') expect(moved.alerts).toEqual([]);
		else
			expect(moved.alerts).toMatchObject([
				{
					code: one.says === 'waiting' ? 'held_in_cart' : 'canceled_in_cart',
					message: expect.stringContaining(one.reason ?? 'canceled in the cart'),
				},
			]);
		await poll();
		expect(created()).toBe(1);
	});

	it('that is shipped by us is no change, and one that is modified after that raises an alert', async () => {
		const { order, orderStore, poll, sent } = await begin();
		const open_ = await sent();
		await orderStore.recordShipments(
			report([shipped(open_, 'S1', { lines: open_.lines.map(({ id, quantity }) => ({ lineId: id, quantity })) })]),
		);
		const [claim] = await orderStore.claimUploads({ limit: 1, leaseMs: 60_000, worker: 'w' });
		await orderStore.recordUpload({
			shipmentId: claim!.shipment.id,
			epoch: claim!.epoch,
			result: { kind: 'uploaded', message: null },
			actor,
		});
		Object.assign(order, { state: 'Shipped', fulfillments: [{ id: '1', state: 'Shipped', lines: [{ orderLineId: '1', quantity: 2 }] }] });
		expect(await poll()).toMatchObject({ status: 'closed', alerts: [] });
		Object.assign(order, { quantity: 3 });
		expect((await poll()).alerts).toMatchObject([{ code: 'lines_added', message: expect.stringContaining('RED-MUG × 1') }]);
	});

	it('of which others shipped a part is sent without it', async () => {
		const { order, poll, sent } = await begin();
		Object.assign(order, {
			state: 'PartiallyShipped',
			fulfillments: [
				{ id: '1', state: 'Shipped', lines: [{ orderLineId: '1', quantity: 1 }] },
				{ id: '2', state: 'Cancelled', lines: [{ orderLineId: '1', quantity: 1 }] },
			],
		});
		expect((await poll()).lines).toMatchObject([{ quantity: 1, notOurs: [{ quantity: 1, reason: 'shipped by others' }] }]);
		expect((await sent()).status).toBe('open');
	});

	it('that was deleted is found out when it is asked for by its key', async () => {
		const { order, refresh } = await begin();
		order.isDeleted = true;
		expect(await refresh()).toMatchObject({ status: 'canceled', statusReason: 'Not in the cart any more: deleted.' });
	});
});
