import type { Package } from '../../lib/order/order';
import { newsOfPackages } from '../../lib/order/packageNews';
import { numbersOf, trackingNumbersIn, trackingsOf } from '../../lib/order/packages';

const box = (key: string | null, ...trackingNumbers: string[]): Package => ({
	key,
	carrier: null,
	serviceLevel: null,
	trackingNumbers,
	trackingUrl: null,
	sscc: null,
	weight: null,
	lines: null,
});

it.each([
	['1Z1, 1Z2', ['1Z1', '1Z2']],
	['1Z1;1Z1|1Z3\n', ['1Z1', '1Z3']],
	['9400 1000 0000', ['9400 1000 0000']],
	[' ', []],
	[null, []],
])('numbers in %j', (text, numbers) => expect(trackingNumbersIn(text)).toEqual(numbers));

it('a link of one number becomes that of each', () =>
	expect(
		trackingsOf({
			externalId: 'S1',
			carrier: 'UPS',
			serviceLevel: null,
			trackingNumber: 'A 1',
			trackingUrl: null,
			packages: [{ ...box(null, 'A 1', 'B'), trackingUrl: 'https://t.example/?n=A%201' }],
		}).map(({ number, url }) => [number, url]),
	).toEqual([
		['A 1', 'https://t.example/?n=A%201'],
		['B', 'https://t.example/?n=B'],
	]));

/** What was known, what is reported, the numbers after it (null = nothing new), those that came and those that were corrected. */
it.each<[string, Package[], Package[], string[] | null, string[], string[]]>([
	['the same', [box('P', 'A')], [box('P', 'A')], null, [], []],
	['a part of it', [box('P', 'A', 'B')], [box('P', 'B')], null, [], []],
	['one more', [box('P', 'A')], [box('P', 'A', 'B')], ['A', 'B'], ['B'], []],
	['only what is new', [box('P', 'A', 'B')], [box('P', 'C')], ['A', 'B', 'C'], ['C'], []],
	['another one', [box('P', 'A')], [box('P', 'B')], ['B'], [], ['A>B']],
	['another one of the second package', [box('P', 'A'), box('Q', 'B')], [box('Q', 'C')], ['A', 'C'], [], ['B>C']],
	['a number that has come', [box('P')], [box('P', 'A')], ['A'], ['A'], []],
	['packages without keys, one of them new', [box(null, 'A')], [box(null, 'A'), box(null, 'B')], ['A', 'B'], ['B'], []],
	[
		'packages without keys, one of them corrected',
		[box(null, 'A'), box(null, 'B')],
		[box(null, 'A'), box(null, 'C')],
		['A', 'C'],
		[],
		['B>C'],
	],
	['less than was known', [box(null, 'A'), box(null, 'B')], [], null, [], []],
	['as an older version kept it', [box('P', 'A, B')], [box('P', 'A', 'B')], null, [], []],
	['more than an older version kept', [box('P', 'A, B')], [box('P', 'A', 'B', 'C')], ['A, B', 'C'], ['C'], []],
])('reported again: %s', (_, known, reported, numbers, added, corrected) => {
	const news = newsOfPackages(known, reported);
	expect(news === null ? null : numbersOf(news.packages)).toEqual(numbers);
	expect(news?.added ?? []).toEqual(added);
	expect((news?.corrected ?? []).map(({ before, after }) => `${before}>${after}`)).toEqual(corrected);
	// Said once more, it is no news.
	if (news !== null) expect(newsOfPackages(news.packages, reported)).toBeNull();
});
