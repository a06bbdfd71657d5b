/** Orders of Shopify that came out wrong once, after reports of people who ship them: what the warehouse gets, and what people see. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { shopifyCart, type ShopifySettings } from '../../lib/carts/shopify';
import { applyRules } from '../../lib/fulfillment/applyRules';
import { importOrders } from '../../lib/fulfillment/importOrders';
import type { HttpRequest, HttpResponse } from '../../lib/http/Http';
import { READY } from '../../lib/order/cartWord';
import type { Order } from '../../lib/order/order';
import { scriptedWms, send } from '../fulfillment/partners';
import { actor, kinds, page, report, shipped } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

interface Line {
	id: string;
	sku: string;
	name: string;
	quantity: number;
	currentQuantity: number;
	requiresShipping: boolean;
}

interface FulfillmentOrder {
	status: string;
	fulfillmentHolds?: Array<{ displayReason: string }>;
	deliveryMethod?: { methodType: string };
	assignedLocation: { name: string; location: object | null };
	lineItems: { nodes: Array<{ remainingQuantity: number; lineItem: { id: string } }> };
	[more: string]: unknown;
}

interface State {
	lineItems: Line[];
	fulfillmentOrders: FulfillmentOrder[];
	/** Of each line that was shipped, by anybody. */
	fulfilled?: Record<string, number>;
	more?: object;
}

const inputs = (name: string): Record<string, never> =>
	JSON.parse(readFileSync(path.join(__dirname, 'fixtures/cases/shopify', `${name}.json`), 'utf8')) as Record<string, never>;

const LAST = { hasNextPage: false, endCursor: null };
const money = { shopMoney: { amount: '10.00' } };
const line = (key: number, sku: string, quantity = 1): Line => ({
	id: `gid://shopify/LineItem/${key}`,
	sku,
	name: sku,
	quantity,
	currentQuantity: quantity,
	requiresShipping: true,
});
const fulfillmentOrder = (key: number, line_: Line, changes: Partial<FulfillmentOrder> = {}): FulfillmentOrder => ({
	id: `gid://shopify/FulfillmentOrder/${key}`,
	status: 'OPEN',
	fulfillmentHolds: [],
	assignedLocation: { name: 'Main', location: null },
	lineItems: {
		nodes: [
			{
				id: `gid://shopify/FulfillmentOrderLineItem/${key}0`,
				remainingQuantity: line_.currentQuantity,
				weight: null,
				lineItem: { id: line_.id },
			} as never,
		],
	},
	...changes,
});

/** What the shop answers for one order in this state. */
function orderIn({ lineItems, fulfillmentOrders, fulfilled = {}, more = {} }: State): object {
	const lines = Object.entries(fulfilled).map(([id, quantity]) => ({ quantity, lineItem: { id } }));
	return {
		id: 'gid://shopify/Order/7',
		name: '#1007',
		processedAt: '2026-11-02T10:00:00Z',
		cancelledAt: null,
		cancelReason: null,
		test: false,
		displayFinancialStatus: 'PAID',
		email: 'ada@example.com',
		phone: null,
		note: null,
		tags: [],
		currencyCode: 'USD',
		discountCodes: [],
		poNumber: null,
		sourceName: 'web',
		customAttributes: [],
		billingAddress: null,
		shippingAddress: {
			name: 'Ada Lovelace',
			company: null,
			address1: '12 Byron St',
			address2: null,
			city: 'Boston',
			province: 'Massachusetts',
			provinceCode: 'MA',
			zip: '02134',
			countryCodeV2: 'US',
			phone: null,
		},
		shippingLine: { title: 'Standard', code: 'STD' },
		currentSubtotalPriceSet: money,
		currentShippingPriceSet: money,
		currentTotalTaxSet: money,
		currentTotalDiscountsSet: money,
		currentTotalPriceSet: money,
		lineItems: {
			nodes: lineItems.map((one) => ({ variantTitle: null, vendor: null, originalUnitPriceSet: money, customAttributes: [], ...one })),
			pageInfo: LAST,
		},
		fulfillmentOrders: {
			nodes: fulfillmentOrders.map((one) => ({
				requestStatus: 'UNSUBMITTED',
				fulfillAt: null,
				deliveryMethod: { methodType: 'SHIPPING' },
				supportedActions: [],
				...one,
				lineItems: { ...one.lineItems, pageInfo: LAST },
			})),
			pageInfo: LAST,
		},
		fulfillments:
			lines.length === 0
				? []
				: [{ id: 'gid://shopify/Fulfillment/1', status: 'SUCCESS', fulfillmentLineItems: { nodes: lines, pageInfo: LAST } }],
		...more,
	};
}

