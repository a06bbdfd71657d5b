import fs from 'node:fs';
import path from 'node:path';
import { fileCart, type FileCartSettings } from '../../lib/carts/file';
import { chosenBy } from '../../lib/fulfillment/importOrders';
import type { ImportFilter, OrderPage } from '../../lib/carts/Cart';
import { isOver } from '../../lib/order/cartWord';
import type { NewImportFailure } from '../../lib/order/importFailure';
import type { ImportedOrder } from '../../lib/order/order';
import type { Cursor } from '../../lib/order/wmsEvent';
import { put, temporaryFolder, tree } from '../files/openLocal';
import type { CartHarness } from './contract';

export const EVERYTHING: ImportFilter = { earliestOrderDate: null, statuses: [], tags: [], skus: [], pageSize: 50 };

export const fixture = (name: string): Buffer => fs.readFileSync(path.join(__dirname, '../fixtures/orders', name));

/** A cart over a folder with these files in its inbox. */
export function cartWith(files: Record<string, string | Uint8Array>, settings: Partial<FileCartSettings> = {}) {
	const { root, folder } = temporaryFolder();
	put(root, Object.fromEntries(Object.entries(files).map(([name, content]) => [`orders/${name}`, content])));
	return { root, folder, session: fileCart.open(folder, { store: 'acme', format: 'auto', settleMs: 0, ...settings }) };
}

export interface Imported {
	pages: OrderPage[];
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
		const { earliestOrderDate, skus, tags } = { ...EVERYTHING, ...filter };
		const isTaken = (order: ImportedOrder): boolean =>
			order.notEligible === undefined
				? chosenBy(order, { earliestOrderDate, skus, tags }).notEligible === undefined
				: isOver(order.word.readiness);
		result.orders.push(...page.orders.filter(isTaken));
		result.failures.push(...page.failures);
		if (record) await page.afterRecorded?.();
		if (result.pages.length >= stopAfter) break;
	}
	return result;
}

const HEADER = 'orderNumber,orderedAt,shippingAddress.name,shippingAddress.country,lines.sku,lines.quantity,lines.unitPrice';
const row = (number: number, quantity = '1'): string => `N-${number},2026-09-03T10:00:00Z,Ada,us,SKU-${number},${quantity},1.50`;

export const fileHarness: CartHarness = {
	withOrders: async (count) => {
		const rows = Array.from({ length: count }, (_, index) => row(index));
		const half = Math.ceil(count / 2);
		return cartWith({ 'a.csv': [HEADER, ...rows.slice(0, half)].join('\n'), 'b.csv': [HEADER, ...rows.slice(half)].join('\n') }).session;
	},
	withBadOrders: async () => cartWith({ 'a.csv': [HEADER, row(1, 'x'), row(2), row(3, '-1')].join('\n') }).session,
	withTracking: async () => {
		const { root, session } = cartWith({});
		const files = () => Object.entries(tree(root)).filter(([name]) => name.startsWith('tracking/'));
		return {
			session,
			given: async () => await Promise.resolve(files().length),
			numbers: async () =>
				await Promise.resolve([
					...new Set(
						files().flatMap(([, text]) =>
							text
								.split('\r\n')
								.slice(1)
								.flatMap((row) => row.split(',')[5] ?? [])
								.filter(Boolean),
						),
					),
				]),
		};
	},
};
