/** What Tryton tells about a shipment, as events. */
import { shown } from '../../order/errors';
import type { NewImportFailure } from '../../order/importFailure';
import type { ReportedLine } from '../../order/wmsEvent';
import { objectsOf, type Report } from '../common/entries';
import { isObject, jsonCopy, momentOf, piecesOf, textOf, type JsonObject } from '../common/json';
import { hasLeft, isUnfinished, nameOf, referenceOf } from './shipments';
import { dateText, momentText } from './values';

/** The fields of a shipment that a report needs. */
export const SHIPMENT_FIELDS = [
	'number',
	'state',
	'customer',
	'customer.code',
	'customer.create_uid',
	'create_uid',
	'write_uid',
	'effective_date',
	'write_date',
	'create_date',
	'outgoing_moves.state',
	'outgoing_moves.internal_quantity',
	'outgoing_moves.product.code',
];
/** The fields that the modules for packages and carriers add. */
export const PACKAGE_MOVE_FIELD = 'outgoing_moves.package';
export const CARRIER_FIELD = 'carrier.party.name';

export const REMEDY = 'Look at the shipment in Tryton; record it by hand with Order Store if it left.';

/** What is known beside the shipment itself. */
interface Beside {
	/** By their ids. */
	packages: ReadonlyMap<number, JsonObject>;
	/** Every shipment of the same party: people split shipments. */
	siblings: readonly JsonObject[];
	/** The field of a shipment with a tracking number, for what is in no package. */
	trackingField: string | null;
}

const WAITING = new Set(['draft', 'waiting', 'assigned', 'picked', 'packed']);

/** Whether it is a draft beside a shipment of the same order that the warehouse works on, or sent. */
export const isOneTooMany = (shipment: JsonObject, siblings: readonly JsonObject[]): boolean =>
	isUnfinished(shipment) && siblings.some(({ id, state }) => id !== shipment.id && state !== 'draft' && state !== 'cancelled');

export function reportOf(shipment: JsonObject, beside: Beside): Report {
	const reference = referenceOf(shipment);
	const report: Report = { events: [], failures: [] };
	if (reference === null) return report;
	const origin = `Tryton shipment ${nameOf(shipment)}`;
	const lowest = beside.siblings.reduce<JsonObject>((first, one) => (Number(one.id) < Number(first.id) ? one : first), shipment);
	// The parts of a split shipment have numbers of their own.
	const named = { reference, wmsOrderId: lowest.id === shipment.id ? nameOf(shipment) : null, origin };
	const fail = (message: string) => report.failures.push(failure(origin, reference, message, shipment));
	// A run is still making it.
	if (isUnfinished(shipment)) return report;
	if (WAITING.has(textOf(shipment.state) ?? '')) report.events.push({ kind: 'acknowledged', ...named });
	else if (shipment.state === 'cancelled') {
		const lines = linesOf(objectsOf(shipment, 'outgoing_moves.', REMEDY));
		const whole = beside.siblings.every(({ state }) => state === 'cancelled');
		// Not of the warehouse, but of ours: one too many, see sending.ts.
		if (!whole && isObject(shipment['customer.']) && shipment['customer.'].create_uid === shipment.write_uid) return report;
		if (typeof lines === 'string') fail(lines);
		else
			report.events.push({
				kind: 'canceled',
				...named,
				externalId: `cancel:${nameOf(shipment)}`,
				reason: null,
				lines: whole ? null : lines,
			});
	} else if (hasLeft(shipment)) {
		const shippedPackages = packagesOf(shipment, beside).map((shippedPackage) => ({
			...shippedPackage,
			lines: linesOf(shippedPackage.moves),
		}));
		const bad = shippedPackages.map(({ lines }) => lines).find((lines) => typeof lines === 'string');
		if (bad !== undefined) fail(bad);
		else {
			report.events.push({ kind: 'acknowledged', ...named });
			for (const { key, trackingNumber, trackingUrl, lines } of shippedPackages) {
				if (typeof lines === 'string' || lines.length === 0) continue;
				report.events.push({
					kind: 'shipped',
					...named,
					externalId: key,
					carrier: carrierOf(shipment),
					serviceLevel: null,
					trackingNumber,
					trackingUrl,
					shippedAt: shippedAt(shipment),
					lines,
				});
			}
		}
	} else fail(`The shipment has a state that is not known (value: ${shown(shipment.state)}).`);
	return report;
}

