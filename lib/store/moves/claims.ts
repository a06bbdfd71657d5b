/** Hands orders to workers, each to exactly one: a lease with an end and an epoch that every later write repeats. */
import { IllegalTransitionError } from '../../order/errors';
import { SENDING_STATE_NAMES, isLive } from '../../order/sendingState';
import { mayMove, statusesWith } from '../../order/status';
import { entry } from '../../order/timeline';
import type { Claim, ClaimedSending, ClaimRequest, OrderStore } from '../OrderStore';
import type { Order } from '../../order/order';
import {
	after,
	all,
	type Database,
	isIn,
	listed,
	NOTHING,
	type OrderRow,
	paired,
	type Session,
	sql,
	type Sql,
	stored,
	surely,
	type Transaction,
	word,
} from '../database';
import { ordersOf, READ_ROW, type ReadRow, timelineRow } from '../orders';
import { latestSendings, leftBehind, writeIntents } from './sendings';

export const claim =
	(database: Database): OrderStore['claim'] =>
	async (request) => {
		const { to } = request;
		const illegal = to === undefined ? undefined : request.statuses.find((from) => !mayMove(from, to));
		if (to !== undefined && illegal !== undefined) throw new IllegalTransitionError(request.ids?.[0] ?? '(claimed)', illegal, to);
		// What is New or Queued has facts besides its status: an alert that is over, a sending.
		if (to !== undefined && (to !== 'queued' || request.sendTo === undefined))
			throw new Error(`A claim moves to Queued, for an account; not to ${to}`);
		if (request.statuses.length === 0 || request.limit <= 0 || request.ids?.length === 0) return [];
		return await database.write(async (transaction) => {
			const now = await transaction.now();
			const leaseUntil = after(now, request.leaseMs);
			const rows = await due(transaction, request, now);
			if (rows.length === 0) return [];
			const orders = await ordersOf(transaction, rows);
			const sendings = await sendingsOf(transaction, request, rows, orders, now);
			await take(transaction, request, rows, sendings, now, leaseUntil);
			return paired(orders, rows).map(([order, row], index): Claim => {
				const sending = sendings?.[index] ?? null;
				// It was just read for this claim alone.
				Object.assign(order, claimedFields(request, row, now), sending === null ? null : sentTo(sending));
				return { order, epoch: row.claim_epoch + 1, leaseUntil, sending };
			});
		});
	};

const MAY_BE_THERE = sql`o.sending IN (${listed(SENDING_STATE_NAMES.filter(isLive).map(word))})`;

/** SELECT list of a `ClaimRow`: of the columns besides those of the order only the few that a claim decides by. */
const CLAIM_ROW = sql`${READ_ROW}, o.claim_epoch, o.sendings, o.snapshot_hash`;

/** Without the account of its place, which only a claim for sending asks for. */
type ClaimRow = ReadRow & Pick<OrderRow, 'claim_epoch' | 'sendings' | 'snapshot_hash'>;

type ClaimedRow = ClaimRow & { place_account?: string | null };

