/** What the folders and the store say in the end, in a form that can be compared as a whole. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { csvFiles, readCsv } from '../../demo/folders';
import type { SampleOrder } from '../../demo/shop';
import type { OrderStore } from '../../lib/store/OrderStore';
import type { TimelineEntry } from '../../lib/order/timeline';
import { takings } from './warehouse';
import type { Mode } from './world';
import type { Order } from '../../lib/order/order';

export interface Verdict {
	/** Order number, of parts the reference: status. */
	statuses: Record<string, string>;
	/** Order keys of the files in the warehouse's folder, waiting and taken. */
	atWarehouse: string[];
	/** Order keys as the warehouse took them. */
	taken: string[];
	/** Order numbers and tracking numbers of the files in the shop's folder. */
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

export async function verdictOf(root: string, orderStore: OrderStore): Promise<Verdict> {
	const { items } = await orderStore.search({ limit: 200 });
	const timelines: string[] = [];
	const split = new Set(items.map(({ parentId }) => parentId));
	for (const order of items) {
		const kind = order.parentId !== null ? 'part' : order.bundleSize > 0 ? 'bundle' : split.has(order.id) ? 'split' : 'whole';
		timelines.push(...problemsOf(await orderStore.timeline(order.id), kind).map((problem) => `${order.orderNumber}: ${problem}`));
	}
	const warehouse = path.join(root, 'warehouse');
	const orderFiles = ['orders', 'orders/processed'].flatMap((directory) => filesIn(warehouse, directory));
	return {
		statuses: Object.fromEntries(items.map((order) => [nameOf(order), order.status]).sort()),
		atWarehouse: orderFiles.map((file) => readCsv(file)[0]!.order_id!).sort(),
		taken: takings(root).sort(),
		tracking: filesIn(path.join(root, 'shop'), 'tracking')
			.map((file) => readCsv(file)[0]!)
			.map((row) => `${row.order_number} ${row.tracking_number}`)
			.sort(),
		timelines,
		exports: Object.fromEntries(
			['orders', 'orders/archive', 'orders/failed'].map((directory) => [directory, visible(path.join(root, 'shop', directory))]),
		),
		reportsLeft: ['acknowledgements', 'shipments', 'cancellations'].flatMap((directory) => visible(path.join(warehouse, directory))),
		failures: (await orderStore.importFailures({ openOnly: true, limit: 100 })).items.length,
		alerts: items.filter(({ alert }) => alert !== null).length,
	};
}

const nameOf = ({ orderNumber, parentId, reference }: Order): string => (parentId === null ? orderNumber : reference);

/** When everything has happened once. */
export function expectedOf(orders: readonly SampleOrder[], mode: Mode = 'route'): Verdict {
	const { names, keys, tracking } = EXPECTED[mode](orders);
	return {
		statuses: Object.fromEntries(names.map((name) => [name, 'closed'])),
		atWarehouse: [...keys].sort(),
		taken: [...keys].sort(),
		tracking: tracking.sort(),
		timelines: [],
		exports: { orders: [], 'orders/archive': ['export-1.csv', 'export-2.csv'], 'orders/failed': [] },
		reportsLeft: [],
		failures: 0,
		alerts: 0,
	};
}

interface Expected {
	names: string[];
	keys: string[];
	tracking: string[];
}

const whole = (orders: readonly SampleOrder[]): Expected => ({
	names: orders.map(({ name }) => name),
	keys: orders.map(({ id }) => id),
	tracking: orders.flatMap(({ id, name }) => (name === '#1001' ? [1, 2] : [1]).map((parcel) => `${name} 1Z-${id}-1-${parcel}`)),
});

/** Orders in the store, what the warehouse gets, and what the shop gets. */
const EXPECTED: Record<Mode, (orders: readonly SampleOrder[]) => Expected> = {
	route: whole,
	together: whole,
	// The warehouse takes the key of the order as often as the order has parts.
	split: (orders) => ({
		names: orders.flatMap(({ name, lines }) => [
			name,
			...(lines.length > 1 ? lines.map((_, index) => `${name.slice(1)}.p${index + 1}`) : []),
		]),
		keys: orders.flatMap(({ id, lines }) => lines.map(() => id)),
		tracking: orders.flatMap(({ id, name, lines }) => lines.map((_, index) => `${name} 1Z-${id}-${index + 1}-1`)),
	}),
	bundle: (orders) => {
		const key = `${orders[0]!.name.slice(1)}.b1`;
		const names = orders.map(({ name }) => name);
		return { names: [...names, names.join('+')], keys: [key], tracking: names.map((name) => `${name} 1Z-${key}-1-1`) };
	},
};

const filesIn = (root: string, directory: string): string[] =>
	csvFiles(path.join(root, directory)).map((name) => path.join(root, directory, name));

/** Plain files, those with other endings too. */
function visible(directory: string): string[] {
	try {
		return readdirSync(directory, { withFileTypes: true })
			.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
			.map(({ name }) => name)
			.sort();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}

/** What has to stand in the timeline of an order, and where it begins. */
const KINDS = {
	whole: { first: 'new', needs: ['imported', 'shipment_recorded', 'tracking_uploaded'] },
	split: { first: 'new', needs: ['imported', 'split'] },
	part: { first: 'routed', needs: ['split_from', 'shipment_recorded', 'tracking_uploaded'] },
	bundle: { first: 'new', needs: ['bundle_made', 'shipment_recorded'] },
} as const;

const ONCE: ReadonlySet<string> = new Set([
	'imported',
	'send_outcome',
	'wms_acknowledged',
	'cart_acknowledged',
	'split',
	'split_from',
	'bundled',
	'bundle_made',
]);

/** Each step once, and each from where the one before led. */
function problemsOf(timeline: readonly TimelineEntry[], kind: keyof typeof KINDS = 'whole'): string[] {
	const problems: string[] = [];
	const seen = new Set<string>();
	let status: string = KINDS[kind].first;
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
		else if (ONCE.has(item.kind)) once(item.kind);
	}
	for (const needed of KINDS[kind].needs) {
		if (!timeline.some((item) => item.kind === needed)) problems.push(`no ${needed}`);
	}
	return problems;
}
