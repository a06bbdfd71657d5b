/** Hands orders to workers, each to exactly one: a lease with an end and an epoch that every later write repeats. */
import { IllegalTransitionError } from '../../order/errors';
import { mayMove, type OrderStatus } from '../../order/status';
import { entry } from '../../order/timeline';
import type { Claim, ClaimRequest, OrderStore } from '../OrderStore';
import { ordersOf } from './orders';
import { after, FULL_ROW, type FullRow } from './rows';
import type { Database, Session, Transaction } from './session';
import type { OrderRow } from './tables';
import { append } from './timeline';

export const claim = (database: Database): OrderStore['claim'] => async (request) => {
	const { to } = request;
	const illegal = to === undefined ? undefined : request.statuses.find((from) => !mayMove(from, to));
	if (illegal !== undefined) throw new IllegalTransitionError(request.ids?.[0] ?? '(claimed)', illegal, to!);
	if (request.statuses.length === 0 || request.limit <= 0 || request.ids?.length === 0) return [];
	return await database.write(async (transaction) => {
		const now = await transaction.now();
		const leaseUntil = after(now, request.leaseMs);
		const rows = await due(transaction, request, now);
		await take(transaction, request, rows, now, leaseUntil);
		for (const row of rows) Object.assign(row, changesOf(request, row, now, leaseUntil));
		const orders = await ordersOf(transaction, rows);
		return orders.map((order, index): Claim => ({ order, epoch: rows[index]!.claim_epoch, leaseUntil }));
	});
};

/** Rows that another worker is taking at this moment are passed over, not waited for. */
async function due(session: Session, request: ClaimRequest, now: string): Promise<FullRow[]> {
	const { dialect, tables } = session;
	const parameters: unknown[] = [];
	const add = (value: unknown): number => parameters.push(value);
	const [first, ...others] = request.statuses;
	// One status as "=": only then does the index of due orders give them in their order.
	const conditions = [others.length === 0 ? `o.status = $${add(first)}` : `o.status ${dialect.anyOf(add(dialect.list(request.statuses)))}`];
	if (request.ids) conditions.push(`o.id ${dialect.anyOf(add(dialect.list([...new Set(request.ids)])))}`);
	if (request.stores) conditions.push(`o.store ${dialect.anyOf(add(dialect.list(request.stores)))}`);
	const onlyDue = request.onlyDue ?? request.ids === undefined;
	if (onlyDue) conditions.push(`o.due_at <= $${add(now)}`);
	if (request.delayedBy === 'hold') conditions.push("(o.status <> 'delayed' OR (o.held_until IS NOT NULL AND o.retry_at IS NULL AND o.bundle_key IS NULL))");
	if (request.delayedBy === 'retry') conditions.push("(o.status <> 'delayed' OR o.retry_at IS NOT NULL)");
	if (request.onlyUnacknowledged) conditions.push('o.acknowledged_at IS NULL');
	// The parts of a split are sent, never the whole besides.
	if (request.statuses.includes('routed')) conditions.push(`(o.parts_made = 0 OR NOT EXISTS (SELECT 1 FROM ${tables.order} p WHERE p.parent_id = o.id))`);
	const lock = dialect.skipLocked === '' ? '' : `${dialect.skipLocked.replace('UPDATE', 'UPDATE OF o')}`;
	return await session.query<FullRow>(
		`SELECT ${FULL_ROW} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id ` +
			`WHERE ${conditions.join(' AND ')} ORDER BY ${onlyDue ? '' : 'o.due_at IS NULL, '}o.due_at, o.id LIMIT $${add(request.limit)}${lock}`,
		parameters,
	);
}

/** What `take` makes of a row; a mere hand-out leaves the status. */
function changesOf(request: ClaimRequest, row: OrderRow, now: string, leaseUntil: string) {
	const lease = {
		version: row.version + 1,
		updated_at: now,
		due_at: leaseUntil,
		claim_owner: request.worker,
		claim_epoch: row.claim_epoch + 1,
	};
	if (request.to === undefined) return lease;
	return {
		...lease,
		status: request.to,
		status_reason: request.reason ?? null,
		// Only a sending is a try; a hold that is over is none.
		attempts: request.to === 'queued' ? row.attempts + 1 : row.attempts,
		// What it waited for is over.
		held_until: row.status === 'delayed' ? null : row.held_until,
		retry_at: row.status === 'delayed' ? null : row.retry_at,
		bundle_key: null,
		bundle_terms: null,
		wms: request.wms ?? row.wms,
		// A New order starts over.
		...(request.to === 'new' ? { alert_code: null, alert_message: null, alert_at: null } : {}),
	};
}

async function take(transaction: Transaction, request: ClaimRequest, rows: readonly FullRow[], now: string, leaseUntil: string): Promise<void> {
	if (rows.length === 0) return;
	const { dialect, tables } = transaction;
	const parameters: unknown[] = [now, leaseUntil, request.worker, dialect.list(rows.map(({ id }) => id)), dialect.list(request.statuses)];
	const moved =
		request.to === undefined
			? ''
			: `, status = $${parameters.push(request.to)}, status_reason = $${parameters.push(request.reason ?? null)}, ` +
				`attempts = attempts + ${request.to === 'queued' ? 1 : 0}, wms = coalesce($${parameters.push(request.wms ?? null)}, wms), ` +
				"held_until = CASE WHEN status = 'delayed' THEN NULL ELSE held_until END, " +
				"retry_at = CASE WHEN status = 'delayed' THEN NULL ELSE retry_at END, bundle_key = NULL, bundle_terms = NULL" +
				(request.to === 'new' ? ', alert_code = NULL, alert_message = NULL, alert_at = NULL' : '');
	const taken = await transaction.execute(
		`UPDATE ${tables.order} SET version = version + 1, claim_epoch = claim_epoch + 1, updated_at = $1, due_at = $2, claim_owner = $3${moved} ` +
			`WHERE id ${dialect.anyOf(4)} AND status ${dialect.anyOf(5)}`,
		parameters,
	);
	// They are locked, so this cannot happen; if it does, nobody gets anything.
	if (taken !== rows.length) throw new Error('A claimed order changed under its lock');
	const { to, actor, reason = null } = request;
	if (to === undefined) return;
	await append(
		transaction,
		rows.flatMap((row) => [
			{ ...entry('status_changed', actor, { from: row.status as OrderStatus, to, reason }), orderId: row.id },
			...(to === 'new' && row.alert_code !== null
				? [{ ...entry('alert_cleared', actor, { code: row.alert_code }), orderId: row.id }]
				: []),
		]),
		now,
	);
}
