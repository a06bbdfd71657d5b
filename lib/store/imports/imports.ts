/** Records what was read from a cart: orders, failures and the cursor in one transaction. */
import { cartSays, READY } from '../../order/cartWord';
import { ENTRIES } from '../../order/status';
import { REDELIVER_AFTER_MS } from '../../order/due';
import type { NewImportFailure } from '../../order/importFailure';
import type { ImportedOrder } from '../../order/order';
import { fitsKey, KEY_BYTES, wholeText } from '../../order/texts';
import { shown } from '../../order/errors';
import type { ImportPage, ImportResult, OrderStore } from '../OrderStore';
import {
	after,
	chunks,
	type ContentRow,
	type Database,
	DAY_MS,
	newId,
	type OrderRow,
	paired,
	sql,
	stored,
	surely,
	type Transaction,
} from '../database';
import { applyAll, lockedBundles, lockedParts, wordColumns } from '../moves';
import { contentColumns, insertUnderFreeKeys, ofDeleted, REFERENCE_TRIES, snapshotHash, timelineRow, UNTOUCHED } from '../orders';
import { assertNameIn, connectIn, keepTrigger, moveCursor, recordFailures, resolveFailures } from '../partners';
import { oursOf, refusalOf } from '../../order/unknownOrder';
import { isOfAddedLines, referenceFor } from '../../order/reference';
import { changeAdded } from './addedLines';
import { changeBundles } from './changedBundles';
import { changeParts } from './changedParts';
import type { Candidate, Changed, KnownRow } from './candidate';
import { decide, keptWord } from './decisions';
import { compared, tellDifferences } from './differences';
import { asKnown } from './splitInCart';

/** Orders for one statement; measured: fewer are slower, more only hold up the event loop. */
const BATCH = 250;

export const importPage =
	(database: Database): OrderStore['importPage'] =>
	async (page) =>
		await database.write(async (transaction) => {
			const formerNames = await assertNameIn(transaction, page.store);
			await moveCursor(transaction, page, page.store);
			if (page.account !== undefined)
				await connectIn(transaction, { ...page.account, store: page.store, role: 'import', partner: page.cart, actor: page.actor });
			if (page.trigger !== undefined) await keepTrigger(transaction, page.store, page.trigger);
			const now = await transaction.now();
			const results: ImportResult[] = [];
			for (const batch of chunks(page.orders, BATCH)) {
				if (results.length > 0) await transaction.yieldToEventLoop();
				results.push(...(await importBatch(transaction, { ...page, formerNames }, batch, now)));
			}
			const imported = results
				.filter(({ kind, reason }) => kind !== 'refused' || reason === 'already_sent' || reason === 'archived')
				.map(({ externalId }) => externalId);
			const heard = new Set(imported);
			// What is for a person of an order that the store does not know is the cart's word about one that it has.
			const failures = page.failures.filter(({ subject, key }) => subject !== 'order' || !heard.has(key));
			await recordFailures(transaction, [...failures, ...page.orders.filter(hasLongKey).map(longKeyFailure)], {
				store: page.store,
				source: page.source,
				actor: page.actor,
				now,
			});
			await resolveFailures(transaction, imported, { store: page.store, subject: 'order', now });
			return results;
		});

/** A page, and the names that its store had before. */
type NamedPage = ImportPage & { formerNames: readonly string[] };

async function importBatch(
	transaction: Transaction,
	page: NamedPage,
	orders: readonly ImportedOrder[],
	now: string,
): Promise<ImportResult[]> {
	const results: ImportResult[] = new Array<ImportResult>(orders.length);
	let queue = (await asKnown(transaction, page.store, orders)).map((order, index) => candidateOf(order, index, {}));
	for (const {
		order: { externalId },
		index,
	} of queue.filter(({ order }) => hasLongKey(order)))
		results[index] = { externalId, orderId: null, kind: 'refused', reason: 'key_too_long' };
	queue = queue.filter(({ order }) => !hasLongKey(order));
	while (queue.length > 0) {
		// The same order twice in a page: the second one must find what the first one left.
		const seen = new Set<string>();
		const wave: Candidate[] = [];
		const later: Candidate[] = [];
		for (const candidate of queue) {
			if (seen.has(candidate.externalId)) later.push(candidate);
			else {
				seen.add(candidate.externalId);
				wave.push(candidate);
			}
		}
		queue = later;
		for (const [index, result] of await importWave(transaction, page, wave, now)) results[index] = result;
	}
	return results;
}

/** @param ours how many of each line we shipped: of what the cart counts as shipped, the rest was shipped by others */
function candidateOf(given: ImportedOrder, index: number, ours: Readonly<Record<string, number>>): Candidate {
	const { order, word } = oursOf(given, ours);
	const snapshot = stored(order.content);
	return { given, order, word: keptWord(word), index, externalId: wholeText(order.externalId), snapshot, hash: snapshotHash(snapshot) };
}

