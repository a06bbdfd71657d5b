/** How deep data from outside may be: what is deeper cannot be written as JSON, and stops whoever walks through it. */

/** Levels of objects and lists within each other: far more than any order has, far less than a stack holds. */
export const MAX_DEPTH = 100;

/** True when objects and lists stand within each other on more than `levels` levels. Goes no deeper than that, however deep the value is. */
export function isDeeperThan(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (levels === 0) return true;
	for (const inner of Object.values(value)) if (isDeeperThan(inner, levels - 1)) return true;
	return false;
}

const TOO_DEEP = `(more than ${MAX_DEPTH} levels)`;

/**
 * The same value, without what stands deeper in it than `MAX_DEPTH` levels: there a text says so. Where one entry of a list is too deep, the others are
 * as they were.
 */
export const cutDepth = (value: unknown): unknown => (isDeeperThan(value, MAX_DEPTH) ? cut(value, MAX_DEPTH) : value);

function cut(value: unknown, levels: number): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (levels === 0) return TOO_DEEP;
	if (Array.isArray(value)) return value.map((inner) => cut(inner, levels - 1));
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cut(inner, levels - 1)]));
}