onEachDatabase('an order of Shopify', (open) => {
	async function begin(settings: ShopifySettings = {}) {
		const { orderStore } = await open();
		let order: Record<string, unknown> = {};
		const http = async ({ body }: HttpRequest): Promise<HttpResponse> => {
			const { operationName } = body as { operationName: string };
			const { id, name, processedAt, cancelledAt, test, displayFinancialStatus, tags } = order;
			const change = { id, name, updatedAt: '2026-11-02T10:00:00Z', processedAt, cancelledAt, test, displayFinancialStatus, tags };
			const data = operationName === 'ChangedOrders' ? { orders: { nodes: [change], pageInfo: LAST } } : { nodes: [order] };
			return await Promise.resolve({ status: 200, headers: {}, body: { data } });
		};
		const session = shopifyCart.open({ http, account: 'acme.myshopify.com' }, settings);
		const wms = scriptedWms();
		const found = async (): Promise<Order | undefined> => (await orderStore.search({ limit: 5 })).items[0];
		/** The shop says this, and is polled twice. */
		const says = async (state: State): Promise<Order> => {
			order = orderIn(state) as Record<string, unknown>;
			for (let poll = 0; poll < 2; poll += 1) {
				const { counts } = await importOrders({
					orderStore,
					cart: shopifyCart,
					session,
					storeName: 'acme',
					filter: { earliestOrderDate: '2026-01-01T00:00:00.000Z', statuses: [], tags: [], skus: [], pageSize: 10 },
					abandonAfterDays: 45,
					onChange: 'replace',
					actor,
					handOutLimit: 10,
					budgetMs: 60_000,
				});
				expect(counts.failed).toBe(0);
			}
			return (await found())!;
		};
		/** The rules route it, and it is sent; gives what the warehouse got. */
		const sends = async (): Promise<string[]> => {
			const { id } = (await found())!;
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
			const before = wms.created().length;
			await send(orderStore, wms, [id]);
			return wms.created().length === before
				? []
				: (await found())!.lines.filter(({ quantity }) => quantity > 0).map(({ quantity, sku }) => `${quantity} ${sku}`);
		};
		/** The warehouse ships all of it, and the shop is told. */
		const ships = async (): Promise<Order> => {
			const sent = (await found())!;
			const lines = sent.lines.filter(({ quantity }) => quantity > 0).map(({ id, quantity }) => ({ lineId: id, quantity }));
			await orderStore.recordShipments(report([shipped(sent, 'S1', { lines })]));
			const [claim] = await orderStore.claimUploads({ limit: 1, leaseMs: 60_000, worker: 'w' });
			await orderStore.recordUpload({
				shipmentId: claim!.shipment.id,
				epoch: claim!.epoch,
				result: { kind: 'uploaded', message: null },
				actor,
			});
			return (await found())!;
		};
		/** As the version before translated and kept it: without lines that had nothing left, and without what it did not ask for. */
		const keptBefore = async (state: State, count: 'remaining' | 'whole'): Promise<void> => {
			const { fulfillments: _, cancelReason: __, ...asked } = orderIn(state) as Record<string, unknown>;
			const nodes = state.fulfillmentOrders.map(({ id, status, fulfillmentHolds, assignedLocation, lineItems }) => ({
				id,
				status,
				fulfillmentHolds,
				assignedLocation,
				lineItems: { ...lineItems, pageInfo: LAST },
			}));
			const raw = {
				...asked,
				fulfillmentOrders: { nodes, pageInfo: LAST },
				unit: { location: settings.location ?? '', count, tag: 'sent-to-warehouse' },
			};
			const today = shopifyCart.toOrder(raw);
			const lines = today.content.lines.filter(({ quantity }) => quantity > 0).map(({ notOurs: _notOurs, kind: _kind, ...one }) => one);
			await orderStore.importPage(
				page([{ externalId: today.externalId, word: READY, content: { ...today.content, lines }, raw: raw as never }], { cart: 'shopify' }),
			);
		};
		const told = async (): Promise<string[]> => await kinds(orderStore, (await found())!.id);
		return { says, sends, ships, found, keptBefore, told, timesSent: () => wms.created().length };
	}
	const [mug, tee] = [line(1, 'OWN-MUG'), line(2, 'POD-TEE')];

	it('held after its import is not sent, and says why; released it is sent once (s1)', async () => {
		const { 1: open_, '2 before sending': held } = inputs('s1-hold-after-import');
		const { says, sends, timesSent } = await begin();
		const lineItems = [line(1, 'RED-MUG')];
		await says({ lineItems, fulfillmentOrders: open_! });
		expect(await says({ lineItems, fulfillmentOrders: held! })).toMatchObject({
			status: 'delayed',
			statusReason: 'The cart says: on hold (High risk of fraud).',
		});
		expect(await sends()).toEqual([]);
		await says({ lineItems, fulfillmentOrders: open_! });
		expect(await sends()).toEqual(['1 RED-MUG']);
		expect(timesSent()).toBe(1);
	});

	it('prepaid for three months goes out once now, and is told each time a part becomes due (s2)', async () => {
		const { lineItems, fulfillmentOrders } = inputs('s2-prepaid-subscription') as never as State;
		const { says, sends, ships } = await begin();
		const first = await says({ lineItems, fulfillmentOrders });
		expect(first).toMatchObject({ status: 'new', lines: [{ quantity: 1, notOurs: [{ quantity: 2, reason: 'scheduled' }] }] });
		expect(await sends()).toEqual(['1 COFFEE']);
		expect((await ships()).status).toBe('closed');
		const after = fulfillmentOrders.map((one, index) =>
			index === 0
				? { ...one, status: 'CLOSED', lineItems: { nodes: one.lineItems.nodes.map((each) => ({ ...each, remainingQuantity: 0 })) } }
				: one,
		);
		const fulfilled = { [lineItems[0]!.id]: 1 };
		expect((await says({ lineItems, fulfillmentOrders: after, fulfilled })).alerts).toEqual([]);
		const due = await says({
			lineItems,
			fulfillmentOrders: after.map((one, index) => (index === 1 ? { ...one, status: 'OPEN' } : one)),
			fulfilled,
		});
		expect(due.alerts).toMatchObject([{ code: 'lines_added', message: expect.stringContaining('COFFEE × 1') }]);
	});

	it('prepaid, and not sent when the second part becomes due, goes out with both', async () => {
		const { lineItems, fulfillmentOrders } = inputs('s2-prepaid-subscription') as never as State;
		const { says, sends } = await begin();
		await says({ lineItems, fulfillmentOrders });
		await says({ lineItems, fulfillmentOrders: fulfillmentOrders.map((one, index) => (index === 1 ? { ...one, status: 'OPEN' } : one)) });
		expect(await sends()).toEqual(['2 COFFEE']);
	});

	it('scheduled as a whole waits until its first date', async () => {
		const { says } = await begin();
		const scheduled = fulfillmentOrder(1, mug, { status: 'SCHEDULED', fulfillAt: '2099-01-01T00:00:00Z' });
		expect(await says({ lineItems: [mug], fulfillmentOrders: [scheduled] })).toMatchObject({
			status: 'delayed',
			statusReason: 'The cart says: scheduled.',
			heldUntil: '2099-01-01T00:00:00.000Z',
		});
	});

	it('with a pre-ordered line ships the rest now; the line is told when it is released (s3)', async () => {
		const { lineItems, fulfillmentOrders } = inputs('s3-preorder') as never as State;
		const { says, sends, ships } = await begin();
		expect((await says({ lineItems, fulfillmentOrders })).lines).toMatchObject([
			{ quantity: 1 },
			{ quantity: 0, notOurs: [{ quantity: 1, reason: 'on hold (Awaiting pre-order release)' }] },
		]);
		expect(await sends()).toEqual(['1 IN-STOCK']);
		await ships();
		const [stock, pre] = fulfillmentOrders;
		const done = { ...stock!, status: 'CLOSED', lineItems: { nodes: [{ ...stock!.lineItems.nodes[0]!, remainingQuantity: 0 }] } };
		const released = await says({
			lineItems,
			fulfillmentOrders: [done, { ...pre!, status: 'OPEN', fulfillmentHolds: [] }],
			fulfilled: { [lineItems[0]!.id]: 1 },
		});
		expect(released.alerts).toMatchObject([{ code: 'lines_added', message: expect.stringContaining('PRE-ORDER × 1') }]);
	});

	it('with a pre-ordered line, the rest of which was shipped by hand, sends just that line when it is released (s3)', async () => {
		const { lineItems, fulfillmentOrders } = inputs('s3-preorder') as never as State;
		const { says, sends } = await begin();
		await says({ lineItems, fulfillmentOrders });
		const [stock, pre] = fulfillmentOrders;
		const done = { ...stock!, status: 'CLOSED', lineItems: { nodes: [{ ...stock!.lineItems.nodes[0]!, remainingQuantity: 0 }] } };
		const fulfilled = { [lineItems[0]!.id]: 1 };
		expect(await says({ lineItems, fulfillmentOrders: [done, pre!], fulfilled })).toMatchObject({
			status: 'canceled',
			statusReason: expect.stringContaining('on hold (Awaiting pre-order release)'),
		});
		expect(
			(await says({ lineItems, fulfillmentOrders: [done, { ...pre!, status: 'OPEN', fulfillmentHolds: [] }], fulfilled })).status,
		).toBe('new');
		expect(await sends()).toEqual(['1 PRE-ORDER']);
	});

	it('with a line added after it was closed raises an alert with the line (s4)', async () => {
		const { '1 imported, sent, shipped, Closed': closed, '2 exchange': exchange } = inputs('s4-exchange') as Record<
			string,
			never
		> as never as Record<string, State>;
		const { says, sends, ships } = await begin();
		const before = closed!.fulfillmentOrders.map((one) => ({
			...one,
			status: 'OPEN',
			lineItems: { nodes: one.lineItems.nodes.map((each) => ({ ...each, remainingQuantity: 1 })) },
		}));
		await says({ lineItems: closed!.lineItems, fulfillmentOrders: before });
		expect(await sends()).toEqual(['1 TEE-L']);
		await ships();
		const fulfilled = { [closed!.lineItems[0]!.id]: 1 };
		expect(await says({ ...closed!, fulfilled })).toMatchObject({ status: 'closed', alerts: [] });
		expect((await says({ ...exchange!, fulfilled })).alerts).toMatchObject([
			{ code: 'lines_added', message: expect.stringContaining('TEE-XL × 1') },
		]);
	});

	it('with a tee of a print service that this app does not see ships the mug (s5)', async () => {
		const {
			lineItems,
			'fulfillment orders': _,
			...rest
		} = inputs('s5-print-on-demand') as never as { lineItems: Line[] } & Record<string, FulfillmentOrder[]>;
		const fulfillmentOrders = rest['fulfillmentOrders visible to read_merchant_managed_fulfillment_orders']!;
		const { says, sends } = await begin();
		expect((await says({ lineItems, fulfillmentOrders })).lines).toMatchObject([
			{ quantity: 1 },
			{ quantity: 0, notOurs: [{ quantity: 1, reason: expect.stringContaining('not shown to this app') }] },
		]);
		expect(await sends()).toEqual(['1 OWN-MUG']);
		// The service ships its part: no change for us.
		expect((await says({ lineItems, fulfillmentOrders, fulfilled: { [lineItems[1]!.id]: 1 } })).alerts).toEqual([]);
	});

	it.each([
		['by what may be done with it', { supportedActions: [{ action: 'REQUEST_FULFILLMENT' }, { action: 'MOVE' }] }],
		['by what it was asked', { requestStatus: 'ACCEPTED', status: 'IN_PROGRESS' }],
		[
			'by its location',
			{ assignedLocation: { name: 'Printful', location: { id: 'gid://shopify/Location/9', isFulfillmentService: true } } },
		],
	])('with a tee of a print service that this app sees ships the mug, known %s (s5)', async (_, changes) => {
		const { says, sends } = await begin();
		const printed = fulfillmentOrder(2, tee, { assignedLocation: { name: 'Printful', location: null }, ...changes });
		expect((await says({ lineItems: [mug, tee], fulfillmentOrders: [fulfillmentOrder(1, mug), printed] })).lines).toMatchObject([
			{ quantity: 1 },
			{ quantity: 0, notOurs: [{ quantity: 1, reason: 'fulfilled by Printful' }] },
		]);
		expect(await sends()).toEqual(['1 OWN-MUG']);
	});

	it('first seen after the print service shipped its tee is no order that others shipped a part of', async () => {
		const { says, sends } = await begin();
		await says({ lineItems: [mug, tee], fulfillmentOrders: [fulfillmentOrder(1, mug)], fulfilled: { [tee.id]: 1 } });
		expect(await sends()).toEqual(['1 OWN-MUG']);
	});

	it('moved to another location and back is New again, and sent once (s6)', async () => {
		const { 1: here, 2: away, 3: back } = inputs('s6-moved-away-and-back');
		const { says, sends, timesSent } = await begin({ location: 'Main' });
		const lineItems = [line(1, 'RED-MUG')];
		await says({ lineItems, fulfillmentOrders: here! });
		expect(await says({ lineItems, fulfillmentOrders: away! })).toMatchObject({
			status: 'canceled',
			statusReason: expect.stringContaining('at Berlin'),
		});
		expect((await says({ lineItems, fulfillmentOrders: back! })).status).toBe('new');
		expect(await sends()).toEqual(['1 RED-MUG']);
		expect(timesSent()).toBe(1);
	});

	it('s7-pickup-and-local-delivery names these ways to hand it over', () => {
		const { 'deliveryMethod.methodType': methods } = inputs('s7-pickup-and-local-delivery') as unknown as Record<string, string[]>;
		expect(methods?.map((method) => method.split(' ')[0])).toEqual(['PICK_UP', 'LOCAL', 'RETAIL']);
	});

	it.each([
		['PICK_UP', 'picked up by the customer', { shippingAddress: null }],
		['LOCAL', 'local delivery', {}],
		['RETAIL', 'carried out of the shop', {}],
	])('by %s is not for the warehouse (s7)', async (methodType, _, more) => {
		const { says, found } = await begin();
		await says({ lineItems: [mug], fulfillmentOrders: [fulfillmentOrder(1, mug, { deliveryMethod: { methodType } })], more });
		expect(await found()).toBeUndefined();
	});

	it('by LOCAL is for the warehouse where the option says so (s7)', async () => {
		const { says, sends } = await begin({ localDeliveries: true });
		await says({ lineItems: [mug], fulfillmentOrders: [fulfillmentOrder(1, mug, { deliveryMethod: { methodType: 'LOCAL' } })] });
		expect(await sends()).toEqual(['1 OWN-MUG']);
	});

	it('sold in a shop, of which one line was carried out, ships the other', async () => {
		const { says, sends } = await begin();
		const [carried, posted] = [line(1, 'CARRIED'), line(2, 'POSTED')];
		const out = fulfillmentOrder(1, { ...carried, currentQuantity: 0 }, { status: 'CLOSED', deliveryMethod: { methodType: 'RETAIL' } });
		await says({ lineItems: [carried, posted], fulfillmentOrders: [out, fulfillmentOrder(2, posted)], fulfilled: { [carried.id]: 1 } });
		expect(await sends()).toEqual(['1 POSTED']);
	});

	it('sold in a shop, of which one line was carried out and the other is held, waits and is seen', async () => {
		const { says } = await begin();
		const [carried, posted] = [line(1, 'CARRIED'), line(2, 'POSTED')];
		const out = fulfillmentOrder(1, { ...carried, currentQuantity: 0 }, { status: 'CLOSED', deliveryMethod: { methodType: 'RETAIL' } });
		const held = fulfillmentOrder(2, posted, { status: 'ON_HOLD', fulfillmentHolds: [{ displayReason: 'Out of stock' }] });
		expect(await says({ lineItems: [carried, posted], fulfillmentOrders: [out, held], fulfilled: { [carried.id]: 1 } })).toMatchObject({
			status: 'delayed',
			statusReason: 'The cart says: on hold (Out of stock).',
			lines: [{ quantity: 0 }, { quantity: 1 }],
		});
	});

	it('that Shopify has not given to a location yet is taken as soon as it has', async () => {
		const { says, found } = await begin();
		const more = { processedAt: new Date().toISOString() };
		await says({ lineItems: [mug], fulfillmentOrders: [], more });
		expect(await found()).toBeUndefined();
		expect((await says({ lineItems: [mug], fulfillmentOrders: [fulfillmentOrder(1, mug)], more })).status).toBe('new');
	});

	it('to a pickup point says so to the rules', async () => {
		const { says } = await begin();
		expect(
			(await says({ lineItems: [mug], fulfillmentOrders: [fulfillmentOrder(1, mug, { deliveryMethod: { methodType: 'PICKUP_POINT' } })] }))
				.custom,
		).toMatchObject({ deliveryMethod: 'PICKUP_POINT' });
	});

	it('edited, with a difference to be paid, waits for the payment', async () => {
		const { says, sends } = await begin();
		await says({ lineItems: [mug], fulfillmentOrders: [fulfillmentOrder(1, mug)] });
		const added = [mug, line(2, 'ADDED')];
		const state = { lineItems: added, fulfillmentOrders: added.map((one, index) => fulfillmentOrder(index + 1, one)) };
		expect(await says({ ...state, more: { displayFinancialStatus: 'PARTIALLY_PAID' } })).toMatchObject({
			status: 'delayed',
			statusReason: 'The cart says: payment partially paid.',
		});
		await says(state);
		expect(await sends()).toEqual(['1 OWN-MUG', '1 ADDED']);
	});

	it('with a refunded line ships the others; refunded after it was sent, an alert says so', async () => {
		const { says, sends } = await begin();
		const [lamp, vase] = [line(1, 'LAMP'), line(2, 'VASE', 2)];
		const partly = { ...vase, currentQuantity: 1 };
		const state = (one: Line): State => ({
			lineItems: [lamp, one],
			fulfillmentOrders: [fulfillmentOrder(1, lamp), fulfillmentOrder(2, one)],
			more: { displayFinancialStatus: 'PARTIALLY_REFUNDED' },
		});
		await says(state(partly));
		expect(await sends()).toEqual(['1 LAMP', '1 VASE']);
		expect((await says(state({ ...vase, currentQuantity: 0 }))).alerts).toMatchObject([
			{ code: 'changed_in_cart', message: expect.stringContaining('VASE 1 → 0') },
		]);
	});

	it.each([
		['new', async () => await Promise.resolve()],
		['sent', async ({ sends }: Awaited<ReturnType<typeof begin>>) => void (await sends())],
		[
			'closed',
			async ({ sends, ships }: Awaited<ReturnType<typeof begin>>) => {
				await sends();
				await ships();
			},
		],
	])('kept by the version before and %s, which the shop repeats, is no change', async (name, bring) => {
		const [lamp, vase, gift] = [line(1, 'LAMP', 2), line(2, 'VASE'), { ...line(3, 'E-CARD'), requiresShipping: false }];
		const state: State = {
			lineItems: [lamp, vase, gift],
			fulfillmentOrders: [fulfillmentOrder(1, lamp), fulfillmentOrder(2, vase, { assignedLocation: { name: 'Berlin', location: null } })],
		};
		const test = await begin({ location: 'Main' });
		await test.keptBefore(state, 'remaining');
		await bring(test);
		const [before, told] = [(await test.found())!, await test.told()];
		const closed = name === 'closed';
		const done = {
			...state.fulfillmentOrders[0]!,
			status: 'CLOSED',
			lineItems: { nodes: state.fulfillmentOrders[0]!.lineItems.nodes.map((each) => ({ ...each, remainingQuantity: 0 })) },
		};
		const now = closed ? { ...state, fulfillmentOrders: [done, state.fulfillmentOrders[1]!], fulfilled: { [lamp.id]: 2 } } : state;
		const after = await test.says(now);
		expect([after.status, after.alerts, await test.told()]).toEqual([before.status, [], told]);
	});
});
