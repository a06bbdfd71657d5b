/**
 * Plain paths: the expressions that dragging a field gives. n8n resolves expressions against the incoming item, so a later
 * rule would not see what an earlier one set; a plain path is therefore read by us, on the order as it is at that moment.
 */
import { FulfillmentError } from '../order/errors';
import type { JsonValue, OrderContent, OrderedLine } from '../order/order';
import { ruleProblem } from './problem';

export type PathKey = string | number;

/** What a path is read from. `line` is set while conditions on the fields of a line are tried on it. */
export interface Scope {
	content: OrderContent;
	facts: Record<string, JsonValue>;
	line: OrderedLine | null;
}

/** One side of a condition, or the value of an action: a path or a fixed value. */
export interface ValueReader {
	/** The path for people, "lines[].sku"; null = a fixed value. */
	path: string | null;
	/** True = names a field of a line. */
	ofLine: boolean;
	read(scope: Scope): unknown;
}

/** A value that is no expression although it may look like one, as an expression may give any text. */
export interface ResolvedValue {
	$resolved: JsonValue;
}

const EXPRESSION = /^=\s*\{\{\s*\$json([^]*?)\s*\}\}\s*$/;
const KEY = /\s*(?:\?\.|\.)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)|\s*(?:\?\.)?\[\s*(?:(\d{1,9})|"([^"\\]*)"|'([^'\\]*)')\s*\]/uy;
const PATH_LIMIT = 1_000;

/**
 * The keys of a plain path expression; null = it is none.
 *
 * @example plainPath('={{ $json.lines[0].sku }}') // ['lines', 0, 'sku']
 * @example plainPath('={{ $json.total * 2 }}') // null
 */
export function plainPath(value: unknown): PathKey[] | null {
	if (typeof value !== 'string' || !value.startsWith('=') || value.length > PATH_LIMIT) return null;
	const inner = EXPRESSION.exec(value)?.[1];
	if (inner === undefined) return null;
	const keys: PathKey[] = [];
	KEY.lastIndex = 0;
	while (KEY.lastIndex < inner.length) {
		const match = KEY.exec(inner);
		if (match === null) return null;
		keys.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4])! : Number(match[2]));
	}
	return keys.length === 0 ? null : keys;
}

/** Whether the rules read the value themselves; every other expression is to be resolved before. */
export const isPlainPath = (value: unknown): boolean => plainPath(value) !== null;

const isExpression = (value: unknown): value is string =>
	typeof value === 'string' && value.startsWith('=') && value.includes('{{');

/** Marks what an expression gave, so that it is never taken for an expression itself. */
export const resolved = (value: unknown): JsonValue =>
	isExpression(value) ? ({ $resolved: value } satisfies ResolvedValue) : (value as JsonValue);

const isResolved = (value: unknown): value is ResolvedValue =>
	typeof value === 'object' && value !== null && Object.hasOwn(value, '$resolved') && Object.keys(value).length === 1;

/** The fields of a line, which conditions of a line action may also name without `lines[0]`. */
const LINE_FIELDS = ['id', 'externalId', 'sku', 'name', 'quantity', 'unitPrice', 'weight', 'options', 'custom'] as const satisfies ReadonlyArray<keyof OrderedLine>;

/** What follows from the order and can be read besides its fields. */
const DERIVED: Record<string, (content: OrderContent) => JsonValue> = {
	lineCount: (content) => countingLines(content).length,
	totalQuantity: (content) => countingLines(content).reduce((sum, line) => sum + line.quantity, 0),
	/** In grams; null when the weight of a line is unknown, as a part of the weight would be a wrong weight. */
	totalWeight: (content) =>
		countingLines(content).reduce<number | null>(
			(sum, line) => (sum === null || line.weight === null ? null : sum + line.weight * line.quantity),
			0,
		),
};

/** The lines that ask for something: a quantity of 0 does not count. */
export const countingLines = (content: OrderContent): OrderedLine[] =>
	content.lines.every((line) => line.quantity > 0) ? content.lines : content.lines.filter((line) => line.quantity > 0);

/**
 * Makes the reader of a value. A missing field reads as undefined.
 *
 * @param scope 'line' = the conditions of a line action, where `$json.sku` is a field of the line; 'order' = a path into
 *   `lines` means that field of a line; 'fixed' = no line is tried, `lines[0]` is the first line.
 */
export function valueReader(value: unknown, scope: 'order' | 'line' | 'fixed'): ValueReader {
	if (isResolved(value)) return fixed(value.$resolved);
	const keys = plainPath(value);
	if (keys === null) {
		if (isExpression(value)) throw unresolvedProblem(value);
		return fixed(value);
	}
	const lineKeys = scope === 'fixed' ? null : lineKeysOf(keys, scope);
	if (lineKeys !== null) {
		return { path: labelOf(['lines[]', ...lineKeys]), ofLine: true, read: ({ line }) => walk(line, lineKeys, 0) };
	}
	const [root, ...rest] = keys as [PathKey, ...PathKey[]];
	return { path: labelOf(keys), ofLine: false, read: (from) => walk(rootValue(from, root, scope), rest, 0) };
}

const fixed = (value: unknown): ValueReader => ({ path: null, ofLine: false, read: () => value });

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
	return scope === 'line' && (LINE_FIELDS as readonly PathKey[]).includes(root!) ? keys : null;
}

/** The order's own fields come first, so that a fact can never hide what a rule has set. */
function rootValue({ content, facts }: Scope, root: PathKey, scope: 'order' | 'line' | 'fixed'): unknown {
	if (root === 'lines' && scope !== 'fixed') return countingLines(content);
	if (Object.hasOwn(content, root)) return content[root as keyof OrderContent];
	if (Object.hasOwn(facts, root)) return facts[root];
	return Object.hasOwn(DERIVED, root) ? DERIVED[root]!(content) : undefined;
}

/** Own properties only: `__proto__` and `constructor` are fields like any other, and missing. */
function walk(value: unknown, keys: PathKey[], from: number): unknown {
	let current = value;
	for (let index = from; index < keys.length; index++) {
		const key = keys[index]!;
		if (current === null || current === undefined) return undefined;
		if (typeof current === 'string') current = key === 'length' ? current.length : undefined;
		else if (typeof current === 'object' && Object.hasOwn(current, key)) current = (current as Record<PathKey, unknown>)[key];
		else return undefined;
	}
	return current;
}

const labelOf = (keys: PathKey[]): string =>
	keys.reduce<string>((label, key) => {
		if (typeof key === 'number') return `${label}[${key}]`;
		return label === '' ? key : `${label}.${key}`;
	}, '');
