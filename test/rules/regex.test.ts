import { compilePattern, INPUT_LIMIT, PATTERN_LIMIT } from '../../lib/rules/regex';

const a = (count: number) => 'a'.repeat(count);

describe('regular expressions', () => {
	it.each([
		['^DHL', 'DHL Express', true],
		['^dhl', 'DHL Express', false],
		['/^dhl/i', 'DHL Express', true],
		['/b$/gm', 'ab\ncd', true],
		['(DHL|UPS|FedEx)+ Express', 'DHL Express', true],
		['(?:DHL|DPD) \\d{1,2}', 'DPD 12', true],
		['^[A-Z]{2}-\\d{4}(-\\w+)?$', 'RM-0001-L', true],
		['^\\d{5}(?:-\\d{4})?$', '12345-6789', true],
		['^(?!.*express).*$', 'DHL Standard', true],
		['.*Express.*', `${a(4000)} Express ${a(4000)}`, true],
		['.*Express.*', a(9000), false],
		['\\.*', 'no dot', true],
		['^v\\.*$', 'v...', true],
		['^v\\.*$', 'vx', false],
		['[.*]', 'a*', true],
		['\\u{61}', `${'u'.repeat(61)}`, true],
		['/\\u{61}/u', 'a', true],
		['/^\\p{Lu}+$/u', 'ÄÖ', true],
		['(?<year>\\d{4})-\\d\\d', '2026-11', true],
		['(a)\\1', 'aa', true],
		['(ab){3}', 'ababab', true],
		['', 'anything', true],
	])('%s on %.30s gives %s', (pattern, input, expected) => {
		expect(compilePattern(pattern).test(input)).toBe(expected);
	});

	it('gives the same when it is asked twice with the flag g', () => {
		const pattern = compilePattern('/a/g');
		expect([pattern.test('a'), pattern.test('a')]).toEqual([true, true]);
	});

	it.each([
		['(a+)+$', `${a(5000)}!`],
		['^(a+)+$', `${a(5000)}!`],
		['([a-zA-Z]+)*$', `${a(50)}!`],
		['(a|aa)+$', `${a(50)}!`],
		['(a|a)*$', `${a(50)}!`],
		['(\\w|\\d)*$', `${a(50)}!`],
		['(a?b?)*c', a(50)],
		['/(s|\u017f)*$/iu', a(50)],
		['(?:(?=a*)a)*b', a(50)],
		['(x+x+)+y', a(50)],
		['(.*a){12}', a(50)],
		[`${'a?'.repeat(40)}${a(40)}`, a(40)],
		['(?:a?){50}b', a(50)],
		['(a|a){40}b', a(50)],
		['a*a*a*a*b', a(INPUT_LIMIT)],
		['a{0,400}a{0,400}a{0,400}b', a(INPUT_LIMIT)],
		['(a*)\\1b', a(INPUT_LIMIT)],
		['((a{50}){50}){50}', a(INPUT_LIMIT)],
		[`a*${a(400)}b`, a(INPUT_LIMIT)],
	])('refuses %.30s quickly', (pattern, input) => {
		const start = performance.now();
		expect(() => compilePattern(pattern).test(input)).toThrow(expect.objectContaining({ code: 'rule_failed' }));
		expect(performance.now() - start).toBeLessThan(100);
	});

	it.each(['a*b', '^a*a*b', 'foo.*bar', '(?:a|b)+$'])('runs %s on the longest text', (pattern) => {
		expect(compilePattern(pattern).test(a(INPUT_LIMIT - 1))).toBe(pattern.startsWith('(?:'));
	});

	it('refuses long patterns, long texts and broken patterns', () => {
		expect(() => compilePattern(a(PATTERN_LIMIT + 1))).toThrow('501 characters');
		expect(() => compilePattern('a').test(a(INPUT_LIMIT + 1))).toThrow('10001 characters');
		expect(() => compilePattern('(a')).toThrow('Unterminated group');
		expect(() => compilePattern('[\\].*')).toThrow('Unterminated character class');
	});
});
