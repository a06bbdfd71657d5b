import fc from 'fast-check';
import { responseFrom } from '../../lib/http/Http';
import { keepToken, REDACTED, secretsOf, tokensFor } from '../../lib/http/secrets';

const KEY = 'sk_live_9f8e7d6c5b4a';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('text of a partner', () => {
	it.each([
		['as it is', `The key ${KEY} is unknown`, `The key ${REDACTED} is unknown`],
		['twice', `${KEY},${KEY}`, `${REDACTED},${REDACTED}`],
		['within a word', `x${KEY}x`, `x${REDACTED}x`],
		['in a sign-in', `Authorization: Basic ${base64(`ck_user:${KEY}`)}`, `Authorization: Basic ${REDACTED}`],
		['as a user name', `Basic ${base64(`${KEY}:`)}`, `Basic ${REDACTED}`],
	])('has no secret: %s', (_, said, kept) => {
		expect(secretsOf([KEY]).redact(said)).toBe(kept);
	});

	it.each([
		['quotes and a backslash', 'pa"ss\\word/42', String.raw`{"got":"pa\"ss\\word\/42"}`],
		['other letters', 'schlüssel-für-alle', String.raw`{"got":"schl\u00fcssel-f\u00fcr-alle"}`],
		['an address', 'a b&c=d/e?f+g', '{"got":"/orders?key=a%20b%26c%3Dd%2Fe%3Ff%2Bg"}'],
		['an address in small letters', 'a b&c=d/e?f+g', '{"got":"/orders?key=a%20b%26c%3dd%2fe%3ff%2bg"}'],
		['a form', 'a b&c=d/e?f', '{"got":"key=a+b%26c%3Dd%2Fe%3Ff"}'],
		['a page', 'tom&jerry<3-and-more', '{"got":"<b>tom&amp;jerry&lt;3-and-more</b>"}'],
		['JSON within JSON', 'pa"ss\\word-42', JSON.stringify({ got: JSON.stringify({ key: 'pa"ss\\word-42' }) })],
	])('has none in other forms: %s', (_, secret, text) => {
		const secrets = secretsOf([secret]);
		expect(JSON.stringify(secrets.parse(text))).toContain(REDACTED);
		expect(secrets.redact(text)).toContain(REDACTED);
	});

	it('has none whatever stands around it, and loses nothing else', () => {
		fc.assert(
			fc.property(
				fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme' }),
				fc.string({ maxLength: 30 }),
				fc.string({ maxLength: 30 }),
				fc.constantFrom(
					(text: string) => text,
					encodeURIComponent,
					base64,
					(text: string) => JSON.stringify(text).slice(1, -1),
				),
				(secret, before, after, form) => {
					fc.pre(secret.trim().length >= 12 && !before.includes(secret.trim()) && !after.includes(secret.trim()));
					const { redact } = secretsOf([secret]);
					const kept = redact(`${before} ${form(secret)} ${after}`);
					expect(kept).not.toContain(form(secret));
					expect(kept).toContain(REDACTED);
					expect(redact('There is no order 1001.')).toBe('There is no order 1001.');
				},
			),
			{ numRuns: 500 },
		);
	});

	it('keeps what is too short to be told from any other word', () => {
		expect(secretsOf(['abc', '', '     ']).redact('abc abc')).toBe('abc abc');
	});
});

describe('JSON of a partner', () => {
	const orders = [{ number: 'orders', total: 123456, key: KEY, nested: { [`x-${KEY}`]: [KEY] } }];

	it('has no secret in texts and names, and is JSON still', () => {
		expect(secretsOf([KEY]).parse(JSON.stringify(orders))).toEqual([
			{ number: 'orders', total: 123456, key: REDACTED, nested: { [`x-${REDACTED}`]: [REDACTED] } },
		]);
	});

	it('keeps its names and numbers when a password is a word or a number', () => {
		const secrets = secretsOf(['number', '123456']);
		expect(secrets.parse(JSON.stringify([{ number: 'number 7', total: 123456, phone: '0123456789', sku: 'number' }]))).toEqual([
			{ number: `${REDACTED} 7`, total: 123456, phone: '0123456789', sku: REDACTED },
		]);
	});

	it('has no secret that is a number', () => {
		expect(secretsOf(['481516234200']).parse('{"key":481516234200}')).toEqual({ key: REDACTED });
	});

	it('that is no JSON shows its beginning, such as a warning of the server, without secrets', () => {
		const body = '<br />\n<b>Warning</b>: Undefined array key "s3cr3t-key-1234" in /var/www/x.php on line 3<br />\n{"id":1}';
		expect(() => responseFrom(200, { 'content-type': 'application/json' }, body, secretsOf(['s3cr3t-key-1234']))).toThrow(
			expect.objectContaining({
				name: 'HttpFailure',
				sent: 'maybe',
				message: expect.stringMatching(
					/^the answer is not JSON; it begins with "<br \/>.*Warning<\/b>: Undefined array key (?!.*s3cr3t)/s,
				) as string,
			}),
		);
	});

	it('that is cut off is no answer, and the failure has nothing of it', () => {
		expect(() => responseFrom(200, { 'content-type': 'application/json' }, '{"a')).toThrow(
			expect.objectContaining({ name: 'HttpFailure', message: 'the answer was cut off', sent: 'maybe' }),
		);
		expect(() => responseFrom(200, { 'content-type': 'application/json' }, `{"key":"${KEY}`)).toThrow(
			expect.not.objectContaining({ cause: expect.anything() as unknown }),
		);
	});

	it('has no secret in its headers', () => {
		expect(responseFrom(302, { Location: `/orders?key=${KEY}` }, '', secretsOf([KEY])).headers).toEqual({
			location: `/orders?key=${REDACTED}`,
		});
	});
});

describe('tokens', () => {
	it('are known by the secret that they were had for, the last ones', () => {
		for (let count = 0; count < 5; count += 1) keepToken('refresh-token-1', `token-${count}`);
		expect(tokensFor('refresh-token-1').slice(0, 2)).toEqual(['token-4', 'token-3']);
		expect(tokensFor('refresh-token-2')).toEqual([]);
	});

	it('of accounts that are not used any more are forgotten', () => {
		keepToken('the first', 'its token');
		for (let count = 0; count < 600; count += 1) keepToken(`secret-${count}`, 'token');
		expect(tokensFor('the first')).toEqual([]);
		expect(tokensFor('secret-599')).toEqual(['token']);
	});
});
