/** Takes orders out of all tables. */
import { reserveKeys } from './reservedKeys';
import { sql, type Transaction } from '../database';

/** What belongs to an order goes with it. The timeline last: the database refuses to delete that of an order that is there. */
export async function deleteRows(transaction: Transaction, orderIds: readonly string[]): Promise<void> {
	if (orderIds.length === 0) return;
	await reserveKeys(transaction, orderIds);
	const { execute, dialect, tables } = transaction;
	const ids = [dialect.list(orderIds)];
	for (const table of [tables.order_content, tables.sending, tables.shipment, tables.wms_event]) {
		await execute(sql`DELETE FROM ${table} WHERE order_id ${dialect.anyOf(1)}`, ids);
	}
	await execute(sql`DELETE FROM ${tables.order} WHERE id ${dialect.anyOf(1)}`, ids);
	await execute(sql`DELETE FROM ${tables.timeline} WHERE order_id ${dialect.anyOf(1)}`, ids);
}
