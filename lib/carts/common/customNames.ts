/** Names that a shop, a plugin or a customer gave, as names that rules and edits can address: of options, custom fields and order meta. */
import { shortHash } from '../../files/names';

const LONGEST = 64;
/** Names that are more than names on a JavaScript object. */
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A name for `custom` and `options`. Letters and digits of every script stay; what no path can have becomes `_`.
 *
 * @example customName('Größe (EU)') // "Größe _EU_"
 * @example customName('色') // "色"
 */
export function customName(name: string): string {
	const plain = [
		...name
			.normalize('NFKC')
			.replace(/[^\p{L}\p{M}\p{N}_ -]+/gu, '_')
			.replace(/^[ \p{M}-]+/u, '')
			.trim(),
	]
		.slice(0, LONGEST)
		.join('');
	// Of a name in signs alone ("★") nothing is left to tell it from another.
	const isLost = plain === '' || (/^_+$/.test(plain) && /[^\0-\x7F]/.test(name));
	return isLost || UNSAFE.has(plain) ? `field_${shortHash(name)}` : plain;
}

/**
 * Values by their names as above, of which none is lost: names that fall together get a suffix that depends on the name alone, a name that comes again
 * with another value is counted.
 *
 * @example named([['Size?', 'L'], ['Size!', 'M']]) // { Size_: 'M', 'Size_-0f3c': 'L' }
 */
export function named<Value>(entries: Iterable<readonly [name: string, value: Value]>): Record<string, Value> {
	const given = new Map<string, Map<string, Value[]>>();
	for (const [name, value] of entries) {
		const key = customName(name);
		const originals = given.get(key) ?? new Map<string, Value[]>();
		const values = originals.get(name) ?? [];
		if (!values.some((one) => JSON.stringify(one) === JSON.stringify(value))) values.push(value);
		given.set(key, originals.set(name, values));
	}
	const result = new Map<string, Value>();
	const put = (key: string, value: Value): void => {
		let free = key;
		for (let count = 2; result.has(free) || (free !== key && given.has(free)); count += 1) free = withSuffix(key, `_${count}`);
		result.set(free, value);
	};
	for (const [key, originals] of given) {
		// Whatever the order in which the cart gives them: one that is spelled like its key has it, else the first by its letters.
		const first = originals.has(key) ? key : [...originals.keys()].sort()[0];
		for (const [name, values] of originals)
			for (const value of values) put(name === first ? key : withSuffix(key, `_${shortHash(name, 4)}`), value);
	}
	return Object.fromEntries(result);
}

const withSuffix = (key: string, suffix: string): string => [...key].slice(0, LONGEST - suffix.length).join('') + suffix;
