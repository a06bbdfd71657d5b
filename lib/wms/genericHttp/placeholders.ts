/**
 * Placeholders in the requests that people write: `{shippingAddress.name}`. They are filled by us for each order, not by n8n's expressions, which are
 * resolved once for a whole run.
 *
 * | in braces | gives |
 * |---|---|
 * | `reference` | the value at a path |
 * | `carrier ?? serviceLevel ?? 'Standard'` | the first that is not empty |
 * | `total \| number` | as a number; others: text, date (2026-11-23), unix (seconds), upper, lower |
 * | `shippingAddress.address2 ?` | nothing when it is empty: the field, or the parameter of the address, is left out |
 */
import { FieldLimitError, FulfillmentError, shown } from '../../order/errors';
import { isList, isObject } from '../common/json';

export type Scope = Readonly<Record<string, unknown>>;

interface Placeholder {
	/** A path, or a text that stands there. */
	operands: ReadonlyArray<{ path: string[] } | { text: string }>;
	filters: readonly Filter[];
	optional: boolean;
	/** As it was written, for messages. */
	source: string;
}

type Filter = 'text' | 'number' | 'date' | 'unix' | 'upper' | 'lower';

/** Text with its placeholders; texts and placeholders in turn. */
export type Pattern = ReadonlyArray<string | Placeholder>;

const FILTERS: Readonly<Record<Filter, (value: unknown, source: string) => unknown>> = {
	text: textFrom,
	number: (value, source) => {
		const number = typeof value === 'number' ? value : Number(textFrom(value).trim() || Number.NaN);
		if (Number.isFinite(number)) return number;
		throw new FieldLimitError([{ field: source, value, problem: 'is no number', code: 'rejected_by_wms' }]);
	},
	date: (value, source) => momentFrom(value, source).toISOString().slice(0, 10),
	unix: (value, source) => Math.floor(momentFrom(value, source).getTime() / 1000),
	upper: (value) => textFrom(value).toUpperCase(),
	lower: (value) => textFrom(value).toLowerCase(),
};

const isFilter = (name: string): name is Filter => Object.hasOwn(FILTERS, name);

/** A brace that no name follows is a brace. */
const PLACEHOLDER = /\{\s*((?:[A-Za-z_]|')[^{}]*)\}/g;
const PATH = /^[A-Za-z_]\w*(\.[^.|?'{}\s]+)*$/;

/** @param roots the first names of paths that there are. Throws FulfillmentError `invalid_input` for what cannot be filled. */
export function patternOf(text: string, roots: ReadonlySet<string>, where: string): Pattern {
	const parts: Array<string | Placeholder> = [];
	let end = 0;
	for (const found of text.matchAll(PLACEHOLDER)) {
		parts.push(text.slice(end, found.index), placeholder(found[0], found[1] ?? '', roots, where));
		end = found.index + found[0].length;
	}
	return [...parts, text.slice(end)].filter((part) => part !== '');
}

function placeholder(source: string, inner: string, roots: ReadonlySet<string>, where: string): Placeholder {
	const refuse = (problem: string, remedy: string): never => {
		throw new FulfillmentError('invalid_input', `${where}: the placeholder ${shown(source)} ${problem}.`, remedy);
	};
	const optional = /[^?]\?\s*$/.test(inner);
	const [values = '', ...names] = (optional ? inner.replace(/\?\s*$/, '') : inner).split('|').map((part) => part.trim());
	const operands = values.split('??').map((operand) => {
		const text = /^\s*'([^']*)'\s*$/.exec(operand)?.[1];
		if (text !== undefined) return { text };
		const path = operand.trim();
		if (!PATH.test(path))
			return refuse(
				'is not in a form that can be read',
				"Write a path such as {shippingAddress.name}, several as {carrier ?? 'UPS'}, a filter as {total|number}.",
			);
		const keys = path.split('.');
		if (!roots.has(keys[0] ?? ''))
			return refuse(`names ${shown(keys[0])}, which there is not here`, `Names that can be used: ${[...roots].sort().join(', ')}.`);
		return { path: keys };
	});
	const filters = names.map((name) =>
		isFilter(name) ? name : refuse(`has the filter ${shown(name)}, which there is not`, `Filters: ${Object.keys(FILTERS).join(', ')}.`),
	);
	return { operands, filters, optional, source };
}

/** The value of a pattern: of a single placeholder with its type, else text. Undefined = it is to be left out. */
export function valueOf(pattern: Pattern, scope: Scope): unknown {
	const [only] = pattern;
	if (pattern.length === 1 && typeof only === 'object') return filled(only, scope);
	return textOfPattern(pattern, scope);
}

/** @param escape for the place where values stand */
export function textOfPattern(pattern: Pattern, scope: Scope, escape: (text: string, source: string) => string = (text) => text): string {
	return pattern.map((part) => (typeof part === 'string' ? part : escape(textFrom(filled(part, scope)), part.source))).join('');
}

function filled({ operands, filters, optional, source }: Placeholder, scope: Scope): unknown {
	const values = operands.map((operand) => ('text' in operand ? operand.text : at(scope, operand.path)));
	const value = values.find((each) => !isEmpty(each)) ?? null;
	if (value === null) return optional ? undefined : null;
	return filters.reduce<unknown>((each, filter) => FILTERS[filter](each, source), value);
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Own fields only: a path must not reach into the language. */
export function at(from: unknown, path: readonly string[]): unknown {
	let value = from;
	for (const key of path) {
		if (isList(value) && /^\d{1,6}$/.test(key)) value = value[Number(key)];
		else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
		else return undefined;
	}
	return value;
}

function textFrom(value: unknown): string {
	if (value === null || value === undefined) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

function momentFrom(value: unknown, source: string): Date {
	const text = textFrom(value);
	const moment = new Date(text);
	if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(moment.getTime())) return moment;
	throw new FieldLimitError([{ field: source, value, problem: 'is no date', code: 'rejected_by_wms' }]);
}
