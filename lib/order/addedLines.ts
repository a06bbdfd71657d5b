/** Lines that the cart adds to an order which is done: what of them is offered, what orders were made of them, and what the cart takes back. Pure. */
import { ships } from './goods';
import type { OrderContent, OrderedLine } from './order';
import { withSomeLines } from './parts';
import { shippedAsSold } from './shippedLines';

/** How many of each line, by its id. */
export type Quantities = Readonly<Record<string, number>>;

export const quantitiesOf = (lines: ReadonlyArray<Pick<OrderedLine, 'id' | 'quantity'>>): Quantities => Object.fromEntries(lines.map(({ id, quantity }) => [id, quantity]));

/** A line may be called "constructor". */
const of = (quantities: Quantities, id: string): number => (Object.hasOwn(quantities, id) ? (quantities[id] ?? 0) : 0);

/** Lines that are new, and what lines have more of; their quantity is what was added. @example addedSince({ L1: 2 }, [{ ...mug, id: 'L1', quantity: 3 }]) // one mug */
export const addedSince = (settled: Quantities, lines: readonly OrderedLine[]): OrderedLine[] =>
	lines.flatMap((line) => {
		const quantity = line.quantity - of(settled, line.id);
		return quantity > 0 ? [{ ...line, quantity }] : [];
	});

/** Of what rules split off, kits are their components. */
export const asSold = ({ lines }: Pick<OrderContent, 'lines'>): Quantities => shippedAsSold(lines, quantitiesOf(lines));

/** Whether a warehouse would ship any of it. */
export const isOffer = (added: readonly OrderedLine[]): boolean => added.some(ships);

/** For people. @example offerInWords(added) // "TEE-XL × 1" */
export const offerInWords = (added: readonly OrderedLine[]): string => added.filter(ships).map(({ sku, name, quantity }) => `${sku ?? name} × ${quantity}`).join(', ');

/** What an order of these lines is made of. Which warehouse ships them is for the rules to say, whatever became of the order itself. */
export const contentOfAdded = (content: OrderContent, lines: readonly OrderedLine[]): OrderContent =>
	withSomeLines({ ...content, warehouse: null }, lines.map((line) => {
		const rest = { ...line };
		// It is about the whole line.
		delete rest.notOurs;
		return rest;
	}));

/** An order of added lines that is not over. */
export interface OrderOfAdded {
	id: string;
	/** A warehouse has it, or may have it. */
	isSent: boolean;
	/** What the cart wants of it, as the cart sold it. */
	wanted: Quantities;
	/** What it went out with; of one that was not sent, the same as `wanted`. */
	out: Quantities;
}

export interface Shares {
	/** Of the cart's lines, what is settled now: all but what is offered. */
	settled: Quantities;
	/** What the cart wants now of each of the orders, by its id. */
	wanted: ReadonlyMap<string, Quantities>;
}

/**
 * Shares out what the cart changed. What it takes back is taken from what was only offered, then from orders that were not sent, the latest first,
 * then from those that were; what it gives back of the latter is theirs again. All else that it adds is offered.
 *
 * @param settled before the change; all of `before`, when nothing was offered
 * @param orders oldest first
 * @example share({ L9: 1 }, { L9: 0 }, {}, []) // it was offered and is not any more: { settled: { L9: 0 }, … }
 */
export function share(before: Quantities, now: Quantities, settled: Quantities, orders: readonly OrderOfAdded[]): Shares {
	const wanted = new Map(orders.map(({ id, wanted: own }) => [id, { ...own }]));
	const give = (order: OrderOfAdded, lineId: string, quantity: number): void => void wanted.set(order.id, { ...wanted.get(order.id), [lineId]: quantity });
	const latestFirst = orders.toReversed();
	const ready = latestFirst.filter(({ isSent }) => !isSent);
	const sent = latestFirst.filter(({ isSent }) => isSent);
	const next: Record<string, number> = {};
	for (const lineId of new Set([...Object.keys(before), ...Object.keys(now)])) {
		const offered = Math.max(0, of(before, lineId) - of(settled, lineId));
		let more = of(now, lineId) - of(before, lineId);
		if (more > 0) {
			for (const order of sent) {
				const back = Math.min(more, Math.max(0, of(order.out, lineId) - of(order.wanted, lineId)));
				if (back > 0) give(order, lineId, of(order.wanted, lineId) + back);
				more -= back;
			}
			next[lineId] = of(now, lineId) - offered - more;
			continue;
		}
		const fromOffer = Math.min(offered, -more);
		let less = -more - fromOffer;
		for (const order of [...ready, ...sent]) {
			const taken = Math.min(less, of(order.wanted, lineId));
			if (taken > 0) give(order, lineId, of(order.wanted, lineId) - taken);
			less -= taken;
		}
		next[lineId] = of(now, lineId) - (offered - fromOffer);
	}
	return { settled: next, wanted };
}
