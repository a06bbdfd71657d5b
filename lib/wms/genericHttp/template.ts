/**
 * Requests that people write, made ready. A body is taken apart as JSON before any value comes in, and values come in as values: whatever a customer
 * writes into an address stays one text in one field. In an address of a request each value is one piece of it.
 */
import type { HttpRequest } from '../../http/Http';
import { FieldLimitError, FulfillmentError, shown } from '../../order/errors';
import type { JsonValue } from '../../order/order';
import { isObject, jsonCopy } from '../common/json';
import { at, patternOf, textOfPattern, valueOf, type Pattern, type Scope } from './placeholders';

export interface RequestSettings {
	method: HttpRequest['method'];
	/** Below the address of the credential: "/orders?reference={reference}". */
	path: string;
	/** JSON with placeholders; blank = none. */
	body?: string;
	headers?: Readonly<Record<string, string>>;
}

export interface ReadyRequest {
	render(scope: Scope): HttpRequest;
}

/** @param roots names that placeholders may use. Throws FulfillmentError `invalid_input` for what cannot be used. */
export function readyRequest(
	{ method, path, body = '', headers = {} }: RequestSettings,
	roots: ReadonlySet<string>,
	name: string,
): ReadyRequest {
	const address = readyAddress(path.trim(), roots, `${name}, path`);
	const content = body.trim() === '' ? null : readyBody(body, roots, `${name}, body`);
	const heads = Object.entries(headers).map(([header, value]) => {
		if (!/^[A-Za-z0-9-]+$/.test(header))
			throw new FulfillmentError('invalid_input', `${name}: ${shown(header)} is no name of a header.`, 'Use letters, digits and hyphens.');
		return [header.toLowerCase(), patternOf(value, roots, `${name}, header ${header}`)] as const;
	});
	return {
		render: (scope) => ({
			method,
			url: address(scope),
			...(heads.length === 0
				? {}
				: { headers: Object.fromEntries(heads.map(([header, value]) => [header, textOfPattern(value, scope, headerText)])) }),
			...(content === null ? {} : { body: content(scope) ?? null }),
		}),
	};
}

/** A header is one line of plain characters. */
const headerText = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').trim();

function readyAddress(path: string, roots: ReadonlySet<string>, where: string): (scope: Scope) => string {
	if (!path.startsWith('/') || path.startsWith('//')) {
		throw new FulfillmentError(
			'invalid_input',
			`${where}: it does not begin with one "/" (value: ${shown(path)}).`,
			'Write the part after the address of the credential, such as /orders.',
		);
	}
	// A "?" inside of a placeholder is none of the address.
	const cut = path.replace(/\{[^{}]*\}/g, (inside) => '_'.repeat(inside.length)).indexOf('?');
	const before = patternOf(cut < 0 ? path : path.slice(0, cut), roots, where);
	const pairs =
		cut < 0
			? []
			: path
					.slice(cut + 1)
					.split('&')
					.map((pair) => patternOf(pair, roots, where));
	return (scope) => {
		const start = textOfPattern(before, scope, pathPiece);
		const query = pairs.filter((pair) => !isLeftOut(pair, scope)).map((pair) => textOfPattern(pair, scope, encodeURIComponent));
		return query.length === 0 ? start : `${start}?${query.join('&')}`;
	};
}

/** A piece that is empty, or climbs, would make it the address of something else. */
function pathPiece(text: string, source: string): string {
	if (text.trim() === '' || /^\.+$/.test(text.trim()))
		throw new FieldLimitError([{ field: source, value: text, problem: 'cannot stand in the address of a request', code: 'missing_field' }]);
	return encodeURIComponent(text);
}

const isLeftOut = (pair: Pattern, scope: Scope): boolean =>
	pair.some((part) => typeof part === 'object' && part.optional && valueOf([part], scope) === undefined);

type Ready = (scope: Scope) => JsonValue | undefined;

function readyBody(text: string, roots: ReadonlySet<string>, where: string): Ready {
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch (error) {
		throw notJson(where, error);
	}
	return ready(parsed, roots, where);
}

const notJson = (where: string, error: unknown): FulfillmentError =>
	new FulfillmentError(
		'invalid_input',
		`${where}: it is no JSON (${error instanceof Error ? shown(error.message, 120) : 'unknown'}).`,
		'Put placeholders in quotes, also for numbers: "qty": "{line.quantity}" gives a number.',
		{ cause: error },
	);

function ready(value: unknown, roots: ReadonlySet<string>, where: string): Ready {
	if (typeof value === 'string') {
		const pattern = patternOf(value, roots, where);
		return (scope) => (pattern.length === 0 ? '' : asJson(valueOf(pattern, scope)));
	}
	if (Array.isArray(value)) {
		const items = value.map((item) => ready(item, roots, where));
		return (scope) => items.map((item) => item(scope)).filter((item) => item !== undefined);
	}
	if (!isObject(value)) return () => asJson(value);
	if (Object.hasOwn(value, '$each')) return readyList(value, roots, where);
	const fields = Object.entries(value).map(([key, inner]) => [key, ready(inner, roots, where)] as const);
	// fromEntries defines fields, so that none of any name is more than a field.
	return (scope) =>
		Object.fromEntries(
			fields.flatMap(([key, inner]) => {
				const given = inner(scope);
				return given === undefined ? [] : [[key, given]];
			}),
		);
}

/** `{ "$each": "lines", "$as": { "sku": "{line.sku}" } }`: one for each line. */
function readyList({ $each: list, $as: item, ...others }: Record<string, unknown>, roots: ReadonlySet<string>, where: string): Ready {
	const path = typeof list === 'string' ? list.split('.') : [];
	if (!roots.has(path[0] ?? '') || item === undefined || Object.keys(others).length > 0) {
		throw new FulfillmentError(
			'invalid_input',
			`${where}: "$each" names no list, or "$as" is missing (value: ${shown(list)}).`,
			'Write { "$each": "lines", "$as": { "sku": "{line.sku}", "quantity": "{line.quantity}" } }.',
		);
	}
	const each = ready(item, new Set([...roots, 'line', 'index']), where);
	return (scope) => {
		const entries = at(scope, path);
		return Array.isArray(entries)
			? entries.flatMap((line: unknown, index) => [each({ ...scope, line, index: index + 1 })].filter((one) => one !== undefined))
			: [];
	};
}

/** What orders hold is JSON. */
function asJson(value: unknown): JsonValue | undefined {
	return value === undefined ? undefined : jsonCopy(value);
}
