/** What ShipStation tells about shipments, labels and fulfillments, as events. */
import { MappingError, shown } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { ReportedLine, ReportedPackage, WmsEvent } from '../../order/wmsEvent';
import type { Report } from '../common/entries';
import { isList, isObject, jsonCopy, meaningOf, momentOf, objectsIn, piecesOf, textOf, type JsonObject } from '../common/json';

const REMEDY = 'Look at the shipment in ShipStation; record it by hand with Order Store if it left.';

/** What of one order of ours is in a shipment. */
interface Share {
	reference: string;
	/** Null = the shipment does not list its items: everything that is outstanding. */
	lines: ReportedLine[] | null;
	problem: string | null;
}

/** `shipment_status`; one that is not here is an import failure, never a guess. The last two are in the guides alone. */
const MEANING: Readonly<Record<string, 'has' | 'canceled'>> = {
	pending: 'has',
	processing: 'has',
	label_purchased: 'has',
	awaiting_payment: 'has',
	on_hold: 'has',
	cancelled: 'canceled',
};

/**
 * An account holds orders of other channels too, and people split and merge shipments. Ours are items that carry our mark, in whatever shipment
 * they are; and, should ShipStation drop the mark, the shipment that has a reference that the store waits for.
 */
export function sharesOf(shipment: JsonObject, waiting: ReadonlySet<string>): Share[] {
	const own = textOf(shipment.external_shipment_id);
	const items = listOf(shipment.items);
	const shares = new Map<string, Share>();
	for (const item of items ?? []) {
		if (!isObject(item)) continue;
		const order = textOf(item.external_order_id);
		const mark = textOf(item.external_order_item_id);
		if (order === null || mark?.startsWith(`${order}/`) !== true) continue;
		add(shares, order, item, mark.slice(order.length + 1));
	}
	if (shares.size === 0 && own !== null && waiting.has(own)) {
		if (items === null)
			shares.set(own, { reference: own, lines: null, problem: `Its items are no list (value: ${shown(shipment.items)}).` });
		else if (items.length === 0) shares.set(own, { reference: own, lines: null, problem: null });
		for (const item of items ?? []) add(shares, own, isObject(item) ? item : {}, null);
	}
	const odd = (items ?? []).find((item) => !isObject(item));
	// Whose it is nobody can say.
	if (odd !== undefined) for (const share of shares.values()) share.problem ??= `An item is not an object (value: ${shown(odd)}).`;
	return [...shares.values()];
}

function add(shares: Map<string, Share>, reference: string, item: JsonObject, lineId: string | null): void {
	const share = shares.get(reference) ?? { reference, lines: [], problem: null };
	const quantity = piecesOf(item.quantity);
	if (quantity !== null) {
		if (quantity > 0) share.lines?.push({ lineId, sku: textOf(item.sku), quantity });
	} else share.problem = `The item ${shown(item.sku ?? item.name)} has a quantity that is none (value: ${shown(item.quantity)}).`;
	shares.set(reference, share);
}

const namesOf = (shipment: JsonObject, { reference }: Share) => ({
	reference,
	// The parts of a split order have keys of their own.
	wmsOrderId: textOf(shipment.external_shipment_id) === reference ? textOf(shipment.shipment_id) : null,
});

/** That ShipStation has an order, or no longer will ship it. */
export function shipmentReport(shipment: JsonObject, waiting: ReadonlySet<string>): Report {
	const report: Report = { events: [], failures: [] };
	const key = textOf(shipment.shipment_id);
	const origin = `ShipStation shipment ${key ?? '?'}`;
	for (const share of sharesOf(shipment, waiting)) {
		const named = { ...namesOf(shipment, share), origin };
		const meaning = meaningOf(MEANING, shipment.shipment_status);
		if (key === null) report.failures.push(failure(origin, share, 'The shipment has no id.', shipment));
		else if (meaning === undefined)
			report.failures.push(
				failure(origin, share, `The shipment has a status that is not known (value: ${shown(shipment.shipment_status)}).`, shipment),
			);
		else if (meaning === 'has') report.events.push({ kind: 'acknowledged', ...named });
		else if (share.problem !== null) report.failures.push(failure(origin, share, share.problem, shipment));
		else report.events.push({ kind: 'canceled', ...named, externalId: `cancel:${key}`, reason: null, lines: share.lines });
	}
	return report;
}

/** A package: a label that was bought in ShipStation, or a shipment that was marked as shipped there. */
interface ShippedPackage {
	key: string;
	origin: string;
	carrier: string | null;
	serviceLevel: string | null;
	trackingNumber: string | null;
	trackingUrl: string | null;
	shippedAt: string | null;
	/** Where a label is for several. */
	packages?: ReportedPackage[];
}

