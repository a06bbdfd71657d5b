/** What an entry of a warehouse's list says, as events. */
import { shortHash } from '../../files/names';
import { MappingError, shown } from '../../order/errors';
import type { ReportedLine, ReportedPackage } from '../../order/wmsEvent';
import type { Report } from '../common/entries';
import { isList, isObject, jsonCopy, momentOf, textOf, type JsonObject } from '../common/json';
import { at } from './placeholders';
import type { ShipmentSettings } from './settings';

const REMEDY = 'Compare the entry with the paths in WMS Shipment Poll Trigger; record it by hand with Order Store if it left.';

type Meaning = 'shipped' | 'canceled' | 'voided' | 'waits';

/** The value at a path that people wrote; '' = the whole. */
export const valueAt = (from: unknown, path: string): unknown => (path.trim() === '' ? from : at(from, path.trim().split('.')));

/** A list at a path; one object is a list of one. Null = there is neither, which is not the same as an empty list. */
export function listAt(from: unknown, path: string): unknown[] | null {
	const value = valueAt(from, path);
	// Some write an empty list so; an answer that is nothing as a whole is none.
	if (value === null && from !== null) return [];
	if (isObject(value)) return [value];
	return isList(value) ? value : null;
}

export function reportOf(entry: JsonObject, settings: ShipmentSettings): Report {
	const report: Report = { events: [], failures: [] };
	const { paths, parcelsPath } = settings;
	const ofOrder = paths.status.startsWith('^');
	const shipments = parcelsPath.trim() === '' ? [entry] : shipmentsIn(entry, parcelsPath);
	// An order without packages can still say that it was canceled.
	const seen = shipments.length > 0 ? shipments : [{}];
	for (const shipment of seen) {
		const field = (path: string): unknown =>
			path.trim() === '' ? undefined : path.startsWith('^') ? valueAt(entry, path.slice(1)) : valueAt(shipment, path);
		const named = { reference: textOf(field(paths.reference)), wmsOrderId: textOf(field(paths.wmsOrderId)) };
		const numbers = numbersAt(field(paths.trackingNumber));
		const tracking = typeof numbers === 'string' ? null : (numbers[0] ?? null);
		const key = textOf(field(paths.shipmentId)) ?? tracking;
		const about = [named.reference ?? named.wmsOrderId ?? 'unnamed', key].filter((part) => part !== null).join(', shipment ');
		const origin = `order ${about}`;
		const fail = (message: string): void => {
			const payload = jsonCopy(shipment === entry ? entry : { entry, parcel: shipment });
			report.failures.push({
				subject: 'shipment',
				key: `genericHttp:${about === 'unnamed' ? shortHash(JSON.stringify(payload), 24) : about}`,
				origin,
				message,
				remedy: REMEDY,
				payload,
			});
		};
		if (named.reference === null && named.wmsOrderId === null) {
			fail('The entry does not say which order it is about.');
			continue;
		}
		const meaning = meaningOf(field(paths.status), settings);
		if (meaning === null) {
			fail(`It has a status that is not known (value: ${shown(field(paths.status))}).`);
			continue;
		}
		if (shipment === seen[0]) report.events.push({ kind: 'acknowledged', ...named, origin });
		if (meaning === 'waits') continue;
		if (meaning === 'canceled' && ofOrder) {
			report.events.push({
				kind: 'canceled',
				...named,
				origin,
				externalId: `cancel:${named.wmsOrderId ?? named.reference ?? ''}`,
				reason: null,
				lines: null,
			});
			break;
		}
		if (shipments.length === 0) continue;
		const lines = linesOf(field(paths.lines), settings);
		const left = field(paths.shippedAt);
		const shippedAt = dateOf(left);
		if (typeof numbers === 'string') fail(numbers);
		else if (key === null) fail('It has neither a key of its own nor a tracking number.');
		else if (meaning === 'voided') report.events.push({ kind: 'voided', ...named, origin, externalId: key, reason: null });
		else if (typeof lines === 'string') fail(lines);
		else if (meaning === 'canceled')
			report.events.push({ kind: 'canceled', ...named, origin, externalId: `cancel:${key}`, reason: null, lines });
		else if (shippedAt === null && textOf(left) !== null) fail(`The time at which it left is none (value: ${shown(left)}).`);
		else {
			const [carrier, serviceLevel] = [paths.carrier, paths.serviceLevel].map((path) => textOf(field(path)));
			const link = field(paths.trackingUrl);
			const links = isList(link) ? link.map(textOf) : [textOf(link)];
			report.events.push({
				kind: 'shipped',
				...named,
				origin,
				externalId: key,
				carrier: carrier ?? null,
				serviceLevel: serviceLevel ?? null,
				trackingNumber: tracking,
				trackingUrl: links[0] ?? null,
				...(numbers.length < 2 ? {} : { packages: packagesOf(numbers, links) }),
				shippedAt,
				lines,
			});
		}
	}
	return report;
}

