/** Order Store: every operation, and every refusal as a person reads it. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { shiftClock } from '../../demo/clock';
import { DAY, MINUTE, type Site } from '../templates/site';
import { defaultOrderStoreFile } from '../../nodes/shared/context';
import { eachTest, itemsOf, orderIn, orders, poll, run, type Stage } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const act = async (operation: string, items: Parameters<typeof run>[3], parameters: INodeParameters = {}, more = {}) =>
	await run(site, 'orderStore', { resource: 'order', operation, ...parameters }, items, more);
const field = (name: string, value: string, path = ''): INodeParameters => ({
	fields: { list: [{ field: name, value, ...(path === '' ? {} : { path }) }] },
});
const goOn = { onError: 'continueRegularOutput' } as const;

describe('reading', () => {
	it('gets an order by the ID of the item, of a shipment or of an event, and with its payload', async () => {
		const [order] = await orders(site, { notes: 'hello' });
		const id = order?.id ?? '';
		for (const item of [{ id }, { orderId: id, id: 'something else' }]) {
			expect((await act('get', [item])).outputs[0]?.[0]?.json).toMatchObject({ id, orderNumber: 'N1', notes: 'hello', status: 'new' });
		}
		const { outputs } = await act('get', [{}], { orderId: id, includePayload: true });
		expect(outputs[0]?.[0]?.json).toMatchObject({ id, payload: expect.anything() });
	});

	it('searches', async () => {
		await orders(site, { warehouse: 'BER' }, { tags: ['x'], notes: 'b' }, { customer: { email: 'zoe@example.com' } });
		const numbers = async (parameters: INodeParameters) =>
			(await act('getAll', [{}], parameters)).outputs[0]?.map(({ json }) => json['orderNumber']);
		const sorted = { sortBy: 'orderNumber', sortDirection: 'asc' };
		expect(await numbers({ returnAll: true, filters: sorted })).toEqual(['N1', 'N2', 'N3']);
		expect(await numbers({ limit: 2, filters: sorted })).toEqual(['N1', 'N2']);
		expect(await numbers({ filters: { text: 'zoe@' } })).toEqual(['N3']);
		expect(await numbers({ filters: { orderNumber: 'N2' } })).toEqual(['N2']);
		expect(await numbers({ filters: { warehouses: 'BER, HAM' } })).toEqual(['N1']);
		expect(await numbers({ filters: { statuses: ['open'] } })).toEqual([]);
		expect(await numbers({ filters: { stores: 'other' } })).toEqual([]);
		expect(await numbers({ filters: { alertCodes: ['rule_failed'] } })).toEqual([]);
		expect(await numbers({ filters: { importedFrom: '2999-01-01T00:00:00Z' } })).toEqual([]);
		expect(await numbers({ filters: { importedTo: '2999-01-01T00:00:00Z', ...sorted } })).toHaveLength(3);
	});

	it('names a date that it cannot read', async () => {
		expect((await act('getAll', [{}], { filters: { importedFrom: 'next week' } })).error).toMatchObject({
			message: expect.stringContaining('next week'),
			description: expect.any(String),
			itemIndex: 0,
		});
	});

	it('reads shipments, the timeline, statistics and import failures', async () => {
		const { id } = await orderIn(site, 'closed');
		const read = async (resource: string, operation: string, more: INodeParameters = {}) =>
			(await run(site, 'orderStore', { resource, operation, ...more }, [{ id }])).outputs[0]?.map(({ json }) => json);
		expect(await read('shipment', 'getAll')).toEqual([expect.objectContaining({ orderId: id, carrier: 'UPS' })]);
		const kinds = (await read('timeline', 'get'))?.map(({ kind }) => kind);
		expect(kinds).toEqual(expect.arrayContaining(['imported', 'rules_applied', 'send_outcome', 'shipment_recorded', 'tracking_uploaded']));
		expect(await read('order', 'statistics')).toEqual([expect.objectContaining({ totals: expect.objectContaining({ closed: 1 }) })]);
		expect(await read('importFailure', 'getAll')).toEqual([]);
		expect(await read('timeline', 'addNote', { note: ' Called the customer. ' })).toEqual([{ orderId: id, note: 'Called the customer.' }]);
		expect((await read('timeline', 'get'))?.at(-1)).toMatchObject({
			kind: 'note',
			data: { text: 'Called the customer.' },
			actor: { kind: 'node', name: 'Operator / Node' },
		});
	});

	it.each([
		['order', 'get'],
		['order', 'edit'],
		['order', 'reprocess'],
		['order', 'reset'],
		['order', 'archive'],
		['order', 'delete'],
		['shipment', 'getAll'],
		['timeline', 'get'],
		['timeline', 'addNote'],
	])('%s %s says that an order is not known, and that an item is no order', async (resource, operation) => {
		const parameters = { resource, operation, note: 'x', ...(operation === 'edit' ? field('notes', 'x') : {}) };
		const unknown = await run(site, 'orderStore', parameters, [{ id: 'nowhere' }]);
		expect(unknown.error).toMatchObject({
			message: expect.stringMatching(/order store .*order nowhere/),
			description: expect.stringContaining('deleted'),
			itemIndex: 0,
		});
		const none = await run(site, 'orderStore', parameters, [{ hello: 1 }]);
		expect(none.error).toMatchObject({
			message: 'The item is not an order of the order store: it has no "id".',
			description: expect.stringContaining('Order ID'),
			itemIndex: 0,
		});
	});

	it('refuses an empty note', async () => {
		const { id } = await orderIn(site, 'new');
		expect((await run(site, 'orderStore', { resource: 'timeline', operation: 'addNote', note: '  ' }, [{ id }])).error).toMatchObject({
			message: 'The note is empty.',
			description: expect.any(String),
		});
	});
});

describe('what people do', () => {
	it('edits fields, custom ones, and lines, with old and new value in the timeline', async () => {
		const order = await orderIn(site, 'new');
		const line = order.lines[0]?.id ?? '';
		const edits = {
			fields: {
				list: [
					{ field: 'shippingAddress.address1', value: '5 Elm St' },
					{ field: 'signatureRequired', value: 'true' },
					{ field: 'other', path: 'custom.costCenter', value: '42' },
					{ field: 'other', path: `lines.${line}.quantity`, value: '1' },
				],
			},
		};
		const { outputs } = await act('edit', [{ id: order.id }], edits);
		expect(outputs[0]?.[0]?.json).toMatchObject({
			shippingAddress: { address1: '5 Elm St' },
			signatureRequired: true,
			custom: { costCenter: '42' },
			lines: [{ quantity: 1 }],
		});
		const entries = await (await site.store()).timeline(order.id);
		expect(entries.at(-1)).toMatchObject({
			kind: 'edited',
			data: { changes: expect.arrayContaining([{ path: 'shippingAddress.address1', before: '12 Byron St', after: '5 Elm St' }]) },
		});
	});

	it('archives with a reason, reprocesses, resets and deletes', async () => {
		const { id } = await orderIn(site, 'open');
		expect((await act('archive', [{ id }], { reason: 'Not wanted' })).outputs[0]?.[0]?.json).toMatchObject({
			status: 'archived',
			statusReason: 'Not wanted',
		});
		expect((await act('reprocess', [{ id }])).outputs[0]?.[0]?.json).toMatchObject({ status: 'open' });
		await act('archive', [{ id }]);
		expect((await act('reset', [{ id }], { force: true })).outputs[0]?.[0]?.json).toMatchObject({ status: 'new', wmsOrderId: null });
		expect((await act('delete', [{ id }], { force: true })).outputs[0]?.[0]?.json).toEqual({
			deleted: true,
			id,
			store: 'acme',
			orderNumber: 'N1',
		});
		expect(await site.orders()).toEqual([]);
	});

	it('cancels with Force what the warehouse has, and resolves alerts that no machine can see to be settled', async () => {
		const { id } = await orderIn(site, 'open');
		expect((await act('cancel', [{ id }])).error).toMatchObject({
			message: 'Order N1 was not canceled.',
			description: expect.stringContaining('Cancel with Force'),
		});
		expect((await act('resolveAlert', [{ id }])).error).toMatchObject({ message: 'Order N1 has no alert.' });
		expect((await act('resolveAlert', [{ id }], { alertCode: 'outcome_unknown' })).error).toMatchObject({
			message: expect.stringContaining('Alert'),
		});
		await act('edit', [{ id }], field('shippingAddress.city', 'Salem'));
		const { outputs } = await act('resolveAlert', [{ id }], { alertCode: 'edited_after_sending', reason: ' Told Bob. ' });
		expect(outputs[0]?.[0]?.json).toMatchObject({ id, status: 'open', alert: null });
		expect((await act('cancel', [{ id }], { force: true, reason: 'Stopped by phone.' })).outputs[0]?.[0]?.json).toMatchObject({
			status: 'canceled',
			sending: 'canceled_there',
			alerts: [],
		});
	});

	it('sends lines that were added to a closed order, up to the shop, and a second time gives the same order', async () => {
		const { id } = await orderIn(site, 'closed');
		const [mug] = (await site.orders())[0]?.lines ?? [];
		await orders(site, {
			lines: [
				{ id: mug?.id ?? '', externalId: mug?.externalId ?? null, sku: 'RED-MUG', quantity: 2 },
				{ sku: 'CAP', quantity: 1 },
			],
		});
		expect((await (await site.store()).get(id))?.alert).toMatchObject({
			code: 'lines_added',
			recommendation: expect.stringContaining('Send Added Lines'),
		});
		const { outputs } = await act('sendAddedLines', [{ id }]);
		const added = outputs[0]?.[0]?.json ?? {};
		expect(added).toMatchObject({ parentId: id, status: 'new', reference: 'N1.a1', description: '1 × CAP' });
		await run(site, 'orderRules', {}, [added]);
		await run(site, 'wmsSend', {}, [added]);
		site.ships('N1.a1', 1, 'CAP', 1);
		await poll(site, 'wmsShipmentPollTrigger', {});
		await run(site, 'cartUpdate', { operation: 'uploadTracking' }, [added]);
		expect((await act('sendAddedLines', [{ id }, { id }])).outputs[0]?.map(({ json }) => [json['id'], json['status']])).toEqual([
			[added['id'], 'closed'],
			[added['id'], 'closed'],
		]);
		expect(await site.statuses()).toEqual({ N1: 'closed' });
	});

	const line = (id: string, what: string, value: string) => field('other', value, `lines.${id}.${what}`);
	it.each<[string, string, Stage, INodeParameters | ((line: string) => INodeParameters), RegExp, RegExp]>([
		[
			'sendAddedLines',
			'to which nothing was added',
			'closed',
			{},
			/^Order N1 cannot be changed by "Send Added Lines": Nothing was added/,
			/lines_added/,
		],
		['sendAddedLines', 'that is not closed', 'open', {}, /The order is not closed yet/, /are sent with it/],
		[
			'edit',
			'that is being sent',
			'queued',
			field('notes', 'x'),
			/^Order N1 cannot be changed by "Edit": The order is being sent\.$/,
			/Wait until/,
		],
		['edit', 'that is closed', 'closed', field('notes', 'x'), /The order is closed/, /cannot be edited/],
		[
			'edit',
			'whose lines the warehouse has',
			'open',
			(id) => line(id, 'quantity', '1'),
			/Lines of order N1 cannot be changed .*the warehouse has the order/,
			/Cancel the order/,
		],
		['edit', 'without a field', 'new', {}, /^No field to change was given\.$/, /Add a field/],
		[
			'edit',
			'with a country that is none',
			'new',
			field('shippingAddress.country', 'Germany'),
			/shippingAddress\.country: is not a country code \(value: "Germany"\)/,
			/two letters/,
		],
		['edit', 'with a path that is none', 'new', field('other', 'x', 'status'), /status: this field does not exist/, /Use a field/],
		['edit', 'with a quantity that is none', 'new', (id) => line(id, 'quantity', 'two'), /quantity: is not a whole number/, /whole number/],
		['edit', 'with a reserved name', 'new', field('other', 'x', 'custom.__proto__'), /reserved/, /another name/],
		['reprocess', 'that is New', 'new', {}, /The order is New already/, /next run/],
		['reprocess', 'that is being sent', 'queued', {}, /The order is being sent/, /Wait/],
		['reprocess', 'that is closed', 'closed', {}, /The order is closed/, /Nothing more is sent/],
		['reset', 'that the warehouse has', 'open', {}, /The order is Open/, /Archive or cancel it first/],
		['reset', 'that has a shipment', 'partially_shipped', { force: true }, /The order has a shipment/, /Reprocess it instead/],
		['archive', 'that is being sent', 'queued', {}, /The order is being sent/, /then archive it/],
		['delete', 'that the warehouse had', 'open', {}, /The order is Open/, /Archive it first, then delete it/],
		['delete', 'that is being sent', 'queued', {}, /Queued/, /Archive it first/],
	])('%s refuses an order %s', async (operation, _, stage, given, message, remedy) => {
		const order = await orderIn(site, stage);
		const parameters = typeof given === 'function' ? given(order.lines[0]?.id ?? '') : given;
		const { error } = await act(operation, [{ id: order.id }], parameters);
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(message),
			description: expect.stringMatching(remedy),
			itemIndex: 0,
			node: 'Node',
		});
		expect((await site.orders())[0]).toMatchObject({ status: stage, version: order.version });
	});

	it('does the others when one of many is refused', async () => {
		const many = await orders(site, {}, {}, {});
		const ids = itemsOf(many).map(({ id }) => ({ id: id ?? null }));
		const items = [ids[0] ?? {}, { id: 'nowhere' }, ids[1] ?? {}, { no: 'order' }, ids[2] ?? {}];
		const { outputs, error } = await act('archive', items, {}, goOn);
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json, pairedItem }) => [json['status'] ?? json['error'], pairedItem])).toEqual([
			['archived', { item: 0 }],
			['The order store has no order nowhere.', { item: 1 }],
			['archived', { item: 2 }],
			['The item is not an order of the order store: it has no "id".', { item: 3 }],
			['archived', { item: 4 }],
		]);
		expect(outputs[0]?.[1]?.json['details']).toBe('Check the ID; the order may have been deleted.');
		const toError = await act('reprocess', items, {}, { onError: 'continueErrorOutput' });
		expect(toError.outputs.map((list) => list.length)).toEqual([3, 2]);
		expect(toError.outputs[1]?.[0]?.json).toEqual({ id: 'nowhere', error: expect.any(String), details: expect.any(String) });
	});
});

describe('import', () => {
	const order = (orderNumber: string, more = {}) => ({ orderNumber, lines: [{ sku: 'A', quantity: 1 }], ...more });

	it('records items, each once, also for several stores, in their order', async () => {
		const items = [
			{ ...order('1'), shop: 'a' },
			{ ...order('1'), shop: 'b' },
			{ ...order('2'), shop: 'a' },
		];
		const parameters = { store: '={{ $json.shop }}' };
		const first = await act('import', items, parameters);
		expect(first.outputs[0]?.map(({ json, pairedItem }) => [json['store'], json['orderNumber'], json['importResult'], pairedItem])).toEqual(
			[
				['a', '1', 'created', { item: 0 }],
				['b', '1', 'created', { item: 1 }],
				['a', '2', 'created', { item: 2 }],
			],
		);
		const second = await act('import', [...items, order('2', { shop: 'a', notes: 'changed' })], parameters);
		expect(second.outputs[0]?.map(({ json }) => json['importResult'])).toEqual(['unchanged', 'unchanged', 'unchanged', 'updated']);
	});

	it('names the item and the field of a bad order, and goes on when it is told to', async () => {
		const items = [order('1'), order('2', { lines: [{ sku: 'A', quantity: 'two' }] }), order('3')];
		const stopped = await act('import', items, { store: 'a' });
		expect(stopped.error).toMatchObject({
			message: expect.stringMatching(/item 1, lines\[0\]\.quantity/),
			description: expect.any(String),
			itemIndex: 1,
		});
		expect(await site.orders()).toEqual([]);
		const { outputs } = await act('import', items, { store: 'a' }, goOn);
		expect(outputs[0]?.map(({ json, pairedItem }) => [json['importResult'] ?? 'failed', pairedItem])).toEqual([
			['created', { item: 0 }],
			['failed', { item: 1 }],
			['created', { item: 2 }],
		]);
		const split = await act('import', items, { store: 'a' }, { onError: 'continueErrorOutput' });
		expect(split.outputs.map((list) => list.length)).toEqual([2, 1]);
	});

	it('refuses orders without a store, and says when an order was archived', async () => {
		expect((await act('import', [{ ...order('1'), shop: ' ' }], { store: '={{ $json.shop }}' })).error).toMatchObject({
			message: 'The name of the store is missing.',
			description: expect.any(String),
		});
		await act('import', [order('1')], { store: 'a' });
		await act('archive', itemsOf(await site.orders()));
		const { outputs } = await act('import', [order('1', { notes: 'new' })], { store: 'a' });
		expect(outputs[0]?.[0]?.json).toMatchObject({ importResult: 'refused', importReason: 'archived' });
	});
});

describe('chores', () => {
	it('hands out due work once, by kind', async () => {
		const { id } = await orderIn(site, 'routed');
		shiftClock(10 * MINUTE);
		const claim = async (kinds: string[], more: INodeParameters = {}) =>
			(await act('claimDue', [{}], { kinds, ...more })).outputs[0]?.map(({ json }) => [json['id'], json['dueFor'], json['dueReason']]);
		expect(await claim(['rules', 'acknowledgement', 'upload'])).toEqual([]);
		expect((await act('claimDue', [{}], { kinds: ['sending'], stores: 'other' })).error).toMatchObject({
			message: expect.stringContaining('other'),
		});
		expect(await claim(['sending'])).toEqual([[id, 'sending', 'It was routed, but not sent.']]);
		expect(await claim(['sending'])).toEqual([]);
		expect((await act('claimDue', [{}], { kinds: [] })).error).toMatchObject({ message: expect.stringMatching(/work|Work/) });
	});

	it('abandons what is overdue', async () => {
		await orders(site, {}, {});
		expect((await act('abandonOverdue', [{}])).outputs[0]).toEqual([]);
		shiftClock(46 * DAY);
		expect((await act('abandonOverdue', [{}], { stores: 'other' })).error).toMatchObject({ message: expect.stringContaining('other') });
		expect((await act('abandonOverdue', [{}], { stores: 'acme' })).outputs[0]?.map(({ json }) => json['status'])).toEqual([
			'abandoned',
			'abandoned',
		]);
	});
});

const SHOP_AND_STORE = { orderStoreApi: { id: null, name: 'Order Store' }, fileExchangeApi: { id: null, name: 'Shop folder' } };

describe('Order Store and the cart', () => {
	it('imports one order by its number from the shop’s files', async () => {
		site.exports({ orderNumber: '77' });
		const parameters = { resource: 'order', operation: 'importFromCart', cart: 'file', store: 'acme', orderNumber: '77' };
		const { outputs } = await run(site, 'orderStore', parameters, [{}], { credentials: SHOP_AND_STORE });
		expect(outputs[0]![0]!.json).toMatchObject({ orderNumber: '77', status: 'new', importResult: 'created' });
		const { error } = await run(site, 'orderStore', { ...parameters, orderNumber: '78' }, [{}], { credentials: SHOP_AND_STORE });
		expect(error).toMatchObject({
			message: expect.stringMatching(/has no order 78/),
			description: expect.stringMatching(/Check the number/),
		});
	});

	it('compares the shop with the store', async () => {
		site.exports({ orderNumber: '1' });
		const { outputs } = await run(
			site,
			'orderStore',
			{ resource: 'order', operation: 'reconcile', cart: 'file', store: 'acme', hours: 8784 },
			[{}],
			{ credentials: SHOP_AND_STORE },
		);
		expect(outputs[0]![0]!.json).toMatchObject({ checked: 1, missing: [{ orderNumber: '1' }], complete: true });
	});

	it('exports orders as a CSV file', async () => {
		await orders(site, {}, { orderNumber: '=1+1' });
		const { outputs } = await run(site, 'orderStore', { resource: 'order', operation: 'exportCsv', filters: {} }, [{}]);
		expect(outputs[0]![0]).toMatchObject({
			json: { orders: 2, fileName: expect.stringMatching(/^orders-.*\.csv$/) },
			binary: { data: { mimeType: 'text/csv' } },
		});
	});

	it('cancels an order that was not sent', async () => {
		const [order] = await orders(site, {});
		const { outputs } = await run(site, 'orderStore', { resource: 'order', operation: 'cancel', reason: 'test order' }, [
			{ id: order!.id },
		]);
		expect(outputs[0]![0]!.json).toMatchObject({ status: 'canceled', statusReason: 'test order' });
	});

	it('points to WMS Send for an order that the warehouse has', async () => {
		const sent = await orderIn(site, 'open');
		const { error } = await run(site, 'orderStore', { resource: 'order', operation: 'cancel' }, [{ id: sent.id }]);
		expect(error?.description).toMatch(/WMS Send/);
	});
});

describe('recovery', () => {
	const recovery = async (operation: string, parameters: INodeParameters = {}) =>
		await run(site, 'orderStore', { resource: 'recovery', operation, ...parameters }, [{}]);
	const only = async (operation: string, parameters?: INodeParameters) =>
		(await recovery(operation, parameters)).outputs[0]?.map(({ json }) => json);

	it('begins, is told, and ends', async () => {
		const orderStore = await site.store();
		expect(await only('get')).toEqual([{ inRecovery: false, since: null, by: null }]);
		await orderStore.controlNumber({ sequence: 's', key: '1' });
		expect(await only('begin', { skipControlNumbers: 500 })).toEqual([
			{ inRecovery: true, since: expect.stringMatching(/Z$/), by: 'Operator / Node' },
		]);
		expect(await only('get')).toEqual([{ inRecovery: true, ...(await orderStore.recovery()) }]);
		expect((await orderStore.controlNumber({ sequence: 's', key: '2' })).number).toBe(502);
		expect(await only('end')).toEqual([{ inRecovery: false, ended: true }]);
		expect(await only('end')).toEqual([{ inRecovery: false, ended: false }]);
		expect(await orderStore.recovery()).toBeNull();
	});

	it('skips no negative number', async () => {
		expect((await recovery('begin', { skipControlNumbers: -1 })).error).toMatchObject({
			message: 'Skip Control Numbers: -1 is not allowed here.',
			description: 'Give a whole number from 0 to 900000000.',
		});
		expect(await (await site.store()).recovery()).toBeNull();
	});
});

describe('the file of the order store', () => {
	it('is never the database of n8n itself', async () => {
		const folder = path.join(site.folder, '.n8n');
		mkdirSync(folder, { recursive: true });
		const file = path.join(folder, 'database.sqlite');
		writeFileSync(file, '');
		symlinkSync(file, path.join(site.folder, 'link.sqlite'));
		process.env.N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES = 'false';
		try {
			for (const given of [file, path.join(site.folder, 'link.sqlite')]) {
				site.engine.credentials.set({ type: 'orderStoreApi', name: 'Order Store', data: { database: 'sqlite', file: given } });
				expect((await act('getAll', [{}])).error).toMatchObject({
					message: expect.stringContaining('is the database of n8n itself'),
					description: expect.stringContaining('another path'),
				});
			}
			expect(readFileSync(file, 'utf8')).toBe('');
		} finally {
			delete process.env.N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES;
		}
	});

	it('that was deleted stops every node, with what to do', async () => {
		const [order] = await orders(site, {});
		rmSync(defaultOrderStoreFile());
		const problem = {
			message: expect.stringContaining('was replaced or deleted while n8n had it open'),
			description: expect.stringContaining('Restart n8n'),
		};
		expect((await act('archive', [{ id: order!.id }])).error).toMatchObject(problem);
		expect((await run(site, 'wmsSend', {}, [{ id: order!.id }])).error).toMatchObject(problem);
		await expect(poll(site, 'orderStoreTrigger', {})).rejects.toMatchObject({
			message: expect.stringContaining('was replaced or deleted'),
		});
	});
});
