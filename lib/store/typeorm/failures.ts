/** Import failures: what could not be mapped is kept with its payload, until it is imported or dismissed. */
import type { NewImportFailure } from '../../order/importFailure';
import { newId } from '../ids';
import type { ImportFailure, OrderStore } from '../OrderStore';
import { jsonOf, storable, stored } from './rows';
import type { Database, Transaction } from './session';
import type { ImportFailureRow } from './tables';

/** The same key from the same source again = one row, counted; it is open again. */
export async function recordFailures(
	transaction: Transaction,
	failures: readonly NewImportFailure[],
	{ store, source, now }: { store: string; source: string; now: string },
): Promise<void> {
	const { tables } = transaction;
	for (const failure of failures) {
		await transaction.execute(
			`INSERT INTO ${tables.import_failure} AS f (id, store, source, subject, key, origin, message, remedy, payload, ` +
				'first_seen_at, last_seen_at, times_seen, resolved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 1, NULL) ' +
				'ON CONFLICT (store, source, subject, key) DO UPDATE SET origin = excluded.origin, message = excluded.message, ' +
				'remedy = excluded.remedy, payload = excluded.payload, last_seen_at = excluded.last_seen_at, ' +
				'times_seen = f.times_seen + 1, resolved_at = NULL',
			[
				newId(), store, source, failure.subject, failure.key, failure.origin, failure.message, failure.remedy,
				stored(failure.payload), now,
			],
		);
	}
}

/** What was imported after all is no failure any more, whichever way it came. */
export async function resolveFailures(
	{ execute, dialect, tables }: Transaction,
	keys: readonly string[],
	{ store, subject, now }: { store: string; subject: NewImportFailure['subject']; now: string },
): Promise<void> {
	if (keys.length === 0) return;
	await execute(
		`UPDATE ${tables.import_failure} SET resolved_at = $1 WHERE resolved_at IS NULL AND subject = $2 AND store = $3 ` +
			`AND key ${dialect.anyOf(4)}`,
		[now, subject, store, dialect.list(keys)],
	);
}

const failureOf = (row: ImportFailureRow): ImportFailure => ({
	id: row.id,
	store: row.store,
	source: row.source,
	subject: row.subject as ImportFailure['subject'],
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
export const importFailures = (database: Database): OrderStore['importFailures'] => async ({ ids, stores, openOnly, limit, after }) =>
	await database.read(async ({ query, dialect, tables }) => {
		const parameters: unknown[] = [];
		const conditions = ['1 = 1'];
		if (stores) conditions.push(`store ${dialect.anyOf(parameters.push(dialect.list(stores.map(storable))))}`);
		if (ids) conditions.push(`id ${dialect.anyOf(parameters.push(dialect.list(ids)))}`);
		if (openOnly) conditions.push('resolved_at IS NULL');
		const [, at, id] = /^([^ ]+) (.+)$/.exec(after ?? '') ?? [];
		if (at !== undefined) conditions.push(`(last_seen_at, id) < ($${parameters.push(at)}, $${parameters.push(id)})`);
		const rows = await query<ImportFailureRow>(
			`SELECT * FROM ${tables.import_failure} WHERE ${conditions.join(' AND ')} ORDER BY last_seen_at DESC, id DESC LIMIT $${parameters.push(limit + 1)}`,
			parameters,
		);
		const items = rows.slice(0, limit).map(failureOf);
		const last = items.at(-1);
		return { items, next: rows.length > limit && last ? `${last.lastSeenAt} ${last.id}` : null };
	});

export const resolveImportFailure = (database: Database): OrderStore['resolveImportFailure'] => async (id) => {
	await database.write(async (transaction) => {
		const now = await transaction.now();
		await transaction.execute(`UPDATE ${transaction.tables.import_failure} SET resolved_at = $1 WHERE id = $2 AND resolved_at IS NULL`, [now, id]);
	});
};
