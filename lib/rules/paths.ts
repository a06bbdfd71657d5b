/**
 * Plain paths: the expressions that dragging a field gives. n8n resolves expressions against the incoming item, so a later
 * rule would not see what an earlier one set; a plain path is therefore read by us, on the order as it is at that moment.
 */
import { FulfillmentError } from '../order/errors';
import type { JsonValue, OrderedLine } from '../order/order';
import { DATE_PARTS, datePart, type DatePart } from './dateParts';
import { ruleProblem } from './problem';

export type PathKey = string | number;

/** What a path is read from. `line` is set while conditions on the fields of a line are tried on it. */
export interface Scope {
	/** The value of a field of what is judged; undefined = it has no such field. */
	field(name: PathKey): unknown;
	lines: OrderedLine[];
	now: Date;
	zone: string;
	line: OrderedLine | null;
}

/** One side of a condition, or the value of an action: a path or a fixed value. */
export interface ValueReader {
	/** The path for people, "lines[].sku"; null = a fixed value. */
	path: string | null;
	/** The fixed value. */
	value?: unknown;
	/** True = names a field of a line. */
	ofLine: boolean;
	/** Which field of the order as it stands, in no other's words; null = none. What follows from it is the same for all orders that have the same in it. */
	field: string | null;
	read(scope: Scope): unknown;
}

/** A value that is no expression although it may look like one, as an expression may give any text. */
interface ResolvedValue {
	$resolved: JsonValue;
}

const EXPRESSION = /^=\s*\{\{\s*\$(json|now)\b([^]*?)\s*\}\}\s*$/;
/** n8n's own way to ask for a part of a date; `$now` is one already. */
const DATE_PART = new RegExp(`\\s*\\.\\s*toDateTime\\(\\s*\\)\\s*\\.\\s*(${DATE_PARTS.join('|')})$`, 'u');
const NOW_PART = new RegExp(`^\\s*\\.\\s*(${DATE_PARTS.join('|')})$`, 'u');
const KEY = /\s*(?:\?\.|\.)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)|\s*(?:\?\.)?\[\s*(?:(\d{1,9})|"([^"\\]*)"|'([^'\\]*)')\s*\]/uy;
const PATH_LIMIT = 1_000;

/** A plain path: what to read, and which part of it when it is a date. */
interface PlainPath {
	/** [] = the present. */
	keys: PathKey[];
	part: DatePart | null;
}

/**
 * Takes a plain path expression apart; null = it is none.
 *
 * @example plainPath('={{ $json.lines[0].sku }}') // { keys: ['lines', 0, 'sku'], part: null }
 * @example plainPath('={{ $json.requestedShipDate.toDateTime().weekday }}') // { keys: ['requestedShipDate'], part: 'weekday' }
 * @example plainPath('={{ $json.total * 2 }}') // null
 */
export function plainPath(value: unknown): PlainPath | null {
	if (typeof value !== 'string' || !value.startsWith('=') || value.length > PATH_LIMIT) return null;
	const [, root, inner] = EXPRESSION.exec(value) ?? [];
	if (root === undefined || inner === undefined) return null;
	if (root === 'now') {
		const part = NOW_PART.exec(inner)?.[1];
		return part === undefined ? null : { keys: [], part: part as DatePart };
	}
	const part = DATE_PART.exec(inner);
	const keys = keysOf(part === null ? inner : inner.slice(0, part.index));
	return keys === null ? null : { keys, part: (part?.[1] ?? null) as DatePart | null };
}

function keysOf(path: string): PathKey[] | null {
	const keys: PathKey[] = [];
	KEY.lastIndex = 0;
	while (KEY.lastIndex < path.length) {
		const match = KEY.exec(path);
		if (match === null) return null;
		keys.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
	}
	return keys.length === 0 ? null : keys;
}

/** Whether the rules read the value themselves; every other expression is to be resolved before. */
export const isPlainPath = (value: unknown): boolean => plainPath(value) !== null;

const isExpression = (value: unknown): value is string => typeof value === 'string' && value.startsWith('=') && value.includes('{{');

/** Marks what an expression gave, so that it is never taken for an expression itself. */
export const resolved = (value: unknown): JsonValue =>
	isExpression(value) ? ({ $resolved: value } satisfies ResolvedValue) : (value as JsonValue);