/** One number, or a list of them. Text = why they cannot be read. */
function numbersAt(value: unknown): string[] | string {
	if (!isList(value)) {
		const number = textOf(value);
		return number === null ? [] : [number];
	}
	const numbers = value.filter((one) => one !== null && one !== '').map(textOf);
	if (numbers.includes(null)) return `Its list of tracking numbers holds something else (value: ${shown(value)}).`;
	return [...new Set(numbers.filter((number) => number !== null))];
}

/** A link for each number makes each a package; else all are of one, whose contents are the lines. */
const packagesOf = (numbers: readonly string[], links: ReadonlyArray<string | null>): ReportedPackage[] =>
	links.length === numbers.length
		? numbers.map((number, index) => ({ trackingNumbers: [number], trackingUrl: links[index] ?? null }))
		: [{ trackingNumbers: [...numbers], trackingUrl: links[0] ?? null }];

/** Throws MappingError for what is no list of objects: what is there must not be taken for nothing. */
function shipmentsIn(entry: JsonObject, path: string): JsonObject[] {
	const list = listAt(entry, path) ?? [];
	const value = valueAt(entry, path) ?? null;
	if ((list.length === 0 && value !== null && !Array.isArray(value)) || !list.every(isObject))
		throw new MappingError(path, value, 'is no list of parcels', REMEDY);
	return list;
}

function meaningOf(status: unknown, { paths, statuses }: ShipmentSettings): Meaning | null {
	if (paths.status.trim() === '') return 'shipped';
	const text = String(textOf(status) ?? (typeof status === 'boolean' ? status : '')).toLowerCase();
	for (const meaning of ['shipped', 'canceled', 'voided', 'waits'] as const)
		if (statuses[meaning].some((one) => one.toLowerCase() === text)) return meaning;
	return null;
}

/** Null = everything that is outstanding; text = why they cannot be read. */
function linesOf(list: unknown, { paths }: ShipmentSettings): ReportedLine[] | null | string {
	if (paths.lines.trim() === '' || list === null) return null;
	if (!isList(list)) return `Its lines are no list (value: ${shown(list)}).`;
	const lines: ReportedLine[] = [];
	for (const line of list) {
		const [lineId, sku] = [paths.lineId, paths.lineSku].map((path) => (path.trim() === '' ? null : textOf(valueAt(line, path))));
		const text = textOf(valueAt(line, paths.lineQuantity)) ?? '';
		if ((lineId ?? sku ?? null) === null) return `A line has neither SKU nor line ID (value: ${shown(line)}).`;
		if (!/^\d{1,7}(\.0+)?$/.test(text))
			return `The quantity of ${shown(sku ?? lineId)} is no whole number (value: ${shown(valueAt(line, paths.lineQuantity))}).`;
		if (Number(text) > 0) lines.push({ lineId: lineId ?? null, sku: sku ?? null, quantity: Number(text) });
	}
	return lines.length === 0 ? 'Its list of lines is empty.' : lines;
}

/** 2026-09-05T12:00:00 with an offset or (taken as UTC) without, or seconds or milliseconds since 1970. Null = none that can be read without guessing. */
function dateOf(value: unknown): string | null {
	const text = textOf(value) ?? '';
	if (/^\d{9,10}(\.\d+)?$/.test(text)) return momentOf(new Date(Number(text) * 1000).toISOString());
	if (/^\d{12,13}$/.test(text)) return momentOf(new Date(Number(text)).toISOString());
	const [, day, time = '00:00', offset = 'Z'] =
		/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text) ?? [];
	return day === undefined ? null : momentOf(`${day}T${time}${offset}`);
}
