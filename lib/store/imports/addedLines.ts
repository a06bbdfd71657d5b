/** What a cart says of orders that are done: lines that it adds are offered, and orders that were made of such lines hear what it says. */
import { isOffer, offerInWords, type Quantities, settledBy, share } from '../../order/addedLines';
import type { OrderContent } from '../../order/order';
import { hasTrait } from '../../order/status';
import type { ImportPage } from '../OrderStore';
import { type ContentRow, type OrderRow, sql, type Transaction } from '../database';
import { applyAll, type AddedRow, asShared, hears, type Move, ordersOfAdded, sentAdded, settledOf } from '../moves';
import { storedAlerts } from '../orders';
import { addedMove } from './addedMoves';
import type { Changed } from './candidate';

/** Once all else that the page changes is written. */
export async function changeAdded(transaction: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<void> {
	const added = await ordersOfAdded(
		transaction,
		changed.filter(({ row }) => row.parts_made > 0).map(({ row }) => row.id),
	);
	const news = changed.filter((one) => added.has(one.row.id) || (isDone(one) && isRewritten(one)));
	const present = await presentOf(
		transaction,
		news.map(({ row }) => row.id),
	);
	const moves: Move[] = [];
	for (const one of news) {
		const now = present.get(one.row.id);
		if (now !== undefined) moves.push(...(await movesFor(transaction, page, one, now, added.get(one.row.id) ?? [])));
	}
	await applyAll(transaction, moves);
}

const isDone = ({ row }: Changed): boolean => hasTrait(row.status, 'over') && hasTrait(row.status, 'received');

/** The cart says another content of it, which was written. */
const isRewritten = ({ difference, moves }: Changed): boolean =>
	difference !== undefined && moves.some(({ set }) => set?.snapshot !== undefined);

type Present = Pick<OrderRow, 'id' | 'version' | 'alerts'> & Pick<ContentRow, 'settled_lines'>;

async function presentOf({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, Present>> {
	if (ids.length === 0) return new Map();
	const rows = await query<Present>(
		sql`SELECT o.id, o.version, o.alerts, c.settled_lines FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	return new Map(rows.map((row) => [row.id, row]));
}

async function movesFor(
	transaction: Transaction,
	page: ImportPage,
	one: Changed,
	present: Present,
	added: readonly AddedRow[],
): Promise<Move[]> {
	const {
		candidate: {
			word,
			order: { content, raw },
		},
		difference,
	} = one;
	const heard = { page, word, raw };
	if (difference === undefined || !isRewritten(one)) return added.flatMap((row) => addedMove({ ...heard, row, change: null }) ?? []);
	const { snapshot } = difference.layers;
	const sent = await sentAdded(transaction, added);
	const orders = added.map((row) => asShared(row, sent));
	// An alert of a version that did not keep what it offered offers nothing.
	const isOffered = present.settled_lines !== null && storedAlerts(present).some(({ code }) => code === 'lines_added');
	const before = settledOf(present);
	// What nobody sent and is not offered any more, a person settled.
	const settled = isOffered ? before : settledBy(snapshot.lines, before, orders);
	const { offered, wanted } = share(content.lines, settled, orders);
	const moves = added.flatMap((row) => {
		const change = hears(row) ? { before: snapshot, now: content, wanted: wanted.get(row.id) ?? {}, sent: sent.get(row.id) ?? null } : null;
		return addedMove({ ...heard, row, change }) ?? [];
	});
	return isDone(one) ? [...moves, offer(page, present, offered, settled)] : moves;
}

/** What is offered is said once; the alert ends when the cart takes back all of it. */
function offer({ actor }: ImportPage, { id, version }: Present, offered: OrderContent['lines'], settledLines: Quantities): Move {
	const message = `Added in the cart after the order was closed: ${offerInWords(offered)}.`;
	return {
		orderId: id,
		version,
		actor,
		reason: null,
		set: { settledLines, alerts: isOffer(offered) ? { raise: [{ code: 'lines_added', message }] } : { clear: ['lines_added'] } },
	};
}
