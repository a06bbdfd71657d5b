/** Exports of shops that came out wrong once, each with what a warehouse must get of it. */
import fs from 'node:fs';
import path from 'node:path';
import type { FileCartSettings } from '../../lib/carts/file';
import { cartWith, poll } from './fileHarness';

const given = (name: string): Buffer => fs.readFileSync(path.join(__dirname, 'fixtures/cases/file', `${name}.csv`));

/** "2 RED-MUG" for each line, and what went wrong. */
async function read(content: string | Buffer, settings: Partial<FileCartSettings> = {}, name = 'a.csv') {
	const { orders, failures } = await poll(cartWith({ [name]: content }, settings).session);
	return {
		orders: orders.map(
			({ content: { orderNumber, lines } }) => `${orderNumber}: ${lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ')}`,
		),
		failures: failures.map(({ message }) => message),
		failed: failures,
		imported: orders,
	};
}

const HEADER = 'orderNumber,shippingAddress.name,shippingAddress.country,lines.sku,lines.quantity,lines.unitPrice,currency';
const csv = (...rows: string[]): string => [HEADER, ...rows].join('\n');

it('f1: three customers under one shortened number are three failures', async () => {
	const { orders, failures, failed } = await read(given('f1-excel-order-numbers'));
	expect(orders).toEqual([]);
	expect(failures).toEqual(
		[2, 3, 4].map(
			(row) => `orders/a.csv, row ${row}, column orderNumber: a spreadsheet has shortened the order number (value: "5.76461E+17").`,
		),
	);
	expect(new Set(failed.map(({ key }) => key)).size).toBe(3);
});

it('f2: two shops of one number are a failure', async () => {
	const { orders, failures } = await read(given('f2-two-shops-same-name'));
	expect(orders).toEqual([]);
	expect(failures).toEqual([expect.stringContaining('two orders share one order number (value: "Nora Hale, Ivo Brandt")')]);
});

it('f3: a line that is shipped in part is for a person', async () => {
	const { orders, failures, failed } = await read(given('f3-line-partly-fulfilled'));
	expect(orders).toEqual([]);
	expect(failures).toEqual([
		'orders/a.csv, row 2, column Lineitem quantity: Candle is shipped in part, and the file does not say how many (value: "5").',
	]);
	expect(failed[0]!.key).toBe('5123450000042');
});

it('f4: a refund without quantities is for a person, with its amount', async () => {
	const { orders, failures } = await read(given('f4-partially-refunded'));
	expect(orders).toEqual([]);
	expect(failures).toEqual([expect.stringContaining('55.00 USD of the order was refunded, and the file does not say how many pieces')]);
});

it('f6: a shortened SKU is a failure', async () => {
	const { orders, failures } = await read(given('f6-excel-skus'));
	expect(orders).toEqual([]);
	expect(failures).toEqual([expect.stringContaining('a spreadsheet has shortened the SKU (value: "4.00639E+12")')]);
});

it('f7: refunded pieces are not shipped', async () => {
	const { orders, failures, imported } = await read(given('f7-woo-item-refunded'));
	expect(failures).toEqual([]);
	expect(orders).toEqual(['8801: 1 LAMP-01, 0 VASE-02']);
	expect(imported[0]!.content.lines[1]!.notOurs).toEqual([{ quantity: 2, reason: 'refunded' }]);
});

it('f8: countries in words are codes', async () => {
	const { failures, imported } = await read(given('f8-country-in-words'));
	expect(failures).toEqual([]);
	expect(imported.map(({ content }) => content.shippingAddress?.country)).toEqual(['US', 'DE', 'GB', 'US']);
});

it('f10: the row of totals is named, and the orders are whole', async () => {
	const { orders, failures } = await read(given('f10-total-row'));
	expect(orders).toEqual(['C-1: 1 LAMP-01', 'C-2: 2 VASE-02']);
	expect(failures).toEqual(['orders/a.csv, row 4, column orderNumber: the order number is missing (value: "").']);
});