/** Whether `resolved` marked the value. */
export const isResolved = (value: unknown): value is ResolvedValue =>
	typeof value === 'object' && value !== null && Object.hasOwn(value, '$resolved') && Object.keys(value).length === 1;

/** The fields of a line, which conditions of a line action may also name without `lines[0]`. */
export const LINE_FIELDS = [
	'id',
	'externalId',
	'sku',
	'name',
	'quantity',
	'unitPrice',
	'weight',
	'options',
	'custom',
] as const satisfies ReadonlyArray<keyof OrderedLine>;

/** The lines that ask for something: a quantity of 0 does not count. */
export const countingLines = ({ lines }: { lines: OrderedLine[] }): OrderedLine[] =>
	lines.every((line) => line.quantity > 0) ? lines : lines.filter((line) => line.quantity > 0);

/**
 * Makes the reader of a value. A missing field reads as undefined.
 *
 * @param scope 'line' = the conditions of a line action, where `$json.sku` is a field of the line; 'order' = a path into
 *   `lines` means that field of a line; 'fixed' = no line is tried, `lines[0]` is the first line.
 */
export function valueReader(value: unknown, scope: 'order' | 'line' | 'fixed'): ValueReader {
	if (isResolved(value)) return fixed(value.$resolved);
	const plain = plainPath(value);
	if (plain === null) {
		if (isExpression(value)) throw unresolvedProblem(value);
		return fixed(value);
	}
	const reader = pathReader(plain.keys, scope);
	const { part } = plain;
	if (part === null) return reader;
	const whole = reader.path ?? '';
	const path = `${whole}.${part}`;
	return { ...reader, path, field: null, read: (from) => datePart(reader.read(from), part, from.zone, whole) };
}

function pathReader(keys: PathKey[], scope: 'order' | 'line' | 'fixed'): ValueReader {
	const lineKeys = scope === 'fixed' ? null : lineKeysOf(keys, scope);
	if (lineKeys !== null) {
		return { path: labelOf(['lines[]', ...lineKeys]), ofLine: true, field: null, read: ({ line }) => walk(line, lineKeys, 0) };
	}
	const [root, ...rest] = keys;
	if (root === undefined) return { path: 'now', ofLine: false, field: null, read: ({ now }) => now.toISOString() };
	return { path: labelOf(keys), ofLine: false, field: JSON.stringify(keys), read: (from) => walk(rootValue(from, root, scope), rest, 0) };
}

const fixed = (value: unknown): ValueReader => ({ path: null, value, ofLine: false, field: null, read: () => value });

const unresolvedProblem = (expression: string): FulfillmentError =>
	ruleProblem(
		`The expression ${expression.slice(0, 200)} cannot be read by the rules.`,
		'Use a field of the order, such as {{ $json.shippingAddress.country }}, or a fixed value.',
	);

/** The keys below the line, when the path goes into the lines. `lines` itself and `lines.length` are fields of the order. */
function lineKeysOf(keys: PathKey[], scope: 'order' | 'line'): PathKey[] | null {
	const [root, next] = keys;
	if (root === 'lines' && keys.length > 1) {
		if (typeof next === 'number') return keys.slice(2);
		return next === 'length' ? null : keys.slice(1);
	}
	return scope === 'line' && LINE_FIELDS.some((name) => name === root) ? keys : null;
}

const rootValue = (from: Scope, root: PathKey, scope: 'order' | 'line' | 'fixed'): unknown =>
	root === 'lines' && scope !== 'fixed' ? countingLines(from) : from.field(root);

/** Own properties only: `__proto__` and `constructor` are fields like any other, and missing. */
function walk(value: unknown, keys: PathKey[], from: number): unknown {
	let current = value;
	for (let index = from; index < keys.length; index++) {
		const key = keys[index];
		if (key === undefined || current === null || current === undefined) return undefined;
		if (typeof current === 'string') current = key === 'length' ? current.length : undefined;
		else if (typeof current === 'object' && Object.hasOwn(current, key)) current = (current as Record<PathKey, unknown>)[key];
		else return undefined;
	}
	return current;
}

/** @example labelOf(['lines', 0, 'sku']) // "lines[0].sku" */
export const labelOf = (keys: readonly PathKey[]): string =>
	keys.reduce<string>((label, key) => {
		if (typeof key === 'number') return `${label}[${key}]`;
		return label === '' ? key : `${label}.${key}`;
	}, '');
