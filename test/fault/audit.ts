/** What the folders and the store say in the end, in a form that can be compared as a whole. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { csvFiles, readCsv } from '../../demo/folders';
import type { SampleOrder } from '../../demo/shop';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { TimelineEntry } from '../../lib/order/timeline';
import { takings } from './warehouse';

export interface Verdict {
	/** Order number: status. */
	statuses: Record<string, string>;
	/** Order keys of the files in the warehouse's folder, waiting and taken. */
	atWarehouse: string[];
	/** Order keys as the warehouse took them. */
	taken: string[];
	/** Tracking numbers of the files in the shop's folder. */
	tracking: string[];
	/** What is wrong in the timelines. */
	timelines: string[];
	/** Names of the export files: where they are now. */
	exports: Record<string, string[]>;
	/** Report files of the warehouse that were not archived. */
	reportsLeft: string[];
	/** Open import failures. */
	failures: number;
	alerts: number;
}

export async function verdictOf(root: string, store: OrderStore): Promise<Verdict> {
	const { items } = await store.search({ limit: 200 });
	const timelines: string[] = [];
	for (const order of items) timelines.push(...problemsOf(await store.timeline(order.id)).map((problem) => `${order.orderNumber}: ${problem}`));
	const warehouse = path.join(root, 'warehouse');
	const orderFiles = ['orders', 'orders/processed'].flatMap((directory) => filesIn(warehouse, directory));
	return {
		statuses: Object.fromEntries(items.map(({ orderNumber, status }) => [orderNumber, status]).sort()),
		atWarehouse: orderFiles.map((file) => readCsv(file)[0]!.order_id!).sort(),
		taken: takings(root).sort(),
		tracking: filesIn(path.join(root, 'shop'), 'tracking').map((file) => readCsv(file)[0]!.tracking_number!).sort(),
		timelines,
		exports: Object.fromEntries(['orders', 'orders/archive', 'orders/failed'].map((directory) => [directory, visible(path.join(root, 'shop', directory))])),
		reportsLeft: ['acknowledgements', 'shipments', 'cancellations'].flatMap((directory) => visible(path.join(warehouse, directory))),
		failures: (await store.importFailures({ openOnly: true, limit: 100 })).items.length,
		alerts: items.filter(({ alert }) => alert !== null).length,
	};
}

/** When everything has happened once. */
export const expectedOf = (orders: readonly SampleOrder[]): Verdict => ({
	statuses: Object.fromEntries(orders.map(({ name }) => [name, 'closed'])),
	atWarehouse: orders.map(({ id }) => id).sort(),
	taken: orders.map(({ id }) => id).sort(),
	tracking: orders.flatMap(({ id, name }) => (name === '#1001' ? [`1Z-${id}-1-1`, `1Z-${id}-1-2`] : [`1Z-${id}-1-1`])).sort(),
	timelines: [],
	exports: { orders: [], 'orders/archive': ['export-1.csv', 'export-2.csv'], 'orders/failed': [] },
	reportsLeft: [],
	failures: 0,
	alerts: 0,
});

const filesIn = (root: string, directory: string): string[] => csvFiles(path.join(root, directory)).map((name) => path.join(root, directory, name));

/** Plain files, those with other endings too. */
function visible(directory: string): string[] {
	try {
		return readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name).sort();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}

/** Each step once, and each from where the one before led. */
export function problemsOf(timeline: readonly TimelineEntry[]): string[] {
	const problems: string[] = [];
	const seen = new Set<string>();
	let status = 'new';
	const once = (what: string): void => {
		if (seen.has(what)) problems.push(`${what} twice`);
		seen.add(what);
	};
	for (const item of timeline) {
		if (item.kind === 'status_changed') {
			const { from, to } = item.data;
			once(`${from} to ${to}`);
			if (from !== status) problems.push(`${from} to ${to}, but it was ${status}`);
			status = to;
		} else if (item.kind === 'shipment_recorded' || item.kind === 'tracking_uploaded') once(`${item.kind} ${item.data.shipmentId}`);
		else if (item.kind === 'imported' || item.kind === 'send_outcome' || item.kind === 'wms_acknowledged' || item.kind === 'cart_acknowledged') once(item.kind);
	}
	for (const kind of ['imported', 'shipment_recorded', 'tracking_uploaded']) {
		if (!timeline.some((item) => item.kind === kind)) problems.push(`no ${kind}`);
	}
	return problems;
}
