/** What a cart changed of orders that we have, and who is told of it. */
import { isOver } from '../../order/cartWord';
import { asError } from '../../order/errors';
import { currentContent, differences, type OrderLayers } from '../../order/layers';
import type { ImportedOrder, JsonValue, OrderContent, ShipmentLine } from '../../order/order';
import { inWords, shippedBy } from '../../order/sending';
import { isLive } from '../../order/sendingState';
import { shippedAsSold } from '../../order/shippedLines';
import { hasTrait } from '../../order/status';
import { entry, type FieldChange } from '../../order/timeline';
import type { ImportPage } from '../OrderStore';
import { type ContentRow, parse, sameJson, sql, surely, type Transaction } from '../database';
import { changesSinceSent, isRepresented, ordersOfAdded, sentSnapshots, together, type Move } from '../moves';
import { layersOf, type Progress } from '../orders';
import type { Candidate, Changed, Difference, KnownRow } from './candidate';

/** What the cart says of an order compared with what is kept of it. */
export interface Compared {
	/** Without what others shipped. */
	candidate: Candidate;
	/** null = it says what it said. */
	difference: Difference | null;
	/** It says what it said, which is translated in another way now: what is written without a word. null = nothing. */
	refresh: NonNullable<Move['set']> | null;
	/** What is kept of it, where the cart wants it again and says what it said. */
	wantedAgain?: OrderLayers;
}

type Known = Pick<ContentRow, 'order_id' | 'snapshot' | 'edits' | 'result' | 'progress' | 'payload'>;

/** @param candidateOf makes a candidate anew, with what we shipped of each line */
export async function compared(
	transaction: Transaction,
	page: ImportPage,
	candidates: readonly Candidate[],
	known: ReadonlyMap<string, KnownRow>,
	candidateOf: (order: ImportedOrder, index: number, ours: Readonly<Record<string, number>>) => Candidate,
): Promise<Map<Candidate, Compared>> {
	const pairs = candidates.flatMap((candidate) => {
		const row = known.get(candidate.externalId);
		return row === undefined ? [] : [{ candidate, row }];
	});
	// Few of a page: the others are as they were.
	const looked = pairs.filter(
		({ candidate, row }) =>
			row.snapshot_hash !== candidate.hash || isWantedAgain(candidate, row) || (candidate.given.shipped !== undefined && mayBeShipped(row)),
	);
	const contents = await contentsOf(
		transaction,
		looked.map(({ row }) => row.id),
	);
	const shippedIds = looked.filter(({ row }) => mayBeShipped(row)).map(({ row }) => row.id);
	const voided = await toldAndVoided(transaction, shippedIds);
	const besides = await shippedOfAdded(transaction, shippedIds);
	const result = new Map<Candidate, Compared>();
	for (const { candidate, row } of pairs) {
		const content = contents.get(row.id);
		if (content === undefined) {
			result.set(candidate, { candidate, difference: null, refresh: null });
			continue;
		}
		const layers = layersOf(content);
		const ours = mayBeShipped(row)
			? sums([shippedOf(layers, parse<Progress>(content.progress), voided.get(row.id) ?? []), besides.get(row.id) ?? {}])
			: {};
		const given = withKnownSkus(candidate.given, layers.snapshot);
		const isAsGiven = given === candidate.given && (given.shipped === undefined || !mayBeShipped(row));
		const own = isAsGiven ? candidate : candidateOf(given, candidate.index, ours);
		const found = difference(page, own, row, layers, content, (order) => candidateOf(order, own.index, ours));
		result.set(candidate, {
			candidate: own,
			...found,
			...(found.difference === null && isWantedAgain(own, row) ? { wantedAgain: layers } : {}),
		});
	}
	return result;
}

