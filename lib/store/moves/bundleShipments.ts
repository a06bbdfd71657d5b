/**
 * Shipments of bundles. A cart does not know the bundle, so each order in it gets a shipment of its own for what is its part of a shipment: that one
 * is uploaded, and the bundle's shipment counts as uploaded with the last of them. Its key is that of the warehouse, with the reference of the bundle
 * (or its part) in front: "1001.b1/SHIP-7".
 */
import { deriveStatus, pendingUploads } from '../../order/derive';
import { numbersOf, numbersText, settledOfTold, wasTold } from '../../order/packages';
import { mirroredLines } from '../../order/sourceLines';
import type { Order, Shipment } from '../../order/order';
import { entry, type Actor } from '../../order/timeline';
import { newId, type OrderRow, type Session, type ShipmentRow, sql, stored, type Transaction } from '../database';
import { append, fullRows, ordersOf, rowOf, shipmentOf } from '../orders';
import { referenceBase } from '../../order/reference';
import type { LockedRow, Move } from './move';

/** The order that the orders are bundled into: the bundle, also for a part of it. */
const rootOf = ({ id, parentId }: Pick<Order, 'id' | 'parentId'>): string => parentId ?? id;

/** What stands in front of the warehouse's key. References are never given twice, so no two shipments get the same key. */
const keyPrefix = (reference: string): string => `${referenceBase(reference)}/`;

/** Gives the orders in bundles their shipments. The bundles must be locked, and their shipments written. */
export async function copyShipmentsToOrders(
	transaction: Transaction,
	recorded: ReadonlyArray<{ order: Order; shipments: readonly Shipment[] }>,
	actor: Actor,
	now: string,
): Promise<void> {
	const bundles = recorded.filter(({ order, shipments }) => order.bundleSize > 0 && shipments.length > 0);
	if (bundles.length === 0) return;
	const members = await membersOf(
		transaction,
		bundles.map(({ order }) => rootOf(order)),
	);
	const mirrors = bundles.flatMap(({ order, shipments }) =>
		shipments.flatMap((shipment): Shipment[] =>
			[...mirroredLines(order, shipment)].flatMap(([orderId, lines]) =>
				// One that was deleted, or is New again, is not waited for.
				members.get(orderId) === rootOf(order)
					? { ...shipment, id: newId(), orderId, externalId: `${keyPrefix(order.reference)}${shipment.externalId}`, lines }
					: [],
			),
		),
	);
	await transaction.insertMany('shipment', mirrors.map(rowOf), ['id']);
	await append(
		transaction,
		mirrors.map((shipment) => ({
			...entry('shipment_recorded', actor, {
				shipmentId: shipment.id,
				externalId: shipment.externalId,
				carrier: shipment.carrier,
				trackingNumber: numbersText(shipment),
				quantities: Object.fromEntries(shipment.lines.map(({ lineId, quantity }) => [lineId, quantity])),
			}),
			orderId: shipment.orderId,
		})),
		now,
	);
}

/** Order in a bundle → its bundle. Locks them: whoever changes what they know of a shipment needs them to itself. */
async function membersOf({ query, dialect, tables }: Session, bundleIds: readonly string[]): Promise<Map<string, string>> {
	const rows = await query<{ id: string; bundled_into: string }>(
		sql`SELECT o.id, o.bundled_into FROM ${tables.order} o WHERE o.bundled_into IS NOT NULL AND o.bundled_into ${dialect.anyOf(1)} ORDER BY o.id${dialect.forUpdate}`,
		[dialect.list([...new Set(bundleIds)])],
	);
	return new Map(rows.map((row) => [row.id, row.bundled_into]));
}

/** The warehouse told other tracking of a shipment, or took it back. */
export async function updateShipmentCopies(
	transaction: Transaction,
	order: Order,
	changed: readonly Shipment[],
	now: string,
): Promise<void> {
	if (order.bundleSize === 0) return;
	const { execute, query, tables } = transaction;
	for (const { externalId, carrier, serviceLevel, trackingNumber, trackingUrl, voidedAt, packages, settledNumbers } of changed) {
		const copies = await query<ShipmentRow>(
			sql`SELECT * FROM ${tables.shipment} WHERE external_id = $1 AND order_id IN (SELECT id FROM ${tables.order} WHERE bundled_into IS NOT NULL AND bundled_into = $2)`,
			[`${keyPrefix(order.reference)}${externalId}`, rootOf(order)],
		);
		for (const copy of copies.map(shipmentOf)) {
			// Each cart was told what it was told.
			const both = [...new Set([...copy.settledNumbers, ...(wasTold(copy) ? settledNumbers : [])])];
			const settled = copy.uploadedAt === null ? both : settledOfTold(both);
			await execute(
				sql`UPDATE ${tables.shipment} SET carrier = $1, service_level = $2, tracking_number = $3, tracking_url = $4, voided_at = $5::timestamptz,
					packages = $6, settled_numbers = $7 WHERE id = $8`,
				[carrier, serviceLevel, trackingNumber, trackingUrl, voidedAt, stored(packages), stored(settled), copy.id],
			);
			if (copy.uploadedAt !== null && numbersOf(packages).some((number) => !settled.includes(number)))
				await tellAgain(transaction, copy.id, { dueAt: now, heldBack: false });
		}
	}
}

/** The cart was told of it, and is to be told of numbers that came since. @param dueAt null = by the orders in the bundle, or not before it is released */
export async function tellAgain(
	{ execute, tables }: Transaction,
	id: string,
	{ dueAt, heldBack }: { dueAt: string | null; heldBack: boolean },
): Promise<void> {
	await execute(
		sql`UPDATE ${tables.shipment} SET uploaded_at = NULL, upload_due_at = $1::timestamptz, upload_held_back = $2, upload_attempts = 0, upload_problem = NULL
			WHERE uploaded_at IS NOT NULL AND id = $3`,
		[dueAt, heldBack ? 1 : 0, id],
	);
}

