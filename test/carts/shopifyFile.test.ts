import { cartWith, fixture, poll } from './fileHarness';

const HEADER = fixture('shopify.csv').toString('utf8').split('\r\n', 1)[0]!;

/** A file with the real header and the given cells. */
const shopify = (...rows: Array<Record<string, string>>): string => {
	const columns = HEADER.split(',');
	return [
		HEADER,
		...rows.map((row) =>
			columns
				.map((column) =>
					JSON.stringify(row[column] ?? '')
						.replaceAll('\\"', '""')
						.replaceAll('\\n', '\n'),
				)
				.join(','),
		),
	].join('\r\n');
};

const ROW = {
	Name: '#1',
	Id: '1',
	'Lineitem quantity': '1',
	'Lineitem name': 'Mug',
	'Lineitem sku': 'MUG',
	'Created at': '2026-09-03 10:14:00 -0400',
	'Financial Status': 'paid',
};

describe('a Shopify order export', () => {
	const imported = async () => await poll(cartWith({ 'orders_export_1.csv': fixture('shopify.csv') }).session);

	it('has the 79 columns of the real export', () => expect(HEADER.split(',')).toHaveLength(79));

	it('gives every order that is not shipped already, with canceled ones marked', async () => {
		const { orders, failures } = await imported();
		expect(failures).toEqual([]);
		expect(
			orders.map(({ content, word }) => [
				content.orderNumber,
				word.readiness === 'canceled',
				content.lines.map(({ sku, quantity, kind = 'goods' }) => `${quantity} ${sku} ${kind}`),
			]),
		).toEqual([
			['#1001', false, ['2 RED-MUG goods', '1 TEE-L goods', '1 null virtual']],
			['#1002', false, ['1 RED-MUG goods']],
			['#1003', true, ['3 TEE-S goods']],
			['#1004', false, ['1 GC-50 virtual']],
			['#1006', false, ['2 RED-MUG goods', '1 TEE-L goods']],
		]);
	});

	it('reads every field of an order', async () => {
		const [order] = (await imported()).orders;
		expect(order!.externalId).toBe('5123456789001');
		expect(order!.content).toEqual({
			orderNumber: '#1001',
			merchant: null,
			orderedAt: '2026-09-03T14:14:00.000Z',
			customer: { email: 'someone@example.com', phone: '+16175550100' },
			shippingAddress: {
				name: 'Ada Lovelace',
				company: null,
				address1: '12 Byron St',
				address2: 'Apt 4',
				address3: null,
				city: 'Boston',
				region: 'MA',
				postalCode: '02134',
				country: 'US',
				phone: '+1 617-555-0100',
				email: null,
			},
			billingAddress: expect.objectContaining({ name: 'Ada Lovelace', postalCode: '02134' }),
			lines: [
				{
					id: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
					externalId: null,
					sku: 'RED-MUG',
					name: 'Red Mug',
					quantity: 2,
					unitPrice: '19.90',
					weight: null,
					options: {},
					custom: { vendor: 'Acme', discount: '0.00' },
				},
				{
					id: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
					externalId: null,
					sku: 'TEE-L',
					name: 'Tee - L',
					quantity: 1,
					unitPrice: '25.00',
					weight: null,
					options: {},
					custom: { vendor: 'Acme', discount: '5.00' },
				},
				expect.objectContaining({ name: 'Gift Card', quantity: 1, kind: 'virtual' }),
			],
			shippingMethod: 'Standard',
			carrier: null,
			serviceLevel: null,
			warehouse: null,
			requestedShipDate: null,
			signatureRequired: false,
			insuredAmount: null,
			thirdPartyAccount: null,
			giftMessage: null,
			shippingNotes: null,
			currency: 'USD',
			subtotal: '109.80',
			shippingAmount: '5.00',
			taxAmount: '6.86',
			discountAmount: '5.00',
			total: '121.66',
			discountCodes: ['FALL10'],
			tags: ['wholesale', 'VIP'],
			notes: 'Ring twice.\nLeave at the "blue" door, please.',
			custom: {
				Gift: 'yes',
				Message: 'Happy birthday\nsecond line of it',
				field_30e2af38: 'x',
				financialStatus: 'paid',
				fulfillmentStatus: 'unfulfilled',
				paymentMethod: 'Shopify Payments',
				riskLevel: 'Low',
				salesChannel: 'web',
			},
		});
		expect(order!.raw).not.toHaveProperty('origin');
	});

	it('reads an older export without Id, with mark, LF and blank names', async () => {
		const { orders, failures } = await poll(cartWith({ 'old.csv': fixture('shopify-2019-blank-names.csv') }).session);
		expect(failures).toEqual([]);
		expect(orders).toHaveLength(1);
		expect(orders[0]).toMatchObject({
			externalId: '#2001',
			content: { orderedAt: '2019-01-30T23:30:00.000Z', lines: [{ sku: 'RED-MUG' }, { sku: 'RED-MUG' }] },
		});
		const [first, second] = orders[0]!.content.lines;
		expect(first!.id).not.toBe(second!.id);
	});

	it('makes a failure of each bad order and imports the others', async () => {
		const { orders, failures } = await poll(cartWith({ 'bad.csv': fixture('shopify-bad-values.csv') }).session);
		expect(orders.map(({ content }) => content.orderNumber)).toEqual(['#3002', '#3003']);
		expect(failures.map(({ key, origin, message }) => [key, origin, message])).toEqual([
			[
				'5123456789301',
				'orders/bad.csv, row 2',
				'orders/bad.csv, row 2, column Lineitem quantity: is not a whole number from 0 (value: "two").',
			],
			[
				expect.stringMatching(/^#3004|^orders/),
				'orders/bad.csv, row 5',
				'orders/bad.csv, row 5, column Id: a spreadsheet has shortened the key of the order (value: "5.12346E+12").',
			],
			[
				'5123456789305',
				'orders/bad.csv, row 6',
				'orders/bad.csv, row 6, column Created at: is not a date that can be read without guessing (value: "09/05/2026").',
			],
			['5123456789306', 'orders/bad.csv, row 7', 'orders/bad.csv, row 7, column Lineitem price: is not an amount (value: "$19.90").'],
			[
				'5123456789307',
				'orders/bad.csv, row 8',
				'orders/bad.csv, row 8, column Lineitem quantity: is not a whole number from 0 (value: "-1").',
			],
		]);
		for (const { remedy } of failures) expect(remedy).not.toBe('');
	});

	it('keeps line ids when another line goes away', async () => {
		const second = { ...ROW, 'Lineitem sku': 'TEE', 'Lineitem name': 'Tee' };
		const both = await poll(cartWith({ 'a.csv': shopify(ROW, second) }).session);
		const one = await poll(cartWith({ 'b.csv': shopify(second) }).session);
		expect(one.orders[0]!.content.lines[0]!.id).toBe(both.orders[0]!.content.lines[1]!.id);
	});

	it('gives the same order, whatever the file is called and where in it the order stands', async () => {
		const a = await poll(cartWith({ 'a.csv': shopify(ROW) }).session);
		const b = await poll(cartWith({ 'b.csv': shopify({ ...ROW, Name: '#0', Id: '0' }, ROW) }).session);
		expect(b.orders[1]).toEqual(a.orders[0]);
	});

	const table: Array<[trap: string, rows: Array<Record<string, string>>, numbers: string[], failures: string[]]> = [
		[
			'rows of an order that do not stand together',
			[ROW, { ...ROW, Name: '#2', Id: '2' }, { ...ROW, 'Lineitem sku': 'TEE', 'Lineitem name': 'Tee' }],
			['#2:1', '#1:2'],
			[],
		],
		['two orders of one name', [ROW, { ...ROW, Id: '2' }], [], ['two orders share one order number']],
		['no name at all', [{ ...ROW, Name: '', Id: '' }], [], ['the order number is missing']],
		['an order without a name after another order', [ROW, { ...ROW, Name: '', Id: '7', Email: 'other@example.com' }], ['#1:1', '7:1'], []],
		['no line', [{ ...ROW, 'Lineitem quantity': '', 'Lineitem name': '', 'Lineitem sku': '' }], [], ['the order has no line']],
		['a line without SKU', [{ ...ROW, 'Lineitem sku': '' }], ['#1:1'], []],
		['quantity 0', [{ ...ROW, 'Lineitem quantity': '0' }], ['#1:1'], []],
		['quantity 1.0', [{ ...ROW, 'Lineitem quantity': '1.0' }], ['#1:1'], []],
		['quantity 1.5', [{ ...ROW, 'Lineitem quantity': '1.5' }], [], ['is not a whole number']],
		['a barcode for a quantity', [{ ...ROW, 'Lineitem quantity': '4006381333931' }], [], ['is not a whole number']],
		['lower-case country', [{ ...ROW, 'Shipping Country': 'us' }], ['#1:1'], []],
		['three-letter country', [{ ...ROW, 'Shipping Country': 'USA' }], ['#1:1'], []],
		['a name that looks like a path', [{ ...ROW, Name: '../../etc' }], ['../../etc:1'], []],
		['UTC', [{ ...ROW, 'Created at': '2026-09-03 14:14:00 UTC' }], ['#1:1'], []],
		['no date', [{ ...ROW, 'Created at': '' }], ['#1:1'], []],
	];
	it.each(table)('%s', async (_, rows, numbers, failures) => {
		const found = await poll(cartWith({ 'a.csv': shopify(...rows) }).session);
		expect(found.orders.map(({ content }) => `${content.orderNumber}:${content.lines.length}`)).toEqual(numbers);
		expect(found.failures.map(({ message }) => message)).toEqual(failures.map((text) => expect.stringContaining(text)));
	});

	it('imports no order in part when one of its rows is damaged', async () => {
		const lines = shopify(ROW, { ...ROW, 'Lineitem sku': 'TEE' }, { ...ROW, Name: '#2', Id: '2' }).split('\r\n');
		lines[2] = '"#1","cut off';
		const cut = lines[2].replace('"cut off', 'cut off');
		const { orders, failures } = await poll(cartWith({ 'a.csv': [lines[0], lines[1], cut, lines[3]].join('\r\n') }).session);
		expect(orders.map(({ content }) => content.orderNumber)).toEqual(['#2']);
		expect(failures).toMatchObject([{ key: '1', message: expect.stringContaining('row 3: the row has 2 cells') }]);
	});

	it.each<[statuses: string[], numbers: string[]]>([
		[['paid'], ['#1001', '#1002', '#1003', '#1004', '#1006']],
		[['pending'], ['#1003']],
		[['fulfilled'], ['#1001', '#1002', '#1003', '#1004', '#1005', '#1006']],
	])('imports the statuses %j', async (statuses, numbers) => {
		const { orders } = await poll(cartWith({ 'a.csv': fixture('shopify.csv') }).session, { statuses });
		expect(orders.map(({ content }) => content.orderNumber)).toEqual(numbers);
	});

	it('filters by date, SKU and tag', async () => {
		const numbers = async (filter: Parameters<typeof poll>[1]) =>
			(await poll(cartWith({ 'a.csv': fixture('shopify.csv') }).session, filter)).orders.map(({ content }) => content.orderNumber);
		expect(await numbers({ earliestOrderDate: '2026-09-04T03:00:00.000Z' })).toEqual(['#1002', '#1003', '#1004', '#1006']);
		expect(await numbers({ skus: ['TEE-L'] })).toEqual(['#1001', '#1006']);
		expect(await numbers({ tags: ['VIP', 'other'] })).toEqual(['#1001']);
	});
});
