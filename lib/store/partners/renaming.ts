/**
 * Gives a store another name, everywhere. The old name stays known, so that a trigger that still has it is told instead of importing all orders anew. It begins with a
 * mark and ends with one; between them nothing is imported under either name, and orders move in transactions of bounded size. A crash leaves the first mark: to say it
 * again goes on.
 */
import { FulfillmentError } from '../../order/errors';
import { boundedKey, wholeText } from '../../order/texts';
import type { ConnectionsStore } from '../connecting';
import { type ConnectionRow, type Database, type RenamedStoreRow, type Session, sql, type Transaction } from '../database';

/** First key of the advisory locks of names of stores ("omn"). */
const LOCK_KEY = 0x6f6d6e;

/** An import that has begun ends before a renaming begins, and the other way round. On SQLite every transaction is alone anyway. */
async function lockName({ dialect, tables, query }: Transaction, store: string, how: 'shared' | 'alone'): Promise<void> {
	if (dialect.kind !== 'postgres') return;
	const key = [LOCK_KEY, `${tables.connection.text}\n${store}`];
	await query(
		how === 'alone'
			? sql`SELECT pg_advisory_xact_lock($1::int, hashtext($2))`
			: sql`SELECT pg_advisory_xact_lock_shared($1::int, hashtext($2))`,
		key,
	);
}

const marksOf = async ({ query, dialect, tables }: Session, names: readonly string[]): Promise<RenamedStoreRow[]> =>
	await query<RenamedStoreRow>(
		sql`SELECT * FROM ${tables.renamed_store} WHERE name ${dialect.anyOf(1)} OR renamed_to ${dialect.anyOf(1)}`,
		[dialect.list(names)],
	);

/** Throws FulfillmentError `operation_refused` for the old name of a store, and while one gets this name. Gives the names that the store had before. */
export async function assertName(session: Session, store: string): Promise<string[]> {
	const marks = await marksOf(session, [store]);
	const old = marks.find(({ name }) => name === store);
	if (old !== undefined) {
		throw new FulfillmentError(
			'operation_refused',
			`The store ${store} was renamed: it is ${old.renamed_to} now.${old.finished_at === null ? ' Not all of its orders have the new name yet.' : ''}`,
			`Enter ${old.renamed_to} under "Store". Another shop needs another name.`,
		);
	}
	const unfinished = marks.find((mark) => mark.renamed_to === store && mark.finished_at === null);
	if (unfinished !== undefined) throw goesOn(unfinished, true);
	return marks.map(({ name }) => name);
}

const goesOn = ({ name, renamed_to: to }: RenamedStoreRow, retryable: boolean): FulfillmentError =>
	new FulfillmentError(
		'operation_refused',
		`The store ${name} is being renamed to ${to}, and not all of its orders have the new name yet.`,
		`Nothing was changed; the next run tries again. If it stays so, run Order Store → Connection → Rename Store again for ${name} and ${to}.`,
		{ retryable },
	);

/** As a part of the transaction of an import; else as `assertName`. */
export async function assertNameIn(transaction: Transaction, store: string): Promise<string[]> {
	await lockName(transaction, store, 'shared');
	return await assertName(transaction, store);
}

export const renamedStores =
	(database: Database): ConnectionsStore['renamedStores'] =>
	async (names) =>
		await database.read(async (session) => {
			const wanted = names.map(wholeText);
			return new Map(
				(await marksOf(session, wanted)).filter(({ name }) => wanted.includes(name)).map(({ name, renamed_to: to }) => [name, to]),
			);
		});

/** Rows for one transaction. */
const AT_ONCE = 2_000;

export const renameStore =
	(database: Database): ConnectionsStore['renameStore'] =>
	async ({ store, name, actor, sourceOf }) => {
		const [from, to] = [wholeText(store), wholeText(name)];
		await database.write(async (transaction) => await begin(transaction, { from, to, by: actor.name, sourceOf }));
		let orders = 0;
		for (let moved = -1; moved !== 0; orders += moved) moved = await moveOrders(database, from, to);
		while ((await database.write(async (transaction) => await moveFailures(transaction, { from, to, sourceOf }))) > 0)
			await new Promise(setImmediate);
		await database.write(async (transaction) => await end(transaction, from, to));
		return { orders };
	};

interface Renaming {
	from: string;
	to: string;
	sourceOf(source: string): string;
}

