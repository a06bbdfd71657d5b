/**
 * The three layers of an order: the imported snapshot, people's edits on top of it, and the result of the rules on top of
 * both. Rules always start from snapshot + edits, so running them again adds nothing twice.
 */
import { FulfillmentError, shown } from './errors';
import type { BegunHold } from './holds';
import { isObject, jsonOf } from './json';
import type { Address, JsonValue, OrderContent, OrderedLine } from './order';
import type { FieldChange } from './timeline';

/** Path → value; lines by their id: "lines.<line id>.quantity". */
export type OrderEdits = Record<string, JsonValue>;

export interface OrderLayers {
	snapshot: OrderContent;
	edits: OrderEdits;
	result: OrderContent | null;
	/** Names of the rules whose hold (or bundle window) the order has served; they do not hold it again. */
	servedHolds: string[];
	/** Those that began and are not served. */
	begunHolds: BegunHold[];
}

const ADDRESS_FIELDS = [
	'name',
	'company',
	'address1',
	'address2',
	'address3',
	'city',
	'region',
	'postalCode',
	'country',
	'phone',
	'email',
] as const;

const TEXT_FIELDS = [
	'shippingMethod',
	'carrier',
	'serviceLevel',
	'warehouse',
	'thirdPartyAccount',
	'giftMessage',
	'shippingNotes',
	'notes',
] as const;

/** The paths of text that people may edit and rules may set, besides `custom.<name>` and the fields of lines. */
const TEXT_PATHS: readonly string[] = [
	...TEXT_FIELDS,
	'merchant',
	'customer.email',
	'customer.phone',
	...ADDRESS_FIELDS.flatMap((field) => [`shippingAddress.${field}`, `billingAddress.${field}`]),
];

const MONEY_PATHS: readonly string[] = ['insuredAmount'];
const DATE_PATHS: readonly string[] = ['requestedShipDate'];
const BOOLEAN_PATHS: readonly string[] = ['signatureRequired'];

/** Every settable path outside `custom` and lines, in the order of the contract. */
export const SETTABLE_PATHS: readonly string[] = [...TEXT_PATHS, ...MONEY_PATHS, ...DATE_PATHS, ...BOOLEAN_PATHS];

/** What has fields of its own. */
const GROUPS = ['custom', 'customer', 'shippingAddress', 'billingAddress'] as const;

const CUSTOM_NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ -]{0,63}$/u;
const CUSTOM_PATH = /^custom\.(.*)$/;
const LINE_PATH = /^lines\.([A-Za-z0-9_-]+)\.(quantity|sku|name)$/;

/** The settable fields of a line, read. */
const OF_LINE: Readonly<Record<string, (line: OrderedLine) => JsonValue>> = {
	quantity: ({ quantity }) => quantity,
	sku: ({ sku }) => sku,
	name: ({ name }) => name,
};
const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether rules, edits and columns can name a custom field so: letters and digits of any script. */
export const isCustomName = (name: string): boolean => CUSTOM_NAME.test(name);

const refuse = (path: string, value: JsonValue, problem: string, remedy: string): never => {
	throw new FulfillmentError('invalid_input', `${path}: ${problem} (value: ${shown(value)}).`, remedy);
};

/**
 * Checks that `path` may be set to `value` and gives the value in its stored form ("" becomes null, "3" stays text).
 * Throws FulfillmentError `invalid_input`.
 */
export function checkedValue(path: string, value: JsonValue): JsonValue {
	const custom = CUSTOM_PATH.exec(path);
	if (custom && isCustomName(custom[1] ?? '')) {
		if (UNSAFE_KEYS.has(custom[1] ?? '')) refuse(path, value, 'this name is reserved', 'Choose another name for the custom field.');
		return value;
	}
	const line = LINE_PATH.exec(path);
	if (line) {
		if (line[2] !== 'quantity') return textOrNull(path, value);
		if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
			refuse(path, value, 'is not a whole number from 0', 'Give a whole number; 0 removes the line from the shipment.');
		}
		return value;
	}
	if (BOOLEAN_PATHS.includes(path)) {
		// What a person types, or a shop's own field holds, is a text.
		const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
		if (text === 'true' || text === 'false') return text === 'true';
		if (typeof value !== 'boolean') refuse(path, value, 'is neither true nor false', 'Give true or false.');
		return value;
	}
	if (MONEY_PATHS.includes(path)) {
		const text = typeof value === 'number' ? String(value) : value;
		if (text === null || text === '') return null;
		if (typeof text !== 'string' || !/^\d{1,12}(\.\d{1,4})?$/.test(text)) {
			refuse(path, value, 'is not an amount', 'Give a decimal number with a point, such as 19.90.');
		}
		return text;
	}
	if (DATE_PATHS.includes(path)) {
		if (value === null || value === '') return null;
		const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
		if (Number.isNaN(time)) refuse(path, value, 'is not a date', 'Give a date such as 2026-12-24 or 2026-12-24T10:00:00Z.');
		return new Date(time).toISOString();
	}
	if (TEXT_PATHS.includes(path)) {
		const text = textOrNull(path, value);
		if (path.endsWith('.country') && text !== null && !/^[A-Za-z]{2}$/.test(text)) {
			refuse(path, value, 'is not a country code', 'Give the two letters of ISO 3166, such as US or DE.');
		}
		return path.endsWith('.country') && text !== null ? text.toUpperCase() : text;
	}
	return refuse(
		path,
		value,
		'this field does not exist or cannot be changed',
		'Use a field of the order such as shippingAddress.address1, carrier, notes or custom.myField.',
	);
}

