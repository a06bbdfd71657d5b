/** What ShipHero tells about an order, as events. */
import { MappingError, shown } from '../../order/errors';
import type { ReportedLine } from '../../order/wmsEvent';
import { objectsOf, type Report } from '../common/entries';
import { isObject, jsonCopy, meaningOf, momentOf, piecesOf, textOf, type JsonObject } from '../common/json';

/** `ShippingLabel.status`; one that is not here is an import failure, never a guess. */
const LABEL_MEANING: Readonly<Record<string, 'valid' | 'voided'>> = {
	valid: 'valid',
	void: 'voided',
	voided: 'voided',
	refunded: 'voided',
	canceled: 'voided',
	cancelled: 'voided',
};

const isCanceled = ({ fulfillment_status: status }: JsonObject): boolean => /^cancell?ed$/i.test(textOf(status) ?? '');

/** An order with all of its lines, and all lines of its shipments. */
export interface WholeOrder {
	order: JsonObject;
	lines: JsonObject[];
	shipments: Array<{ shipment: JsonObject; lines: JsonObject[] }>;
}

export function reportOf({ order, lines, shipments }: WholeOrder): Report {
	const named = { reference: textOf(order.partner_order_id), wmsOrderId: textOf(order.id) };
	const origin = `ShipHero order ${named.wmsOrderId ?? '?'}`;
	const report: Report = { events: [{ kind: 'acknowledged', ...named, origin }], failures: [] };
	for (const each of shipments) reportShipment(report, named, origin, each);
	if (isCanceled(order))
		report.events.push({
			kind: 'canceled',
			...named,
			origin,
			externalId: `cancel:${keyIn(order, 'id')}`,
			reason: 'ShipHero canceled the order.',
			lines: null,
		});
	else {
		for (const line of lines.filter(isCanceled)) {
			const quantity = piecesIn(line, 'quantity') - piecesIn(line, 'quantity_shipped');
			if (quantity > 0)
				report.events.push({
					kind: 'canceled',
					...named,
					origin,
					externalId: `cancel:${keyIn(line, 'lines.id')}`,
					reason: 'ShipHero canceled the line.',
					lines: [lineOf(line, quantity)],
				});
		}
	}
	return report;
}

export const REMEDY = 'Look at the shipment in ShipHero; record it by hand with Order Store if it left.';

/** Absent = none. Throws MappingError. */
function piecesIn(line: JsonObject, name: string): number {
	const value = line[name] ?? 0;
	const pieces = piecesOf(value);
	if (pieces === null) throw new MappingError(`line_items.${name}`, value, 'is no number of pieces', REMEDY);
	return pieces;
}

/** Throws MappingError. */
function keyIn({ id }: JsonObject, path: string): string {
	const key = textOf(id);
	if (key === null) throw new MappingError(path, id ?? null, 'is no key', REMEDY);
	return key;
}

const lineOf = (line: JsonObject, quantity: number): ReportedLine => ({
	lineId: textOf(line.partner_line_item_id),
	sku: textOf(line.sku),
	quantity,
});

interface Named {
	reference: string | null;
	wmsOrderId: string | null;
}

/**
 * Each label is a package. The first label that a shipment ever had goes by the shipment's own key, so that a label that is made (or made
 * anew) later adds to what was recorded without it.
 */
function reportShipment(
	{ events, failures }: Report,
	named: Named,
	where: string,
	{ shipment, lines }: WholeOrder['shipments'][number],
): void {
	const key = textOf(shipment.id);
	const origin = `${where}, shipment ${key ?? '?'}`;
	const fail = (part: string, message: string): void => {
		const payload = jsonCopy({ order: named.wmsOrderId, shipment });
		failures.push({
			subject: 'shipment',
			key: `shipHero:${named.wmsOrderId ?? '?'}:${key ?? '?'}${part}`,
			origin,
			message,
			remedy: REMEDY,
			payload,
		});
	};
	if (key === null) return fail('', 'The shipment has no id.');
	const labels = objectsOf(shipment, 'shipping_labels', REMEDY).sort(byAge);
	const keyOf = (label: JsonObject): string => (label === labels[0] ? key : `${key}/${keyIn(label, 'shipping_labels.id')}`);
	const unknown = labels.filter(({ status }) => meaningOf(LABEL_MEANING, textOf(status)?.toLowerCase()) === undefined);
	if (unknown.length > 0)
		return unknown.forEach((label) =>
			fail(`:${textOf(label.id) ?? '?'}`, `A label has a status that is not known (value: ${shown(label.status)}).`),
		);
	const isVoid = (label: JsonObject): boolean =>
		meaningOf(LABEL_MEANING, textOf(label.status)?.toLowerCase()) === 'voided' || label.refunded === true;
	const valid = labels.filter((label) => !isVoid(label));
	for (const label of labels.filter(isVoid))
		events.push({ kind: 'voided', ...named, origin, externalId: keyOf(label), reason: 'The label was voided in ShipHero.' });
	const shippedAt = momentOf(shipment.created_date);
	if (labels.length === 0) {
		// Without a label nothing left, unless ShipHero says that it went another way.
		if (shipment.shipped_off_shiphero !== true && shipment.dropshipment !== true && shipment.completed !== true) return;
		const held = linesOf(lines);
		if (held === null) return fail('', 'It does not say which pieces it holds.');
		events.push({
			kind: 'shipped',
			...named,
			origin,
			externalId: key,
			lines: held,
			carrier: null,
			serviceLevel: null,
			trackingNumber: null,
			trackingUrl: null,
			shippedAt,
		});
		return;
	}
	const ids = new Set(valid.map(({ id }) => textOf(id)));
	const ownOf = (label: JsonObject): JsonObject[] =>
		lines.filter(({ shipping_label_id: id }) => textOf(id) === textOf(label.id) || (label === valid[0] && !ids.has(textOf(id))));
	// Goods first: what has none is one more package of theirs.
	for (const label of valid.toSorted((left, right) => Number(ownOf(left).length === 0) - Number(ownOf(right).length === 0))) {
		// What stands in no label that counts is in the first that does.
		const own = ownOf(label);
		const held = own.length === 0 && lines.length > 0 ? [] : linesOf(own);
		if (held === null) {
			fail(`:${textOf(label.id) ?? '?'}`, `It does not say which pieces are in the parcel ${shown(label.tracking_number)}.`);
			continue;
		}
		events.push({
			kind: 'shipped',
			...named,
			origin,
			externalId: keyOf(label),
			lines: held,
			carrier: textOf(label.carrier),
			serviceLevel: textOf(label.shipping_method) ?? textOf(label.shipping_name),
			trackingNumber: textOf(label.tracking_number),
			trackingUrl: null,
			shippedAt: momentOf(label.created_date) ?? shippedAt,
		});
	}
}

/** null = there is none, or a quantity that is none. */
function linesOf(lines: readonly JsonObject[]): ReportedLine[] | null {
	const held: ReportedLine[] = [];
	for (const { quantity, line_item: line } of lines) {
		const pieces = piecesOf(quantity);
		if (!isObject(line) || pieces === null) return null;
		if (pieces > 0) held.push(lineOf(line, pieces));
	}
	return held.length === 0 ? null : held;
}

const byAge = (left: JsonObject, right: JsonObject): number => {
	const ageOf = (label: JsonObject): string => `${momentOf(label.created_date) ?? ''} ${textOf(label.id) ?? ''}`;
	const [a, b] = [ageOf(left), ageOf(right)];
	return a < b ? -1 : a > b ? 1 : 0;
};
