/** What follows from quantities: pure functions, tested as tables. */
import type { Alert } from './alerts';
import { ships } from './goods';
import { describeProblem, shown } from './errors';
import type { LineItem, Order, Shipment, ShipmentLine } from './order';
import { firstIn } from './present';
import { hasTrait, mayMove, statusLabel, wayToOpen, type OrderStatus } from './status';
import type { ReportedLine, WmsEvent } from './wmsEvent';

type Quantities = Pick<LineItem, 'quantity' | 'quantityShipped' | 'quantityCanceled' | 'kind'>;

/** What the warehouse still has to ship of a line; never negative, and nothing of a line that is no goods. */
export const outstanding = (line: Quantities): number =>
	ships(line) ? Math.max(0, line.quantity - line.quantityShipped - line.quantityCanceled) : 0;

/**
 * The status that quantities and uploads give an order that the WMS has. Fully shipped but not yet uploaded keeps its
 * status; fully canceled without a shipment is Canceled.
 */
export function deriveStatus(status: OrderStatus, lines: readonly Quantities[], uploads: { pending: number }): OrderStatus {
	if (!hasTrait(status, 'at_warehouse')) return status;
	const shipped = lines.some((line) => line.quantityShipped > 0);
	const left = lines.some((line) => outstanding(line) > 0);
	if (left) return shipped ? 'partially_shipped' : status;
	if (!shipped) return lines.length > 0 ? 'canceled' : status;
	return uploads.pending === 0 ? 'closed' : status;
}

/** Shipments that the cart is still to be told about; those that are held back count, voided ones do not. */
export const pendingUploads = <S extends Pick<Shipment, 'uploadedAt' | 'voidedAt'>>(shipments: readonly S[]): S[] =>
	shipments.filter(({ uploadedAt, voidedAt }) => uploadedAt === null && voidedAt === null);

interface MatchedLines {
	lines: ShipmentLine[];
	problem: Alert | null;
}

/**
 * Finds the lines of an order that a report names: by our line id, else the cart's key, else the SKU (in other letter case, if it is only one). Quantities of a SKU
 * that stands on several lines fill the lines with the most outstanding first come, first served. What is too much or
 * unknown is an alert, not an error: the shipment has left already.
 */
export function matchLines(order: Pick<Order, 'lines' | 'orderNumber'>, reported: ReportedLine[] | null): MatchedLines {
	if (reported === null) {
		const lines = order.lines.map((line) => ({ lineId: line.id, quantity: outstanding(line) })).filter(({ quantity }) => quantity > 0);
		return { lines, problem: null };
	}
	const left = new Map(order.lines.map((line) => [line.id, outstanding(line)]));
	const matched = new Map<string, number>();
	let problem: Alert | null = null;
	const take = (lineId: string, quantity: number) => {
		matched.set(lineId, (matched.get(lineId) ?? 0) + quantity);
		left.set(lineId, (left.get(lineId) ?? 0) - quantity);
	};
	for (const report of reported) {
		const candidates = candidatesFor(order.lines, report);
		if (candidates.length === 0) {
			const named = report.sku ?? report.externalId ?? report.lineId ?? '';
			problem ??= {
				code: 'unknown_shipment_line',
				message: `The warehouse reports ${named === '' ? 'an item without a SKU' : `the item ${shown(named)}`}, which is not in order ${order.orderNumber}.`,
			};
			continue;
		}
		let rest = report.quantity;
		for (const line of candidates) {
			const quantity = Math.min(rest, Math.max(0, left.get(line.id) ?? 0));
			if (quantity > 0) take(line.id, quantity);
			rest -= quantity;
		}
		if (rest > 0) {
			const line = firstIn(candidates, 'The line that was shipped');
			take(line.id, rest);
			problem ??= {
				code: 'over_shipment',
				message: `${rest} more of ${line.sku ?? line.name} than order ${order.orderNumber} had outstanding.`,
			};
		}
	}
	return { lines: [...matched].map(([lineId, quantity]) => ({ lineId, quantity })), problem };
}

function candidatesFor(lines: readonly LineItem[], report: ReportedLine): LineItem[] {
	for (const [field, value] of [
		['id', report.lineId],
		['externalId', report.externalId],
		['sku', report.sku],
	] as const) {
		if (value === null || value === undefined || value === '') continue;
		const found = lines.filter((line) => line[field] === value);
		if (found.length > 0) return found;
	}
	return inOtherLetters(lines, report.sku ?? '');
}

/** Lines whose SKU differs by the case of letters only; [] when two SKUs of the order do. */
function inOtherLetters(lines: readonly LineItem[], sku: string): LineItem[] {
	if (sku === '') return [];
	const found = lines.filter((line) => line.sku?.toLowerCase() === sku.toLowerCase());
	return new Set(found.map((line) => line.sku)).size === 1 ? found : [];
}

