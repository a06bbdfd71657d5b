/** Connections: which account serves a store, and which workflow works for it. */
import { accountRefused, type Connection } from '../../order/connection';
import { FulfillmentError } from '../../order/errors';
import type { KeptTrigger } from '../../order/importSettings';
import { boundedKey, wholeText } from '../../order/texts';
import type { ConnectionsStore, ConnectRequest } from '../connecting';
import { type ConnectionRow, type Database, NOTHING, parse, type Session, sql, type Transaction } from '../database';

export const connectionOf = (row: ConnectionRow): Connection => ({
	store: row.store,
	role: row.role,
	place: row.place,
	partner: row.partner,
	account: row.account,
	scope: row.scope,
	since: row.since,
	setBy: row.set_by,
	credential: row.credential,
	shared: row.shared !== 0,
	trigger: triggerOf(row),
	lastAt: row.last_at,
	lastSuccessAt: row.last_success_at,
	lastProblem: row.last_problem,
	lastProblemAt: row.last_problem_at,
	incompleteSince: row.incomplete_since,
});

export function triggerOf(row: ConnectionRow): KeptTrigger | null {
	if (row.settings === null) return null;
	const seenAt = [row.set_at ?? row.since, row.last_at ?? ''].sort().at(-1)!;
	return {
		workflow: row.workflow ?? '',
		workflowName: row.workflow_name ?? '',
		node: row.node ?? '',
		nodeName: row.node_name ?? '',
		settings: parse(row.settings),
		seenAt,
		released: row.released !== 0,
	};
}

/** First key of the advisory locks of connections ("omd"). */
const LOCK_KEY = 0x6f6d64;

/** Two that connect at once would not see each other; on SQLite every transaction is alone anyway. */
async function alone({ dialect, tables, query }: Transaction): Promise<void> {
	if (dialect.kind === 'postgres') await query(sql`SELECT pg_advisory_xact_lock($1::int, hashtext($2))`, [LOCK_KEY, tables.connection]);
}

export async function known(
	{ query, tables }: Session,
	{ store, role, place = '' }: Pick<Connection, 'store' | 'role'> & { place?: string },
): Promise<Connection | null> {
	const [row] = await query<ConnectionRow>(sql`SELECT * FROM ${tables.connection} WHERE store = $1 AND role = $2 AND place = $3`, [
		store,
		role,
		place,
	]);
	return row === undefined ? null : connectionOf(row);
}

/** What speaks for or against it: who has the account, and where the orders of the store come from. */
const around = async (
	{ query, tables }: Session,
	{ partner, account, store }: Pick<ConnectRequest, 'partner' | 'account' | 'store'>,
): Promise<Connection[]> =>
	(
		await query<ConnectionRow>(
			sql`SELECT * FROM ${tables.connection} WHERE (account = $1 AND partner = $2) OR (store = $3 AND role = 'import') ORDER BY since, store`,
			[account, partner, store],
		)
	).map(connectionOf);

export const connect =
	(database: Database): ConnectionsStore['connect'] =>
	async ({ keep, ...request }) => {
		const wanted = cleaned(request);
		const done = await database.read(async (session) => {
			const found = await known(session, wanted);
			check(wanted, found, found === null ? await around(session, wanted) : []);
			return found !== null || !keep;
		});
		if (!done) await database.write(async (transaction) => await connectIn(transaction, wanted));
	};

/** As a part of the transaction that shows that the account serves the store. Throws FulfillmentError `operation_refused`. */
export async function connectIn(transaction: Transaction, request: ConnectRequest): Promise<void> {
	const wanted = cleaned(request);
	const first = await known(transaction, wanted);
	if (first !== null) return check(wanted, first, []);
	await alone(transaction);
	const meanwhile = await known(transaction, wanted);
	check(wanted, meanwhile, meanwhile === null ? await around(transaction, wanted) : []);
	if (meanwhile === null)
		await transaction.insertMany(
			'connection',
			[newRow({ ...connectionWanted(wanted), since: await transaction.now(), setBy: null })],
			['store', 'role', 'place'],
		);
}

type Wanted = ConnectRequest & { place: string };