/** The shipments of bundles of which a cart was told already, or may be being told now. Locks the orders and their shipments. */
export async function uploadedOrClaimedShipments(session: Session, bundles: readonly Order[], now: string): Promise<string[]> {
	const shipped = bundles.filter(({ bundleSize, shipments }) => bundleSize > 0 && shipments.length > 0);
	if (shipped.length === 0) return [];
	const members = await membersOf(session, shipped.map(rootOf));
	const { query, dialect, tables } = session;
	const rows = await query<Pick<ShipmentRow, 'external_id' | 'uploaded_at' | 'upload_leased_until'>>(
		sql`SELECT external_id, uploaded_at, upload_leased_until FROM ${tables.shipment} WHERE order_id ${dialect.anyOf(1)} ORDER BY id${dialect.forUpdate}`,
		[dialect.list([...members.keys()])],
	);
	const uploadedOrClaimed = new Set(
		rows.filter((row) => row.uploaded_at !== null || (row.upload_leased_until ?? '') > now).map((row) => row.external_id),
	);
	return shipped.flatMap(({ reference, shipments }) =>
		shipments.filter(({ externalId }) => uploadedOrClaimed.has(`${keyPrefix(reference)}${externalId}`)).map(({ id }) => id),
	);
}

/** Shipments of bundles that all their orders have uploaded are uploaded, and what is Closed by it. The orders must be locked. */
export async function movesOfUploadedBundles(
	transaction: Transaction,
	orderIds: readonly string[],
	actor: Actor,
	now: string,
): Promise<Move[]> {
	if (orderIds.length === 0) return [];
	const { execute, dialect, tables } = transaction;
	const orders = await ordersOf(transaction, await fullRows(transaction, orderIds));
	const pending = orders.filter(({ shipments, bundleSize }) => bundleSize > 0 && pendingUploads(shipments).length > 0);
	for (const order of pending) {
		const left = sql`SELECT 1 FROM ${tables.shipment} m JOIN ${tables.order} o ON o.id = m.order_id WHERE o.bundled_into IS NOT NULL AND o.bundled_into = $2
			AND m.external_id = $4::text || s.external_id AND m.uploaded_at IS NULL AND m.voided_at IS NULL`;
		await execute(
			sql`UPDATE ${tables.shipment} AS s SET uploaded_at = $1 WHERE s.id ${dialect.anyOf(3)} AND s.uploaded_at IS NULL AND s.upload_held_back = 0 AND NOT EXISTS (${left})`,
			[now, rootOf(order), dialect.list(pendingUploads(order.shipments).map(({ id }) => id)), keyPrefix(order.reference)],
		);
	}
	const after = await ordersOf(
		transaction,
		await fullRows(
			transaction,
			pending.map(({ id }) => id),
		),
	);
	return after.flatMap((order): Move[] => {
		const to = deriveStatus(order.status, order.lines, { pending: pendingUploads(order.shipments).length });
		return to === order.status
			? []
			: [{ orderId: order.id, version: order.version, actor, from: order.status, to, reason: 'All is shipped, and the cart was told.' }];
	});
}

/** Held back shipments, or those that gave up, are due again; of a bundle those of its orders. */
export async function releaseUploads(
	{ execute, dialect, tables }: Transaction,
	rows: ReadonlyArray<Pick<LockedRow, 'id' | 'parent_id' | 'bundle_size' | 'reference'>>,
	now: string,
): Promise<void> {
	const open = sql`uploaded_at IS NULL AND voided_at IS NULL`;
	const ids = (of: typeof rows) => dialect.list(of.map(({ id }) => id));
	const own = rows.filter((row) => row.bundle_size === 0);
	if (own.length > 0) {
		await execute(
			sql`UPDATE ${tables.shipment} SET upload_held_back = 0, upload_due_at = $1, upload_attempts = 0 WHERE order_id ${dialect.anyOf(2)} AND ${open}`,
			[now, ids(own)],
		);
	}
	const bundles = rows.filter((row) => row.bundle_size > 0);
	if (bundles.length === 0) return;
	await execute(sql`UPDATE ${tables.shipment} SET upload_held_back = 0 WHERE order_id ${dialect.anyOf(1)} AND ${open}`, [ids(bundles)]);
	for (const { id, parent_id: parent, reference } of bundles) {
		await execute(
			sql`UPDATE ${tables.shipment} SET upload_held_back = 0, upload_due_at = $1, upload_attempts = 0 WHERE ${open}
				AND order_id IN (SELECT id FROM ${tables.order} WHERE bundled_into IS NOT NULL AND bundled_into = $2)
				AND external_id IN (SELECT $3::text || external_id FROM ${tables.shipment} WHERE order_id = $4)`,
			[now, parent ?? id, keyPrefix(reference), id],
		);
	}
}

/**
 * The order that the warehouse ships, of a shipment of an order in a bundle: the bundle, or a part of it. Locked before those that follow it, as
 * everybody does.
 */
export async function lockedSender(transaction: Transaction, bundleId: string, key: string): Promise<string | null> {
	const { query, tables } = transaction;
	const rows = await query<Pick<OrderRow, 'id' | 'reference'>>(
		sql`SELECT id, reference FROM ${tables.order} WHERE id = $1 UNION ALL SELECT id, reference FROM ${tables.order} WHERE parent_id IS NOT NULL AND parent_id = $1`,
		[bundleId],
	);
	const sender = rows.find(({ reference }) => key.startsWith(keyPrefix(reference)));
	if (sender !== undefined) await fullRows(transaction, [sender.id], true);
	return sender?.id ?? null;
}
