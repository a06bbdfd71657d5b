/** Reads orders by id. */
import { currentContent, type OrderLayers } from '../../order/layers';
import type { JsonValue, Order, Shipment } from '../../order/order';
import type { OrderStore } from '../OrderStore';
import { chunks, type ContentRow, type Database, jsonOf, NOTHING, type Session, type ShipmentRow, sql, type Sql } from '../database';
import { FULL_ROW, type FullRow, layersOf, orderFrom, orderOf, READ_ROW, type ReadRow } from './rows';
import { shipmentOf } from './shipmentRows';

/** Ids for one statement. */
const BATCH = 500;

async function shipmentsOf(session: Session, orderIds: readonly string[]): Promise<Map<string, Shipment[]>> {
	const rows = await shipmentRows(session, orderIds);
	const found = new Map<string, Shipment[]>();
	for (const row of rows) {
		const list = found.get(row.order_id);
		if (list) list.push(shipmentOf(row));
		else found.set(row.order_id, [shipmentOf(row)]);
	}
	return found;
}

export async function shipmentRows(session: Session, orderIds: readonly string[]): Promise<ShipmentRow[]> {
	if (orderIds.length === 0) return [];
	const { dialect, tables } = session;
	return await session.query<ShipmentRow>(
		sql`SELECT * FROM ${tables.shipment} WHERE order_id ${dialect.anyOf(1)} ORDER BY recorded_at, id`,
		[dialect.list(orderIds)],
	);
}

/** Rows → orders, in their order; one more query for the shipments of those that have any. */
export async function ordersOf(session: Session, rows: readonly ReadRow[]): Promise<Order[]> {
	const shipments = await shipmentsOf(session, shippedOf(rows));
	return rows.map((row) => orderOf(row, shipments.get(row.id) ?? []));
}

const shippedOf = (rows: readonly ReadRow[]): string[] => rows.filter((row) => row.shipment_count > 0).map((row) => row.id);

/** Rows of these ids; `$1` is the list. */
const select = (columns: Sql, { dialect, tables }: Session): Sql =>
	sql`SELECT ${columns} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.id ${dialect.anyOf(1)}`;

/** In no particular order. Row and content come in one statement, so that a version belongs to what is read with it. */
export async function fullRows(session: Session, ids: readonly string[], lock = false): Promise<FullRow[]> {
	const { dialect } = session;
	return await session.query<FullRow>(
		sql`${select(FULL_ROW, session)}${lock ? sql` ORDER BY o.id${dialect.forUpdateOf(sql`o`)}` : NOTHING}`,
		[dialect.list(ids)],
	);
}

/** Orders of these ids, in no particular order. */
export const readOrders = async (session: Session, ids: readonly string[]): Promise<Order[]> =>
	await ordersOf(session, await session.query<ReadRow>(select(READ_ROW, session), [session.dialect.list(ids)]));

/** What was found, in the order of the ids. A loop: `flatMap` took as long as an eighth of the reading. */
function inOrderOf<T>(ids: readonly string[], found: ReadonlyMap<string, T>): T[] {
	const list: T[] = [];
	for (const id of ids) {
		const one = found.get(id);
		if (one !== undefined) list.push(one);
	}
	return list;
}

export const getMany =
	(database: Database) =>
	async (ids: readonly string[]): Promise<Order[]> => {
		const found = new Map<string, Order>();
		for (const batch of chunks([...new Set(ids)], BATCH)) {
			const orders = await database.read(async (session) => await readOrders(session, batch));
			for (const order of orders) found.set(order.id, order);
			if (batch.length === BATCH) await new Promise(setImmediate);
		}
		return inOrderOf(ids, found);
	};

export const getManyWithLayers =
	(database: Database) =>
	async (ids: readonly string[]): Promise<Array<{ order: Order; layers: OrderLayers }>> => {
		const found = new Map<string, { order: Order; layers: OrderLayers }>();
		for (const batch of chunks([...new Set(ids)], BATCH)) {
			await database.read(async (session) => {
				const rows = await session.query<ReadRow & Pick<ContentRow, 'served_holds' | 'begun_holds'>>(
					select(sql`${READ_ROW}, c.served_holds, c.begun_holds`, session),
					[session.dialect.list(batch)],
				);
				const shipments = await shipmentsOf(session, shippedOf(rows));
				for (const row of rows) {
					const layersOfRow = layersOf(row);
					found.set(row.id, { order: orderFrom(row, currentContent(layersOfRow), shipments.get(row.id) ?? []), layers: layersOfRow });
				}
			});
			if (batch.length === BATCH) await new Promise(setImmediate);
		}
		return inOrderOf(ids, found);
	};

export const layers =
	(database: Database) =>
	async (ids: readonly string[]): Promise<Map<string, OrderLayers>> => {
		const found = new Map<string, OrderLayers>();
		for (const batch of chunks([...new Set(ids)], BATCH)) {
			await database.read(async ({ query, dialect, tables }) => {
				const rows = await query<Omit<ContentRow, 'payload' | 'progress'>>(
					sql`SELECT order_id, snapshot, edits, result, served_holds, begun_holds FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
					[dialect.list(batch)],
				);
				for (const row of rows) found.set(row.order_id, layersOf(row));
			});
		}
		return found;
	};

export const asImported =
	(database: Database): OrderStore['asImported'] =>
	async (store, externalIds) => {
		if (externalIds.length === 0) return [];
		return await database.read(async ({ query, dialect, tables }) => {
			const rows = await query<Pick<ContentRow, 'snapshot' | 'payload'> & { external_id: string }>(
				sql`SELECT o.external_id, c.snapshot, c.payload FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id
				WHERE o.store = $1 AND o.external_id ${dialect.anyOf(2)} AND o.parent_id IS NULL AND o.bundle_size = 0`,
				[store, dialect.list(externalIds)],
			);
			return rows.map((row) => ({
				externalId: row.external_id,
				snapshot: layersOf({ ...row, edits: '{}', result: null }).snapshot,
				payload: jsonOf(row.payload),
			}));
		});
	};

export const payload =
	(database: Database) =>
	async (orderId: string): Promise<JsonValue> =>
		await database.read(async ({ query, tables }) => {
			const [row] = await query<{ payload: string }>(sql`SELECT payload FROM ${tables.order_content} WHERE order_id = $1`, [orderId]);
			return row ? jsonOf(row.payload) : null;
		});