async function importWave(
	transaction: Transaction,
	page: NamedPage,
	wave: readonly Candidate[],
	now: string,
): Promise<Map<number, ImportResult>> {
	const results = new Map<number, ImportResult>();
	const wanted = wave.filter((candidate) => refusalOf(candidate) === null);
	const gone = await deletedBefore(transaction, page, wanted);
	for (const [candidate, orderId] of await insertNew(
		transaction,
		page,
		wanted.filter((candidate) => !gone.has(candidate)),
		now,
		{},
	)) {
		results.set(candidate.index, { externalId: candidate.order.externalId, orderId, kind: 'created', reason: null });
	}
	const rest = wave.filter(({ index }) => !results.has(index));
	if (rest.length === 0) return results;

	// Before the orders in them, as everybody does.
	const bundles = await lockedBundles(transaction, await bundlesOf(transaction, page.store, rest));
	const known = await existing(transaction, page.store, rest);
	// Not inserted and not there: another order has the reference that this one would have got, or had it.
	const collided = rest.filter((candidate) => !known.has(candidate.externalId) && refusalOf(candidate) === null);
	const inserted = new Map<Candidate, string>();
	for (let tries = 1; inserted.size < collided.length && tries <= REFERENCE_TRIES; tries += 1) {
		const left = collided.filter((candidate) => !inserted.has(candidate));
		const made = await insertNew(transaction, page, left, now, { collides: true, ...(tries === 1 ? {} : { salt: newId() }) });
		for (const [candidate, id] of made) inserted.set(candidate, id);
	}
	const parts = await lockedParts(
		transaction,
		[...known.values()].filter((row) => row.parts_made > 0).map(({ id }) => id),
	);
	const late = [...known.values()].flatMap((row) =>
		row.status === 'bundled' && row.bundled_into !== null && !bundles.has(row.bundled_into) ? row.bundled_into : [],
	);
	for (const [id, bundle] of await lockedBundles(transaction, late)) bundles.set(id, bundle);
	const news = await compared(transaction, page, rest, known, candidateOf);
	const changed: Changed[] = [];
	for (const given of rest) {
		const { order, externalId, index } = given;
		const row = known.get(externalId);
		const result = (kind: ImportResult['kind'], reason: ImportResult['reason'] = null) =>
			results.set(index, { externalId: order.externalId, orderId: row?.id ?? inserted.get(given) ?? null, kind, reason });
		if (row === undefined) {
			const refusal = refusalOf(given);
			if (refusal !== null) result('refused', refusal);
			else if (inserted.has(given)) result('created');
			else throw new Error(`Order ${externalId} of ${page.store} could neither be inserted nor found`);
			continue;
		}
		const { candidate, difference, refresh, wantedAgain } = surely(news.get(given));
		const bundle = row.status === 'bundled' && row.bundled_into !== null ? bundles.get(row.bundled_into) : undefined;
		const decision = decide({
			page,
			candidate,
			row,
			parts: (parts.get(row.id) ?? []).filter(({ parent_id: parentId, reference }) => !isOfAddedLines({ parentId, reference })),
			bundle,
			isChanged: difference !== null && page.onChange !== 'ignore',
		});
		result(decision.kind, decision.reason);
		if ('moves' in decision)
			changed.push({
				candidate,
				row,
				...decision,
				...(difference === null ? {} : { difference }),
				...(wantedAgain === undefined ? {} : { wantedAgain }),
			});
		else if (refresh !== null)
			changed.push({
				candidate,
				row,
				moves: [{ orderId: row.id, version: row.version, actor: page.actor, reason: null, set: refresh }],
				kind: decision.kind,
				reason: decision.reason,
			});
	}
	await tellDifferences(transaction, page, changed);
	await applyAll(
		transaction,
		changed.flatMap(({ moves, more = [] }) => [...moves, ...more]),
	);
	await changeParts(transaction, page, changed);
	await changeBundles(transaction, page, changed);
	await changeAdded(transaction, page, changed);
	return results;
}

/** By it the cart is told of the order, so it is never cut. */
const hasLongKey = ({ externalId }: ImportedOrder): boolean => !fitsKey(wholeText(externalId));

const longKeyFailure = ({ externalId, content, raw }: ImportedOrder): NewImportFailure => ({
	subject: 'order',
	key: externalId,
	origin: `order ${shown(content.orderNumber)}, externalId`,
	message: `externalId: is longer than ${KEY_BYTES} bytes, which no key of an order is (value: ${shown(externalId)}).`,
	remedy: 'Look in the cart, or in the file, for what stands where the key of the order should be; it is imported when that is corrected.',
	payload: raw,
});

