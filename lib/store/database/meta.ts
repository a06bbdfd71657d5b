/** What the store knows of itself, a text by a name. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Database, Session, Transaction } from './session';
import { sql } from './sql';

/**
 * - `store_id`: tells this store from every other one; a copy has it too.
 * - `secret`: 32 random bytes as hex, the key of hashes that nobody else may compute.
 * - `epoch`: on SQLite, grows while something is written; see epochs.ts.
 * - `recovered_at`, `recovered_by`: the store is in recovery since then, and who began it.
 * - `begin_recovery`: written by whoever restores a backup; see recovery.ts.
 * - `control_number_floor`: where sequences of control numbers begin that are not known.
 */
export type MetaKey = 'store_id' | 'secret' | 'epoch' | 'recovered_at' | 'recovered_by' | 'begin_recovery' | 'control_number_floor';

export async function metaOf({ query, tables }: Session, key: MetaKey): Promise<string | null> {
	const [row] = await query<{ value: string }>(sql`SELECT value FROM ${tables.meta} WHERE key = $1`, [key]);
	return row?.value ?? null;
}

export async function setMeta({ execute, tables }: Transaction, key: MetaKey, value: string): Promise<void> {
	await execute(sql`INSERT INTO ${tables.meta} (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, [
		key,
		value,
	]);
}

/** Gives the number of keys that were there. */
export async function forgetMeta({ execute, tables }: Transaction, key: MetaKey): Promise<number> {
	return await execute(sql`DELETE FROM ${tables.meta} WHERE key = $1`, [key]);
}

/** Whatever a store has from its first opening on; of several processes that open it, one decides. */
export async function identify(database: Database): Promise<void> {
	const made = { store_id: randomUUID(), secret: randomBytes(32).toString('hex'), epoch: '0' } as const;
	const keys = Object.keys(made) as Array<keyof typeof made>;
	const known = await database.read(
		async ({ query, dialect, tables }) =>
			await query<{ key: string }>(sql`SELECT key FROM ${tables.meta} WHERE key ${dialect.anyOf(1)}`, [dialect.list(keys)]),
	);
	if (known.length === keys.length) return;
	await database.write(async (transaction) => {
		await transaction.insertMany(
			'meta',
			keys.map((key) => ({ key, value: made[key] })),
			[],
		);
	});
}
