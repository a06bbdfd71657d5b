/** Tracking that the cart was not told yet: handed to one worker each, and what came of it. */
import { deriveStatus, pendingUploads } from '../../order/derive';
import { StaleOrderError } from '../../order/errors';
import type { AlertCode } from '../../order/alerts';
import type { Order } from '../../order/order';
import { entry } from '../../order/timeline';
import type { OrderStore, UploadClaim } from '../OrderStore';
import { applyMoves } from './moves';
import { fullRows, ordersOf } from './orders';
import type { Move } from './plan';
import { after, shipmentOf } from './rows';
import type { Database, Transaction } from './session';
import type { ShipmentRow } from './tables';

type UploadRequest = Parameters<OrderStore['claimUploads']>[0];
type UploadOutcome = Parameters<OrderStore['recordUpload']>[0];

export const claimUploads = (database: Database): OrderStore['claimUploads'] => async (request) => {
	if (request.limit <= 0 || request.orderIds?.length === 0 || request.shipmentIds?.length === 0) return [];
	return await database.write(async (transaction) => {
		const now = await transaction.now();
		const until = after(now, request.leaseMs);
		const rows = await due(transaction, request, now);
		const taken = await transaction.updateMany(
			'shipment',
			rows.map((row) => ({
				id: row.id,
				guard_claim_epoch: row.claim_epoch,
				claim_epoch: row.claim_epoch + 1,
				claim_owner: request.worker,
				upload_due_at: until,
				upload_leased_until: until,
			})),
			{ key: 'id', guard: ['id', 'claim_epoch'], set: ['claim_epoch', 'claim_owner', 'upload_due_at', 'upload_leased_until'] },
		);
		const claimed = rows.filter((row) => taken.has(row.id));
		if (claimed.length === 0) return [];
		const full = await fullRows(transaction, [...new Set(claimed.map((row) => row.order_id))]);
		const orders = new Map((await ordersOf(transaction, full)).map((order) => [order.id, order]));
		return claimed.map((row): UploadClaim => ({ order: orders.get(row.order_id)!, shipment: shipmentOf(row), epoch: row.claim_epoch + 1 }));
	});
};

/**
 * Whoever asks: a shipment that a worker has now is given to nobody else, or the customer would get two mails; nor is another one of the same
 * order, since carts do not protect an order against two writers.
 */
async function due({ query, dialect, tables }: Transaction, request: UploadRequest, now: string): Promise<ShipmentRow[]> {
	const parameters: unknown[] = [now];
	const add = (value: unknown): number => parameters.push(value);
	const conditions = ['s.uploaded_at IS NULL', 's.voided_at IS NULL', 's.upload_held_back = 0', '(s.upload_leased_until IS NULL OR s.upload_leased_until <= $1)'];
	const named = request.orderIds !== undefined || request.shipmentIds !== undefined;
	if (request.onlyDue ?? !named) conditions.push('s.upload_due_at <= $1');
	if (request.orderIds) conditions.push(`s.order_id ${dialect.anyOf(add(dialect.list(request.orderIds)))}`);
	if (request.shipmentIds) conditions.push(`s.id ${dialect.anyOf(add(dialect.list(request.shipmentIds)))}`);
	if (request.stores) conditions.push(`o.store ${dialect.anyOf(add(dialect.list(request.stores)))}`);
	const rows = await query<ShipmentRow>(
		`SELECT s.* FROM ${tables.shipment} s JOIN ${tables.order} o ON o.id = s.order_id WHERE ${conditions.join(' AND ')} ` +
			`ORDER BY s.upload_due_at, s.id LIMIT $${add(request.limit)}${dialect.skipLocked.replace('UPDATE', 'UPDATE OF o, s')}`,
		parameters,
	);
	// Looked up once the orders are locked: what a worker took just before, the statement above may not have seen.
	const busy = await query<{ order_id: string }>(
		`SELECT order_id FROM ${tables.shipment} WHERE order_id ${dialect.anyOf(2)} AND upload_leased_until > $1`,
		[now, dialect.list([...new Set(rows.map((row) => row.order_id))])],
	);
	const taken = new Set(busy.map((row) => row.order_id));
	return rows.filter((row) => !taken.has(row.order_id));
}

