/** Records what a warehouse reported: shipments, cancellations, confirmations, refusals, and the cursor, in one transaction. */
import { shown } from '../../order/errors';
import { keptReport } from '../../order/report';
import type { Sending } from '../../order/sending';
import { hasTrait, statusLabel, type OrderStatus } from '../../order/status';
import type { WmsEvent } from '../../order/wmsEvent';
import type { Actor } from '../../order/timeline';
import type { NewImportFailure } from '../../order/importFailure';
import type { OrderStore, RecordedEvent, ShipmentPage } from '../OrderStore';
import { isOfAddedLines, referenceBase } from '../../order/reference';
import { type Database, NOTHING, paired, type Session, sql, stored, type Transaction } from '../database';
import {
	applyAll,
	tellAgain,
	updateShipmentCopies,
	lockedParts,
	copyShipmentsToOrders,
	sendingOf,
	sendingRows,
	movesOfUploadedBundles,
	uploadedOrClaimedShipments,
} from '../moves';
import { FULL_ROW, type FullRow, keyedHashes, ordersOf, reserved } from '../orders';
import { moveCursor, recordFailures, resolveFailures } from '../partners';
import { matcher } from './matching';
import { OrderLedger, type Substitutes } from './ledger';
import { record } from './outcomes';

export const recordShipments =
	(database: Database): OrderStore['recordShipments'] =>
	async ({ events, ...rest }) => {
		const page: ShipmentPage = { ...rest, events: events.map(keptReport) };
		return await database.write(async (transaction) => {
			await moveCursor(transaction, page, null);
			const now = await transaction.now();
			const ledgers = await openLedgers(transaction, page, now);
			const find = matcher(ledgers, page);
			const strangers: WmsEvent[] = [];
			const matched: string[] = [];
			const results = page.events.map((event): RecordedEvent => {
				const found = find(event);
				if (found === null) {
					strangers.push(event);
					return { event, orderId: null, shipmentId: null, kind: 'unmatched', status: null };
				}
				matched.push(keyOf(event), keyIn(page.account, event));
				// One ledger for all events of an order, so that each sees what the ones before it did.
				const { kind, shipmentId } = record(found.ledger, event, found.sending);
				return { event, orderId: found.ledger.order.id, shipmentId, kind, status: found.ledger.order.status };
			});
			await save(transaction, [...ledgers], page.actor, now);
			const [one = '', ...others] = page.stores ?? [];
			const store = others.length === 0 ? one : '';
			const deletedOrders = await ofDeletedOrders(transaction, page.wms, strangers);
			const failures = [...page.failures, ...strangers.map((event) => unmatched(event, page.account, deletedOrders.get(event) ?? null))];
			await recordFailures(transaction, failures, { store, source: page.source, actor: page.actor, now });
			await resolveFailures(transaction, matched, { store, subject: 'shipment', now });
			return results;
		});
	};

/** Every order that the page may be about, locked, with its sendings and what was recorded of it before. */
async function openLedgers(transaction: Transaction, page: ShipmentPage, now: string): Promise<OrderLedger[]> {
	const { dialect, tables } = transaction;
	const bases = [...new Set(page.events.flatMap(({ reference }) => (reference ? referenceBase(reference) : [])))];
	const keys = [...new Set(page.events.flatMap(({ wmsOrderId }) => (wmsOrderId ? wmsOrderId : [])))];
	if (bases.length + keys.length === 0) return [];
	const parameters = [page.wms, dialect.list(bases), dialect.list(keys)];
	const ofStores = page.stores ? sql` AND o.store ${dialect.anyOf(parameters.push(dialect.list(page.stores)))}` : NOTHING;
	// UNION ALL, not OR: with OR Postgres reads the whole table for every page.
	const rows = await transaction.query<FullRow>(
		sql`SELECT ${FULL_ROW} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.sendings > 0 AND o.id IN (
			SELECT id FROM ${tables.order} WHERE reference_base ${dialect.anyOf(2)}
			UNION ALL SELECT order_id FROM ${tables.sending} WHERE wms_order_id IS NOT NULL AND wms_order_id ${dialect.anyOf(3)} AND wms IN ($1, ''))${ofStores}
			ORDER BY o.id${dialect.forUpdateOf(sql`o`)}`,
		parameters,
	);
	const ids = rows.map((row) => row.id);
	const orders = await ordersOf(transaction, rows);
	const sendings = await sendingsOf(transaction, ids);
	const known = await knownEvents(transaction, ids);
	const substitutes = await substitutesOf(transaction, rows);
	const leased = await leasedUploads(
		transaction,
		rows.filter((row) => row.shipment_count > 0).map((row) => row.id),
		now,
	);
	for (const id of await uploadedOrClaimedShipments(transaction, orders, now)) leased.add(id);
	return paired(orders, rows).map(
		([order, row]) =>
			new OrderLedger(
				order,
				row,
				sendings.get(order.id) ?? [],
				known.get(order.id) ?? new Set(),
				leased,
				page.account,
				substitutes.get(order.id) ?? null,
				page.actor,
				now,
			),
	);
}

