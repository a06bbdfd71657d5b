/** Records what a warehouse reported: shipments, cancellations, confirmations, refusals, and the cursor, in one transaction. */
import { statusLabel } from '../../order/status';
import type { WmsEvent } from '../../order/wmsEvent';
import type { Actor } from '../../order/timeline';
import type { NewImportFailure } from '../../order/importFailure';
import type { OrderStore, RecordedEvent, ShipmentPage } from '../OrderStore';
import { referenceBase } from '../reference';
import { moveCursor } from './cursors';
import { recordFailures, resolveFailures } from './failures';
import { changeMirrors, mirrorShipments, settledMoves, toldMirrors } from './bundleShipments';
import { applyAll } from './moves';
import { ordersOf } from './orders';
import { FULL_ROW, stored, type FullRow } from './rows';
import type { Database, Session, Transaction } from './session';
import { matcher } from './shipmentMatching';
import { OrderLedger, RELEASED } from './orderLedger';

export const recordShipments = (database: Database): OrderStore['recordShipments'] => async (page) =>
	await database.write(async (transaction) => {
		await moveCursor(transaction, page, null);
		const now = await transaction.now();
		const ledgers = await openLedgers(transaction, page, now);
		const find = matcher(ledgers);
		const failures: NewImportFailure[] = [...page.failures];
		const matched: string[] = [];
		const results = page.events.map((event): RecordedEvent => {
			const ledger = find(event);
			if (ledger === null) {
				failures.push(unmatched(event));
				return { event, orderId: null, shipmentId: null, kind: 'unmatched', status: null };
			}
			matched.push(keyOf(event));
			// One ledger for all events of an order, so that each sees what the ones before it did.
			const { kind, shipmentId } = ledger.record(event);
			return { event, orderId: ledger.order.id, shipmentId, kind, status: ledger.order.status };
		});
		await save(transaction, [...ledgers], page.actor, now);
		const store = page.stores?.length === 1 ? page.stores[0]! : '';
		await recordFailures(transaction, failures, { store, source: page.source, now });
		await resolveFailures(transaction, matched, { store, subject: 'shipment', now });
		return results;
	});

/** Every order that the page may be about, locked, with what was recorded of it before. */
async function openLedgers(transaction: Transaction, page: ShipmentPage, now: string): Promise<OrderLedger[]> {
	const { dialect, tables } = transaction;
	const bases = [...new Set(page.events.flatMap(({ reference }) => (reference ? referenceBase(reference) : [])))];
	const keys = [...new Set(page.events.flatMap(({ wmsOrderId }) => wmsOrderId || []))];
	if (bases.length + keys.length === 0) return [];
	const parameters = [page.wms, dialect.list(bases), dialect.list(keys)];
	const ofStores = page.stores ? ` AND o.store ${dialect.anyOf(parameters.push(dialect.list(page.stores)))}` : '';
	const rows = await transaction.query<FullRow>(
		`SELECT ${FULL_ROW} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.wms = $1 ` +
			`AND (o.reference_base ${dialect.anyOf(2)} OR (o.wms_order_id IS NOT NULL AND o.wms_order_id ${dialect.anyOf(3)}) ` +
			`OR o.id IN (SELECT order_id FROM ${tables.wms_event} WHERE kind = '${RELEASED}' AND external_id ${dialect.anyOf(3)}))${ofStores} ` +
			`ORDER BY o.id${dialect.forUpdate === '' ? '' : `${dialect.forUpdate} OF o`}`,
		parameters,
	);
	const orders = await ordersOf(transaction, rows);
	const known = await knownEvents(transaction, rows.map((row) => row.id));
	const leased = await leasedUploads(transaction, rows.filter((row) => row.shipment_count > 0).map((row) => row.id), now);
	for (const id of await toldMirrors(transaction, orders, now)) leased.add(id);
	return orders.map((order, index) => new OrderLedger(order, rows[index]!, known.get(order.id) ?? new Set(), leased, page.actor, now));
}

/** Locks the shipments, so that no worker begins to tell the cart about one while what it knows of it changes. */
async function leasedUploads({ query, dialect, tables }: Session, orderIds: readonly string[], now: string): Promise<Set<string>> {
	if (orderIds.length === 0) return new Set();
	const rows = await query<{ id: string; until: string | null }>(
		`SELECT id, upload_leased_until AS until FROM ${tables.shipment} WHERE order_id ${dialect.anyOf(1)} ORDER BY id${dialect.forUpdate}`,
		[dialect.list(orderIds)],
	);
	return new Set(rows.filter(({ until }) => until !== null && until > now).map(({ id }) => id));
}

async function knownEvents({ query, dialect, tables }: Session, ids: readonly string[]): Promise<Map<string, Set<string>>> {
	const known = new Map<string, Set<string>>();
	if (ids.length === 0) return known;
	const rows = await query<{ order_id: string; kind: string; external_id: string }>(
		`SELECT order_id, kind, external_id FROM ${tables.wms_event} WHERE order_id ${dialect.anyOf(1)}`,
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
		changed.map(({ id, carrier, serviceLevel, trackingNumber, trackingUrl, voidedAt }) => ({
			id, carrier, service_level: serviceLevel, tracking_number: trackingNumber, tracking_url: trackingUrl, voided_at: voidedAt,
		})),
		{ key: 'id', guard: ['id'], set: ['carrier', 'service_level', 'tracking_number', 'tracking_url', 'voided_at'] },
	);
	const events = ledgers.flatMap((ledger) => ledger.newEvents);
	await transaction.insertMany('wms_event', events, []);
	await mirrorShipments(transaction, ledgers.map(({ order, newShipments }) => ({ order, shipments: order.shipments.filter(({ id }) => newShipments.some((row) => row.id === id)) })), actor, now);
	for (const { order, changedShipments } of ledgers) await changeMirrors(transaction, order, [...changedShipments.values()]);
	await applyAll(transaction, ledgers.flatMap((ledger) => ledger.moves));
	await applyAll(transaction, await settledMoves(transaction, ledgers.filter(({ order }) => order.bundleSize > 0).map(({ order }) => order.id), actor, now));
	// The orders are locked, so nobody can have recorded the same shipment meanwhile.
	if (inserted.size !== shipments.length) throw new Error('A shipment of a locked order was recorded by somebody else');
}

const keyOf = (event: WmsEvent): string =>
	stored([event.kind, event.reference ?? null, event.wmsOrderId ?? null, 'externalId' in event ? event.externalId : null]);

function unmatched(event: WmsEvent): NewImportFailure {
	const names = [event.reference && `reference ${event.reference}`, event.wmsOrderId && `warehouse order ${event.wmsOrderId}`].filter(Boolean);
	return {
		subject: 'shipment',
		key: keyOf(event),
		origin: event.origin,
		message: `The warehouse reported "${event.kind}" for an order that was not sent to it from here (${names.join(', ') || 'no reference'}).`,
		remedy: `Look for the order in the store. If it is not ${statusLabel('deleted')}, compare its reference with the warehouse's.`,
		payload: JSON.parse(stored(event)),
	};
}
