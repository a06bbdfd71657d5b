/** The triggers: what they hand on, each once, and what they leave alone when a person only looks. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import { MINUTE, type Site } from '../templates/site';
import { ACTOR, eachTest, itemsOf, orderIn, orders, poll, pollOf, run, triggerOf } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const fixture = (name: string): string => readFileSync(path.join(__dirname, '..', 'fixtures', 'orders', name), 'utf8');
const filesIn = (directory: string): string[] => readdirSync(path.join(site.folder, directory)).sort();
const failures = async () => (await (await site.store()).importFailures({ openOnly: true, limit: 50 })).items;

describe('File Order Import Trigger', () => {
	const settings = { store: 'acme', format: 'auto' };
	const imports = async (parameters = {}, mode: 'trigger' | 'manual' = 'trigger') =>
		await poll(site, 'fileOrderImportTrigger', { ...settings, ...parameters }, mode);

	it.each([
		['shopify', 'shopify.csv', 'shopify'],
		['Shopify, detected', 'shopify.csv', 'auto'],
		['WooCommerce, a row a line', 'woocommerce-one-row-a-line.csv', 'woocommerce'],
		['WooCommerce, a row an order', 'woocommerce-one-row-an-order.csv', 'auto'],
		['JSON', 'orders.json', 'json'],
		['NDJSON, detected', 'orders.ndjson', 'auto'],
	])('imports %s', async (_, file, format) => {
		site.put('shop/orders', file, fixture(file));
		const found = await imports({ format });
		expect(found?.length).toBeGreaterThan(0);
		expect(found?.[0]).toMatchObject({
			store: 'acme',
			cart: 'file',
			status: 'new',
			id: expect.any(String),
			orderNumber: expect.any(String),
			lines: expect.arrayContaining([expect.objectContaining({ quantity: expect.any(Number) })]),
		});
		expect(filesIn('shop/orders')).toEqual(['archive', 'reading']);
		expect(filesIn('shop/orders/reading')).toEqual([]);
		expect(await imports({ format })).toBeNull();
	});

	it('imports any CSV by its columns', async () => {
		site.put('shop/orders', 'any.csv', fixture('any.csv'));
		const columns = {
			externalId: 'Auftrag',
			orderNumber: 'Auftrag',
			'shippingAddress.name': 'Vorname|Nachname',
			'shippingAddress.city': 'Ort',
			'shippingAddress.country': 'Land',
			'lines.sku': 'Artikel',
			'lines.quantity': 'Menge',
			'lines.unitPrice': 'Preis',
			notes: '',
		};
		const found = await imports({
			format: 'csv',
			mapping: { columns: Object.entries(columns).map(([field, column]) => ({ field, column })) },
		});
		expect(found).toMatchObject([
			{
				orderNumber: 'A-1',
				shippingAddress: { name: 'Jörg Müller', country: 'DE' },
				lines: [
					{ sku: 'RED-MUG', quantity: 2, unitPrice: '19.90' },
					{ sku: 'TEE-L', quantity: 1 },
				],
			},
			{ orderNumber: 'A-2', shippingAddress: { name: 'Åsa' } },
		]);
	});

	it('says that a column is not in the file', async () => {
		site.put('shop/orders', 'any.csv', fixture('any.csv'));
		const mapping = {
			columns: [
				{ field: 'orderNumber', column: 'Number' },
				{ field: 'lines.sku', column: 'Artikel' },
				{ field: 'lines.quantity', column: 'Menge' },
			],
		};
		await expect(imports({ format: 'csv', mapping }, 'manual')).rejects.toMatchObject({
			message: expect.stringContaining('Number'),
			description: expect.any(String),
		});
		expect(await imports({ format: 'csv', mapping })).toBeNull();
		expect(await failures()).toEqual([
			expect.objectContaining({ store: 'acme', message: expect.stringContaining('Number'), remedy: expect.any(String) }),
		]);
	});

	it('records what it cannot read, imports the rest, and resolves the failure when it is corrected', async () => {
		site.exports({ orderNumber: '1' }, { orderNumber: '2', quantity: -1 });
		expect((await imports())?.map(({ orderNumber }) => orderNumber)).toEqual(['1']);
		expect(await failures()).toEqual([expect.objectContaining({ message: expect.stringContaining('quantity'), timesSeen: 1 })]);
		site.exports({ orderNumber: '2', quantity: 1 });
		expect((await imports())?.map(({ orderNumber }) => orderNumber)).toEqual(['2']);
		expect(await failures()).toEqual([]);
	});

	it('filters, limits what one run hands on, and leaves unsent orders alone when told to', async () => {
		site.exports({ orderNumber: '1', sku: 'A' }, { orderNumber: '2', sku: 'B' }, { orderNumber: '3', sku: 'A' });
		const options = { skus: 'A, X', handOutLimit: 1, onChange: 'ignore', earliestOrderDate: '2026-11-01' };
		expect((await imports({ options }))?.map(({ orderNumber }) => orderNumber)).toEqual(['1']);
		expect(Object.keys(await site.statuses())).toEqual(['1', '3']);
		site.exports({ orderNumber: '1', sku: 'A', notes: 'changed' });
		expect(await imports({ options })).toBeNull();
		site.exports({ orderNumber: '1', sku: 'A', notes: 'changed' });
		expect(await imports()).toMatchObject([{ orderNumber: '1', notes: 'changed' }]);
		await expect(imports({ options: { earliestOrderDate: 'soon' } })).rejects.toMatchObject({
			message: expect.stringContaining('earliestOrderDate is not a date (value: "soon").'),
		});
	});

	it('uses the folders of its options', async () => {
		site.put('shop/in/box', 'orders.json', fixture('orders.json'));
		const options = { inboxDirectory: 'in/box', archiveDirectory: 'done', settleSeconds: 0 };
		expect(await imports({ options })).toHaveLength(2);
		expect(filesIn('shop/done')).toEqual(['orders.json']);
		await expect(imports({ options: { archiveDirectory: 'orders' } })).rejects.toMatchObject({ description: expect.any(String) });
	});

	it('waits for a file that is still being written', async () => {
		site.exports({ orderNumber: '1' });
		expect(await imports({ options: { settleSeconds: 600 } })).toBeNull();
		expect(filesIn('shop/orders')).toHaveLength(1);
	});

	it('shows a person what waits, records nothing and moves nothing', async () => {
		expect(await imports({}, 'manual')).toBeNull();
		site.exports(...Array.from({ length: 7 }, (_, index) => ({ orderNumber: `${index + 1}` })));
		const shown = await imports({}, 'manual');
		expect(shown).toHaveLength(5);
		expect(shown?.[0]).toMatchObject({ store: 'acme', cart: 'file', externalId: 'id-1', orderNumber: '1', status: 'new' });
		expect(await site.orders()).toEqual([]);
		expect(filesIn('shop/orders')).toEqual(['export-1.json']);
		expect(await imports()).toHaveLength(7);
	});

	it('needs a store, and a folder that is there', async () => {
		await expect(imports({ store: ' ' })).rejects.toMatchObject({
			message: expect.stringContaining('The name of the store is missing.'),
			description: expect.any(String),
		});
		site.engine.credentials.set({ type: 'fileExchangeApi', name: 'Shop folder', data: { folder: path.join(site.folder, 'gone') } });
		await expect(imports()).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining('does not exist'),
			description: expect.stringContaining('mounted'),
		});
	});
});

describe('WMS Shipment Poll Trigger', () => {
	const polls = async (parameters = {}, mode: 'trigger' | 'manual' = 'trigger') =>
		await poll(site, 'wmsShipmentPollTrigger', parameters, mode);

	it('hands on each report once, with its order', async () => {
		const order = await orderIn(site, 'open');
		site.acknowledges(order.reference);
		site.ships(order.reference, 1, 'RED-MUG', 1);
		expect(await polls()).toMatchObject([
			{ event: 'acknowledged', orderId: order.id, alert: false },
			{
				event: 'shipped',
				orderId: order.id,
				shipmentId: expect.any(String),
				shipment: { trackingNumber: `1Z${order.reference}1`, lines: [{ quantity: 1 }] },
				order: { status: 'partially_shipped' },
			},
		]);
		site.ships(order.reference, 1, 'RED-MUG', 1);
		expect(await polls()).toBeNull();
		expect(filesIn('warehouse/shipments')).toEqual(['archive', 'reading']);
		expect(filesIn('warehouse/shipments/reading')).toEqual([]);
	});

	it('marks what needs a person, and keeps what belongs to no order', async () => {
		const order = await orderIn(site, 'open');
		site.ships(order.reference, 1, 'RED-MUG', 9);
		site.ships('nobody', 1, 'RED-MUG', 1);
		expect(await polls()).toMatchObject([{ event: 'shipped', alert: true, order: { alert: { code: 'over_shipment' } } }]);
		expect(await failures()).toEqual([expect.objectContaining({ subject: 'shipment', message: expect.stringContaining('nobody') })]);
	});

	it('matches only the stores that it is told', async () => {
		const order = await orderIn(site, 'open');
		site.ships(order.reference, 1, 'RED-MUG', 1);
		expect(await polls({ options: { stores: 'other' } })).toBeNull();
		expect((await site.order('N1')).shipments).toEqual([]);
	});

	it('shows a person what waits, records nothing and moves nothing', async () => {
		expect(await polls({}, 'manual')).toBeNull();
		const order = await orderIn(site, 'open');
		site.ships(order.reference, 1, 'RED-MUG', 1);
		expect(await polls({}, 'manual')).toMatchObject([
			{
				event: 'shipped',
				orderId: order.id,
				shipment: { trackingNumber: `1Z${order.reference}1`, lines: [{ quantity: 1 }] },
				order: { status: 'open' },
			},
		]);
		expect((await site.order('N1')).shipments).toEqual([]);
		expect(filesIn('warehouse/shipments')).toEqual([expect.stringMatching(/^ship-/)]);
		expect(await polls()).toHaveLength(1);
	});
});

describe('Order Store Trigger', () => {
	const due = async (kinds: string[], more = {}, mode: 'trigger' | 'manual' = 'trigger') =>
		(await poll(site, 'orderStoreTrigger', { on: 'due', kinds, ...more }, mode))?.map(({ orderNumber, dueFor, dueReason }) => [
			orderNumber,
			dueFor,
			dueReason,
		]) ?? null;

	it('hands out each kind of due work to one run', async () => {
		await orderIn(site, 'open');
		await orders(site, { orderNumber: 'N2' });
		// Its first order is still to come, and nobody waits for anybody.
		expect(await due(['rules'], { options: { stores: 'other' } })).toBeNull();
		shiftClock(20 * MINUTE);
		const all = ['rules', 'sending', 'acknowledgement', 'upload'];
		await expect(due(all, { options: { stores: 'other' } })).rejects.toThrow(
			'The workflow "Operator" is set up for other, but the order store has orders of acme, so it gets no orders.',
		);
		expect((await site.order('N2')).alert).toMatchObject({ code: 'wrong_store' });
		expect(await due(all, { options: { maxItems: 1 } })).toEqual([['N2', 'rules', 'No workflow took it on after the import.']]);
		expect(await due(all)).toEqual([['N1', 'acknowledgement', 'The cart was not told that the warehouse has it.']]);
		expect(await due(all)).toBeNull();
		shiftClock(26 * MINUTE);
		expect(await due(all)).toHaveLength(2);
	});

	it('still means a store that was renamed by its former name', async () => {
		await orders(site, { orderNumber: 'N1' });
		await (await site.store()).renameStore({ store: 'acme', name: 'zeta', actor: ACTOR, sourceOf: (source) => source });
		shiftClock(20 * MINUTE);
		expect(await due(['rules'], { options: { stores: 'acme' } })).toEqual([['N1', 'rules', 'No workflow took it on after the import.']]);
	});

	it('hands out shipments that were not uploaded', async () => {
		await orderIn(site, 'partially_shipped');
		expect(await due(['upload'])).toEqual([['N1', 'upload', 'A shipment was not uploaded to the cart.']]);
	});

	it('shows a person some orders, and claims none', async () => {
		expect(await due(['rules'], {}, 'manual')).toBeNull();
		await orders(site, {});
		shiftClock(20 * MINUTE);
		expect(await due(['rules'], {}, 'manual')).toEqual([['N1', 'rules', 'Sample']]);
		expect(await due(['rules'])).toHaveLength(1);
	});

	it('hands on each event once for each trigger, from when it was published', async () => {
		const kinds = { on: 'events', events: ['status_changed', 'edited'] };
		const events = async (parameters = {}) =>
			(await poll(site, 'orderStoreTrigger', { ...kinds, ...parameters }))?.map(({ event, data, order }) => [event, data, order]) ?? null;
		const [order] = await orders(site, {});
		expect(await events()).toBeNull();
		await run(
			site,
			'orderStore',
			{ resource: 'order', operation: 'edit', fields: { list: [{ field: 'notes', value: 'x' }] } },
			itemsOf(order ? [order] : []),
		);
		await run(site, 'orderRules', {}, itemsOf(order ? [order] : []));
		expect(await events()).toMatchObject([
			['edited', { changes: [{ path: 'notes' }] }, { orderNumber: 'N1' }],
			['status_changed', { from: 'new', to: 'routed' }, { status: 'routed' }],
		]);
		expect(await events()).toBeNull();
		await run(site, 'wmsSend', {}, itemsOf(order ? [order] : []));
		expect(await events({ events: ['status_changed'], toStatuses: ['open'], options: { stores: 'acme' } })).toMatchObject([
			['status_changed', { from: 'queued', to: 'open' }, { status: 'open' }],
		]);
		await run(site, 'orderStore', { resource: 'order', operation: 'archive' }, itemsOf(order ? [order] : []));
		expect(await events({ events: ['status_changed'], toStatuses: ['closed'] })).toBeNull();
		expect(await events({ events: ['status_changed'] })).toBeNull();
	});

	it('shows a person the last events without moving on, and keeps triggers apart', async () => {
		const first = { on: 'events', events: ['status_changed'] };
		const second = triggerOf('orderStoreTrigger', first, { id: 'second' });
		await poll(site, 'orderStoreTrigger', first);
		await pollOf(site, second);
		const [order] = await orders(site, {});
		await run(site, 'orderRules', {}, itemsOf(order ? [order] : []));
		expect(await poll(site, 'orderStoreTrigger', first, 'manual')).toMatchObject([{ event: 'status_changed', orderId: order?.id }]);
		expect(await poll(site, 'orderStoreTrigger', first)).toHaveLength(1);
		expect(await pollOf(site, second)).toHaveLength(1);
	});

	it('hands on an event of an order that was deleted since', async () => {
		await poll(site, 'orderStoreTrigger', { on: 'events', events: ['alert_raised'] });
		const [order] = await orders(site, {});
		const orderStore = await site.store();
		await orderStore.amend({
			orderId: order?.id ?? '',
			version: order?.version ?? 0,
			actor: ACTOR,
			set: { alerts: { raise: [{ code: 'rule_failed', message: 'm' }] } },
		});
		const [event] = (await poll(site, 'orderStoreTrigger', { on: 'events', events: ['alert_raised'] })) ?? [];
		expect(event).toMatchObject({ event: 'alert_raised', orderId: order?.id, data: { code: 'rule_failed' } });
	});
});
