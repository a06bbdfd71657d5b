/** What a cart says of orders that are done: lines that it adds are offered, and orders that were made of such lines hear what it says. */
import { asSold, atLeast, isOffer, offerInWords, type Quantities, settledBy, settledWithout, share } from '../../order/addedLines';
import { isOver } from '../../order/cartWord';
import { currentContent } from '../../order/layers';
import type { OrderContent } from '../../order/order';
import { hasTrait } from '../../order/status';
import type { ImportPage } from '../OrderStore';
import { type ContentRow, type OrderRow, parse, sql, type Transaction } from '../database';
import { applyAll, type AddedRow, asShared, hears, leftOf, type Move, ordersOfAdded, sentAdded, settledOf } from '../moves';
import { layersOf, storedAlerts } from '../orders';
import { addedMove } from './addedMoves';
import type { Changed } from './candidate';

/** Once all else that the page changes is written. */
export async function changeAdded(transaction: Transaction, page: ImportPage, changed: readonly Changed[]): Promise<void> {
	const added = await ordersOfAdded(
		transaction,
		changed.filter(({ row }) => row.parts_made > 0).map(({ row }) => row.id),
	);
	const news = changed.filter((one) => added.has(one.row.id) || (isDone(one) && (isRewritten(one) || isWantedAgain(one))));
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

const isWantedAgain = ({ row, candidate: { word } }: Changed): boolean => isOver(row.readiness) && !isOver(word.readiness);

/** As it is once all else is written. */
type Present = Pick<OrderRow, 'id' | 'version' | 'alerts'> &
	Pick<ContentRow, 'settled_lines' | 'snapshot' | 'edits' | 'result' | 'progress'>;

async function presentOf({ query, dialect, tables }: Transaction, ids: readonly string[]): Promise<Map<string, Present>> {
	if (ids.length === 0) return new Map();
	const rows = await query<Present>(
		sql`SELECT o.id, o.version, o.alerts, c.settled_lines, c.snapshot, c.edits, c.result, c.progress FROM ${tables.order} o
			JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.id ${dialect.anyOf(1)}`,
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
			order: { raw },
		},
	} = one;
	const heard = { page, word, raw };
	const rewritten = isRewritten(one) ? one.difference : undefined;
	const offers = isDone(one) && (rewritten !== undefined || isWantedAgain(one));
	if (rewritten === undefined && !offers) return added.flatMap((row) => addedMove({ ...heard, row, change: null }) ?? []);
	const content = parse<OrderContent>(present.snapshot);
	const snapshot = rewritten?.layers.snapshot ?? content;
	const sent = await sentAdded(transaction, added);
	const orders = added.map((row) => asShared(row, sent));
	// An alert of a version that did not keep what it offered offers nothing.
	const isOffered = present.settled_lines !== null && storedAlerts(present).some(({ code }) => code === 'lines_added');
	const before = settledOf(present);
	// What nobody sent and is not offered any more, a person settled.
	const settled = ofWhatLeft(one, present, isOffered ? before : settledBy(snapshot.lines, before, orders));
	const { offered, wanted } = share(content.lines, settled, orders);
	const moves = added.flatMap((row) => {
		const change =
			rewritten !== undefined && hears(row)
				? { before: snapshot, now: content, wanted: wanted.get(row.id) ?? {}, sent: sent.get(row.id) ?? null }
				: null;
		return addedMove({ ...heard, row, change }) ?? [];
	});
	return offers ? [...moves, offer(page, present, offered, settled, isWantedAgain(one))] : moves;
}

/** Pieces that did not leave because the cart did not want them are nobody's matter before it wants them again. */
function ofWhatLeft(one: Changed, present: Present, settled: Quantities): Quantities {
	if (!isDone(one)) return settled;
	const left = leftOf(present);
	return isWantedAgain(one) ? settledWithout(settled, asSold(currentContent(layersOf(present))), left) : atLeast(settled, left);
}

/** What is offered is said once; the alert ends when the cart takes back all of it. */
function offer(
	{ actor }: ImportPage,
	{ id, version }: Present,
	offered: OrderContent['lines'],
	settledLines: Quantities,
	isAgain: boolean,
): Move {
	const what = isAgain ? 'The cart wants the order again, and not all of it was sent' : 'Added in the cart after the order was closed';
	return {
		orderId: id,
		version,
		actor,
		reason: null,
		set: {
			settledLines,
			alerts: isOffer(offered)
				? { raise: [{ code: 'lines_added', message: `${what}: ${offerInWords(offered)}.` }] }
				: { clear: ['lines_added'] },
		},
	};
}
