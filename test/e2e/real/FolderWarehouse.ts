/** A warehouse that exchanges files: it reads orders where they lie, and takes an order when it ships it. */
import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { csvFiles, putFile, readCsv } from '../../../demo/folders';
import type { HeldOrder, Warehouse } from './Warehouse';

export class FolderWarehouse implements Warehouse {
	readonly code = 'file';
	private reports = 0;

	constructor(private readonly folder: string) {
		for (const directory of ['orders/processed', 'shipments']) mkdirSync(path.join(folder, directory), { recursive: true });
	}

	get credential() {
		return { name: 'Warehouse', type: 'fileExchangeApi', data: { folder: this.folder } };
	}

	async orders(): Promise<HeldOrder[]> {
		return await Promise.resolve(
			['orders', 'orders/processed'].flatMap((directory) =>
				csvFiles(path.join(this.folder, directory)).map((name) => this.read(path.join(directory, name))),
			),
		);
	}

	async ship(reference: string, pieces: Record<string, number>, tracking: string): Promise<void> {
		const name = csvFiles(path.join(this.folder, 'orders')).find((file) => this.read(path.join('orders', file)).reference === reference);
		if (name !== undefined) renameSync(path.join(this.folder, 'orders', name), path.join(this.folder, 'orders/processed', name));
		const rows = Object.entries(pieces).map(
			([sku, quantity]) => `${reference},W-${reference},${tracking},UPS,GROUND,${tracking},${new Date().toISOString()},${sku},${quantity}`,
		);
		this.reports += 1;
		await Promise.resolve(
			putFile(
				path.join(this.folder, 'shipments'),
				`shipments-${this.reports}.csv`,
				`reference,wms_order_id,shipment_id,carrier,service_level,tracking_number,shipped_at,sku,quantity\n${rows.join('\n')}\n`,
			),
		);
	}

	private read(file: string): HeldOrder {
		const rows = readCsv(path.join(this.folder, file));
		const lines = rows.filter(({ record_type: type }) => type === 'L');
		return { reference: rows[0]!.reference!, pieces: Object.fromEntries(lines.map(({ sku, quantity }) => [sku!, Number(quantity)])) };
	}
}
