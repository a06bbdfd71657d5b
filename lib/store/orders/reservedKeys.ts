/**
 * The keys under which the world may know orders that were deleted here. Only keyed hashes are kept: enough to give no key twice and to recognise a late report,
 * too little to find out what was deleted.
 */
import { createHmac, hash as hashOf } from 'node:crypto';
import { type Having, metaOf, type OrderRow, type SendingRow, type Session, sql, type TableNames, type Transaction } from '../database';

const secrets = new WeakMap<TableNames, string>();

interface KeyedHashes {
	order(store: string, externalId: string): string;
	reference(base: string): string;
	warehouseKey(wms: string, key: string): string;
}

/** The same names give the same hash in this store, and another one in every other store. */
export async function keyedHashes(session: Session): Promise<KeyedHashes> {
	const secret = secrets.get(session.tables) ?? (await metaOf(session, 'secret'));
	if (secret === null) throw new Error('The store has no secret of its own');
	secrets.set(session.tables, secret);
	const keyed = (text: string): string => createHmac('sha256', secret).update(text).digest('hex');
	return {
		// Versions before kept the inner hash alone, and a migration keyed it.
		order: (store, externalId) => keyed(hashOf('sha256', `${store}\n${externalId}`, 'hex')),
		reference: (base) => keyed(JSON.stringify(['reference', base])),
		warehouseKey: (wms, key) => keyed(JSON.stringify(['warehouse key', wms, key])),
	};
}

/** Before rows of orders go: what a warehouse or a partner may know them by stays reserved. */
export async function reserveKeys(transaction: Transaction, orderIds: readonly string[]): Promise<void> {
	const { query, dialect, tables } = transaction;
	const ids = [dialect.list(orderIds)];
	const references = await query<Pick<OrderRow, 'reference_base'>>(
		sql`SELECT reference_base FROM ${tables.order} WHERE id ${dialect.anyOf(1)}`,
		ids,
	);
	const keys = await query<Having<Pick<SendingRow, 'wms' | 'wms_order_id'>, 'wms_order_id'>>(
		sql`SELECT DISTINCT wms, wms_order_id FROM ${tables.sending} WHERE wms_order_id IS NOT NULL AND order_id ${dialect.anyOf(1)}`,
		ids,
	);
	const hash = await keyedHashes(transaction);
	const at = await transaction.now();
	const hashes = [
		...references.map((row) => hash.reference(row.reference_base)),
		...keys.map(({ wms, wms_order_id: key }) => hash.warehouseKey(wms, key)),
	];
	await transaction.insertMany(
		'reserved_key',
		[...new Set(hashes)].map((one) => ({ hash: one, at })),
		[],
	);
}

/** Of these hashes the ones of deleted orders, with the time of the deletion. */
export async function reserved({ query, dialect, tables }: Session, hashes: readonly string[]): Promise<Map<string, string>> {
	if (hashes.length === 0) return new Map();
	const rows = await query<{ hash: string; at: string }>(
		sql`SELECT hash, at FROM ${tables.reserved_key} WHERE hash ${dialect.anyOf(1)} UNION ALL SELECT hash, at FROM ${tables.deleted_order} WHERE hash ${dialect.anyOf(1)}`,
		[dialect.list(hashes)],
	);
	return new Map(rows.map(({ hash, at }) => [hash, at]));
}

/** Those of which one of the hashes is of a deleted order. Where nothing was ever deleted nothing is hashed: that took as long as a tenth of an import. */
export async function ofDeleted<T>(
	session: Session,
	items: readonly T[],
	hashesOf: (hash: KeyedHashes, item: T) => readonly string[],
): Promise<Set<T>> {
	if (items.length === 0 || !(await anyDeleted(session))) return new Set();
	const hash = await keyedHashes(session);
	const hashed = items.map((item) => ({ item, hashes: hashesOf(hash, item) }));
	const found = await reserved(
		session,
		hashed.flatMap(({ hashes }) => hashes),
	);
	return new Set(hashed.filter(({ hashes }) => hashes.some((one) => found.has(one))).map(({ item }) => item));
}

async function anyDeleted({ query, tables }: Session): Promise<boolean> {
	return (
		(
			await query(
				sql`SELECT 1 AS there WHERE EXISTS (SELECT 1 FROM ${tables.reserved_key}) OR EXISTS (SELECT 1 FROM ${tables.deleted_order})`,
			)
		).length > 0
	);
}

/** A reference is plain, or has a hash, or a hash of something that comes only once. */
export const REFERENCE_TRIES = 5;

/**
 * Inserts rows of new orders, except where their key or reference is taken: another order has it, or a deleted one had it. Gives the indexes of those that are new.
 */
export async function insertUnderFreeKeys(transaction: Transaction, rows: readonly OrderRow[]): Promise<Set<number>> {
	if (rows.length === 0) return new Set();
	const taken = await ofDeleted(transaction, rows, (hash, row) => [hash.reference(row.reference_base)]);
	const free = rows.map((row, index) => ({ row, index })).filter(({ row }) => !taken.has(row));
	const created = await transaction.insertMany(
		'order',
		free.map(({ row }) => row),
		['id'],
	);
	return new Set(free.flatMap(({ index }, position) => (created.has(position) ? index : [])));
}
