/** Takes orders out of all tables. */
import type { Transaction } from './session';

/** What belongs to an order goes with it. The timeline last: the database refuses to delete that of an order that is there. */
export async function deleteRows({ execute, dialect, tables }: Transaction, orderIds: readonly string[]): Promise<void> {
	if (orderIds.length === 0) return;
	const ids = [dialect.list(orderIds)];
	for (const table of [tables.order_content, tables.shipment, tables.wms_event]) {
		await execute(`DELETE FROM ${table} WHERE order_id ${dialect.anyOf(1)}`, ids);
	}
	await execute(`DELETE FROM ${tables.order} WHERE id ${dialect.anyOf(1)}`, ids);
	await execute(`DELETE FROM ${tables.timeline} WHERE order_id ${dialect.anyOf(1)}`, ids);
}