interface ShippedPackage {
	key: string;
	trackingNumber: string | null;
	trackingUrl: string | null;
	moves: JsonObject[];
}

/** Packages may be inside others. What the carrier gets is the nearest one with a tracking number, else the outermost. */
function packagesOf(shipment: JsonObject, { packages, trackingField }: Beside): ShippedPackage[] {
	const shippedPackages = new Map<string, ShippedPackage>();
	const name = nameOf(shipment);
	for (const move of objectsOf(shipment, 'outgoing_moves.', REMEDY)) {
		if (move.state !== 'done') continue;
		const box = outermost(packages, move.package);
		const key = box === null ? name : `${name}/${textOf(box.code) ?? String(box.id)}`;
		const shippedPackage = shippedPackages.get(key) ?? {
			key,
			trackingNumber: box === null ? trackingIn(shipment, trackingField) : textOf(box.shipping_reference),
			trackingUrl: box === null ? null : textOf(box.shipping_tracking_url),
			moves: [],
		};
		shippedPackage.moves.push(move);
		shippedPackages.set(key, shippedPackage);
	}
	return [...shippedPackages.values()];
}

function outermost(packages: ReadonlyMap<number, JsonObject>, id: unknown): JsonObject | null {
	let box = typeof id === 'number' ? packages.get(id) : undefined;
	for (let depth = 0; box !== undefined && depth < 20; depth += 1) {
		if (textOf(box.shipping_reference) !== null) return box;
		const parent = typeof box.parent === 'number' ? packages.get(box.parent) : undefined;
		if (parent === undefined) return box;
		box = parent;
	}
	return null;
}

function trackingIn(shipment: JsonObject, field: string | null): string | null {
	const text = field === null ? null : textOf(shipment[field]);
	// The reference is ours unless the option leaves it to the modules of carriers.
	return text === referenceOf(shipment) ? null : text;
}

/** One line for each product; text when a quantity is none. */
function linesOf(moves: readonly JsonObject[]): ReportedLine[] | string {
	const quantities = new Map<string, { sku: string | null; quantity: number }>();
	for (const move of moves) {
		const product = move['product.'];
		const sku = isObject(product) ? textOf(product.code) : null;
		const line = quantities.get(sku ?? '') ?? { sku, quantity: 0 };
		const given = move.internal_quantity;
		const quantity = typeof given === 'number' ? piecesOf(Math.round(given * 1e6) / 1e6) : null;
		if (quantity === null)
			return `The product ${shown(sku)} has a quantity that is no number of pieces (value: ${shown(move.internal_quantity)}).`;
		line.quantity += quantity;
		quantities.set(sku ?? '', line);
	}
	return [...quantities.values()].filter(({ quantity }) => quantity > 0);
}

function carrierOf(shipment: JsonObject): string | null {
	const carrier = shipment['carrier.'];
	const party = isObject(carrier) ? carrier['party.'] : null;
	return isObject(party) ? textOf(party.name) : null;
}

/** Tryton keeps the day; the time is that of the last change when it was on that day. */
function shippedAt(shipment: JsonObject): string | null {
	const [day, changed] = [dateText(shipment.effective_date), momentText(shipment.write_date)];
	if (changed !== null && (day === null || changed.startsWith(day))) return momentOf(`${changed.slice(0, 23)}Z`);
	return momentOf(day === null ? null : `${day}T00:00:00.000Z`);
}

function failure(origin: string, reference: string, message: string, shipment: JsonObject): NewImportFailure {
	return {
		subject: 'shipment',
		key: `tryton:${reference}:${origin}`,
		origin: `${origin}, order ${reference}`,
		message,
		remedy: REMEDY,
		payload: jsonCopy(shipment),
	};
}