const connectionWanted = ({ store, role, place, partner, account, scope, credential }: Wanted): Omit<Named, 'since' | 'setBy'> => ({
	store,
	role,
	place,
	partner,
	account,
	scope,
	credential: credential ?? null,
});

const cleaned = (request: ConnectRequest): Wanted => ({
	...request,
	store: wholeText(request.store),
	place: boundedKey(request.place ?? ''),
	account: boundedKey(request.account),
	scope: wholeText(request.scope),
});

/** Throws FulfillmentError `operation_refused`. */
function check(wanted: Wanted, found: Connection | null, others: readonly Connection[]): void {
	const refusal = accountRefused(wanted, found, others);
	if (refusal !== null) throw new FulfillmentError('operation_refused', refusal.why, refusal.remedy);
}

type Named = Omit<Connection, 'shared' | 'trigger' | 'lastAt' | 'lastSuccessAt' | 'lastProblem' | 'lastProblemAt' | 'incompleteSince'>;

/** Of a connection that nothing is known of but its name and account. */
export const newRow = ({ setBy, ...rest }: Named): ConnectionRow => ({
	...rest,
	set_by: setBy,
	shared: 0,
	settings: null,
	workflow: null,
	workflow_name: null,
	node: null,
	node_name: null,
	set_at: null,
	released: 0,
	last_at: null,
	last_success_at: null,
	last_problem: null,
	last_problem_at: null,
	incomplete_since: null,
});

export const connections =
	(database: Database): ConnectionsStore['connections'] =>
	async ({ stores }) =>
		await database.read(async ({ query, dialect, tables }) => {
			const where = stores === undefined ? NOTHING : sql` WHERE store ${dialect.anyOf(1)}`;
			const rows = await query<ConnectionRow>(
				sql`SELECT * FROM ${tables.connection}${where} ORDER BY store, role, place`,
				stores === undefined ? [] : [dialect.list(stores)],
			);
			return rows.map(connectionOf);
		});

export const changeAccount =
	(database: Database): ConnectionsStore['changeAccount'] =>
	async ({ actor, moved, ...request }) => {
		const { store, role, place, partner, account, scope } = cleaned({ ...request, actor });
		const before = await database.read(async (session) => await known(session, { store, role, place }));
		const connection = await database.write(async (transaction) => {
			const row = newRow({
				store,
				role,
				place,
				partner,
				account,
				scope,
				credential: before?.credential ?? null,
				since: await transaction.now(),
				setBy: actor.name,
			});
			if ((await transaction.insertMany('connection', [row], ['store', 'role', 'place'])).size === 1) return connectionOf(row);
			await transaction.execute(
				sql`UPDATE ${transaction.tables.connection} SET partner = $1, account = $2, scope = $3, set_by = $4, since = $5 WHERE store = $6 AND role = $7 AND place = $8`,
				[row.partner, row.account, row.scope, row.set_by, row.since, row.store, row.role, row.place],
			);
			return (await known(transaction, { store, role, place })) ?? connectionOf(row);
		});
		if (moved && before !== null) await move(database, before, connection);
		return connection;
	};

/** Orders for one transaction. */
const MOVES = 2_000;

/** A crash leaves some with the old name; saying it again goes on. */
async function move(database: Database, { partner, account: from }: Connection, { account: to }: Connection): Promise<void> {
	if (from === to) return;
	await database.write(async ({ execute, tables }) => {
		await execute(sql`UPDATE ${tables.connection} SET account = $1 WHERE account = $2 AND partner = $3`, [to, from, partner]);
	});
	for (;;) {
		const count = await database.write(async ({ query, execute, dialect, tables }) => {
			const rows = await query<{ order_id: string }>(
				sql`SELECT DISTINCT order_id FROM ${tables.sending} WHERE account = $1 AND wms = $2 LIMIT $3`,
				[from, partner, MOVES],
			);
			const ids = dialect.list(rows.map((row) => row.order_id));
			await execute(sql`UPDATE ${tables.sending} SET account = $1 WHERE order_id ${dialect.anyOf(2)} AND account = $3 AND wms = $4`, [
				to,
				ids,
				from,
				partner,
			]);
			await execute(
				sql`UPDATE ${tables.order} SET wms_account = $1, version = version + 1 WHERE id ${dialect.anyOf(2)} AND wms_account = $3 AND wms = $4`,
				[to, ids, from, partner],
			);
			return rows.length;
		});
		if (count < MOVES) return;
		await new Promise(setImmediate);
	}
}

