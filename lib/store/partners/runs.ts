/** How the last poll of a warehouse and the last sending to it ended. */
import { boundedKey, wholeText } from '../../order/texts';
import type { ConnectionsStore } from '../connecting';
import { type ConnectionRow, type Database, sql } from '../database';
import { newRow } from './connections';

type LastRun = Pick<ConnectionRow, 'last_at' | 'last_success_at' | 'last_problem' | 'last_problem_at'>;

/** The longest problem that is kept, in characters. */
const PROBLEM_LENGTH = 1_000;

/** @param problem null = it succeeded */
export const lastRun = (before: LastRun, now: string, problem: string | null): LastRun => ({
	last_at: now,
	last_success_at: problem === null ? now : before.last_success_at,
	last_problem: problem === null ? null : wholeText(problem.slice(0, PROBLEM_LENGTH)),
	// Since when, not how often.
	last_problem_at: problem === null ? null : (before.last_problem_at ?? now),
});

export const recordShipmentPoll =
	(database: Database): ConnectionsStore['recordShipmentPoll'] =>
	async ({ partner, account, source, problem }) => {
		const place = boundedKey(source);
		await database.write(async (transaction) => {
			const { query, execute, tables } = transaction;
			const now = await transaction.now();
			const fresh = newRow({
				store: '',
				role: 'poll',
				place,
				partner,
				account: boundedKey(account),
				scope: '',
				since: now,
				setBy: null,
				credential: null,
			});
			const [row] = await query<ConnectionRow>(sql`SELECT * FROM ${tables.connection} WHERE store = '' AND role = 'poll' AND place = $1`, [
				place,
			]);
			const run = lastRun(row ?? fresh, now, problem);
			if (row === undefined) {
				await transaction.insertMany('connection', [{ ...fresh, ...run }], ['store', 'role', 'place']);
				return;
			}
			await execute(
				sql`UPDATE ${tables.connection} SET account = $1, last_at = $2, last_success_at = $3, last_problem = $4, last_problem_at = $5 WHERE store = '' AND role = 'poll' AND place = $6`,
				[fresh.account, run.last_at, run.last_success_at, run.last_problem, run.last_problem_at, place],
			);
		});
	};

export const recordSendings =
	(database: Database): ConnectionsStore['recordSendings'] =>
	async (sendings) => {
		if (sendings.length === 0) return;
		await database.write(async (transaction) => {
			const now = await transaction.now();
			for (const { store, place, account, succeeded, problem } of sendings) {
				const text = problem === null ? null : wholeText(problem.slice(0, PROBLEM_LENGTH));
				// One statement, so that two runs at once need no lock: what a success says and what a problem says are columns of their own.
				await transaction.execute(
					sql`UPDATE ${transaction.tables.connection} SET last_at = $1::timestamptz, last_success_at = CASE WHEN $2::int = 1 THEN $1::timestamptz ELSE last_success_at END,
					last_problem = $3::text, last_problem_at = CASE WHEN $3::text IS NULL THEN NULL ELSE coalesce(last_problem_at, $1::timestamptz) END
					WHERE store = $4 AND role = 'send' AND place = $5 AND account = $6`,
					[now, succeeded ? 1 : 0, text, wholeText(store), boundedKey(place), boundedKey(account)],
				);
			}
		});
	};
