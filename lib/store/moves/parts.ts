/** Orders that are split: their parts are made, taken away and followed in the transaction of whatever moves them. */
import { followsParts, parentStatus } from '../../order/parts';
import { FulfillmentError } from '../../order/errors';
import { isLive } from '../../order/sendingState';
import { ENTRIES, statusLabel, type OrderStatus } from '../../order/status';
import { entry, type Actor } from '../../order/timeline';
import { dueAfterMove } from '../../order/due';
import type { NewPart, OrderStore } from '../OrderStore';
import {
	type ContentRow,
	type Database,
	type Having,
	newId,
	type OrderRow,
	parse,
	resolved,
	type Session,
	sql,
	stored,
	surely,
	type Transaction,
} from '../database';
import {
	append,
	contentColumns,
	deleteRows,
	type FullRow,
	fullRows,
	insertUnderFreeKeys,
	type Progress,
	readOrders,
	REFERENCE_TRIES,
	snapshotHash,
	UNTOUCHED,
} from '../orders';
import { keysOf } from '../../order/keys';
import type { OrderContent } from '../../order/order';
import { addedReference, isOfAddedLines, partReference } from '../../order/reference';
import type { Move } from './move';

export const parts =
	(database: Database): OrderStore['parts'] =>
	async (orderIds) => {
		if (orderIds.length === 0) return [];
		return await database.read(async (session) => {
			const { dialect, tables } = session;
			const ids = await session.query<{ id: string }>(
				sql`SELECT id FROM ${tables.order} WHERE parent_id IS NOT NULL AND parent_id ${dialect.anyOf(1)} ORDER BY parent_id, id`,
				[dialect.list(orderIds)],
			);
			const found = new Map(
				(
					await readOrders(
						session,
						ids.map(({ id }) => id),
					)
				).map((order) => [order.id, order]),
			);
			return ids.flatMap(({ id }) => found.get(id) ?? []);
		});
	};

/** A split whose order was moved to Routed in this transaction. */
interface Splitting {
	orderId: string;
	parts: readonly NewPart[];
	actor: Actor;
}

/**
 * Makes the parts of orders that are split. Their rows are locked, and only the move that won makes any. An order of added lines keeps the first of
 * its parts itself, and the others stand beside it: all of them belong to the order that the lines were added to.
 */
export async function makeParts(transaction: Transaction, splits: readonly Splitting[], now: string): Promise<void> {
	if (splits.length === 0) return;
	const parents = new Map(
		(
			await fullRows(
				transaction,
				splits.map(({ orderId }) => orderId),
			)
		).map((row) => [row.id, row]),
	);
	const payloads = await payloadsOf(transaction, [...parents.keys()]);
	const owners = new Map(
		(
			await fullRows(
				transaction,
				[...parents.values()].flatMap((row) => row.parent_id ?? []),
				true,
			)
		).map((row) => [row.id, row]),
	);
	const counted = new Map<string, number>();
	const made = splits.flatMap(({ orderId, parts: wanted }) => {
		const parent = surely(parents.get(orderId));
		const owner = parent.parent_id === null ? parent : surely(owners.get(parent.parent_id));
		return (owner === parent ? wanted : wanted.slice(1)).map((part): Made => {
			const number = (counted.get(owner.id) ?? owner.parts_made) + 1;
			counted.set(owner.id, number);
			return { parent, owner, part, number };
		});
	});
	await keepFirst(
		transaction,
		splits.flatMap(({ orderId, parts: [first] }) => {
			const row = surely(parents.get(orderId));
			return row.parent_id === null || first === undefined ? [] : { row, content: first.content };
		}),
	);
	let waiting = made.map((one) => ({ ...one, row: partRow(one, now, null) }));
	const rows: typeof waiting = [];
	for (let tries = 1; waiting.length > 0; tries += 1) {
		if (tries > REFERENCE_TRIES) throw new Error(`Order ${waiting[0]?.parent.id} could not be split: its references are taken`);
		const created = await insertUnderFreeKeys(
			transaction,
			waiting.map(({ row }) => row),
		);
		rows.push(...waiting.filter((_, index) => created.has(index)));
		// Another order has the reference that the part would have got, or had it.
		waiting = waiting
			.filter((_, index) => !created.has(index))
			.map((one) => ({ ...one, row: { ...partRow(one, now, tries === 1 ? one.owner.id : newId()), id: one.row.id } }));
	}
	await transaction.insertMany(
		'order_content',
		rows.map(({ row, part, parent }): ContentRow => ({
			order_id: row.id,
			snapshot: stored(part.content),
			edits: '{}',
			result: null,
			served_holds: '[]',
			begun_holds: '[]',
			progress: '{}',
			payload: payloads.get(parent.id) ?? 'null',
			settled_lines: null,
		})),
		[],
	);
	await append(
		transaction,
		splits.flatMap(({ orderId, actor }) => {
			const own = rows.filter(({ parent }) => parent.id === orderId).sort((left, right) => left.number - right.number);
			return [
				{
					...entry('split', actor, {
						parts: own.map(({ row, part }) => ({ orderId: row.id, reference: row.reference, warehouse: part.content.warehouse })),
					}),
					orderId,
				},
				...own.map(({ row, parent }) => ({
					...entry('split_from', actor, { orderId: parent.id, reference: parent.reference }),
					orderId: row.id,
				})),
			];
		}),
		now,
	);
	for (const [id, number] of counted)
		await transaction.execute(sql`UPDATE ${transaction.tables.order} SET parts_made = $1 WHERE id = $2`, [number, id]);
}

/** A part that is to be made. */
interface Made {
	/** The order that was split. */
	parent: FullRow;
	/** The order that its part belongs to. */
	owner: FullRow;
	part: NewPart;
	number: number;
}

