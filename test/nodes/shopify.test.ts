/** The Shopify nodes on n8n's engine: its own HTTP helper with the credential, against the peer. */
import '../../testing/engine/core';
import { CredentialTestContext } from 'n8n-core';
import type { INode } from 'n8n-workflow';
import { shiftClock } from '../../demo/clock';
import { ShopifyOrderImportTrigger } from '../../nodes/ShopifyOrderImportTrigger/ShopifyOrderImportTrigger.node';
import { shopAddress } from '../../nodes/partners/shopify';
import { CredentialStore } from '../../testing/engine/CredentialStore';
import { NodeRegistry } from '../../testing/engine/NodeRegistry';
import { Runner } from '../../testing/engine/Runner';
import { Peer } from '../../testing/servers/Peer';
import { openShopify, TOKEN, type ShopifyPeer } from '../../testing/servers/shopify/shopifyPeer';
import { MINUTE, type Site } from '../templates/site';
import { cartThroughNodes } from './cartThroughNodes';
import { eachTest, pollOf, run, triggerOf } from './operator';

cartThroughNodes('shopify', {
	credential: 'shopifyOrdersApi',
	trigger: 'shopifyOrderImportTrigger',
	async open() {
		const { peer, shop } = await openShopify();
		const orderOf = (number: string) => shop.orders.find(({ name }) => name === number)!;
		return {
			data: { shop: peer.url, accessToken: TOKEN },
			refusedData: { shop: peer.url, accessToken: 'revoked' },
			place: () =>
				shop.place({
					lines: [
						{ sku: 'RED-MUG', quantity: 2 },
						{ sku: 'TEE-L', quantity: 1 },
					],
				}).name,
			callOff: (number) => shop.cancel(orderOf(number), false),
			told: (number) => {
				const { tags, note, fulfillments, cancelledAt } = orderOf(number);
				const tracking = fulfillments.flatMap((one) => one.tracking.flatMap((each) => each.number ?? []));
				return { acknowledged: tags.includes('sent-to-warehouse'), tracking, notes: [note ?? ''], canceled: cancelledAt !== null };
			},
		};
	},
});

let site: Site;
let shopify: ShopifyPeer;
eachTest((opened) => (site = opened));
beforeEach(async () => {
	shopify = await openShopify();
	connect(TOKEN);
});

const connect = (accessToken: string): void =>
	site.engine.credentials.set({ type: 'shopifyOrdersApi', name: 'Shopify', data: { shop: shopify.peer.url, accessToken } });
const credentials: INode['credentials'] = {
	orderStoreApi: { id: null, name: 'Order Store' },
	shopifyOrdersApi: { id: null, name: 'Shopify' },
};
const imports = async (options = {}, mode: 'trigger' | 'manual' = 'trigger') =>
	(
		await pollOf(
			site,
			triggerOf('shopifyOrderImportTrigger', { store: 'acme', options: { earliestOrderDate: '2026-01-01', ...options } }, { credentials }),
			mode,
		)
	)?.map(({ json }) => json) ?? null;

it('imports an order, acknowledges it, uploads its tracking, and hears no echo', async () => {
	const placed = shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 2 }] });
	const [order] = (await imports()) ?? [];
	expect(order).toMatchObject({
		store: 'acme',
		cart: 'shopify',
		orderNumber: '#1001',
		status: 'new',
		lines: [{ sku: 'RED-MUG', quantity: 2, weight: 250 }],
		total: '25.00',
	});
	const id = String(order?.id);
	await run(site, 'orderRules', {}, [{ id }]);
	await run(site, 'wmsSend', {}, [{ id }]);
	const acknowledged = await run(site, 'cartUpdate', { cart: 'shopify', operation: 'acknowledge' }, [{ id }], { credentials });
	expect(acknowledged.outputs[0]).toHaveLength(1);
	expect(placed.tags).toEqual(['sent-to-warehouse']);
	const reference = (await site.order('#1001')).reference;
	site.ships(reference, 1, 'RED-MUG', 1);
	await pollOf(
		site,
		triggerOf(
			'wmsShipmentPollTrigger',
			{},
			{ credentials: { orderStoreApi: { id: null, name: 'Order Store' }, fileExchangeApi: { id: null, name: 'Warehouse folder' } } },
		),
	);
	for (let time = 0; time < 2; time += 1) {
		const uploaded = await run(
			site,
			'cartUpdate',
			{ cart: 'shopify', operation: 'uploadTracking', options: { notifyCustomer: false } },
			[{ id }],
			{ credentials },
		);
		expect(uploaded.outputs[0]).toHaveLength(1);
	}
	expect(placed.fulfillments).toMatchObject([
		{ notified: false, tracking: [{ company: 'UPS', number: `1Z${reference}1` }], lines: [{ quantity: 1 }] },
	]);
	expect(await imports()).toBeNull();
	expect(await site.order('#1001')).toMatchObject({ status: 'partially_shipped', alert: null });
});

