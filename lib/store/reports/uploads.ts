/** Tracking that the cart was not told yet: handed to one worker each, and what came of it. */
import { deriveStatus, pendingUploads } from '../../order/derive';
import { StaleOrderError } from '../../order/errors';
import { numbersText, settledOfTold, trackingNumbersOf } from '../../order/packages';
import { alertsBy, type Alert, type AlertCode } from '../../order/alerts';
import type { Order } from '../../order/order';
import type { OrderStatus } from '../../order/status';
import { entry } from '../../order/timeline';
import type { OrderStore, UploadClaim, UploadOutcome } from '../OrderStore';
import { after, all, type Database, type OrderRow, type ShipmentRow, sql, stored, surely, type Transaction } from '../database';
import { applyAll, followBundles, lockedSender, type Move, movesOfUploadedBundles } from '../moves';
import { fullRows, ordersOf, shipmentOf } from '../orders';

type UploadRequest = Parameters<OrderStore['claimUploads']>[0];

export const claimUploads =
	(database: Database): OrderStore['claimUploads'] =>
	async (request) => {
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
			return claimed.map((row): UploadClaim => ({
				order: surely(orders.get(row.order_id)),
				shipment: shipmentOf(row),
				epoch: row.claim_epoch + 1,
			}));
		});
	};

/**
 * Whoever asks: a shipment that a worker has now is given to nobody else, or the customer would get two mails; nor is another one of the same
 * order, since carts do not protect an order against two writers.
 */
async function due({ query, dialect, tables }: Transaction, request: UploadRequest, now: string): Promise<ShipmentRow[]> {
	const parameters: unknown[] = [now];
	const add = (value: unknown): number => parameters.push(value);
	// The orders in a bundle upload what is theirs; no cart knows the bundle.
	const conditions = [
		sql`o.bundle_size = 0`,
		sql`s.uploaded_at IS NULL`,
		sql`s.voided_at IS NULL`,
		sql`s.upload_held_back = 0`,
		sql`(s.upload_leased_until IS NULL OR s.upload_leased_until <= $1)`,
	];
	const named = request.orderIds !== undefined || request.shipmentIds !== undefined;
	if (request.onlyDue ?? !named) conditions.push(sql`s.upload_due_at <= $1`);
	if (request.orderIds) conditions.push(sql`s.order_id ${dialect.anyOf(add(dialect.list(request.orderIds)))}`);
	if (request.shipmentIds) conditions.push(sql`s.id ${dialect.anyOf(add(dialect.list(request.shipmentIds)))}`);
	if (request.stores) conditions.push(sql`o.store ${dialect.anyOf(add(dialect.list(request.stores)))}`);
	const rows = await query<Due>(
		sql`SELECT s.*, o.parent_id FROM ${tables.shipment} s JOIN ${tables.order} o ON o.id = s.order_id WHERE ${all(conditions)}
			ORDER BY s.upload_due_at, s.id LIMIT $${add(request.limit)}${dialect.skipLockedOf(sql`o, s`)}`,
		parameters,
	);
	const parents = [...new Set(rows.flatMap((row) => row.parent_id ?? []))];
	// For the cart, all parts of an order are one order.
	const locked = new Set(
		parents.length === 0
			? []
			: (
					await query<{ id: string }>(
						sql`SELECT o.id FROM ${tables.order} o WHERE o.id ${dialect.anyOf(1)} ORDER BY o.id${dialect.skipLocked}`,
						[dialect.list(parents)],
					)
				).map(({ id }) => id),
	);
	const roots = [...new Set(rows.map(rootOf))];
	// Looked up once the orders are locked: what a worker took just before, the statement above may not have seen.
	const busy = await query<{ root: string }>(
		sql`SELECT coalesce(o.parent_id, o.id) AS root FROM ${tables.shipment} s JOIN ${tables.order} o ON o.id = s.order_id WHERE s.upload_leased_until > $1 AND s.order_id ${
			parents.length === 0
				? dialect.anyOf(2)
				: sql`IN (SELECT id FROM ${tables.order} WHERE id ${dialect.anyOf(2)} UNION ALL SELECT id FROM ${tables.order} WHERE parent_id IS NOT NULL AND parent_id ${dialect.anyOf(2)})`
		}`,
		[now, dialect.list(roots)],
	);
	const taken = new Set(busy.map(({ root }) => root));
	return rows.filter((row) => !taken.has(rootOf(row)) && (row.parent_id === null || locked.has(row.parent_id)));
}

type Due = ShipmentRow & Pick<OrderRow, 'parent_id'>;

const rootOf = (row: Due): string => row.parent_id ?? row.order_id;