/** Inserts those that are not there yet; gives them with their new ids. */
async function insertNew(
	transaction: Transaction,
	page: ImportPage,
	candidates: readonly Candidate[],
	now: string,
	taken: { collides?: boolean; salt?: string },
): Promise<Map<Candidate, string>> {
	const times = { now, dueAt: after(now, REDELIVER_AFTER_MS), abandonAt: after(now, page.abandonAfterDays * DAY_MS) };
	const rows = candidates.map((candidate) => newRow(page, candidate, times, taken));
	const created = await insertUnderFreeKeys(transaction, rows);
	const inserted = new Map<Candidate, string>();
	for (const [index, [candidate, row]] of paired(candidates, rows).entries()) if (created.has(index)) inserted.set(candidate, row.id);
	await transaction.insertMany(
		'order_content',
		[...inserted].map(([{ order, snapshot }, id]): ContentRow => ({
			order_id: id,
			snapshot,
			edits: '{}',
			result: null,
			served_holds: '[]',
			begun_holds: '[]',
			progress: '{}',
			payload: stored(order.raw),
			settled_lines: null,
		})),
		[],
	);
	const data = stored({ cart: page.cart, source: page.source });
	await transaction.insertMany(
		'timeline',
		[...inserted].flatMap(
			([
				{
					word: { readiness, reason },
				},
				id,
			]) => [
				timelineRow(id, now, 'imported', page.actor, data),
				...(readiness === 'waiting'
					? [timelineRow(id, now, 'cart_said', page.actor, stored({ before: 'ready', now: readiness, reason }))]
					: []),
			],
		),
		[],
	);
	return inserted;
}

type Times = Record<'now' | 'dueAt' | 'abandonAt', string>;

function newRow(
	page: ImportPage,
	{ order, word, externalId, hash }: Candidate,
	{ now, dueAt, abandonAt }: Times,
	taken: { collides?: boolean; salt?: string },
): OrderRow {
	const reference = referenceFor(page.store, order, taken);
	return {
		...UNTOUCHED,
		id: newId(),
		store: page.store,
		cart: page.cart,
		external_id: externalId,
		reference,
		reference_base: reference,
		...contentColumns(order.content, { imported_at: now, external_id: externalId, reference }),
		...(word.readiness === 'waiting'
			? { status: ENTRIES.waiting, status_reason: cartSays(word), held_until: word.until, due_at: null }
			: { status: ENTRIES.import, due_at: dueAt }),
		...wordColumns(word.readiness === 'not_ours' ? READY : word),
		imported_at: now,
		updated_at: now,
		abandon_at: abandonAt,
		abandon_days: page.abandonAfterDays,
		snapshot_hash: hash,
	};
}

/** Those that were deleted here: versions before this one kept nothing of their references. */
const deletedBefore = async (
	transaction: Transaction,
	{ store, formerNames }: NamedPage,
	candidates: readonly Candidate[],
): Promise<Set<Candidate>> =>
	// A hash cannot be renamed: nobody knows what it is of.
	await ofDeleted(transaction, candidates, (hash, { externalId }) => [store, ...formerNames].map((name) => hash.order(name, externalId)));

/** The bundles that some of these orders are in. */
async function bundlesOf({ query, dialect, tables }: Transaction, store: string, rest: readonly Candidate[]): Promise<string[]> {
	const rows = await query<{ bundled_into: string }>(
		sql`SELECT DISTINCT bundled_into FROM ${tables.order} WHERE store = $1 AND external_id ${dialect.anyOf(2)} AND parent_id IS NULL AND bundle_size = 0
			AND status = 'bundled' AND bundled_into IS NOT NULL`,
		[store, dialect.list(rest.map(({ externalId }) => externalId))],
	);
	return rows.map((row) => row.bundled_into);
}

async function existing(
	{ query, dialect, tables }: Transaction,
	store: string,
	rest: readonly Candidate[],
): Promise<Map<string, KnownRow>> {
	const rows = await query<KnownRow>(
		sql`SELECT o.id, o.external_id, o.status, o.sending, o.snapshot_hash, o.version, o.readiness, o.cart_reason, o.ready_at, o.canceled_in_cart_at, o.parts_made, o.bundled_into, o.shipment_count
			FROM ${tables.order} o WHERE o.store = $1 AND o.external_id ${dialect.anyOf(2)} AND o.parent_id IS NULL AND o.bundle_size = 0 ORDER BY o.id${dialect.forUpdate}`,
		[store, dialect.list(rest.map(({ externalId }) => externalId))],
	);
	return new Map(rows.map((row) => [row.external_id, row]));
}
