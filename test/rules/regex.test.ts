import { compilePattern, INPUT_LIMIT, PATTERN_LIMIT } from '../../lib/rules/regex';

const a = (count: number) => 'a'.repeat(count);

/** Patterns that people write, each tried on each text. */
const PATTERNS = [
	'^DHL', '^dhl', '/^dhl/i', '/b$/gm', '/^cd/m', '(DHL|UPS|FedEx)+ Express', '(?:DHL|DPD) \\d{1,2}', '^[A-Z]{2}-\\d{4}(-\\w+)?$', '^\\d{5}(?:-\\d{4})?$', '.*Express.*',
	'\\.*', '^v\\.*$', '[.*]', '/^\\p{Lu}+$/u', '(?<year>\\d{4})-\\d\\d', '(ab){3}', '', '\\bP\\.?\\s?O\\.?\\s?Box\\b', '/\\bp\\.?o\\.? box\\b/i', '^\\s*$', '\\S', '^\\S+@\\S+\\.\\S+$',
	'^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$', '[^\\s]', '[\\S]', '[\\s\\d]', '[\\w-.]', '[a-]', '[-a]', '[[]', '[\\]]', '[[:alpha:]]', '[^]', '[]', '[^^]', 'a{2,}', 'a{', 'a{,3}', '{', '}', ']',
	'x{1,3}?y', 'a.c', '/a.c/s', '^.$', '\\x41', '\\u0041', '/\\u{41}/u', '\\u{61}', '\\cJ', '\\0', '\\t|\\n', '\\r', '/b\\r$/m', '[\\b]', '\\B', '\\/', '\\-', '\\i', '\\_', '\\A', '\\Q.\\E', '\\z',
	'\\p{Lu}', '\\x', '\\u', '\\c', '/^b/y', '/a/g', '^(?:a|b|)+$', '(|a)+b', 'a??b', '$^', '^$', '/^$/m', 'a|b|', '(?i:dhl) EXPRESS', '(?s:a.c)', '/a(?-i:B)/i', '(?m:^cd)', 'ä', '/Ä/i', '[ä-ü]', '€', '\\$\\d+', '100%', '#\\d', '[&]',
	'^(?:GB|IE)[A-Z0-9]+', '(foo|bar)$', '-(S|M|L|XL)$', '^0+$', '(\\d+)x(\\d+)', '[^a-zA-Z0-9 ]', '[\\d-x]', '[x-\\d]', '[+--]', '[a\\-z]', '\\\\', 'a\\sb', '[\\u0041-\\u005A]{2}',
];
const TEXTS = [
	'', ' ', 'a', 'b', 'aaa', 'ab', 'ababab', 'xxy', 'DHL Express', 'dhl express', 'DHL EXPRESS', 'DPD 12', 'RM-0001-L', '12345-6789', '12345', 'ab\ncd', 'ab\r\ncd', 'a\nc', 'a\rc', 'a\u2028c', 'v...', 'vx', 'a*', 'ÄÖ', 'ä', 'ü',
	'2026-11', 'PO Box 12', 'P.O. Box', 'p.o. box 7', 'ada@example.com', 'a.b+c@ex-ample.co.uk', '\u00a0', '\u2003x', '\ufeff', '\v', '\t', '\n', '\r', '\b', '\0', '-', '[', ']', '[[:alpha:]]', ':]', '{', 'a{', 'a{,3}', 'a{2,}', '}', '/', 'i', '_', 'A', 'Q.E', 'z', 'p{Lu}', 'x', 'u', '\\c', '\\',
	'u'.repeat(61), '$100', '100%', '#1', '&', 'GB1A', 'foobar', 'TEE-XL', '000', '10x20', 'a b', 'a\u00a0b', '€', '.', '+', 'ABC',
];

it.each(PATTERNS)('%s gives what JavaScript gives', (pattern) => {
	const [, source = pattern, flags = ''] = /^\/(.*?)\/([gimusy]*)$/.exec(pattern) ?? [];
	const ours = compilePattern(pattern);
	const theirs = new RegExp(source, flags.replace('g', ''));
	const different = TEXTS.filter((text) => {
		theirs.lastIndex = 0;
		return ours.test(text) !== theirs.test(text);
	});
	expect(different).toEqual([]);
});

it('gives the same when it is asked twice with the flag g', () => {
	const pattern = compilePattern('/a/g');
	expect([pattern.test('a'), pattern.test('a')]).toEqual([true, true]);
});

it.each<[string, string, boolean]>([
	['(a+)+$', `${a(90_000)}!`, false],
	['^(a+)+$', `${a(90_000)}!`, false],
	['([a-zA-Z]+)*$', `${a(90_000)}!`, true],
	['^(a|aa)+$', `${a(90_000)}!`, false],
	['^(\\w|\\d)*$', `${a(90_000)}!`, false],
	['(a?b?)*c', a(90_000), false],
	['(x+x+)+y', 'x'.repeat(90_000), false],
	['(.*a){12}', a(9_000), true],
	[`^${'a?'.repeat(40)}${a(40)}$`, a(41), true],
	['(?:a?){50}b', a(9_000), false],
	['a*a*a*a*b', a(90_000), false],
	['a{0,30}a{0,30}a{0,30}b', a(9_000), false],
	['.*Express.*', `${a(40_000)} Express ${a(40_000)}`, true],
	['^(([a-z])+.)+[A-Z]([a-z])+$', a(9_000), false],
])('%.30s answers quickly on a long text', (pattern, text, expected) => {
	const start = performance.now();
	expect(compilePattern(pattern).test(text)).toBe(expected);
	expect(performance.now() - start).toBeLessThan(2_000);
});

it.each([
	['^(?!.*express).*$', 'looks ahead or behind'],
	['(?=a)b', 'looks ahead or behind'],
	['(?<=a)b', 'looks ahead or behind'],
	['(?<!a)b', 'looks ahead or behind'],
	['(a)\\1', 'refers back to an earlier group with \\1'],
	['(?<x>a)\\k<x>', 'refers back to an earlier group with \\k<x>'],
	['a{1001}', '1001 times'],
	['((a{50}){50}){50}', 'repeats parts too often'],
	['a{0,1000}'.repeat(50), 'repeats parts too often'],
	['/\\p{Script_Extensions=Greek}/u', 'property of letters'],
	['[\\12]', 'octal'],
	[a(PATTERN_LIMIT + 1), '501 characters'],
	['(a', 'Unterminated group'],
	['[\\].*', 'Unterminated character class'],
])('refuses %.30s: %s', (pattern, words) => {
	const start = performance.now();
	expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: 'rule_failed', message: expect.stringContaining(words) }));
	expect(performance.now() - start).toBeLessThan(500);
});

it('bounds the length of the text, more tightly for large patterns', () => {
	expect(() => compilePattern('a').test(a(INPUT_LIMIT + 1))).toThrow('100001 characters');
	expect(compilePattern('(?:a?){1000}b').test(a(1_000))).toBe(false);
	expect(() => compilePattern('(?:a?){1000}b').test(a(20_000))).toThrow('20000 characters');
});
