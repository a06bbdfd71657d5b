/** How large and how deep one order may be. What is beyond it is that order's failure; the other orders of the file go on. */
import { isDeeperThan, MAX_DEPTH } from '../../order/depth';
import type { JsonValue } from '../../order/order';

/** Of one order, in characters. */
export const MAX_ORDER_LENGTH = 2_000_000;

/** What is kept of an order that is beyond the limits: the beginnings of its first cells, among which its key is. */
const KEPT_LENGTH = 200;
const KEPT_COLUMNS = 200;

/** Why something so long is no order; null = it may be one. */
export const lengthProblem = (length: number): string | null =>
	length > MAX_ORDER_LENGTH ? `the order is longer than ${MAX_ORDER_LENGTH} characters; what is kept of it is cut` : null;

export const depthProblem = (order: unknown): string | null =>
	isDeeperThan(order, MAX_DEPTH)
		? `the order has more than ${MAX_DEPTH} levels of objects and lists within each other; what is kept of it is cut`
		: null;

/** The names by which a JSON order that is beyond the limits is known. */
export function keptOf(order: JsonValue): JsonValue {
	if (typeof order !== 'object' || order === null || Array.isArray(order)) return null;
	const kept: Record<string, JsonValue> = {};
	for (const name of ['externalId', 'orderNumber']) {
		const value = Object.hasOwn(order, name) ? order[name] : null;
		if (typeof value === 'string') kept[name] = value.slice(0, KEPT_LENGTH);
		if (typeof value === 'number') kept[name] = value;
	}
	return kept;
}

export const keptRow = (row: Readonly<Record<string, string>>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(row)
			.slice(0, KEPT_COLUMNS)
			.map(([column, cell]) => [column.slice(0, KEPT_LENGTH), cell.slice(0, KEPT_LENGTH)]),
	);
