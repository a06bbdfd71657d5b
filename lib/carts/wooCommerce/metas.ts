/** The meta of orders and lines: what plugins and checkout fields keep there. Nothing of it is taken for granted, and none costs the order. */
import { decodeHTMLStrict } from 'entities';
import { isList, isObject, objectsIn, textOf, type JsonObject } from '../../order/json';

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

/** Meta that WordPress hides and that a person may want, with a value of the newest order that has it. The shop's own bookkeeping is left out. @example hiddenMetaIn(orders) // [{ key: '_dpd_point', example: 'PL0123' }] */
export function hiddenMetaIn(orders: readonly unknown[]): Array<{ key: string; example: string | null }> {
	const found = new Map<string, string | null>();
	for (const order of orders) {
		const methods = isObject(order) ? objectsIn(order.shipping_lines) : [];
		for (const { key, value } of [order, ...methods].flatMap((one) => metasIn(isObject(one) ? one.meta_data : null))) {
			if (typeof key !== 'string' || !key.startsWith('_') || found.has(key) || OWN_META.test(key)) continue;
			found.set(key, textOf(value));
		}
	}
	return [...found].map(([key, example]) => ({ key, example })).sort((left, right) => left.key.localeCompare(right.key, 'en'));
}

/** Of WooCommerce itself, and ours. */
const OWN_META =
	/^_(wc_(order_attribution|stripe|paypal)_|order_fulfillment_|edit_lock|new_order_email_sent|download_permissions|recorded_|order_stock_reduced|cart_hash|order_key|wc_(other|shipping|billing)\/)/;
