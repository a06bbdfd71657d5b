/** The warehouse shipping advice, X12 4010 set 945, as events. Each is one shipment; its packages are told apart by their tracking numbers. */
import { shown } from '../../order/errors';
import type { IsoDate } from '../../order/order';
import { trackingNumbersIn } from '../../order/packages';
import { sharedKeyOf } from '../../order/shipmentIdentity';
import type { ReportedLine, WmsEvent } from '../../order/wmsEvent';
import { element, type X12Segment } from './read';
import type { TrackingPlace, X12Partner } from './settings';

/** W06-01; another one may cancel or replace an earlier advice, so it is a failure. */
const REPORTING_CODES = new Set(['', '00', 'A', 'F', 'J', 'N', 'O', 'P', 'S', 'W']);

/** W12-01: whether the pieces that are missing still come. One that is not here is a failure when pieces are missing. */
const REST_COMES: Readonly<Record<string, boolean>> = {
	BK: true,
	BP: true,
	PR: true,
	PS: true,
	SS: true,
	BO: true,
	CC: false,
	CE: false,
	CK: false,
	CL: false,
	CM: false,
	CP: false,
	CS: false,
};

const MAX_QUANTITY = 1_000_000;

/** Gives the events, or what is wrong with the advice. @param fallbackKey the shipment's key when the warehouse gives none */
export function eventsOf945(
	partner: X12Partner,
	segments: readonly X12Segment[],
	origin: string,
	fallbackKey: string,
): WmsEvent[] | string {
	const w06 = segments.find(({ name }) => name === 'W06');
	if (w06 === undefined) return 'it has no W06, so nobody knows which order it is about';
	const [code, reference, shipmentId] = [element(w06, 1), element(w06, 2), element(w06, 4) || element(w06, 5)];
	if (!REPORTING_CODES.has(code)) return `W06-01 has a code that is not known (value: ${shown(code)})`;
	if (reference === '') return 'W06-02 does not say which order it is about';
	const shippedOn = segments.find((segment) => segment.name === 'G62' && element(segment, 1) === '11');
	const shippedAt = dateOf(element(shippedOn, 2) || element(w06, 3));
	if (typeof shippedAt === 'object' && shippedAt !== null) return shippedAt.problem;
	const w27 = segments.find(({ name }) => name === 'W27');
	const header = segments.slice(
		0,
		Math.max(
			0,
			segments.findIndex(({ name }) => name === 'LX'),
		),
	);
	/** By all numbers of a package, as one text. */
	const linesByTracking = new Map<string, ReportedLine[]>();
	const missing = new Map<string, number>();
	let total = 0;
	for (const loop of loopsOf(segments)) {
		const tracking = trackingIn(partner.trackingAt, loop) || trackingIn(partner.trackingAt, header);
		for (const w12 of loop.filter(({ name }) => name === 'W12')) {
			const line = lineOf(partner, w12);
			if (typeof line === 'string') return line;
			total += line.shipped;
			if (line.shipped > 0) linesByTracking.set(tracking, added(linesByTracking.get(tracking) ?? [], line.sku, line.shipped));
			if (line.canceled > 0) missing.set(line.sku, (missing.get(line.sku) ?? 0) + line.canceled);
		}
	}
	const counted = element(
		segments.find(({ name }) => name === 'W03'),
		1,
	);
	if (counted !== '' && Number(counted) !== total) return `W03-01 counts ${counted} pieces, the lines hold ${total}`;
	if (linesByTracking.size === 0 && missing.size === 0) return 'it has no line (W12) with pieces';
	const key = shipmentId || fallbackKey;
	const named = { reference, origin };
	const numbers = [...linesByTracking.keys()];
	const events: WmsEvent[] = [...linesByTracking].map(([tracking, lines]) => ({
		kind: 'shipped',
		...named,
		externalId: linesByTracking.size > 1 && tracking !== '' ? `${key}/${tracking}` : key,
		sharedKey: sharedKeyOf(key, numbers),
		carrier: element(w27, 2) || null,
		serviceLevel: element(w27, 3) || null,
		trackingNumber: trackingNumbersIn(tracking)[0] ?? null,
		trackingUrl: null,
		...(trackingNumbersIn(tracking).length < 2 ? {} : { packages: [{ trackingNumbers: trackingNumbersIn(tracking) }] }),
		shippedAt,
		lines,
	}));
	if (missing.size > 0) {
		events.push({
			kind: 'canceled',
			...named,
			externalId: `short:${key}`,
			reason: 'The warehouse shipped less and closed the lines.',
			lines: [...missing].map(([sku, quantity]) => ({ sku, quantity })),
		});
	}
	return events;
}

