/** Finds orders: filters in SQL, pages by key, so that page 400 costs what page 1 does. */
import type { OrderQuery, OrderStore, Page } from '../OrderStore';
import type { Order } from '../../order/order';
import { referenceBase } from '../reference';
import { ordersOf } from './orders';
import { READ_ROW, searchable, storable, storableDate, type ReadRow } from './rows';
import type { Database, Session } from './session';
import type { OrderRow } from './tables';

const SORT_COLUMNS = {
	importedAt: 'imported_at',
	orderedAt: 'ordered_at',
	updatedAt: 'updated_at',
	orderNumber: 'order_number',
} as const satisfies Record<NonNullable<OrderQuery['sort']>['by'], keyof OrderRow>;

export const search = (database: Database): OrderStore['search'] => async (query) =>
	await database.read(async (session): Promise<Page<Order>> => {
		const { by, direction } = query.sort ?? { by: 'importedAt', direction: 'desc' };
		const column = SORT_COLUMNS[by];
		const parameters: unknown[] = [];
		const where = await filters(session, query, parameters);
		const position = parsePosition(query.after);
		if (position !== null) {
			const [value, id] = [parameters.push(position.value), parameters.push(position.id)];
			where.push(`(o.${column}, o.id) ${direction === 'asc' ? '>' : '<'} ($${value}, $${id})`);
		}
		const order = `o.${column} ${direction}, o.id ${direction}`;
		// The page is cut from the short rows before their contents are read.
		const rows = await session.query<ReadRow & { position: string }>(
			`SELECT ${READ_ROW}, o.${column} AS position FROM (SELECT * FROM ${session.tables.order} o ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ` +
				`ORDER BY ${order} LIMIT $${parameters.push(query.limit + 1)}) o ` +
				`JOIN ${session.tables.order_content} c ON c.order_id = o.id ORDER BY ${order}`,
			parameters,
		);
		const page = rows.slice(0, query.limit);
		const last = page.at(-1);
		return {
			items: await ordersOf(session, page),
			next: rows.length > query.limit && last ? JSON.stringify([last.position, last.id]) : null,
		};
	});

function parsePosition(after: string | null | undefined): { value: string; id: string } | null {
	if (after === null || after === undefined || after === '') return null;
	try {
		const [value, id] = JSON.parse(after) as unknown[];
		if (typeof value === 'string' && typeof id === 'string') return { value, id };
	} catch {
		// Not one of ours: the first page is the honest answer.
	}
	return null;
}

/** Adds to `parameters` what the conditions name. */
async function filters(session: Session, query: OrderQuery, parameters: unknown[]): Promise<string[]> {
	const { dialect, tables } = session;
	const add = (value: unknown): number => parameters.push(value);
	const where: string[] = [];
	const anyOf = (column: string, values: readonly string[] | undefined) => {
		// One value as "=": only then does an index give the rows in the order of the page (140 ms against 3 ms at 200,000 orders).
		if (values?.length === 1) where.push(`o.${column} = $${add(storable(values[0]!))}`);
		else if (values) where.push(`o.${column} ${dialect.anyOf(add(dialect.list(values.map(storable))))}`);
	};
	const compare = (column: string, operator: string, value: string | undefined) => {
		if (value !== undefined) where.push(`o.${column} ${operator} $${add(value)}`);
	};
	const date = (column: string, operator: string, value: string | undefined) => {
		if (value !== undefined) compare(column, operator, storableDate(value) ?? value);
	};
	anyOf('id', query.ids);
	anyOf('status', query.statuses);
	anyOf('store', query.stores);
	anyOf('warehouse', query.warehouses);
	anyOf('wms', query.wms);
	anyOf('alert_code', query.alertCodes);
	compare('order_number', '=', query.orderNumber);
	compare('external_id', '=', query.externalId);
	if (query.externalId !== undefined) where.push('o.parent_id IS NULL AND o.bundle_size = 0');
	if (query.reference !== undefined) {
		// The index is on what all references of an order have in common.
		compare('reference_base', '=', referenceBase(query.reference));
		compare('reference', '=', query.reference);
	}
	date('ordered_at', '>=', query.orderedFrom);
	date('ordered_at', '<=', query.orderedTo);
	date('imported_at', '>=', query.importedFrom);
	date('imported_at', '<=', query.importedTo);
	if (query.due) where.push(`o.due_at <= $${add(await session.now())}`);
	if (query.uploadDue) {
		where.push(`o.id IN (SELECT order_id FROM ${tables.shipment} WHERE upload_due_at <= $${add(await session.now())})`);
	}
	const text = searchable(query.text?.trim() ?? '');
	if (text !== '') {
		const pattern = add(`%${text.replace(/[\\%_]/g, '\\$&')}%`);
		where.push(`(o.search_text LIKE $${pattern} ESCAPE '\\' OR o.tracking_text LIKE $${pattern} ESCAPE '\\')`);
	}
	return where;
}
