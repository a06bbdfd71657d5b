/**
 * Recovery: what happened before a moment may be missing, since the store was put back to an older state. What the warehouses have is asked before anything is sent, and
 * numbers that a partner may have seen are not given again.
 */
import { FulfillmentError, shown } from '../../order/errors';
import type { OrderStore, Recovery } from '../OrderStore';
import { type Database, forgetMeta, type MetaKey, type Session, setMeta, sql, type Transaction } from '../database';
import { skipNumbers } from '../partners';

/** More than any partner gets in the time between two backups. */
export const DEFAULT_SKIP = 100_000;

export const recovery =
	(database: Database): OrderStore['recovery'] =>
	async () => {
		const found = await database.read(marks);
		return found.begin_recovery === undefined ? recoveryOf(found) : await beginAsked(database);
	};

const MARKS = ['recovered_at', 'recovered_by', 'begin_recovery'] as const satisfies MetaKey[];

type Marks = Partial<Record<(typeof MARKS)[number], string>>;

const recoveryOf = ({ recovered_at: since, recovered_by: by = '' }: Marks): Recovery | null => (since === undefined ? null : { since, by });

async function marks({ query, dialect, tables }: Session): Promise<Marks> {
	const rows = await query<{ key: (typeof MARKS)[number]; value: string }>(
		sql`SELECT key, value FROM ${tables.meta} WHERE key ${dialect.anyOf(1)}`,
		[dialect.list(MARKS)],
	);
	return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

/** Whoever restored a backup wrote `begin_recovery` into it, with how many control numbers to skip, before any n8n opened it. */
async function beginAsked(database: Database): Promise<Recovery | null> {
	return await database.write(async (transaction) => {
		const { begin_recovery: asked } = await marks(transaction);
		// Another process may be first: it is waited for here.
		if (asked === undefined || (await forgetMeta(transaction, 'begin_recovery')) === 0) return recoveryOf(await marks(transaction));
		const skip = /^\d{1,9}$/.test(asked) ? Number(asked) : DEFAULT_SKIP;
		return await enterRecovery(transaction, { by: 'Restore', skipControlNumbers: skip });
	});
}

export const beginRecovery =
	(database: Database): OrderStore['beginRecovery'] =>
	async ({ actor, skipControlNumbers = DEFAULT_SKIP }) => {
		if (!Number.isSafeInteger(skipControlNumbers) || skipControlNumbers < 0) {
			throw new FulfillmentError(
				'invalid_input',
				`${shown(skipControlNumbers)} control numbers cannot be skipped.`,
				'Give a whole number; 0 skips none.',
			);
		}
		return await database.write(async (transaction) => await enterRecovery(transaction, { by: actor.name, skipControlNumbers }));
	};

/** Again is later: what was written since the first time may be missing as well. */
export async function enterRecovery(
	transaction: Transaction,
	{ by, skipControlNumbers }: { by: string; skipControlNumbers: number },
): Promise<Recovery> {
	const since = await transaction.now();
	await setMeta(transaction, 'recovered_at', since);
	await setMeta(transaction, 'recovered_by', by);
	await skipNumbers(transaction, skipControlNumbers, since);
	return { since, by };
}

export const endRecovery =
	(database: Database): OrderStore['endRecovery'] =>
	async () =>
		await database.write(async (transaction) => {
			await forgetMeta(transaction, 'recovered_by');
			return (await forgetMeta(transaction, 'recovered_at')) > 0;
		});
