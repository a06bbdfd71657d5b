/** What an import does with an order that the store does not know. Pure; asked by the import, and by whoever says what is missing. */
import { isOver, waiting, wordOf, type CartWord } from './cartWord';
import { lessShipped, ships } from './goods';
import type { ImportedOrder } from './order';

/** Why an order that the store does not know is not taken. */
export type Refusal = 'not_ours' | 'canceled_in_cart' | 'not_eligible';

export interface OursOfOrder {
	/** Without what others shipped. */
	order: ImportedOrder;
	/** What the cart says of it, also that nothing of it is ours. */
	word: CartWord;
}

/**
 * An order without what others shipped, and the cart's word about what is left.
 *
 * @param ours how many of each line we shipped: of what the cart counts as shipped, the rest was shipped by others
 */
export function oursOf(given: ImportedOrder, ours: Readonly<Record<string, number>>): OursOfOrder {
	const { shipped, partlyShipped = {} } = given;
	const unclear = Object.entries(partlyShipped).flatMap(([id, why]) => ((ours[id] ?? 0) > 0 ? [] : [why]));
	const order =
		shipped === undefined
			? given
			: {
					...given,
					content: {
						...given.content,
						lines: given.content.lines.map((line) => lessShipped(line, (shipped[line.id] ?? 0) - (ours[line.id] ?? 0))),
					},
				};
	const word = unclear.length > 0 && order.word.readiness === 'ready' ? waiting(unclear.join('; ')) : order.word;
	return { order, word: wordOf(word, order.content.lines) };
}

/** Null = it is taken. One that waits is taken, and is Delayed. */
export function refusalOf({ word: { readiness }, order }: OursOfOrder): Refusal | null {
	// One without anything in it, that says nothing of whose it is, is taken: rules skip it, and it is seen.
	if (readiness === 'not_ours' && order.content.lines.some((line) => line.notOurs !== undefined || !ships(line))) return 'not_ours';
	if (isOver(readiness) && readiness !== 'not_ours') return 'canceled_in_cart';
	return order.notEligible === undefined ? null : 'not_eligible';
}