function textOrNull(path: string, value: JsonValue): string | null {
	if (value === null || value === '') return null;
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return refuse(path, value, 'is not text', 'Give a text.');
}

/** The value at a settable path; null when it is absent. */
export function valueAt(content: OrderContent, path: string): JsonValue {
	const line = LINE_PATH.exec(path);
	if (line) {
		const found = content.lines.find((candidate) => candidate.id === line[1]);
		return (found && OF_LINE[line[2] ?? '']?.(found)) ?? null;
	}
	let value: unknown = content;
	for (const key of path.startsWith('custom.') ? ['custom', path.slice(7)] : path.split('.')) {
		if (!isObject(value) || !Object.hasOwn(value, key)) return null;
		value = value[key];
	}
	return jsonOf(value);
}

const EMPTY_ADDRESS: Address = {
	name: null,
	company: null,
	address1: null,
	address2: null,
	address3: null,
	city: null,
	region: null,
	postalCode: null,
	country: null,
	phone: null,
	email: null,
};

/** A copy of `content` with the path set. The path and value must have passed `checkedValue`. */
export function withValue(content: OrderContent, path: string, value: JsonValue): OrderContent {
	const line = LINE_PATH.exec(path);
	if (line) {
		const [, id, field = ''] = line;
		return {
			...content,
			lines: content.lines.map((candidate): OrderedLine => (candidate.id === id ? { ...candidate, [field]: value } : candidate)),
		};
	}
	const dot = path.indexOf('.');
	if (dot < 0) return { ...content, [path]: value };
	const group = GROUPS.find((name) => name === path.slice(0, dot));
	if (group === undefined) return refuse(path, value, 'this field does not exist or cannot be changed', 'Use a field of the order.');
	const field = path.slice(dot + 1);
	const before = content[group] ?? EMPTY_ADDRESS;
	return { ...content, [group]: { ...before, [field]: value } };
}

/** Snapshot with edits on top: what rules start from. An edit of a line that is gone is left out. */
export const withEdits = (snapshot: OrderContent, edits: OrderEdits): OrderContent =>
	Object.entries(edits).reduce((content, [path, value]) => withValue(content, path, value), snapshot);

/** What the order is now: the result of the rules if they ran, else snapshot + edits. */
export const currentContent = (layers: Pick<OrderLayers, 'snapshot' | 'edits' | 'result'>): OrderContent =>
	layers.result ?? withEdits(layers.snapshot, layers.edits);

/** Checks new edits against the content they apply to, and lists what they change; unchanged values are left out. */
export function changesOf(content: OrderContent, edits: OrderEdits): FieldChange[] {
	return Object.entries(edits).flatMap(([path, raw]) => {
		const after = checkedValue(path, raw);
		const line = LINE_PATH.exec(path);
		if (line && !content.lines.some((candidate) => candidate.id === line[1])) {
			refuse(path, raw, 'the order has no such line', `Its lines are: ${content.lines.map(({ id }) => id).join(', ')}.`);
		}
		const before = valueAt(content, path);
		return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
	});
}

/** The paths at which two contents differ, for people: what a cart changed, what rules changed. */
export function differences(before: OrderContent, after: OrderContent): FieldChange[] {
	const changes: FieldChange[] = [];
	addDifferences(changes, '', { ...before, lines: byId(before.lines) }, { ...after, lines: byId(after.lines) });
	return changes;
}

/** Lines are compared by their ids, wherever they stand. */
export const byId = (lines: readonly OrderedLine[]): Record<string, OrderedLine> =>
	Object.fromEntries(lines.map((line) => [line.id, line]));

/** Adds the paths at which two values differ that stand at `path`. */
export function addDifferences(changes: FieldChange[], path: string, before: unknown, after: unknown): void {
	if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return;
	if (!isObject(before) || !isObject(after)) {
		changes.push({ path, before: jsonOf(before), after: jsonOf(after) });
		return;
	}
	for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
		// A cart may name a field "toString" or "constructor"; what every object inherits is not a value.
		const own = (value: Record<string, unknown>) => (Object.hasOwn(value, key) ? value[key] : null);
		addDifferences(changes, path === '' ? key : `${path}.${key}`, own(before), own(after));
	}
}

/** "2 × RED-MUG, 1 × TEE-L"; long orders end in "… and 7 more". */
export function describeLines(lines: ReadonlyArray<Pick<OrderedLine, 'quantity' | 'sku' | 'name'>>, limit = 8): string {
	const shownLines = lines.slice(0, limit).map((line) => `${line.quantity} × ${line.sku ?? line.name}`);
	const more = lines.length - shownLines.length;
	return more > 0 ? `${shownLines.join(', ')} … and ${more} more` : shownLines.join(', ');
}
