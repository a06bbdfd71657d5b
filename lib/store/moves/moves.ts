/** Moves of single orders, and what follows from them for others: check, conditional UPDATE and timeline in one transaction. Claims and the abandon sweep write a status too. */
import { currentContent } from '../../order/layers';
import { isOfAddedLines } from '../../order/reference';
import type { OrderStore, WriteResult } from '../OrderStore';
import { chunks, type ContentRow, type Database, NOTHING, type OrderRow, paired, sql, surely, type Transaction } from '../database';
import { append, contentColumns, type EntryOf, layersOf } from '../orders';
import { releaseUploads } from './bundleShipments';
import { sourceMoves } from './bundles';
import { closedMoves, closesChanged } from './closed';
import { partsRemovalError, lockedParts, makeParts, parentMoves, removeParts } from './parts';
import { LOCKED_ROW, type LockedRow, type Move } from './move';
import { mayBeSplitParent, needsStates, planOf, stale, type Plan } from './plan';
import { shortMoves } from './singleMove';
import { sendingStates, writeFacts } from './sendings';

/** Moves for one transaction. */
const BATCH = 250;

export const transition = (database: Database): OrderStore['transition'] => one(database);

export const amend = (database: Database): OrderStore['amend'] => {
	const write = one(database);
	return async (amendment) => await write({ ...amendment, reason: null });
};

function one(database: Database): (move: Move) => Promise<void> {
	const carriedOutShortly = shortMoves(database);
	return async (move) => {
		if (await carriedOutShortly(move)) return;
		await database.write(async (transaction) => {
			const [result] = await applyMoves(transaction, [move]);
			if (result && !result.ok) throw result.error;
		});
	};
}

export const transitionMany =
	(database: Database): OrderStore['transitionMany'] =>
	async (transitions) => {
		const results: WriteResult[] = [];
		for (const batch of chunks(transitions, BATCH)) {
			if (results.length > 0) await new Promise(setImmediate);
			results.push(...(await database.write(async (transaction) => await applyMoves(transaction, batch))));
		}
		return results;
	};

/** Carries out moves and what follows from them for other orders; each succeeds or fails by itself. Results come in the order of the moves. */
async function applyMoves(transaction: Transaction, moves: readonly Move[]): Promise<WriteResult[]> {
	const results: WriteResult[] = new Array<WriteResult>(moves.length);
	const parents = new Set<string>();
	const bundles = new Set<string>();
	let waiting = moves.map((move, index) => ({ move, index }));
	while (waiting.length > 0) {
		// A second move of one order must find what the first one did.
		const seen = new Set<string>();
		const wave = waiting.filter(({ move }) => !seen.has(move.orderId) && seen.add(move.orderId));
		const inWave = new Set(wave);
		waiting = waiting.filter((item) => !inWave.has(item));
		const outcomes = await applyWave(
			transaction,
			wave.map(({ move }) => move),
		);
		for (const [{ index }, result] of paired(wave, outcomes.results)) results[index] = result;
		for (const id of outcomes.parents) parents.add(id);
		for (const id of outcomes.bundles) bundles.add(id);
		await offerAdded(transaction, outcomes.closed);
	}
	if (parents.size > 0) for (const id of await follow(transaction, await parentMoves(transaction, [...parents]))) bundles.add(id);
	await followBundles(transaction, [...bundles]);
	return results;
}

/** As `applyMoves`, for moves of rows that are locked and were read in this transaction, so that none of them can be stale. */
export async function applyAll(transaction: Transaction, moves: readonly Move[]): Promise<void> {
	for (const result of moves.length === 0 ? [] : await applyMoves(transaction, moves)) if (!result.ok) throw result.error;
}

/** The orders in these bundles go where their bundles went. */
export async function followBundles(transaction: Transaction, bundleIds: readonly string[]): Promise<void> {
	if (bundleIds.length > 0) await follow(transaction, await sourceMoves(transaction, bundleIds));
}

/** Moves of orders that follow others: parents of splits, orders in bundles. Gives the bundles that changed by it. */
async function follow(transaction: Transaction, moves: readonly Move[]): Promise<string[]> {
	if (moves.length === 0) return [];
	const { results, bundles, closed } = await applyWave(transaction, moves);
	// Their rows are locked and were read in this transaction, so none of them can be stale.
	for (const result of results) if (!result.ok) throw result.error;
	await offerAdded(transaction, closed);
	return bundles;
}

