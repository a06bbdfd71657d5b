import { cutDepth, isDeeperThan, MAX_DEPTH } from '../../lib/order/depth';
import { boundedKey, fitsKey, KEY_BYTES, wholeText } from '../../lib/order/texts';

describe('a text from outside', () => {
	it.each([
		['plain', 'plain'],
		['a\u0000b', 'ab'],
		['\ud800x', '\ufffdx'],
		['😀', '😀'],
	])('%j is kept as %j', (given, kept) => {
		expect(wholeText(given)).toBe(kept);
		expect(wholeText(kept)).toBe(kept);
	});
});

describe('a key from outside', () => {
	const long = ['k'.repeat(5_000), '€'.repeat(2_000), '😀'.repeat(1_000), `${'k'.repeat(129)}😀${'k'.repeat(600)}`];

	it('stays as it is while it fits an index', () => {
		for (const key of ['S1', 'k'.repeat(KEY_BYTES), '€'.repeat(KEY_BYTES / 3), ''])
			expect([boundedKey(key), fitsKey(key)]).toEqual([key, true]);
	});

	it.each(long)('%.20s… is bounded, the same each time, and like no other', (key) => {
		const kept = boundedKey(key);
		expect(fitsKey(key)).toBe(false);
		expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(KEY_BYTES);
		expect([kept.isWellFormed(), boundedKey(kept), boundedKey(`${key}x`) === kept]).toEqual([true, kept, false]);
	});
});

describe('deep data', () => {
	const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

	it('is cut where it is too deep, and only there', () => {
		const list = [{ good: [1, { b: null }] }, nested(9_000), ['x']];
		const cut = cutDepth(list) as unknown[];
		expect([cut[0], cut[2]]).toEqual([list[0], list[2]]);
		expect(isDeeperThan(cut, MAX_DEPTH)).toBe(false);
		expect(JSON.stringify(cut)).toContain('(more than 100 levels)');
	});

	it('is the same object when it is not', () => {
		const value = nested(MAX_DEPTH);
		expect(cutDepth(value)).toBe(value);
	});

	it('keeps a name that every object has as one of its own', () => {
		const cut = cutDepth(JSON.parse(`{"__proto__":{"polluted":1},"deep":${'['.repeat(200)}${']'.repeat(200)}}`)) as object;
		expect(Object.hasOwn(cut, '__proto__')).toBe(true);
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
	});
});
