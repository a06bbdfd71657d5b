/**
 * A small warehouse, a process of its own: takes order files from the exchange folder, acknowledges or refuses them, ships,
 * ships in parts, cancels one, never ships some, and now and then reports the same parcel twice. It knows nothing of our
 * package. Its ledger says what it accepted; the demo counts there.
 *
 * node warehouse.ts <folder>   Messages: { delivery: 2 } = the goods on back order came in.
 */
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { csvFiles, putFile, readCsv, type Row } from './folders';

const root = process.argv[2]!;
const inFolder = (...parts: string[]) => path.join(root, ...parts);
const ledger = inFolder('ledger.csv');
mkdirSync(inFolder('orders', 'processed'), { recursive: true });
writeFileSync(ledger, 'reference,order_id,order_number,verdict\n');

/** Goods that are not there yet, by SKU prefix: the delivery that brings them. */
const COMES_WITH: Record<string, number> = { 'PART-': 2, 'LATE-': 3 };
let delivery = 1;
let files = 0;
/** Lines that wait for a delivery. */
let waiting: Array<{ reference: string; line: Row; comesWith: number }> = [];

const comesWith = (sku: string): number => Object.entries(COMES_WITH).find(([prefix]) => sku.startsWith(prefix))?.[1] ?? 1;

interface Reports {
	acknowledgements: Row[];
	shipments: Row[];
	cancellations: Row[];
}

const blank = (): Reports => ({ acknowledgements: [], shipments: [], cancellations: [] });

function write(reports: Reports): void {
	for (const [directory, rows] of Object.entries(reports) as Array<[keyof Reports, Row[]]>) {
		if (rows.length === 0) continue;
		files += 1;
		putFile(inFolder(directory), `${directory}-${String(files).padStart(5, '0')}.csv`, stringify(rows, { header: true }));
	}
}

function parcel(reference: string, lines: Row[], number: number): Row[] {
	return lines.map((line) => ({
		reference,
		wms_order_id: `W-${reference}`,
		shipment_id: `S-${reference}-${number}`,
		carrier: 'UPS',
		service_level: 'GROUND',
		tracking_number: `1Z${Buffer.from(`${reference}/${number}`).toString('hex').toUpperCase()}`,
		tracking_url: '',
		shipped_at: new Date().toISOString(),
		sku: line.sku ?? '',
		line_id: '',
		quantity: line.quantity ?? '',
	}));
}

function takeOrders(): void {
	const reports = blank();
	const repeated = blank();
	for (const name of csvFiles(inFolder('orders'))) {
		const rows = readCsv(inFolder('orders', name));
		const header = rows.find(({ record_type }) => record_type === 'H')!;
		const lines = rows.filter(({ record_type }) => record_type === 'L');
		const reference = header.reference!;
		const refused = lines.some(({ sku = '' }) => sku.startsWith('UNKNOWN-'));
		appendFileSync(ledger, stringify([[reference, header.order_id, header.order_number, refused ? 'rejected' : 'accepted']]));
		renameSync(inFolder('orders', name), inFolder('orders', 'processed', name));
		reports.acknowledgements.push({
			reference,
			wms_order_id: refused ? '' : `W-${reference}`,
			status: refused ? 'rejected' : 'accepted',
			message: refused ? `SKU ${lines[0]!.sku} is not known here` : '',
		});
		if (refused) continue;
		if (lines.some(({ sku = '' }) => sku.startsWith('CANCELED-'))) {
			reports.cancellations.push({ reference, cancellation_id: `C-${reference}`, sku: '', quantity: '', reason: 'The item is damaged.' });
			continue;
		}
		if (lines.some(({ sku = '' }) => sku.startsWith('BACKORDER-'))) continue;
		const ready = lines.filter(({ sku = '' }) => comesWith(sku) <= delivery);
		waiting.push(
			...lines.filter((line) => !ready.includes(line)).map((line) => ({ reference, line, comesWith: comesWith(line.sku ?? '') })),
		);
		if (ready.length === 0) continue;
		const rowsOfParcel = parcel(reference, ready, 1);
		reports.shipments.push(...rowsOfParcel);
		if (files % 5 === 0) repeated.shipments.push(...rowsOfParcel);
	}
	write(reports);
	write(repeated);
}

function shipWhatCameIn(): void {
	const reports = blank();
	const ready = waiting.filter((item) => item.comesWith <= delivery);
	waiting = waiting.filter((item) => item.comesWith > delivery);
	for (const reference of new Set(ready.map((item) => item.reference))) {
		reports.shipments.push(
			...parcel(
				reference,
				ready.filter((item) => item.reference === reference).map(({ line }) => line),
				2,
			),
		);
	}
	write(reports);
}

process.on('message', (message: { delivery?: number }) => {
	if (message.delivery !== undefined) {
		delivery = message.delivery;
		shipWhatCameIn();
		process.send?.({ delivered: delivery });
	}
});
process.on('disconnect', () => process.exit(0));
setInterval(takeOrders, 25);
