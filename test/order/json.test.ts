import { isObject, objectsIn, textOf } from '../../lib/order/json';

describe('JSON from outside', () => {
	it('knows objects from lists and null', () => {
		expect([{}, { a: 1 }].every(isObject)).toBe(true);
		expect([null, undefined, [], [{}], 'a', 1, true].some(isObject)).toBe(false);
		expect(objectsIn([1, { a: 1 }, null, []])).toEqual([{ a: 1 }]);
		expect(objectsIn({ length: 1 })).toEqual([]);
	});

	it('gives text of texts and numbers, and of nothing else', () => {
		expect([' a ', 17, 0].map(textOf)).toEqual(['a', '17', '0']);
		expect(['', '  ', null, undefined, true, {}, ['a'], Number.NaN, Number.POSITIVE_INFINITY].map(textOf)).toEqual(Array(9).fill(null));
	});
});
