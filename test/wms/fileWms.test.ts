import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { unrestrictedFileAccess } from '../../lib/files/fileAccess';
import { openLocalFolder } from '../../lib/files/localFolder';
import type { Folder } from '../../lib/files/Folder';
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import { fileWms, fileWmsFor, type FileWmsSettings } from '../../lib/wms/file';
import { anOrder } from '../carts/order';
import { put, takenAtOnce, temporaryDirectory, temporaryFolder, tree } from '../files/openLocal';
import { nothingWaits } from './waiting';

function warehouse(files: Record<string, string | Uint8Array> = {}, settings: FileWmsSettings = {}) {
	const { root, folder } = temporaryFolder();
	put(root, files);
	return { root, folder, session: fileWms.open(folder, { settleMs: 0, ...settings }) };
}

async function poll(session: ReturnType<typeof warehouse>['session']): Promise<{ events: WmsEvent[]; failures: NewImportFailure[] }> {
	const events: WmsEvent[] = [];
	const failures: NewImportFailure[] = [];
	for await (const page of session.listShipments(null, nothingWaits)) {
		events.push(...page.events);
		failures.push(...page.failures);
		await page.afterRecorded?.();
	}
	return { events, failures };
}

/** What the warehouse does with an order file. */
const take = (root: string, reference: string): void => {
	fs.mkdirSync(path.join(root, 'orders/processed'), { recursive: true });
	fs.renameSync(path.join(root, `orders/${reference}.csv`), path.join(root, `orders/processed/${reference}.csv`));
};

const send = async (session: ReturnType<typeof warehouse>['session'], order = anOrder()) =>
	await session.createOrder(fileWms.toRequest(order));

afterEach(() => jest.restoreAllMocks());

