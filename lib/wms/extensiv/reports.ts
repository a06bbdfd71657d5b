/** What Extensiv tells about an order, as events. An order is confirmed whole; what it does not hold by then was shorted, or split into another. */
import { DateTime } from 'luxon';
import { shown } from '../../order/errors';
import type { ReportedLine, ReportedPackage } from '../../order/wmsEvent';
import { objectsOf, type Report } from '../common/entries';
import { isList, isObject, jsonCopy, momentOf, piecesOf, textOf, type JsonObject } from '../common/json';
import { embedded, readOnlyOf } from './hal';

const REMEDY = 'Look at the order in Extensiv; record it by hand with Order Store if it left.';

/** `WarehouseTransactionApiStatus`; another one is an import failure, never a guess. */
export function stateOf(order: JsonObject): 'open' | 'closed' | 'canceled' | null {
	const { status, isClosed } = readOnlyOf(order);
	if (status === 2) return 'canceled';
	if (status === 1 || (isClosed === true && status === undefined)) return 'closed';
	return status === 0 || status === undefined ? 'open' : null;
}

/** Our reference in one that Extensiv may have numbered. @example referenceOf('1001-2') // { reference: '1001', part: true } */
export function referenceOf(order: JsonObject): { reference: string | null; part: boolean } {
	const own = textOf(order.referenceNum);
	const base = own?.replace(/-\d+$/, '') ?? null;
	return { reference: base, part: base !== own };
}

interface Item {
	lineId: string | null;
	sku: string | null;
	left: number;
	/** Ordered and taken off since. */
	shorted: number;
}

/** @param isSplit whether other parts of the order are there: then what it lacks is with them */
export function reportOf(order: JsonObject, timeZone: string, isSplit: boolean): Report {
	const report: Report = { events: [], failures: [] };
	const readOnly = readOnlyOf(order);
	const key = textOf(readOnly.orderId);
	const { reference, part } = referenceOf(order);
	const origin = `Extensiv order ${key ?? '?'}`;
	const named = { reference, wmsOrderId: part ? null : key, origin };
	const fail = (message: string): Report => {
		const payload = jsonCopy(order);
		report.failures.push({ subject: 'shipment', key: `extensiv:${key ?? reference ?? '?'}`, origin, message, remedy: REMEDY, payload });
		return report;
	};
	if (key === null || reference === null) return fail('The order has no number or no reference.');
	const state = stateOf(order);
	if (state === null) return fail(`The order has a status that is not known (value: ${shown(readOnly.status)}).`);
	report.events.push({ kind: 'acknowledged', ...named });
	if (state === 'open') return report;
	const cancellation = { kind: 'canceled' as const, ...named, externalId: `cancel:${key}`, reason: textOf(order.notes) };
	if (state === 'canceled' && !part) {
		// An order that was split away goes on in its parts.
		if (!isSplit) report.events.push({ ...cancellation, lines: null });
		return report;
	}
	const items = itemsOf(order);
	if (typeof items === 'string') return fail(items);
	if (state === 'canceled') {
		report.events.push({ ...cancellation, lines: linesOf(items) });
		return report;
	}
	const shippedAt = timeOf(readOnly.shipDate, timeZone) ?? timeOf(readOnly.processDate, timeZone);
	const routing = isObject(order.routingInfo) ? order.routingInfo : {};
	const rest = {
		carrier: textOf(routing.carrier) ?? textOf(routing.scacCode),
		serviceLevel: textOf(routing.mode),
		trackingUrl: null,
		shippedAt,
	};
	const shippedPackages = packagesOf(order, items);
	if (typeof shippedPackages === 'string') return fail(shippedPackages);
	const left = linesOf([...items.values()]);
	const first = shippedPackages[0]?.trackingNumber ?? (shippedPackages.length === 0 ? trackingOf(order) : null);
	const others = numbersWithoutContents(order, [
		first,
		...shippedPackages.map(({ trackingNumber }) => trackingNumber),
		...(left.length > 0 ? [trackingOf(order)] : []),
	]);
	const packages = others.length === 0 ? {} : { packages: [{ trackingNumbers: first === null ? [] : [first] }, ...others] };
	shippedPackages.forEach(({ id, trackingNumber, lines }, index) => {
		// The first has the key that the order itself has while it has no packages, which may come later.
		report.events.push({
			kind: 'shipped',
			...named,
			externalId: index === 0 ? `order:${key}` : `package:${id}`,
			trackingNumber,
			...rest,
			...(index === 0 ? packages : {}),
			lines,
		});
	});
	if (left.length > 0)
		report.events.push({
			kind: 'shipped',
			...named,
			externalId: shippedPackages.length === 0 ? `order:${key}` : `rest:${key}`,
			trackingNumber: trackingOf(order),
			...rest,
			...(shippedPackages.length === 0 ? packages : {}),
			lines: left,
		});
	const shorted = [...items.values()]
		.filter((item) => item.shorted > 0)
		.map(({ lineId, sku, shorted: quantity }): ReportedLine => ({ lineId, sku, quantity }));
	if (shorted.length > 0 && !isSplit && !part)
		report.events.push({ kind: 'canceled', ...named, externalId: `short:${key}`, reason: 'Shorted by the warehouse', lines: shorted });
	return report;
}

