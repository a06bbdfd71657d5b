/** Sendings: the intent to hand an order to a warehouse, and what became known of it. Written in the transaction of what they are about. */
import { hash } from 'node:crypto';
import { sentContent, type Sending, type SentContent } from '../../order/sending';
import type { SendingState } from '../../order/sendingState';
import { boundedKey, wholeText } from '../../order/texts';
import { StaleOrderError } from '../../order/errors';
import type { Order, OrderContent } from '../../order/order';
import { hasTrait } from '../../order/status';
import type { ClaimedSending, OrderStore, SendingFact } from '../OrderStore';
import {
	column,
	type Database,
	listed,
	type OrderRow,
	parse,
	type SendingRow,
	type Session,
	sql,
	type Sql,
	stored,
	surely,
	type Transaction,
} from '../database';
import { fullRows, ordersOf } from '../orders';

/** Longest answer of a warehouse that is kept. */
const ANSWER_LIMIT = 500;

/** @param content what the row says, where the caller has it already */
export const sendingOf = (row: SendingRow, content: Sending['content'] = row.content === null ? null : parse(row.content)): Sending => ({
	orderId: row.order_id,
	number: row.number,
	wms: row.wms,
	account: row.account,
	reference: row.reference,
	wmsOrderId: row.wms_order_id,
	state: row.state,
	attempts: row.attempts,
	requestedAt: row.requested_at,
	receivedAt: row.received_at,
	answer: row.answer,
	answeredAt: row.answered_at,
	contentHash: row.content_hash,
	content,
	snapshotHash: row.snapshot_hash,
});

export const sendings =
	(database: Database): OrderStore['sendings'] =>
	async (orderIds) =>
		orderIds.length === 0
			? []
			: await database.read(async (session) => (await sendingRows(session, orderIds)).map((row) => sendingOf(row)));

export async function sendingRows({ query, dialect, tables }: Session, orderIds: readonly string[]): Promise<SendingRow[]> {
	return await query<SendingRow>(sql`SELECT * FROM ${tables.sending} WHERE order_id ${dialect.anyOf(1)} ORDER BY order_id, number`, [
		dialect.list(orderIds),
	]);
}

/** What is known of each sending of these orders, which are locked, oldest first. */
export async function sendingStates(
	{ query, dialect, tables }: Session,
	orderIds: readonly string[],
): Promise<Map<string, SendingState[]>> {
	const states = new Map<string, SendingState[]>();
	if (orderIds.length === 0) return states;
	const rows = await query<Pick<SendingRow, 'order_id' | 'state'>>(
		sql`SELECT order_id, state FROM ${tables.sending} WHERE order_id ${dialect.anyOf(1)} ORDER BY order_id, number`,
		[dialect.list(orderIds)],
	);
	for (const { order_id: id, state } of rows) states.set(id, [...(states.get(id) ?? []), state as SendingState]);
	return states;
}

interface Content {
	sent: SentContent;
	text: string;
	hash: string;
}

/** What would be sent of an order now. */
function contentToSend(order: Order): Content {
	const sent = sentContent(order);
	const text = stored(sent);
	return { sent, text, hash: hash('sha256', text, 'base64url').slice(0, 22) };
}

type Claimable = Pick<OrderRow, 'sendings' | 'sending' | 'snapshot_hash'>;

interface Intent {
	order: Order;
	row: Claimable;
	/** The order's latest sending. */
	latest: SendingRow | undefined;
	/** It is known which account its store and place belong to. */
	placed: boolean;
}

/**
 * Writes down the intent to send these orders, which are locked, and gives what is to be known of each. A sending whose outcome is not known
 * stays as it is, since what was sent is what may be there; one that is proven not to be there is tried again, or another one is begun when
 * something of it differs.
 */
