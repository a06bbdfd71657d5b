/** Orders that are split: their parts are made, taken away and followed in the transaction of whatever moves them. */
import { mayBeAtWms, parentStatus, type PartState } from '../../order/parts';
import { FulfillmentError } from '../../order/errors';
import { statusLabel, type OrderStatus } from '../../order/status';
import { entry, type Actor } from '../../order/timeline';
import { dueAfterMove } from '../../order/due';
import type { NewPart, OrderStore } from '../OrderStore';
import { newId } from '../ids';
import { partReference } from '../reference';
import { deleteRows } from './deletion';
import { fullRows, readOrders } from './orders';
import type { Move } from './plan';
import { contentColumns, parse, resolved, snapshotHash, stored, UNTOUCHED, type FullRow, type Progress } from './rows';
import type { Database, Session, Transaction } from './session';
import type { ContentRow, OrderRow } from './tables';
import { append } from './timeline';

export const parts = (database: Database): OrderStore['parts'] => async (orderIds) => {
	if (orderIds.length === 0) return [];
	return await database.read(async (session) => {
		const { dialect, tables } = session;
		const ids = await session.query<{ id: string }>(
			`SELECT id FROM ${tables.order} WHERE parent_id IS NOT NULL AND parent_id ${dialect.anyOf(1)} ORDER BY parent_id, id`,
			[dialect.list(orderIds)],
		);
		const found = new Map((await readOrders(session, ids.map(({ id }) => id))).map((order) => [order.id, order]));
		return ids.flatMap(({ id }) => found.get(id) ?? []);
	});
};

/** A split whose order was moved to Routed in this transaction. */
export interface Splitting {
	orderId: string;
	parts: readonly NewPart[];
	actor: Actor;
}

/** Makes the parts of orders that are split. Their rows are locked, and only the move that won makes any. */
export async function makeParts(transaction: Transaction, splits: readonly Splitting[], now: string): Promise<void> {
	if (splits.length === 0) return;
	const parents = new Map((await fullRows(transaction, splits.map(({ orderId }) => orderId))).map((row) => [row.id, row]));
	const payloads = await payloadsOf(transaction, [...parents.keys()]);
	const made = splits.flatMap(({ orderId, parts: wanted, actor }) => {
		const parent = parents.get(orderId)!;
		return wanted.map((part, index) => ({ parent, part, actor, number: parent.parts_made + index + 1 }));
	});
	let waiting = made.map((one) => ({ ...one, row: partRow(one, now, false) }));
	const rows: typeof waiting = [];
	for (const collides of [false, true]) {
		if (collides) waiting = waiting.map((one) => ({ ...one, row: { ...partRow(one, now, true), id: one.row.id } }));
		const created = await transaction.insertMany('order', waiting.map(({ row }) => row), ['id']);
		rows.push(...waiting.filter((_, index) => created.has(index)));
		// Another order has the reference that the part would have got.
		waiting = waiting.filter((_, index) => !created.has(index));
		if (waiting.length === 0) break;
	}
	if (waiting.length > 0) throw new Error(`Order ${waiting[0]!.parent.id} could not be split: its references are taken`);
	await transaction.insertMany(
		'order_content',
		rows.map(({ row, part, parent }): ContentRow => ({
			order_id: row.id,
			snapshot: stored(part.content),
			edits: '{}',
			result: null,
			served_holds: '[]',
			progress: '{}',
			payload: payloads.get(parent.id) ?? 'null',
		})),
		[],
	);
	await append(
		transaction,
		splits.flatMap(({ orderId, actor }) => {
			const own = rows.filter(({ parent }) => parent.id === orderId).sort((left, right) => left.number - right.number);
			return [
				{
					...entry('split', actor, { parts: own.map(({ row, part }) => ({ orderId: row.id, reference: row.reference, warehouse: part.content.warehouse })) }),
					orderId,
				},
				...own.map(({ row, parent }) => ({ ...entry('split_from', actor, { orderId: parent.id, reference: parent.reference }), orderId: row.id })),
			];
		}),
		now,
	);
	for (const { orderId, parts: wanted } of splits) {
		await transaction.execute(`UPDATE ${transaction.tables.order} SET parts_made = parts_made + ${wanted.length} WHERE id = $1`, [orderId]);
	}
}

