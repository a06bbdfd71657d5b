/**
 * Regular expressions that take a time linear in the text: RE2 instead of JavaScript's engine, which may backtrack without end
 * and would stop the whole n8n process. Patterns are written as for JavaScript; look-around and back-references, which RE2 has
 * not, are refused with a clear message. The bounds depend on the pattern and the text alone, never on the clock, so that the
 * same order gives the same result.
 */
import { RE2JS } from 're2js';
import { asError } from '../order/errors';
import { ruleProblem } from './problem';
import { toRe2 } from './regexSyntax';

export const PATTERN_LIMIT = 500;
export const INPUT_LIMIT = 100_000;
/** Instructions of a pattern: counted repeats are written out, and `(a{1000}){1000}` would be a million. */
const SIZE_LIMIT = 5_000;
/** Instructions times characters: at the very worst about a second, mostly some milliseconds. */
const WORK_LIMIT = 10_000_000;

export interface Pattern {
	/** Throws FulfillmentError `rule_failed` when the text is too long for the pattern. */
	test(input: string): boolean;
}

/**
 * Compiles the right side of n8n's "matches regex": a pattern, or `/pattern/flags`. Throws FulfillmentError `rule_failed`.
 *
 * @example compilePattern('/^dhl/i').test('DHL Express') // true
 */
export function compilePattern(text: string, { ignoreCase = false }: { ignoreCase?: boolean } = {}): Pattern {
	const [, source = text, given = ''] = /^\/(.*?)\/([gimusy]*)$/.exec(text) ?? [];
	const flags = ignoreCase && !given.includes('i') ? `${given}i` : given;
	if (source.length > PATTERN_LIMIT) {
		throw ruleProblem(
			`The regular expression has ${source.length} characters.`,
			`Shorten it to ${PATTERN_LIMIT} characters, or use several conditions.`,
		);
	}
	try {
		new RegExp(source, flags);
	} catch (error) {
		throw ruleProblem(`${asError(error).message}.`, 'Correct the regular expression.', error);
	}
	const { pattern, size, multiline } = toRe2(source, flags);
	if (size > SIZE_LIMIT) throw tooLarge();
	const expression = compiled(pattern);
	const limit = Math.min(INPUT_LIMIT, Math.floor(WORK_LIMIT / Math.max(1, expression.programSize())));
	return {
		test(input) {
			if (input.length > limit) {
				throw ruleProblem(
					`The text has ${input.length} characters, too many for this regular expression.`,
					`It takes texts of up to ${limit} characters; use "contains", or write it with fewer repeats.`,
				);
			}
			return expression.test(multiline ? input.replace(/[\r\u2028\u2029]/g, '\n') : input);
		},
	};
}

function compiled(pattern: string): RE2JS {
	try {
		return RE2JS.compile(pattern);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		if (/repeat/.test(reason)) throw tooLarge(error);
		throw ruleProblem(`The regular expression cannot be used: ${reason}.`, 'Write it in a simpler way, or use several conditions.', error);
	}
}

const tooLarge = (cause?: unknown) =>
	ruleProblem(
		'The regular expression repeats parts too often, such as (a{50}){50}.',
		'Use * or + instead of counting, or use several conditions.',
		cause,
	);