export async function writeIntents(
	transaction: Transaction,
	intents: readonly Intent[],
	to: { wms: string; account: string },
	now: string,
): Promise<ClaimedSending[]> {
	const fresh: SendingRow[] = [];
	const again: SendingRow[] = [];
	const claimed = intents.map(({ order, row, latest, placed }): ClaimedSending => {
		const content = contentToSend(order);
		const before = row.sending;
		if (latest !== undefined && before === 'may_be_there') {
			// Of a version that did not keep it: whoever asks for it now is the one that reports on it.
			const kept = { ...latest, account: latest.account === '' ? to.account : latest.account, attempts: latest.attempts + 1 };
			again.push(kept);
			return claimedSending(before, latest, kept, content, row, placed);
		}
		const repeats =
			latest !== undefined && latest.state === 'not_there' && latest.received_at === null && isSame(latest, order, content, row, to);
		const record: SendingRow = repeats
			? { ...latest, state: 'may_be_there', attempts: latest.attempts + 1, requested_at: now }
			: freshRow(order, content, row, to, now);
		(repeats ? again : fresh).push(record);
		return claimedSending(before, latest, record, content, row, placed);
	});
	await transaction.insertMany('sending', fresh, []);
	await writeRows(transaction, again);
	return claimed;
}

const isSame = (latest: SendingRow, order: Order, content: Content, row: Claimable, to: { wms: string; account: string }): boolean =>
	latest.wms === to.wms &&
	latest.account === to.account &&
	latest.reference === order.reference &&
	latest.content_hash === content.hash &&
	latest.snapshot_hash === row.snapshot_hash;

const freshRow = (
	order: Order,
	content: Content,
	row: Claimable,
	{ wms, account }: { wms: string; account: string },
	now: string,
): SendingRow => ({
	order_id: order.id,
	number: row.sendings + 1,
	wms,
	account,
	reference: order.reference,
	wms_order_id: null,
	state: 'may_be_there',
	attempts: 1,
	requested_at: now,
	received_at: null,
	answer: null,
	answered_at: null,
	content_hash: content.hash,
	content: content.text,
	snapshot_hash: row.snapshot_hash,
	snapshot: null,
});

const claimedSending = (
	before: SendingState,
	latest: SendingRow | undefined,
	record: SendingRow,
	content: Content,
	{ snapshot_hash: snapshot }: Claimable,
	placed: boolean,
): ClaimedSending => ({
	before,
	knownSince: latest?.answered_at ?? null,
	placed,
	// Most are about what is sent now, which need not be read back from its text.
	record: record.content === content.text ? sendingOf(record, content.sent) : sendingOf(record),
	contentChanged: record.content_hash !== '' && record.content_hash !== content.hash,
	snapshotChanged: record.snapshot_hash !== '' && record.snapshot_hash !== snapshot,
});

/** A claim that was left behind is about the latest sending, whose outcome nobody knows. */
export const leftBehind = (order: Order, row: Claimable, latest: SendingRow, placed: boolean): ClaimedSending =>
	claimedSending('may_be_there', latest, latest, contentToSend(order), row, placed);

const CHANGING = ['account', 'state', 'attempts', 'requested_at'] as const;

async function writeRows(transaction: Transaction, rows: readonly SendingRow[]): Promise<void> {
	await transaction.updateMany(
		'sending',
		rows.map(({ order_id, number, account, state, attempts, requested_at }) => ({
			order_id,
			number,
			account,
			state,
			attempts,
			requested_at,
		})),
		{ key: 'order_id', guard: ['order_id', 'number'], set: CHANGING },
	);
}

export const sendAgain =
	(database: Database): OrderStore['sendAgain'] =>
	async ({ orderId, epoch, absent }) =>
		await database.write(async (transaction) => {
			const [row] = await fullRows(transaction, [orderId], true);
			const latest = row === undefined ? undefined : (await latestSendings(transaction, [row])).get(orderId);
			if (row === undefined || latest === undefined || row.claim_epoch !== epoch || !hasTrait(row.status, 'being_sent'))
				throw new StaleOrderError(orderId, `claim ${epoch}`);
			const order = surely((await ordersOf(transaction, [row]))[0]);
			const now = await transaction.now();
			const content = contentToSend(order);
			if (!absent || (latest.content_hash === content.hash && latest.snapshot_hash === row.snapshot_hash)) {
				await writeRows(transaction, [{ ...latest, state: 'may_be_there', requested_at: now }]);
				return;
			}
			const { wms, account, attempts } = latest;
			await transaction.execute(
				sql`UPDATE ${transaction.tables.sending} SET state = 'not_there', answered_at = $1 WHERE order_id = $2 AND number = $3`,
				[now, orderId, latest.number],
			);
			await transaction.insertMany(
				'sending',
				[{ ...freshRow(order, content, row, { wms, account }, now), attempts }],
				['order_id', 'number'],
			);
			await transaction.execute(
				sql`UPDATE ${transaction.tables.order} SET sendings = sendings + 1, sending = 'may_be_there', version = version + 1, updated_at = $1 WHERE id = $2`,
				[now, orderId],
			);
		});

