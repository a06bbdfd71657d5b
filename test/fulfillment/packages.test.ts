/** Several numbers as warehouses tell them, on the way to the order store. */
import type { Order } from '../../lib/order/order';
import { trackingNumbersOf } from '../../lib/order/packages';
import type { WmsEvent } from '../../lib/order/wmsEvent';
import { readReport } from '../../lib/wms/file/reports';
import { reportOf as extensivReport } from '../../lib/wms/extensiv/reports';
import { DEFAULTS } from '../../lib/wms/genericHttp';
import { reportOf as httpReport } from '../../lib/wms/genericHttp/reports';
import { packageOfLabel, shippedReport } from '../../lib/wms/shipStation/reports';
import { openOrder, report } from '../store/fixtures';
import { onEachDatabase } from '../store/harness';

const ofFile = async (name: string, rows: readonly string[]): Promise<WmsEvent[]> => {
	const { events, failures } = await readReport([Buffer.from(`${rows.join('\r\n')}\r\n`)] as never, name, 'shipments');
	expect(failures).toEqual([]);
	return events;
};

/** Files as warehouses wrote them; N1 is the reference. */
const FILES: ReadonlyArray<[what: string, rows: string[], numbers: string[]]> = [
	[
		'two boxes, no contents',
		['reference,shipment_id,carrier,tracking_number', 'N1,B1,UPS,1Z999AA1000000F11', 'N1,B2,UPS,1Z999AA1000000F12'],
		['1Z999AA1000000F11', '1Z999AA1000000F12'],
	],
	['two boxes of one shipment, no contents', ['reference,shipment_id,tracking_number', 'N1,B1,F11', 'N1,B1,F12'], ['F11', 'F12']],
	[
		'all pieces on the first box',
		[
			'reference,shipment_id,carrier,tracking_number,sku,quantity',
			'N1,B1,UPS,1Z999AA1000000F11,RED-MUG,2',
			'N1,B1,UPS,1Z999AA1000000F11,TEE-L,1',
			'N1,B1,UPS,1Z999AA1000000F12,,',
		],
		['1Z999AA1000000F11', '1Z999AA1000000F12'],
	],
	[
		'all pieces on the last box',
		['reference,shipment_id,tracking_number,sku,quantity', 'N1,B1,F12,,', 'N1,B1,F11,RED-MUG,2', 'N1,B1,F11,TEE-L,1'],
		['F11', 'F12'],
	],
	['two numbers in a cell', ['reference,shipment_id,tracking_number,sku,quantity', 'N1,S1,"1Z1, 1Z2",RED-MUG,2'], ['1Z1', '1Z2']],
];

onEachDatabase('numbers of warehouses', (open) => {
	it.each(FILES)('a file of %s: one shipment with all of them, and again nothing', async (_, rows, numbers) => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const events = await ofFile(
			'a.csv',
			rows.map((row) => row.replace(/^N1/, order.reference)),
		);
		await orderStore.recordShipments(report(events));
		const recorded = async (): Promise<Order> => (await orderStore.get(order.id))!;
		expect((await recorded()).shipments.map(trackingNumbersOf)).toEqual([numbers]);
		expect((await recorded()).alerts).toEqual([]);
		expect((await orderStore.recordShipments(report(events))).map(({ kind }) => kind)).toEqual(events.map(() => 'repeated'));
	});

	it('boxes of a part of the order leave the rest outstanding', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const events = await ofFile('a.csv', [
			'reference,shipment_id,tracking_number,sku,quantity',
			`${order.reference},B1,F11,RED-MUG,2`,
			`${order.reference},B1,F12,,`,
		]);
		await orderStore.recordShipments(report(events));
		expect(await orderStore.get(order.id)).toMatchObject({
			status: 'partially_shipped',
			shipments: [{ lines: [{ lineId: 'L1', quantity: 2 }], packages: [{ trackingNumbers: ['F11'] }, { trackingNumbers: ['F12'] }] }],
		});
	});

	it('a box whose goods are told later is a shipment of them', async () => {
		const { orderStore } = await open();
		const order = await openOrder(orderStore);
		const header = 'reference,shipment_id,tracking_number,sku,quantity';
		const first = await ofFile('a.csv', [header, `${order.reference},B1,F11,RED-MUG,2`, `${order.reference},B1,F12,,`]);
		const later = await ofFile('b.csv', [header, `${order.reference},B1,F12,TEE-L,1`]);
		await orderStore.recordShipments(report(first));
		expect((await orderStore.recordShipments(report(later))).map(({ kind }) => kind)).toEqual(['recorded']);
		expect((await orderStore.recordShipments(report([...first, ...later]))).map(({ kind }) => kind)).toEqual([
			'repeated',
			'repeated',
			'repeated',
		]);
		expect((await orderStore.get(order.id))!.shipments.map(({ lines, ...of }) => [trackingNumbersOf(of), lines])).toEqual([
			[['F11'], [{ lineId: 'L1', quantity: 2 }]],
			[['F12'], [{ lineId: 'L2', quantity: 1 }]],
		]);
	});
});

