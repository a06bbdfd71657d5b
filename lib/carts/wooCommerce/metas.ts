/** The meta of orders and lines: what plugins and checkout fields keep there. Nothing of it is taken for granted, and none costs the order. */
import { decodeHTMLStrict } from 'entities';
import { isList, isObject, objectsIn, type JsonObject } from '../../order/json';

/** The entries of a list of meta; PHP gives a list with gaps as an object. */
export const metasIn = (value: unknown): JsonObject[] => objectsIn(isObject(value) ? Object.values(value) : value);

/**
 * The same with the signs of all texts as people read them: WordPress keeps many as entities. Keys stay.
 *
 * @example decoded({ name: 'Salt &amp; Pepper' }) // { name: 'Salt & Pepper' }
 */
export function decoded(value: unknown): unknown {
	if (typeof value === 'string') return value.includes('&') ? decodeHTMLStrict(value) : value;
	if (isList(value)) return value.map(decoded);
	return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, decoded(one)])) : value;
}
