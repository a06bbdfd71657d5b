/** Splitting: an order becomes several parts, each with some of its lines. Pure; the quantities of all parts add up to what was ordered. */
import { amountOf, unitsOf } from './money';
import type { OrderContent, OrderedLine, Order, ShipmentLine } from './order';
import type { OrderStatus } from './status';

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
export function partContent(content: OrderContent, part: OrderPart, reported: ReadonlySet<string> = new Set()): OrderContent {
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
	return {
		...content,
		warehouse: part.warehouse,
		lines,
		subtotal: subtotalOf(lines),
		shippingAmount: null,
		taxAmount: null,
		discountAmount: null,
		total: null,
	};
}

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
		const mine = lines.flatMap(({ lineId }) => (kitOf.has(lineId) && !taken.has(kitOf.get(lineId)!) ? [lineId] : []));
		for (const lineId of mine) taken.add(kitOf.get(lineId)!);
		return new Set(mine);
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

/** What is asked of a part before its order may be changed as a whole. */
export type PartState = Pick<Order, 'status' | 'wmsOrderId' | 'attempts' | 'sentAt'> & { alertCode: string | null; shipmentCount: number };

const AT_WORK: readonly OrderStatus[] = ['queued', 'open', 'partially_shipped', 'closed'];

/** After these nobody knows whether the warehouse has the order. */
const UNCERTAIN: ReadonlyArray<string | null> = ['outcome_unknown', 'retries_used_up', null];

/**
 * Whether the warehouse has the order, or may have it: then it must neither be taken away nor be made anew. In doubt it may.
 *
 * @example mayBeAtWms({ status: 'routed', attempts: 0, … }) // false
 */
export function mayBeAtWms({ status, wmsOrderId, attempts, sentAt, alertCode, shipmentCount }: PartState): boolean {
	if (AT_WORK.includes(status) || shipmentCount > 0) return true;
	if (status === 'canceled') return false;
	return wmsOrderId !== null || sentAt !== null || (attempts > 0 && UNCERTAIN.includes(alertCode));
}

export const partStateOf = (order: Order): PartState => ({
	status: order.status,
	wmsOrderId: order.wmsOrderId,
	attempts: order.attempts,
	sentAt: order.sentAt,
	alertCode: order.alert?.code ?? null,
	shipmentCount: order.shipments.length,
});

/** Where the parent of a split stands when its parts stand so. One that was put away by itself stays there. */
export function parentStatus(status: OrderStatus, parts: ReadonlyArray<{ status: OrderStatus; shipped: boolean }>): OrderStatus {
	if ((status !== 'routed' && status !== 'partially_shipped') || parts.length === 0) return status;
	if (parts.every((part) => part.status === 'closed' || part.status === 'canceled')) {
		return parts.some((part) => part.status === 'closed') ? 'closed' : 'canceled';
	}
	return parts.some(({ shipped }) => shipped) ? 'partially_shipped' : status;
}
