/** Runs every shipped template as it is, from the files of the shop and the warehouse to the files that they get back. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import { ALERTS } from '../../lib/order/alerts';
import type { WorkflowJson } from '../../testing/engine/types';
import { copyOf, MINUTE, DAY, Site, template } from './site';

let site: Site;
beforeEach(async () => {
	site = await Site.open();
});
afterEach(async () => {
	const problems = site.problems();
	await site.close();
	expect(problems).toEqual([]);
});

const headers = (rows: Array<Record<string, string>>) => rows.filter(({ record_type }) => record_type === 'H');

describe('01 Import and route', () => {
	it('takes the orders of a file through the rules to the warehouse, each with its reason', async () => {
		site.exports(
			{ orderNumber: '1' },
			{ orderNumber: '2', email: 'qa@example.test' },
			{ orderNumber: '3', total: '1200.00' },
			{ orderNumber: '4', shippingMethod: 'Carrier pigeon' },
			{ orderNumber: '5', sku: 'DIGITAL-BOOK' },
			{ orderNumber: '6', notes: 'A gift, please' },
		);
		const [execution] = await site.tick(template('01'));
		expect(execution?.startNode).toBe('New orders from the shop');
		expect(await site.statuses()).toEqual({ 1: 'open', 2: 'skipped', 3: 'delayed', 4: 'error', 5: 'skipped', 6: 'open' });
		expect((await site.order('2')).statusReason).toContain('It is a test order.');
		expect((await site.order('4')).alert?.code).toBe('unmapped_shipping_method');
		expect((await site.order('1')).acknowledgedAt).not.toBeNull();
		const sent = site.warehouseTakes();
		expect(headers(sent).map((row) => [row.order_number, row.carrier, row.service_level, row.warehouse, row.shipping_notes])).toEqual([
			['1', 'UPS', 'GROUND', 'MAIN', ''],
			['6', 'UPS', 'GROUND', 'MAIN', 'Gift: leave the invoice out.'],
		]);
		expect(sent.filter(({ record_type }) => record_type === 'L').map((row) => [row.sku, row.quantity])).toEqual([['RED-MUG', '2'], ['RED-MUG', '2']]);
		expect(readdirSync(path.join(site.folder, 'shop', 'orders'))).toEqual(['archive', 'reading']);
	});

	it('takes kits apart, adds a card for VIP customers, fits the address and waits for the ship date', async () => {
		const shippingAddress = { name: 'Ada', address1: '12 Byron Street, Building of the Analytical Engines', city: 'Boston', region: 'Massachusetts', postalCode: '02134', country: 'US' };
		site.exports(
			{ orderNumber: '1', sku: 'BREAKFAST-SET', quantity: 3, ...{ tags: ['vip'], shippingAddress } },
			{ orderNumber: '2', email: 'buyer@wholesale.example', ...{ requestedShipDate: new Date(Date.now() + 10 * DAY).toISOString() } },
		);
		await site.tick(template('01'));
		expect(await site.statuses()).toEqual({ 1: 'open', 2: 'delayed' });
		const sent = site.warehouseTakes();
		expect(sent.filter(({ record_type }) => record_type === 'L').map((row) => [row.sku, row.quantity])).toEqual([['RED-MUG', '6'], ['SPOON', '6'], ['THANK-YOU-CARD', '1']]);
		const [head] = headers(sent);
		expect(head).toMatchObject({ order_number: '1' });
		expect((await site.order('1')).shippingAddress).toMatchObject({ address1: '12 Byron Street, Building of the', address2: 'Analytical Engines', region: 'MA' });
		expect((await site.order('2')).tags).toContain('wholesale');
	});

	it('imports an order once, also when the shop exports it again, and releases a hold when it is over', async () => {
		site.exports({ orderNumber: '1' }, { orderNumber: '3', total: '1200.00' });
		await site.tick(template('01'));
		site.exports({ orderNumber: '1' }, { orderNumber: '3', total: '1200.00' });
		expect(await site.tick(template('01'))).toEqual([]);
		shiftClock(119 * MINUTE);
		expect(await site.tick(template('01'))).toEqual([]);
		shiftClock(121 * MINUTE);
		const [execution] = await site.tick(template('01'));
		expect(execution?.startNode).toBe('Holds that are over');
		expect(await site.statuses()).toEqual({ 1: 'open', 3: 'open' });
		expect(headers(site.warehouseTakes()).map(({ order_number }) => order_number)).toEqual(['1', '3']);
	});

	it('goes on with the good orders of a file that has a bad one', async () => {
		site.exports({ orderNumber: '1' }, { orderNumber: 'bad', quantity: -3 }, { orderNumber: '2' });
		await site.tick(template('01'));
		expect(await site.statuses()).toEqual({ 1: 'open', 2: 'open' });
		const { items } = await (await site.store()).importFailures({ openOnly: true, limit: 10 });
		expect(items).toEqual([expect.objectContaining({ store: 'my-shop', message: expect.stringContaining('quantity'), remedy: expect.any(String), timesSeen: 1 })]);
	});
});

describe('08 A 3PL with three merchants', () => {
	it('decides each order by the rule set of its merchant, and says which version did', async () => {
		const workflow = template('08');
		const { error } = await site.engine.runWorkflow(workflow, { startNode: 'Save all rule sets' });
		expect(error).toBeUndefined();
		const to = (region: string, country = 'US', company: string | null = null) => ({ shippingAddress: { name: 'Ada', company, address1: '1 Main St', city: 'X', region, postalCode: '02134', country } });
		site.exports(
			{ orderNumber: '1', sku: 'GIFT-SET', quantity: 1, ...{ merchant: 'acme', ...to('CA') } },
			{ orderNumber: '2', ...{ merchant: 'acme', ...to('MA') } },
			{ orderNumber: '3', ...{ merchant: 'bolt', ...to('MA', 'US', 'Bolt & Sons') } },
			{ orderNumber: '4', ...{ merchant: 'bolt', ...to('MA') } },
			{ orderNumber: '5', total: '250.00', ...{ merchant: 'cora', ...to('ON', 'CA') } },
			{ orderNumber: '6', ...{ merchant: 'cora', ...to('', 'FR') } },
			{ orderNumber: '7', ...{ merchant: 'dora', ...to('MA') } },
		);
		await site.tick(workflow);
		expect(await site.statuses()).toEqual({ 1: 'open', 2: 'open', 3: 'open', 4: 'error', 5: 'open', 6: 'skipped', 7: 'error' });
		const sent = headers(site.warehouseTakes()).map((row) => [row.order_number, row.warehouse, row.carrier, row.service_level]).sort();
		expect(sent).toEqual([['1', 'WEST', 'UPS', 'GROUND'], ['2', 'EAST', 'UPS', 'GROUND'], ['3', 'EAST', 'ESTES', 'LTL'], ['5', 'WEST', 'USPS', 'GROUND_ADVANTAGE']]);
		expect(await site.order('5')).toMatchObject({ signatureRequired: true, lines: [{ sku: 'RED-MUG' }, { sku: 'SAMPLE', quantity: 1 }] });
		expect((await site.order('6')).statusReason).toBe('no rule accepted the order');
		expect((await site.order('7')).alert?.message).toContain('no rule set "dora"');
		const timeline = await (await site.store()).timeline((await site.order('1')).id);
		expect(timeline.find(({ kind }) => kind === 'rules_applied')?.data).toMatchObject({ ruleSet: 'acme v1' });
	});

	it('sends the orders of a company as one, and each gets its tracking', async () => {
		const workflow = template('08');
		await site.engine.runWorkflow(workflow, { startNode: 'Save all rule sets' });
		const bolt = { merchant: 'bolt', tags: ['consolidate'], shippingAddress: { name: 'Ada', company: 'Bolt & Sons', address1: '1 Main St', city: 'X', region: 'MA', postalCode: '02134', country: 'US' } };
		site.exports({ orderNumber: '1', ...bolt }, { orderNumber: '2', sku: 'TEE-L', ...bolt });
		await site.tick(workflow);
		site.exports({ orderNumber: '3', quantity: 5, ...bolt });
		await site.tick(workflow);
		expect(await site.statuses()).toEqual({ 1: 'delayed', 2: 'delayed', 3: 'delayed' });
		shiftClock(121 * MINUTE);
		await site.tick(workflow);
		expect(await site.statuses()).toEqual({ 1: 'bundled', 2: 'bundled', 3: 'bundled', '1+2+3': 'open' });
		const sent = site.warehouseTakes();
		expect(headers(sent).map((row) => [row.order_number, row.carrier])).toEqual([['1+2+3', 'ESTES']]);
		expect(sent.filter(({ record_type }) => record_type === 'L').map(({ sku, quantity }) => [sku, quantity])).toEqual([['RED-MUG', '2'], ['TEE-L', '2'], ['RED-MUG', '5']]);
		site.put('warehouse/shipments', 'bundle.csv', `reference,shipment_id,carrier,tracking_number,shipped_at,sku,quantity\n${(await site.order('1+2+3')).reference},S1,ESTES,PRO1,2026-11-23T10:00:00Z,,\n`);
		await site.tick(copyOf(template('03'), { name: '(3PL)', store: '3pl' }));
		expect(site.tracking().map((row) => [row.order_number, row.sku, row.quantity, row.tracking_number]).sort()).toEqual([['1', 'RED-MUG', '2', 'PRO1'], ['2', 'TEE-L', '2', 'PRO1'], ['3', 'RED-MUG', '5', 'PRO1']]);
		expect(new Set(Object.values(await site.statuses()))).toEqual(new Set(['closed']));
		expect(site.problems()).toEqual([]);
	});
});

it('keeps the orders of two shops apart that have the same number and share a warehouse', async () => {
	const second = copyOf(template('01'), { name: '(second shop)', store: 'second-shop', folders: { 'Shop folder': 'Second shop folder' } });
	site.exports({ orderNumber: '1001' });
	await site.tick(template('01'));
	site.exportsTo('second', { orderNumber: '1001', sku: 'TEE-L' });
	await site.tick(second);
	const sent = site.warehouseTakes().filter(({ record_type }) => record_type === 'L');
	expect(sent.map(({ sku }) => sku).sort()).toEqual(['RED-MUG', 'TEE-L']);
	expect((await site.orders()).map(({ store, status }) => `${store}: ${status}`).sort()).toEqual(['my-shop: open', 'second-shop: open']);
});

describe('02 Release and retry', () => {
	const missing = () => rmSync(path.join(site.folder, 'warehouse'), { recursive: true });
	const inTheWay = () => writeFileSync(path.join(site.folder, 'warehouse', 'orders'), 'a file where a folder should be');

	it.each([['is missing', missing], ['cannot be written to', inTheWay]])('sends again, when it is due, what failed while the folder %s', async (_, breakFolder) => {
		breakFolder();
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		const failed = await site.order('1');
		expect(failed).toMatchObject({ status: 'delayed', attempts: 1, acknowledgedAt: null, statusReason: expect.stringMatching(/^Try 1 failed: .*warehouse/) });
		expect(Date.parse(failed.retryAt ?? '')).toBeGreaterThan(Date.now() + 50_000);
		expect(await site.tick(template('02'))).toEqual([]);

		shiftClock(2 * MINUTE);
		await site.tick(template('02'));
		expect(await site.order('1')).toMatchObject({ status: 'delayed', attempts: 2 });

		rmSync(path.join(site.folder, 'warehouse'), { recursive: true, force: true });
		mkdirSync(path.join(site.folder, 'warehouse'));
		expect(await site.tick(template('02'))).toEqual([]);
		shiftClock(10 * MINUTE);
		const [execution] = await site.tick(template('02'));
		expect(execution?.startNode).toBe('Sends that are due');
		expect(await site.order('1')).toMatchObject({ status: 'open', attempts: 3, statusReason: null, acknowledgedAt: expect.any(String) });
		expect(site.orderFiles()).toHaveLength(1);
	});

	/** As a worker leaves it that was killed right after it had claimed the order. */
	async function claimedByADeadWorker(): Promise<string> {
		inTheWay();
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		rmSync(path.join(site.folder, 'warehouse', 'orders'));
		const orderStore = await site.store();
		const { id } = await site.order('1');
		const actor = { kind: 'node', name: 'test' } as const;
		shiftClock(2 * MINUTE);
		const [released] = await orderStore.claim({ ids: [id], statuses: ['delayed'], limit: 1, leaseMs: 1000, worker: 'dead', actor });
		await orderStore.transition({ orderId: id, from: 'delayed', to: 'routed', epoch: released?.epoch ?? 0, actor, reason: null });
		await orderStore.claim({ ids: [id], statuses: ['routed'], to: 'queued', sendTo: { wms: 'file', account: '' }, limit: 1, leaseMs: 5 * MINUTE, worker: 'dead', actor });
		expect((await site.order('1')).status).toBe('queued');
		return (await site.order('1')).reference;
	}

	it('takes over an order that a dead worker left Queued, once its lease is over', async () => {
		await claimedByADeadWorker();
		expect(await site.tick(template('02'))).toEqual([]);
		shiftClock(8 * MINUTE);
		await site.tick(template('02'));
		expect(await site.order('1')).toMatchObject({ status: 'open', acknowledgedAt: expect.any(String) });
		expect(site.orderFiles()).toHaveLength(1);
	});

	it('does not send again what the dead worker had sent', async () => {
		const reference = await claimedByADeadWorker();
		site.put('warehouse/orders/processed', `${reference}.csv`, 'taken by the warehouse');
		shiftClock(8 * MINUTE);
		await site.tick(template('02'));
		expect((await site.order('1')).status).toBe('open');
		expect(site.orderFiles()).toEqual([]);
	});

	it('tells the shop about an order that was sent, but not acknowledged', async () => {
		renameSync(path.join(site.folder, 'shop'), path.join(site.folder, 'away'));
		const json = template('01');
		mkdirSync(path.join(site.folder, 'shop', 'orders'), { recursive: true });
		site.exports({ orderNumber: '1' });
		delete json.connections['Send to MAIN'];
		await site.tick(json);
		expect(await site.order('1')).toMatchObject({ status: 'open', acknowledgedAt: null });
		shiftClock(6 * MINUTE);
		const [execution] = await site.tick(template('02'));
		expect(execution?.startNode).toBe('Shop was not told');
		expect((await site.order('1')).acknowledgedAt).not.toBeNull();
	});
});