/** What a warehouse's report does to an order; the store carries it out. */
export interface EventEffect {
	/** Lines of the shipment to record; null = the report is no shipment. */
	shipment: { lines: ShipmentLine[]; uploadHeldBack: boolean } | null;
	canceled: ShipmentLine[];
	alert: Alert | null;
	/** The status to move to; the order's own when it stays. */
	to: OrderStatus;
	reason: string | null;
	/** The WMS let go of the order: its key is forgotten. */
	released: boolean;
}

/** Whether the order comes to Open when the warehouse proves that it has it. */
const isUnconfirmed = (status: OrderStatus): boolean => wayToOpen(status).length > 0;

/**
 * The statuses between `from` and `to` that a report leads through, since the table allows no leap; [] when none is needed.
 *
 * @example stepsBetween('delayed', 'partially_shipped') // ['routed', 'queued', 'open']
 */
export function stepsBetween(from: OrderStatus, to: OrderStatus): OrderStatus[] {
	// By way of Open although the table allows the leap: that is where it is noted that the warehouse received the order.
	if (from === 'error' && to === 'partially_shipped') return ['open'];
	if (from === to || mayMove(from, to)) return [];
	const path = wayToOpen(from);
	return path.slice(0, path.findIndex((step) => mayMove(step, to)) + 1);
}

/** As far as quantities are concerned: whoever ships (or cancels) an order has it. */
const atWms = (status: OrderStatus): OrderStatus => (isUnconfirmed(status) ? 'open' : status);

/** Decides what one report does. Pure: the same order and report give the same effect. */
export function effectOf(order: Order, event: WmsEvent): EventEffect {
	switch (event.kind) {
		case 'shipped':
			return shippedEffect(order, event);
		case 'canceled':
			return canceledEffect(order, event);
		case 'acknowledged':
			return {
				shipment: null,
				canceled: [],
				alert: null,
				to: isProvenBy(order) ? 'open' : order.status,
				reason: 'The warehouse confirmed receipt.',
				released: false,
			};
		case 'voided':
			// What it does to the shipment is the store's to find out; the status table knows no way back.
			return effectKeepingStatus(order, null);
		case 'rejected': {
			const alert: Alert = {
				code: event.problems[0]?.code ?? 'rejected_by_wms',
				message: event.problems.map((problem) => describeProblem(problem)).join('; ') || 'The warehouse refused the order.',
			};
			const to = mayMove(order.status, 'error') ? 'error' : order.status;
			return { shipment: null, canceled: [], alert, to, reason: alert.message, released: to === 'error' };
		}
	}
}

/** The order stays where it is; somebody may be told. */
export const effectKeepingStatus = ({ status }: Pick<Order, 'status'>, alert: Alert | null): EventEffect => ({
	shipment: null,
	canceled: [],
	alert,
	to: status,
	reason: null,
	released: false,
});

/** Whether a confirmation proves something new. One that was refused for what is in it is not there by anybody's word: what is confirmed is another order. */
const isProvenBy = ({ status, sending }: Order): boolean =>
	isUnconfirmed(status) && (sending === 'may_be_there' || (sending === 'not_there' && status !== 'error'));

function shippedEffect(order: Order, event: Extract<WmsEvent, { kind: 'shipped' }>): EventEffect {
	const { lines, problem } = matchLines(order, event.lines);
	const late = hasTrait(order.status, 'put_away');
	const alert: Alert | null = late
		? {
				code: 'late_shipment',
				message: `Shipment ${event.externalId}${event.trackingNumber ? ` (${event.trackingNumber})` : ''} arrived when the order was ${statusLabel(order.status)}.`,
			}
		: problem;
	const after = order.lines.map((line) => ({
		...line,
		quantityShipped: line.quantityShipped + (lines.find(({ lineId }) => lineId === line.id)?.quantity ?? 0),
	}));
	return {
		shipment: { lines, uploadHeldBack: late },
		canceled: [],
		alert,
		to: late ? order.status : deriveStatus(atWms(order.status), after, { pending: 1 }),
		reason: null,
		released: false,
	};
}

function canceledEffect(order: Order, event: Extract<WmsEvent, { kind: 'canceled' }>): EventEffect {
	const { lines, problem } = matchLines(order, event.lines);
	const after = order.lines.map((line) => ({
		...line,
		quantityCanceled: line.quantityCanceled + (lines.find(({ lineId }) => lineId === line.id)?.quantity ?? 0),
	}));
	const pending = pendingUploads(order.shipments).length;
	const to = deriveStatus(atWms(order.status), after, { pending });
	const alert: Alert | null =
		// One that was canceled on our word, or on the cart's, is no news.
		order.canceledInCartAt === null && ((to === 'canceled' && order.status !== 'canceled') || lines.length > 0)
			? { code: 'canceled_at_wms', message: event.reason ?? 'The warehouse gave no reason.' }
			: problem;
	return { shipment: null, canceled: lines, alert, to, reason: event.reason, released: to === 'canceled' };
}
