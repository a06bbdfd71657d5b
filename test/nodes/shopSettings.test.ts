/** A shop is opened by the name of its store, with the settings of its import trigger: what the trigger leaves out, nothing else brings in. */
import type { INode } from 'n8n-workflow';
import { CARTS } from '../../nodes/partners';
import { renamedSource } from '../../lib/carts/common/sources';
import { MagentoPeer, TOKEN as MAGENTO_TOKEN } from '../../testing/servers/magento';
import { openShopify, TOKEN, type ShopifyPeer } from '../../testing/servers/shopify/shopifyPeer';
import type { Site } from '../templates/site';
import { searchStores } from '../../nodes/OrderStore/actions/storeLocator';
import { eachTest, pollOf, run, triggerOf, type NodeResult } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const credentials: INode['credentials'] = {
	orderStoreApi: { id: null, name: 'Order Store' },
	shopifyOrdersApi: { id: null, name: 'Shop' },
	magentoOrdersApi: { id: null, name: 'Shop' },
};
const ask = async (cart: string, operation: string, more: object = {}): Promise<NodeResult> =>
	await run(site, 'orderStore', { resource: 'order', operation, cart, store: 'acme', ...more }, [{}], { credentials });
const connection = async (operation: string, more: object = {}): Promise<NodeResult> =>
	await run(site, 'orderStore', { resource: 'connection', operation, ...more }, [{}], { credentials });
const jsonOf = ({ outputs, error }: NodeResult): unknown => {
	expect(error).toBeUndefined();
	return outputs[0]?.[0]?.json;
};

