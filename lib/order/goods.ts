/** Which lines of an order are goods that a warehouse ships, and how many of them are ours. */
import { keysOf } from './keys';

interface KindDefinition {
	meaning: string;
	/** A warehouse ships it. */
	ships: boolean;
}

/** What a line is. Lines that a warehouse does not ship stay in the order: rules and people see them, and they are never sent. */
export const LINE_KINDS = {
	goods: { meaning: 'Goods, shipped as they stand.', ships: true },
	container: { meaning: 'A bundle of which the parts are lines of their own; the parts ship.', ships: false },
	part: { meaning: 'A part of a container; it ships.', ships: true },
	assembled: { meaning: 'A part of a container that ships assembled, as one piece: the container ships.', ships: false },
	service: { meaning: 'A service or a fee, "Gift wrapping".', ships: false },
	virtual: { meaning: 'A download, a voucher, a ticket: nothing to ship.', ships: false },
} as const satisfies Record<string, KindDefinition>;

export type LineKind = keyof typeof LINE_KINDS;

export const LINE_KIND_NAMES = keysOf(LINE_KINDS);

/** Of a line, how many pieces are not ours to ship, and why. */
export interface NotOurs {
	quantity: number;
	/** "refunded", "at Berlin", "local pick-up", "shipped by others". */
	reason: string;
}

/** What a line says of it. */
export interface SoldLine {
	/** Absent = goods. */
	kind?: LineKind;
	/** Ours to ship. */
	quantity: number;
	notOurs?: NotOurs[];
}

/** Whether a warehouse ships the line at all. @example ships({ kind: 'service' }) // false */
export const ships = ({ kind }: Pick<SoldLine, 'kind'>): boolean => kind === undefined || LINE_KINDS[kind].ships;

/** Whether anything of these lines is to be shipped. */
export const hasGoods = (lines: ReadonlyArray<Pick<SoldLine, 'kind' | 'quantity'>>): boolean =>
	lines.some((line) => line.quantity > 0 && ships(line));

/**
 * The reasons for which pieces of a line are not ours, once others shipped some of it; without any it has none.
 *
 * @example lessShipped({ ...line, quantity: 5 }, 3).quantity // 2
 */
export function lessShipped<L extends SoldLine>(line: L, byOthers: number): L {
	const quantity = Math.min(line.quantity, Math.max(0, byOthers));
	if (quantity === 0) return line;
	return { ...line, quantity: line.quantity - quantity, notOurs: [...(line.notOurs ?? []), { quantity, reason: 'shipped by others' }] };
}
