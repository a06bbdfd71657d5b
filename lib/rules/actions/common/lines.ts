/** What actions that make lines share: ids, and checks of SKU, name and quantity. */
import { shown } from '../../../order/errors';
import type { OrderedLine } from '../../../order/order';
import { ruleProblem } from '../../problem';

/** More than any warehouse ships, and far below where numbers stop being exact. */
const QUANTITY_LIMIT = 1_000_000;
/** Warehouses know no orders of this size; a table of kits could otherwise make one. */
export const LINES_LIMIT = 2_000;
const ID_LIMIT = 60;

/**
 * An id that no line has, the same for the same wish: running the rules again gives the same ids.
 *
 * @example freeId('added-GIFT', taken) // "added-GIFT", or "added-GIFT-2"
 */
export function freeId(wish: string, taken: Set<string>): string {
	const stem = wish.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, ID_LIMIT);
	let id = stem;
	for (let count = 2; taken.has(id); count++) id = `${stem}-${count}`;
	taken.add(id);
	return id;
}

export const lineIdsOf = (lines: readonly OrderedLine[]): Set<string> => new Set(lines.map(({ id }) => id));

/** "3" and 3 are 3. Throws FulfillmentError for everything that is no whole number from 1. */
export function checkedQuantity(value: unknown, what: string): number {
	const quantity = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value;
	if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_LIMIT) {
		throw ruleProblem(
			`${what} is not a whole number from 1 to ${QUANTITY_LIMIT} (value: ${shown(value)}).`,
			'Enter a whole number, such as 1.',
		);
	}
	return quantity;
}
