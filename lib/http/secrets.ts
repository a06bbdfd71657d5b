/** Takes the secrets of a credential out of everything that a partner says, before anything keeps it: partners repeat what they were sent. */
import { createHash } from 'node:crypto';
import { cutDepth } from '../order/depth';
import { sharedMap } from './shared';

export const REDACTED = '•••';

/** Shorter ones stand in any text by chance. */
const SHORTEST = 6;
/** Shorter ones may be a word or a number of their own: they are taken out only where they stand alone, and neither as a name nor as a number of JSON. */
const SURE = 12;

export interface Secrets {
	/** The text without them. */
	redact(text: string): string;
	/** The value of a JSON text without them, in names and texts. Throws SyntaxError. */
	parse(text: string): unknown;
}

const parsed: (...given: Parameters<typeof JSON.parse>) => unknown = JSON.parse;

export const NO_SECRETS: Secrets = { redact: (text) => text, parse: parsed };

/**
 * @param secrets passwords, keys, tokens
 * @example secretsOf(['hunter2-hunter2']).redact('hunter2-hunter2 is wrong') // "••• is wrong"
 */
export function secretsOf(secrets: Iterable<string>): Secrets {
	const known = [...new Set([...secrets].flatMap((secret) => [secret.trim(), ...withinBase64(secret.trim())]))].filter(
		({ length }) => length >= SHORTEST,
	);
	if (known.length === 0) return NO_SECRETS;
	// Of one within another, the longer one first.
	const all = known.sort((left, right) => right.length - left.length).map(tracesOf);
	const isIn = (text: string): boolean => all.some(({ signs }) => signs.some((sign) => text.includes(sign)));
	const redact = (text: string): string => all.reduce((left, traces) => withoutOne(left, traces, true), text);
	const redactSure = (text: string): string => all.reduce((left, traces) => withoutOne(left, traces, false), text);
	const cleaned = (_: string, value: unknown): unknown => {
		if (typeof value === 'string') return redact(value);
		if (typeof value === 'number') return all.some(({ sure }) => sure.includes(String(value))) ? REDACTED : value;
		if (
			typeof value !== 'object' ||
			value === null ||
			Array.isArray(value) ||
			!Object.keys(value).some((name) => redactSure(name) !== name)
		)
			return value;
		return Object.fromEntries(Object.entries(value).map(([name, one]: [string, unknown]) => [redactSure(name), one]));
	};
	// Looking for them in the whole text is cheap; looking into each value is not.
	return {
		redact,
		parse: (text) => {
			const value = parsed(text);
			// Of deep values the parser reads as many levels as there are, but calls back on a thousand or so only.
			return isIn(text) ? parsed(JSON.stringify(cutDepth(value)), cleaned) : value;
		},
	};
}

/** How one secret may stand in a text. */
interface Traces {
	/** A text that has none of these has no trace of it. */
	signs: readonly string[];
	sure: readonly string[];
	/** For what must stand alone. */
	short: readonly RegExp[];
	/** What stands in base64 of anything that holds it. */
	encoded: readonly string[];
}

function tracesOf(secret: string): Traces {
	const forms = [...new Set(formsOf(secret))].sort((left, right) => right.length - left.length);
	const encoded = [...new Set([0, 1, 2].flatMap((shift) => encodedOf(secret, shift)))];
	// Letters and digits stand as they are in every form.
	const core = (secret.match(/[A-Za-z0-9]+/g) ?? []).sort((left, right) => right.length - left.length)[0] ?? '';
	return {
		signs: [...(core.length >= SHORTEST ? [core] : forms), ...encoded],
		sure: forms.filter(({ length }) => length >= SURE),
		short: forms
			.filter(({ length }) => length < SURE)
			.map((form) => new RegExp(`(?<![\\p{L}\\p{N}])${form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu')),
		encoded,
	};
}

function withoutOne(text: string, { signs, sure, short, encoded }: Traces, alsoShort: boolean): string {
	if (!signs.some((sign) => text.includes(sign))) return text;
	const left = encoded.reduce(
		withoutEncoded,
		sure.reduce((rest, form) => rest.replaceAll(form, REDACTED), text),
	);
	return alsoShort ? short.reduce((rest, alone) => rest.replace(alone, REDACTED), left) : left;
}

/** The whole piece of base64 that holds it. Not by an expression, which would take for ever on a long piece. */
function withoutEncoded(text: string, piece: string): string {
	let [rest, done] = ['', 0];
	for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, done)) {
		let [from, to] = [at, at + piece.length];
		while (from > done && BASE64.test(text.charAt(from - 1))) from -= 1;
		while (to < text.length && BASE64.test(text.charAt(to))) to += 1;
		rest += text.slice(done, from) + REDACTED;
		done = to;
	}
	return rest + text.slice(done);
}

const BASE64 = /[A-Za-z0-9+/_=-]/;

/** What of base64 depends on the secret alone when so many bytes (of three) stand before it, as in "user:secret". */
function encodedOf(secret: string, shift: number): string[] {
	const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
	const piece = bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6));
	return [piece, piece.replaceAll('+', '-').replaceAll('/', '_')];
}

/** A sign-in of user and key in base64 may be repeated as what it says: "ada:1:9f8e…". */
function withinBase64(secret: string): string[] {
	const [, key] =
		/^[\x20-\x7e]+:([\x20-\x7e]+)$/.exec(/^[A-Za-z0-9+/]{8,}={0,2}$/.test(secret) ? Buffer.from(secret, 'base64').toString() : '') ?? [];
	return key === undefined ? [] : [key];
}

/** As it is, in JSON of several writers, in JSON within JSON, in an address, in a page. */
function formsOf(secret: string): string[] {
	const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
	const ascii = (text: string): string =>
		text.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const json = inJson(secret);
	const written = [json, ascii(json), json.replaceAll('/', '\\/'), ascii(json.replaceAll('/', '\\/'))];
	const address = encodeURIComponent(secret.toWellFormed());
	const page = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
	return [
		secret,
		...written,
		...written.map(inJson),
		address,
		encodeURI(secret.toWellFormed()),
		address.replaceAll('%20', '+'),
		address.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
		page,
		page.replaceAll("'", '&#39;'),
		page.replaceAll("'", '&#039;'),
	];
}

/** Tokens of this process by the secret that they were had for. */
const TOKENS = sharedMap<string[]>('tokens');
/** Of accounts in use; the oldest is forgotten. */
const MOST_ACCOUNTS = 500;
/** Of all who sign in with it; requests that are under way may still have the one before. */
const MOST_TOKENS = 5;

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Keeps that a sign-in with this secret gave a token, which is a secret itself. */
export function keepToken(secret: string, token: string): void {
	const key = keyOf(secret);
	const tokens = [token, ...(TOKENS.get(key) ?? []).filter((one) => one !== token)].slice(0, MOST_TOKENS);
	TOKENS.delete(key);
	TOKENS.set(key, tokens);
	for (const oldest of TOKENS.keys()) {
		if (TOKENS.size <= MOST_ACCOUNTS) break;
		TOKENS.delete(oldest);
	}
}

export const tokensFor = (secret: string): readonly string[] => TOKENS.get(keyOf(secret)) ?? [];
