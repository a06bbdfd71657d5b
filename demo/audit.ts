/** Counts in the folders of the shop and of the warehouse, never in our own store. */
import path from 'node:path';
import { csvFiles, readCsv } from './folders';
import type { SampleOrder } from './shop';

export interface Audit {
	sentTwice: string[];
	/** Never reached the warehouse, or its tracking never reached the shop, although it should have. */
	lost: string[];
	uploadedTwice: string[];
	/** Reached the warehouse although it should not have. */
	sentWrongly: string[];
}

export function audit(folder: string, orders: readonly SampleOrder[]): Audit {
	const accepted = new Map<string, number>();
	for (const { order_id = '', verdict } of readCsv(path.join(folder, 'warehouse', 'ledger.csv'))) {
		if (verdict === 'accepted') accepted.set(order_id, (accepted.get(order_id) ?? 0) + 1);
	}
	const { parcelsOf, uploadedTwice, quantities } = trackingFiles(path.join(folder, 'shop', 'tracking'));
	const result: Audit = { sentTwice: [], lost: [], uploadedTwice, sentWrongly: [] };
	for (const order of orders) {
		const times = accepted.get(order.id) ?? 0;
		const label = `${order.name} (${order.kind})`;
		if (times > 1) result.sentTwice.push(`${label}: ${times} times`);
		if (order.fate === 'not_sent' && times > 0) result.sentWrongly.push(label);
		if (order.fate !== 'not_sent' && times === 0) result.lost.push(`${label}: never at the warehouse`);
		else if (order.fate === 'shipped' && !parcelsOf.has(order.id)) result.lost.push(`${label}: no tracking in the shop`);
		else if (order.fate === 'shipped') {
			const wanted = order.lines.filter(({ sku }) => !sku.startsWith('GIFTCARD')).reduce((sum, { quantity }) => sum + Number(quantity), 0);
			const told = quantities.get(order.id) ?? 0;
			if (told < wanted) result.lost.push(`${label}: tracking for ${told} of ${wanted} items`);
			if (told > wanted) result.uploadedTwice.push(`${label}: tracking for ${told} of ${wanted} items`);
		}
	}
	return result;
}

function trackingFiles(directory: string) {
	const parcelsOf = new Map<string, Set<string>>();
	const quantities = new Map<string, number>();
	const filesOf = new Map<string, number>();
	for (const name of csvFiles(directory)) {
		const rows = readCsv(path.join(directory, name));
		const { order_id = '', tracking_number = '' } = rows[0] ?? {};
		parcelsOf.set(order_id, (parcelsOf.get(order_id) ?? new Set()).add(tracking_number));
		quantities.set(
			order_id,
			rows.reduce((sum, { quantity }) => sum + Number(quantity), quantities.get(order_id) ?? 0),
		);
		const key = `${order_id}/${tracking_number}`;
		filesOf.set(key, (filesOf.get(key) ?? 0) + 1);
	}
	const uploadedTwice = [...filesOf].filter(([, times]) => times > 1).map(([key, times]) => `${key}: ${times} times`);
	return { parcelsOf, quantities, uploadedTwice };
}