describe('the order file', () => {
	it('has one row for the order and one for each line', async () => {
		const { root, session } = warehouse();
		await send(
			session,
			anOrder({
				giftMessage: '=HYPERLINK("x")',
				shippingNotes: 'Ring,\ntwice',
				lines: [{ ...anOrder().lines[0]!, quantityShipped: 1, options: { Color: 'Red' } }],
			}),
		);
		expect(tree(root)['orders/acme.1001.csv']).toBe(
			'record_type,reference,order_number,order_id,store,merchant,ordered_at,requested_ship_date,ship_name,ship_company,ship_address1,ship_address2,ship_address3,ship_city,ship_region,ship_postal_code,ship_country,ship_phone,ship_email,shipping_method,carrier,service_level,warehouse,signature_required,insured_amount,third_party_account,gift_message,shipping_notes,currency,total,line_id,line_external_id,sku,name,quantity,unit_price,weight_grams,options\r\n' +
				'H,acme.1001,#1001,5123456789001,acme,,2026-09-03T14:14:00.000Z,,Ada Lovelace,,12 Byron St,,,Boston,MA,02134,US,+1 617 555 0100,ada@example.com,Standard,,,WH1,false,,,"\'=HYPERLINK(""x"")","Ring,\ntwice",USD,35.00,,,,,,,,\r\n' +
				'L,acme.1001,,,,,,,,,,,,,,,,,,,,,,,,,,,,,L1,ext-L1,RED-MUG,RED-MUG,1,10.00,100,Color: Red\r\n',
		);
	});

	it('was taken by the warehouse the moment it appeared: nobody else sent it', async () => {
		const { root, folder } = warehouse();
		const session = fileWms.open(takenAtOnce(folder, 'orders'), { settleMs: 0 });
		expect(await send(session)).toEqual({ kind: 'accepted', wmsOrderId: 'acme.1001' });
		expect(Object.keys(tree(root))).toEqual(['orders/processed/acme.1001.csv']);
	});

	it('is withdrawn when that of another worker was taken while this one slept, and says how they differ', async () => {
		const { root, folder, session } = warehouse();
		const asleep = {
			...folder,
			create: async (...to: Parameters<Folder['create']>) => {
				await send(session, anOrder({ shippingAddress: { ...anOrder().shippingAddress!, address1: '7 Oak St' } }));
				take(root, 'acme.1001');
				return await folder.create(...to);
			},
		};
		expect(await send(fileWms.open(asleep, { settleMs: 0 }))).toMatchObject({
			kind: 'duplicate',
			differs: 'ship_address1: "7 Oak St" → "12 Byron St"',
		});
		expect(Object.keys(tree(root))).toEqual(['orders/canceled/acme.1001.csv', 'orders/processed/acme.1001.csv']);
	});

	it('is not written again when the warehouse has taken it', async () => {
		const { root, session } = warehouse();
		await send(session);
		take(root, 'acme.1001');
		expect(await send(session)).toEqual({ kind: 'duplicate', wmsOrderId: 'acme.1001', differs: null });
		expect(await session.findOrder('acme.1001')).toEqual({ wmsOrderId: 'acme.1001' });
		expect(await session.cancelOrder!({ reference: 'acme.1001', wmsOrderId: null })).toBe('too_late');
		expect(Object.keys(tree(root))).toEqual(['orders/processed/acme.1001.csv']);
	});

	it('that the warehouse has is compared with the order: what it ships by, and whose it is', async () => {
		const { root, session } = warehouse();
		await send(session);
		take(root, 'acme.1001');
		expect(await send(session, anOrder({ total: '99.00', currency: 'EUR' }))).toMatchObject({ kind: 'duplicate', differs: null });
		const moved = anOrder({ shippingAddress: { ...anOrder().shippingAddress!, address1: '7 Oak St' }, store: 'zeta' });
		expect(await send(session, moved)).toMatchObject({
			kind: 'duplicate',
			differs: 'store: "acme" → "zeta"; ship_address1: "12 Byron St" → "7 Oak St"',
		});
		const [line] = anOrder().lines;
		expect(await send(session, anOrder({ lines: [line!, { ...line!, id: 'L9' }, { ...line!, id: 'L10' }] }))).toMatchObject({
			differs: expect.stringMatching(/^it has \d+ lines, not 3$/),
		});
		fs.writeFileSync(path.join(root, 'orders/processed/acme.1001.csv'), '\u0000\u0001');
		expect(await send(session)).toMatchObject({ kind: 'duplicate' });
	});

	it('is found by its acknowledgement when the warehouse has removed it', async () => {
		const { session } = warehouse({
			'acknowledgements/a.csv': 'reference,wms_order_id,status\nacme.1001,W-77,accepted\nacme.1002,,rejected\n',
		});
		expect(await session.findOrder('acme.1001')).toEqual({ wmsOrderId: 'W-77' });
		expect(await session.findOrder('acme.1002')).toBeNull();
		await poll(session);
		expect(await session.findOrder('acme.1001')).toEqual({ wmsOrderId: 'W-77' });
		expect(await session.cancelOrder!({ reference: 'acme.1001', wmsOrderId: null })).toBe('too_late');
	});

	it('goes out again after it was canceled', async () => {
		const { root, session } = warehouse();
		await send(session);
		await session.cancelOrder!({ reference: 'acme.1001', wmsOrderId: null });
		expect(await session.findOrder('acme.1001')).toBeNull();
		expect((await send(session)).kind).toBe('accepted');
		expect(Object.keys(tree(root))).toEqual(['orders/acme.1001.csv', 'orders/canceled/acme.1001.csv']);
	});

	it('is canceled or taken, never both', async () => {
		for (let round = 0; round < 30; round += 1) {
			const { root, session } = warehouse();
			await send(session);
			fs.mkdirSync(path.join(root, 'orders/processed'));
			const [canceled, taken] = await Promise.all([
				session.cancelOrder!({ reference: 'acme.1001', wmsOrderId: null }),
				fsPromises.rename(path.join(root, 'orders/acme.1001.csv'), path.join(root, 'orders/processed/acme.1001.csv')).then(
					() => true,
					() => false,
				),
			]);
			expect(canceled).toBe(taken ? 'too_late' : 'canceled');
			expect(Object.values(tree(root)).filter((text) => text !== '')).toHaveLength(1);
		}
	});

	it('does not pass for another order on a disk that takes two names for one', async () => {
		const { root, session } = warehouse();
		await send(session, anOrder({ reference: 'acme.A1' }));
		fs.renameSync(path.join(root, 'orders/acme.A1.csv'), path.join(root, 'orders/acme.a1.csv'));
		expect(await send(session, anOrder({ reference: 'acme.a1' }))).toMatchObject({ kind: 'rejected', problems: [{ field: 'reference' }] });
	});

	it('stays in its folder whatever the reference is', async () => {
		const { root, session } = warehouse();
		const hostile = ['../../x', '/etc/passwd', '..', 'a\\b', '=1', 'CON', 'a b'];
		for (const reference of hostile) {
			expect(await send(session, anOrder({ reference }))).toMatchObject({ kind: 'accepted', wmsOrderId: reference });
			expect((await send(session, anOrder({ reference }))).kind).toBe('duplicate');
		}
		expect(Object.keys(tree(root))).toHaveLength(hostile.length);
		for (const name of Object.keys(tree(root))) expect(name).toMatch(/^orders\/[A-Za-z0-9_-][A-Za-z0-9._-]*\.csv$/);
	});

	it.each([
		['ENOSPC', 'unavailable'],
		['EACCES', 'unavailable'],
		['EROFS', 'unavailable'],
		['EIO', 'unknown'],
	])('%s while it gets its name: %s', async (code, kind) => {
		const { session } = warehouse();
		const failing = Object.assign(new Error(code), { code });
		jest.spyOn(fsPromises, 'link').mockRejectedValue(failing);
		jest.spyOn(fsPromises, 'rename').mockRejectedValue(failing);
		expect(await send(session)).toMatchObject({ kind, cause: expect.stringContaining(code) });
	});

	it('cannot be sent to a folder that is missing: try later', async () => {
		const root = path.join(temporaryDirectory(), 'not-mounted');
		const session = fileWms.open(openLocalFolder(root, unrestrictedFileAccess), {});
		expect(await send(session)).toMatchObject({ kind: 'unavailable', cause: expect.stringContaining('does not exist') });
		await expect(session.findOrder('x')).rejects.toMatchObject({ code: 'file_access' });
	});
});

