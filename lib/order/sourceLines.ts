/**
 * From what a shipment holds to what the cart sold: lines that rules made of a kit are reported as the kit, lines that rules added
 * are not reported. Pure, and the same whatever was uploaded before: a repeat after a crash reports the same again.
 */
import { wasTold } from './packages';
import type { KitPart, LineItem, Order, Shipment, ShipmentLine } from './order';

/** A line of the cart's order, and how much of it a shipment completes. */
interface SourceLine {
	/** The cart's key of the line; null when the cart gave none, or when a rule added the line. */
	externalId: string | null;
	/** Of the kit as the cart sold it; of any other line as the warehouse knows it. */
	sku: string | null;
	quantity: number;
}

type Goods = Pick<Order, 'lines' | 'shipments'>;
type ShippedGoods = Pick<Shipment, 'id' | 'lines'>;

/**
 * The quantities of the cart's lines to report for one shipment: what cart adapters send with the tracking number.
 *
 * - A plain line counts as it was shipped, up to what was ordered.
 * - A kit counts once all its components were shipped, so many times as they make it whole. The shipment that brings the last
 *   component reports it.
 * - Lines without a key of the cart (added by a rule) are left out.
 *
 * All shipments of an order together never report more than was ordered. Shipments recorded before this one count as told or to be
 * told by themselves, also when their own upload failed so far. An empty list means that the shipment completes nothing that the
 * cart knows: the adapter sends the tracking without lines if the cart takes that, and else has nothing to tell.
 *
 * @example
 * // GIFT-SET (key "77", 1 ordered) became 1 × RED-MUG and 2 × TEE-L; the mug left in an earlier shipment
 * sourceQuantities(order, shipmentWithBothTees) // [{ externalId: '77', quantity: 1 }]
 */
export function sourceQuantities(order: Goods, shipment: ShippedGoods): Array<{ externalId: string; quantity: number }> {
	const sums = new Map<string, number>();
	for (const { externalId, quantity } of sourceLines(order, shipment)) {
		if (externalId !== null) sums.set(externalId, (sums.get(externalId) ?? 0) + quantity);
	}
	return [...sums].map(([externalId, quantity]) => ({ externalId, quantity }));
}

/** As `sourceQuantities`, with the lines that the cart gave no key, for carts that know lines by their SKU. */
export function sourceLines(order: Goods, shipment: ShippedGoods): SourceLine[] {
	// What a warehouse took back before the cart was told was never reported.
	const shipments = order.shipments.filter((one) => one.id === shipment.id || one.voidedAt === null || wasTold(one));
	return completed(order.lines, shipments, shipment).flatMap(({ line, quantity }): SourceLine[] =>
		quantity > 0 ? [{ externalId: line.externalId, sku: line.kit?.sku ?? line.sku, quantity }] : [],
	);
}

/**
 * What a shipment of a bundle is to the orders in it: the lines and quantities of each order, by its id. An order of which the shipment holds only
 * a piece of a kit has none, but the shipment is its shipment too.
 */
export function mirroredLines({ lines, shipments }: Goods, shipment: ShippedGoods): Map<string, ShipmentLine[]> {
	const found = new Map<string, ShipmentLine[]>();
	const sources = new Map(lines.map(({ id, source }) => [id, source]));
	for (const { lineId } of shipment.lines) {
		const source = sources.get(lineId);
		if (source !== undefined && !found.has(source.orderId)) found.set(source.orderId, []);
	}
	const counting = shipments.filter(({ id, voidedAt }) => id === shipment.id || voidedAt === null);
	for (const { line, quantity } of completed(lines, counting, shipment)) {
		if (line.source !== undefined && quantity > 0) found.get(line.source.orderId)?.push({ lineId: line.source.lineId, quantity });
	}
	return found;
}

/** What was shipped and canceled of the lines of one order in a bundle, as the bundle's own lines tell. */
export function sourceProgress(lines: readonly LineItem[], orderId: string): Record<string, { shipped: number; canceled: number }> {
	const shipped = new Map(lines.map(({ id, quantityShipped }) => [id, quantityShipped]));
	const all = new Map(lines.map(({ id, quantity }) => [id, quantity]));
	const left = new Map(lines.map(({ id, quantity, quantityCanceled }) => [id, Math.max(0, quantity - quantityCanceled)]));
	return Object.fromEntries(
		groupsOf(lines).flatMap((group) => {
			const { source } = group[0];
			// A kit can be whole as often as its scarcest component can.
			return source?.orderId === orderId
				? [[source.lineId, { shipped: complete(group, shipped), canceled: complete(group, all) - complete(group, left) }] as const]
				: [];
		}),
	);
}

/** How many of each line of the cart the shipment completes, given those that were recorded before it. */
function completed(
	lines: readonly LineItem[],
	shipments: readonly ShippedGoods[],
	shipment: ShippedGoods,
): Array<{ line: LineItem; quantity: number }> {
	const place = shipments.findIndex(({ id }) => id === shipment.id);
	// One that is not recorded yet comes last.
	const earlier = place < 0 ? shipments : shipments.slice(0, place);
	const before = totals(earlier.flatMap((each) => each.lines));
	const after = totals([...before].map(([lineId, quantity]) => ({ lineId, quantity })).concat(shipment.lines));
	return groupsOf(lines).map((group) => ({ line: group[0], quantity: complete(group, after) - complete(group, before) }));
}

type Shipped = ReadonlyMap<string, number>;
type Group = readonly [LineItem, ...LineItem[]];

function totals(lines: readonly ShipmentLine[]): Map<string, number> {
	const sums = new Map<string, number>();
	for (const { lineId, quantity } of lines) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity);
	return sums;
}

/** Each plain line by itself, and the components of a kit together. */
function groupsOf(lines: readonly LineItem[]): Group[] {
	const groups = new Map<string, [LineItem, ...LineItem[]]>();
	for (const line of lines) {
		const key = line.kit ? `kit ${line.kit.lineId}` : `line ${line.id}`;
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [line]);
		else group.push(line);
	}
	return [...groups.values()];
}

/** How many of the cart's line are complete with what was shipped. */
function complete(group: Group, shipped: Shipped): number {
	const whole = (line: LineItem, kit: Pick<KitPart, 'quantity'>): number =>
		Math.floor(Math.min(line.quantity, shipped.get(line.id) ?? 0) / kit.quantity);
	// A component of which nothing is asked for any more (a rule or a person took it out) keeps no kit open.
	const asked = group.filter(({ quantity }) => quantity > 0);
	return asked.length === 0 ? 0 : Math.min(...asked.map((line) => whole(line, line.kit ?? { quantity: 1 })));
}
