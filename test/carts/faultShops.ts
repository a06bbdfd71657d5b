/** Each cart that talks HTTP, as the fault suite handles it. */
import type { Cart, CartSession } from '../../lib/carts/Cart';
import { bigCommerceCart } from '../../lib/carts/bigCommerce';
import { magentoCart } from '../../lib/carts/magento';
import { medusaCart } from '../../lib/carts/medusa';
import { withHttpStatus, shopifyCart } from '../../lib/carts/shopify';
import { vendureCart } from '../../lib/carts/vendure';
import { wooCommerceCart } from '../../lib/carts/wooCommerce';
import type { CartCode } from '../../nodes/partners';
import type { Http } from '../../lib/http/Http';
import { harnessOf } from '../harnesses';
import { n8nPeerHttp } from '../http/n8nPeerHttp';
import { medusaProxy } from '../real/medusaProxy';
import { MedusaShop } from '../real/medusaShop';
import { vendureProxy } from '../real/vendureProxy';
import { VendureShop, type Bought } from '../real/vendureShop';
import { BigPeer, TOKEN as BIG_TOKEN } from '../../testing/servers/bigCommerce';
import { MagentoPeer, TOKEN as MAGENTO_TOKEN } from '../../testing/servers/magento';
import type { Peer } from '../../testing/servers/Peer';
import { openShopify, TOKEN } from '../../testing/servers/shopify/shopifyPeer';
import { BASIC, WooPeer } from '../../testing/servers/wooCommerce';
import { httpOf } from './medusaHarness';
import { INSTANT } from './shopifyHarness';
import { SUPERADMIN } from './vendureHarness';

export interface FaultShop {
	peer: Peer;
	/** One request is one try: what n8n's nodes repeat within a run is left to the next run. */
	session(patience: Patience): CartSession;
	/** What the cart holds, in an order of its own, without the keys and times that depend on when it was told. */
	state(): Promise<unknown>;
	/** Only orders placed since then are this run's. */
	earliest?: string;
}

/** How many milliseconds the next request waits for its answer. */
type Patience = () => number;

export interface FaultCart {
	cart: Cart<never, never>;
	/** A shop where so many orders were placed, two lines each. */
	open(count: number): Promise<FaultShop>;
	/** Fewer orders, of a server that takes its time. */
	isSlow?: true;
	/** So many requests of a run change something in the cart, at the least. Default: 4. */
	writes?: number;
}

type Json = Record<string, unknown>;

const sorted = (list: readonly unknown[]): unknown[] =>
	[...list].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
const without = (value: Json, ...names: string[]): Json =>
	Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
const timed =
	(http: Http, patience: Patience): Http =>
	async (request) =>
		await http({ ...request, timeoutMs: patience() });

