/**
 * Regular expressions with a bound. A pattern that backtracks without end would stop the whole n8n process, so a pattern is
 * read first: how many ways of matching can there be in a text of this length? What may take too long is refused before it
 * runs. That depends on the pattern and the length alone, never on the clock, so that the same order gives the same result.
 */
import { ruleProblem } from './problem';

export const PATTERN_LIMIT = 500;
export const INPUT_LIMIT = 10_000;
/** Steps of the matcher, about a second at the very worst; what people write stays far below. */
const STEP_LIMIT = 500_000_000;

export interface Pattern {
	/** Throws FulfillmentError `rule_failed` when the text is too long for the pattern. */
	test(input: string): boolean;
}

/** What a part of a pattern may cost. */
interface Cost {
	/** Ways to match that do not depend on the length of the text. */
	factor: number;
	/** How many repeats may end anywhere: the ways grow with this power of the length. */
	degree: number;
	/** Characters compared on one way, repeats counted once. */
	width: number;
	/** More than one way to match the same text. Repeated, that is exponential. */
	ambiguous: boolean;
	/** The letters that it surely begins with, lower case. */
	prefix: string;
	/** It is nothing but `prefix`. */
	literal: boolean;
	anchored: boolean;
}

const NOTHING: Cost = { factor: 1, degree: 0, width: 0, ambiguous: false, prefix: '', literal: true, anchored: false };
const CHARACTER: Cost = { ...NOTHING, width: 1, literal: false };
const ASSERTION: Cost = { ...NOTHING, literal: false };
const letter = (text: string): Cost => (/^[\x20-\x7e]$/.test(text) ? { ...CHARACTER, prefix: text.toLowerCase(), literal: true } : CHARACTER);

/**
 * Compiles the right side of n8n's "matches regex": a pattern, or `/pattern/flags`. Throws FulfillmentError `rule_failed`.
 *
 * @example compilePattern('/^dhl/i').test('DHL Express') // true
 */
export function compilePattern(text: string): Pattern {
	const literal = /^\/(.*?)\/([gimusy]*)$/.exec(text);
	const source = literal ? literal[1]! : text;
	const flags = literal ? literal[2]! : '';
	if (source.length > PATTERN_LIMIT) {
		throw ruleProblem(
			`The regular expression has ${source.length} characters.`,
			`Shorten it to ${PATTERN_LIMIT} characters, or use several conditions.`,
		);
	}
	try {
		new RegExp(source, flags);
	} catch (error) {
		throw ruleProblem(`${(error as Error).message}.`, 'Correct the regular expression.', error);
	}
	// Whether something matches does not depend on what may stand around it, but trying that costs most: ".*express.*".
	const core = flags.includes('y') ? source : source.replace(/^(?:\.\*\??)+/, '').replace(/(?<!\\)(?:\.\*\??)+$/, '');
	const cost = new PatternReader(core, flags).read();
	const expression = new RegExp(core, flags);
	const degree = cost.degree + (cost.anchored && !flags.includes('m') ? 0 : 1);
	return {
		test(input) {
			if (input.length > INPUT_LIMIT) {
				throw ruleProblem(
					`The text has ${input.length} characters, too many for a regular expression.`,
					`Regular expressions take texts of up to ${INPUT_LIMIT} characters; use "contains" instead.`,
				);
			}
			if (cost.factor * Math.max(1, cost.width) * waysToEnd(input.length, degree) > STEP_LIMIT) throw costlyProblem(input.length);
			// With the flags g and y a RegExp remembers where it stopped.
			expression.lastIndex = 0;
			return expression.test(input);
		},
	};
}

const costlyProblem = (length: number) =>
	ruleProblem(
		`The regular expression may take too long on a text of ${length} characters.`,
		'Let it begin with ^, or use fewer * and + and ?, or use several conditions.',
	);

/** In how many ways `degree` repeats one after the other can end in a text: a choice of ordered positions. */
function waysToEnd(length: number, degree: number): number {
	let ways = 1;
	for (let step = 1; step <= degree; step++) ways = (ways * (length + step)) / step;
	return ways;
}

/** Reads the structure of a pattern that RegExp has accepted. */
class PatternReader {
	private position = 0;
	private readonly unicode: boolean;

	constructor(
		private readonly source: string,
		flags: string,
	) {
		this.unicode = flags.includes('u');
	}

	read(): Cost {
		return this.alternatives();
	}

