/** What a cart says of orders that are done: lines that it adds are offered, and orders that were made of such lines hear what it says. */
import { addedSince, asSold, isOffer, offerInWords, type OrderOfAdded, type Quantities, quantitiesOf, share } from '../../order/addedLines';
import { ourSide } from '../../order/cartWord';
import type { OrderContent } from '../../order/order';
import { isLive } from '../../order/sendingState';
import { hasTrait } from '../../order/status';
import type { ImportPage } from '../OrderStore';
import { type ContentRow, type OrderRow, parse, sql, type Transaction } from '../database';
import { applyAll, type Move, sentSnapshots } from '../moves';
import { addedMove, type Heard } from './addedMoves';
import type { Changed } from './candidate';
import { type AddedRow, ordersOfAdded } from './ordersOfAdded';

/** Once all else that the page changes is written. */
export async function changeAdded(transaction: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<void> {
	const added = await ordersOfAdded(transaction, changed.filter(({ row }) => row.parts_made > 0).map(({ row }) => row.id));
	const news = changed.filter((one) => added.has(one.row.id) || (isDone(one) && isRewritten(one)));
	const present = await presentOf(transaction, news.map(({ row }) => row.id));
	const moves: Move[] = [];
	for (const one of news) {
		const now = present.get(one.row.id);
		if (now !== undefined) moves.push(...(await movesFor(transaction, page, one, now, added.get(one.row.id) ?? [])));
	}
	await applyAll(transaction, moves);
}

const isDone = ({ row }: Changed): boolean => hasTrait(row.status, 'over') && hasTrait(row.status, 'received');

/** The cart says another content of it, which was written. */
const isRewritten = ({ difference, moves }: Changed): boolean => difference !== undefined && moves.some(({ set }) => set?.snapshot !== undefined);

type Present = Pick<OrderRow, 'id' | 'version'> & Pick<ContentRow, 'settled_lines'>;

async function presentOf({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, Present>> {
	if (ids.length === 0) return new Map();
	const rows = await query<Present>(
		sql`SELECT o.id, o.version, c.settled_lines FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	return new Map(rows.map((row) => [row.id, row]));
}

async function movesFor(transaction: Transaction, page: ImportPage, one: Changed, present: Present, added: readonly AddedRow[]): Promise<Move[]> {
	const { candidate: { word, order: { content, raw } }, difference } = one;
	const heard = { page, word, raw };
	if (difference === undefined || !isRewritten(one)) return added.flatMap((row) => addedMove({ ...heard, row, change: null }) ?? []);
	const { snapshot } = difference.layers;
	const before = quantitiesOf(snapshot.lines);
	const settled = present.settled_lines === null ? before : parse<Quantities>(present.settled_lines);
	const active = added.filter(isActive);
	const sent = await sentSnapshots(transaction, active.filter(({ sending }) => isLive(sending)).map((row) => ({ id: row.id, snapshot: parse<OrderContent>(row.snapshot) })));
	const shares = share(before, quantitiesOf(content.lines), settled, active.map((row) => asShared(row, sent.get(row.id))));
	const moves = added.flatMap((row) => {
		const wanted = shares.wanted.get(row.id);
		const change: Heard['change'] = wanted === undefined ? null : { before: snapshot, now: content, wanted, sent: sent.get(row.id) ?? null };
		return addedMove({ ...heard, row, change }) ?? [];
	});
	return isDone(one) ? [...moves, ...offer(page, present, addedSince(shares.settled, content.lines), shares.settled)] : moves;
}

/** What the cart changes of it still counts. */
const isActive = ({ status, sending, readiness }: AddedRow): boolean =>
	isLive(sending) ? hasTrait(status, 'under_way') : hasTrait(status, 'starts_anew') || ourSide({ status, sending, readiness }) === 'canceled_by_cart';

function asShared(row: AddedRow, sent: OrderContent | undefined): OrderOfAdded {
	const wanted = asSold(parse<OrderContent>(row.snapshot));
	return { id: row.id, isSent: isLive(row.sending), wanted, out: sent === undefined ? wanted : asSold(sent) };
}

/** What is offered is said once; the alert ends when the cart takes back all of it. */
function offer({ actor }: ImportPage, { id, version, settled_lines: before }: Present, added: OrderContent['lines'], settledLines: Quantities): Move[] {
	const base = { orderId: id, version, actor, reason: null };
	if (!isOffer(added)) return before === null ? [] : [{ ...base, set: { alerts: { clear: ['lines_added'] } } }];
	const message = `Added in the cart after the order was closed: ${offerInWords(added)}.`;
	return [{ ...base, set: { settledLines, alerts: { raise: [{ code: 'lines_added', message }] } } }];
}