async function sendingsOf(transaction: Transaction, ids: readonly string[]): Promise<Map<string, Sending[]>> {
	const found = new Map<string, Sending[]>();
	for (const row of ids.length === 0 ? [] : await sendingRows(transaction, ids))
		found.set(row.order_id, [...(found.get(row.order_id) ?? []), sendingOf(row)]);
	return found;
}

/** What goes to warehouses in the place of orders that had been sent whole before: their parts, or the bundles that they are in. */
async function substitutesOf(transaction: Transaction, rows: readonly FullRow[]): Promise<Map<string, Substitutes>> {
	const { query, dialect, tables } = transaction;
	const found = new Map<string, Substitutes>();
	const split = rows
		.filter((row) => row.parts_made > 0 && row.parent_id === null && hasTrait(row.status as OrderStatus, 'shown_by_parts'))
		.map(({ id }) => id);
	for (const [id, all] of await lockedParts(transaction, split)) {
		// What was added later goes besides.
		const parts = all.filter(({ parent_id: parentId, reference }) => !isOfAddedLines({ parentId, reference }));
		if (parts.length === 0) continue;
		found.set(id, { references: parts.map(({ reference }) => reference), removable: parts.every(({ sending }) => sending === 'none') });
	}
	const bundled = rows.filter(({ status, bundled_into: bundle }) => status === 'bundled' && bundle !== null);
	if (bundled.length === 0) return found;
	const bundles = await query<Pick<FullRow, 'id' | 'reference'>>(
		sql`SELECT o.id, o.reference FROM ${tables.order} o WHERE o.id ${dialect.anyOf(1)}`,
		[dialect.list(bundled.map((row) => row.bundled_into!))],
	);
	const references = new Map(bundles.map(({ id, reference }) => [id, reference]));
	for (const { id, bundled_into: bundle } of bundled) found.set(id, { references: [references.get(bundle!) ?? ''], removable: false });
	return found;
}

/** Locks the shipments, so that no worker begins to tell the cart about one while what it knows of it changes. */
async function leasedUploads({ query, dialect, tables }: Session, orderIds: readonly string[], now: string): Promise<Set<string>> {
	if (orderIds.length === 0) return new Set();
	const rows = await query<{ id: string; until: string | null }>(
		sql`SELECT id, upload_leased_until AS until FROM ${tables.shipment} WHERE order_id ${dialect.anyOf(1)} ORDER BY id${dialect.forUpdate}`,
		[dialect.list(orderIds)],
	);
	return new Set(rows.filter(({ until }) => until !== null && until > now).map(({ id }) => id));
}

async function knownEvents({ query, dialect, tables }: Session, ids: readonly string[]): Promise<Map<string, Set<string>>> {
	const known = new Map<string, Set<string>>();
	if (ids.length === 0) return known;
	const rows = await query<{ order_id: string; kind: string; external_id: string }>(
		sql`SELECT order_id, kind, external_id FROM ${tables.wms_event} WHERE order_id ${dialect.anyOf(1)}`,
		[dialect.list(ids)],
	);
	for (const row of rows) {
		const events = known.get(row.order_id) ?? new Set();
		known.set(row.order_id, events.add(`${row.kind}:${row.external_id}`));
	}
	return known;
}

