/** Which lines go to which warehouse, and in how many parts: what the actions "route lines" and "split" lead to. Pure. */
import type { OrderPart } from '../order/parts';
import type { OrderContent, OrderedLine, ShipmentLine } from '../order/order';
import type { RuleContext } from './run';

/** A quantity of a line that goes into a part. */
export interface Portion {
	line: OrderedLine;
	quantity: number;
}

/** Divides what would be one part into several; nothing is lost and nothing added. */
export type Splitter = (portions: readonly Portion[], content: OrderContent, context: RuleContext) => Portion[][];

/** Warehouses know no orders of so many parts; a wrong limit could otherwise make thousands. */
export const PARTS_LIMIT = 100;

/**
 * Lines by the warehouse that they go to, then each of these as the splitters divide it. In the order of the lines.
 *
 * @param warehouse where lines go that no rule gave a warehouse of their own; null = none was chosen
 */
export function partsOf(
	content: OrderContent,
	context: RuleContext,
	warehouse: string | null,
	splitters: readonly Splitter[],
): Array<OrderPart | { warehouse: null; lines: ShipmentLine[] }> {
	const byWarehouse = new Map<string | null, Portion[]>();
	for (const line of content.lines) {
		if (line.quantity <= 0) continue;
		const target = line.warehouse ?? warehouse;
		byWarehouse.set(target, [...(byWarehouse.get(target) ?? []), { line, quantity: line.quantity }]);
	}
	return [...byWarehouse].flatMap(([target, portions]) => {
		let groups: Portion[][] = [portions];
		for (const split of splitters) groups = groups.flatMap((group) => split(group, content, context).filter(({ length }) => length > 0));
		return groups.map((group) => ({ warehouse: target, lines: group.map(({ line, quantity }) => ({ lineId: line.id, quantity })) }));
	});
}

/**
 * Fills parts up to a limit, in the order of the lines. What does not fit goes on in the next part; a single piece that is heavier than the
 * limit has a part of its own. The components of a kit are not divided, or the cart could not be told when the kit is complete.
 *
 * @param sizeOf what one piece of a line counts
 */
export function filled(portions: readonly Portion[], most: number, sizeOf: (line: OrderedLine) => number): Portion[][] {
	const parts: Portion[][] = [];
	let room = 0;
	const put = (line: OrderedLine, quantity: number, opens: boolean): void => {
		const last = parts.at(-1);
		const portion = { line, quantity };
		if (opens || last === undefined) {
			parts.push([portion]);
			room = most;
		} else last.push(portion);
		room -= sizeOf(line) * quantity;
	};
	for (const { line, quantity } of portions) {
		const size = sizeOf(line);
		if (line.kit !== undefined || size === 0) {
			put(line, quantity, size * quantity > room);
			continue;
		}
		const perPart = Math.max(1, Math.floor(most / size));
		for (let left = quantity; left > 0;) {
			const fits = Math.floor(room / size);
			const taken = Math.min(left, parts.length > 0 && fits > 0 ? fits : perPart);
			put(line, taken, fits <= 0);
			left -= taken;
		}
	}
	return parts;
}
