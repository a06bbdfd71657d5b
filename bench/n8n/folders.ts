/** What both sides of a comparison get: one export of the shop, one report of the warehouse. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { csvFiles, putFile } from '../../demo/folders';
import { exportFile, sampleOrders, type SampleOrder } from '../../demo/shop';

/** Orders that go straight through, of one line each, so that a do-it-yourself workflow has no lines to gather. */
export const plainOrders = (count: number): SampleOrder[] =>
	sampleOrders(count * 2)
		.filter(({ kind }) => kind === 'plain')
		.slice(0, count)
		.map((order) => ({ ...order, lines: order.lines.slice(0, 1) }));

export const exportOrders = (shop: string, orders: readonly SampleOrder[], inbox = 'orders', file = 'orders_export.csv'): void =>
	putFile(path.join(shop, inbox), file, exportFile(orders));

/** One parcel for each order. */
export function reportShipments(warehouse: string, references: readonly string[]): void {
	const rows = references.map((reference, index) => `${reference},S${index},UPS,GROUND,1Z${reference},2026-11-25T10:00:00Z`);
	putFile(
		path.join(warehouse, 'shipments'),
		'shipments.csv',
		`reference,shipment_id,carrier,service_level,tracking_number,shipped_at\n${rows.join('\n')}\n`,
	);
}

/** When the last of `count` files was written; null = they are not all there. */
export function lastWritten(directory: string, count: number): number | null {
	const names = csvFiles(directory);
	if (names.length < count) return null;
	return Math.max(...names.map((name) => statSync(path.join(directory, name)).mtimeMs));
}

export const referencesIn = (directory: string): string[] =>
	readdirSync(directory)
		.filter((name) => name.endsWith('.csv'))
		.map((name) => name.replace(/\.csv$/, ''));