/** Rows that another worker is taking at this moment are passed over, not waited for. */
async function due(session: Session, request: ClaimRequest, now: string): Promise<ClaimedRow[]> {
	const { dialect, tables } = session;
	const parameters: unknown[] = [];
	const add = (value: unknown): number => parameters.push(value);
	const [first, ...others] = request.statuses;
	// One status as "=": only then does the index of due orders give them in their order.
	const conditions = [
		others.length === 0 ? sql`o.status = $${add(first)}` : sql`o.status ${dialect.anyOf(add(dialect.list(request.statuses)))}`,
	];
	if (request.ids) conditions.push(sql`o.id ${dialect.anyOf(add(dialect.list([...new Set(request.ids)])))}`);
	if (request.stores) conditions.push(sql`o.store ${dialect.anyOf(add(dialect.list(request.stores)))}`);
	const onlyDue = request.onlyDue ?? request.ids === undefined;
	if (onlyDue) conditions.push(sql`o.due_at <= $${add(now)}`);
	if (request.delayedBy === 'hold')
		conditions.push(sql`(o.status <> 'delayed' OR (o.held_until IS NOT NULL AND o.retry_at IS NULL AND o.bundle_key IS NULL))`);
	if (request.delayedBy === 'retry') conditions.push(sql`(o.status <> 'delayed' OR o.retry_at IS NOT NULL)`);
	if (request.onlyUnacknowledged) conditions.push(sql`o.acknowledged_at IS NULL`);
	// The parts of a split are sent, never the whole besides.
	if (request.statuses.includes('routed'))
		conditions.push(sql`(o.parts_made = 0 OR NOT EXISTS (SELECT 1 FROM ${tables.order} p WHERE p.parent_id = o.id))`);
	let place = NOTHING;
	if (request.sendTo) {
		const [wms, account] = [add(request.sendTo.wms), add(request.sendTo.account)];
		const ofPlace = sql`FROM ${tables.connection} k WHERE k.store = o.store AND k.role = 'send' AND k.place = coalesce(o.warehouse, '')`;
		place = sql`, (SELECT k.account ${ofPlace}) AS place_account`;
		// The first account that orders of a store and place went to stays theirs, until a person says otherwise. Not by a join whose outcome is compared: Postgres takes few
		// orders to be left by that, so it read all that are due, with their contents, and sorted them.
		if (request.sendTo.account !== '')
			conditions.push(sql`NOT EXISTS (SELECT 1 ${ofPlace} AND NOT (k.partner = $${wms} AND k.account = $${account}))`);
		// The table of statuses lets none of them come here; if one does, it is not sent.
		if (request.to !== undefined) conditions.push(sql`o.sending <> 'there'`);
		// Likewise what the cart does not want shipped; what may be out already is found out about.
		if (request.to !== undefined) conditions.push(sql`(o.readiness = 'ready' OR o.sending = 'may_be_there')`);
		// An account that was not kept is one of a version that did not know it.
		conditions.push(sql`(NOT (${MAY_BE_THERE}) OR (o.wms = $${wms} AND coalesce(o.wms_account, '') IN ('', $${account})))`);
	}
	return await session.query<ClaimedRow>(
		sql`SELECT ${CLAIM_ROW}${place} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id
			WHERE ${all(conditions)} ORDER BY ${onlyDue ? NOTHING : sql`o.due_at IS NULL, `}o.due_at, o.id LIMIT $${add(request.limit)}${dialect.skipLockedOf(sql`o`)}`,
		parameters,
	);
}

const isPlaced = ({ place_account: account }: ClaimedRow): boolean => (account ?? null) !== null;

/** What is known of the sendings that the claim is about, the intents written; null = it is about none. */
async function sendingsOf(
	transaction: Transaction,
	{ sendTo, to }: ClaimRequest,
	rows: readonly ClaimedRow[],
	orders: readonly Order[],
	now: string,
): Promise<Array<ClaimedSending | null> | null> {
	if (sendTo === undefined) return null;
	const latest = await latestSendings(transaction, rows);
	if (to !== undefined)
		return await writeIntents(
			transaction,
			paired(orders, rows).map(([order, row]) => ({ order, row, latest: latest.get(order.id), placed: isPlaced(row) })),
			sendTo,
			now,
		);
	return paired(orders, rows).map(([order, row]) => {
		const sending = latest.get(order.id);
		return sending === undefined ? null : leftBehind(order, row, sending, isPlaced(row));
	});
}

/** A mere hand-out leaves the status. */
function claimedFields({ to, reason }: ClaimRequest, row: ClaimRow, now: string): Partial<Order> {
	const lease = { version: row.version + 1, updatedAt: now };
	if (to === undefined) return lease;
	return {
		...lease,
		status: to,
		statusReason: reason ?? null,
		attempts: row.attempts + 1,
		...(row.status === 'delayed' ? { heldUntil: null, retryAt: null } : {}),
	};
}

const sentTo = ({ record: { wms, account, state } }: ClaimedSending): Partial<Order> => ({ wms, wmsAccount: account, sending: state });