/** What a fact changes in the row of a sending. Absent = nothing. */
export function factColumns(
	{ state, answer, account }: SendingFact,
	wmsOrderId: string | null | undefined,
	now: string,
): Partial<SendingRow> {
	return {
		state,
		answered_at: now,
		...(account === undefined ? {} : { account }),
		...(answer === undefined || answer === null ? {} : { answer: wholeText(answer).slice(0, ANSWER_LIMIT) }),
		...(wmsOrderId ? { wms_order_id: boundedKey(wmsOrderId) } : {}),
	};
}

interface Fact {
	orderId: string;
	number: number;
	columns: Partial<SendingRow>;
}

export async function writeFacts({ execute, tables }: Transaction, facts: readonly Fact[]): Promise<void> {
	for (const { orderId, number, columns } of facts) {
		const { statement, values } = factUpdate(tables.sending, columns);
		await execute(sql`${statement} WHERE s.order_id = $${values.length + 1} AND s.number = $${values.length + 2}`, [
			...values,
			orderId,
			number,
		]);
	}
}

/** `UPDATE … AS s SET …`, with the values from `$1` on. The time at which the warehouse was first known to have it stays. */
export function factUpdate(table: Sql, columns: Partial<SendingRow>, first = 1): { statement: Sql; values: unknown[] } {
	const names = Object.keys(columns) as Array<keyof SendingRow>;
	const set = names.map((name, index) => sql`${column('sending', name)} = $${first + index}`);
	if (columns.state === 'there') set.push(sql`received_at = coalesce(s.received_at, $${first + names.indexOf('answered_at')})`);
	return { statement: sql`UPDATE ${table} AS s SET ${listed(set)}`, values: names.map((name) => columns[name]) };
}

/**
 * What the cart had said of these orders when they went out. With the first change after a sending that is what it said until now, and it is
 * kept with the sending, so that a second change is compared with what was sent too.
 *
 * @param orders with the snapshots that they have still
 */
export async function sentSnapshots(
	transaction: Transaction,
	orders: ReadonlyArray<{ id: string; snapshot: OrderContent }>,
): Promise<Map<string, OrderContent>> {
	const snapshots = new Map<string, OrderContent>();
	if (orders.length === 0) return snapshots;
	const { query, execute, dialect, tables } = transaction;
	const rows = await query<Pick<SendingRow, 'order_id' | 'number' | 'snapshot'>>(
		sql`SELECT s.order_id, s.number, s.snapshot FROM ${tables.sending} s JOIN ${tables.order} o ON o.id = s.order_id AND o.sendings = s.number WHERE o.id ${dialect.anyOf(1)}`,
		[dialect.list(orders.map(({ id }) => id))],
	);
	const latest = new Map(rows.map((row) => [row.order_id, row]));
	for (const { id, snapshot } of orders) {
		const row = latest.get(id);
		snapshots.set(id, row === undefined || row.snapshot === null ? snapshot : parse<OrderContent>(row.snapshot));
		if (row !== undefined && row.snapshot === null)
			await execute(sql`UPDATE ${tables.sending} SET snapshot = $1 WHERE order_id = $2 AND number = $3`, [
				stored(snapshot),
				id,
				row.number,
			]);
	}
	return snapshots;
}

/** The latest sendings of these orders. */
export async function latestSendings(
	{ query, dialect, tables }: Session,
	rows: ReadonlyArray<Pick<OrderRow, 'id' | 'sendings'>>,
): Promise<Map<string, SendingRow>> {
	const sent = rows.filter(({ sendings: count }) => count > 0);
	if (sent.length === 0) return new Map();
	const found = await query<SendingRow>(
		sql`SELECT s.* FROM ${tables.sending} s JOIN ${tables.order} o ON o.id = s.order_id AND o.sendings = s.number WHERE o.id ${dialect.anyOf(1)}`,
		[dialect.list(sent.map(({ id }) => id))],
	);
	return new Map(found.map((row) => [row.order_id, row]));
}