async function save(transaction: Transaction, ledgers: readonly OrderLedger[], actor: Actor, now: string): Promise<void> {
	const shipments = ledgers.flatMap((ledger) => ledger.newShipments);
	const inserted = await transaction.insertMany('shipment', shipments, ['id']);
	const changed = ledgers.flatMap((ledger) => [...ledger.changedShipments.values()]);
	await transaction.updateMany(
		'shipment',
		changed.map(({ id, carrier, serviceLevel, trackingNumber, trackingUrl, voidedAt, packages, settledNumbers }) => ({
			id,
			carrier,
			service_level: serviceLevel,
			tracking_number: trackingNumber,
			tracking_url: trackingUrl,
			voided_at: voidedAt,
			packages: stored(packages),
			settled_numbers: stored(settledNumbers),
		})),
		{
			key: 'id',
			guard: ['id'],
			set: ['carrier', 'service_level', 'tracking_number', 'tracking_url', 'voided_at', 'packages', 'settled_numbers'],
		},
	);
	for (const { order, toldAgain } of ledgers)
		for (const { id, heldBack } of toldAgain)
			await tellAgain(transaction, id, { dueAt: order.bundleSize > 0 || heldBack ? null : now, heldBack });
	const events = ledgers.flatMap((ledger) => ledger.newEvents);
	await transaction.insertMany('wms_event', events, []);
	await copyShipmentsToOrders(
		transaction,
		ledgers.map(({ order, newShipments }) => ({
			order,
			shipments: order.shipments.filter(({ id }) => newShipments.some((row) => row.id === id)),
		})),
		actor,
		now,
	);
	for (const { order, changedShipments } of ledgers) await updateShipmentCopies(transaction, order, [...changedShipments.values()], now);
	await applyAll(
		transaction,
		ledgers.flatMap((ledger) => ledger.moves),
	);
	await applyAll(
		transaction,
		await movesOfUploadedBundles(
			transaction,
			ledgers.filter(({ order }) => order.bundleSize > 0).map(({ order }) => order.id),
			actor,
			now,
		),
	);
	// The orders are locked, so nobody can have recorded the same shipment meanwhile.
	if (inserted.size !== shipments.length) throw new Error('A shipment of a locked order was recorded by somebody else');
}

const keyOf = (event: WmsEvent): string =>
	stored([event.kind, event.reference ?? null, event.wmsOrderId ?? null, 'externalId' in event ? event.externalId : null]);

/** Two accounts may report under the same keys. */
const keyIn = (account: string | undefined, event: WmsEvent): string => stored([account ?? null, keyOf(event)]);

/** Reports about orders that were deleted here, with the time of the deletion. */
async function ofDeletedOrders(session: Session, wms: string, events: readonly WmsEvent[]): Promise<Map<WmsEvent, string>> {
	if (events.length === 0) return new Map();
	const hash = await keyedHashes(session);
	const named = events.map((event) => ({
		event,
		hashes: [
			...(event.reference ? [hash.reference(referenceBase(event.reference))] : []),
			...(event.wmsOrderId ? [hash.warehouseKey(wms, event.wmsOrderId)] : []),
		],
	}));
	const found = await reserved(
		session,
		named.flatMap(({ hashes }) => hashes),
	);
	return new Map(
		named.flatMap(({ event, hashes }) =>
			hashes.flatMap((one): Array<[WmsEvent, string]> => {
				const at = found.get(one);
				return at === undefined ? [] : [[event, at]];
			}),
		),
	);
}

/** Shown with the account that reported it: another account may call another order by the same key. */
function unmatched(event: WmsEvent, account: string | undefined, deletedAt: string | null): NewImportFailure {
	const names = [
		event.reference && `reference ${shown(event.reference)}`,
		event.wmsOrderId && `warehouse order ${shown(event.wmsOrderId)}`,
	].filter(Boolean);
	return {
		subject: 'shipment',
		key: keyIn(account, event),
		origin: event.origin,
		message:
			deletedAt === null
				? `The warehouse reported "${event.kind}" for an order that was not sent ${account === undefined ? 'to it' : `to this account (${account})`} from here (${names.join(', ') || 'no reference'}).`
				: `The warehouse reported "${event.kind}" for an order that was ${statusLabel('deleted')} here on ${deletedAt.slice(0, 10)} (${names.join(', ')}${account === undefined ? '' : `, account ${account}`}).`,
		remedy:
			deletedAt === null
				? 'Look for the order in the store, and compare its reference and its account with the warehouse’s. An order that was placed by hand at the warehouse needs nothing here.'
				: 'Its goods may have left: tell the cart by hand, or ask the warehouse to send it back.',
		payload: JSON.parse(stored(event)),
	};
}
