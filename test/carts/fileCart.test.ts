import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { fileCart } from '../../lib/carts/file';
import { orderFromJson } from '../../lib/carts/file/json';
import { anOrder, aShipment } from './order';
import { cartWith, EVERYTHING, fixture, poll } from './fileHarness';
import { put, tree } from '../files/openLocal';

const numbers = (orders: Array<{ content: { orderNumber: string } }>): string[] => orders.map(({ content }) => content.orderNumber);
/** "orders/reading/2026…-…-a.csv" is "orders/reading/a.csv". */
const withoutRandom = (file: string): string => file.replace(/\/reading\/\d{8}T\d{9}Z-[0-9a-f]{16}-/, '/reading/');
const SIMPLE = 'orderNumber,lines.sku,lines.quantity\n';

describe('WooCommerce exports', () => {
	it('one row a line: what is paid and to be shipped, and what is canceled', async () => {
		const { orders, failures } = await poll(cartWith({ 'woo.csv': fixture('woocommerce-one-row-a-line.csv') }).session);
		expect(failures).toEqual([]);
		expect(orders.map(({ externalId, word }) => [externalId, word.readiness === 'canceled'])).toEqual([
			['7001', false],
			['7003', true],
			['7004', false],
			['7005', false],
		]);
		// On hold: it is no silent gap.
		expect(orders[3]).toMatchObject({ word: { readiness: 'waiting', reason: 'status on-hold' } });
		expect(orders[0]!.content).toMatchObject({
			orderNumber: 'W-7001',
			orderedAt: '2026-09-03T14:14:00.000Z',
			currency: 'EUR',
			total: '48.70',
			notes: 'Bitte klingeln',
			shippingAddress: { name: 'Jana Novák', address1: 'Dlouhá 5', address2: '2. patro', postalCode: '110 00', country: 'CZ', phone: null },
			customer: { email: 'jana@example.com', phone: '+420 777 123 456' },
			lines: [
				{ externalId: '91', sku: 'RED-MUG', quantity: 2, unitPrice: '19.50' },
				{ externalId: '92', sku: 'TEE-L', quantity: 1, unitPrice: '0' },
			],
		});
	});

	it('one row an order', async () => {
		const { orders, failures } = await poll(cartWith({ 'woo.csv': fixture('woocommerce-one-row-an-order.csv') }).session);
		expect(failures).toEqual([]);
		expect(
			orders.map(({ content }) => [content.orderNumber, content.lines.map(({ externalId, sku, quantity }) => [externalId, sku, quantity])]),
		).toEqual([
			[
				'7101',
				[
					['81', 'RED-MUG', 2],
					['82', 'TEE-L', 1],
				],
			],
			['7102', [['83', 'TEE-L', 4]]],
		]);
	});
});

describe('any CSV by columns', () => {
	const mapping = {
		orderNumber: 'Auftrag',
		orderedAt: 'Bestelldatum',
		'shippingAddress.name': ['Vorname', 'Nachname'],
		'shippingAddress.address1': 'Strasse',
		'shippingAddress.city': 'Ort',
		'shippingAddress.postalCode': 'PLZ',
		'shippingAddress.country': 'Land',
		'lines.sku': 'Artikel',
		'lines.quantity': 'Menge',
		'lines.unitPrice': 'Preis',
		'custom.land': 'Land',
	};
	const german = { format: 'csv' as const, mapping, dateFormat: 'dd.MM.yyyy HH:mm', timeZone: 'Europe/Berlin', currency: 'EUR' };

	it('reads the mapped columns', async () => {
		const { orders, failures } = await poll(cartWith({ 'any.csv': fixture('any.csv') }, german).session);
		expect(failures).toEqual([]);
		expect(orders.map(({ content }) => content)).toMatchObject([
			{
				orderNumber: 'A-1',
				orderedAt: '2026-09-03T10:00:00.000Z',
				currency: 'EUR',
				custom: { land: 'de' },
				shippingAddress: { name: 'Jörg Müller', postalCode: '50667', country: 'DE' },
				lines: [{ sku: 'RED-MUG', quantity: 2, unitPrice: '19.90' }, { sku: 'TEE-L' }],
			},
			{ orderNumber: 'A-2', shippingAddress: { name: 'Åsa', country: 'SE' } },
		]);
	});

	it('finds the mapping by itself where the format is detected', async () => {
		expect((await poll(cartWith({ 'any.csv': fixture('any.csv') }, { ...german, format: 'auto' }).session)).orders).toHaveLength(2);
	});

	it.each([
		[{ orderNumber: 'A', bogus: 'B' }, 'bogus'],
		[{ 'lines.sku': 'A' }, 'order number'],
		[{ orderNumber: 'A', 'custom.__proto__.x': 'B' }, '__proto__'],
	])('refuses the mapping %j before it touches a file', async (bad, text) => {
		const { root, session } = cartWith({ 'a.csv': 'A,B\n1,2\n' }, { format: 'csv', mapping: bad as Record<string, string> });
		await expect(poll(session)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(text) });
		expect(Object.keys(tree(root))).toEqual(['orders/a.csv']);
	});
});