/** What the cart added to orders before they were closed. */
async function offerAdded(transaction: Transaction, closedIds: readonly string[]): Promise<void> {
	if (closedIds.length > 0) await follow(transaction, await closedMoves(transaction, closedIds));
}

interface Planned {
	move: Move;
	row: LockedRow;
	plan: Plan;
}

/** `parents` = orders of which a part changed; `bundles` = bundles that changed; `closed` = orders that are closed while the cart says something else. */
async function applyWave(
	transaction: Transaction,
	moves: readonly Move[],
): Promise<{ results: WriteResult[]; parents: string[]; bundles: string[]; closed: string[] }> {
	const { rows, now } = await lock(
		transaction,
		moves.map(({ orderId }) => orderId),
	);
	const parents = await splitParents(transaction, moves);
	const removable = await lockedParts(
		transaction,
		moves.filter(({ unsplit }) => unsplit).map(({ orderId }) => orderId),
	);
	const states = await sendingStates(
		transaction,
		moves.filter((move) => needsStates(move, rows.get(move.orderId))).map(({ orderId }) => orderId),
	);
	const planned: Planned[] = [];
	const results = moves.map((move): WriteResult => {
		try {
			const row = rows.get(move.orderId);
			const plan = planOf(move, row, now, parents.has(move.orderId), states.get(move.orderId));
			const removalError = move.unsplit ? partsRemovalError(removable.get(move.orderId) ?? []) : null;
			if (removalError !== null) throw removalError;
			if (plan !== null) planned.push({ move, row: plan.row, plan });
			return { ok: true, orderId: move.orderId };
		} catch (error) {
			return { ok: false, orderId: move.orderId, error: error instanceof Error ? error : new Error(String(error)) };
		}
	});
	await addContentColumns(transaction, planned);
	const written = await writeRows(transaction, planned);
	const lost = new Set(planned.filter(({ move }) => !written.has(move.orderId)).map(({ move }) => move));
	const done = planned.filter(({ move }) => !lost.has(move));
	await writeContent(transaction, done);
	await writeFacts(
		transaction,
		done.flatMap(({ move, plan }) => (plan.sending === null ? [] : { orderId: move.orderId, ...plan.sending })),
	);
	await append(
		transaction,
		done.flatMap(({ move, plan }) => plan.entries.map((entry): EntryOf => ({ ...entry, orderId: move.orderId }))),
		now,
	);
	await releaseUploads(
		transaction,
		done.flatMap(({ move, row }) => (move.set?.releaseUploads ? row : [])),
		now,
	);
	await makeParts(
		transaction,
		done.flatMap(({ move }) => (move.split ? { orderId: move.orderId, parts: move.split, actor: move.actor } : [])),
		now,
	);
	const unsplit = done.filter(({ move }) => move.unsplit);
	await removeParts(
		transaction,
		unsplit.map(({ move }) => ({ orderId: move.orderId, actor: move.actor, parts: removable.get(move.orderId) ?? [] })),
		now,
	);
	return {
		results: paired(moves, results).map(([move, result]) =>
			lost.has(move) ? { ok: false, orderId: move.orderId, error: stale(move) } : result,
		),
		parents: done.flatMap(({ row, plan }) =>
			row.parent_id !== null && isFollowed(plan) && !isOfAddedLines({ parentId: row.parent_id, reference: row.reference })
				? row.parent_id
				: [],
		),
		bundles: done.flatMap(({ row, plan }) => (row.parent_id === null && row.bundle_size > 0 && isFollowed(plan) ? row.id : [])),
		closed: done.flatMap(({ row, plan }) => (closesChanged(plan) ? row.id : [])),
	};
}

const isFollowed = ({ columns, content }: Plan): boolean => 'status' in columns || 'progress' in content;