describe('Shopify', () => {
	let shopify: ShopifyPeer;
	beforeEach(async () => {
		shopify = await openShopify();
		shopify.shop.now = Math.floor(Date.now() / 1000) - 3_600;
		site.engine.credentials.set({ type: 'shopifyOrdersApi', name: 'Shop', data: { shop: shopify.peer.url, accessToken: TOKEN } });
	});

	const LONG_AGO = '2026-01-01T00:00:00.000Z';
	const trigger = (options: object, { store = 'acme', workflow = 'wf1' } = {}) => ({
		...triggerOf('shopifyOrderImportTrigger', { store, options: { earliestOrderDate: LONG_AGO, ...options } }, { credentials }),
		id: workflow,
		name: `Import of ${workflow}`,
	});
	const poll = async (options: object, where: { store?: string; workflow?: string } = {}) =>
		((await pollOf(site, trigger(options, where))) ?? []).map(({ json }) => String(json.orderNumber));
	const reconcile = async () => (await ask('shopify', 'reconcile', { hours: 72 })).outputs[0]?.[0]?.json;
	const stored = async () => (await (await site.store()).search({ limit: 50 })).items.map(({ orderNumber }) => orderNumber).sort();

	it.each([
		['Without Tags', { withoutTags: 'do-not-ship' }, { tags: ['do-not-ship'] }],
		['Only Tags', { tags: 'wholesale' }, {}],
		['Only SKUs', { skus: 'TEE-L' }, {}],
		['Test Orders', {}, { test: true }],
		['Earliest Order Date', { earliestOrderDate: new Date(Date.now() + 3_600_000).toISOString() }, {}],
	])('Reconcile leaves out what the trigger leaves out: %s', async (_, options, more) => {
		shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }], more });
		expect(await poll(options)).toEqual([]);
		expect(await reconcile()).toMatchObject({ missing: [], failed: 0 });
		expect(await stored()).toEqual([]);
	});

	it('Reconcile ignores changes where the trigger does', async () => {
		const placed = shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }] });
		expect(await poll({ onChange: 'ignore' })).toEqual([placed.name]);
		placed.email = 'new@example.com';
		expect(await reconcile()).toMatchObject({ checked: 1, missing: [], changed: [] });
		await poll({ onChange: 'replace' });
		expect(await reconcile()).toMatchObject({ missing: [] });
	});

	it('what the node says counts for a store that no trigger has set', async () => {
		shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }] });
		expect(await reconcile()).toMatchObject({ missing: [{ orderNumber: '#1001' }] });
	});

	it('version 2 of the node names the store from a list or by its name, and repeats nothing of the trigger', async () => {
		shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }], more: { tags: ['do-not-ship'] } });
		await poll({ withoutTags: 'do-not-ship' });
		const second = async (store: unknown) =>
			await run(
				site,
				'orderStore',
				{ resource: 'order', operation: 'reconcile', cart: 'shopify', store: store as never },
				[{ name: 'acme' }],
				{ credentials, typeVersion: 2 },
			);
		for (const mode of ['list', 'name'])
			expect(jsonOf(await second({ __rl: true, mode, value: 'acme' }))).toMatchObject({ checked: 0, missing: [] });
		expect(jsonOf(await second({ __rl: true, mode: 'name', value: '={{ $json.name }}' }))).toMatchObject({ missing: [] });
		expect((await second({ __rl: true, mode: 'list', value: '' })).error).toMatchObject({
			message: expect.stringContaining('"Store" is required'),
		});
		expect((await second({ __rl: true, mode: 'name', value: ['acme'] })).error).toMatchObject({
			message: expect.stringContaining('is no text'),
		});
	});

	it('two triggers of one store with two minds are refused, both are named, and Take Over decides', async () => {
		shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }] });
		await poll({ withoutTags: 'do-not-ship' });
		await expect(poll({}, { workflow: 'wf2' })).rejects.toMatchObject({
			message: expect.stringMatching(
				/^The store acme is imported by "Node" in the workflow "Import of wf1" already, with other settings than those of "Node" in "Import of wf2": Without Tags: "do-not-ship" there, not set here\./,
			),
			description: expect.stringContaining('Take Over'),
		});
		// Alike, it may; and its own mind may change.
		expect(await poll({ withoutTags: 'do-not-ship' }, { workflow: 'wf2' })).toEqual([]);
		expect(await poll({ withoutTags: 'pickup' }, { workflow: 'wf2' })).toEqual([]);
		await expect(poll({ withoutTags: 'do-not-ship' })).rejects.toMatchObject({
			message: expect.stringContaining('"Import of wf2" already'),
		});
		expect(jsonOf(await connection('takeOver', { store: 'acme' }))).toMatchObject({ store: 'acme', role: 'import' });
		expect(await poll({ withoutTags: 'pickup' }, { workflow: 'wf2' })).toEqual([]);
		expect(await poll({ withoutTags: 'do-not-ship' })).toEqual([]);
		await expect(poll({ withoutTags: 'pickup' }, { workflow: 'wf2' })).rejects.toMatchObject({
			message: expect.stringContaining('"Import of wf1" already'),
		});
	});

	it('Cart Update acknowledges by the tag that the trigger knows', async () => {
		const placed = shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }] });
		await poll({ acknowledgeTag: 'at-warehouse' });
		const { id } = await site.order(placed.name);
		await run(site, 'orderRules', {}, [{ id }]);
		await run(site, 'wmsSend', {}, [{ id }]);
		const result = await run(site, 'cartUpdate', { cart: 'shopify', operation: 'acknowledge' }, [{ id }], { credentials });
		expect(result.outputs.map((items) => items.length)).toEqual([1, 0, 0]);
		expect(placed.tags).toEqual(['at-warehouse']);
	});

	it('a connection shows its settings, its trigger, and how the last poll ended', async () => {
		await poll({ skus: 'RED-MUG' });
		const shown = async () => jsonOf(await connection('getAll'));
		expect(await shown()).toMatchObject({
			store: 'acme',
			role: 'import',
			enabled: true,
			lastAt: expect.any(String),
			lastProblem: null,
			trigger: { workflowName: 'Import of wf1', nodeName: 'Node', settings: { options: { earliestOrderDate: LONG_AGO, skus: 'RED-MUG' } } },
		});
		site.engine.credentials.set({ type: 'shopifyOrdersApi', name: 'Shop', data: { shop: shopify.peer.url, accessToken: 'revoked' } });
		await expect(poll({ skus: 'RED-MUG' })).rejects.toThrow();
		expect(await shown()).toMatchObject({
			lastProblem: expect.stringContaining('refused the credentials'),
			lastSuccessAt: expect.any(String),
			lastProblemAt: expect.any(String),
		});
		expect(JSON.stringify(await shown())).not.toContain('revoked');
	});

	it('a renamed store imports nothing again, and its old name is refused with the new one', async () => {
		shopify.shop.place({ lines: [{ sku: 'RED-MUG', quantity: 1 }] });
		const options = { withoutTags: 'do-not-ship' };
		expect(await poll(options)).toEqual(['#1001']);
		expect(jsonOf(await connection('renameStore', { store: 'acme', newName: 'zeta' }))).toEqual({
			store: 'zeta',
			renamedFrom: 'acme',
			orders: 1,
		});
		await expect(poll(options)).rejects.toMatchObject({ message: expect.stringContaining('The store acme was renamed: it is zeta now.') });
		expect((await ask('shopify', 'reconcile')).error).toMatchObject({ message: expect.stringContaining('it is zeta now') });
		expect(await poll(options, { store: 'zeta' })).toEqual([]);
		expect((await (await site.store()).search({ limit: 5 })).items).toMatchObject([{ orderNumber: '#1001', store: 'zeta' }]);
		expect(jsonOf(await ask('shopify', 'reconcile', { store: 'zeta' }))).toMatchObject({ checked: 1, missing: [], changed: [] });
	});
});