async function payloadsOf({ query, dialect, tables }: Session, ids: readonly string[]): Promise<Map<string, string>> {
	const rows = await query<Pick<ContentRow, 'order_id' | 'payload'>>(
		`SELECT order_id, payload FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	return new Map(rows.map(({ order_id: id, payload }) => [id, payload]));
}

function partRow({ parent, part, number }: { parent: FullRow; part: NewPart; number: number }, now: string, collides: boolean): OrderRow {
	const reference = partReference(parent.reference_base, number, collides ? parent.id : null);
	return {
		...UNTOUCHED,
		id: newId(),
		store: parent.store,
		cart: parent.cart,
		external_id: parent.external_id,
		imported_at: parent.imported_at,
		abandon_at: parent.abandon_at,
		abandon_days: parent.abandon_days,
		reference,
		reference_base: reference,
		...contentColumns(part.content, { imported_at: parent.imported_at, external_id: parent.external_id, reference }),
		status: 'routed',
		parent_id: parent.id,
		updated_at: now,
		due_at: resolved(dueAfterMove('routed', {}), now),
		snapshot_hash: snapshotHash(stored(part.content)),
		bundle_size: parent.bundle_size,
	};
}

export type PartRow = Pick<
	OrderRow,
	'id' | 'parent_id' | 'status' | 'wms_order_id' | 'attempts' | 'sent_at' | 'alert_code' | 'shipment_count' | 'reference' | 'version'
>;

export const PART_COLUMNS = 'o.id, o.parent_id, o.status, o.wms_order_id, o.attempts, o.sent_at, o.alert_code, o.shipment_count, o.reference, o.version';

/** The parts of these orders, locked, by order. The orders must be locked already. */
export async function lockedParts({ query, dialect, tables }: Transaction, parentIds: readonly string[]): Promise<Map<string, PartRow[]>> {
	const byParent = new Map<string, PartRow[]>();
	if (parentIds.length === 0) return byParent;
	const rows = await query<PartRow>(
		`SELECT ${PART_COLUMNS} FROM ${tables.order} o WHERE o.parent_id IS NOT NULL AND o.parent_id ${dialect.anyOf(1)} ORDER BY o.id${dialect.forUpdate}`,
		[dialect.list(parentIds)],
	);
	for (const row of rows) byParent.set(row.parent_id!, [...(byParent.get(row.parent_id!) ?? []), row]);
	return byParent;
}

export const stateOf = (row: Omit<PartRow, 'parent_id' | 'version' | 'reference' | 'id'>): PartState => ({
	status: row.status as OrderStatus,
	wmsOrderId: row.wms_order_id,
	attempts: row.attempts,
	sentAt: row.sent_at,
	alertCode: row.alert_code,
	shipmentCount: row.shipment_count,
});

/** What keeps the parts of an order from being taken away; null = nothing. */
export function keptBy(states: readonly PartRow[]): FulfillmentError | null {
	const kept = states.find((row) => mayBeAtWms(stateOf(row)));
	if (kept === undefined) return null;
	return new FulfillmentError(
		'operation_refused',
		`The order is split, and its part ${kept.reference} is ${statusLabel(kept.status as OrderStatus)}: the warehouse has it, or may have it.`,
		'Reprocess, reset or cancel its parts one by one.',
	);
}

/** Takes the parts of orders away for good; what they were is in the timeline of their order. The rows must be locked. */
export async function removeParts(transaction: Transaction, removals: ReadonlyArray<{ orderId: string; actor: Actor; parts: readonly PartRow[] }>, now: string): Promise<void> {
	const gone = removals.flatMap(({ parts: rows }) => rows.map(({ id }) => id));
	if (gone.length === 0) return;
	await deleteRows(transaction, gone);
	await append(
		transaction,
		removals.filter(({ parts: rows }) => rows.length > 0).map(({ orderId, actor, parts: rows }) => ({
			...entry('parts_removed', actor, { references: rows.map(({ reference }) => reference) }),
			orderId,
		})),
		now,
	);
}

const SYSTEM: Actor = { kind: 'system', name: 'Split' };

/**
 * What parents of splits have to do after their parts changed: quantities and status follow from the parts. The parents are locked before
 * their parts are read, so that of two parts that change at once the second one sees what the first one did.
 */
export async function parentMoves(transaction: Transaction, parentIds: readonly string[]): Promise<Move[]> {
	const { query, dialect, tables } = transaction;
	const parents = (await fullRows(transaction, parentIds, true)).filter(({ status }) => status === 'routed' || status === 'partially_shipped');
	if (parents.length === 0) return [];
	const rows = await query<Pick<OrderRow, 'parent_id' | 'status' | 'shipment_count'> & Pick<ContentRow, 'progress'>>(
		`SELECT o.parent_id, o.status, o.shipment_count, c.progress FROM ${tables.order} o ` +
			`JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.parent_id IS NOT NULL AND o.parent_id ${dialect.anyOf(1)}`,
		[dialect.list(parents.map(({ id }) => id))],
	);
	return parents.flatMap((parent): Move[] => {
		const own = rows.filter((row) => row.parent_id === parent.id).map((row) => ({ ...row, done: parse<Progress>(row.progress) }));
		const progress: Progress = {};
		for (const { done } of own) {
			for (const [lineId, { shipped, canceled }] of Object.entries(done)) {
				const before = progress[lineId] ?? { shipped: 0, canceled: 0 };
				progress[lineId] = { shipped: before.shipped + shipped, canceled: before.canceled + canceled };
			}
		}
		const status = parent.status as OrderStatus;
		const to = parentStatus(status, own.map((row) => ({ status: row.status as OrderStatus, shipped: Object.values(row.done).some(({ shipped }) => shipped > 0) })));
		if (to === status && stored(progress) === parent.progress) return [];
		return [
			{
				orderId: parent.id,
				version: parent.version,
				actor: SYSTEM,
				reason: to === status ? null : REASONS[to] ?? null,
				...(to === status ? {} : { from: status, to }),
				// The parts are what waits for somebody.
				set: { progress, dueAt: null },
			},
		];
	});
}

const REASONS: Partial<Record<OrderStatus, string>> = {
	partially_shipped: 'One of its parts was shipped.',
	closed: 'All its parts are closed.',
	canceled: 'All its parts were canceled.',
};
