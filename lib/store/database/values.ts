/** Values as both databases keep them: texts, times, JSON. */
import type { Instant } from '../../order/due';
import type { IsoDate, JsonValue } from '../../order/order';
import { wholeText } from '../../order/texts';

export const parse = <T>(text: string): T => JSON.parse(text) as T;

export const jsonOf = (text: string): JsonValue => parse<JsonValue>(text);

/** JSON as it is stored; U+0000 stays escaped. A lone surrogate is escaped by JSON.stringify itself. */
export const stored = (value: unknown): string => JSON.stringify(value ?? null);

/** Equal whatever the order of keys: JSON that went through a node or a cart is still the same. */
export function sameJson(left: unknown, right: unknown): boolean {
	if (left === right) return true;
	if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
	if (Array.isArray(left) !== Array.isArray(right)) return false;
	const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}

/** A date as it is stored, or null when it is none that both databases can keep. */
export function storableDate(date: string | null | undefined): IsoDate | null {
	const time = date === null || date === undefined || date === '' ? Number.NaN : Date.parse(date);
	if (Number.isNaN(time)) return null;
	const iso = new Date(time).toISOString();
	return /^[1-9]\d{3}-|^0\d{2}[1-9]-/.test(iso) ? iso : null;
}

/** The same for what is searched and for what people type. */
export function searchable(text: string): string {
	// Most texts are plain ASCII, which normalizing would only copy.
	return (/[^\p{ASCII}]|\0/u.test(text) ? wholeText(text).normalize('NFKC') : text).toLowerCase();
}

export const DAY_MS = 86_400_000;

export const after = (now: IsoDate, ms: number): IsoDate => new Date(Date.parse(now) + ms).toISOString();

/** @example resolved({ inMs: 60_000 }, '2026-11-23T20:00:00.000Z') // "2026-11-23T20:01:00.000Z" */
export function resolved(instant: Instant | null, now: IsoDate): IsoDate | null {
	if (instant === null) return null;
	if (instant === 'now') return now;
	return typeof instant === 'string' ? storableDate(instant) : after(now, instant.inMs);
}

/** What our own code put there, or the statement before. Throws when it is not there after all. */
export function surely<T>(value: T | null | undefined): T {
	if (value === null || value === undefined) throw new Error('What must be there is missing');
	return value;
}

/** Two lists of one length, pair by pair. @example paired(orders, rows) // [[order, row], …] */
export const paired = <A, B>(left: readonly A[], right: readonly B[]): Array<[A, B]> =>
	left.map((one, index) => [one, surely(right[index])]);

/** @example chunks(ids, 500) */
export function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
	for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