export const recordUpload =
	(database: Database): OrderStore['recordUpload'] =>
	async (outcome) =>
		await database.write(async (transaction) => {
			const { query, one, tables } = transaction;
			const now = await transaction.now();
			const [found] = await query<{ order_id: string; external_id: string; bundled_into: string | null }>(
				sql`SELECT s.order_id, s.external_id, o.bundled_into FROM ${tables.shipment} s JOIN ${tables.order} o ON o.id = s.order_id WHERE s.id = $1`,
				[outcome.shipmentId],
			);
			if (!found) throw new StaleOrderError('(deleted)', `shipment ${outcome.shipmentId}`);
			const sender = found.bundled_into === null ? null : await lockedSender(transaction, found.bundled_into, found.external_id);
			// The order first: everybody locks an order before its shipments.
			const rows = await fullRows(transaction, [found.order_id], true);
			const untold = await numbersLeft(transaction, outcome);
			const written = await writeOutcome(transaction, outcome, untold, now);
			const [order] = await ordersOf(transaction, rows);
			if (written !== 1 || order === undefined)
				throw new StaleOrderError(found.order_id, `claim ${outcome.epoch} of shipment ${outcome.shipmentId}`);
			const move = moveFor(order, outcome);
			move.entries = [...(outcome.entries ?? []), ...(move.entries ?? [])];
			await applyAll(transaction, [move]);
			if (found.bundled_into === null) return { status: move.to ?? order.status };
			// Its bundle may be uploaded with it, and it may be the last thing that it waited for.
			if (sender !== null) await applyAll(transaction, await movesOfUploadedBundles(transaction, [sender], outcome.actor, now));
			await followBundles(transaction, [found.bundled_into]);
			return await one<{ status: OrderStatus }>(sql`SELECT status FROM ${tables.order} WHERE id = $1`, [found.order_id]);
		});

interface Numbers {
	settled: string[];
	/** Of which the cart is still to be told. */
	left: string[];
}

/** As they are after the upload. The order must be locked. */
async function numbersLeft({ query, tables }: Transaction, { shipmentId, result }: UploadOutcome): Promise<Numbers> {
	const rows = await query<ShipmentRow>(sql`SELECT * FROM ${tables.shipment} WHERE id = $1`, [shipmentId]);
	const shipment = shipmentOf(surely(rows[0]));
	const all = trackingNumbersOf(shipment);
	const told = result.kind === 'uploaded' ? (result.numbers ?? all) : [];
	const both = [...new Set([...shipment.settledNumbers, ...told])];
	const settled = result.kind === 'uploaded' ? settledOfTold(both) : both;
	return { settled, left: all.filter((number) => !settled.includes(number)) };
}

/** Only under the claim's own epoch, and only once. */
async function writeOutcome(
	{ execute, tables }: Transaction,
	{ shipmentId, epoch, result }: UploadOutcome,
	{ settled, left }: Numbers,
	now: string,
): Promise<number> {
	const guard = sql`uploaded_at IS NULL AND upload_leased_until IS NOT NULL`;
	const common = sql`upload_attempts = upload_attempts + 1, upload_leased_until = NULL, claim_owner = NULL`;
	if (result.kind === 'uploaded') {
		// What came while the cart was told is to be told, too.
		const more = left.length > 0;
		return await execute(
			sql`UPDATE ${tables.shipment} SET uploaded_at = $1::timestamptz, settled_numbers = $2, upload_problem = NULL, upload_due_at = $3::timestamptz, ${common}
				WHERE id = $4 AND claim_epoch = $5 AND ${guard}`,
			[more ? null : now, stored(settled), more ? now : null, shipmentId, epoch],
		);
	}
	if (result.kind === 'held_back') {
		// No try was made.
		return await execute(
			sql`UPDATE ${tables.shipment} SET upload_held_back = 1, upload_problem = $1, upload_due_at = NULL, upload_leased_until = NULL, claim_owner = NULL
				WHERE id = $2 AND claim_epoch = $3 AND ${guard}`,
			[result.reason, shipmentId, epoch],
		);
	}
	return await execute(
		sql`UPDATE ${tables.shipment} SET upload_problem = $1, upload_due_at = $2, ${common} WHERE id = $3 AND claim_epoch = $4 AND ${guard}`,
		[result.problem, result.retryInMs === null ? null : after(now, result.retryInMs), shipmentId, epoch],
	);
}

/** What a successful upload puts right: also what rules of shipments raise. */
const UPLOAD_ALERTS: readonly AlertCode[] = [
	...alertsBy('upload', 'place'),
	'credentials_invalid',
	'rule_failed',
	'unmapped_shipping_method',
];

function moveFor(order: Order, outcome: UploadOutcome): Move {
	const { result } = outcome;
	switch (result.kind) {
		case 'uploaded':
			return uploaded(order, outcome, result.message);
		case 'failed':
			return failed(order, outcome, result);
		case 'held_back':
			return {
				orderId: order.id,
				version: order.version,
				actor: outcome.actor,
				reason: null,
				set: { statusReason: result.reason },
				entries: [],
			};
	}
}

function uploaded(order: Order, { shipmentId, actor }: UploadOutcome, message: string | null): Move {
	const shipment = order.shipments.find(({ id }) => id === shipmentId);
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
		set: {
			alerts: {
				...(shipment === undefined || shipment.voidedAt === null
					? {}
					: {
							raise: [
								{
									code: 'shipment_voided',
									message: `The warehouse took back shipment ${shipment.externalId} while the cart was told of it.`,
								},
							],
						}),
				...(others ? {} : { clear: UPLOAD_ALERTS }),
			},
		},
		entries: [
			entry('tracking_uploaded', actor, {
				shipmentId,
				trackingNumber: shipment === undefined ? null : numbersText(shipment),
				message,
			}),
		],
	};
}

function failed(order: Order, { shipmentId, actor }: UploadOutcome, { problem, alert }: { problem: string; alert: Alert | null }): Move {
	return {
		orderId: order.id,
		version: order.version,
		actor,
		reason: null,
		set: alert ? { alerts: { raise: [alert] } } : {},
		entries: [entry('upload_failed', actor, { shipmentId, problem })],
	};
}