describe('03 Ship and upload tracking', () => {
	it('records what the warehouse reports and tells the shop, parcel by parcel, each once', async () => {
		site.exports({ orderNumber: '1', quantity: 3 });
		await site.tick(template('01'));
		const { reference } = await site.order('1');
		site.warehouseTakes();
		site.acknowledges(reference);
		site.ships(reference, 1, 'RED-MUG', 2);
		await site.tick(template('03'));
		expect((await site.order('1')).status).toBe('partially_shipped');
		expect(site.tracking().map((row) => [row.order_number, row.order_id, row.tracking_number, row.sku, row.quantity])).toEqual([['1', 'id-1', `1Z${reference}1`, 'RED-MUG', '2']]);

		site.ships(reference, 1, 'RED-MUG', 2);
		await site.tick(template('03'));
		expect(site.tracking()).toHaveLength(1);

		site.ships(reference, 2, 'RED-MUG', 1);
		await site.tick(template('03'));
		const closed = await site.order('1');
		expect(closed.status).toBe('closed');
		expect(closed.shipments.map(({ uploadedAt }) => uploadedAt === null)).toEqual([false, false]);
		expect(site.tracking().map(({ tracking_number }) => tracking_number).sort()).toEqual([`1Z${reference}1`, `1Z${reference}2`]);
		expect(await site.tick(template('03'))).toEqual([]);
	});

	it('tries an upload again that the shop did not take', async () => {
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		const { reference } = await site.order('1');
		site.ships(reference, 1, 'RED-MUG', 2);
		writeFileSync(path.join(site.folder, 'shop', 'tracking'), 'in the way');
		await site.tick(template('03'));
		expect(await site.order('1')).toMatchObject({ status: 'open', shipments: [{ uploadedAt: null, uploadProblem: expect.stringContaining('tracking') }] });
		rmSync(path.join(site.folder, 'shop', 'tracking'));
		shiftClock(3 * MINUTE);
		const [execution] = await site.tick(template('03'));
		expect(execution?.startNode).toBe('Uploads that are due');
		expect((await site.order('1')).status).toBe('closed');
		expect(site.tracking()).toHaveLength(1);
	});

	it('puts what the warehouse refuses in Error, with what it said', async () => {
		site.exports({ orderNumber: '1' });
		await site.tick(template('01'));
		site.acknowledges((await site.order('1')).reference, 'rejected', 'unknown SKU');
		await site.tick(template('03'));
		expect(await site.order('1')).toMatchObject({ status: 'error', alert: { code: 'rejected_by_wms', message: expect.stringContaining('unknown SKU') } });
		expect(site.tracking()).toEqual([]);
	});
});

