/** Looking for orders in files that were read, and are being read: the newest word counts. */
import fs from 'node:fs';
import path from 'node:path';
import { fileCart } from '../../lib/carts/file';
import { reconcile } from '../../lib/fulfillment/reconcile';
import { actor, Exchange, EVERYTHING } from '../fulfillment/exchange';
import { put, tree } from '../files/openLocal';
import { onEachDatabase } from '../store/harness';
import { cartWith, EVERYTHING as ALL, poll } from './fileHarness';

const order = (number: string, notes: string, more: object = {}): string =>
	`${JSON.stringify({ orderNumber: number, notes, lines: [{ sku: 'RED-MUG', quantity: 1 }], ...more })}\n`;

onEachDatabase('comparing files with the store', (open) => {
	it('takes of each order what the newest file says, whatever the files are called', async () => {
		const site = new Exchange(await open());
		const { root } = site.shop;
		// The second one gets a name in the archive that may sort before the first.
		const exports = [order('1', 'old') + order('2', 'old'), order('1', 'newer') + order('3', 'newer'), order('1', 'newest')];
		for (const [index, text] of exports.entries()) {
			put(root, { 'orders/orders.json': text });
			fs.utimesSync(path.join(root, 'orders/orders.json'), Date.now() / 1000 - 100 + index, Date.now() / 1000 - 100 + index);
			await site.import();
		}
		expect(Object.keys(tree(root))).toHaveLength(3);
		const report = await reconcile({
			orderStore: site.orderStore,
			cart: fileCart,
			session: site.cart,
			storeName: 'acme',
			abandonAfterDays: 45,
			onChange: 'replace',
			actor,
			hours: 72,
			filter: EVERYTHING,
			budgetMs: 60_000,
		});
		expect(report).toMatchObject({ checked: 3, missing: [], changed: [], failed: 0 });
		const { items } = await site.orderStore.search({ limit: 5 });
		expect(items.map(({ orderNumber, notes }) => `${orderNumber} ${notes}`).sort()).toEqual(['1 newest', '2 old', '3 newer']);
		for (const { id } of items.filter(({ orderNumber }) => orderNumber !== '1')) expect(await site.kinds(id)).toEqual(['imported']);
	});
});

it('does not import what an older file says of an order of which the newest is broken, or not wanted', async () => {
	const { root, session } = cartWith({ 'a.ndjson': order('1', 'old', { status: 'paid' }) + order('2', 'old', { status: 'paid' }) });
	await poll(session);
	put(root, { 'orders/b.ndjson': order('1', 'new', { status: 'open' }) + order('2', 'new', { lines: 'x' }) });
	fs.utimesSync(path.join(root, 'orders/archive/a.ndjson'), Date.now() / 1000 - 50, Date.now() / 1000 - 50);
	const found: string[] = [];
	for await (const { orders, failures } of session.ordersBetween!('2026-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z', {
		...ALL,
		statuses: ['paid'],
	})) {
		found.push(
			...orders.filter(({ notEligible }) => notEligible === undefined).map(({ content }) => content.orderNumber),
			...failures.map(({ key }) => `failed ${key}`),
		);
	}
	expect(found).toEqual(['failed 2']);
});

it('looks at the files of the inbox, at those that are being read, and at those that were, and moves none', async () => {
	const { root, session } = cartWith({ 'a.ndjson': order('1', 'a') });
	await poll(session);
	put(root, { 'orders/b.ndjson': order('2', 'b') });
	await poll(session, {}, { record: false });
	put(root, { 'orders/c.ndjson': order('3', 'c'), 'orders/failed/d.ndjson': order('4', 'd') });
	const before = Object.keys(tree(root));
	const found: string[] = [];
	for await (const { orders } of session.ordersBetween!('2026-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z', ALL))
		found.push(...orders.map(({ content }) => content.orderNumber));
	expect(found.sort()).toEqual(['1', '2', '3']);
	for (const number of ['1', '2', '3']) expect(await session.getOrder!(number)).not.toBeNull();
	expect(await session.getOrder!('4')).toBeNull();
	const seen: string[] = [];
	for await (const { orders } of session.previewOrders!(ALL)) seen.push(...orders.map(({ content }) => content.orderNumber));
	expect(seen).toEqual(['2', '3']);
	expect(Object.keys(tree(root))).toEqual(before);
});

it('has a position of its own for each inbox of a store', () => {
	const sources = [{}, { inboxDirectory: 'orders' }, { inboxDirectory: 'wholesale' }].map(
		(settings) => cartWith({}, settings).session.source,
	);
	expect(sources).toEqual(['file:acme', 'file:acme', 'file:["acme","wholesale"]']);
});

it.each([[{ archiveDirectory: 'orders/reading' }], [{ failedDirectory: 'orders/reading' }], [{ trackingDirectory: 'orders/reading' }]])(
	'refuses %j',
	async (settings) => {
		await expect(poll(cartWith({ 'a.ndjson': order('1', 'a') }, settings).session)).rejects.toMatchObject({
			code: 'invalid_input',
			message: expect.stringContaining('orders/reading'),
		});
	},
);