	private alternatives(): Cost {
		const branches = [this.sequence()];
		while (this.take('|')) branches.push(this.sequence());
		if (branches.length === 1) return branches[0]!;
		const exclusive = branches.every((branch, index) => branches.slice(index + 1).every((other) => excludes(branch.prefix, other.prefix)));
		const factors = branches.map(({ factor }) => factor);
		return {
			factor: exclusive ? Math.max(...factors) : factors.reduce((sum, factor) => sum + factor, 0),
			degree: Math.max(...branches.map(({ degree }) => degree)),
			width: branches.reduce((sum, { width }) => sum + width, 0),
			ambiguous: !exclusive || branches.some(({ ambiguous }) => ambiguous),
			prefix: '',
			literal: false,
			anchored: branches.every(({ anchored }) => anchored),
		};
	}

	private sequence(): Cost {
		let cost = NOTHING;
		let first = true;
		while (this.position < this.source.length && !'|)'.includes(this.source[this.position]!)) {
			const atom = this.quantified(this.atom());
			cost = {
				factor: cost.factor * atom.factor,
				degree: cost.degree + atom.degree,
				width: cost.width + atom.width,
				ambiguous: cost.ambiguous || atom.ambiguous,
				prefix: cost.literal ? cost.prefix + atom.prefix : cost.prefix,
				literal: cost.literal && atom.literal,
				anchored: first ? atom.anchored : cost.anchored,
			};
			first = false;
		}
		return cost;
	}

	private atom(): Cost {
		const character = this.source[this.position++]!;
		switch (character) {
			case '(':
				return this.group();
			case '[':
				return this.characterClass();
			case '\\':
				return this.escape();
			case '^':
				return { ...ASSERTION, anchored: true };
			case '$':
				return ASSERTION;
			case '.':
				return CHARACTER;
			default:
				return letter(character);
		}
	}

	private group(): Cost {
		let looksAround = false;
		const opening = /^\?(?:<?[=!]|<[^>]*>|[a-z-]*:)/.exec(this.source.slice(this.position));
		if (opening) {
			this.position += opening[0].length;
			looksAround = /[=!]$/.test(opening[0]);
		}
		const body = this.alternatives();
		this.take(')');
		// What a look-around sees is not consumed, so it says nothing about how the text begins.
		return looksAround ? { ...body, prefix: '', literal: false, anchored: false } : body;
	}

	private characterClass(): Cost {
		while (this.position < this.source.length && this.source[this.position] !== ']') {
			this.position += this.source[this.position] === '\\' ? 2 : 1;
		}
		this.position++;
		return CHARACTER;
	}

	private escape(): Cost {
		const rest = this.source.slice(this.position);
		const reference = /^(?:[1-9]\d*|k<[^>]*>)/.exec(rest)?.[0];
		if (reference !== undefined) {
			// Each comparison with an earlier group may run over the whole text.
			this.position += reference.length;
			return { ...CHARACTER, degree: 1, ambiguous: true };
		}
		const long = /^(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z])/i.exec(rest)?.[0] ?? (this.unicode ? /^[pPu]\{[^}]*\}/.exec(rest)?.[0] : undefined);
		this.position += long?.length ?? 1;
		if (long === undefined && /^[bB]/.test(rest)) return ASSERTION;
		return long === undefined && /^[^A-Za-z0-9]/.test(rest) ? letter(rest[0]!) : CHARACTER;
	}

	private quantified(atom: Cost): Cost {
		const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.source.slice(this.position));
		if (match === null) return atom;
		this.position += match[0].length;
		const [, sign, from, comma, to] = match;
		const least = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
		const most = sign === undefined ? (comma === undefined ? least : to === '' ? Infinity : Number(to)) : sign === '?' ? 1 : Infinity;
		if (most === 0) return ASSERTION;
		const repeated: Cost = { ...atom, prefix: '', literal: false, anchored: least > 0 && atom.anchored };
		if (least === most) {
			return { ...repeated, factor: atom.factor ** least, degree: atom.degree * least, width: atom.width * least };
		}
		if (most > 1 && atom.ambiguous) throw nestedProblem();
		return {
			...repeated,
			factor: atom.factor * (most === Infinity ? 1 : most - least + 1),
			degree: atom.degree + (most === Infinity ? 1 : 0),
			width: atom.width * Math.max(1, most === Infinity ? least : most),
			ambiguous: true,
		};
	}

	private take(character: string): boolean {
		if (this.source[this.position] !== character) return false;
		this.position++;
		return true;
	}
}

const nestedProblem = () =>
	ruleProblem(
		'The regular expression repeats a part that itself repeats or has a choice, such as (a+)+ or (a|ab)*; it may take for ever.',
		'Write it without a repeat within a repeat, for example a+ for (a+)+.',
	);

/** Whether no text begins with both. */
function excludes(left: string, right: string): boolean {
	for (let index = 0; index < Math.min(left.length, right.length); index++) if (left[index] !== right[index]) return true;
	return false;
}
