/** What ShipBob tells about an order, as events. */
import { shown } from '../../order/errors';
import type { ReportedLine } from '../../order/wmsEvent';
import { objectsOf, type Report } from '../common/entries';
import { isObject, jsonCopy, meaningOf, momentOf, objectsIn, piecesOf, textOf, type JsonObject } from '../common/json';

/** `Orders.OrderStatusEnum` of shipments; one that is not here is an import failure, never a guess. */
const MEANING: Readonly<Record<string, 'waits' | 'shipped' | 'canceled'>> = {
	None: 'waits',
	Processing: 'waits',
	OnHold: 'waits',
	Exception: 'waits',
	ImportReview: 'waits',
	CleanSweeped: 'waits',
	// A label alone is no package on its way.
	LabeledCreated: 'waits',
	Completed: 'shipped',
	Cancelled: 'canceled',
};

const REMEDY = 'Look at the shipment in ShipBob; record it by hand with Order Store if it left.';

interface OrderReport extends Report {
	/** Shipments whose tracking we have and which ShipBob lists as not passed on. */
	toAcknowledge: number[];
}

export function reportOf(order: JsonObject): OrderReport {
	const report: OrderReport = { events: [], failures: [], toAcknowledge: [] };
	const named = { reference: textOf(order.reference_id), wmsOrderId: textOf(order.id) };
	const orderOrigin = `ShipBob order ${named.wmsOrderId ?? '?'}`;
	report.events.push({ kind: 'acknowledged', ...named, origin: orderOrigin });
	const shipments = objectsOf(order, 'shipments', REMEDY);
	for (const shipment of shipments) {
		const key = textOf(shipment.id);
		const origin = `${orderOrigin}, shipment ${key ?? '?'}`;
		const fail = (message: string): void => {
			const payload = jsonCopy({ order: order.id ?? null, shipment });
			report.failures.push({
				subject: 'shipment',
				key: `shipBob:${named.wmsOrderId ?? '?'}:${key ?? '?'}`,
				origin,
				message,
				remedy: REMEDY,
				payload,
			});
		};
		const meaning = meaningOf(MEANING, shipment.status);
		if (key === null) fail('The shipment has no id.');
		else if (meaning === undefined) fail(`The shipment has a status that is not known (value: ${shown(shipment.status)}).`);
		else if (meaning !== 'waits') {
			const lines = linesOf(order, shipments, shipment);
			if (lines === null) fail('It does not say how many pieces of each product it holds.');
			else if (meaning === 'canceled')
				report.events.push({ kind: 'canceled', ...named, origin, externalId: `cancel:${key}`, reason: reasonOf(shipment), lines });
			else {
				const tracking = isObject(shipment.tracking) ? shipment.tracking : {};
				const trackingNumber = textOf(tracking.tracking_number);
				report.events.push({
					kind: 'shipped',
					...named,
					origin,
					externalId: key,
					lines,
					carrier: textOf(tracking.carrier),
					serviceLevel: textOf(tracking.carrier_service) ?? textOf(shipment.ship_option),
					trackingNumber,
					trackingUrl: textOf(tracking.tracking_url),
					shippedAt: momentOf(tracking.shipping_date) ?? momentOf(shipment.actual_fulfillment_date),
				});
				if (trackingNumber !== null && shipment.is_tracking_uploaded === false && /^\d+$/.test(key)) report.toAcknowledge.push(Number(key));
			}
		}
	}
	return report;
}

const reasonOf = (shipment: JsonObject): string | null =>
	objectsIn(shipment.status_details)
		.map((detail) => textOf(detail.description))
		.filter((text) => text !== null)
		.join('; ') || null;

/**
 * A shipment counts inventory, which for a bundle are its parts; the order counts products. The part of a product that a shipment holds is
 * therefore its share of the inventory that all shipments hold of it. null = that gives no whole number.
 */
function linesOf(order: JsonObject, shipments: JsonObject[], shipment: JsonObject): ReportedLine[] | null {
	const lines: ReportedLine[] = [];
	for (const product of objectsOf(shipment, 'products', REMEDY)) {
		const same = (other: JsonObject) =>
			textOf(product.reference_id) === null ? other.id === product.id : textOf(other.reference_id) === textOf(product.reference_id);
		const ordered = sumOf(
			objectsOf(order, 'products', REMEDY)
				.filter(same)
				.map(({ quantity }) => piecesOf(quantity)),
		);
		const all = sumOf(shipments.flatMap((one) => objectsOf(one, 'products', REMEDY).filter(same)).map(pieces));
		const quantity = piecesOf((ordered * pieces(product)) / all);
		if (quantity === null) return null;
		if (quantity > 0) lines.push({ sku: textOf(product.reference_id) ?? textOf(product.sku), quantity });
	}
	return lines.length === 0 ? null : lines;
}

const pieces = (product: JsonObject): number =>
	sumOf(objectsOf(product, 'inventory_items', REMEDY).map(({ quantity }) => piecesOf(quantity)));

/** NaN when one of them is none. */
const sumOf = (quantities: ReadonlyArray<number | null>): number =>
	quantities.reduce<number>((sum, quantity) => sum + (quantity ?? Number.NaN), 0);
