/** Reads what a warehouse answers in JSON, of which nothing is taken for granted. */
import { looksLikeTime, momentIn } from '../../http/ranges';
import { textOf } from '../../order/json';

export { isList, isObject, jsonCopy, jsonOf, objectsIn, textOf, type JsonObject } from '../../order/json';

/** What a word of a warehouse means; undefined = it is none of these. Every object has names like "constructor", which mean nothing. */
export function meaningOf<Meaning>(meanings: Readonly<Record<string, Meaning>>, word: unknown): Meaning | undefined {
	const text = textOf(word);
	return text !== null && Object.hasOwn(meanings, text) ? meanings[text] : undefined;
}

/** More than any package holds, and far below where numbers stop being exact. */
const MOST_PIECES = 9_999_999;

/** A whole number of pieces, from 0; also as text, and with a fraction of zeros. null = it is none: neither nothing nor true is 0. */
export function piecesOf(value: unknown): number | null {
	const number =
		typeof value === 'number' ? value : typeof value === 'string' && /^\d+(\.0+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
	return Number.isInteger(number) && number >= 0 && number <= MOST_PIECES ? number : null;
}

/** A moment in UTC; one without an offset is taken as UTC. null = there is none, or none that a package can have: before 1970, or from 2100 on. */
export function momentOf(value: unknown): string | null {
	const text = textOf(value);
	if (text === null) return null;
	const zoned = /([zZ]|[+-]\d\d:?\d\d)$/.test(text) || !/T/.test(text) ? text : `${text}Z`;
	const time = looksLikeTime(text) ? momentIn(zoned) : null;
	return time === null ? null : new Date(time).toISOString();
}
