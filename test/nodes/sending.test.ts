/** WMS Send and Cart Update: their outputs, their errors, and what an agent sees of them. */
import '../../testing/engine/core';
import { ExecuteContext } from 'n8n-core';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shiftClock } from '../../demo/clock';
import { MINUTE, type Site } from '../templates/site';
import { eachTest, itemsOf, orderIn, orders, run } from './operator';

let site: Site;
eachTest((opened) => (site = opened));

const numbers = (outputs: Awaited<ReturnType<typeof run>>['outputs']) =>
	outputs.map((items) => items.map(({ json }) => json['orderNumber'] ?? json['error']));

describe('WMS Send', () => {
	const send = async (items: Parameters<typeof run>[3], parameters = {}, more = {}) => await run(site, 'wmsSend', parameters, items, more);
	const routed = async (...given: Parameters<typeof itemsOf>[0][number][]) => {
		await run(site, 'orderRules', {}, itemsOf(given));
		return itemsOf(given);
	};

	it('gives each order to the output of its outcome, paired with its item', async () => {
		const list = await orders(
			site,
			{},
			{
				shippingAddress: { name: 'Ada', address1: 'A street whose name is much longer than forty characters 1', city: 'B', country: 'US' },
			},
			{},
		);
		const items = await routed(...list);
		await run(site, 'orderStore', { resource: 'order', operation: 'archive' }, [items[2] ?? {}]);
		const { outputs, error } = await send([...items, items[0] ?? {}]);
		expect(error).toBeUndefined();
		expect(numbers(outputs)).toEqual([['N1'], [], ['N2', 'N3']]);
		expect(outputs.flat().map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(outputs[2]?.map(({ json }) => json['message'])).toEqual([
			expect.stringMatching(/address1/),
			'The order is Archived; only Routed orders are sent.',
		]);
		expect(outputs[2]?.[0]?.json['alert']).toMatchObject({ code: 'field_too_long', recommendation: expect.any(String) });
		expect(site.orderFiles()).toEqual(['N1.csv']);
		expect(numbers((await send(items.slice(0, 1))).outputs)).toEqual([['N1'], [], []]);
	});

	it('honours the address line length', async () => {
		const address1 = 'A street whose name is much longer than forty characters 1';
		const items = await routed(...(await orders(site, { shippingAddress: { name: 'Ada', address1, city: 'B', country: 'US' } })));
		expect(numbers((await send(items, { options: { maxAddressLine: 80 } })).outputs)).toEqual([['N1'], [], []]);
	});

	it('delays what cannot be sent now, with the reason', async () => {
		const items = await routed(...(await orders(site, {})));
		rmSync(path.join(site.folder, 'warehouse'), { recursive: true });
		const { outputs } = await send(items);
		expect(outputs[1]?.[0]?.json).toMatchObject({
			status: 'delayed',
			retryAt: expect.any(String),
			message: expect.stringMatching(/^Try 1 failed: .*does not exist/),
		});
		mkdirSync(path.join(site.folder, 'warehouse'));
		expect(numbers((await send(items)).outputs)).toEqual([[], ['N1'], []]);
	});

	it('names what is no order, and sends the others when it is told to go on', async () => {
		const [item] = await routed(...(await orders(site, {})));
		const items = [{ hello: 1 }, item ?? {}, { id: 'nowhere' }];
		expect((await send(items)).error).toMatchObject({
			message: expect.stringContaining('it has no "id"'),
			description: expect.any(String),
			itemIndex: 0,
		});
		expect(site.orderFiles()).toEqual([]);
		const { outputs } = await send(items, {}, { onError: 'continueRegularOutput' });
		expect(outputs.map((list) => list.map(({ json, pairedItem }) => [json['orderNumber'] ?? json['error'], pairedItem]))).toEqual([
			[['N1', { item: 1 }]],
			[],
			[
				[expect.stringContaining('it has no "id"'), { item: 0 }],
				['The order store does not know order nowhere.', { item: 2 }],
			],
		]);
		expect((await send(items.slice(2))).error).toMatchObject({ description: expect.stringContaining('credential'), itemIndex: 0 });
		expect((await send(items, {}, { onError: 'continueErrorOutput' })).outputs.map((list) => list.length)).toEqual([1, 0, 0, 2]);
	});

	it('says which credential is missing or cannot be used', async () => {
		const [item] = await routed(...(await orders(site, {})));
		expect((await send([item ?? {}], {}, { credentials: {} })).error?.message).toMatch(/credential/i);
		site.engine.credentials.set({ type: 'fileExchangeApi', name: 'Warehouse folder', data: { folder: 'relative' } });
		expect((await send([item ?? {}])).error).toMatchObject({
			message: 'The folder "relative" is not an absolute path.',
			description: expect.any(String),
		});
		expect(await site.statuses()).toEqual({ N1: 'routed' });
	});
});

describe('an agent that uses them as tools', () => {
	// A tool gives an agent its first output only.
	beforeEach(() => void jest.spyOn(ExecuteContext.prototype, 'isToolExecution').mockReturnValue(true));
	afterEach(() => jest.restoreAllMocks());

	it('sees all orders, each with its output, and names the order itself', async () => {
		const [order] = await orders(site, {});
		const orderId = order?.id ?? '';
		expect((await run(site, 'cartUpdate', { operation: 'acknowledge', orderId }, [{}])).outputs).toMatchObject([
			[{ json: { orderNumber: 'N1', output: 'Error', message: expect.any(String) } }],
		]);
		expect((await run(site, 'orderRules', { orderId }, [{}])).outputs).toMatchObject([[{ json: { status: 'routed', output: 'MAIN' } }]]);
		expect((await run(site, 'wmsSend', { orderId }, [{}])).outputs).toMatchObject([[{ json: { status: 'open', output: 'Open' } }]]);
		expect((await run(site, 'orderStore', { resource: 'order', operation: 'get', orderId }, [{}])).outputs).toMatchObject([
			[{ json: { status: 'open' } }],
		]);
	});
});

describe('Cart Update', () => {
	const update = async (operation: string, items: Parameters<typeof run>[3], more = {}, options = {}) =>
		await run(site, 'cartUpdate', { operation, options }, items, more);

	it('acknowledges what the warehouse has, and says why it does not acknowledge the rest', async () => {
		const open = await orderIn(site, 'open');
		const [fresh] = await orders(site, { orderNumber: 'N2' });
		const { outputs } = await update('acknowledge', itemsOf([open, ...(fresh ? [fresh] : [])]));
		expect(numbers(outputs)).toEqual([['N1'], [], ['N2']]);
		expect(outputs[0]?.[0]?.json['acknowledgedAt']).toEqual(expect.any(String));
		expect(outputs[2]?.[0]).toMatchObject({
			json: { message: 'The order is New; the cart is told once the warehouse has it.' },
			pairedItem: { item: 1 },
		});
	});

	it('uploads tracking to the folder that was chosen, once', async () => {
		const order = await orderIn(site, 'partially_shipped');
		const chosen = { trackingDirectory: 'to-the-shop/parcels' };
		for (const _ of [1, 2])
			expect(numbers((await update('uploadTracking', itemsOf([order]), {}, chosen)).outputs)).toEqual([['N1'], [], []]);
		expect(site.tracking()).toEqual([]);
		const entries = await (await site.store()).timeline(order.id);
		expect(entries.filter(({ kind }) => kind === 'tracking_uploaded')).toEqual([
			expect.objectContaining({ data: expect.objectContaining({ message: expect.stringContaining('to-the-shop/parcels/') }) }),
		]);
	});

	it('delays an upload that the shop does not take, and does it when it is due', async () => {
		const order = await orderIn(site, 'partially_shipped');
		writeFileSync(path.join(site.folder, 'shop', 'tracking'), 'in the way');
		const { outputs } = await update('uploadTracking', itemsOf([order]));
		expect(outputs[1]?.[0]?.json).toMatchObject({ orderNumber: 'N1', message: expect.stringContaining('tracking') });
		rmSync(path.join(site.folder, 'shop', 'tracking'));
		shiftClock(2 * MINUTE);
		expect(numbers((await update('uploadTracking', itemsOf([order]))).outputs)).toEqual([['N1'], [], []]);
		expect(site.tracking()).toHaveLength(1);
	});

	it('refuses a tracking folder outside the exchange folder', async () => {
		const order = await orderIn(site, 'partially_shipped');
		const { outputs, error } = await update('uploadTracking', itemsOf([order]), {}, { trackingDirectory: '../elsewhere' });
		expect(error?.message ?? outputs[1]?.[0]?.json['message']).toMatch(/\.\.\/elsewhere|outside|folder/);
		expect((await site.order('N1')).shipments[0]?.uploadedAt).toBeNull();
	});

	it('names what is no order, and does the others when it is told to go on', async () => {
		const order = await orderIn(site, 'open');
		const items = [{ hello: 1 }, ...itemsOf([order]), { id: 'nowhere' }];
		for (const operation of ['acknowledge', 'uploadTracking']) {
			expect((await update(operation, items)).error).toMatchObject({ message: expect.stringContaining('it has no "id"'), itemIndex: 0 });
			expect((await update(operation, items.slice(2))).error).toMatchObject({
				message: 'The order store does not know order nowhere.',
				description: expect.any(String),
				itemIndex: 0,
			});
			const { outputs } = await update(operation, items, { onError: 'continueRegularOutput' });
			expect(outputs.map((list) => list.map(({ pairedItem }) => pairedItem))).toEqual([[{ item: 1 }], [], [{ item: 0 }, { item: 2 }]]);
		}
		expect((await update('acknowledge', [])).outputs.flat()).toEqual([]);
	});
});
