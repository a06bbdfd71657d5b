/** Reads what a warehouse answers in JSON, of which nothing is taken for granted. */
export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectsIn = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Text or number as text; null for anything else and for blank text. */
export function textOf(value: unknown): string | null {
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A moment in UTC; one without an offset is taken as UTC. null = there is none. */
export function momentOf(value: unknown): string | null {
	const text = textOf(value);
	if (text === null) return null;
	const zoned = /([zZ]|[+-]\d\d:?\d\d)$/.test(text) || !/T/.test(text) ? text : `${text}Z`;
	const time = Date.parse(zoned);
	return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The partner's own time, from the header `date` of an answer. Null when it does not say: then the next run reads the same again. */
export function serverTime(date: string | undefined): string | null {
	const time = Date.parse(date ?? '');
	return Number.isNaN(time) ? null : new Date(time).toISOString();
}