/** Rules have decided on what it is now: it is not split again. */
async function keepFirst(transaction: Transaction, kept: ReadonlyArray<{ row: FullRow; content: OrderContent }>): Promise<void> {
	for (const { row, content } of kept) {
		const columns = { ...contentColumns(content, row), snapshot_hash: snapshotHash(stored(content)) };
		await transaction.updateMany('order', [{ ...columns, id: row.id }], { key: 'id', guard: ['id'], set: keysOf(columns) });
		const layers = { snapshot: stored(content), edits: '{}', result: null };
		await transaction.updateMany('order_content', [{ ...layers, order_id: row.id }], {
			key: 'order_id',
			guard: ['order_id'],
			set: keysOf(layers),
		});
	}
}

async function payloadsOf({ query, dialect, tables }: Session, ids: readonly string[]): Promise<Map<string, string>> {
	const rows = await query<Pick<ContentRow, 'order_id' | 'payload'>>(
		sql`SELECT order_id, payload FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	return new Map(rows.map(({ order_id: id, payload }) => [id, payload]));
}

function partRow({ parent, owner, part, number }: Made, now: string, collidesFor: string | null): OrderRow {
	const reference =
		owner === parent ? partReference(owner.reference_base, number, collidesFor) : addedReference(owner.reference_base, number, collidesFor);
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
		status: ENTRIES.part,
		parent_id: owner.id,
		updated_at: now,
		due_at: resolved(dueAfterMove(ENTRIES.part, {}), now),
		snapshot_hash: snapshotHash(stored(part.content)),
		bundle_size: parent.bundle_size,
	};
}

export type PartRow = Pick<
	OrderRow,
	'id' | 'parent_id' | 'status' | 'sending' | 'readiness' | 'canceled_in_cart_at' | 'cancel_due_at' | 'reference' | 'version'
>;

export const PART_COLUMNS = sql`o.id, o.parent_id, o.status, o.sending, o.readiness, o.canceled_in_cart_at, o.cancel_due_at, o.reference, o.version`;

/** Whether the warehouse has it, or may have it: then it must neither be taken away nor be made anew. */
export const isLiveRow = ({ sending }: Pick<OrderRow, 'sending'>): boolean => isLive(sending);

/** The parts of these orders, locked, by order. The orders must be locked already. */
export async function lockedParts({ query, dialect, tables }: Transaction, parentIds: readonly string[]): Promise<Map<string, PartRow[]>> {
	const byParent = new Map<string, PartRow[]>();
	if (parentIds.length === 0) return byParent;
	const rows = await query<Having<PartRow, 'parent_id'>>(
		sql`SELECT ${PART_COLUMNS} FROM ${tables.order} o WHERE o.parent_id IS NOT NULL AND o.parent_id ${dialect.anyOf(1)} ORDER BY o.id${dialect.forUpdate}`,
		[dialect.list(parentIds)],
	);
	for (const row of rows) byParent.set(row.parent_id, [...(byParent.get(row.parent_id) ?? []), row]);
	return byParent;
}

/** What keeps the parts of an order from being taken away; null = nothing. */
export function partsRemovalError(states: readonly PartRow[]): FulfillmentError | null {
	const kept = states.find(isLiveRow);
	if (kept === undefined) return null;
	return new FulfillmentError(
		'operation_refused',
		`The order is split, and its part ${kept.reference} is ${statusLabel(kept.status)}: the warehouse has it, or may have it.`,
		'Reprocess, reset or cancel its parts one by one.',
	);
}

/** Takes the parts of orders away for good; what they were is in the timeline of their order. The rows must be locked. */
export async function removeParts(
	transaction: Transaction,
	removals: ReadonlyArray<{ orderId: string; actor: Actor; parts: readonly PartRow[] }>,
	now: string,
): Promise<void> {
	const removedIds = removals.flatMap(({ parts: rows }) => rows.map(({ id }) => id));
	if (removedIds.length === 0) return;
	await deleteRows(transaction, removedIds);
	await append(
		transaction,
		removals
			.filter(({ parts: rows }) => rows.length > 0)
			.map(({ orderId, actor, parts: rows }) => ({
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
	const parents = (await fullRows(transaction, parentIds, true)).filter(({ status }) => followsParts(status));
	if (parents.length === 0) return [];
	const rows = await query<Pick<OrderRow, 'parent_id' | 'reference' | 'status' | 'shipment_count'> & Pick<ContentRow, 'progress'>>(
		sql`SELECT o.parent_id, o.reference, o.status, o.shipment_count, c.progress FROM ${tables.order} o
			JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.parent_id IS NOT NULL AND o.parent_id ${dialect.anyOf(1)}`,
		[dialect.list(parents.map(({ id }) => id))],
	);
	return parents.flatMap((parent): Move[] => {
		const own = rows
			.filter((row) => row.parent_id === parent.id && !isOfAddedLines({ parentId: row.parent_id, reference: row.reference }))
			.map((row) => ({ ...row, done: parse<Progress>(row.progress) }));
		if (own.length === 0) return [];
		const progress: Progress = {};
		for (const { done } of own) {
			for (const [lineId, { shipped, canceled }] of Object.entries(done)) {
				const before = progress[lineId] ?? { shipped: 0, canceled: 0 };
				progress[lineId] = { shipped: before.shipped + shipped, canceled: before.canceled + canceled };
			}
		}
		const status = parent.status;
		const to = parentStatus(
			status,
			own.map((row) => ({ status: row.status, shipped: Object.values(row.done).some(({ shipped }) => shipped > 0) })),
		);
		if (to === status && stored(progress) === parent.progress) return [];
		return [
			{
				orderId: parent.id,
				version: parent.version,
				actor: SYSTEM,
				reason: to === status ? null : (REASONS[to] ?? null),
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