/** Once a product is deleted, some carts give its lines without their SKU; what was sold under it stays that. */
function withKnownSkus(given: ImportedOrder, { lines: before }: OrderContent): ImportedOrder {
	const known = new Map(before.map(({ id, sku }) => [id, sku]));
	if (given.content.lines.every(({ id, sku }) => sku !== null || (known.get(id) ?? null) === null)) return given;
	return {
		...given,
		content: { ...given.content, lines: given.content.lines.map((line) => ({ ...line, sku: line.sku ?? known.get(line.id) ?? null })) },
	};
}

const isWantedAgain = ({ word }: Candidate, row: KnownRow): boolean => isOver(row.readiness) && !isOver(word.readiness);

/** Shipments of a part are those of its order. */
const mayBeShipped = ({ shipment_count: shipments, parts_made: parts }: KnownRow): boolean => shipments > 0 || parts > 0;

/** Keys that come in another order, and what an older version translated in another way, are no change. */
function difference(
	page: ImportPage,
	candidate: Candidate,
	row: KnownRow,
	layers: OrderLayers,
	{ payload }: Known,
	again: (order: ImportedOrder) => Candidate,
): Omit<Compared, 'candidate'> {
	if (row.snapshot_hash === candidate.hash) return { difference: null, refresh: null };
	const right = parse<OrderContent>(candidate.snapshot);
	if (sameJson(layers.snapshot, right)) return { difference: null, refresh: null };
	// What it wants again was kept without what others had shipped, as the settings of the trigger say it: the payload alone does not tell.
	if (!isWantedAgain(candidate, row) && hashOfToday(page, candidate.externalId, payload, again) === candidate.hash) {
		const shown = layers.result === null && row.sending !== 'none' ? { result: currentContent(layers) } : {};
		return { difference: null, refresh: { snapshot: { content: candidate.order.content, hash: candidate.hash, payload }, ...shown } };
	}
	return { difference: { layers, changes: differences(layers.snapshot, right) }, refresh: null };
}

/** Of what the cart gave before, as it is translated today; null = it is not known. */
function hashOfToday(
	{ translate }: ImportPage,
	externalId: string,
	payload: string,
	again: (order: ImportedOrder) => Candidate,
): string | null {
	const raw = parse<JsonValue>(payload);
	if (translate === undefined || raw === null) return null;
	try {
		const order = translate(raw);
		return again(order.asBefore?.externalId === externalId ? order.asBefore : order).hash;
	} catch (error) {
		// An older version took what this one refuses.
		void asError(error);
		return null;
	}
}

