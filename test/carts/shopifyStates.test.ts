/** Every state that Shopify's API knows of an order: moved there before it was sent, back, and after it was sent. A state without a case here fails. */
import { shopifyCart, type ShopifySettings } from '../../lib/carts/shopify';
import { DELIVERY_METHODS, FULFILLMENT_ORDER_STATES, ORDER_STATES, PAYMENT_STATES } from '../../lib/carts/shopify/states';
import type { ImportFilter } from '../../lib/carts/Cart';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import { refreshOrders } from '../../lib/fulfillment/refreshOrders';
import { keysOf } from '../../lib/order/keys';
import type { Order } from '../../lib/order/order';
import { scriptedWms, send } from '../fulfillment/partners';
import type { Shop, ShopFulfillmentOrder, ShopOrder } from '../../testing/servers/shopify/Shop';
import { openShopify } from '../../testing/servers/shopify/shopifyPeer';
import { actor } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';
import { sessionOf } from './shopifyHarness';

type Says = 'ready' | 'waiting' | 'canceled';

interface Case {
	says: Says;
	/** In the order's reason, or in the alert. */
	reason?: string;
	move(shop: Shop, order: ShopOrder): void;
	/** Absent = the shop cannot take it back. */
	back?(shop: Shop, order: ShopOrder): void;
	settings?: ShopifySettings;
	/** Seen only when the order is asked for by its key. */
	byKey?: true;
}

const each = (order: ShopOrder, changes: Partial<ShopFulfillmentOrder>): void =>
	void order.fulfillmentOrders.forEach((one) => Object.assign(one, changes));

/** The fulfillment orders get a state of their own, and are open again. */
const fulfillmentOrder = (says: Says, changes: Partial<ShopFulfillmentOrder>, reason?: string, settings: ShopifySettings = {}): Case => ({
	says,
	...(reason === undefined ? {} : { reason }),
	settings,
	move: (shop, order) => {
		each(order, changes);
		shop.touch(order);
	},
	back: (shop, order) => {
		each(order, { status: 'OPEN', holds: [], method: 'SHIPPING', fulfillAt: null, location: 'Main', request: 'UNSUBMITTED' });
		shop.touch(order);
	},
});

const FULFILLMENT_ORDERS: Record<keyof typeof FULFILLMENT_ORDER_STATES, Case> = {
	OPEN: fulfillmentOrder('ready', { status: 'OPEN' }),
	IN_PROGRESS: fulfillmentOrder('ready', { status: 'IN_PROGRESS' }),
	ON_HOLD: fulfillmentOrder(
		'waiting',
		{ status: 'ON_HOLD', holds: ['High risk of fraud', 'Address check'] },
		'on hold (High risk of fraud, Address check)',
	),
	SCHEDULED: fulfillmentOrder('waiting', { status: 'SCHEDULED', fulfillAt: Date.parse('2100-01-01T00:00:00Z') / 1000 - 1 }, 'scheduled'),
	CLOSED: {
		says: 'canceled',
		reason: 'shipped by others',
		move: (shop, order) => shop.fulfilByHand(order),
		// Somebody cancels the shipment: another fulfillment order is made.
		back: (shop, order) => {
			order.fulfillments.forEach((one) => Object.assign(one, { status: 'CANCELLED' }));
			order.fulfillmentOrders.push(
				shop.fulfillmentOrder(
					'Main',
					order.lines.map(({ id, quantity }) => ({ lineId: id, remaining: quantity })),
				),
			);
			shop.touch(order);
		},
	},
	CANCELLED: fulfillmentOrder('canceled', { status: 'CANCELLED' }, 'not shown to this app'),
	INCOMPLETE: fulfillmentOrder('canceled', { status: 'INCOMPLETE' }, 'incomplete'),
};

const METHODS: Record<keyof typeof DELIVERY_METHODS, Case> = {
	SHIPPING: fulfillmentOrder('ready', { method: 'SHIPPING' }),
	PICKUP_POINT: fulfillmentOrder('ready', { method: 'PICKUP_POINT' }),
	LOCAL: fulfillmentOrder('canceled', { method: 'LOCAL' }, 'local delivery'),
	PICK_UP: fulfillmentOrder('canceled', { method: 'PICK_UP' }, 'picked up by the customer'),
	RETAIL: fulfillmentOrder('canceled', { method: 'RETAIL' }, 'carried out of the shop'),
	NONE: fulfillmentOrder('canceled', { method: 'NONE' }, 'needs no delivery'),
};

const payment = (says: Says, financial: keyof typeof PAYMENT_STATES): Case => ({
	says,
	...(says === 'ready' ? {} : { reason: `payment ${financial.toLowerCase().replace('_', ' ')}` }),
	move: (shop, order) => {
		order.financial = financial;
		shop.touch(order);
	},
	back: (shop, order) => {
		order.financial = 'PAID';
		shop.touch(order);
	},
});