it('shows a person what waits, imports by number, and goes on after a revoked token', async () => {
	shopify.shop.place();
	expect(await imports({}, 'manual')).toMatchObject([{ orderNumber: '#1001', status: 'new' }]);
	expect(await site.orders()).toEqual([]);
	connect('revoked');
	await expect(imports()).rejects.toMatchObject({
		message: expect.stringContaining('refused the credentials (401)'),
		description: expect.stringContaining('read_orders'),
	});
	connect(TOKEN);
	expect(await imports()).toHaveLength(1);
	shopify.shop.place({ more: { financial: 'PENDING' } });
	const { outputs } = await run(
		site,
		'orderStore',
		{ resource: 'order', operation: 'importFromCart', cart: 'shopify', store: 'acme', orderNumber: '1002' },
		[{}],
		{ credentials },
	);
	expect(outputs[0]).toMatchObject([{ json: { orderNumber: '#1002', importResult: 'created' } }]);
});

it('names a shop that is closed, and goes on by itself once it is open: with orders, acknowledgement and tracking', async () => {
	const placed = shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }] });
	const [order] = (await imports()) ?? [];
	const id = String(order?.id);
	await run(site, 'orderRules', {}, [{ id }]);
	await run(site, 'wmsSend', {}, [{ id }]);
	site.ships((await site.order('#1001')).reference, 1, 'RED-MUG', 1);
	await pollOf(
		site,
		triggerOf(
			'wmsShipmentPollTrigger',
			{},
			{ credentials: { orderStoreApi: { id: null, name: 'Order Store' }, fileExchangeApi: { id: null, name: 'Warehouse folder' } } },
		),
	);
	shopify.shop.place();
	shopify.inactive = true;
	const update = async (operation: string) =>
		(await run(site, 'cartUpdate', { cart: 'shopify', operation }, [{ id }], { credentials })).outputs.map((items) =>
			items.map(({ json }) => json),
		);
	const closed = /The shop is not active.*Open the shop at Shopify again; work resumes automatically afterwards/;
	for (let time = 1; time <= 2; time += 1) {
		await expect(imports()).rejects.toMatchObject({
			message: expect.stringContaining('The shop is not active'),
			description: expect.stringContaining('Open the shop at Shopify again'),
		});
		for (const operation of ['acknowledge', 'uploadTracking'])
			expect(await update(operation)).toEqual([[], [expect.objectContaining({ message: expect.stringMatching(closed) })], []]);
		expect(await site.order('#1001')).toMatchObject({
			status: 'open',
			alert: null,
			shipments: [{ uploadedAt: null, uploadAttempts: time, uploadProblem: expect.stringMatching(closed) }],
		});
		shiftClock(time * 10 * MINUTE);
	}
	expect(placed).toMatchObject({ tags: [], fulfillments: [] });

	shopify.inactive = false;
	expect(await imports()).toMatchObject([{ orderNumber: '#1002', status: 'new' }]);
	for (const operation of ['acknowledge', 'uploadTracking'])
		expect(await update(operation)).toMatchObject([[{ orderNumber: '#1001' }], [], []]);
	expect(placed).toMatchObject({ tags: ['sent-to-warehouse'], fulfillments: [{ tracking: [{ company: 'UPS' }] }] });
	expect(await site.order('#1001')).toMatchObject({ status: 'closed', alert: null });
	expect(await imports()).toBeNull();
});

it('does not follow the shop to another address, where its token would go', async () => {
	const stranger = await Peer.open(() => ({ body: {} }));
	const door = await Peer.open(({ path }) => ({ status: 301, headers: { location: `${stranger.url}${path}` } }));
	site.engine.credentials.set({ type: 'shopifyOrdersApi', name: 'Shopify', data: { shop: door.url, accessToken: TOKEN } });
	await expect(imports()).rejects.toMatchObject({
		message: expect.stringContaining('sent us to another address (301'),
		description: expect.stringContaining(`begin with "${stranger.url}"`),
	});
	expect([door.calls.length > 0, stranger.calls]).toEqual([true, []]);
});

it('tests the connection and names what the token lacks', async () => {
	const registry = new NodeRegistry();
	const runner = new Runner(registry, new CredentialStore(registry.credentialTypes));
	const context = new CredentialTestContext(runner.additionalData({ name: 'Test', nodes: [], connections: {} }));
	const test = async (data: { shop: string; accessToken: string }) =>
		await new ShopifyOrderImportTrigger().methods.credentialTest['shopifyConnectionTest']!.call(context, {
			id: '1',
			name: 'Test',
			type: 'shopifyOrdersApi',
			data,
		});
	expect(await test({ shop: shopify.peer.url, accessToken: TOKEN })).toEqual({
		status: 'OK',
		message: expect.stringContaining('Connected to Acme'),
	});
	shopify.shop.scopes = ['read_orders', 'write_orders', 'read_merchant_managed_fulfillment_orders'];
	expect(await test({ shop: shopify.peer.url, accessToken: TOKEN })).toEqual({
		status: 'Error',
		message: expect.stringMatching(/lacks write_merchant_managed_fulfillment_orders \(uploading tracking\)/),
	});
	expect(await test({ shop: shopify.peer.url, accessToken: 'x' })).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('401'),
	});
	expect(await test({ shop: '', accessToken: 'x' })).toMatchObject({ status: 'Error', message: expect.stringContaining('address') });
});

it.each([
	['acme', 'https://acme.myshopify.com'],
	[' acme.myshopify.com/ ', 'https://acme.myshopify.com'],
	['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
])('takes %s as a shop', (shop, address) => expect(shopAddress({ shop })).toBe(address));
