/** What the session puts beside an order that the order does not tell itself; kept with it, so that it can be translated again. */
import type { Payload } from '../common/payload';
import { textOf } from '../../order/json';

/** The order's refunds, as `/orders/{id}/refunds` gives them. */
export const REFUNDS = 'order_refunds';

/** See `Beside`. Absent = nothing special. */
export const BESIDE = 'order_fulfillment';

export interface Beside {
	/** Which of a bundle ships where the shop does not say it: its parts (default), or the bundle as one piece. */
	bundles: 'parts' | 'container';
	/** Keys of meta that are kept although they are hidden, or hold more than a plain value. */
	keepMeta: readonly string[];
	/** Keys of the products and variations of its lines that need no shipping. */
	virtual: readonly string[];
}

export function besideOf(order: Payload): Beside {
	const beside = order.part(BESIDE);
	return {
		bundles: beside?.text('bundles') === 'container' ? 'container' : 'parts',
		keepMeta: textsOf(beside?.value('keep_meta')),
		virtual: textsOf(beside?.value('virtual')),
	};
}

/** As it is kept; null = nothing special. */
export function keptBeside({ bundles, keepMeta, virtual }: Beside): { [name: string]: string | string[] } | null {
	const kept = {
		...(bundles === 'container' ? { bundles } : {}),
		...(keepMeta.length > 0 ? { keep_meta: [...keepMeta] } : {}),
		...(virtual.length > 0 ? { virtual: [...virtual].sort() } : {}),
	};
	return Object.keys(kept).length > 0 ? kept : null;
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.flatMap((one: unknown) => textOf(one) ?? []) : []);
