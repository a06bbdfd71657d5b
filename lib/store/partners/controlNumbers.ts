/** Control numbers: each is given once in a sequence and stays with what it was given for, so that a repeat after a crash has the same one. */
import { boundedKey } from '../../order/texts';
import type { OrderStore } from '../OrderStore';
import { type Database, metaOf, type Session, setMeta, sql, type Transaction } from '../database';

/** X12 has nine digits; afterwards a sequence begins anew. */
const HIGHEST = 999_999_999;

interface Row {
	key: string;
	number: number;
	given_at: string;
}

/** First key of the advisory locks of sequences ("omc"). */
const LOCK_KEY = 0x6f6d63;

/** Stands for all sequences that have no number yet. */
const NEW_SEQUENCES = '';

/** Who takes a number is alone with its sequence until the transaction ends; on SQLite every transaction is alone anyway. */
async function alone({ dialect, tables, query }: Transaction, sequence: string): Promise<void> {
	if (dialect.kind === 'postgres')
		await query(sql`SELECT pg_advisory_xact_lock($1::int, hashtext($2))`, [LOCK_KEY, `${tables.control_number.text} ${sequence}`]);
}

async function known({ query, tables }: Session, sequence: string, key: string): Promise<{ number: number; givenAt: string } | null> {
	const [row] = await query<Row>(sql`SELECT * FROM ${tables.control_number} WHERE sequence = $1 AND key = $2`, [sequence, key]);
	return row === undefined ? null : { number: row.number, givenAt: row.given_at };
}

export const controlNumber =
	(database: Database): OrderStore['controlNumber'] =>
	async ({ sequence: givenSequence, key: givenKey, first = 1 }) => {
		const [sequence, key] = [boundedKey(givenSequence), boundedKey(givenKey)];
		const before = await database.read(async (session) => await known(session, sequence, key));
		if (before !== null) return before;
		return await database.write(async (transaction) => {
			await alone(transaction, sequence);
			const meanwhile = await known(transaction, sequence, key);
			if (meanwhile !== null) return meanwhile;
			const last = await lastOf(transaction, sequence);
			if (last === 0) await alone(transaction, NEW_SEQUENCES);
			const number = last > 0 ? Math.max(first, last + 1) : first + (await floorOf(transaction));
			if (number > HIGHEST) throw new Error(`The sequence ${sequence} has used its last control number, ${HIGHEST}.`);
			const row = { sequence, key, number, given_at: await transaction.now() };
			if ((await transaction.insertMany('control_number', [row], ['sequence', 'key'])).size !== 1)
				throw new Error(`The control number ${number} of ${sequence} was given at the same time.`);
			return { number, givenAt: row.given_at };
		});
	};

/**
 * Every sequence goes on above `count` more numbers than were given, as far as nine digits go; those that a partner knows and we do not, too. Rows that were given stay.
 */
export async function skipNumbers(transaction: Transaction, count: number, at: string): Promise<void> {
	if (count === 0) return;
	const { query, tables } = transaction;
	const skipped = new Set<string>();
	const skip = async (): Promise<void> => {
		// In one order, so that two of them never wait for each other.
		for (const { sequence } of await query<{ sequence: string }>(
			sql`SELECT DISTINCT sequence FROM ${tables.control_number} ORDER BY sequence`,
		)) {
			if (skipped.has(sequence)) continue;
			skipped.add(sequence);
			await alone(transaction, sequence);
			const number = Math.min(HIGHEST, (await lastOf(transaction, sequence)) + count);
			await transaction.insertMany('control_number', [{ sequence, key: `recovery:${at}:${number}`, number, given_at: at }], []);
		}
	};
	await skip();
	await alone(transaction, NEW_SEQUENCES);
	// Those that began meanwhile, from the floor of before.
	await skip();
	await setMeta(transaction, 'control_number_floor', String(Math.min(HIGHEST, (await floorOf(transaction)) + count)));
}

/** Where a sequence begins of which nothing is known. */
const floorOf = async (session: Session): Promise<number> => Number((await metaOf(session, 'control_number_floor')) ?? 0);

/** 0 = none was given yet. */
async function lastOf({ query, tables }: Session, sequence: string): Promise<number> {
	const [last] = await query<{ number: number | null }>(
		sql`SELECT MAX(number) AS number FROM ${tables.control_number} WHERE sequence = $1`,
		[sequence],
	);
	return last?.number ?? 0;
}

export const controlNumberKey =
	(database: Database): OrderStore['controlNumberKey'] =>
	async ({ sequence, number }) =>
		await database.read(async ({ query, tables }) => {
			const [row] = await query<Row>(sql`SELECT * FROM ${tables.control_number} WHERE sequence = $1 AND number = $2`, [
				boundedKey(sequence),
				number,
			]);
			return row?.key ?? null;
		});