async function contentsOf({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, Known>> {
	if (ids.length === 0) return new Map();
	const rows = await query<Known>(
		sql`SELECT order_id, snapshot, edits, result, progress, payload FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	return new Map(rows.map((row) => [row.order_id, row]));
}

/** What was shipped of lines that were added to these orders, as the cart sold them, by order. */
async function shippedOfAdded(transaction: Transaction, ids: readonly string[]): Promise<Map<string, Record<string, number>>> {
	const shipped = new Map<string, Record<string, number>>();
	for (const [id, orders] of await ordersOfAdded(transaction, ids)) {
		const lines = orders.flatMap((order) => currentContent(layersOf(order)).lines);
		const pieces = sums(
			orders.map((order) =>
				Object.fromEntries(Object.entries(parse<Progress>(order.progress)).map(([line, done]) => [line, done.shipped])),
			),
		);
		shipped.set(id, shippedAsSold(lines, pieces));
	}
	return shipped;
}

function sums(records: ReadonlyArray<Readonly<Record<string, number>>>): Record<string, number> {
	const all = new Map<string, number>();
	for (const [id, quantity] of records.flatMap((one) => Object.entries(one))) all.set(id, (all.get(id) ?? 0) + quantity);
	return Object.fromEntries(all);
}

/** Lines of shipments that the warehouse took back after the cart was told: the cart still counts them. */
async function toldAndVoided({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, ShipmentLine[]>> {
	const lines = new Map<string, ShipmentLine[]>();
	if (ids.length === 0) return lines;
	const rows = await query<{ id: string; lines: string }>(
		sql`SELECT coalesce(o.parent_id, o.id) AS id, s.lines FROM ${tables.shipment} s JOIN ${tables.order} o ON o.id = s.order_id
			WHERE s.voided_at IS NOT NULL AND s.uploaded_at IS NOT NULL AND (o.id ${dialect.anyOf(1)} OR o.parent_id ${dialect.anyOf(1)})`,
		[dialect.list(ids)],
	);
	for (const row of rows) lines.set(row.id, [...(lines.get(row.id) ?? []), ...parse<ShipmentLine[]>(row.lines)]);
	return lines;
}

function shippedOf(layers: OrderLayers, progress: Progress, voided: readonly ShipmentLine[]): Record<string, number> {
	const shipped = Object.fromEntries(Object.entries(progress).map(([id, done]) => [id, done.shipped]));
	for (const { lineId, quantity } of voided) shipped[lineId] = (shipped[lineId] ?? 0) + quantity;
	return shippedAsSold(currentContent(layers).lines, shipped);
}

/** Says in the timeline what the cart changed, and raises alerts where that comes too late for the warehouse. */
export async function tellDifferences(transaction: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<void> {
	const layersIn = ({ row, tells, difference: found, wantedAgain }: Changed): OrderLayers | undefined =>
		tells ? found?.layers : isLive(row.sending) ? wantedAgain : undefined;
	const sent = await sentSnapshots(
		transaction,
		changed.flatMap((one) => {
			const layers = layersIn(one);
			return layers === undefined ? [] : { id: one.row.id, snapshot: layers.snapshot };
		}),
	);
	const since = await changesSinceSent(
		transaction,
		changed.flatMap((one) => (layersIn(one) !== undefined && isRepresented(one.row) ? one.row.id : [])),
	);
	for (const one of changed) {
		const { candidate, row, moves, difference: found } = one;
		const move = found === undefined ? moves[0] : moves.find(({ set }) => set?.snapshot !== undefined);
		if (move === undefined) continue;
		if (found !== undefined)
			move.entries = [entry('snapshot_changed', page.actor, { changes: found.changes, source: page.source }), ...(move.entries ?? [])];
		const layers = layersIn(one);
		if (layers === undefined) continue;
		const before = sent.get(row.id) ?? layers.snapshot;
		const now = candidate.order.content;
		const changes = isRepresented(row) ? together([...(since.get(row.id) ?? []), ...(found?.changes ?? [])]) : differences(before, now);
		tell(one, move, changes, inWords(shippedBy(changes), [...before.lines, ...now.lines]), layers);
	}
}

function tell({ row, bundle, candidate }: Changed, move: Move, changes: readonly FieldChange[], words: string, layers: OrderLayers): void {
	// What was sent stays what is shown, also of an order that was sent without rules.
	if (layers.result === null) move.set = { ...move.set, result: currentContent(layers) };
	// That nothing of it is wanted any more says enough; what was sent is kept, should it be wanted again. Of parts and bundles it is not. What is added
	// to one that is done is another matter: see addedLines.ts.
	if (isOver(candidate.word.readiness) && isLive(row.sending)) return;
	if (!hasTrait(row.status, 'under_way') && row.status !== 'bundled') return;
	const { clear = [], raise = [] } = move.set?.alerts ?? {};
	const alarming = shippedBy(changes);
	const message = `Changed in the cart after it was sent to the warehouse${bundle === undefined ? '' : ` in ${surely(bundle).row.reference}`}: ${words}.`;
	// The cart may have taken its change back.
	move.set = {
		...move.set,
		alerts:
			alarming.length > 0
				? { clear, raise: [...raise, { code: 'changed_in_cart', message }] }
				: { ...(raise.length > 0 ? { raise } : {}), clear: clear === 'all' ? clear : [...clear, 'changed_in_cart'] },
	};
}