describe('04 Abandon', () => {
	it('abandons what has no shipment after 45 days, and nothing else', async () => {
		site.exports({ orderNumber: '1' }, { orderNumber: '2', email: 'qa@example.test' }, { orderNumber: '3' });
		await site.tick(template('01'));
		site.ships((await site.order('3')).reference, 1, 'RED-MUG', 1);
		await site.tick(template('03'));
		shiftClock(44 * DAY);
		await site.tick(template('04'));
		expect(await site.statuses()).toEqual({ 1: 'open', 2: 'skipped', 3: 'partially_shipped' });
		shiftClock(46 * DAY);
		const [execution] = await site.tick(template('04'));
		expect(execution?.json('Abandon overdue orders').map(({ orderNumber, status }) => [orderNumber, status])).toEqual([['1', 'abandoned']]);
		expect(await site.statuses()).toEqual({ 1: 'abandoned', 2: 'skipped', 3: 'partially_shipped' });
	});
});

describe('05 Alerts', () => {
	it('sends one mail for each alert, each once', async () => {
		site.exports({ orderNumber: '0', shippingMethod: 'Before the workflow was there' });
		await site.tick(template('01'));
		expect(await site.tick(template('05'))).toEqual([]);
		site.exports({ orderNumber: '1', shippingMethod: 'Carrier pigeon' }, { orderNumber: '2' }, { orderNumber: '3', shippingMethod: 'Drone' });
		await site.tick(template('01'));
		await site.tick(template('05'));
		await site.tick(template('05'));
		expect(site.mails.map(({ parameters }) => parameters['subject'])).toEqual(['Order 1 of my-shop: unmapped_shipping_method', 'Order 3 of my-shop: unmapped_shipping_method']);
		const [mail] = site.mails;
		expect(mail?.parameters['text']).toMatch(/Carrier pigeon[^]*Store: my-shop\nStatus: error\nReference at the warehouse: 1\nWarehouse: \nOrder ID: [0-9a-f-]{36}$/);
		expect(mail?.parameters['text']).toContain(`\n\nWhat to do: ${ALERTS.unmapped_shipping_method.recommendation}\n`);
	});

	it.each(['00', '05'] as const)('mails, once, what could not be read of the shop and of the warehouse (%s)', async (number) => {
		await site.tick(template(number));
		site.exports({ orderNumber: '1', quantity: -1 });
		await site.tick(template('01'));
		for (let turn = 0; turn < 2; turn += 1) await site.tick(template(number));
		site.ships('nobody', 1, 'RED-MUG', 1);
		await site.tick(template('03'));
		for (let turn = 0; turn < 2; turn += 1) await site.tick(template(number));
		expect(site.mails.map(({ parameters }) => parameters['subject'])).toEqual([
			'An order of my-shop could not be imported: orders/export-1.json, row 1', 'A warehouse report could not be recorded: shipments/ship-2.csv, row 2',
		]);
		expect(site.mails.map(({ parameters }) => parameters['text'])).toEqual([
			expect.stringMatching(/quantity[^]*\n\nWhat to do: .+\n\nStore: my-shop\nWhere: orders\/export-1\.json, row 1\nImport failure: [0-9a-f-]{36}$/),
			expect.stringMatching(/nobody[^]*\n\nWhat to do: .+\n\nStore: not known\n/),
		]);
	});

	it('says the steps of the alert that it is about, also where another one is more urgent', async () => {
		site.exports({ orderNumber: '1', shippingMethod: 'Carrier pigeon' });
		await site.tick(template('05'));
		await site.tick(template('01'));
		const { id, version } = await site.order('1');
		const raise = (['canceled_at_wms', 'canceled_in_cart'] as const).map((code) => ({ code, message: `${code}!` }));
		await (await site.store()).amend({ orderId: id, version, actor: { kind: 'system', name: 'test' }, set: { alerts: { raise } } });
		await site.tick(template('05'));
		expect(site.mails.map(({ parameters }) => /What to do: (.*)/.exec(String(parameters['text']))?.[1]).sort()).toEqual(
			[ALERTS.canceled_at_wms, ALERTS.canceled_in_cart, ALERTS.unmapped_shipping_method].map(({ recommendation }) => recommendation).sort(),
		);
	});
});