describe('several numbers in one report', () => {
	const { shipments: settings } = DEFAULTS;
	const entry = { reference: 'R1', orderId: 'W1', id: 'S1', status: 'shipped', items: [{ sku: 'A', quantity: 1 }] };
	const ofHttp = (more: object) => httpReport({ ...entry, ...more }, settings!);

	it.each([
		['a list', { trackingNumber: ['A', 'B'] }, [{ trackingNumbers: ['A', 'B'] }]],
		[
			'a list with links',
			{ trackingNumber: ['A', 'B'], trackingUrl: ['https://t/A', 'https://t/B'] },
			[
				{ trackingNumbers: ['A'], trackingUrl: 'https://t/A' },
				{ trackingNumbers: ['B'], trackingUrl: 'https://t/B' },
			],
		],
		['a list of one', { trackingNumber: ['A'] }, undefined],
	])('of the HTTP API: %s', (_, more, packages) => {
		const shipped = ofHttp(more).events.find(({ kind }) => kind === 'shipped');
		expect(shipped).toMatchObject({ externalId: 'S1', trackingNumber: 'A' });
		if (packages === undefined) expect(shipped).not.toHaveProperty('packages');
		else expect(shipped).toMatchObject({ packages });
	});

	it('of the HTTP API: a list of something else is a failure', () =>
		expect(ofHttp({ trackingNumber: ['A', { no: 'number' }] })).toMatchObject({
			failures: [{ message: expect.stringContaining('list of tracking numbers') }],
		}));

	it('of Extensiv: cartons without contents, and further numbers of the order', () => {
		const order = {
			readOnly: { orderId: 7, status: 1, isClosed: true, packages: [{ packageId: 1, trackingNumber: '1Z2' }] },
			referenceNum: 'R1',
			orderItems: [{ qty: 2, externalId: 'L1', itemIdentifier: { sku: 'A' } }],
			parcelResponse: { trackingNumbers: ['1Z1', '1Z2', '1Z3'] },
		};
		expect(extensivReport(order as never, 'UTC', false).events.filter(({ kind }) => kind === 'shipped')).toMatchObject([
			{
				externalId: 'order:7',
				trackingNumber: '1Z1',
				packages: [{ trackingNumbers: ['1Z1'] }, { key: 'package:1', trackingNumbers: ['1Z2'] }, { trackingNumbers: ['1Z3'] }],
			},
		]);
	});

	it('of ShipStation: a label of several packages', () => {
		const label = {
			label_id: 'se-1',
			status: 'completed',
			carrier_code: 'ups',
			tracking_number: '1Z1',
			created_at: '2026-11-20T08:00:00Z',
			packages: [
				{ tracking_number: '1Z1', weight: { value: 2, unit: 'kilogram' } },
				{ tracking_number: '1Z2', weight: { value: 1, unit: 'pound' } },
			],
		};
		const shipment = { external_shipment_id: 'R1', shipment_id: 'se-9', items: [] };
		expect(shippedReport(packageOfLabel(label)!, shipment, new Set(['R1'])).events).toMatchObject([
			{
				externalId: 'se-1',
				trackingNumber: '1Z1',
				packages: [
					{ trackingNumbers: ['1Z1'], weight: 2000 },
					{ trackingNumbers: ['1Z2'], weight: 454 },
				],
			},
		]);
	});
});