describe('limits', () => {
	const long = anOrder({
		shippingAddress: { ...anOrder().shippingAddress!, address1: 'x'.repeat(50), country: 'USA', city: null },
		lines: [{ ...anOrder().lines[0]!, sku: null }],
	});

	it('lists every problem at once', () => {
		expect(() => fileWms.toRequest(long)).toThrow(
			expect.objectContaining({
				problems: [
					expect.objectContaining({
						field: 'shippingAddress.address1',
						code: 'field_too_long',
						problem: 'has 50 characters, the warehouse accepts 40',
					}),
					expect.objectContaining({ field: 'shippingAddress.city', code: 'missing_field' }),
					expect.objectContaining({ field: 'shippingAddress.country', code: 'invalid_address' }),
					expect.objectContaining({ field: 'lines.L1.sku', code: 'missing_field' }),
				],
			}),
		);
	});

	it('can be changed for a warehouse, and are checked again by its session', async () => {
		const wide = fileWmsFor({ maxAddressLine: 60 });
		const order = anOrder({ shippingAddress: { ...anOrder().shippingAddress!, address1: 'x'.repeat(50) } });
		const request = wide.toRequest(order);
		expect((await warehouse({}, { maxAddressLine: 60 }).session.createOrder(request)).kind).toBe('accepted');
		expect(await warehouse().session.createOrder(request)).toMatchObject({
			kind: 'rejected',
			problems: [{ field: 'shippingAddress.address1' }],
		});
	});
});