const withHours = (workflow: WorkflowJson, hours: number): WorkflowJson => ({
	...workflow,
	nodes: workflow.nodes.map((node) => (node.parameters['hours'] === undefined ? node : { ...node, parameters: { ...node.parameters, hours } })),
});

describe('07 Nightly reconcile', () => {
	it('sends a statement, and says which orders were missing and what was done', async () => {
		site.exports({ orderNumber: '1' }, { orderNumber: '2' });
		await site.tick(template('01'));
		// The sample orders are older than 72 hours.
		const nightly = withHours(template('07'), 8784);
		const [nothing] = await site.tick(nightly);
		expect(nothing?.json('Compare shop and store')).toMatchObject([{ checked: 2, missing: [], changed: [], failed: 0, complete: true }]);
		expect(site.mails.map(({ parameters }) => parameters['subject'])).toEqual(['Statement of my-shop: 2 orders, missing 0, twice 0']);
		expect(String(site.mails[0]?.parameters['text'])).toMatch(/^Statement of my-shop\nOrders placed from .* UTC\.\n\nOrders in the cart: 2\n {2}Shipped: 0\n {2}At the warehouse: 2\n {4}2 – Open \(1, 2\)\n/);
		site.exports({ orderNumber: '3' });
		renameSync(path.join(site.folder, 'shop/orders/export-2.json'), path.join(site.folder, 'shop/orders/archive/export-2.json'));
		await site.tick(nightly);
		expect(site.mails.map(({ parameters }) => parameters['subject'])).toEqual([expect.any(String), 'Statement of my-shop: 3 orders, missing 0 (imported now: 1), twice 0']);
		const text = String(site.mails[1]?.parameters['text']);
		expect(text).toContain('Were missing, and are imported now; the rules take them on: 1 (3).');
		expect(text).toContain('    1 – New (3)');
		expect(await site.statuses()).toEqual({ 1: 'open', 2: 'open', 3: 'new' });
		// It is taken on as due work.
		shiftClock(6 * MINUTE);
		await site.tick(template('01'));
		expect(await site.statuses()).toMatchObject({ 3: 'open' });
	});
});

