/** Reports as spreadsheets and other programs write them. */
import { InboxMemory } from '../../lib/files/inboxMemory';
import { fileWms, type FileWmsSettings } from '../../lib/wms/file';
import { readReport, type ReportKind } from '../../lib/wms/file/reports';
import { put, temporaryFolder, tree } from '../files/openLocal';
import { nothingWaits } from './waiting';

const HEADER = 'reference,shipment_id,carrier,service_level,tracking_number,shipped_at,line_id,sku,quantity';

async function* bytes(text: string, encoding: BufferEncoding): AsyncGenerator<Uint8Array> {
	yield await Promise.resolve(Buffer.from(text, encoding));
}

const reportOf = async (text: string, kind: ReportKind = 'shipments', encoding?: FileWmsSettings['encoding']) =>
	await readReport(bytes(text, encoding === 'windows-1252' ? 'latin1' : 'utf8'), 'shipments/a.csv', kind, encoding);

describe('a report', () => {
	it('takes a quantity of 0 as nothing of that line', async () => {
		const { events, failures } = await reportOf(`${HEADER}\n1001,S1,UPS,,1Z1,,,RED-MUG,2\n1001,S1,UPS,,1Z1,,,TEE-L,0\n`);
		expect(failures).toEqual([]);
		expect(events).toMatchObject([{ trackingNumber: '1Z1', lines: [{ sku: 'RED-MUG', quantity: 2 }] }]);
		expect(await reportOf(`${HEADER}\n1001,S1,UPS,,1Z1,,,TEE-L,0\n`)).toMatchObject({
			events: [],
			failures: [{ message: expect.stringContaining('nothing is in the parcel') }],
		});
		const nothing = 'reference,cancellation_id,sku,quantity\n1001,C1,TEE-L,0\n';
		expect(await reportOf(nothing, 'cancellations')).toMatchObject({ events: [], failures: [] });
		expect((await reportOf(`${HEADER}\n1001,S1,UPS,,1Z1,,,TEE-L,-1\n`)).failures).toMatchObject([
			{ message: expect.stringContaining('is not a whole number from 0') },
		]);
	});

	it('takes no number that a spreadsheet has shortened, and unwraps one that it has wrapped', async () => {
		const { events, failures } = await reportOf(
			`${HEADER}\nN1,S1,USPS,,9.40011E+21,,,RED-MUG,2\nN1,S2,USPS,,"=""9400111899223100001234""",,,TEE-L,1\nN1,S3,USPS,,'9400,,,TEE-L,1\n`,
		);
		expect(failures).toMatchObject([{ message: expect.stringMatching(/row 2, column "tracking_number".*shortened by a spreadsheet/) }]);
		expect(events.map((event) => event.kind === 'shipped' && event.trackingNumber)).toEqual(['9400111899223100001234', '9400']);
	});

	it.each([
		['reference', '1.00E+03,S1,UPS,,1Z1,,,A,1'],
		['shipment_id', 'N1,4E+12,UPS,,1Z1,,,A,1'],
		['sku', 'N1,S1,UPS,,1Z1,,,"2,20E+02",1'],
	])('takes no shortened %s', async (column, row) => {
		const { events, failures } = await reportOf(`${HEADER}\n${row}\n`);
		expect(events).toEqual([]);
		expect(failures).toMatchObject([{ message: expect.stringContaining(`column "${column}"`) }]);
	});

	it('is read in Windows-1252 by the setting', async () => {
		const text = `${HEADER}\nN1,S1,Österreichische Post,,1Z1,,,RED-MUG,2\n`;
		expect((await reportOf(text, 'shipments', 'windows-1252')).events).toMatchObject([{ carrier: 'Österreichische Post' }]);
		const { root, folder } = temporaryFolder();
		put(root, { 'shipments/a.csv': Buffer.from(text, 'latin1'), 'shipments/b.csv': text });
		const pages = [];
		for await (const page of fileWms.open(folder, { settleMs: 0, encoding: 'windows-1252' }).listShipments(null, nothingWaits)) {
			pages.push(page);
			await page.afterRecorded?.();
		}
		expect(pages.flatMap(({ failures }) => failures)).toEqual([]);
		expect(pages[0]?.events).toMatchObject([{ carrier: 'Österreichische Post' }]);
		expect(Object.keys(tree(root))).toEqual(['shipments/archive/a.csv', 'shipments/archive/b.csv']);
	});

	it('knows columns by their usual words, its own names first, and says which', async () => {
		const usual = await reportOf(
			'Order #,Tracking Number,Ship Date,Item SKU,Qty Shipped,Carrier,Weather\n1001,1Z1,2026-11-23,RED-MUG,2,UPS,fine\n',
		);
		expect(usual.failures).toEqual([]);
		expect(usual.events).toMatchObject([
			{
				reference: '1001',
				carrier: 'UPS',
				trackingNumber: '1Z1',
				shippedAt: '2026-11-23T00:00:00.000Z',
				lines: [{ sku: 'RED-MUG', quantity: 2 }],
			},
		]);
		expect(usual.columns).toEqual({
			'Order #': 'reference',
			Carrier: 'carrier',
			'Tracking Number': 'tracking_number',
			'Ship Date': 'shipped_at',
			'Item SKU': 'sku',
			'Qty Shipped': 'quantity',
		});
		const both = await reportOf('reference,Order #,shipment_id,tracking_number,Qty Shipped,quantity,sku\nR,9,S,1Z1,7,1,A\n');
		expect(both.events).toMatchObject([{ reference: 'R', lines: [{ quantity: 1 }] }]);
		expect(both.columns).toEqual({});
		await expect(reportOf('Order Date,Weather\n1,2\n')).rejects.toThrow(/no column reference or wms_order_id/);
	});

	it('shows once how it understood the columns, also to the next poll', async () => {
		const { root, folder } = temporaryFolder();
		const session = fileWms.open(folder, { settleMs: 0 });
		const shown = [];
		let cursor = null;
		for (const name of ['a', 'b']) {
			put(root, {
				[`shipments/${name}.csv`]: `Order #,Tracking Number\n1001,1Z${name}\n`,
				[`shipments/${name}2.csv`]: `Order #,Tracking Number\n2,1Z${name}\n`,
			});
			for await (const page of session.listShipments(cursor, nothingWaits)) {
				shown.push(page.columns);
				cursor = page.next ?? cursor;
				await page.afterRecorded?.();
			}
		}
		expect(shown).toEqual([{ 'Order #': 'reference', 'Tracking Number': 'tracking_number' }, undefined, undefined, undefined]);
		expect(new InboxMemory(cursor).showOnce(JSON.stringify(shown[0]))).toBe(false);
	});

	it('may lack empty cells at the end of a row, but not what was cut off', async () => {
		const table = 'reference,shipment_id,tracking_number,sku,quantity,tracking_url,carrier\n';
		const { events, failures } = await reportOf(`${table}1001,S1,1Z1,RED-MUG,2\n1001,S2,1Z2,TEE-L,1`);
		expect(events).toMatchObject([{ trackingNumber: '1Z1', carrier: null }]);
		expect(failures).toMatchObject([{ message: expect.stringContaining('the end of the row is missing') }]);
	});

	it('takes no row that was torn for one that names nothing', async () => {
		const table = 'reference,shipment_id,tracking_number,carrier,sku,quantity\n';
		const { events, failures } = await reportOf(`${table}1001,S1,1Z1,Post\nAG,RED-MUG,1\n1002,S2,1Z2,UPS,A,1\n`);
		expect(events).toMatchObject([{ reference: '1002' }]);
		expect(failures.map(({ origin }) => origin)).toEqual(['shipments/a.csv, row 2', 'shipments/a.csv, row 3']);
	});

	it.each(['1123-11-23', '1123', '11:23', '0026-11-23', '2126-01-01', '2026'])('takes no date of the year %s', async (date) => {
		const { events, failures } = await reportOf(`${HEADER}\nN1,S1,UPS,,1Z1,${date},,RED-MUG,2\n`);
		expect([events, failures]).toMatchObject([[], [{ message: expect.stringContaining(date) }]]);
	});
});
