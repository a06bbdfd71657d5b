/** Limits of texts from outside: what both databases can keep, and how long a key may be. */
import { createHash } from 'node:crypto';

/**
 * The longest key in bytes of UTF-8. Postgres indexes at the most 2,704 bytes a row; the widest index has four texts (store, source, subject, key), and
 * the key of a shipment is that of its shipment with its number behind.
 */
export const KEY_BYTES = 600;

/** The longest name of a store or a warehouse, in characters. */
export const NAME_LENGTH = 200;

/** How many characters of a long key stay readable: of four bytes each, and with the hash, it still fits. */
const READABLE = 130;

/**
 * A text as both databases keep it: Postgres has no U+0000, and a lone half of a surrogate pair is no UTF-8.
 *
 * @example wholeText('a\u0000b\ud800') // "ab\ufffd"
 */
export function wholeText(text: string): string {
	const whole = text.toWellFormed();
	return whole.includes('\u0000') ? whole.replaceAll('\u0000', '') : whole;
}

/** Whether a text is short enough for a key. */
export const fitsKey = (text: string): boolean => text.length * 3 <= KEY_BYTES || Buffer.byteLength(text) <= KEY_BYTES;

/**
 * A key as it is kept and looked for: whole, and of at the most KEY_BYTES. The end of a longer one is replaced by a hash of all of it, so that equal keys stay
 * equal and others differ. What it gives is a key that it leaves as it is.
 *
 * @example boundedKey('S1') // "S1"
 * @example boundedKey('x'.repeat(5000)) // "xxx…~" and 43 letters
 */
export function boundedKey(text: string): string {
	const whole = wholeText(text);
	return fitsKey(whole) ? whole : `${whole.slice(0, READABLE).toWellFormed()}~${createHash('sha256').update(whole).digest('base64url')}`;
}

/**
 * A text from outside as people read it: short, on one line. Control characters, line separators and direction overrides from a cart must not disturb a log, a terminal or
 * an e-mail.
 *
 * @example oneLine('a\nb', 80) // "a b"
 */
export function oneLine(text: string, limit: number): string {
	const clean = text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
	return (clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean).toWellFormed();
}