const FAULT_CARTS: Partial<Record<CartCode, FaultCart>> = {
	bigCommerce: {
		cart: bigCommerceCart,
		async open(count) {
			const big = await BigPeer.open();
			for (let number = 0; number < count; number += 1) big.place();
			const http = await n8nPeerHttp(big.url, { 'x-auth-token': BIG_TOKEN });
			return {
				peer: big.peer,
				session: (patience) => bigCommerceCart.open({ http: timed(http, patience), account: 'abc123' }, { store: 'acme' }),
				state: async () =>
					await Promise.resolve(
						[...big.orders.values()].map((order) => ({
							status: order.status_id,
							notes: order.staff_notes.split('\n').sort(),
							shipments: sorted((big.shipments.get(order.id) ?? []).map((shipment) => without(shipment, 'id', 'date_created'))),
						})),
					),
			};
		},
	},
	magento: {
		cart: magentoCart,
		async open(count) {
			const shop = await MagentoPeer.open();
			for (let number = 0; number < count; number += 1) shop.place();
			const http = await n8nPeerHttp(shop.url, { authorization: `Bearer ${MAGENTO_TOKEN}` });
			return {
				peer: shop.peer,
				session: (patience) => magentoCart.open({ http: timed(http, patience), account: 'shop.example.com' }, { store: 'acme' }),
				state: async () =>
					await Promise.resolve(
						[...shop.orders.values()].map((order) => ({
							status: order.status,
							shipped: order.items.map(({ qty_shipped: shipped }) => shipped),
							comments: sorted(order.status_histories.map(({ comment }) => comment)),
							shipments: sorted(
								shop.shipments.filter((one) => one.order_id === order.entity_id).map((one) => without(one, 'entity_id', 'increment_id')),
							),
						})),
					),
			};
		},
	},
	medusa: {
		cart: medusaCart,
		isSlow: true,
		async open(count) {
			salesChannel ??= await MedusaShop.open();
			const shop = salesChannel;
			const earliest = new Date().toISOString();
			const placed = await shop.placeMany(count);
			const peer = await medusaProxy();
			return {
				peer,
				earliest,
				session: (patience) =>
					medusaCart.open(
						{ http: timed(httpOf(shop, peer.url), patience), account: 'medusa' },
						{ store: 'acme', channels: [shop.channel] },
					),
				state: async () =>
					await Promise.all(
						placed.map(async ({ id, lines }) => {
							const {
								status,
								metadata: { warehouse_reference: reference, ...metadata },
								fulfillments,
							} = await shop.order(id);
							const skuOf = new Map(lines.map((line) => [line.id, line.sku]));
							return {
								status,
								metadata,
								told: `The warehouse has the order as ${reference}.`,
								fulfillments: sorted(
									fulfillments.map((one: Json & { labels: Json[]; items: Array<{ line_item_id: string; quantity: number }> }) => ({
										shipped: one.shipped_at !== null,
										canceled: one.canceled_at !== null,
										labels: one.labels.map(({ tracking_number: number }) => number),
										items: sorted(one.items.map((item) => [skuOf.get(item.line_item_id), item.quantity])),
									})),
								),
							};
						}),
					),
			};
		},
	},
	shopify: {
		cart: shopifyCart,
		async open(count) {
			const shopify = await openShopify();
			for (let number = 0; number < count; number += 1)
				shopify.shop.place({
					lines: [
						{ sku: 'RED-MUG', quantity: 2 },
						{ sku: 'TEE-L', quantity: 3 },
					],
				});
			const http = await n8nPeerHttp(shopify.peer.url, { 'x-shopify-access-token': TOKEN });
			return {
				peer: shopify.peer,
				session: (patience) =>
					shopifyCart.open(
						{
							http: async (request) => withHttpStatus(await timed(http, patience)(request)),
							account: 'acme.myshopify.com',
							clock: INSTANT,
						},
						{},
					),
				state: async () =>
					await Promise.resolve(
						shopify.shop.orders.map(({ tags, note, fulfillments, fulfillmentOrders }) => ({
							tags,
							note,
							fulfillments: sorted(fulfillments.map((fulfillment) => without({ ...fulfillment }, 'id'))),
							left: fulfillmentOrders.map(({ status, lines }) => ({ status, lines: lines.map(({ remaining }) => remaining) })),
						})),
					),
			};
		},
	},
	vendure: {
		cart: vendureCart,
		isSlow: true,
		writes: 5,
		async open(count) {
			channel ??= await VendureShop.open();
			const shop = channel;
			const earliest = new Date().toISOString();
			const placed: Bought[] = [];
			for (let number = 0; number < count; number += 1) placed.push(await shop.place());
			const peer = await vendureProxy();
			const http = await n8nPeerHttp(`${peer.url}/admin-api`, { 'vendure-token': shop.channel });
			// Another account for each run, so that each signs in.
			const account = `vendure-${(runs += 1)}`;
			return {
				peer,
				earliest,
				session: (patience) => vendureCart.open({ http: timed(http, patience), account, signIn: SUPERADMIN }, { store: 'acme' }),
				state: async () =>
					await Promise.all(
						placed.map(async ({ id, lines }) => {
							const { state, fulfillments, history } = await shop.order(id);
							const place = (line: string): number => lines.findIndex((one) => one.id === line);
							return {
								state,
								notes: sorted(
									history.items.filter(({ type }: Json) => type === 'ORDER_NOTE').map(({ data }: { data: { note: string } }) => data.note),
								),
								fulfillments: sorted(
									fulfillments.map((one: Json & { lines: Array<{ orderLineId: string; quantity: number }> }) => ({
										...without(one, 'id'),
										trackingCode: String(one.trackingCode),
										lines: sorted(one.lines.map(({ orderLineId, quantity }) => [place(orderLineId), quantity])),
									})),
								),
							};
						}),
					),
			};
		},
	},
	wooCommerce: {
		cart: wooCommerceCart,
		async open(count) {
			const woo = await WooPeer.open();
			for (let number = 0; number < count; number += 1) woo.place();
			const http = await n8nPeerHttp(woo.url, { authorization: BASIC });
			return {
				peer: woo.peer,
				session: (patience) => wooCommerceCart.open({ http: timed(http, patience), account: 'shop.example.com' }, { store: 'acme' }),
				state: async () =>
					await Promise.resolve(
						[...woo.orders.values()].map(({ id, status, meta_data: meta }) => ({
							status,
							notes: sorted((woo.notes.get(id) ?? []).map(({ note }) => note)),
							meta: sorted(meta.map(({ key, value }) => [key, Array.isArray(value) ? sorted(value) : value])),
						})),
					),
			};
		},
	},
};

/** Of a test file: opening one takes as long as a run. */
let channel: VendureShop | undefined;
let salesChannel: MedusaShop | undefined;
let runs = 0;

/** Those that are not here are in the harness of the cart, as `<code>Faults`. A cart over HTTP without is a failure. */
export const faultCartOf = (code: string): FaultCart | null =>
	FAULT_CARTS[code as CartCode] ?? harnessOf<FaultCart>('carts', code, `${code}Faults`);
