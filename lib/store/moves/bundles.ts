/** Orders that are bundled into others: read, and moved with their bundle in the transaction of whatever moves that. */
import { alertsBy } from '../../order/alerts';
import { sourceStatus } from '../../order/bundles';
import { pendingUploads } from '../../order/derive';
import { trackingNumbersOf } from '../../order/packages';
import { sourceProgress } from '../../order/sourceLines';
import type { Actor } from '../../order/timeline';
import type { OrderStore } from '../OrderStore';
import {
	type Database,
	type Having,
	NOTHING,
	type OrderRow,
	parse,
	sameJson,
	searchable,
	type Session,
	sql,
	stored,
	type Transaction,
} from '../database';
import { FULL_ROW, type FullRow, fullRows, orderOf, ordersOf, type Progress, shipmentOf, shipmentRows } from '../orders';
import { isLiveRow, lockedParts, PART_COLUMNS, type PartRow } from './parts';
import type { Move } from './move';

export const sources =
	(database: Database): OrderStore['sources'] =>
	async (bundleIds) =>
		bundleIds.length === 0
			? []
			: await database.read(async (session) => await ordersOf(session, (await sourceRows(session, bundleIds, false)).sort(oldestFirst)));

/** The order in which orders are merged. */
export const oldestFirst = (left: Pick<OrderRow, 'ordered_at' | 'id'>, right: Pick<OrderRow, 'ordered_at' | 'id'>): number =>
	left.ordered_at === right.ordered_at ? (left.id < right.id ? -1 : 1) : left.ordered_at < right.ordered_at ? -1 : 1;

/** An order in a bundle. */
type SourceRow = Having<FullRow, 'bundled_into'>;

export async function sourceRows({ query, dialect, tables }: Session, bundleIds: readonly string[], lock: boolean): Promise<SourceRow[]> {
	return await query<SourceRow>(
		sql`SELECT ${FULL_ROW} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id
			WHERE o.bundled_into IS NOT NULL AND o.bundled_into ${dialect.anyOf(1)} ORDER BY o.id${lock ? dialect.forUpdateOf(sql`o`) : NOTHING}`,
		[dialect.list(bundleIds)],
	);
}

const SYSTEM: Actor = { kind: 'system', name: 'Bundle' };

/** What the orders in bundles have to do after their bundle or their shipments changed. The bundles must be locked. */
export async function sourceMoves(transaction: Transaction, bundleIds: readonly string[]): Promise<Move[]> {
	const rows = await sourceRows(transaction, bundleIds, true);
	if (rows.length === 0) return [];
	const bundles = new Map((await ordersOf(transaction, await fullRows(transaction, bundleIds))).map((order) => [order.id, order]));
	const shipments = await shipmentRows(
		transaction,
		rows.map(({ id }) => id),
	);
	return rows.flatMap((row): Move[] => {
		const bundle = bundles.get(row.bundled_into);
		if (bundle === undefined) return [];
		const own = shipments.filter((shipment) => shipment.order_id === row.id).map(shipmentOf);
		const progress = touched(sourceProgress(bundle.lines, row.id));
		const status = row.status;
		const { lines } = orderOf({ ...row, progress: stored(progress) }, []);
		const to = sourceStatus(status, bundle.status, lines, pendingUploads(own).length);
		const trackingText = searchable(own.flatMap(trackingNumbersOf).join('\n')).slice(0, 4000);
		if (to === status && own.length === row.shipment_count && trackingText === row.tracking_text && sameJson(progress, parse(row.progress)))
			return [];
		const reason =
			to === status
				? null
				: to === 'closed'
					? 'All is shipped, and the cart was told.'
					: `Nothing of it was shipped with ${bundle.reference}.`;
		return [
			{
				orderId: row.id,
				version: row.version,
				actor: SYSTEM,
				reason,
				...(to === status ? {} : { from: status, to }),
				set: {
					progress,
					shipmentCount: own.length,
					trackingText,
					...(to === 'canceled' ? { statusReason: reason } : {}),
					// What the cart asked for has happened.
					...(to === 'canceled' ? { alerts: { clear: alertsBy('cart') } } : {}),
				},
			},
		];
	});
}

/** Without the lines to which nothing happened. */
const touched = (progress: Progress): Progress =>
	Object.fromEntries(Object.entries(progress).filter(([, { shipped, canceled }]) => shipped > 0 || canceled > 0));

export interface BundleState {
	row: PartRow & Having<Pick<OrderRow, 'bundle_terms' | 'order_number'>, 'bundle_terms'>;
	parts: PartRow[];
	/** The warehouse has it, or may have it. */
	sent: boolean;
}

/** Bundles and their parts, locked, by id. The parts first, as everybody does: what happens to a part goes on to its bundle, and to the orders in it. */
export async function lockedBundles(transaction: Transaction, ids: readonly string[]): Promise<Map<string, BundleState>> {
	if (ids.length === 0) return new Map();
	const { query, dialect, tables } = transaction;
	await lockedParts(transaction, ids);
	const rows = await query<BundleState['row']>(
		sql`SELECT ${PART_COLUMNS}, o.bundle_terms, o.order_number FROM ${tables.order} o
			WHERE o.id ${dialect.anyOf(1)} AND o.bundle_size > 0 AND o.parent_id IS NULL ORDER BY o.id${dialect.forUpdate}`,
		[dialect.list(ids)],
	);
	// Looked up again: it may have been split just before.
	const parts = await lockedParts(
		transaction,
		rows.map(({ id }) => id),
	);
	return new Map(
		rows.map((row): [string, BundleState] => {
			const own = parts.get(row.id) ?? [];
			return [row.id, { row, parts: own, sent: [row, ...own].some(isLiveRow) }];
		}),
	);
}
