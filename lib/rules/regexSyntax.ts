/**
 * Writes a JavaScript pattern as RE2 reads it. The two differ in small things: what `.` and `\s` are, escapes of letters that
 * mean nothing, `[^]`, brackets within a class. Whether something matches stays the same; groups are not kept, as nobody asks for them.
 *
 * Two differences stay: a character is always a whole one, also outside the BMP, and ignoring case follows Unicode, both as
 * with the flag u.
 */
import { present } from '../order/present';
import { ruleProblem } from './problem';

interface Re2Pattern {
	pattern: string;
	/** About how many instructions it becomes: a counted repeat is written out. */
	size: number;
	/** ^ or $ stand for the ends of lines somewhere: every line end in the text must be \n. */
	multiline: boolean;
}

const SPACE = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const NO_SPACE =
	'\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';
const ANY = '(?s:.)';
const NOT_LINE_END = '[^\\n\\r\\x{2028}\\x{2029}]';
/** What RE2 can repeat. */
const REPEAT_LIMIT = 1_000;

/** What a group goes back to when it ends. */
interface Outer {
	size: number;
	dotAll: boolean;
	multiline: boolean;
}

/** @param source a pattern that RegExp has accepted with these flags. Throws FulfillmentError for what RE2 cannot do. */
export const toRe2 = (source: string, flags: string): Re2Pattern => new Translator(source, flags).translate();

class Translator {
	private position = 0;
	private out = '';
	private size = 0;
	/** Size of the last atom, which a quantifier repeats. */
	private atom = 0;
	private usesLines = false;
	private readonly unicode: boolean;
	private dotAll: boolean;
	private multiline: boolean;
	private readonly outer: Outer[] = [];

	constructor(
		private readonly source: string,
		private readonly flags: string,
	) {
		this.unicode = flags.includes('u');
		this.dotAll = flags.includes('s');
		this.multiline = flags.includes('m');
	}

	translate(): Re2Pattern {
		while (this.position < this.source.length) this.next();
		const body = this.flags.includes('y') ? `\\A(?:${this.out})` : this.out;
		return { pattern: this.flags.includes('i') ? `(?i)${body}` : body, size: this.size, multiline: this.usesLines };
	}

	private next(): void {
		const character = this.take();
		switch (character) {
			case '(':
				return this.open();
			case ')': {
				const { size, dotAll, multiline } = present(this.outer.pop(), 'The group that a bracket ends');
				this.out += ')';
				this.atom = this.size - size;
				Object.assign(this, { dotAll, multiline });
				return;
			}
			case '[':
				return this.characterClass();
			case '\\':
				return this.write(this.escape(false));
			case '.':
				return this.write(this.dotAll ? ANY : NOT_LINE_END);
			case '^':
			case '$':
				this.usesLines ||= this.multiline;
				return this.write(this.multiline ? `(?m:${character})` : character === '^' ? '\\A' : '\\z');
			case '|':
				this.out += '|';
				return;
			case '*':
			case '+':
			case '?':
				this.out += character;
				return;
			case '{':
				return this.braces();
			default:
				this.write(literal(character));
		}
	}

	private take(): string {
		const character = String.fromCodePoint(present(this.source.codePointAt(this.position), 'The next letter of the expression'));
		this.position += character.length;
		return character;
	}

	private write(text: string): void {
		this.out += text;
		this.atom = 1;
		this.size += 1;
	}

	private rest(expression: RegExp): RegExpExecArray | null {
		const match = expression.exec(this.source.slice(this.position));
		if (match !== null) this.position += match[0].length;
		return match;
	}

	private open(): void {
		if (this.rest(/^\?<?[=!]/) !== null)
			throw unsupported(
				'looks ahead or behind, such as (?=…) or (?!…)',
				'Use several conditions, such as one that matches and one that does not.',
			);
		const { size, dotAll, multiline } = this;
		this.outer.push({ size, dotAll, multiline });
		const modifiers = this.rest(/^\?([ims]*)(?:-([ims]*))?:/);
		if (modifiers === null) this.rest(/^\?<[^>]*>/);
		const [, on = '', off = ''] = modifiers ?? [];
		this.dotAll = on.includes('s') || (this.dotAll && !off.includes('s'));
		this.multiline = on.includes('m') || (this.multiline && !off.includes('m'));
		this.out += on.includes('i') ? '(?i:' : off.includes('i') ? '(?-i:' : '(?:';
	}