describe('JSON and NDJSON', () => {
	it('reads orders line by line; a bad line and a bad field are failures', async () => {
		const { orders, failures } = await poll(cartWith({ 'orders.ndjson': fixture('orders.ndjson') }).session);
		expect(numbers(orders)).toEqual(['J-1', 'J-3']);
		expect(orders[0]!.content).toMatchObject({
			orderedAt: '2026-09-03T14:14:00.000Z',
			currency: 'USD',
			custom: { gift: true },
			tags: ['vip'],
			shippingAddress: { country: 'US' },
			lines: [{ unitPrice: '19.9', weight: 350, options: { Color: 'Red' } }, { externalId: 'l2' }],
		});
		expect(failures.map(({ key, message }) => [key, message])).toEqual([
			['j2', 'orders/orders.ndjson, row 2, lines[2].quantity: is not a whole number from 0 (value: "1.5").'],
			[expect.stringMatching(/^orders\/orders\.ndjson:3:[0-9a-f]{8}$/), expect.stringContaining('row 3: is not JSON')],
		]);
	});

	it('reads one array, and one object', async () => {
		const { orders } = await poll(
			cartWith({ 'a.json': fixture('orders.json'), 'b.json': '{\n "orderNumber": "X",\n "lines": [{"sku": "A", "quantity": 1}]\n}' })
				.session,
		);
		expect(numbers(orders)).toEqual(['J-1', 'J-3', 'X']);
	});

	it.each<[order: unknown, path: string]>([
		[[], 'order'],
		[{}, 'orderNumber'],
		[{ orderNumber: 'A' }, 'lines'],
		[{ orderNumber: 'A', lines: [1] }, 'lines[0]'],
		[{ orderNumber: 'A', lines: [{ sku: 'A', quantity: -1 }] }, 'lines[0].quantity'],
		[{ orderNumber: 'A', lines: [{ quantity: 1 }] }, 'lines[0].sku'],
		[{ orderNumber: {}, lines: [] }, 'orderNumber'],
		[{ orderNumber: 'A', total: '1,000.00', lines: [{ sku: 'A', quantity: 1 }] }, 'total'],
		[{ orderNumber: 'A', tags: 'x', lines: [{ sku: 'A', quantity: 1 }] }, 'tags'],
		[{ orderNumber: 'A', shippingAddress: { country: ['DE'] }, lines: [{ sku: 'A', quantity: 1 }] }, 'shippingAddress.country'],
		[
			{ orderNumber: 'A', custom: JSON.parse(`{"deep": ${'['.repeat(50)}${']'.repeat(50)}}`), lines: [{ sku: 'A', quantity: 1 }] },
			'custom.deep',
		],
	])('names the field that is wrong in %j', (order, field) => {
		expect(() => orderFromJson(order, 'item 3')).toThrow(
			expect.objectContaining({ name: 'MappingError', path: expect.stringContaining(`item 3, ${field}`) }),
		);
	});

	it('is harmless with names of prototypes', () => {
		const order = orderFromJson(
			JSON.parse(
				'{"orderNumber":"A","__proto__":{"total":"1"},"custom":{"__proto__":{"a":1},"constructor":2},"lines":[{"sku":"A","quantity":1,"options":{"__proto__":"x"}}]}',
			),
			'x',
		);
		expect(order.content.total).toBeNull();
		expect(Object.keys(order.content.custom).every((name) => name.startsWith('field_'))).toBe(true);
		expect(({} as Record<string, unknown>).a).toBeUndefined();
	});

	it('never crashes on any JSON', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.jsonValue(),
					fc.record({ orderNumber: fc.jsonValue(), lines: fc.jsonValue(), custom: fc.jsonValue(), shippingAddress: fc.jsonValue() }),
				),
				(order) => {
					try {
						orderFromJson(order, 'x');
					} catch (error) {
						expect(error).toMatchObject({ code: 'mapping_failed' });
					}
				},
			),
		);
	});
});