/** Of `$1` to `$5`; what `moved` sets besides begins at `$6`. */
const takes = ({ dialect, tables }: Session, moved: Sql): Sql =>
	sql`UPDATE ${tables.order} SET version = version + 1, claim_epoch = claim_epoch + 1, updated_at = $1, due_at = $2, claim_owner = $3${moved}
		WHERE id ${dialect.anyOf(4)} AND status ${dialect.anyOf(5)}`;

/** What it waited for is over. Only a sending is a try. @param more sendings that are begun with it */
const isSent = (more: 0 | 1): Sql =>
	sql`, status = $6, status_reason = $7, attempts = attempts + 1, wms = $8, wms_account = $9, sending = 'may_be_there', sendings = sendings + ${more},
		held_until = CASE WHEN status = 'delayed' THEN NULL ELSE held_until END,
		retry_at = CASE WHEN status = 'delayed' THEN NULL ELSE retry_at END, bundle_key = NULL`;

const MOVED = { handedOut: NOTHING, begun: isSent(1), again: isSent(0) } as const;

async function take(
	transaction: Transaction,
	request: ClaimRequest,
	rows: readonly ClaimRow[],
	sendings: ReadonlyArray<ClaimedSending | null> | null,
	now: string,
	leaseUntil: string,
): Promise<void> {
	const { dialect } = transaction;
	const { to, actor, reason = null, sendTo } = request;
	const statuses = dialect.list(request.statuses);
	const update = async (own: readonly ClaimRow[], moved: Sql, values: readonly unknown[]): Promise<number> =>
		own.length === 0
			? 0
			: await transaction.execute(takes(transaction, moved), [
					now,
					leaseUntil,
					request.worker,
					dialect.list(own.map(({ id }) => id)),
					statuses,
					...values,
				]);
	let taken: number;
	if (to === undefined || sendTo === undefined) taken = await update(rows, MOVED.handedOut, []);
	else {
		const [begun, again]: [ClaimRow[], ClaimRow[]] = [[], []];
		rows.forEach((row, index) => (sendings?.[index]?.record.number === row.sendings + 1 ? begun : again).push(row));
		const values = [to, reason, sendTo.wms, sendTo.account];
		taken = (await update(begun, MOVED.begun, values)) + (await update(again, MOVED.again, values));
	}
	// They are locked, so this cannot happen; if it does, nobody gets anything.
	if (taken !== rows.length) throw new Error('A claimed order changed under its lock');
	if (to === undefined) return;
	const said = new Map(request.statuses.map((from) => [from, stored(entry('status_changed', actor, { from, to, reason }).data)]));
	await transaction.insertMany(
		'timeline',
		rows.map((row) => timelineRow(row.id, now, 'status_changed', actor, surely(said.get(row.status)))),
		[],
	);
}

const BEING_SENT = isIn(sql`o.status`, statusesWith('being_sent'));

/** Nobody has it meanwhile: a run that dies leaves it to the next one when the lease is over. The order itself is claimed by who asks the warehouse. */
export const claimCancellations =
	(database: Database): OrderStore['claimCancellations'] =>
	async ({ stores, limit, leaseMs }) => {
		if (limit <= 0) return [];
		return await database.write(async (transaction) => {
			const { query, execute, dialect, tables } = transaction;
			const now = await transaction.now();
			const parameters: unknown[] = [now, limit];
			const ofStores = stores ? sql` AND o.store ${dialect.anyOf(parameters.push(dialect.list(stores)))}` : NOTHING;
			// One that is being sent at this moment is asked about once the warehouse has answered.
			const rows = await query<ReadRow>(
				sql`SELECT ${READ_ROW} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id
				WHERE o.cancel_due_at IS NOT NULL AND o.cancel_due_at <= $1 AND NOT (${BEING_SENT})${ofStores} ORDER BY o.cancel_due_at, o.id LIMIT $2${dialect.skipLockedOf(sql`o`)}`,
				parameters,
			);
			if (rows.length === 0) return [];
			await execute(sql`UPDATE ${tables.order} SET cancel_due_at = $1 WHERE id ${dialect.anyOf(2)}`, [
				after(now, leaseMs),
				dialect.list(rows.map(({ id }) => id)),
			]);
			return await ordersOf(transaction, rows);
		});
	};