export function shippedReport(shippedPackage: ShippedPackage, shipment: JsonObject, waiting: ReadonlySet<string>): Report {
	const report: Report = { events: [], failures: [] };
	const { key, origin, ...rest } = shippedPackage;
	for (const share of sharesOf(shipment, waiting)) {
		if (share.problem !== null) report.failures.push(failure(origin, share, share.problem, shipment));
		else report.events.push({ kind: 'shipped', ...namesOf(shipment, share), origin, externalId: key, ...rest, lines: share.lines });
	}
	return report;
}

export function voidReport(key: string, origin: string, shipment: JsonObject, waiting: ReadonlySet<string>): Report {
	const events = sharesOf(shipment, waiting).map((share): WmsEvent => ({
		kind: 'voided',
		...namesOf(shipment, share),
		origin,
		externalId: key,
		reason: 'The label was voided in ShipStation.',
	}));
	return { events, failures: [] };
}

/** Null = it is no list; absent = an empty one. */
function listOf(value: unknown): unknown[] | null {
	const list = value ?? [];
	return isList(list) ? list : null;
}

/** Throws MappingError. */
export function keyIn(from: JsonObject, name: string): string {
	const key = textOf(from[name]);
	if (key === null) throw new MappingError(name, from[name] ?? null, 'is no key', REMEDY);
	return key;
}

/** Throws MappingError. Null = it will be one later, or never: not done yet, failed, voided, or for a return. */
export function packageOfLabel(label: JsonObject): ShippedPackage | null {
	if (label.status !== 'completed' || label.voided === true || label.is_return_label === true) return null;
	const key = keyIn(label, 'label_id');
	const [made, leaves] = [momentOf(label.created_at), momentOf(label.ship_date)];
	return {
		key,
		origin: `ShipStation label ${key}`,
		carrier: textOf(label.carrier_code),
		serviceLevel: textOf(label.service_code),
		trackingNumber: textOf(label.tracking_number),
		trackingUrl: textOf(label.tracking_url),
		...packagesOf(label),
		// ship_date is a day without a time; it says more only when it is to come.
		shippedAt: made !== null && leaves !== null ? (leaves > made ? leaves : made) : (made ?? leaves),
	};
}

/** A label may be for several packages, each with a number; the label has that of the first. What is in which is not said. */
function packagesOf(label: JsonObject): { packages?: ReportedPackage[] } {
	const first = textOf(label.tracking_number);
	const packages = objectsIn(label.packages).flatMap((one): ReportedPackage[] => {
		const number = textOf(one.tracking_number);
		if (number === null) return [];
		return [{ trackingNumbers: [number], weight: gramsOf(one.weight), trackingUrl: number === first ? textOf(label.tracking_url) : null }];
	});
	const numbers = new Set(packages.flatMap(({ trackingNumbers }) => trackingNumbers));
	if (first !== null && !numbers.has(first)) packages.unshift({ trackingNumbers: [first], trackingUrl: textOf(label.tracking_url) });
	return packages.length < 2 ? {} : { packages };
}

const GRAMS: Readonly<Record<string, number>> = { gram: 1, kilogram: 1000, ounce: 28.349523125, pound: 453.59237 };

function gramsOf(weight: unknown): number | null {
	const { value, unit } = isObject(weight) ? weight : {};
	const factor = GRAMS[textOf(unit) ?? ''];
	return typeof value === 'number' && value > 0 && factor !== undefined ? Math.round(value * factor) : null;
}

export function packageOfFulfillment(fulfillment: JsonObject): ShippedPackage | null {
	if (fulfillment.voided === true) return null;
	const key = keyIn(fulfillment, 'fulfillment_id');
	return {
		key: `fulfillment:${key}`,
		origin: `ShipStation fulfillment ${key}`,
		carrier: textOf(fulfillment.fulfillment_carrier_friendly_name),
		serviceLevel: textOf(fulfillment.fulfillment_service_code),
		trackingNumber: textOf(fulfillment.tracking_number),
		trackingUrl: null,
		shippedAt: momentOf(fulfillment.ship_date) ?? momentOf(fulfillment.created_at),
	};
}

function failure(origin: string, { reference }: Share, message: string, shipment: JsonObject): NewImportFailure {
	return {
		subject: 'shipment',
		key: `shipStation:${reference}:${origin}`,
		origin: `${origin}, order ${reference}`,
		message,
		remedy: REMEDY,
		payload: jsonCopy(shipment),
	};
}