export const recordUpload = (database: Database): OrderStore['recordUpload'] => async (outcome) =>
	await database.write(async (transaction) => {
		const { query, tables } = transaction;
		const now = await transaction.now();
		const [found] = await query<{ order_id: string }>(`SELECT order_id FROM ${tables.shipment} WHERE id = $1`, [outcome.shipmentId]);
		if (!found) throw new StaleOrderError('(deleted)', `shipment ${outcome.shipmentId}`);
		// The order first: everybody locks an order before its shipments.
		const rows = await fullRows(transaction, [found.order_id], true);
		const written = await writeOutcome(transaction, outcome, now);
		if (written !== 1 || !rows[0]) throw new StaleOrderError(found.order_id, `claim ${outcome.epoch} of shipment ${outcome.shipmentId}`);
		const [order] = await ordersOf(transaction, rows);
		const move = MOVES[outcome.result.kind](order!, outcome);
		move.entries = [...(outcome.entries ?? []), ...(move.entries ?? [])];
		const [result] = await applyMoves(transaction, [move]);
		if (result && !result.ok) throw result.error;
		return { status: move.to ?? order!.status };
	});

/** Only under the claim's own epoch, and only once. */
async function writeOutcome({ execute, tables }: Transaction, { shipmentId, epoch, result }: UploadOutcome, now: string): Promise<number> {
	const guard = 'uploaded_at IS NULL AND upload_leased_until IS NOT NULL';
	const common = 'upload_attempts = upload_attempts + 1, upload_leased_until = NULL, claim_owner = NULL';
	if (result.kind === 'uploaded') {
		return await execute(
			`UPDATE ${tables.shipment} SET uploaded_at = $1, upload_problem = NULL, upload_due_at = NULL, ${common} ` +
				`WHERE id = $2 AND claim_epoch = $3 AND ${guard}`,
			[now, shipmentId, epoch],
		);
	}
	if (result.kind === 'held_back') {
		// No try was made.
		return await execute(
			`UPDATE ${tables.shipment} SET upload_held_back = 1, upload_problem = $1, upload_due_at = NULL, upload_leased_until = NULL, claim_owner = NULL ` +
				`WHERE id = $2 AND claim_epoch = $3 AND ${guard}`,
			[result.reason, shipmentId, epoch],
		);
	}
	return await execute(
		`UPDATE ${tables.shipment} SET upload_problem = $1, upload_due_at = $2, ${common} WHERE id = $3 AND claim_epoch = $4 AND ${guard}`,
		[result.problem, result.retryInMs === null ? null : after(now, result.retryInMs), shipmentId, epoch],
	);
}

/** What a successful upload puts right. */
const UPLOAD_ALERTS: ReadonlyArray<AlertCode | undefined> = ['rejected_by_cart', 'credentials_invalid', 'rule_failed', 'unmapped_shipping_method'];

function uploaded(order: Order, { shipmentId, actor, result }: UploadOutcome): Move {
	const shipment = order.shipments.find(({ id }) => id === shipmentId)!;
	const pending = pendingUploads(order.shipments).length;
	const to = deriveStatus(order.status, order.lines, { pending });
	const others = order.shipments.some(({ uploadProblem }) => uploadProblem !== null);
	return {
		orderId: order.id,
		version: order.version,
		actor,
		reason: to === 'closed' ? 'All is shipped, and the cart was told.' : null,
		...(to === order.status ? {} : { from: order.status, to }),
		// The cart took it after all; or the warehouse took it back while the cart was being told.
		set:
			shipment.voidedAt !== null
				? { alert: { code: 'shipment_voided', message: `The warehouse took back shipment ${shipment.externalId} while the cart was told of it.` } }
				: UPLOAD_ALERTS.includes(order.alert?.code) && !others
					? { alert: null }
					: {},
		entries: [
			entry('tracking_uploaded', actor, {
				shipmentId,
				trackingNumber: shipment.trackingNumber,
				message: result.kind === 'uploaded' ? result.message : null,
			}),
		],
	};
}

function failed(order: Order, { shipmentId, actor, result }: UploadOutcome): Move {
	const { problem, alert } = result as Extract<UploadOutcome['result'], { kind: 'failed' }>;
	return {
		orderId: order.id,
		version: order.version,
		actor,
		reason: null,
		set: alert ? { alert } : {},
		entries: [entry('upload_failed', actor, { shipmentId, problem })],
	};
}

const heldBack = (order: Order, { actor, result }: UploadOutcome): Move => ({
	orderId: order.id,
	version: order.version,
	actor,
	reason: null,
	set: { statusReason: (result as Extract<UploadOutcome['result'], { kind: 'held_back' }>).reason },
	entries: [],
});

const MOVES = { uploaded, failed, held_back: heldBack } as const satisfies Record<UploadOutcome['result']['kind'], (order: Order, outcome: UploadOutcome) => Move>;