export const allowSecondStore =
	(database: Database): ConnectionsStore['allowSecondStore'] =>
	async ({ store, actor }) =>
		await database.write(async (transaction) => {
			const now = await transaction.now();
			await transaction.execute(
				sql`UPDATE ${transaction.tables.connection} SET shared = 1, set_by = $1, since = $2 WHERE store = $3 AND role = 'import'`,
				[actor.name, now, store],
			);
			const connection = await known(transaction, { store, role: 'import' });
			if (connection !== null) return connection;
			throw new FulfillmentError(
				'invalid_input',
				`No orders of the store ${store} were imported by a trigger yet.`,
				'Check the name; Order Store → Connection → Get Many shows the stores.',
			);
		});

export const serve =
	(database: Database): ConnectionsStore['serve'] =>
	async ({ workflow, node, stores }) => {
		const wanted = [...new Set(stores.map(wholeText))].sort();
		const before = await database.read(async ({ query, tables }) =>
			(
				await query<{ store: string }>(sql`SELECT store FROM ${tables.workflow_store} WHERE workflow = $1 AND node = $2 ORDER BY store`, [
					workflow,
					node,
				])
			).map(({ store }) => store),
		);
		// Each poll says it; mostly nothing is new.
		if (wanted.length === before.length && wanted.every((store, index) => store === before[index])) return;
		await database.write(async (transaction) => {
			const { dialect, tables } = transaction;
			await transaction.execute(
				sql`DELETE FROM ${tables.workflow_store} WHERE workflow = $1 AND node = $2 AND NOT (store ${dialect.anyOf(3)})`,
				[workflow, node, dialect.list(wanted)],
			);
			await transaction.insertMany(
				'workflow_store',
				wanted.map((store) => ({ workflow, node, store })),
				['workflow', 'node', 'store'],
			);
		});
	};

export const servedBy =
	(database: Database): ConnectionsStore['servedBy'] =>
	async (workflow) =>
		await database.read(async ({ query, tables }) =>
			(
				await query<{ store: string }>(sql`SELECT DISTINCT store FROM ${tables.workflow_store} WHERE workflow = $1 ORDER BY store`, [
					workflow,
				])
			).map(({ store }) => store),
		);

export const knowsStore =
	(database: Database): ConnectionsStore['knowsStore'] =>
	async (names) =>
		await database.read(async ({ query, dialect, tables }) => {
			const [row] = await query<{ known: number }>(
				sql`SELECT 1 AS known WHERE EXISTS (SELECT 1 FROM ${tables.order} WHERE parent_id IS NULL AND bundle_size = 0 AND store ${dialect.anyOf(1)})
				OR EXISTS (SELECT 1 FROM ${tables.connection} WHERE role = 'import' AND store ${dialect.anyOf(1)})`,
				[dialect.list(names.map(wholeText))],
			);
			return row !== undefined;
		});

/** Each the next one behind the last, so that the index gives it without a look at all orders. */
export const storeNames =
	(database: Database): ConnectionsStore['storeNames'] =>
	async (limit) =>
		await database.read(async ({ query, tables }) => {
			const names: string[] = [];
			for (let last: string | undefined = ''; last !== undefined && names.length < limit; last = names.at(-1)) {
				const [row] = await query<{ store: string | null }>(
					sql`SELECT min(store) AS store FROM (SELECT min(store) AS store FROM ${tables.order} WHERE parent_id IS NULL AND bundle_size = 0 AND store > $1
					UNION ALL SELECT min(store) AS store FROM ${tables.connection} WHERE role = 'import' AND store > $1) each`,
					[last],
				);
				if (row?.store === null || row === undefined) break;
				names.push(row.store);
			}
			return names;
		});
