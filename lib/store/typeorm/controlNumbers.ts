/** Control numbers: each is given once in a sequence and stays with what it was given for, so that a repeat after a crash has the same one. */
import type { OrderStore } from '../OrderStore';
import { storable } from './rows';
import type { Database, Session, Transaction } from './session';

/** X12 has nine digits; afterwards a sequence begins anew. */
const HIGHEST = 999_999_999;

interface Row {
	key: string;
	number: number;
	given_at: string;
}

/** First key of the advisory locks of sequences ("omc"). */
const LOCK_KEY = 0x6f6d63;

/** Who takes a number is alone with its sequence until the transaction ends; on SQLite every transaction is alone anyway. */
async function alone({ dialect, tables, query }: Transaction, sequence: string): Promise<void> {
	if (dialect.kind === 'postgres') await query('SELECT pg_advisory_xact_lock($1::int, hashtext($2))', [LOCK_KEY, `${tables.control_number} ${sequence}`]);
}

async function known({ query, tables }: Session, sequence: string, key: string): Promise<{ number: number; givenAt: string } | null> {
	const [row] = await query<Row>(`SELECT * FROM ${tables.control_number} WHERE sequence = $1 AND key = $2`, [sequence, key]);
	return row === undefined ? null : { number: row.number, givenAt: row.given_at };
}

export const controlNumber = (database: Database): OrderStore['controlNumber'] => async ({ sequence: givenSequence, key: givenKey, first = 1 }) => {
	const [sequence, key] = [storable(givenSequence), storable(givenKey)];
	const before = await database.read(async (session) => await known(session, sequence, key));
	if (before !== null) return before;
	return await database.write(async (transaction) => {
		await alone(transaction, sequence);
		const meanwhile = await known(transaction, sequence, key);
		if (meanwhile !== null) return meanwhile;
		const [last] = await transaction.query<{ number: number | null }>(`SELECT MAX(number) AS number FROM ${transaction.tables.control_number} WHERE sequence = $1`, [sequence]);
		const number = Math.max(first, (last?.number ?? 0) + 1);
		if (number > HIGHEST) throw new Error(`The sequence ${sequence} has used its last control number, ${HIGHEST}.`);
		const row = { sequence, key, number, given_at: await transaction.now() };
		if ((await transaction.insertMany('control_number', [row], ['sequence', 'key'])).size !== 1) throw new Error(`The control number ${number} of ${sequence} was given at the same time.`);
		return { number, givenAt: row.given_at };
	});
};

export const controlNumberKey = (database: Database): OrderStore['controlNumberKey'] => async ({ sequence, number }) =>
	await database.read(async ({ query, tables }) => {
		const [row] = await query<Row>(`SELECT * FROM ${tables.control_number} WHERE sequence = $1 AND number = $2`, [storable(sequence), number]);
		return row?.key ?? null;
	});