/** What belongs to each LX; all of it when there is none. */
function loopsOf(segments: readonly X12Segment[]): X12Segment[][] {
	const loops: X12Segment[][] = [];
	for (const segment of segments) {
		if (segment.name === 'LX') loops.push([]);
		loops.at(-1)?.push(segment);
	}
	return loops.length === 0 ? [[...segments]] : loops;
}

function trackingIn(places: readonly TrackingPlace[], segments: readonly X12Segment[]): string {
	for (const { segment: name, qualifier, element: at } of places) {
		const found = segments.filter(
			(segment) => segment.name === name && (qualifier === null || element(segment, 1) === qualifier) && element(segment, at) !== '',
		);
		// A loop may be of several cartons.
		if (found.length > 0) return [...new Set(found.map((segment) => element(segment, at)))].join(', ');
	}
	return '';
}

function lineOf(partner: X12Partner, w12: X12Segment): { sku: string; shipped: number; canceled: number } | string {
	const status = element(w12, 1);
	const shipped = quantityOf(element(w12, 3));
	if (shipped === null) return `W12-03 is no whole number of pieces (value: ${shown(element(w12, 3))})`;
	// Pairs of qualifier and key, from the seventh element on; else the UPC.
	const pairs = [7, 17].map((at) => [element(w12, at), element(w12, at + 1)] as const).filter(([, value]) => value !== '');
	const sku = (pairs.find(([qualifier]) => qualifier === partner.skuQualifier) ?? pairs[0])?.[1] ?? element(w12, 6);
	if (sku === '') return 'W12 names no product';
	const ordered = element(w12, 2) === '' ? shipped + (quantityOf(element(w12, 4)) ?? 0) : quantityOf(element(w12, 2));
	if (ordered === null) return `W12-02 is no whole number of pieces (value: ${shown(element(w12, 2))})`;
	const rest = Math.max(0, ordered - shipped);
	if (rest === 0 || partner.shortShipments === 'follow') return { sku, shipped, canceled: 0 };
	if (partner.shortShipments === 'canceled') return { sku, shipped, canceled: rest };
	const comes = REST_COMES[status];
	if (comes === undefined)
		return `W12-01 does not say whether the ${rest} missing pieces of ${shown(sku)} still come (value: ${shown(status)})`;
	return { sku, shipped, canceled: comes ? 0 : rest };
}

/** '' counts as none; null = no whole number. */
function quantityOf(text: string): number | null {
	if (text === '') return 0;
	if (!/^-?\d{1,9}(\.0+)?$/.test(text)) return null;
	const quantity = Number(text);
	return quantity >= 0 && quantity <= MAX_QUANTITY ? quantity : null;
}

function added(lines: ReportedLine[], sku: string, quantity: number): ReportedLine[] {
	const known = lines.find((line) => line.sku === sku);
	if (known === undefined) return [...lines, { sku, quantity }];
	known.quantity += quantity;
	return lines;
}

/** CCYYMMDD or YYMMDD as the beginning of that day in UTC; null = there is none. */
function dateOf(text: string): IsoDate | null | { problem: string } {
	if (text === '') return null;
	const [, year, month, day] = /^((?:20)?\d{2})(\d{2})(\d{2})$/.exec(text) ?? [];
	const iso = year === undefined ? '' : `${year.length === 2 ? `20${year}` : year}-${month}-${day}T00:00:00.000Z`;
	const time = Date.parse(iso);
	if (Number.isNaN(time) || new Date(time).toISOString() !== iso)
		return { problem: `the ship date cannot be read (value: ${shown(text)})` };
	return iso;
}