	private braces(): void {
		const counted = this.rest(/^(\d+)(,?)(\d*)\}/);
		if (counted === null) return this.write('\\{');
		const [, from = '', comma = '', to = ''] = counted;
		const most = Math.max(Number(from), Number(to || 0));
		if (most > REPEAT_LIMIT) throw unsupported(`repeats a part ${most} times`, `Repeat it at most ${REPEAT_LIMIT} times.`);
		this.out += `{${Number(from)}${comma}${to === '' ? '' : Number(to)}}`;
		this.size += this.atom * Math.max(0, most - 1);
	}

	private characterClass(): void {
		const negated = this.rest(/^\^/) !== null;
		if (this.rest(/^\]/) !== null) return this.write(negated ? ANY : '[^\\x{0}-\\x{10ffff}]');
		let members = negated ? '^' : '';
		let afterSet = true;
		while (this.source[this.position] !== ']') {
			const ahead = this.source.slice(this.position + 1);
			if (this.source[this.position] === '-') {
				// A range ends neither at a set such as \d nor at the bracket; then it is a hyphen like any other character.
				const isRange = !afterSet && ahead[0] !== ']' && !this.isSet(ahead);
				this.position++;
				members += isRange ? '-' : '\\-';
				if (isRange) members += this.member();
				afterSet = true;
			} else {
				afterSet = this.isSet(this.source.slice(this.position));
				members += this.member();
			}
		}
		this.position++;
		this.write(`[${members}]`);
	}

	private isSet(text: string): boolean {
		return (this.unicode ? /^\\[dDwWsSpP]/ : /^\\[dDwWsS]/).test(text);
	}

	private member(): string {
		const character = this.take();
		return character === '\\' ? this.escape(true) : literal(character);
	}

	private escape(inClass: boolean): string {
		const reference = inClass ? null : (this.rest(/^[1-9]\d*/) ?? this.rest(/^k<[^>]*>/));
		if (reference !== null)
			throw unsupported(`refers back to an earlier group with \\${reference[0]}`, 'Write out what the group stands for.');
		const pair = this.rest(/^u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})/i);
		if (pair !== null) {
			const [, high = '', low = ''] = pair;
			return code((Number.parseInt(high, 16) - 0xd800) * 0x400 + Number.parseInt(low, 16) - 0xdc00 + 0x10000);
		}
		const hex = this.rest(/^(?:x([\da-f]{2})|u([\da-f]{4}))/i) ?? (this.unicode ? this.rest(/^u\{([\da-f]+)\}/i) : null);
		if (hex !== null) return code(Number.parseInt(hex[1] ?? hex[2] ?? '', 16));
		const control = this.rest(/^c([A-Za-z])/);
		if (control !== null) return code((control[1] ?? '').charCodeAt(0) % 32);
		const property = this.unicode ? this.rest(/^([pP])\{(?:(?:Script|sc|General_Category|gc)=)?(\w+)\}/) : null;
		if (property !== null) return `\\${property[1]}{${property[2]}}`;
		if (this.unicode && this.rest(/^[pP]\{/) !== null)
			throw unsupported('names a property of letters that is not known', 'Use one such as \\p{Lu} or \\p{Greek}.');
		if (this.rest(/^c/) !== null) {
			this.position--;
			return '\\\\';
		}
		const octal = this.rest(/^0[0-7]*|^[1-7][0-7]*/);
		if (octal !== null) {
			if (octal[0] !== '0') throw unsupported(`has the octal escape \\${octal[0]}`, 'Write it as \\x and two hexadecimal digits.');
			return code(0);
		}
		const character = this.take();
		switch (character) {
			case 's':
				return inClass ? SPACE : `[${SPACE}]`;
			case 'S':
				return inClass ? NO_SPACE : `[${NO_SPACE}]`;
			case 'b':
				return inClass ? '\\x08' : '\\b';
			case 'B':
				return inClass ? 'B' : '\\B';
			case 'r':
				// With line ends compared as \n, so is this one.
				return this.flags.includes('m') ? '[\\r\\n]'.slice(inClass ? 1 : 0, inClass ? -1 : undefined) : '\\r';
			default:
				return /^[dDwWtnfv]$/.test(character) ? `\\${character}` : literal(character);
		}
	}
}

const code = (point: number): string => `\\x{${point.toString(16)}}`;

const literal = (character: string): string => (/^[!-/:-@[-^`{-~]$/.test(character) ? `\\${character}` : character);

const unsupported = (what: string, remedy: string) => ruleProblem(`The regular expression ${what}, which is not possible here.`, remedy);
