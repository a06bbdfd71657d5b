/**
 * The rows of an order as lines. A configurable product has two rows, of which the parent is ordered and shipped; the parts of a bundle are what the
 * warehouse picks, counted by their own rows, and are reported as the bundle.
 */
import type { LineKind } from '../../order/goods';
import type { ImportedOrder, OrderedLine } from '../../order/order';
import { lineIds } from '../file/values';
import type { Payload } from '../common/payload';
import { gramsOf } from '../common/weights';

/** Where the session puts the unit of weights of the order's store view: "lbs". */
export const WEIGHT_UNIT = 'store_weight_unit';

/** Of rows that are no goods by their type; a gift card is one by its own flag, as there are printed ones. */
const VIRTUAL_TYPES = new Set(['downloadable', 'virtual']);

type Lines = { lines: OrderedLine[]; shipped: NonNullable<ImportedOrder['shipped']> };

/** Throws MappingError. */
export function linesOf(order: Payload, externalId: string): Lines {
	const nextId = lineIds(externalId);
	const items = order.parts('items');
	const ids = new Map(items.map((item) => [item.key('item_id'), nextId(`key:${item.key('item_id')}`)]));
	const byKey = new Map(items.map((item) => [item.key('item_id'), item]));
	const parentOf = (item: Payload): Payload | null => byKey.get(item.text('parent_item_id') ?? '') ?? null;
	const counted = new Set(items.filter((item) => takenOff(item) > 0).flatMap((item) => parentOf(item)?.key('item_id') ?? []));
	const shipped: Record<string, number> = {};
	const lines = items.flatMap((item): OrderedLine[] => {
		const parent = parentOf(item);
		// The parent stands for the chosen product.
		if (parent !== null && typeOf(parent) !== 'bundle') return [];
		const key = item.key('item_id');
		const id = ids.get(key) ?? '';
		const kind = kindOf(item, parent);
		const bundle =
			parent === null ? null : { key: parent.key('item_id'), item: parent, each: kind === 'virtual' ? 1 : eachOf(item, parent) };
		const line = lineOf(order, item, id, kind);
		const done = Math.max(item.pieces('qty_shipped'), bundle === null ? 0 : bundle.item.pieces('qty_shipped') * bundle.each);
		if (done > 0 && (kind === null || kind === 'part')) shipped[id] = done;
		if (bundle === null) return [line];
		const part = { ...line, partOf: ids.get(bundle.key) ?? '' };
		if (kind === 'virtual') return [part];
		return [
			{
				...asInBundle(part, bundle, counted.has(bundle.key)),
				externalId: bundle.key,
				kit: { lineId: bundle.key, sku: bundle.item.text('sku'), quantity: bundle.each },
			},
		];
	});
	return { lines, shipped };
}

const typeOf = (item: Payload): string => item.text('product_type') ?? 'simple';

function kindOf(item: Payload, parent: Payload | null): LineKind | null {
	if (typeOf(item) === 'bundle') return 'container';
	if (item.flag('is_virtual') || VIRTUAL_TYPES.has(typeOf(item))) return 'virtual';
	return parent === null ? null : 'part';
}

function lineOf(order: Payload, item: Payload, id: string, kind: LineKind | null): OrderedLine {
	const sku = item.text('sku');
	const ordered = item.quantity('qty_ordered');
	const canceled = Math.min(ordered, item.pieces('qty_canceled'));
	const refunded = Math.min(ordered - canceled, item.pieces('qty_refunded'));
	const notOurs = [
		{ quantity: canceled, reason: 'canceled' },
		{ quantity: refunded, reason: 'refunded' },
	].filter(({ quantity }) => quantity > 0);
	return {
		id,
		externalId: item.key('item_id'),
		sku,
		name: item.text('name') ?? sku ?? '',
		quantity: ordered - canceled - refunded,
		unitPrice: item.money('price'),
		weight: gramsOf(item.number('weight'), order.text(WEIGHT_UNIT)),
		options: {},
		custom: {},
		...(kind === null ? {} : { kind }),
		...(notOurs.length === 0 ? {} : { notOurs }),
	};
}

/**
 * Refunds of a bundle whose parts have prices are counted at the parts, and the bundle's own count is only where they went; those of a bundle with a
 * price of its own are counted at the bundle alone.
 */
function asInBundle(part: OrderedLine, { item, each }: { item: Payload; each: number }, isCountedByPart: boolean): OrderedLine {
	const left = (item.quantity('qty_ordered') - takenOff(item)) * each;
	const less = part.quantity - Math.max(0, left);
	if (isCountedByPart || less <= 0) return part;
	return {
		...part,
		quantity: part.quantity - less,
		notOurs: [{ quantity: less, reason: item.pieces('qty_refunded') > 0 ? 'refunded' : 'canceled' }],
	};
}

/** How many of a part are in one bundle. */
function eachOf(item: Payload, bundle: Payload): number {
	const sold = bundle.quantity('qty_ordered');
	const each = sold > 0 ? item.quantity('qty_ordered') / sold : 0;
	return Number.isInteger(each) && each >= 1 ? each : item.fail('qty_ordered', 'is not so many for each bundle');
}

/** What was canceled or refunded. */
const takenOff = (item: Payload): number => item.pieces('qty_canceled') + item.pieces('qty_refunded');