describe('00 The whole lifecycle', () => {
	it('cancels at the warehouse what the shop cancels after it was sent', async () => {
		const all = template('00');
		site.exports({ orderNumber: '1' });
		await site.tick(all);
		expect(site.orderFiles()).toHaveLength(1);
		site.exports({ orderNumber: '1', ...{ canceled: true } });
		await site.tick(all);
		await site.tick(all);
		expect(await site.statuses()).toEqual({ 1: 'canceled' });
		expect(site.orderFiles()).toEqual([]);
	});

	it('does all of it on one canvas', async () => {
		const all = template('00');
		await site.tick(all);
		site.exports({ orderNumber: '1' }, { orderNumber: '2', email: 'qa@example.test' }, { orderNumber: '3', total: '1200.00' }, { orderNumber: '4', shippingMethod: 'Drone' }, { orderNumber: '5' });
		await site.tick(all);
		expect(await site.statuses()).toEqual({ 1: 'open', 2: 'skipped', 3: 'delayed', 4: 'error', 5: 'open' });
		expect(site.mails.map(({ parameters }) => parameters['subject'])).toEqual(['Order 4 of my-shop: unmapped_shipping_method']);
		const { reference } = await site.order('1');
		site.warehouseTakes();
		site.acknowledges(reference);
		site.ships(reference, 1, 'RED-MUG', 2);
		await site.tick(all);
		expect((await site.order('1')).status).toBe('closed');
		expect(site.tracking().map(({ order_number }) => order_number)).toEqual(['1']);

		shiftClock(121 * MINUTE);
		rmSync(path.join(site.folder, 'warehouse', 'orders'), { recursive: true });
		writeFileSync(path.join(site.folder, 'warehouse', 'orders'), 'in the way');
		await site.tick(all);
		expect(await site.order('3')).toMatchObject({ status: 'delayed', attempts: 1 });
		rmSync(path.join(site.folder, 'warehouse', 'orders'));
		shiftClock(130 * MINUTE);
		await site.tick(all);
		expect((await site.order('3')).status).toBe('open');

		shiftClock(47 * DAY);
		await site.tick(all);
		expect(await site.statuses()).toEqual({ 1: 'closed', 2: 'skipped', 3: 'abandoned', 4: 'abandoned', 5: 'abandoned' });
		expect(site.mails).toHaveLength(1);
		expect(await site.tick(all)).toEqual([expect.objectContaining({ startNode: 'Every night' })]);
	});
});
