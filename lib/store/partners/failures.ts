/** Import failures: what could not be mapped is kept with its payload, until it is imported or dismissed. */
import { boundedKey, wholeText } from '../../order/texts';
import type { NewImportFailure } from '../../order/importFailure';
import { entry, type Actor } from '../../order/timeline';
import { all, type Database, type ImportFailureRow, jsonOf, newId, sql, type Sql, stored, type Transaction } from '../database';
import type { ImportFailure, OrderStore } from '../OrderStore';
import { append, type EntryOf } from '../orders';

/** The same key from the same source again = one row, counted; it is open again. Whoever reads events is told of what is new, and of what is open again. */
export async function recordFailures(
	transaction: Transaction,
	failures: readonly NewImportFailure[],
	{ store, source, actor, now }: { store: string; source: string; actor: Actor; now: string },
): Promise<void> {
	const { query, dialect, tables } = transaction;
	if (failures.length === 0) return;
	const rows = failures.map((failure) => ({ ...failure, key: boundedKey(failure.key) }));
	const open = await query<Pick<ImportFailureRow, 'subject' | 'key'>>(
		sql`SELECT subject, key FROM ${tables.import_failure} WHERE store = $1 AND source = $2 AND key ${dialect.anyOf(3)} AND resolved_at IS NULL`,
		[store, boundedKey(source), dialect.list(rows.map(({ key }) => key))],
	);
	const known = new Set(open.map(({ subject, key }) => `${subject} ${key}`));
	const raised: EntryOf[] = [];
	for (const { subject, key, origin, message, remedy, payload } of rows) {
		const [row] = await query<Pick<ImportFailureRow, 'id'>>(
			sql`INSERT INTO ${tables.import_failure} AS f (id, store, source, subject, key, origin, message, remedy, payload,
				first_seen_at, last_seen_at, times_seen, resolved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 1, NULL)
				ON CONFLICT (store, source, subject, key) DO UPDATE SET origin = excluded.origin, message = excluded.message,
				remedy = excluded.remedy, payload = excluded.payload, last_seen_at = excluded.last_seen_at,
				times_seen = f.times_seen + 1, resolved_at = NULL RETURNING id`,
			[newId(), store, boundedKey(source), subject, key, origin, message, remedy, stored(payload), now],
		);
		if (row !== undefined && !known.has(`${subject} ${key}`))
			raised.push({ orderId: row.id, ...entry('import_failed', actor, { subject }) });
		known.add(`${subject} ${key}`);
	}
	await append(transaction, raised, now);
}

/** What was imported after all is no failure any more, whichever way it came. */
export async function resolveFailures(
	{ execute, dialect, tables }: Transaction,
	keys: readonly string[],
	{ store, subject, now }: { store: string; subject: NewImportFailure['subject']; now: string },
): Promise<void> {
	if (keys.length === 0) return;
	await execute(
		sql`UPDATE ${tables.import_failure} SET resolved_at = $1 WHERE resolved_at IS NULL AND subject = $2 AND store = $3
			AND key ${dialect.anyOf(4)}`,
		[now, subject, store, dialect.list(keys.map(boundedKey))],
	);
}

const failureOf = (row: ImportFailureRow): ImportFailure => ({
	id: row.id,
	store: row.store,
	source: row.source,
	subject: row.subject,
	key: row.key,
	origin: row.origin,
	message: row.message,
	remedy: row.remedy,
	payload: jsonOf(row.payload),
	firstSeenAt: row.first_seen_at,
	lastSeenAt: row.last_seen_at,
	timesSeen: row.times_seen,
	resolvedAt: row.resolved_at,
});

/** Newest first. */
export const importFailures =
	(database: Database): OrderStore['importFailures'] =>
	async ({ ids, stores, openOnly, limit, after }) =>
		await database.read(async ({ query, dialect, tables }) => {
			const parameters: unknown[] = [];
			const conditions: Sql[] = [];
			if (stores) conditions.push(sql`store ${dialect.anyOf(parameters.push(dialect.list(stores.map(wholeText))))}`);
			if (ids) conditions.push(sql`id ${dialect.anyOf(parameters.push(dialect.list(ids)))}`);
			if (openOnly) conditions.push(sql`resolved_at IS NULL`);
			const [, at, id] = /^([^ ]+) (.+)$/.exec(after ?? '') ?? [];
			if (at !== undefined) conditions.push(sql`(last_seen_at, id) < ($${parameters.push(at)}, $${parameters.push(id)})`);
			const rows = await query<ImportFailureRow>(
				sql`SELECT * FROM ${tables.import_failure} WHERE ${all(conditions)} ORDER BY last_seen_at DESC, id DESC LIMIT $${parameters.push(limit + 1)}`,
				parameters,
			);
			const items = rows.slice(0, limit).map(failureOf);
			const last = items.at(-1);
			return { items, next: rows.length > limit && last ? `${last.lastSeenAt} ${last.id}` : null };
		});

export const resolveImportFailure =
	(database: Database): OrderStore['resolveImportFailure'] =>
	async (id) => {
		await database.write(async (transaction) => {
			const now = await transaction.now();
			await transaction.execute(
				sql`UPDATE ${transaction.tables.import_failure} SET resolved_at = $1 WHERE id = $2 AND resolved_at IS NULL`,
				[now, id],
			);
		});
	};
