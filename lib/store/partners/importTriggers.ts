/** Which import trigger set a store, to what, and how its last poll ended. */
import { asError, FulfillmentError } from '../../order/errors';
import { assertMaySet, isSameTrigger, settingsText, type ImportTrigger } from '../../order/importSettings';
import type { ConnectionsStore } from '../connecting';
import { type ConnectionRow, type Database, NOTHING, type Session, sql, type Transaction } from '../database';
import { connectIn, connectionOf, known, triggerOf } from './connections';
import { assertName } from './renaming';
import { lastRun } from './runs';

async function importRow({ query, tables, dialect }: Session, store: string, lock: boolean): Promise<ConnectionRow | undefined> {
	const [row] = await query<ConnectionRow>(
		sql`SELECT * FROM ${tables.connection} WHERE store = $1 AND role = 'import' AND place = ''${lock ? dialect.forUpdate : NOTHING}`,
		[store],
	);
	return row;
}

export const checkImport =
	(database: Database, connect: ConnectionsStore['connect']): ConnectionsStore['checkImport'] =>
	async ({ store, partner, account, scope, trigger, actor }) => {
		await database.read(async (session) => {
			await assertName(session, store);
			const row = await importRow(session, store, false);
			if (row !== undefined) assertMaySet(store, trigger, triggerOf(row), await session.now());
		});
		await connect({ store, role: 'import', partner, account, scope, actor, keep: false });
	};

interface ImportEnd {
	problem: string | null;
	/** Absent = it is not known. */
	complete?: boolean | undefined;
}

/**
 * As a part of the transaction that records what the trigger read: writes nothing when nothing is new, unless it says how the poll ended. Throws FulfillmentError
 * `operation_refused` when another trigger has set the store otherwise.
 */
export async function keepTrigger(transaction: Transaction, store: string, trigger: ImportTrigger, ended?: ImportEnd): Promise<void> {
	const row = await importRow(transaction, store, true);
	if (row === undefined) return;
	const now = await transaction.now();
	assertMaySet(store, trigger, triggerOf(row), now);
	const settings = settingsText(trigger.settings);
	const { workflow, workflowName, node, nodeName } = trigger;
	const isKept =
		row.settings === settings &&
		row.workflow === workflow &&
		row.workflow_name === workflowName &&
		row.node === node &&
		row.node_name === nodeName;
	if (isKept && ended === undefined) return;
	const { last_at, last_success_at, last_problem, last_problem_at } = ended === undefined ? row : lastRun(row, now, ended.problem);
	const incompleteSince = ended?.complete === undefined ? row.incomplete_since : ended.complete ? null : (row.incomplete_since ?? now);
	const released =
		row.workflow !== null && row.node !== null && isSameTrigger({ workflow: row.workflow, node: row.node }, trigger) ? row.released : 0;
	await transaction.execute(
		sql`UPDATE ${transaction.tables.connection} SET settings = $1, workflow = $2, workflow_name = $3, node = $4, node_name = $5, set_at = $6, released = $7,
			last_at = $8, last_success_at = $9, last_problem = $10, last_problem_at = $11, incomplete_since = $12 WHERE store = $13 AND role = 'import' AND place = ''`,
		[
			settings,
			workflow,
			workflowName,
			node,
			nodeName,
			row.settings === settings ? row.set_at : now,
			released,
			last_at,
			last_success_at,
			last_problem,
			last_problem_at,
			incompleteSince,
			store,
		],
	);
}

export const recordImport =
	(database: Database): ConnectionsStore['recordImport'] =>
	async ({ store, partner, account, scope, trigger, actor, problem, complete }) => {
		await database.write(async (transaction) => {
			if (problem === null) {
				// A first poll that found nothing has connected the store, too.
				await connectIn(transaction, { store, role: 'import', partner, account, scope, actor });
				await keepTrigger(transaction, store, trigger, { problem, complete });
				return;
			}
			try {
				await keepTrigger(transaction, store, trigger, { problem, complete });
			} catch (error) {
				// What is wrong with a trigger that may not set the store is not the store's problem.
				if (!(error instanceof FulfillmentError) || error.code !== 'operation_refused') throw asError(error);
			}
		});
	};

export const releaseTrigger =
	(database: Database): ConnectionsStore['releaseTrigger'] =>
	async ({ store, actor }) =>
		await database.write(async (transaction) => {
			const row = await importRow(transaction, store, true);
			if (row === undefined || row.settings === null) {
				throw new FulfillmentError(
					'invalid_input',
					`No import trigger has set the store ${store}.`,
					'Check the name; Order Store → Connection → Get Many shows the stores. Without a trigger there is nothing to take over.',
				);
			}
			await transaction.execute(
				sql`UPDATE ${transaction.tables.connection} SET released = 1, set_by = $1 WHERE store = $2 AND role = 'import' AND place = ''`,
				[actor.name, store],
			);
			return (await known(transaction, { store, role: 'import' })) ?? connectionOf(row);
		});
