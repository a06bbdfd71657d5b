/** Reads fields of a JSON object, each with its path in what goes wrong. */
import { isShortened, unwrapped } from '../../files/spreadsheet';
import { isDeeperThan } from '../../order/depth';
import { MappingError } from '../../order/errors';
import { isObject } from '../../order/json';
import type { IsoDate, JsonValue, Money } from '../../order/order';
import { wholeText } from '../../order/texts';
import { named } from '../common/customNames';
import { isAmbiguous } from './numbers';
import { separatorIn, type OrderDefaults } from './settings';
import { countryOf, dateOf, moneyOf, piecesOf, quantityOf } from './values';

export type JsonObject = { [key: string]: JsonValue };

const MAX_CUSTOM_DEPTH = 8;

/** Every field throws MappingError when it is not what it should be; null = it is absent. */
export class JsonReader {
	/**
	 * @param origin where the order stands: "orders.ndjson, row 3, "
	 * @param prefix where the object stands in the order: "lines[2]."
	 */
	constructor(
		private readonly object: JsonObject,
		private readonly origin: string,
		private readonly defaults: OrderDefaults,
		private readonly prefix = '',
	) {}

	/** For an object within this one. @param path "lines[2]" */
	within(object: JsonObject, path: string): JsonReader {
		return new JsonReader(object, this.origin, this.defaults, `${this.prefix}${path}.`);
	}

	fail(name: string, value: JsonValue, problem: string, remedy: string): never {
		throw new MappingError(this.at(name), value, problem, remedy);
	}

	value(name: string): JsonValue {
		return Object.hasOwn(this.object, name) ? (this.object[name] ?? null) : null;
	}

	text(name: string): string | null {
		const found = this.value(name);
		if (found === null || found === '') return null;
		if (typeof found === 'number' && Number.isInteger(found) && !Number.isSafeInteger(found))
			return this.fail(name, found, 'is a number with more digits than a JSON number keeps', 'Write it as a text.');
		if (typeof found === 'number') return String(found);
		if (typeof found !== 'string') return this.fail(name, found, 'is not text', 'Give a text.');
		return wholeText(found).trim() || null;
	}

	/** A key, a number or a code. */
	code(name: string): string | null {
		const text = unwrapped(this.text(name) ?? '', true);
		if (isShortened(text)) this.fail(name, text, 'was shortened by a spreadsheet', 'Write all of it, as a text.');
		return text || null;
	}

	/** Of our own shape a point stands before the decimals, unless the setting says otherwise. */
	money(name: string): Money | null {
		const separator = typeof this.value(name) === 'number' ? undefined : separatorIn(this.defaults);
		const text = this.text(name) ?? '';
		return separator === undefined && isAmbiguous(text) && text.includes('.') ? text : moneyOf(text, this.at(name), separator);
	}

	date(name: string): IsoDate | null {
		return dateOf(this.text(name) ?? '', this.at(name), this.defaults);
	}

	country(name: string): string | null {
		return countryOf(this.text(name) ?? '');
	}

	quantity(name: string): number {
		return quantityOf(this.text(name) ?? '', this.at(name), separatorIn(this.defaults));
	}

	/** Of a quantity that need not be there: none is 0. */
	pieces(name: string): number {
		return piecesOf(this.text(name) ?? '', this.at(name), separatorIn(this.defaults));
	}

	flag(name: string): boolean {
		const found = this.value(name);
		if (found === null) return false;
		return typeof found === 'boolean' ? found : this.fail(name, found, 'is neither true nor false', 'Give true or false.');
	}

	/** In grams. */
	weight(name: string): number | null {
		const found = this.value(name);
		if (found === null) return null;
		return typeof found === 'number' && found >= 0 ? found : this.fail(name, found, 'is not a weight in grams', 'Give a number from 0.');
	}

	objectAt(name: string): JsonObject | null {
		const found = this.value(name);
		if (found === null) return null;
		return isObject(found) ? found : this.fail(name, found, 'is not a JSON object', 'Give an object, or null.');
	}

	/** Each once. */
	texts(name: string): string[] {
		const found = this.value(name) ?? [];
		if (!Array.isArray(found) || !found.every((item) => typeof item === 'string'))
			return this.fail(name, found, 'is not a list of texts', 'Give a list such as ["a", "b"].');
		return [...new Set(found)];
	}

	custom(): Record<string, JsonValue> {
		return named(
			Object.entries(this.objectAt('custom') ?? {}).map(([name, value]) => {
				if (isDeeperThan(value, MAX_CUSTOM_DEPTH))
					this.fail(`custom.${name}`, null, 'is nested too deeply', `Use at the most ${MAX_CUSTOM_DEPTH} levels.`);
				return [name, value] as const;
			}),
		);
	}

	/** Where a field stands. */
	at(name: string): string {
		return `${this.origin}${this.prefix}${name}`;
	}
}
