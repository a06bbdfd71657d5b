/** Files of orders and of reports, with one place of one entry changed: the other entries are read as ever, and the changed one is read or seen. */
import fc from 'fast-check';
import { rmSync } from 'node:fs';
import type { WmsEventPage } from '../../lib/wms/Wms';
import { fileWms } from '../../lib/wms/file';
import { cartWith, poll } from '../carts/fileHarness';
import { put, temporaryFolder } from '../files/openLocal';
import { nothingWaits } from '../wms/waiting';
import { expectKept, expectReport, expectSaid } from './expectations';
import { mutate, mutations, type Json } from './mutations';
import { FUZZ_PARTNERS, inTime, TIME_LIMIT_MS } from './settings';

jest.setTimeout(TIME_LIMIT_MS);

const RUNS = { ...FUZZ_PARTNERS, numRuns: Math.ceil(FUZZ_PARTNERS.numRuns / 3) };

const order = (number: number): Json => ({
	externalId: `x${number}`,
	orderNumber: `N-${number}`,
	merchant: null,
	orderedAt: '2026-09-03T10:00:00Z',
	customer: { email: 'ada@example.com', phone: '1' },
	currency: 'USD',
	total: 19.5,
	tags: ['vip'],
	shippingAddress: { name: 'Ada', address1: '12 Byron St', city: 'Boston', region: 'MA', postalCode: '02134', country: 'US' },
	signatureRequired: false,
	insuredAmount: '5.00',
	custom: { po: '7', deep: { a: [1] } },
	lines: [
		{
			externalId: `l${number}`,
			sku: 'RED-MUG',
			name: 'Mug',
			quantity: 2,
			unitPrice: 9.5,
			weight: 300,
			options: { color: 'red' },
			custom: {},
		},
		{ sku: 'TEE-L', quantity: 1 },
	],
});

it.each([
	['a line each', (orders: Json[]) => orders.map((one) => JSON.stringify(one)).join('\n')],
	['one list', (orders: Json[]) => JSON.stringify(orders)],
])('orders of a JSON file, %s', async (_, written) => {
	const good = (await poll(cartWith({ 'a.json': written([1, 2, 3].map(order)) }).session)).orders;
	expect(good).toHaveLength(3);
	await fc.assert(
		fc.asyncProperty(mutations, async (mutation) => {
			const orders = [1, 2, 3].map(order);
			const place = mutate([{ holder: orders, key: 1, path: 'order', other: orders[0]! }], mutation);
			const { root, session } = cartWith({ 'a.json': written(orders) });
			const found = await inTime(async () => await poll(session));
			rmSync(root, { recursive: true, force: true });
			for (const index of [0, 2])
				expect(found.orders.find(({ externalId }) => externalId === good[index]!.externalId) ?? `lost: ${place}`).toEqual({
					...good[index],
					raw: expect.anything(),
				});
			for (const one of found.orders) expectKept(one);
			for (const failure of found.failures) expectSaid(failure);
			if (found.orders.length + found.failures.length < 3 && mutation.how !== 'neighbour') throw new Error(`gone without a word: ${place}`);
		}),
		RUNS,
	);
});

/** Without U+0000, which no file of text has. */
const cells = fc.constantFrom(
	'',
	' ',
	'x',
	'-1',
	'1e99',
	'0x10',
	'1,5',
	'9'.repeat(400),
	'NaN',
	'__proto__',
	'toString',
	'\ud800',
	'😀',
	'not a date',
	'2100-01-01',
	'+275760-09-13T00:00:00.000Z',
	'0000-00-00',
	'k'.repeat(5_000),
	'"',
	'a\nb',
	'=1+1',
	'\u202e',
);
const COLUMNS = ['reference', 'shipment_id', 'carrier', 'tracking_number', 'shipped_at', 'sku', 'quantity'] as const;
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

it('shipments of a CSV file', async () => {
	const row = (number: number): string[] => [`acme.${number}`, `S${number}`, 'UPS', `1Z${number}`, '2026-09-05T12:00:00Z', 'RED-MUG', '2'];
	const read = async (rows: string[][]): Promise<WmsEventPage> => {
		const { root, folder } = temporaryFolder();
		put(root, { 'shipments/a.csv': [[...COLUMNS], ...rows].map((cellsOf) => cellsOf.map(quoted).join(',')).join('\n') });
		const all: WmsEventPage = { events: [], failures: [], next: null };
		for await (const page of fileWms.open(folder, { settleMs: 0 }).listShipments(null, nothingWaits)) {
			all.events.push(...page.events);
			all.failures.push(...page.failures);
		}
		rmSync(root, { recursive: true, force: true });
		return all;
	};
	const good = (await read([1, 2, 3].map(row))).events;
	expect(good).toHaveLength(3);
	await fc.assert(
		fc.asyncProperty(fc.nat(COLUMNS.length - 1), cells, async (column, cell) => {
			const rows = [1, 2, 3].map(row);
			rows[1]![column] = cell;
			const { events, failures } = await inTime(async () => await read(rows));
			// The row of the third one is another when a cell before it has a line break.
			for (const index of [0, 2])
				expect(events.filter(({ reference }) => reference === `acme.${index + 1}`)).toEqual([
					{ ...good[index], origin: expect.any(String) },
				]);
			for (const event of events) expectReport(event);
			for (const failure of failures) expectSaid(failure);
			if (events.length + failures.length < 3) throw new Error(`gone without a word: ${COLUMNS[column]} ${JSON.stringify(cell)}`);
		}),
		RUNS,
	);
});
