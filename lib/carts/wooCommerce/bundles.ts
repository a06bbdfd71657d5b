/**
 * Which lines of an order are bundles, and which are parts of them: by Product Bundles and Composite Products (their fields of the API, and their meta on
 * sites where those are missing) and by WPC Product Bundles.
 */
import type { LineKind } from '../../order/goods';
import { textIn } from '../common/listing';
import type { Payload } from '../common/payload';
import type { Beside } from './beside';
import { metasIn } from './metas';

/** One line of the shop. */
export interface Item {
	line: Payload;
	key: string;
	ordered: number;
	refunded: number;
	/** Needs no shipping. */
	isVirtual: boolean;
	/** The line that contains it. */
	parent: Item | null;
	/** Ships inside of the line that contains it. */
	isInside: boolean;
	parts: Item[];
}

/** The plugins say of each part by a meta of its own whether it ships by itself. */
const NEEDS_SHIPPING = ['_bundled_item_needs_shipping', '_composite_item_needs_shipping'];

/** Meta of the part → meta of its container with the same value. */
const CART_KEYS = [
	['_bundled_by', '_bundle_cart_key'],
	['_composite_parent', '_composite_cart_key'],
] as const;

/** @param refunded by the key of the line */
export function itemsOf(order: Payload, { virtual, bundles }: Beside, refunded: ReadonlyMap<string, number>): Item[] {
	const items = order.parts('line_items').map((line): Item => {
		const key = line.key('id');
		const ordered = line.quantity('quantity');
		return {
			line,
			key,
			ordered,
			refunded: Math.min(ordered, refunded.get(key) ?? 0),
			isVirtual: virtual.includes(soldKey(line)),
			parent: null,
			isInside: false,
			parts: [],
		};
	});
	items.forEach((item, index) => {
		const parent = parentOf(item, items, index);
		// What goes round in a circle is no bundle.
		if (parent === null || isWithin(parent, item)) return;
		item.parent = parent;
		item.isInside = bundles === 'container' || NEEDS_SHIPPING.some((name) => metaOf(item.line, name) === 'no');
		parent.parts.push(item);
	});
	return items;
}

/** What a line is. A bundle ships where parts ship inside of it. */
export function kindOf(item: Item, { bundles }: Pick<Beside, 'bundles'>): LineKind | null {
	const { parent, parts, isInside, isVirtual } = item;
	if (parent !== null && isInside) return isVirtual && parts.length === 0 ? 'virtual' : 'assembled';
	if (parts.length > 0) {
		const isAssembled = (!isVirtual || bundles === 'container') && parts.some((part) => part.isInside && !part.isVirtual);
		if (!isAssembled) return 'container';
	} else if (isVirtual) return 'virtual';
	return parent === null ? null : 'part';
}

/** How many are left after refunds; of a part no more than its container has left. */
export function leftOf({ ordered, refunded, parent }: Item): number {
	const own = ordered - refunded;
	return parent === null || parent.ordered === 0 ? own : Math.min(own, Math.floor((ordered * leftOf(parent)) / parent.ordered));
}

/** The key of the variation, else of the product. */
const soldKey = (line: Payload): string => positive(line.value('variation_id')) ?? positive(line.value('product_id')) ?? '';

function parentOf({ line }: Item, items: readonly Item[], index: number): Item | null {
	const key = positive(line.value('bundled_by')) ?? positive(line.value('composite_parent'));
	if (key !== null) return items.find((item) => item.key === key) ?? null;
	for (const [own, theirs] of CART_KEYS) {
		const cartKey = metaOf(line, own);
		const found = cartKey === null ? undefined : items.find((item) => item.line !== line && metaOf(item.line, theirs) === cartKey);
		if (found !== undefined) return found;
	}
	// WPC names the product; its line comes before those of the parts.
	const product = metaOf(line, '_woosb_parent_id');
	return product === null
		? null
		: (items
				.slice(0, index)
				.findLast((item) => [textIn(productsOf(item.line), 'product'), textIn(productsOf(item.line), 'variation')].includes(product)) ??
				null);
}

const productsOf = (line: Payload): object => ({ product: line.value('product_id'), variation: line.value('variation_id') });

function isWithin(item: Item, other: Item): boolean {
	for (let at: Item | null = item; at !== null; at = at.parent) if (at === other) return true;
	return false;
}

const metaOf = (line: Payload, name: string): string | null => {
	const found = metasIn(line.value('meta_data')).find((meta) => meta.key === name);
	return found === undefined ? null : textIn(found, 'value');
};

/** Keys are numbers from 1; plugins write "" or 0 for none. */
const positive = (value: unknown): string | null =>
	typeof value !== 'string' && typeof value !== 'number' ? null : /^[1-9]\d*$/.test(String(value)) ? String(value) : null;
