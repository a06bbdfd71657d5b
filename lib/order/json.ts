/** Reads what came from outside as JSON, of which nothing is taken for granted. */
import type { JsonValue } from './order';
import { wholeText } from './texts';

export type JsonObject = Record<string, unknown>;

/** Lists and null are none. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `Array.isArray`, of whose members nothing is taken for granted. */
export const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** A copy of what is to be kept or sent: what JSON has no word for is left out. @param value anything but undefined */
export const jsonCopy = (value: NonNullable<unknown> | null): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

/** Of a value that came as JSON, or of a part of one; undefined, which JSON does not have, is null. */
export const jsonOf = (value: unknown): JsonValue => (value ?? null) as JsonValue;

/** JSON by its type. TypeScript does not see that of an interface, since another file might add to it. */
type Json<T> = T extends JsonValue | undefined
	? T
	: T extends (...given: never[]) => unknown
		? never
		: T extends object
			? { [K in keyof T]: Json<T[K]> }
			: never;

/** Of what is JSON by its type; the very same value. */
export const asJson = <T extends object>(value: T & Json<T>): JsonValue => value as unknown as JsonValue;

/** The objects of a list; [] for anything else. */
export const objectsIn = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Text or number as text, without white space around it; null for anything else and for blank text. @example textOf(17) // '17' */
export function textOf(value: unknown): string | null {
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return typeof value === 'string' ? wholeText(value).trim() || null : null;
}