describe('reports', () => {
	const HEADER =
		'reference;wms_order_id;shipment_id;carrier;service_level;tracking_number;tracking_url;shipped_at;line_id;sku;quantity\r\n';

	it('puts the rows of a shipment together, also when they do not stand together', async () => {
		const { events, failures } = await poll(
			warehouse({
				'shipments/a.csv': `${HEADER}R1;W1;S1;UPS;Ground;T1;http://t/1;2026-09-05 12:00:00;L1;A;2\r\nR2;;S2;;;;;;;;\r\nR1;W1;S1;UPS;Ground;T1;http://t/1;2026-09-05 12:00:00;;B;1,0\r\n;W9;S3;;;T9;;2026-09-05T12:00:00+02:00;;C;1\r\n`,
			}).session,
		);
		expect(failures).toEqual([]);
		expect(events).toEqual([
			{
				kind: 'shipped',
				reference: 'R1',
				wmsOrderId: 'W1',
				origin: 'shipments/a.csv, row 2',
				externalId: 'S1/T1',
				sharedKey: { shipment: 'S1', alone: true, unnumbered: false },
				carrier: 'UPS',
				serviceLevel: 'Ground',
				trackingNumber: 'T1',
				trackingUrl: 'http://t/1',
				shippedAt: '2026-09-05T12:00:00.000Z',
				lines: [
					{ lineId: 'L1', sku: 'A', quantity: 2 },
					{ lineId: null, sku: 'B', quantity: 1 },
				],
			},
			expect.objectContaining({ externalId: 'S2', trackingNumber: null, shippedAt: null, lines: null }),
			expect.objectContaining({ reference: null, wmsOrderId: 'W9', externalId: 'S3/T9', shippedAt: '2026-09-05T10:00:00.000Z' }),
		]);
	});

	it('keeps the parcels of one shipment apart by their tracking numbers', async () => {
		const { events } = await poll(
			warehouse({ 'shipments/a.csv': 'reference,shipment_id,tracking_number,sku,quantity\nR,S,T1,A,1\nR,S,T2,A,1\nR,,T3,A,1\n' }).session,
		);
		expect(events).toMatchObject([{ externalId: 'S/T1' }, { externalId: 'S/T2' }, { externalId: 'T3' }]);
	});

	const S = 'reference,shipment_id,shipped_at,sku,quantity\n';
	it.each<[trap: string, file: string, content: string, message: string]>([
		['no order', 'shipments', `${S},S1,,A,1`, 'row 2, column "reference"'],
		['no shipment key', 'shipments', `${S}R,,,A,1`, 'column "shipment_id"'],
		['a bad date', 'shipments', `${S}R,S1,05/09/2026,A,1`, 'column "shipped_at"'],
		['quantity 0', 'shipments', `${S}R,S1,,A,0`, 'column "quantity"'],
		['no quantity', 'shipments', `${S}R,S1,,A,`, 'column "quantity"'],
		['a quantity of nothing', 'shipments', `${S}R,S1,,,2`, 'column "sku"'],
		['one bad row of two', 'shipments', `${S}R,S1,,A,1\nR,S1,,B,x`, 'row 3, column "quantity"'],
		['everything and something', 'shipments', `${S}R,S1,,A,1\nR,S1,,,`, 'some rows name what was in it'],
		['a row that was cut off', 'shipments', `${S}R,S1`, 'the end of the row is missing'],
		['no status', 'acknowledgements', 'reference,status\nR,', 'neither accepted nor rejected'],
		['other columns', 'shipments', 'order,parcel\n1,2', 'no column reference or wms_order_id'],
		['no file of text', 'cancellations', 'reference\n\0', 'not text'],
	])('%s is a failure and no event', async (_, directory, content, message) => {
		const { events, failures } = await poll(warehouse({ [`${directory}/a.csv`]: content }).session);
		expect(events).toEqual([]);
		expect(failures).toMatchObject([{ subject: 'shipment', message: expect.stringContaining(message) }]);
	});

	it('reads rejections and cancellations', async () => {
		const { events } = await poll(
			warehouse({
				'acknowledgements/a.csv': 'reference,status,message\nR1,Rejected,Unknown SKU TEE-L\n',
				'cancellations/a.csv': 'reference,cancellation_id,sku,quantity,reason\nR1,C1,A,1,no stock\nR1,C1,B,2,no stock\nR2,,,,\n',
			}).session,
		);
		expect(events).toMatchObject([
			{ kind: 'rejected', reference: 'R1', problems: [{ problem: 'Unknown SKU TEE-L', code: 'rejected_by_wms' }] },
			{
				kind: 'canceled',
				externalId: 'C1',
				reason: 'no stock',
				lines: [
					{ sku: 'A', quantity: 1 },
					{ sku: 'B', quantity: 2 },
				],
			},
			{ kind: 'canceled', reference: 'R2', externalId: expect.stringMatching(/^cancel-/), lines: null },
		]);
	});

	it('archives each file once it is recorded, and puts unreadable ones aside', async () => {
		const { root, session } = warehouse({
			'shipments/b.csv': `${S}R,S2,,A,1`,
			'shipments/a.csv': `${S}R,S1,,A,1`,
			'shipments/c.csv': 'x',
			'shipments/part.tmp': 'x',
		});
		expect((await poll(session)).events).toMatchObject([{ externalId: 'S1' }, { externalId: 'S2' }]);
		expect(Object.keys(tree(root))).toEqual([
			'shipments/archive/a.csv',
			'shipments/archive/b.csv',
			'shipments/failed/c.csv',
			'shipments/part.tmp',
		]);
		expect((await poll(session)).events).toEqual([]);
	});

	it('gives a parcel the same key whatever stands beside it in its file', async () => {
		const keyIn = async (rows: string): Promise<string | undefined> => {
			const { events } = await poll(
				warehouse({ 'shipments/a.csv': `reference,shipment_id,tracking_number,sku,quantity\n${rows}` }).session,
			);
			return events.flatMap((event) => (event.kind === 'shipped' && event.trackingNumber === 'T1' ? event.externalId : []))[0];
		};
		for (const rows of ['R,S,T1,A,1\n', 'R,S,T1,A,1\nR,S,T2,A,1\n', 'R,S,,A,1\nR,S,T1,A,1\n', 'R,S,T2,A,x\nR,S,T1,A,1\n'])
			expect(await keyIn(rows)).toBe('S/T1');
	});

	it('reads keys of any length, and goes on behind a row that is broken in any way', async () => {
		const long = 'k'.repeat(6_000);
		const { events, failures } = await poll(
			warehouse({
				'shipments/a.csv': `reference,shipment_id,tracking_number,shipped_at,sku,quantity\n${long},S1,T1,,A,1\nR,${long},T2,,A,1\nR,S3,${long},,A,1\nR,S4,T4,${'2'.repeat(500_000)},A,1\nR,S5,T5,,A,${'9'.repeat(500_000)}\nR,S6,T6,+250000-01-01,A,1\nR,S7,T7,,${'B'.repeat(3_000_000)},1\nR,S8,T8,,A,1\n`,
				'cancellations/a.csv': `reference,cancellation_id,sku,quantity\nR,${long},A,1\n`,
			}).session,
		);
		expect(events.map((event) => ('externalId' in event ? event.externalId.slice(0, 4) : ''))).toEqual([
			'S1/T',
			'kkkk',
			'S3/k',
			'S7/T',
			'S8/T',
			'kkkk',
		]);
		expect(failures.map(({ message }) => /column "\w+"/.exec(message)?.[0])).toEqual([
			'column "shipped_at"',
			'column "quantity"',
			'column "shipped_at"',
		]);
		for (const { payload } of failures) expect(JSON.stringify(payload).length).toBeLessThan(10_000);
	});

	it('keeps two broken rows of two files that have one name', async () => {
		const keys: string[] = [];
		for (const row of ['R,S1,,A,x', 'R,S2,,A,x', 'R,S1,,A,x'])
			keys.push((await poll(warehouse({ 'shipments/a.csv': `${S}${row}\n` }).session)).failures[0]!.key);
		expect(keys[0]).toBe(keys[2]);
		expect(keys[1]).not.toBe(keys[0]);
	});

	it('is looked at without a trace, and an acknowledgement that is being read is found', async () => {
		const { root, session } = warehouse({ 'acknowledgements/a.csv': 'reference,wms_order_id,status\nacme.1001,W-77,accepted\n' });
		const seen: WmsEvent[] = [];
		for await (const page of session.previewShipments!()) seen.push(...page.events);
		expect(seen).toMatchObject([{ kind: 'acknowledged', wmsOrderId: 'W-77' }]);
		expect(Object.keys(tree(root))).toEqual(['acknowledgements/a.csv']);
		for await (const { events } of session.listShipments(null, nothingWaits)) {
			expect(events).toHaveLength(1);
			expect(Object.keys(tree(root))).toEqual([expect.stringMatching(/^acknowledgements\/reading\//)]);
			expect(await session.findOrder('acme.1001')).toEqual({ wmsOrderId: 'W-77' });
		}
	});

	it.each<FileWmsSettings>([
		{ shipmentsDirectory: 'acknowledgements' },
		{ shipmentsDirectory: 'orders' },
		{ shipmentsDirectory: 'acknowledgements/reading' },
		{ cancellationsDirectory: 'shipments/archive' },
		{ ordersDirectory: 'shipments/failed', shipmentsDirectory: 'shipments/failed' },
	])('is refused where one directory would be for two kinds of files: %j', async (settings) => {
		await expect(poll(warehouse({}, settings).session)).rejects.toMatchObject({ code: 'invalid_input' });
	});

	it('goes on in a large file where the last poll stopped', async () => {
		const rows = Array.from({ length: 450 }, (_, index) => `R,S${index},,A,1`).join('\n');
		const { session } = warehouse({ 'shipments/a.csv': S + rows });
		for await (const page of session.listShipments(null, nothingWaits)) {
			expect(page.events).toHaveLength(200);
			for await (const next of session.listShipments(page.next, nothingWaits)) {
				expect(next.events[0]).toMatchObject({ externalId: 'S200' });
				break;
			}
			break;
		}
	});

	it('neither crashes nor hangs on any file', async () => {
		const part = fc.oneof(
			fc.constantFrom('reference', 'shipment_id', 'status', 'sku', 'quantity', ',', '\n', '"', '1', 'accepted'),
			fc.string({ maxLength: 3 }),
		);
		const { session, root } = warehouse();
		await fc.assert(
			fc.asyncProperty(
				fc.array(part, { maxLength: 60 }),
				fc.constantFrom('shipments', 'acknowledgements', 'cancellations'),
				async (parts, directory) => {
					put(root, { [`${directory}/a.csv`]: parts.join('') });
					await poll(session);
					expect(fs.existsSync(path.join(root, directory, 'a.csv'))).toBe(false);
				},
			),
			{ numRuns: 100 },
		);
	});
});