const linesOf = (items: Map<string, Item> | Item[]): ReportedLine[] =>
	[...items.values()].filter(({ left }) => left > 0).map(({ lineId, sku, left }) => ({ lineId, sku, quantity: left }));

/** By the number of the item. Text = why they cannot be read. */
function itemsOf(order: JsonObject): Map<string, Item> | string {
	const items = new Map<string, Item>();
	for (const item of embedded(order, 'item').length > 0 ? embedded(order, 'item') : objectsOf(order, 'orderItems', REMEDY)) {
		const { orderItemId, originalPrimaryQty } = readOnlyOf(item);
		const sku = isObject(item.itemIdentifier) ? textOf(item.itemIdentifier.sku) : null;
		const quantity = piecesOf(item.qty);
		if (quantity === null) return `The quantity of ${shown(sku)} is no whole number (value: ${shown(item.qty)}).`;
		const ordered = piecesOf(originalPrimaryQty) ?? quantity;
		items.set(textOf(orderItemId) ?? `#${items.size}`, {
			lineId: textOf(item.externalId),
			sku,
			left: quantity,
			shorted: Math.max(0, ordered - quantity),
		});
	}
	return items.size === 0 ? 'It does not say how many pieces of each product it holds.' : items;
}

interface ShippedPackage {
	id: string;
	trackingNumber: string | null;
	lines: ReportedLine[];
}

/** Packages with what is in them, taken off the items; [] when Extensiv does not say what is in any. Text = why they cannot be read. */
function packagesOf(order: JsonObject, items: Map<string, Item>): ShippedPackage[] | string {
	const inside = embedded(order, 'package');
	const packages = (inside.length > 0 ? inside : objectsOf(readOnlyOf(order), 'packages', REMEDY)).toSorted(
		(a, b) => Number(a.packageId) - Number(b.packageId),
	);
	const shippedPackages: ShippedPackage[] = [];
	for (const one of packages) {
		const lines: ReportedLine[] = [];
		const contents = embedded(one, 'packagecontent');
		for (const content of contents.length > 0 ? contents : objectsOf(one, 'packageContents', REMEDY)) {
			const item = items.get(textOf(content.orderItemId) ?? '');
			const quantity = piecesOf(content.qty);
			if (quantity === null)
				return `Package ${shown(one.packageId)} holds a quantity that is no whole number (value: ${shown(content.qty)}).`;
			const sku = item?.sku ?? (isObject(content.itemIdentifier) ? textOf(content.itemIdentifier.sku) : null);
			if (item !== undefined) item.left -= quantity;
			if (quantity > 0) lines.push({ lineId: item?.lineId ?? null, sku, quantity });
		}
		// An empty carton has a number as well.
		const id = textOf(one.packageId);
		if (lines.length > 0 && id === null) return 'A package has no number.';
		if (lines.length > 0)
			shippedPackages.push({
				id: id ?? '',
				trackingNumber: textOf(one.trackingNumber) ?? (packages.length === 1 ? trackingOf(order) : null),
				lines,
			});
	}
	return shippedPackages;
}

/** Numbers of which it is not said what they brought: of cartons without contents, and others of the order. */
function numbersWithoutContents(order: JsonObject, known: ReadonlyArray<string | null>): ReportedPackage[] {
	const cartons = [...embedded(order, 'package'), ...objectsOf(readOnlyOf(order), 'packages', REMEDY)].map((one) => ({
		key: textOf(one.packageId),
		number: textOf(one.trackingNumber),
	}));
	const listed = isObject(order.parcelResponse) && isList(order.parcelResponse.trackingNumbers) ? order.parcelResponse.trackingNumbers : [];
	const seen = new Set(known);
	return [...cartons, ...listed.map((number) => ({ key: null, number: textOf(number) }))].flatMap(({ key, number }) => {
		if (number === null || seen.has(number)) return [];
		seen.add(number);
		return [{ key: key === null ? null : `package:${key}`, trackingNumbers: [number] }];
	});
}

/** The places where a tracking number of the whole order may stand. */
function trackingOf(order: JsonObject): string | null {
	const routing = isObject(order.routingInfo) ? textOf(order.routingInfo.trackingNumber) : null;
	const small =
		isObject(order.parcelResponse) && Array.isArray(order.parcelResponse.trackingNumbers)
			? textOf(order.parcelResponse.trackingNumbers[0])
			: null;
	const packed = [...embedded(order, 'package'), ...objectsOf(readOnlyOf(order), 'packages', REMEDY)]
		.map((one) => textOf(one.trackingNumber))
		.find((number) => number !== null);
	return routing ?? small ?? packed ?? null;
}

/** Extensiv's times have no zone. */
function timeOf(value: unknown, zone: string): string | null {
	const text = textOf(value);
	const time = text === null ? null : DateTime.fromISO(text, { zone });
	return momentOf(time?.isValid === true ? time.toUTC().toISO() : null);
}
