/** Reads the JSON of a cart: each value in its place, and a MappingError with path and value for what is not as it must be. */
import { looksLikeTime, momentIn } from '../../http/ranges';
import { MappingError } from '../../order/errors';
import { isObject, type JsonObject, jsonOf } from '../../order/json';
import type { IsoDate, JsonValue, Money } from '../../order/order';
import { wholeText } from '../../order/texts';

/** Numbers are exact below. */
const MOST = 1e15;

/** One object of a payload. Absent, null and blank are the same. */
export class Payload {
	private constructor(
		private readonly object: JsonObject,
		private readonly path: string,
		private readonly label: string,
	) {}

	/** Throws MappingError for what is no object. @param name what it should be: "order" */
	static of(raw: unknown, name: string, label: string): Payload {
		if (!isObject(raw))
			throw new MappingError(
				name,
				raw ?? null,
				'is not an object',
				`This is no order of ${label}: import it with the trigger of its own cart.`,
			);
		return new Payload(raw, '', label);
	}

	at(name: string): string {
		return this.path === '' ? name : `${this.path}.${name}`;
	}

	value(name: string): unknown {
		return Object.hasOwn(this.object, name) ? (this.object[name] ?? null) : null;
	}

	/** Whether it is given, if only as null. */
	has(name: string): boolean {
		return Object.hasOwn(this.object, name);
	}

	fail(name: string, problem: string, remedy = `Correct the order in ${this.label}; it is imported when it changes there.`): never {
		throw new MappingError(this.at(name), this.value(name), problem, remedy);
	}

	text(name: string): string | null {
		const value = this.value(name);
		if (value === null || value === false) return null;
		if (typeof value === 'number' && Number.isFinite(value)) return String(value);
		if (typeof value !== 'string') return this.fail(name, 'is not text');
		return wholeText(value).trim() || null;
	}

	/** The key of something: never blank. */
	key(name: string): string {
		return this.text(name) ?? this.fail(name, 'is missing');
	}

	money(name: string): Money | null {
		const value = this.value(name);
		if (typeof value === 'number') return Math.abs(value) < MOST ? decimal(value) : this.fail(name, 'is not an amount');
		const text = this.text(name);
		if (text === null) return null;
		if (/^-?\d{1,15}(\.\d+)?$/.test(text)) return text;
		return this.fail(name, 'is not an amount');
	}

	/** A whole number from 0; also as text, and with a fraction of zeros, as some carts write it. */
	quantity(name: string): number {
		const text = this.text(name) ?? '';
		const match = /^(\d{1,7})(?:\.0+)?$/.exec(text);
		return match === null ? this.fail(name, text === '' ? 'the quantity is missing' : 'is not a whole number from 0') : Number(match[1]);
	}

	number(name: string): number | null {
		const text = this.text(name);
		if (text === null) return null;
		const value = Number(text);
		return Math.abs(value) < MOST ? value : this.fail(name, 'is not a number below 10^15');
	}

	/** Of a quantity that need not be there: none is 0. */
	pieces(name: string): number {
		return this.text(name) === null ? 0 : this.quantity(name);
	}

	flag(name: string): boolean {
		const value = this.value(name);
		return value === true || value === 1 || value === '1' || value === 'true';
	}

	/**
	 * A time that no order can have counts as none.
	 *
	 * @param zoned turns the cart's form into one that says its offset; default: it does so itself
	 */
	time(name: string, zoned: (text: string) => string = (text) => text): IsoDate | null {
		const text = this.text(name);
		if (text === null) return null;
		const time = zoned(text);
		return !looksLikeTime(time) || Number.isNaN(Date.parse(time)) ? this.fail(name, 'is not a time') : isoTime(time);
	}

	/** Two letters of ISO 3166. */
	country(name: string): string | null {
		const text = this.text(name);
		if (text === null) return null;
		return /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : this.fail(name, 'is not a country code of two letters');
	}

	part(name: string): Payload | null {
		const value = this.value(name);
		if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return null;
		return isObject(value) ? new Payload(value, this.at(name), this.label) : this.fail(name, 'is not an object');
	}

	parts(name: string): Payload[] {
		const value = this.value(name) ?? [];
		if (!Array.isArray(value)) return this.fail(name, 'is not a list');
		return value.map((one: unknown, index) => {
			const path = `${this.at(name)}[${index}]`;
			if (!isObject(one)) throw new MappingError(path, one ?? null, 'is not an object', `Correct the order in ${this.label}.`);
			return new Payload(one, path, this.label);
		});
	}

	/** Its own fields, as they came. */
	values(): Record<string, JsonValue> {
		return Object.fromEntries(Object.entries(this.object).map(([name, value]) => [name, jsonOf(value)]));
	}

	/** As it came, for keeping. */
	json(): JsonValue {
		return jsonOf(this.object);
	}
}

/** A number as decimal text without an exponent: 16.666666666667 gives "16.66666667". */
export function decimal(value: number): Money {
	if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
	return value.toFixed(8).replace(/\.?0+$/, '');
}

/** @returns null for what is no time, or none that an order can have: before 1970, or from 2100 on */
export function isoTime(text: string): IsoDate | null {
	const time = looksLikeTime(text) ? momentIn(text) : null;
	return time === null ? null : new Date(time).toISOString();
}
