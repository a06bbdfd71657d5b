/** Reads orders by id. */
import { currentContent, type OrderLayers } from '../../order/layers';
import type { JsonValue, Order, Shipment } from '../../order/order';
import { FULL_ROW, jsonOf, layersOf, orderFrom, orderOf, READ_ROW, shipmentOf, type FullRow, type ReadRow } from './rows';
import type { Database, Session } from './session';
import type { ContentRow, ShipmentRow } from './tables';

/** Ids for one statement. */
const BATCH = 500;

export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
	for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

export async function shipmentsOf(session: Session, orderIds: readonly string[]): Promise<Map<string, Shipment[]>> {
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
		`SELECT * FROM ${tables.shipment} WHERE order_id ${dialect.anyOf(1)} ORDER BY recorded_at, id`,
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
const select = (columns: string, { dialect, tables }: Session): string =>
	`SELECT ${columns} FROM ${tables.order} o JOIN ${tables.order_content} c ON c.order_id = o.id WHERE o.id ${dialect.anyOf(1)}`;

/** In no particular order. Row and content come in one statement, so that a version belongs to what is read with it. */
export async function fullRows(session: Session, ids: readonly string[], lock = false): Promise<FullRow[]> {
	const { dialect } = session;
	return await session.query<FullRow>(
		select(FULL_ROW, session) +
			(lock ? ` ORDER BY o.id${dialect.forUpdate === '' ? '' : `${dialect.forUpdate} OF o`}` : ''),
		[dialect.list(ids)],
	);
}

/** Orders of these ids, in no particular order. */
export const readOrders = async (session: Session, ids: readonly string[]): Promise<Order[]> =>
	await ordersOf(session, await session.query<ReadRow>(select(READ_ROW, session), [session.dialect.list(ids)]));

/** What was found, in the order of the ids. A loop: `flatMap` took as long as an eighth of the reading. */
export function inOrderOf<T>(ids: readonly string[], found: ReadonlyMap<string, T>): T[] {
	const list: T[] = [];
	for (const id of ids) {
		const one = found.get(id);
		if (one !== undefined) list.push(one);
	}
	return list;
}

export const getMany = (database: Database) => async (ids: readonly string[]): Promise<Order[]> => {
	const found = new Map<string, Order>();
	for (const batch of chunks([...new Set(ids)], BATCH)) {
		const orders = await database.read(async (session) => await readOrders(session, batch));
		for (const order of orders) found.set(order.id, order);
		if (batch.length === BATCH) await new Promise(setImmediate);
	}
	return inOrderOf(ids, found);
};

export const getManyWithLayers = (database: Database) => async (ids: readonly string[]): Promise<Array<{ order: Order; layers: OrderLayers }>> => {
	const found = new Map<string, { order: Order; layers: OrderLayers }>();
	for (const batch of chunks([...new Set(ids)], BATCH)) {
		await database.read(async (session) => {
			const rows = await session.query<ReadRow & Pick<ContentRow, 'served_holds'>>(select(`${READ_ROW}, c.served_holds`, session), [session.dialect.list(batch)]);
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

export const layers = (database: Database) => async (ids: readonly string[]): Promise<Map<string, OrderLayers>> => {
	const found = new Map<string, OrderLayers>();
	for (const batch of chunks([...new Set(ids)], BATCH)) {
		await database.read(async ({ query, dialect, tables }) => {
			const rows = await query<Omit<ContentRow, 'payload' | 'progress'>>(
				`SELECT order_id, snapshot, edits, result, served_holds FROM ${tables.order_content} WHERE order_id ${dialect.anyOf(1)}`,
				[dialect.list(batch)],
			);
			for (const row of rows) found.set(row.order_id, layersOf(row));
		});
	}
	return found;
};

export const payload = (database: Database) => async (orderId: string): Promise<JsonValue> =>
	await database.read(async ({ query, tables }) => {
		const [row] = await query<{ payload: string }>(`SELECT payload FROM ${tables.order_content} WHERE order_id = $1`, [orderId]);
		return row ? jsonOf(row.payload) : null;
	});
