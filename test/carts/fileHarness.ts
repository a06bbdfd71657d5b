import fs from 'node:fs';
import path from 'node:path';
import { fileCart, type FileCartSettings } from '../../lib/carts/file';
import type { ImportFilter, RawOrderPage } from '../../lib/carts/Cart';
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { ImportedOrder } from '../../lib/order/order';
import type { Cursor } from '../../lib/order/wmsEvent';
import { put, temporaryFolder } from '../files/openLocal';

export const EVERYTHING: ImportFilter = { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 50 };

export const fixture = (name: string): Buffer => fs.readFileSync(path.join(__dirname, '../fixtures/orders', name));

/** A cart over a folder with these files in its inbox. */
export function cartWith(files: Record<string, string | Uint8Array>, settings: Partial<FileCartSettings> = {}) {
	const { root, folder } = temporaryFolder();
	put(root, Object.fromEntries(Object.entries(files).map(([name, content]) => [`orders/${name}`, content])));
	return { root, folder, session: fileCart.open(folder, { store: 'acme', format: 'auto', settleMs: 0, ...settings }) };
}

export interface Imported {
	pages: RawOrderPage[];
	orders: ImportedOrder[];
	failures: NewImportFailure[];
}

/** One poll, as the import does it. @param record false = crash before anything was archived */
export async function poll(
	session: ReturnType<typeof fileCart.open>,
	filter: Partial<ImportFilter> = {},
	{ record = true, cursor = null as Cursor | null, stopAfter = Infinity } = {},
): Promise<Imported> {
	const result: Imported = { pages: [], orders: [], failures: [] };
	for await (const page of session.listOrders(cursor, { ...EVERYTHING, ...filter })) {
		result.pages.push(page);
		result.orders.push(...page.orders.map((raw) => fileCart.toOrder(raw)));
		result.failures.push(...page.failures);
		if (record) await page.afterRecorded?.();
		if (result.pages.length >= stopAfter) break;
	}
	return result;
}