/** Reads the rows and keeps others from changing them; in the order of ids, so that two transactions never wait for each other. */
async function lock(transaction: Transaction, ids: readonly string[]): Promise<{ rows: Map<string, LockedRow>; now: string }> {
	const { dialect, tables } = transaction;
	const clock = dialect.now === null ? NOTHING : sql`, ${dialect.now} AS db_now`;
	const where = ids.length === 1 ? sql`o.id = $1` : sql`o.id ${dialect.anyOf(1)}`;
	const rows = await transaction.query<LockedRow & { db_now?: string }>(
		sql`SELECT ${LOCKED_ROW}${clock} FROM ${tables.order} o WHERE ${where} ORDER BY o.id${dialect.forUpdate}`,
		[ids.length === 1 ? ids[0] : dialect.list(ids)],
	);
	// The latest one: a row that was waited for has a later present than those before it.
	const latest = rows.reduce<string | undefined>(
		(max, { db_now: at }) => (at !== undefined && (max === undefined || at > max) ? at : max),
		undefined,
	);
	return { rows: new Map(rows.map((row) => [row.id, row])), now: latest ?? (await transaction.now()) };
}

async function splitParents({ query, dialect, tables }: Transaction, moves: readonly Move[]): Promise<Set<string>> {
	const ids = moves.filter(mayBeSplitParent).map(({ orderId }) => orderId);
	if (ids.length === 0) return new Set();
	const rows = await query<{ parent_id: string }>(
		sql`SELECT DISTINCT parent_id FROM ${tables.order} WHERE parent_id IS NOT NULL AND parent_id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	return new Set(rows.map((row) => row.parent_id));
}

/** Columns that are listed and searched follow from the content. */
async function addContentColumns({ query, dialect, tables }: Transaction, planned: readonly Planned[]): Promise<void> {
	const changing = planned.filter(({ plan }) => plan.contentChanges);
	const unread = changing.filter(({ move }) => !move.set?.result).map(({ move }) => move.orderId);
	const rows =
		unread.length === 0
			? []
			: await query<Pick<ContentRow, 'order_id' | 'snapshot' | 'edits' | 'result'>>(
					sql`SELECT order_id, snapshot, edits, result FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
					[dialect.list(unread)],
				);
	const before = new Map(rows.map((row) => [row.order_id, row]));
	for (const { move, row, plan } of changing) {
		// The result of the rules hides what is below it.
		const content = move.set?.result ?? currentContent(layersOf({ ...surely(before.get(move.orderId)), ...plan.content }));
		Object.assign(plan.columns, contentColumns(content, { ...row, ...plan.columns }));
	}
}

type Values = Record<string, string | number | null>;

async function writeRows(transaction: Transaction, planned: readonly Planned[]): Promise<Set<string>> {
	const written = new Set<string>();
	for (const { names, group } of bySameColumns(planned, ({ plan }) => plan.columns)) {
		const ids = await transaction.updateMany(
			'order',
			group.map(({ row, plan }): Values => ({
				...plan.columns,
				id: row.id,
				guard_status: row.status,
				guard_version: row.version,
				guard_claim_epoch: row.claim_epoch,
			})),
			{ key: 'id', guard: ['id', 'status', 'version', 'claim_epoch'], set: names },
		);
		for (const id of ids) written.add(id);
	}
	return written;
}

async function writeContent(transaction: Transaction, planned: readonly Planned[]): Promise<void> {
	for (const { names, group } of bySameColumns(planned, ({ plan }) => plan.content)) {
		await transaction.updateMany(
			'order_content',
			group.map(({ row, plan }): Values => ({ ...plan.content, order_id: row.id })),
			{ key: 'order_id', guard: ['order_id'], set: names },
		);
	}
}

/** One statement writes only what changes, so rows are grouped by that; in practice there is one group. */
function bySameColumns(
	planned: readonly Planned[],
	columns: (item: Planned) => Partial<OrderRow> | Partial<ContentRow>,
): Array<{ names: string[]; group: Planned[] }> {
	const groups = new Map<string, { names: string[]; group: Planned[] }>();
	for (const item of planned) {
		const names = Object.keys(columns(item)).sort();
		if (names.length === 0) continue;
		const key = names.join();
		const known = groups.get(key);
		if (known) known.group.push(item);
		else groups.set(key, { names, group: [item] });
	}
	return [...groups.values()];
}