describe('the inbox', () => {
	it.each([
		[{ archiveDirectory: 'orders' }, 'invalid_input'],
		[{ inboxDirectory: '../x' }, 'file_access'],
		[{ failedDirectory: '/etc' }, 'file_access'],
	])('refuses %j before it touches a file', async (settings, code) => {
		const { root, session } = cartWith({ 'a.csv': `${SIMPLE}A,X,1\n` }, settings);
		await expect(poll(session)).rejects.toMatchObject({ code });
		expect(Object.keys(tree(root))).toEqual(['orders/a.csv']);
	});

	it('archives a file after its last page, not before, and reads the oldest first', async () => {
		const { root, session } = cartWith({ 'b.csv': `${SIMPLE}B1,X,1\nB2,X,1\nB3,X,1\n`, 'a.csv': `${SIMPLE}A1,X,1\n` });
		fs.utimesSync(path.join(root, 'orders/b.csv'), 1000, 1000);
		const seen: string[] = [];
		for await (const page of session.listOrders(null, { ...EVERYTHING, pageSize: 2 })) {
			await page.afterRecorded?.();
			seen.push(`${numbers(page.orders).join(' ')}: ${Object.keys(tree(root)).map(withoutRandom).join(' ')}`);
		}
		expect(seen).toEqual([
			'B1 B2: orders/a.csv orders/reading/b.csv',
			'B3: orders/a.csv orders/archive/b.csv',
			'A1: orders/archive/a.csv orders/archive/b.csv',
		]);
	});

	it('goes on in a large file where the last poll stopped, and only in that file', async () => {
		const rows = Array.from({ length: 10 }, (_, index) => `N${index},X,1`).join('\n');
		const { root, session } = cartWith({ 'a.csv': SIMPLE + rows });
		const first = await poll(session, { pageSize: 4 }, { stopAfter: 1 });
		const cursor = first.pages[0]!.next;
		expect(numbers((await poll(session, { pageSize: 4 }, { cursor, record: false })).orders)).toEqual(['N4', 'N5', 'N6', 'N7', 'N8', 'N9']);
		// What comes under the same name meanwhile is another file.
		put(root, { 'orders/a.csv': `${SIMPLE}Z,X,1\n` });
		expect(numbers((await poll(session, {}, { cursor })).orders)).toEqual(['N4', 'N5', 'N6', 'N7', 'N8', 'N9', 'Z']);
	});

	it('reads again after a crash before the archive, with the same result', async () => {
		const { session } = cartWith({ 'a.csv': fixture('shopify.csv') });
		const crashed = await poll(session, {}, { record: false });
		expect((await poll(session)).orders).toEqual(crashed.orders);
		expect((await poll(session)).pages).toEqual([]);
	});

	it.each<[trap: string, content: string | Uint8Array, message: string]>([
		['wrong encoding', Buffer.from(`${SIMPLE}A,X,1\nStra\xdfe,X,1\n`, 'latin1'), 'row 3: the file is not text'],
		['empty', '', 'no header'],
		['no known columns', 'a,b\n1,2\n', 'no known export'],
		['an open quote', `${SIMPLE}A,X,1\nB,"X,1\n`, 'row 3: a quote'],
		['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), 'not text'],
	])('puts a file aside that cannot be read (%s), as one failure, and imports the others', async (_, content, message) => {
		const { root, session } = cartWith({ 'a.csv': content, 'b.csv': `${SIMPLE}B,X,1\n` });
		const { orders, failures } = await poll(session);
		expect(numbers(orders)).toEqual(['B']);
		expect(failures).toMatchObject([
			{ key: 'file:orders/a.csv', message: expect.stringContaining(message), payload: { file: 'orders/a.csv' } },
		]);
		expect(Object.keys(tree(root))).toEqual(['orders/archive/b.csv', 'orders/failed/a.csv']);
	});

	it('leaves a file alone that is being written', async () => {
		const { root, session } = cartWith({ 'a.csv': `${SIMPLE}A,X,1\n` }, { settleMs: 100_000 });
		expect((await poll(session)).pages).toEqual([]);
		const old = Date.now() / 1000 - 200;
		fs.utimesSync(path.join(root, 'orders/a.csv'), old, old);
		// It grows between the two looks.
		const grows = poll(session);
		setTimeout(() => put(root, { 'orders/a.csv': `${SIMPLE}A,X,1\nB,X,1\n` }), 100);
		expect((await grows).pages).toEqual([]);
		fs.utimesSync(path.join(root, 'orders/a.csv'), old, old);
		expect(numbers((await poll(session)).orders)).toEqual(['A', 'B']);
	});

	it('does not take the end of a file that is written to while it is read', async () => {
		const { root, session } = cartWith({ 'a.csv': `${SIMPLE}A,X,1\nB,X,1\nC,X,1\n` });
		const seen: string[] = [];
		for await (const page of session.listOrders(null, { ...EVERYTHING, pageSize: 1 })) {
			seen.push(...numbers(page.orders));
			// By somebody who opened it before it was taken.
			if (seen.length === 1) fs.appendFileSync(path.join(root, Object.keys(tree(root))[0]!), 'C,Y,1\n');
		}
		expect(seen).not.toContain('C');
		expect(Object.keys(tree(root)).map(withoutRandom)).toEqual(['orders/reading/a.csv']);
		expect((await poll(session)).orders.map(({ content }) => content.lines.length)).toEqual([1, 1, 2]);
	});

	it('finds an order by its number, in the inbox, while it is read, and in the archive', async () => {
		const { session } = cartWith({ 'a.csv': fixture('shopify.csv'), 'b.csv': 'no header' });
		for (const number of ['#1002', '1002']) expect(fileCart.toOrder(await session.getOrder!(number)).content.orderNumber).toBe('#1002');
		await poll(session, {}, { record: false });
		expect(fileCart.toOrder(await session.getOrder!('#1002')).content.orderNumber).toBe('#1002');
		await poll(session);
		expect(fileCart.toOrder(await session.getOrder!('#1001')).externalId).toBe('5123456789001');
		expect(await session.getOrder!('#9')).toBeNull();
	});

	it('neither crashes nor hangs on any file', async () => {
		const part = fc.oneof(
			fc.constantFrom(
				'Name',
				'Id',
				'Lineitem quantity',
				'Lineitem name',
				'orderNumber',
				'lines.sku',
				',',
				'\n',
				'"',
				'{',
				'}',
				'[',
				']',
				':',
				'1',
				'#1',
				"'",
			),
			fc.string({ maxLength: 4 }),
		);
		const { root, session } = cartWith({});
		await fc.assert(
			fc.asyncProperty(fc.array(part, { maxLength: 80 }), fc.constantFrom('a.csv', 'a.json', 'a.txt'), async (parts, name) => {
				put(root, { [`orders/${name}`]: parts.join('') });
				await poll(session);
				expect(fs.readdirSync(path.join(root, 'orders')).filter((entry) => entry.startsWith('a.'))).toEqual([]);
			}),
			{ numRuns: 150 },
		);
	});
});

describe('tracking files', () => {
	it('holds one row a line', async () => {
		const { root, session } = cartWith({});
		await session.uploadTracking(
			anOrder(),
			aShipment({
				lines: [
					{ lineId: 'L1', quantity: 2 },
					{ lineId: 'L2', quantity: 1 },
				],
			}),
			{ notifyCustomer: false },
		);
		const [[name, text]] = Object.entries(tree(root)) as [[string, string]];
		expect(name).toMatch(/^tracking\/acme\.1001-[0-9a-f]{12}\.csv$/);
		expect(text).toBe(
			'order_number,order_id,shipment_id,carrier,service_level,tracking_number,tracking_url,shipped_at,line_id,sku,quantity\r\n' +
				'#1001,5123456789001,SHIP-1,UPS,Ground,1Z999AA10123456784,https://track.example/1Z999AA10123456784,2026-09-05T12:00:00.000Z,ext-L1,RED-MUG,2\r\n' +
				'#1001,5123456789001,SHIP-1,UPS,Ground,1Z999AA10123456784,https://track.example/1Z999AA10123456784,2026-09-05T12:00:00.000Z,ext-L2,TEE-L,1\r\n',
		);
	});

	it('is not given again when the shop has taken it', async () => {
		const { root, session } = cartWith({});
		const upload = async () => (await session.uploadTracking(anOrder(), aShipment(), { notifyCustomer: false })).kind;
		expect(await upload()).toBe('done');
		const [name] = Object.keys(tree(root)) as [string];
		fs.mkdirSync(path.join(root, 'tracking/processed'));
		fs.renameSync(path.join(root, name), path.join(root, 'tracking/processed', path.basename(name)));
		expect(await upload()).toBe('already_done');
	});

	it('stays in its folder whatever the names are', async () => {
		const { root, session } = cartWith({});
		const hostile = ['../../x', '/etc/x', '..', '\0', 'a\nb', '=cmd|x', 'CON'];
		for (const name of hostile) {
			const outcome = await session.uploadTracking(anOrder({ reference: name, orderNumber: name }), aShipment({ externalId: name }), {
				notifyCustomer: false,
			});
			expect(outcome.kind).toBe('done');
		}
		expect(Object.keys(tree(root))).toHaveLength(hostile.length);
		for (const name of Object.keys(tree(root))) expect(name).toMatch(/^tracking\/[A-Za-z0-9_-][A-Za-z0-9._-]*\.csv$/);
	});
});