it('the list of stores has those of the cart that is asked, and all elsewhere', async () => {
	const orderStore = await site.store();
	for (const [name, partner] of [
		['acme', 'magento'],
		['acme-eu', 'shopify'],
		['zeta', 'magento'],
	] as const) {
		await orderStore.connect({
			store: name,
			role: 'import',
			partner,
			account: `${partner}:${name}`,
			scope: '',
			actor: { kind: 'node', name: 'test' },
			keep: true,
		});
	}
	const listed = async (parameters: Record<string, string>, filter?: string) => {
		const context = { getNode: () => ({ name: 'Node' }), getCurrentNodeParameter: (name: string) => parameters[name] };
		return (await searchStores.call(context as never, filter)).results.map(({ value }) => value);
	};
	expect(await listed({ operation: 'reconcile', cart: 'magento' })).toEqual(['acme', 'zeta']);
	expect(await listed({ operation: 'takeOver', cart: 'magento' })).toEqual(['acme', 'acme-eu', 'zeta']);
	expect(await listed({ operation: 'takeOver' }, 'ACME')).toEqual(['acme', 'acme-eu']);
});

it('one bad order is one open import failure, however it was read', async () => {
	const shop = await MagentoPeer.open();
	shop.now = Math.floor(Date.now() / 1000) - 3_600;
	site.engine.credentials.set({ type: 'magentoOrdersApi', name: 'Shop', data: { url: shop.peer.url, accessToken: MAGENTO_TOKEN } });
	shop.place({ items: 'none' });
	await pollOf(
		site,
		triggerOf('magentoOrderImportTrigger', { store: 'acme', options: { earliestOrderDate: '2026-01-01T00:00:00.000Z' } }, { credentials }),
	);
	expect(jsonOf(await ask('magento', 'reconcile', { hours: 8_000 }))).toMatchObject({ failed: 1 });
	expect((await (await site.store()).importFailures({ openOnly: true, limit: 5 })).items).toMatchObject([
		{ store: 'acme', timesSeen: 2, source: expect.stringMatching(/:acme$/) },
	]);
});

describe('the source of a renamed store', () => {
	const account = { http: async () => await Promise.reject(new Error('no')), account: 'shop.example.com' } as never;
	it.each(
		Object.values(CARTS)
			.filter(({ cart }) => cart.code !== 'file')
			.map(({ cart }) => [cart.code, cart] as const),
	)('is that which %s has for the new name', (_, cart) => {
		const sourceOf = (store: string): string => cart.open(account, { store } as never).source;
		expect(renamedSource(sourceOf('acme'), 'acme', 'acme-eu')).toBe(sourceOf('acme-eu'));
	});

	it('is that which files have for the new name, in every inbox', () => {
		for (const inboxDirectory of ['orders', 'orders/eu']) {
			const sourceOf = (store: string): string =>
				CARTS.file.cart.open({ label: '/x' } as never, { store, format: 'auto', inboxDirectory } as never).source;
			expect(renamedSource(sourceOf('acme'), 'acme', 'a"b')).toBe(sourceOf('a"b'));
		}
	});

	it('leaves alone what only looks like it', () => {
		expect(renamedSource('shopify:acme.myshopify.com:Berlin', 'Berlin', 'x')).toBe('shopify:acme.myshopify.com:Berlin');
	});
});
