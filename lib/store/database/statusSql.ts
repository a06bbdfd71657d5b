/** Statuses in SQL text. Which they are comes from the table in order/status.ts. Texts are made once, when a file is loaded. */
import type { OrderStatus } from '../../order/status';
import { listed, sql, word, type Sql } from './sql';

/**
 * The words of the partial index `order_abandon` in the order in which it was written: SQLite can use such an index only for the very same text. It
 * decides the order alone, not which statuses there are; a test compares the index with the table.
 */
const INDEX_ORDER: readonly OrderStatus[] = ['new', 'routed', 'delayed', 'open', 'error', 'partially_shipped'];

const place = (status: OrderStatus): number => (INDEX_ORDER.includes(status) ? INDEX_ORDER.indexOf(status) : INDEX_ORDER.length);

/** @example isIn(sql`o.status`, statusesWith('at_warehouse')) // o.status IN ('open', 'partially_shipped') */
export const isIn = (column: Sql, statuses: readonly OrderStatus[]): Sql =>
	sql`${column} IN (${listed([...statuses].sort((left, right) => place(left) - place(right)).map(word))})`;
