/** Records what was read from a cart: orders, failures and the cursor in one transaction. */
import type { OrderStatus } from '../../order/status';
import { REDELIVER_AFTER_MS } from '../../order/due';
import { currentContent, differences } from '../../order/layers';
import { shown } from '../../order/errors';
import type { ImportedOrder, OrderContent } from '../../order/order';
import { entry, type FieldChange } from '../../order/timeline';
import type { ImportPage, ImportResult, OrderStore } from '../OrderStore';
import { newId } from '../ids';
import { referenceFor } from '../reference';
import { lockedBundles } from './bundles';
import { takeApart } from './bundling';
import { moveCursor } from './cursors';
import { AT_WORK, decide, decideInBundle, type Candidate, type Changed, type KnownRow } from './importDecisions';
import { recordFailures, resolveFailures } from './failures';
import { applyAll } from './moves';
import { chunks } from './orders';
import { lockedParts } from './parts';
import type { Move } from './plan';
import { after, contentColumns, DAY_MS, layersOf, parse, sameJson, snapshotHash, storable, stored, UNTOUCHED } from './rows';
import type { Database, Transaction } from './session';
import type { ContentRow, OrderRow } from './tables';
import { timelineRow } from './timeline';

/** Orders for one statement; measured: fewer are slower, more only hold up the event loop. */
const BATCH = 250;

export const importPage = (database: Database): OrderStore['importPage'] => async (page) =>
	await database.write(async (transaction) => {
		await moveCursor(transaction, page, page.store);
		const now = await transaction.now();
		const results: ImportResult[] = [];
		for (const batch of chunks(page.orders, BATCH)) {
			if (results.length > 0) await transaction.breathe();
			results.push(...(await importBatch(transaction, page, batch, now)));
		}
		await recordFailures(transaction, page.failures, { store: page.store, source: page.source, now });
		const imported = results.filter(({ kind }) => kind !== 'refused').map(({ externalId }) => storable(externalId));
		await resolveFailures(transaction, imported, { store: page.store, subject: 'order', now });
		return results;
	});

async function importBatch(transaction: Transaction, page: ImportPage, orders: readonly ImportedOrder[], now: string): Promise<ImportResult[]> {
	const results: ImportResult[] = new Array<ImportResult>(orders.length);
	let waiting = orders.map((order, index): Candidate => {
		const snapshot = stored(order.content);
		return { order, index, externalId: storable(order.externalId), snapshot, hash: snapshotHash(snapshot) };
	});
	while (waiting.length > 0) {
		// The same order twice in a page: the second one must find what the first one left.
		const seen = new Set<string>();
		const wave: Candidate[] = [];
		const later: Candidate[] = [];
		for (const candidate of waiting) {
			if (seen.has(candidate.externalId)) later.push(candidate);
			else {
				seen.add(candidate.externalId);
				wave.push(candidate);
			}
		}
		waiting = later;
		for (const [index, result] of await importWave(transaction, page, wave, now)) results[index] = result;
	}
	return results;
}

async function importWave(
	transaction: Transaction,
	page: ImportPage,
	wave: readonly Candidate[],
	now: string,
): Promise<Map<number, ImportResult>> {
	const results = new Map<number, ImportResult>();
	const wanted = wave.filter(({ order }) => !order.canceled);
	for (const [candidate, orderId] of await insertNew(transaction, page, wanted, now, false)) {
		results.set(candidate.index, { externalId: candidate.order.externalId, orderId, kind: 'created', reason: null });
	}
	const rest = wave.filter(({ index }) => !results.has(index));
	if (rest.length === 0) return results;

	// Before the orders in them, as everybody does.
	const bundles = await lockedBundles(transaction, await bundlesOf(transaction, page.store, rest));
	const known = await existing(transaction, page.store, rest);
	// Not inserted and not there: another order has the reference that this one would have got.
	const collided = rest.filter(({ externalId, order }) => !known.has(externalId) && !order.canceled);
	const inserted = await insertNew(transaction, page, collided, now, true);
	const parts = await lockedParts(transaction, [...known.values()].filter((row) => row.parts_made > 0).map(({ id }) => id));
	const late = [...known.values()].flatMap((row) => (row.status === 'bundled' && row.bundled_into !== null && !bundles.has(row.bundled_into) ? row.bundled_into : []));
	for (const [id, bundle] of await lockedBundles(transaction, late)) bundles.set(id, bundle);
	const changed: Changed[] = [];
	for (const candidate of rest) {
		const { order, externalId, index } = candidate;
		const row = known.get(externalId);
		const result = (kind: ImportResult['kind'], reason: ImportResult['reason'] = null) =>
			results.set(index, { externalId: order.externalId, orderId: row?.id ?? inserted.get(candidate) ?? null, kind, reason });
		if (row === undefined) {
			if (order.canceled) result('refused', 'canceled_in_cart');
			else if (inserted.has(candidate)) result('created');
			else throw new Error(`Order ${externalId} of ${page.store} could neither be inserted nor found`);
			continue;
		}
		const bundle = row.status === 'bundled' && row.bundled_into !== null ? bundles.get(row.bundled_into) : undefined;
		const decision = bundle === undefined ? decide(page, candidate, row, parts.get(row.id) ?? []) : decideInBundle(page, candidate, row, bundle);
		if ('move' in decision) changed.push({ candidate, row, ...decision });
		else result(decision.kind, decision.reason);
	}
	const real = await withDifferences(transaction, page, changed);
	for (const item of changed) {
		if (real.includes(item)) continue;
		results.set(item.candidate.index, { externalId: item.candidate.order.externalId, orderId: item.row.id, kind: 'unchanged', reason: null });
	}
	await applyAll(transaction, [...real.map(({ move }) => move), ...real.flatMap(({ more }) => more ?? [])]);
	await changeBundles(transaction, page, real);
	real.forEach(({ candidate, row, kind }) => {
		const late = kind === 'changed_late' || kind === 'canceled_late';
		results.set(candidate.index, { externalId: candidate.order.externalId, orderId: row.id, kind: late ? 'refused' : kind, reason: late ? 'already_sent' : null });
	});
	return results;
}

