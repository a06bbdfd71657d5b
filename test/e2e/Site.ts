/** A shop and a warehouse with their folders, as they are around an n8n: the demo's, which know nothing of our package. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { audit, type Audit } from '../../demo/audit';
import { csvFiles, putFile, readCsv } from '../../demo/folders';
import { exportFile, type SampleOrder } from '../../demo/shop';

export class Site {
	readonly shop: string;
	readonly warehouse: string;
	private readonly process: ChildProcess;
	private exports = 0;

	constructor(
		readonly folder: string,
		readonly orders: readonly SampleOrder[],
	) {
		this.shop = path.join(folder, 'shop');
		this.warehouse = path.join(folder, 'warehouse');
		mkdirSync(path.join(this.shop, 'orders'), { recursive: true });
		mkdirSync(this.warehouse, { recursive: true });
		this.process = fork(path.join(__dirname, '../../demo/warehouse.ts'), [this.warehouse], { execArgv: ['--import', 'tsx'] });
	}

	/** The shop writes an export file; `inbox` is a folder below the shop's. */
	export(orders: readonly SampleOrder[], inbox = 'orders'): void {
		this.exports += 1;
		putFile(path.join(this.shop, inbox), `orders_export_${this.exports}.csv`, exportFile(orders));
	}

	/** What the shop could not export rightly, corrected and exported again. */
	exportCorrected(): void {
		const malformed = this.orders.filter(({ kind }) => kind === 'malformed row');
		for (const { lines } of malformed) for (const line of lines) line.quantity = 2;
		this.export(malformed);
	}

	/** The goods of the second or third delivery came in; the warehouse ships what waited for them. */
	async deliver(delivery: number): Promise<void> {
		const delivered = new Promise((resolve) => this.process.once('message', resolve));
		this.process.send({ delivery });
		await delivered;
	}

	/** Order files that the warehouse was given until now. */
	get sent(): number {
		return csvFiles(path.join(this.warehouse, 'orders')).length + csvFiles(path.join(this.warehouse, 'orders/processed')).length;
	}

	get accepted(): number {
		return readCsv(path.join(this.warehouse, 'ledger.csv')).filter(({ verdict }) => verdict === 'accepted').length;
	}

	/** Tracking files that the shop was given until now. */
	get tracked(): number {
		return csvFiles(path.join(this.shop, 'tracking')).length;
	}

	audit(): Audit {
		return audit(this.folder, this.orders);
	}

	stop(): void {
		if (this.process.connected) this.process.disconnect();
	}
}

/** What must never be more than 0, in one line. */
export const verdict = ({ sentTwice, lost, uploadedTwice, sentWrongly }: Audit): string =>
	`sent twice ${sentTwice.length}, lost ${lost.length}, uploaded twice ${uploadedTwice.length}, sent wrongly ${sentWrongly.length}`;

export const isClean = (counted: Audit): boolean => Object.values(counted).every((list: string[]) => list.length === 0);
