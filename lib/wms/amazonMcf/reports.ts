/** What Amazon tells about a fulfillment order, as events. */
import { MappingError, shown } from '../../order/errors';
import type { ReportedLine, WmsEvent } from '../../order/wmsEvent';
import { objectsOf, type Report } from '../common/entries';
import { isObject, jsonCopy, meaningOf, momentOf, piecesOf, textOf, type JsonObject } from '../common/json';

/** `FulfillmentOrderStatus`. New is not accepted yet: it may become Invalid or Unfulfillable minutes later. */
export const ORDER_STATUS: Readonly<Record<string, 'new' | 'open' | 'complete' | 'never' | 'canceled' | 'invalid'>> = {
	New: 'new',
	Received: 'open',
	Planning: 'open',
	Processing: 'open',
	Complete: 'complete',
	CompletePartialled: 'complete',
	Unfulfillable: 'never',
	Cancelled: 'canceled',
	Invalid: 'invalid',
};

/** `fulfillmentShipmentStatus`. What Amazon could not fulfill from one place it tries again with a shipment of another key. */
const SHIPMENT_MEANING: Readonly<Record<string, 'waits' | 'shipped' | 'gone'>> = {
	PENDING: 'waits',
	SHIPPED: 'shipped',
	CANCELLED_BY_FULFILLER: 'gone',
	CANCELLED_BY_SELLER: 'gone',
};

/** @param answer `GetFulfillmentOrderResult` */
export function reportOf(answer: JsonObject): Report {
	const order = isObject(answer.fulfillmentOrder) ? answer.fulfillmentOrder : {};
	const reference = textOf(order.sellerFulfillmentOrderId);
	const named = { reference, wmsOrderId: reference };
	const origin = `Amazon fulfillment order ${reference ?? '?'}`;
	const report: Report = { events: [], failures: [] };
	const fail = (where: string, key: string, message: string, payload: JsonObject): void => {
		const kept = jsonCopy({ order: reference, ...payload });
		report.failures.push({
			subject: 'shipment',
			key: `amazonMcf:${reference ?? '?'}${key}`,
			origin: where,
			message,
			remedy: REMEDY,
			payload: kept,
		});
	};
	const status = meaningOf(ORDER_STATUS, order.fulfillmentOrderStatus);
	if (status === undefined)
		fail(origin, '', `The order has a status that is not known (value: ${shown(order.fulfillmentOrderStatus)}).`, {
			status: order.fulfillmentOrderStatus ?? null,
		});
	if (status === 'invalid') {
		report.events.push({
			kind: 'rejected',
			...named,
			origin,
			problems: [
				{
					field: 'order',
					problem: 'Amazon found the order invalid after it had taken it; Seller Central says why',
					code: 'rejected_by_wms',
				},
			],
		});
		return report;
	}
	if (status !== undefined && status !== 'new') report.events.push({ kind: 'acknowledged', ...named, origin });
	for (const shipment of objectsOf(answer, 'fulfillmentShipments', REMEDY)) {
		const key = textOf(shipment.amazonShipmentId);
		const where = `${origin}, shipment ${key ?? '?'}`;
		const meaning = meaningOf(SHIPMENT_MEANING, shipment.fulfillmentShipmentStatus);
		if (key === null) fail(where, ':?', 'The shipment has no id.', { shipment });
		else if (meaning === undefined)
			fail(where, `:${key}`, `The shipment has a status that is not known (value: ${shown(shipment.fulfillmentShipmentStatus)}).`, {
				shipment,
			});
		else if (meaning === 'shipped') {
			const shippedPackages = packagesOf(shipment, status !== 'open');
			if (typeof shippedPackages === 'string') fail(where, `:${key}`, shippedPackages, { shipment });
			else shippedPackages.forEach((shippedPackage) => report.events.push({ kind: 'shipped', ...named, origin: where, ...shippedPackage }));
		}
	}
	if (status === 'canceled' || status === 'never') {
		const reason =
			status === 'canceled'
				? 'Amazon canceled the order.'
				: 'Amazon cannot fulfill the order: the goods are not there, or cannot be sent to the address.';
		report.events.push({ kind: 'canceled', ...named, origin, externalId: `${status}:${reference ?? ''}`, reason, lines: null });
	}
	if (status === 'complete') {
		const lines = objectsOf(answer, 'fulfillmentOrderItems', REMEDY).flatMap((item): ReportedLine[] => {
			const quantity = piecesIn(item, 'cancelledQuantity') + piecesIn(item, 'unfulfillableQuantity');
			return quantity > 0 ? [lineOf(item, quantity)] : [];
		});
		if (lines.length > 0)
			report.events.push({
				kind: 'canceled',
				...named,
				origin,
				externalId: `rest:${reference ?? ''}`,
				reason: 'Amazon completed the order without these.',
				lines,
			});
	}
	return report;
}

