/** How much of each line, as the cart sold it, we shipped. */
import type { OrderedLine } from './order';

/**
 * From lines as the warehouse has them to lines as the cart sold them: of a kit that rules replaced by its components, as many count as all of its
 * components make whole.
 *
 * @param lines after the rules
 * @param shipped pieces by the ids of these lines
 * @returns pieces by the ids of the cart's lines
 * @example shippedAsSold([{ ...cup, id: 'C', kit: { lineId: 'L1', sku: 'SET', quantity: 2 } }], { C: 4 }) // { L1: 2, C: 4 }
 */
export function shippedAsSold(lines: readonly OrderedLine[], shipped: Readonly<Record<string, number>>): Record<string, number> {
	const sold: Record<string, number> = { ...shipped };
	for (const { id, kit } of lines) {
		if (kit === undefined || kit.lineId === id) continue;
		const whole = Math.floor((shipped[id] ?? 0) / kit.quantity);
		sold[kit.lineId] = Math.min(sold[kit.lineId] ?? whole, whole);
	}
	return sold;
}