it.each<[trap: string, rows: string[], orders: string[], failures: string[]]>([
	['a total in words', ['C-1,A,US,LAMP,1,,', ',,,Total,1,,'], ['C-1: 1 LAMP'], ['the order number is missing']],
	['a line without SKU, which is no total', ['C-1,A,US,LAMP,2,,', ',,,,7,,'], [], ['the line has neither SKU nor name']],
	['one order by one shortened number', ['1E+05,A,US,LAMP,1,,', '1E+05,A,US,VASE,1,,'], [], ['has shortened the order number']],
	['a number that only looks shortened', ['12E4,A,US,LAMP,1,,'], ['12E4: 1 LAMP'], []],
	['a SKU that only looks shortened', ['1,A,US,12E4,1,,', '1,A,US,1E5,1,,'], ['1: 1 12E4, 1 1E5'], []],
	['unlike spelling of one recipient', ['1,Ada  Byron,US,LAMP,1,,', '1,ada byron,United States,VASE,1,,'], ['1: 1 LAMP, 1 VASE'], []],
	['unlike countries', ['1,A,US,LAMP,1,,', '1,A,Canada,VASE,1,,'], [], ['two orders share one order number']],
	['texts for spreadsheets', ['="00017",A,US,\'0042,1,,', '00017,A,US,"=""0043""",2,,'], ['00017: 1 0042, 2 0043'], []],
	['a country that nobody knows', ['1,A,Atlantis,LAMP,1,,'], ['1: 1 LAMP'], []],
	[
		'thousands or three decimals',
		['1,A,US,LAMP,1,1.234,USD', '2,A,US,LAMP,1,"$1,234.50",USD', '3,A,US,LAMP,1.000,1,USD'],
		[],
		['may be thousands or have three decimals', 'is not an amount', 'may be thousands or have three decimals'],
	],
	[
		'three and no decimals',
		['1,A,KW,LAMP,1,1.234,KWD', '2,A,JP,LAMP,1,1200,JPY', '3,A,US,LAMP,1,0.125,USD'],
		['1: 1 LAMP', '2: 1 LAMP', '3: 1 LAMP'],
		[],
	],
])('%s', async (_, rows, orders, failures) => {
	const found = await read(csv(...rows));
	expect(found.orders).toEqual(orders);
	expect(found.failures).toEqual(failures.map((text) => expect.stringContaining(text)));
});

it.each<['point' | 'comma', string, string | null]>([
	['point', '$1,234.50', '1234.50'],
	['point', '1.234', '1.234'],
	['point', '1,234', '1234'],
	['point', 'US$ 12', '12'],
	['point', '-$5.00', '-5.00'],
	['point', '1.234,50', null],
	['point', '12,34', null],
	['point', '1,23,456.00', '123456.00'],
	['comma', '1.234,50 €', '1234.50'],
	['comma', '1.234', '1234'],
	['comma', '1,234', '1.234'],
	['comma', 'EUR 12', '12'],
	['comma', "1'234,50", '1234.50'],
	['comma', '1,234.50', null],
	['comma', '1.5', null],
	['comma', '1 234,50', '1234.50'],
])('with a decimal %s %j is %j', async (decimalSeparator, text, expected) => {
	const { imported, failures } = await read(csv(`1,A,US,LAMP,1,"${text}",USD`), { decimalSeparator });
	expect(imported.map(({ content }) => content.lines[0]!.unitPrice)).toEqual(expected === null ? [] : [expected]);
	expect(failures).toHaveLength(expected === null ? 1 : 0);
});

it('keeps what shops call lines in every script apart', async () => {
	const { imported } = await read(
		'orderNumber,lines.sku,lines.quantity,lines.options.色,lines.options.サイズ,custom.Größe\n1,TEE,1,赤,L,XL',
	);
	expect(imported[0]!.content).toMatchObject({ lines: [{ options: { 色: '赤', サイズ: 'L' } }], custom: { Größe: 'XL' } });
});

it('reads the same of JSON', async () => {
	const order = (more: object): object => ({
		orderNumber: '1',
		lines: [{ sku: 'VASE', quantity: 5, quantityRefunded: 2, quantityShipped: 1 }],
		...more,
	});
	const lines = [
		order({}),
		order({ orderNumber: '5.76461E+17' }),
		order({ orderNumber: 576461123456789012345 }),
		order({ orderNumber: '4', refundedAmount: '5.00', lines: [{ sku: 'A', quantity: 1 }] }),
		order({ orderNumber: '5', total: '1.234', shippingAddress: { name: 'A', country: 'Korea, South' } }),
	];
	const { orders, failures, imported } = await read(lines.map((one) => JSON.stringify(one)).join('\n'), {}, 'a.ndjson');
	expect(orders).toEqual(['1: 3 VASE', '5: 3 VASE']);
	expect(imported[0]).toMatchObject({ shipped: { [imported[0]!.content.lines[0]!.id]: 1 } });
	expect(imported[1]!.content).toMatchObject({ total: '1.234', shippingAddress: { country: 'KR' } });
	expect(failures).toEqual(
		['was shortened by a spreadsheet', 'more digits than a JSON number keeps', '5.00 of the order was refunded'].map((text) =>
			expect.stringContaining(text),
		),
	);
});
