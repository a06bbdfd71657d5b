/** One order that is too deep, too long or broken does not stop the others of its file, and what is kept of it is small. */
import { fileCart } from '../../lib/carts/file';
import { orderFromJson } from '../../lib/carts/file/json';
import { isDeeperThan } from '../../lib/order/depth';
import { isRawFileOrder } from '../../lib/carts/file/raw';
import { onEachDatabase } from '../store/harness';
import { Exchange, shopOrder } from '../fulfillment/exchange';
import { put, tree } from '../files/openLocal';
import { cartWith, poll } from './fileHarness';

const good = (number: string): object => ({ orderNumber: number, lines: [{ sku: 'A', quantity: 1 }] });
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const deep = (number: string, levels: number): string =>
	JSON.stringify({ ...good(number), more: 0 }).replace('"more":0', `"more":${nested(levels)}`);
const long = (number: string, length: number): string =>
	JSON.stringify({ ...good(number), externalId: `id-${number}`, notes: 'x'.repeat(length) });
const numbers = (orders: Array<{ content: { orderNumber: string } }>): string[] => orders.map(({ content }) => content.orderNumber);

it.each([
	[2, 1],
	[100, 1],
	[101, 0],
	[9_000, 0],
	[900_000, 0],
])('reads an order of %i levels: %i times', async (levels, times) => {
	const { orders, failures } = await poll(
		cartWith({ 'a.ndjson': `${JSON.stringify(good('1'))}\n${deep('2', levels - 1)}\n${JSON.stringify(good('3'))}\n` }).session,
	);
	expect(numbers(orders)).toEqual(times === 1 ? ['1', '2', '3'] : ['1', '3']);
	if (times === 0)
		expect(failures).toMatchObject([{ key: '2', message: expect.stringContaining('row 2: the order has more than 100 levels') }]);
	expect(JSON.stringify(failures).length).toBeLessThan(1_000);
});

it.each<[string, (orders: string[]) => string, file: string]>([
	['one list', (orders) => `[${orders.join(',\n')}]`, 'a.json'],
	['lines', (orders) => orders.join('\n'), 'a.ndjson'],
])('takes what is too deep or too long in %s for failures of these orders', async (_, file, name) => {
	const { session } = cartWith({
		[name]: file([
			JSON.stringify(good('1')),
			deep('2', 9_000),
			long('3', 2_000_000),
			long('4', 1_900_000),
			nested(9_000),
			JSON.stringify(good('6')),
		]),
	});
	const { orders, failures } = await poll(session);
	expect(numbers(orders)).toEqual(['1', '4', '6']);
	expect(
		failures.map(({ key, message }) => [key, /more than 100 levels|longer than 2000000 characters|not a JSON object/.exec(message)?.[0]]),
	).toEqual([
		['2', 'more than 100 levels'],
		['id-3', 'longer than 2000000 characters'],
		[expect.stringMatching(/^orders\/a\.(nd)?json:\d:/), 'more than 100 levels'],
	]);
	for (const failure of failures) expect(JSON.stringify(failure).length).toBeLessThan(1_000);
});

it('reads one document that is only too deep', async () => {
	for (const text of [nested(9_000), `{"orderNumber":"1","lines":${nested(9_000)}}`]) {
		const { orders, failures } = await poll(cartWith({ 'a.json': text }).session);
		expect(orders).toEqual([]);
		expect(failures).toMatchObject([{ message: expect.stringContaining('100 levels') }]);
	}
});

it('reads on behind a line without end', async () => {
	const { orders, failures } = await poll(
		cartWith({
			'a.ndjson': `${JSON.stringify(good('1'))}\n${'x'.repeat(9_000_000)}\n${long('2', 5_000_000)}\n${JSON.stringify(good('3'))}`,
		}).session,
	);
	expect(numbers(orders)).toEqual(['1', '3']);
	expect(failures.map(({ message }) => message)).toEqual([
		expect.stringContaining('row 2: the order is longer'),
		expect.stringContaining('row 3: the order is longer'),
	]);
});

it('reads on behind an order of a table that is too long', async () => {
	const header = 'externalId,orderNumber,lines.sku,lines.quantity,notes\n';
	const huge = Array.from({ length: 4 }, (_, index) => `id-2,2,S${index},1,${String(index).repeat(900_000)}\n`).join('');
	const { orders, failures } = await poll(cartWith({ 'a.csv': `${header}id-1,1,A,1,\n${huge}id-3,3,A,1,\n` }).session);
	expect(numbers(orders)).toEqual(['1', '3']);
	expect(failures).toMatchObject([{ key: 'id-2', message: expect.stringContaining('row 5: the order is longer than 2000000 characters') }]);
	expect(JSON.stringify(failures).length).toBeLessThan(1_000);
});

