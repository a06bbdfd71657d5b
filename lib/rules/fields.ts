/**
 * Which fields an order has. A rule that names another one would read nothing for ever, so it is refused as it is written; a
 * field that an order leaves empty is something else, and reads as nothing.
 */
import { shown } from '../order/errors';
import type { Address, KitPart, OrderContent, OrderedLine, SourceOfLine } from '../order/order';
import { DERIVED, isResolved, labelOf, LINE_FIELDS, plainPath, type PathKey } from './paths';
import { ruleProblem } from './problem';

/** leaf = nothing below it; free = any names below it, as carts give them; else the names. */
type Fields = 'leaf' | 'free' | { readonly [name: string]: Fields };

const ADDRESS: Record<keyof Address, Fields> = {
	name: 'leaf', company: 'leaf', address1: 'leaf', address2: 'leaf', address3: 'leaf', city: 'leaf', region: 'leaf', postalCode: 'leaf', country: 'leaf',
	phone: 'leaf', email: 'leaf',
};

const KIT: Record<keyof KitPart, Fields> = { lineId: 'leaf', sku: 'leaf', quantity: 'leaf' };

const SOURCE: Record<keyof SourceOfLine, Fields> = { orderId: 'leaf', lineId: 'leaf' };

const LINE: Record<keyof OrderedLine, Fields> = {
	id: 'leaf', externalId: 'leaf', sku: 'leaf', name: 'leaf', quantity: 'leaf', unitPrice: 'leaf', weight: 'leaf', options: 'free', custom: 'free', kit: KIT,
	warehouse: 'leaf', source: SOURCE,
};

const CONTENT: Record<keyof OrderContent, Fields> = {
	orderNumber: 'leaf', merchant: 'leaf', orderedAt: 'leaf', customer: { email: 'leaf', phone: 'leaf' }, billingAddress: ADDRESS, shippingAddress: ADDRESS,
	lines: LINE, shippingMethod: 'leaf', carrier: 'leaf', serviceLevel: 'leaf', warehouse: 'leaf', requestedShipDate: 'leaf', signatureRequired: 'leaf',
	insuredAmount: 'leaf', thirdPartyAccount: 'leaf', giftMessage: 'leaf', shippingNotes: 'leaf', currency: 'leaf', subtotal: 'leaf', shippingAmount: 'leaf',
	taxAmount: 'leaf', discountAmount: 'leaf', total: 'leaf', discountCodes: 'leaf', tags: 'leaf', notes: 'leaf', custom: 'free',
};

/** What rules may read of an order besides its content; `applyRules` gives the values. */
export const FACT_NAMES = ['id', 'store', 'cart', 'externalId', 'reference', 'attempts', 'importedAt', 'description'] as const;

const leaves = (names: readonly string[]): Record<string, Fields> => Object.fromEntries(names.map((name) => [name, 'leaf']));

const ORDER: Readonly<Record<string, Fields>> = { ...leaves(FACT_NAMES), ...leaves(Object.keys(DERIVED)), ...CONTENT };

/** Also the fields of the line that an action on lines looks at. */
const LINE_AND_ORDER: Readonly<Record<string, Fields>> = { ...Object.fromEntries(LINE_FIELDS.map((name) => [name, LINE[name]])), ...ORDER };

/** What conditions on a shipment may read besides those of its order; see shipment.ts. */
export const SHIPMENT_NAMES = ['shipmentId', 'shipmentExternalId', 'trackingNumber', 'trackingUrl', 'shippedAt', 'notifyCustomer', 'orderCarrier', 'orderServiceLevel'] as const;

/** Of the shipment itself, as items call them. */
const SHIPMENT_PARTS = ['id', 'externalId', 'carrier', 'serviceLevel', 'trackingNumber', 'trackingUrl', 'shippedAt', 'lines'] as const;

const ALL = { order: ORDER, line: LINE_AND_ORDER, shipment: { ...leaves(SHIPMENT_NAMES), ...ORDER } } as const;

type Scope = keyof typeof ALL;

/** What a text and a list have besides. */
const OF_LEAVES: readonly PathKey[] = ['length'];

/**
 * Checks every plain path in a part of a rule. Throws FulfillmentError `rule_failed` for a field that no order has.
 *
 * @param scope 'line' = the fields of a line may stand without `lines[0]` as well
 */
export function assertKnownFields(part: unknown, scope: Scope): void {
	for (const expression of expressionsIn(part)) {
		const { keys = [] } = plainPath(expression) ?? {};
		if (keys.length === 0) continue;
		// Items have the shipment beside its order; what rules can read of it has lost that name in shipment.ts.
		if (scope === 'shipment' && keys[0] === 'shipment' && keys.length > 1) throw unknownField(keys, 1, [...SHIPMENT_PARTS], scope);
		assertKnown(keys, ALL[scope], scope);
	}
}

function* expressionsIn(value: unknown): Generator<string> {
	if (typeof value === 'string') {
		if (value.startsWith('=')) yield value;
	} else if (typeof value === 'object' && value !== null && !isResolved(value)) {
		for (const inner of Object.values(value)) yield* expressionsIn(inner);
	}
}

function assertKnown(keys: readonly PathKey[], all: Readonly<Record<string, Fields>>, scope: Scope): void {
	let fields: Fields = all;
	for (const [index, key] of keys.entries()) {
		if (fields === 'free') return;
		if (fields === 'leaf') {
			// tags[0], notes.length
			if (typeof key === 'number' || OF_LEAVES.includes(key)) return;
			throw unknownField(keys, index, [], scope);
		}
		// lines[0], lines.length
		if (fields === LINE && index === 1 && (typeof key === 'number' || OF_LEAVES.includes(key))) continue;
		const below: Fields | undefined = Object.hasOwn(fields, key) ? fields[key as string] : undefined;
		if (below === undefined) throw unknownField(keys, index, Object.keys(fields), scope);
		fields = below;
	}
}

function unknownField(keys: readonly PathKey[], index: number, names: readonly string[], scope: Scope) {
	const whole = scope === 'shipment' ? 'a shipment with its order' : 'an order';
	const parent = index === 0 ? whole : labelOf(keys.slice(0, index));
	const near = nearest(String(keys[index]), names);
	const remedy =
		near !== null
			? `Perhaps you mean ${labelOf([...keys.slice(0, index), near])}.`
			: names.length === 0
				? 'Choose a field that is a value by itself.'
				: `Choose one of: ${[...names].sort().join(', ')}. What a cart gives besides is below custom.`;
	return ruleProblem(`The rule reads ${shown(labelOf(keys))}, but ${parent} has no field ${shown(String(keys[index]))} that rules can read.`, remedy);
}

/** The name that differs by a letter or two, or by case only. */
function nearest(wanted: string, names: readonly string[]): string | null {
	const lower = wanted.toLowerCase();
	const ranked = names
		.map((name) => ({ name, distance: distanceOf(lower, name.toLowerCase()) }))
		.filter(({ distance, name }) => distance <= Math.min(2, Math.floor(name.length / 2)))
		.sort((left, right) => left.distance - right.distance);
	return ranked[0]?.name ?? null;
}

/** Levenshtein's. */
function distanceOf(left: string, right: string): number {
	if (Math.abs(left.length - right.length) > 2) return Number.POSITIVE_INFINITY;
	let row = Array.from({ length: right.length + 1 }, (_, index) => index);
	for (let i = 1; i <= left.length; i++) {
		const next = [i];
		for (let j = 1; j <= right.length; j++) {
			next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)));
		}
		row = next;
	}
	return row[right.length]!;
}