const PAYMENTS: Record<keyof typeof PAYMENT_STATES, Case> = {
	AUTHORIZED: payment('waiting', 'AUTHORIZED'),
	EXPIRED: payment('waiting', 'EXPIRED'),
	PAID: payment('ready', 'PAID'),
	PARTIALLY_PAID: payment('waiting', 'PARTIALLY_PAID'),
	PARTIALLY_REFUNDED: payment('ready', 'PARTIALLY_REFUNDED'),
	PENDING: payment('waiting', 'PENDING'),
	REFUNDED: payment('canceled', 'REFUNDED'),
	VOIDED: payment('canceled', 'VOIDED'),
};

const ORDERS: Record<keyof typeof ORDER_STATES, Case> = {
	canceled: { says: 'canceled', reason: 'fraud', move: (shop, order) => shop.cancel(order, true, 'FRAUD') },
	deleted: { says: 'canceled', reason: 'deleted', byKey: true, move: (shop, order) => shop.remove(order) },
	archived: { says: 'ready', move: (shop, order) => shop.touch(order), back: (shop, order) => shop.touch(order) },
	otherLocation: {
		says: 'canceled',
		reason: 'at Berlin',
		settings: { location: 'Main' },
		move: (shop, order) => shop.move(order, 'Berlin'),
		back: (shop, order) => shop.move(order, 'Main'),
	},
	otherService: {
		says: 'canceled',
		reason: 'fulfilled by Printful',
		move: (shop, order) => {
			shop.scopes.push('read_third_party_fulfillment_orders');
			shop.move(order, 'Printful');
		},
		back: (shop, order) => shop.move(order, 'Main'),
	},
	withoutTag: {
		says: 'waiting',
		reason: 'tag do-not-ship',
		settings: { withoutTags: ['do-not-ship'] },
		move: (shop, order) => {
			order.tags = ['do-not-ship'];
			shop.touch(order);
		},
		back: (shop, order) => {
			order.tags = [];
			shop.touch(order);
		},
	},
};

const CASES: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
	'fulfillment order': FULFILLMENT_ORDERS,
	delivery: METHODS,
	payment: PAYMENTS,
	order: ORDERS,
};

it('has a case of every state', () => {
	const states = {
		'fulfillment order': FULFILLMENT_ORDER_STATES,
		delivery: DELIVERY_METHODS,
		payment: PAYMENT_STATES,
		order: ORDER_STATES,
	};
	for (const [name, table] of Object.entries(states)) expect(keysOf(CASES[name]!)).toEqual(keysOf(table));
});

const FILTER: ImportFilter = { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 10 };

onEachDatabase('an order of Shopify goes into a state', (open) => {
	async function begin({ settings = {}, byKey }: Case) {
		const { orderStore } = await open();
		const { shop, ...shopify } = await openShopify();
		shop.scopes.push('read_all_orders');
		const session = sessionOf({ ...shopify, shop }, settings);
		const wms = scriptedWms();
		const placed = shop.place({ lines: [{ sku: 'RED-MUG', quantity: 2 }, { sku: 'TEE-L' }] });
		const common = { orderStore, cart: shopifyCart, session, filter: FILTER, abandonAfterDays: 45, onChange: 'replace', actor } as const;
		const order = async (): Promise<Order> => (await orderStore.search({ limit: 5 })).items[0]!;
		const poll = async (): Promise<Order> => {
			if (byKey === true && (await orderStore.search({ limit: 5 })).items.length > 0)
				await refreshOrders({ ...common, orderIds: [(await order()).id] });
			else await importOrders({ ...common, storeName: 'acme', handOutLimit: 10, budgetMs: 60_000 });
			return await order();
		};
		const sent = async (): Promise<Order> => {
			const { id } = await order();
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
			return await order();
		};
		expect((await poll()).status).toBe('new');
		return { shop, placed, poll, sent, created: () => wms.created().length };
	}
	const all = Object.entries(CASES).flatMap(([table, cases]) => Object.entries(cases).map(([state, one]) => [table, state, one] as const));

	it.each(all)('%s %s before it is sent, and back', async (_table, _state, one) => {
		const { shop, placed, poll, sent, created } = await begin(one);
		one.move(shop, placed);
		const moved = await poll();
		expect(moved.status).toBe({ ready: 'new', waiting: 'delayed', canceled: 'canceled' }[one.says]);
		if (one.says !== 'ready') {
			expect(moved.statusReason).toContain(one.reason);
			// No rule, and nobody who tries to send it, can.
			await sent();
			expect(created()).toBe(0);
		}
		if (one.back === undefined) return;
		one.back(shop, placed);
		expect((await poll()).status).toBe('new');
		expect((await sent()).status).toBe('open');
		expect((await poll()).alerts).toEqual([]);
		expect(created()).toBe(1);
	});

	it.each(all)('%s %s after it was sent', async (_table, _state, one) => {
		const { shop, placed, poll, sent, created } = await begin(one);
		expect((await sent()).status).toBe('open');
		one.move(shop, placed);
		const moved = await poll();
		if (one.says === 'ready') expect(moved.alerts).toEqual([]);
		else
			expect(moved.alerts).toMatchObject([
				{ code: one.says === 'waiting' ? 'held_in_cart' : 'canceled_in_cart', message: expect.stringContaining(one.reason!) },
			]);
		await poll();
		expect(created()).toBe(1);
	});
});