const REMEDY = 'Look at the order in Seller Central; record the shipment by hand with Order Store if it left.';

/** Absent = none. Throws MappingError. */
function piecesIn(item: JsonObject, name: string): number {
	const value = item[name] ?? 0;
	return piecesOf(value) ?? fail(`fulfillmentOrderItems.${name}`, value);
}

function fail(path: string, value: unknown): never {
	throw new MappingError(path, value, 'is no number of pieces', REMEDY);
}

const lineOf = (item: JsonObject, quantity: number): ReportedLine => ({
	lineId: textOf(item.sellerFulfillmentOrderItemId),
	sku: textOf(item.sellerSku),
	quantity,
});

type ShippedPackage = Pick<
	Extract<WmsEvent, { kind: 'shipped' }>,
	'externalId' | 'lines' | 'carrier' | 'serviceLevel' | 'trackingNumber' | 'trackingUrl' | 'shippedAt'
>;

/**
 * Each package is a package; the one with the lowest number goes by the shipment's own key. A shipment whose packages are not known yet waits
 * for them while the order does.
 */
function packagesOf(shipment: JsonObject, orderEnded: boolean): ShippedPackage[] | string {
	const key = textOf(shipment.amazonShipmentId) ?? '';
	const packages = objectsOf(shipment, 'fulfillmentShipmentPackage', REMEDY).sort(
		(left, right) => Number(left.packageNumber) - Number(right.packageNumber),
	);
	if (packages.length === 0 && !orderEnded) return [];
	const shippedAt = momentOf(shipment.shippingDate);
	const items = objectsOf(shipment, 'fulfillmentShipmentItem', REMEDY);
	const shippedPackages: ShippedPackage[] = [];
	const known = new Set(packages.map(({ packageNumber }) => packageNumber));
	for (const [index, one] of (packages.length === 0 ? [{}] : packages).entries()) {
		const own = items.filter(({ packageNumber }) => packageNumber === one.packageNumber || (index === 0 && !known.has(packageNumber)));
		const lines: ReportedLine[] = [];
		for (const item of own) {
			const quantity = piecesOf(item.quantity);
			if (quantity === null) return `It holds a quantity that is none (value: ${shown(item.quantity)}).`;
			if (quantity > 0) lines.push(lineOf(item, quantity));
		}
		if (lines.length === 0) return `It does not say what is in package ${shown(one.packageNumber)}.`;
		shippedPackages.push({
			externalId: index === 0 ? key : `${key}/${textOf(one.packageNumber) ?? '?'}`,
			lines,
			carrier: textOf(one.carrierCode),
			serviceLevel: null,
			// Since 2025 packages of Amazon's own carrier have only the second.
			trackingNumber: textOf(one.trackingNumber) ?? textOf(one.amazonFulfillmentTrackingNumber),
			trackingUrl: null,
			shippedAt,
		});
	}
	return shippedPackages;
}
