/** Splitting: an order becomes several parts, each with some of its lines. Pure; the quantities of all parts add up to what was ordered. */
import { amountOf, unitsOf } from './money';
import type { OrderContent, OrderedLine, ShipmentLine } from './order';
import { hasTrait, type OrderStatus } from './status';

/** What one warehouse ships of an order that is split. */
export interface OrderPart {
	warehouse: string;
	lines: ShipmentLine[];
}

/**
 * The content of an order for one of its parts. Lines keep their ids and the cart's keys, so that tracking goes back to the right
 * line. The amounts of the whole order belong to no part and are left out; the subtotal is that of the lines of the part.
 *
 * @param reported ids of the lines of kits that this part reports to the cart; see `partsReporting`
 */
function partContent(content: OrderContent, part: OrderPart, reported: ReadonlySet<string> = new Set()): OrderContent {
	const quantities = new Map(part.lines.map(({ lineId, quantity }) => [lineId, quantity]));
	const lines = content.lines.flatMap((line): OrderedLine[] => {
		const quantity = quantities.get(line.id) ?? 0;
		if (quantity === 0) return [];
		const rest = { ...line };
		delete rest.warehouse;
		// A kit that is spread over parts is reported to the cart by one of them.
		if (line.kit !== undefined && !reported.has(line.id)) {
			delete rest.source;
			return [{ ...rest, quantity, externalId: null }];
		}
		return [{ ...rest, quantity }];
	});
	return { ...withSomeLines(content, lines), warehouse: part.warehouse };
}

/** The content of an order with these lines alone. The amounts of the whole order are left out; the subtotal is that of the lines. */
export const withSomeLines = (content: OrderContent, lines: OrderedLine[]): OrderContent => ({
	...content,
	lines,
	subtotal: subtotalOf(lines),
	shippingAmount: null,
	taxAmount: null,
	discountAmount: null,
	total: null,
});

/** The contents of all parts, in their order. */
export function partContents(content: OrderContent, parts: readonly OrderPart[]): OrderContent[] {
	const reported = partsReporting(content, parts);
	return parts.map((part, index) => partContent(content, part, reported[index]));
}

/**
 * Which lines of kits each part reports to the cart: those of the first part that has any component of the kit. Each kit is told
 * once, although its components leave from several warehouses.
 */
function partsReporting(content: OrderContent, parts: readonly OrderPart[]): Array<Set<string>> {
	const kitOf = new Map(content.lines.flatMap(({ id, kit }) => (kit === undefined ? [] : [[id, kit.lineId] as const])));
	const taken = new Set<string>();
	return parts.map(({ lines }) => {
		const mine = lines.flatMap(({ lineId }) => {
			const kit = kitOf.get(lineId);
			return kit === undefined || taken.has(kit) ? [] : [{ lineId, kit }];
		});
		for (const { kit } of mine) taken.add(kit);
		return new Set(mine.map(({ lineId }) => lineId));
	});
}

/** Null when a line has no price. */
function subtotalOf(lines: readonly OrderedLine[]): string | null {
	let sum = 0n;
	for (const { unitPrice, quantity } of lines) {
		const price = unitsOf(unitPrice);
		if (price === null) return null;
		sum += price * BigInt(quantity);
	}
	return amountOf(sum);
}

/** Whether the parent of a split goes where its parts go. One that was put away by itself stays there. */
export const followsParts = (status: OrderStatus): boolean => hasTrait(status, 'shown_by_parts') && !hasTrait(status, 'over');

/** Where the parent of a split stands when its parts stand so. */
export function parentStatus(status: OrderStatus, parts: ReadonlyArray<{ status: OrderStatus; shipped: boolean }>): OrderStatus {
	if (!followsParts(status) || parts.length === 0) return status;
	if (parts.every((part) => hasTrait(part.status, 'over'))) {
		return parts.some((part) => part.status === 'closed') ? 'closed' : 'canceled';
	}
	return parts.some(({ shipped }) => shipped) ? 'partially_shipped' : status;
}
