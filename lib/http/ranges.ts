/** Numbers and times from outside: each has a range, or one absurd value stops everything that is reckoned with it. */

/**
 * A number that is one, moved into its range; undefined for everything else. Text that is a number counts.
 *
 * @example within('1e400', 0, 60) // 60
 * @example within('soon', 0, 60) // undefined
 */
export function within(value: unknown, least: number, most: number): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && !Number.isNaN(number) ? Math.min(most, Math.max(least, number)) : undefined;
}

const FIRST = Date.UTC(1970, 0, 1);
const LAST = Date.UTC(2100, 0, 1);

/** Whether a text is written as a time: `Date.parse` takes "7" for July 2001. */
export const looksLikeTime = (text: string): boolean => /^[+-]?\d{4,6}-\d\d-\d\d|^[A-Z][a-z]{2},? \d{1,2} [A-Z]/.test(text);

/**
 * A moment in milliseconds; null for text that is none, and for moments that no order has: before 1970, or from 2100 on.
 *
 * @example momentIn('Wed, 25 Nov 2026 06:00:10 GMT') // 1795586410000
 */
export function momentIn(text: string | undefined): number | null {
	const time = Date.parse(text ?? '');
	return time >= FIRST && time < LAST ? time : null;
}
