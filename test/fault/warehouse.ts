/** The shop and the warehouse of a test: they know only their folders. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { csvFiles, putFile, readCsv, type Row } from '../../demo/folders';
import { exportFile, sampleOrders, type SampleOrder } from '../../demo/shop';

/** Plain orders; the first one is shipped in two parcels. */
export function ordersOf(count: number): SampleOrder[] {
	const line = (sku: string, quantity: number) => ({ sku, quantity, price: '9.50', title: sku });
	return sampleOrders(count)
		.slice(0, count)
		.map((order, index) => (index === 0 ? { ...order, lines: [line('RED-MUG', 2), line('TEE-L', 1)] } : order));
}

/** Makes the folders and puts the orders there, in two files. */
export function putExports(root: string, orders: readonly SampleOrder[]): void {
	for (const name of ['shop', 'warehouse']) mkdirSync(path.join(root, name), { recursive: true });
	const half = Math.ceil(orders.length / 2);
	putExport(root, 'export-1.csv', orders.slice(0, half));
	putExport(root, 'export-2.csv', orders.slice(half));
}

export const putExport = (root: string, name: string, orders: readonly SampleOrder[]): void =>
	putFile(path.join(root, 'shop', 'orders'), name, exportFile(orders));

/** Order keys that the warehouse has taken, in their order, each as often as it was taken. */
export function takings(root: string): string[] {
	const ledger = path.join(root, 'ledger.txt');
	return existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n').filter(Boolean) : [];
}

/** Takes every order file that is there, and acknowledges and ships what is in it. Gives how many there were. */
export function work(root: string): number {
	const orders = path.join(root, 'warehouse', 'orders');
	const names = csvFiles(orders);
	const reports: Record<string, Row[]> = { acknowledgements: [], 'shipments/1': [], 'shipments/2': [] };
	for (const name of names) {
		mkdirSync(path.join(orders, 'processed'), { recursive: true });
		renameSync(path.join(orders, name), path.join(orders, 'processed', name));
		const rows = readCsv(path.join(orders, 'processed', name));
		const header = rows.find(({ record_type: type }) => type === 'H')!;
		const { reference = '', order_id: key = '' } = header;
		appendFileSync(path.join(root, 'ledger.txt'), `${key}\n`);
		const times = takings(root).filter((taken) => taken === key).length;
		reports.acknowledgements!.push({ reference, wms_order_id: `W-${reference}`, status: 'accepted', message: '' });
		const parcel = (number: number, sku: string, quantity: string): Row => ({
			reference,
			shipment_id: `S-${reference}-${times}-${number}`,
			carrier: 'UPS',
			tracking_number: `1Z-${key}-${times}-${number}`,
			shipped_at: '2026-11-23T18:00:00Z',
			sku,
			quantity,
		});
		// A part of it has one line only.
		const inTwo = header.order_number === '#1001' && rows.filter(({ record_type: type }) => type === 'L').length > 1;
		reports['shipments/1']!.push(inTwo ? parcel(1, 'RED-MUG', '1') : parcel(1, '', ''));
		// Nothing named: everything that is outstanding.
		if (inTwo) reports['shipments/2']!.push(parcel(2, '', ''));
	}
	for (const [place, rows] of Object.entries(reports)) {
		const [directory = '', part = '1'] = place.split('/');
		if (rows.length > 0)
			putFile(path.join(root, 'warehouse', directory), `${takings(root).length}-${part}.csv`, stringify(rows, { header: true }));
	}
	return names.length;
}