/** The new name gets a copy of what few rows say; orders of either name find it until the end. */
async function begin(transaction: Transaction, { from, to, by, sourceOf }: Renaming & { by: string }): Promise<void> {
	const { query, execute, tables } = transaction;
	for (const name of [from, to].sort()) await lockName(transaction, name, 'alone');
	const marks = await marksOf(transaction, [from, to]);
	const begun = marks.find((mark) => mark.name === from);
	if (begun?.renamed_to === to) {
		await execute(sql`UPDATE ${tables.renamed_store} SET finished_at = NULL WHERE name = $1`, [from]);
		return;
	}
	if (begun !== undefined)
		throw new FulfillmentError(
			'invalid_input',
			`The store ${from} was renamed: it is ${begun.renamed_to} now.`,
			`Rename ${begun.renamed_to} instead.`,
		);
	const unfinished = marks.find((mark) => mark.finished_at === null);
	if (unfinished !== undefined) throw goesOn(unfinished, false);
	if (from === to || !(await isThere(transaction, from))) {
		throw new FulfillmentError(
			'invalid_input',
			from === to ? `The store is named ${to} already.` : `There is no store ${from}.`,
			'Check the name; Order Store → Connection → Get Many shows the stores.',
		);
	}
	if (await isThere(transaction, to))
		throw new FulfillmentError(
			'operation_refused',
			`There is a store ${to} already; two stores cannot become one.`,
			'Choose a name that no store has. Nothing was changed.',
		);
	const now = await transaction.now();
	await execute(sql`DELETE FROM ${tables.renamed_store} WHERE name = $1`, [to]);
	await execute(sql`UPDATE ${tables.renamed_store} SET renamed_to = $1 WHERE renamed_to = $2`, [to, from]);
	await transaction.insertMany('renamed_store', [{ name: from, renamed_to: to, at: now, by, finished_at: null }], ['name']);
	await copyConnections(transaction, from, to);
	for (const { source } of await query<{ source: string }>(sql`SELECT source FROM ${tables.cursor} WHERE store = $1`, [from])) {
		const renamed = boundedKey(sourceOf(source));
		// Of a store of this name that is no more.
		if (renamed !== source) await execute(sql`DELETE FROM ${tables.cursor} WHERE source = $1`, [renamed]);
		await execute(sql`UPDATE ${tables.cursor} SET source = $1, store = $2 WHERE source = $3`, [renamed, to, source]);
	}
}

/** What is there under the new name stays as it is. */
async function copyConnections(transaction: Transaction, from: string, to: string): Promise<void> {
	const { query, tables } = transaction;
	const connections = await query<ConnectionRow>(sql`SELECT * FROM ${tables.connection} WHERE store = $1`, [from]);
	await transaction.insertMany(
		'connection',
		connections.map((row) => ({ ...row, store: to })),
		['store', 'role', 'place'],
	);
	const served = await query<{ workflow: string; node: string }>(
		sql`SELECT workflow, node FROM ${tables.workflow_store} WHERE store = $1`,
		[from],
	);
	await transaction.insertMany(
		'workflow_store',
		served.map(({ workflow, node }) => ({ workflow, node, store: to })),
		['workflow', 'node', 'store'],
	);
}

async function isThere({ query, tables }: Session, store: string): Promise<boolean> {
	const rows = await query(
		sql`SELECT 1 AS there WHERE EXISTS (SELECT 1 FROM ${tables.order} WHERE parent_id IS NULL AND bundle_size = 0 AND store = $1) OR EXISTS (SELECT 1 FROM ${tables.connection} WHERE store = $1)`,
		[store],
	);
	return rows.length > 0;
}

/** All that there are at the moment, in the order of their keys, so that each row is looked at once. Gives how many had the old name. */
async function moveOrders(database: Database, from: string, to: string): Promise<number> {
	let moved = 0;
	for (let last = ''; ;) {
		const ids = await database.write(async ({ query, execute, dialect, tables }) => {
			const rows = await query<{ id: string }>(
				sql`SELECT id FROM ${tables.order} WHERE id > $1 AND store = $2 ORDER BY id LIMIT ${AT_ONCE}`,
				[last, from],
			);
			const found = rows.map(({ id }) => id);
			// Who decided something about an order with the old name decides anew.
			if (found.length > 0)
				await execute(sql`UPDATE ${tables.order} SET store = $1, version = version + 1 WHERE id ${dialect.anyOf(2)} AND store = $3`, [
					to,
					dialect.list(found),
					from,
				]);
			return found;
		});
		moved += ids.length;
		if (ids.length < AT_ONCE) return moved;
		last = ids.at(-1)!;
		await new Promise(setImmediate);
	}
}

async function moveFailures({ query, execute, dialect, tables }: Transaction, { from, to, sourceOf }: Renaming): Promise<number> {
	const [first] = await query<{ source: string }>(sql`SELECT source FROM ${tables.import_failure} WHERE store = $1 LIMIT 1`, [from]);
	if (first === undefined) return 0;
	const rows = await query<{ id: string }>(sql`SELECT id FROM ${tables.import_failure} WHERE store = $1 AND source = $2 LIMIT ${AT_ONCE}`, [
		from,
		first.source,
	]);
	const ids = dialect.list(rows.map(({ id }) => id));
	const source = boundedKey(sourceOf(first.source));
	// One of a store of this name that is no more.
	await execute(
		sql`DELETE FROM ${tables.import_failure} WHERE store = $1 AND source = $2 AND EXISTS (SELECT 1 FROM ${tables.import_failure} AS moving
			WHERE moving.id ${dialect.anyOf(3)} AND moving.subject = ${tables.import_failure}.subject AND moving.key = ${tables.import_failure}.key)`,
		[to, source, ids],
	);
	await execute(sql`UPDATE ${tables.import_failure} SET store = $1, source = $2 WHERE id ${dialect.anyOf(3)}`, [to, source, ids]);
	return rows.length;
}

async function end(transaction: Transaction, from: string, to: string): Promise<void> {
	const { execute, tables } = transaction;
	for (const name of [from, to].sort()) await lockName(transaction, name, 'alone');
	// A warehouse that took its first order of the store meanwhile.
	await copyConnections(transaction, from, to);
	await execute(sql`DELETE FROM ${tables.connection} WHERE store = $1`, [from]);
	await execute(sql`DELETE FROM ${tables.workflow_store} WHERE store = $1`, [from]);
	await execute(sql`UPDATE ${tables.renamed_store} SET finished_at = $1 WHERE name = $2 AND renamed_to = $3`, [
		await transaction.now(),
		from,
		to,
	]);
}