/** Inserts those that are not there yet; gives them with their new ids. */
async function insertNew(
	transaction: Transaction,
	page: ImportPage,
	candidates: readonly Candidate[],
	now: string,
	collides: boolean,
): Promise<Map<Candidate, string>> {
	const rows = candidates.map((candidate) => newRow(page, candidate, now, collides));
	const created = await transaction.insertMany('order', rows, ['id']);
	const inserted = new Map<Candidate, string>();
	for (const index of created) inserted.set(candidates[index]!, rows[index]!.id);
	await transaction.insertMany(
		'order_content',
		[...inserted].map(([{ order, snapshot }, id]): ContentRow => ({
			order_id: id,
			snapshot,
			edits: '{}',
			result: null,
			served_holds: '[]',
			progress: '{}',
			payload: stored(order.raw),
		})),
		[],
	);
	const data = stored({ cart: page.cart, source: page.source });
	await transaction.insertMany(
		'timeline',
		[...inserted.values()].map((id) => timelineRow(id, now, 'imported', page.actor, data)),
		[],
	);
	return inserted;
}

function newRow(page: ImportPage, { order, externalId, hash }: Candidate, now: string, collides: boolean): OrderRow {
	const reference = referenceFor(page.store, order, { collides });
	return {
		...UNTOUCHED,
		id: newId(),
		store: page.store,
		cart: page.cart,
		external_id: externalId,
		reference,
		reference_base: reference,
		...contentColumns(order.content, { imported_at: now, external_id: externalId, reference }),
		status: 'new',
		imported_at: now,
		updated_at: now,
		abandon_at: after(now, page.abandonAfterDays * DAY_MS),
		abandon_days: page.abandonAfterDays,
		due_at: after(now, REDELIVER_AFTER_MS),
		snapshot_hash: hash,
	};
}

/** The bundles that some of these orders are in. */
async function bundlesOf({ query, dialect, tables }: Transaction, store: string, rest: readonly Candidate[]): Promise<string[]> {
	const rows = await query<{ bundled_into: string }>(
		`SELECT DISTINCT bundled_into FROM ${tables.order} WHERE store = $1 AND external_id ${dialect.anyOf(2)} AND parent_id IS NULL AND bundle_size = 0 ` +
			"AND status = 'bundled' AND bundled_into IS NOT NULL",
		[store, dialect.list(rest.map(({ externalId }) => externalId))],
	);
	return rows.map((row) => row.bundled_into);
}

async function existing({ query, dialect, tables }: Transaction, store: string, rest: readonly Candidate[]): Promise<Map<string, KnownRow>> {
	const rows = await query<KnownRow>(
		`SELECT o.id, o.external_id, o.status, o.sent_at, o.snapshot_hash, o.version, o.shipment_count, o.alert_code, o.parts_made, o.bundled_into FROM ${tables.order} o ` +
			`WHERE o.store = $1 AND o.external_id ${dialect.anyOf(2)} AND o.parent_id IS NULL AND o.bundle_size = 0 ORDER BY o.id${dialect.forUpdate}`,
		[store, dialect.list(rest.map(({ externalId }) => externalId))],
	);
	return new Map(rows.map((row) => [row.external_id, row]));
}