it('reads on behind one row of several million characters', async () => {
	const { orders, failures } = await poll(
		cartWith({ 'a.csv': `orderNumber,lines.sku,lines.quantity\n1,A,1\n2,${'B'.repeat(5_000_000)},1\n3,A,1\n` }).session,
	);
	expect(numbers(orders)).toEqual(['1', '3']);
	expect(failures).toMatchObject([{ key: '2' }]);
});

it('reads keys and dates of any length without delay', async () => {
	const key = 'k'.repeat(4_000);
	const { orders, failures } = await poll(
		cartWith({
			'a.csv': `externalId,orderNumber,orderedAt,lines.sku,lines.quantity\n${key},${key},,A,1\n2,2,${'2'.repeat(500_000)},A,1\n3,3,,A,1\n`,
		}).session,
	);
	expect(orders.map(({ externalId }) => externalId)).toEqual([key, '3']);
	expect(failures).toMatchObject([{ key: '2', message: expect.stringContaining('is not a date') }]);
});

it('refuses an item that is too deep', () => {
	expect(() => orderFromJson(JSON.parse(deep('1', 9_000)), 'item 1')).toThrow(
		expect.objectContaining({ name: 'MappingError', message: expect.stringContaining('100 levels') }),
	);
	expect(() => orderFromJson({ ...good('1'), custom: { wide: Array.from({ length: 300_000 }, () => 1) } }, 'item 1')).not.toThrow();
});

it('knows how deep something is', () => {
	expect([isDeeperThan(1, 0), isDeeperThan([], 0), isDeeperThan([], 1), isDeeperThan({ a: [1] }, 1), isDeeperThan({ a: [1] }, 2)]).toEqual([
		false,
		true,
		false,
		true,
		false,
	]);
});

it('keeps two broken lines of two files that have one name', async () => {
	const keys: string[] = [];
	for (const broken of ['{"orderNumber":', '{"lines":', '{"orderNumber":']) {
		const { failures } = await poll(cartWith({ 'orders.ndjson': `${JSON.stringify(good('1'))}\n${broken}\n` }).session);
		keys.push(failures[0]!.key);
	}
	expect(keys[0]).toBe(keys[2]);
	expect(keys[1]).not.toBe(keys[0]);
});

it.each<unknown>([
	{ format: 'csv', defaults: {}, rows: [{ a: 1 }] },
	{ format: 'csv', defaults: {}, rows: [null] },
	{ format: 'csv', defaults: {}, rows: ['x'] },
	{ format: 'csv', defaults: { currency: 1 }, rows: [] },
	{ format: 'csv', defaults: {}, rows: [], mapping: { a: 1 } },
	{ format: 'csv', defaults: {}, rows: [], mapping: [] },
	{ format: ['csv'], defaults: {}, rows: [] },
	{ format: 'json', defaults: {}, order: {}, problem: 'x' },
	{ format: 'json', defaults: {}, order: {}, problem: { path: 1 } },
	{ format: 'json', defaults: {}, order: {}, origin: {} },
	{ format: 'json', defaults: [], order: {} },
])('does not take %j, which a person made, for an order', (raw) => {
	expect(isRawFileOrder(raw)).toBe(false);
	expect(() => fileCart.toOrder(raw)).toThrow(expect.objectContaining({ code: 'mapping_failed' }));
});

onEachDatabase('a file with an order that is too deep', (open) => {
	it('is imported but for this order, of which little is kept, and is put away', async () => {
		const site = new Exchange(await open());
		put(site.shop.root, {
			'orders/a.ndjson': `${JSON.stringify(shopOrder('1'))}\n${deep('2', 9_000)}\n${long('3', 2_000_000)}\n${JSON.stringify(shopOrder('4'))}\n`,
		});
		expect(await site.import()).toMatchObject({ counts: { created: 2, failed: 2 }, complete: true });
		const { items } = await site.orderStore.importFailures({ openOnly: true, limit: 5 });
		expect(items.map(({ key }) => key).sort()).toEqual(['2', 'id-3']);
		for (const { payload } of items) expect(JSON.stringify(payload).length).toBeLessThan(500);
		expect(Object.keys(tree(site.shop.root))).toEqual(['orders/archive/a.ndjson']);
		// The shop exports it once more, right this time.
		put(site.shop.root, { 'orders/a.ndjson': JSON.stringify(good('2')) });
		expect(await site.import()).toMatchObject({ counts: { created: 1 } });
		expect((await site.orderStore.importFailures({ openOnly: true, limit: 5 })).items.map(({ key }) => key)).toEqual(['id-3']);
	});
});
