/** Lines that the cart adds to an order which is done: what of them is offered, what orders were made of them, and what the cart takes back. Pure. */
import { ships } from './goods';
import type { OrderContent, OrderedLine } from './order';
import { withSomeLines } from './parts';
import { shippedAsSold } from './shippedLines';

/** How many of each line, by its id. */
export type Quantities = Readonly<Record<string, number>>;

const quantitiesOf = (lines: ReadonlyArray<Pick<OrderedLine, 'id' | 'quantity'>>): Quantities =>
	Object.fromEntries(lines.map(({ id, quantity }) => [id, quantity]));

/** A line may be called "constructor". */
const of = (quantities: Quantities, id: string): number => (Object.hasOwn(quantities, id) ? (quantities[id] ?? 0) : 0);

/** Of what rules split off, kits are their components. */
export const asSold = ({ lines }: Pick<OrderContent, 'lines'>): Quantities => shippedAsSold(lines, quantitiesOf(lines));

/** Whether a warehouse would ship any of it. */
export const isOffer = (added: readonly OrderedLine[]): boolean => added.some(ships);

/** For people. @example offerInWords(added) // "TEE-XL × 1" */
export const offerInWords = (added: readonly OrderedLine[]): string =>
	added
		.filter(ships)
		.map(({ sku, name, quantity }) => `${sku ?? name} × ${quantity}`)
		.join(', ');

/** What an order of these lines is made of. Which warehouse ships them is for the rules to say, whatever became of the order itself. */
export const contentOfAdded = (content: OrderContent, lines: readonly OrderedLine[]): OrderContent =>
	withSomeLines(
		{ ...content, warehouse: null },
		lines.map((line) => {
			const rest = { ...line };
			// It is about the whole line.
			delete rest.notOurs;
			return rest;
		}),
	);

/** In whose favour it is decided, the first first. sent: a warehouse has it, may have it, or shipped it. over: a person or the warehouse canceled it, or it was put away. */
const STANDINGS = ['sent', 'to_be_sent', 'over'] as const;
export type Standing = (typeof STANDINGS)[number];

/** An order of added lines. */
export interface OrderOfAdded {
	id: string;
	standing: Standing;
	/** What it went out with; of one that was not sent, what the cart wanted of it so far. */
	lines: Quantities;
}

export interface Shares {
	/** Lines that nobody stands for yet; their quantity is what was added. */
	offered: OrderedLine[];
	/** What the cart wants now of each of the orders, by its id. */
	wanted: ReadonlyMap<string, Quantities>;
}

/**
 * Shares out what the cart says among the order that is done, the orders of added lines that were sent, those that were not, and an offer. So the cart
 * takes back what is only offered first, then what was not sent, the latest first. What was shipped, or went out, and comes back in the cart is not
 * offered: it is there already.
 *
 * @param settled what the order stands for itself
 * @param orders oldest first
 * @example share([{ ...cap, id: 'L9', quantity: 2 }], {}, [{ id: 'a', standing: 'sent', lines: { L9: 1 } }]).offered // one cap
 */
export function share(now: readonly OrderedLine[], settled: Quantities, orders: readonly OrderOfAdded[]): Shares {
	const inTurn = STANDINGS.flatMap((standing) => orders.filter((order) => order.standing === standing));
	const rest = new Map(now.map(({ id, quantity }) => [id, Math.max(0, quantity - of(settled, id))]));
	const wanted = new Map<string, Quantities>();
	for (const { id, lines } of inTurn) {
		const own = Object.keys(lines).map((lineId): [string, number] => [lineId, Math.min(of(lines, lineId), rest.get(lineId) ?? 0)]);
		for (const [lineId, quantity] of own) rest.set(lineId, (rest.get(lineId) ?? 0) - quantity);
		wanted.set(id, Object.fromEntries(own));
	}
	const offered = now.flatMap((line) => {
		const quantity = rest.get(line.id) ?? 0;
		return quantity > 0 ? [{ ...line, quantity }] : [];
	});
	return { offered, wanted };
}

/**
 * What the order stands for itself when nothing is offered: all that the cart said last, but for what was sent besides. It never becomes less.
 *
 * @param settled what it stood for before
 */
export function settledBy(before: readonly OrderedLine[], settled: Quantities, orders: readonly OrderOfAdded[]): Quantities {
	const besides = (lineId: string): number => orders.reduce((sum, { lines }) => sum + of(lines, lineId), 0);
	return { ...settled, ...Object.fromEntries(before.map(({ id, quantity }) => [id, Math.max(of(settled, id), quantity - besides(id))])) };
}

/**
 * What an order that is done stands for itself once the cart wants it again: not for pieces of it that did not leave, and always for those that left.
 *
 * @param settled what it would stand for
 * @param ordered what the warehouse was to ship, as the cart sold it
 * @param left what left, as the cart sold it
 * @example settledWithout({ L1: 2, L2: 1 }, { L1: 2, L2: 1 }, { L1: 2 }) // { L1: 2, L2: 0 }
 */
export function settledWithout(settled: Quantities, ordered: Quantities, left: Quantities): Quantities {
	const own = Object.entries(settled).map(([id, quantity]) => [id, quantity - Math.max(0, of(ordered, id) - of(left, id))] as const);
	return atLeast(Object.fromEntries(own), left);
}

/** What left, the order stands for, whatever the cart said of it. @example atLeast({ L1: 0 }, { L1: 2 }) // { L1: 2 } */
export const atLeast = (settled: Quantities, left: Quantities): Quantities =>
	Object.fromEntries(
		[...new Set([...Object.keys(settled), ...Object.keys(left)])].map((id) => [id, Math.max(of(settled, id), of(left, id), 0)]),
	);