/** Takes bundles apart of which an order changed before they were sent, and tells of the others. */
async function changeBundles(transaction: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<void> {
	const touched = changed.filter(({ bundle }) => bundle !== undefined);
	const bundles = [...new Map(touched.map(({ bundle }) => [bundle!.row.id, bundle!])).values()];
	await takeApart(transaction, bundles.filter(({ sent }) => !sent), { actor: page.actor, reason: 'One of its orders was changed or canceled in the cart.' });
	const wanted = await bundlesWanted(transaction, bundles.filter(({ sent }) => sent).map(({ row }) => row.id));
	const moves = bundles.flatMap(({ row, sent }): Move[] => {
		const told = touched.filter(({ bundle, move, kind }) => bundle!.row.id === row.id && (kind === 'canceled_late' || move.set?.alert !== undefined));
		if (!sent || told.length === 0 || !AT_WORK.includes(row.status as OrderStatus)) return [];
		if (!wanted.has(row.id)) {
			const alert = { code: 'canceled_in_cart', message: 'All orders in this bundle were canceled in the cart after it had been sent to the warehouse.' } as const;
			return row.alert_code === 'cancel_too_late' ? [] : [{ orderId: row.id, version: row.version, actor: page.actor, reason: null, set: { alert } }];
		}
		const words = told.map(({ candidate, move, kind }) => `${candidate.order.content.orderNumber}: ${kind === 'canceled_late' ? 'canceled in the cart' : (move.set?.alert?.message ?? '')}`);
		const alert = { code: 'changed_in_cart', message: `Of the orders in this bundle, after it was sent to the warehouse: ${words.join('; ')}` } as const;
		return [{ orderId: row.id, version: row.version, actor: page.actor, reason: null, set: { alert } }];
	});
	await applyAll(transaction, moves);
}

/** Of these bundles those of which an order is still wanted. */
async function bundlesWanted({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Set<string>> {
	if (ids.length === 0) return new Set();
	const rows = await query<{ bundled_into: string }>(
		`SELECT DISTINCT bundled_into FROM ${tables.order} WHERE bundled_into IS NOT NULL AND bundled_into ${dialect.anyOf(1)} ` +
			"AND status = 'bundled' AND (alert_code IS NULL OR alert_code <> 'canceled_in_cart')",
		[dialect.list(ids)],
	);
	return new Set(rows.map((row) => row.bundled_into));
}

/** What a warehouse ships by. Other changes of a sent order (money, weights, tags) are noted and nobody is alarmed. */
const SHIPPED_BY = /^(shippingAddress|lines(?!\.[^.]+\.(unitPrice|weight)$)|shippingMethod|requestedShipDate|signatureRequired|giftMessage|shippingNotes|customer\.phone)\b/;

/** In words, for the alert; long ones are cut. */
const inWords = (changes: readonly FieldChange[]): string =>
	changes
		.slice(0, 6)
		.map(({ path, before, after: now }) => `${path}: ${shown(before, 60)} → ${shown(now, 60)}`)
		.join('; ') + (changes.length > 6 ? `; and ${changes.length - 6} more` : '');

/** Says in the timeline what the cart changed; leaves out orders whose keys merely come in another order now. */
async function withDifferences({ query, dialect, tables }: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<Changed[]> {
	const updates = changed.filter(({ kind }) => kind === 'updated' || kind === 'changed_late');
	if (updates.length === 0) return [...changed];
	const rows = await query<Pick<ContentRow, 'order_id' | 'snapshot' | 'edits' | 'result'>>(
		`SELECT order_id, snapshot, edits, result FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
		[dialect.list(updates.map(({ row }) => row.id))],
	);
	const before = new Map(rows.map((row) => [row.order_id, layersOf(row)]));
	return changed.filter(({ candidate, row, move, kind }) => {
		if (kind === 'canceled' || kind === 'canceled_late') return true;
		const layers = before.get(row.id)!;
		const [left, right] = [layers.snapshot, parse<OrderContent>(candidate.snapshot)];
		if (sameJson(left, right)) return false;
		const changes = differences(left, right);
		move.entries = [entry('snapshot_changed', page.actor, { changes, source: page.source })];
		// What was sent stays what is shown, also of an order that was sent without rules.
		if (kind === 'changed_late' && layers.result === null) move.set = { ...move.set, result: currentContent(layers) };
		const alarming = changes.filter(({ path }) => SHIPPED_BY.test(path));
		if (kind === 'changed_late' && alarming.length > 0 && (AT_WORK.includes(row.status as OrderStatus) || row.status === 'bundled')) {
			move.set = { ...move.set, alert: { code: 'changed_in_cart', message: `Changed in the cart after it was sent to the warehouse: ${inWords(alarming)}.` } };
		}
		return true;
	});
}
