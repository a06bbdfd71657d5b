/**
 * Shapes of JSON: each checks a value and describes itself as JSON Schema, so that what is published is what is checked. The types make
 * sure that a shape has every field of what it stands for.
 */
import { shown } from '../../order/errors';
import { type JsonObject, jsonOf } from '../../order/json';
import type { JsonValue } from '../../order/order';
import { plainPath } from '../paths';

export type JsonSchema = { [key: string]: JsonValue };

export interface Shape<T> {
	readonly schema: JsonSchema;
	/** What stands for a field that is not given; absent = the field is required. */
	readonly fallback?: { value: T };
	/** A checked copy. What is wrong goes to `problems`; the copy is of no use then. */
	check(value: unknown, path: string, problems: string[]): T;
}

/** Expressions of n8n need an item, which a set that many workflows share does not have. */
const isExpression = (value: string): boolean => value.startsWith('=') && value.includes('{{');

const refuse = <T>(problems: string[], path: string, value: unknown, problem: string): T => {
	problems.push(`${path === '' ? 'The rule set' : path}: ${problem} (value: ${shown(value)}).`);
	return value as T;
};

export function text(options: { least?: number; most?: number; description?: string } = {}): Shape<string> {
	const { least = 0, most = 2_000, description } = options;
	return {
		schema: { type: 'string', ...(least > 0 && { minLength: least }), maxLength: most, ...(description !== undefined && { description }) },
		check(value, path, problems) {
			if (typeof value !== 'string') return refuse(problems, path, value, 'is not a text');
			if (value.length > most) return refuse(problems, path, value, `is longer than ${most} characters`);
			if (value.trim().length < least) return refuse(problems, path, value, 'is empty');
			if (isExpression(value)) return refuse(problems, path, value, 'is an expression, which cannot stand here in a shared rule set');
			return value;
		},
	};
}

export function number({ least, most, whole = false }: { least?: number; most?: number; whole?: boolean } = {}): Shape<number> {
	return {
		schema: {
			type: whole ? 'integer' : 'number',
			...(least !== undefined && { minimum: least }),
			...(most !== undefined && { maximum: most }),
		},
		check(value, path, problems) {
			if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
				return refuse(problems, path, value, whole ? 'is not a whole number' : 'is not a number');
			}
			if (least !== undefined && value < least) return refuse(problems, path, value, `is less than ${least}`);
			if (most !== undefined && value > most) return refuse(problems, path, value, `is more than ${most}`);
			return value;
		},
	};
}

export const boolean: Shape<boolean> = {
	schema: { type: 'boolean' },
	check: (value, path, problems) => (typeof value === 'boolean' ? value : refuse(problems, path, value, 'is neither true nor false')),
};

export function oneOf<const T extends string | number>(...values: T[]): Shape<T> {
	return {
		schema: { enum: values },
		check: (value, path, problems) =>
			values.includes(value as T)
				? (value as T)
				: refuse(problems, path, value, `is not one of ${values.map((each) => shown(each)).join(', ')}`),
	};
}

/** A value, or a field of the order (or shipment) as `={{ $json.… }}`. */
export const valueOrField: Shape<JsonValue> = {
	schema: { description: 'A value, or a field of the order such as "={{ $json.customer.email }}".' },
	check(value, path, problems) {
		if (value === undefined) return refuse(problems, path, value, 'is missing');
		if (typeof value === 'string' && isExpression(value) && plainPath(value) === null) {
			return refuse(
				problems,
				path,
				value,
				'is an expression that rules cannot read; use a field of the order such as {{ $json.total }}, or a fixed value',
			);
		}
		return jsonOf(structuredClone(value));
	},
};

export const nullable = <T>(shape: Shape<T>): Shape<T | null> => ({
	schema: { anyOf: [shape.schema, { type: 'null' }] },
	fallback: { value: null },
	check: (value, path, problems) => (value === null ? null : shape.check(value, path, problems)),
});

export const otherwise = <T>(shape: Shape<T>, value: T): Shape<T> => ({
	schema: { ...shape.schema, default: value as JsonValue },
	fallback: { value },
	check: (given, path, problems) => shape.check(given, path, problems),
});

export const list = <T>(shape: Shape<T>, { most = 1_000 }: { most?: number } = {}): Shape<T[]> => ({
	schema: { type: 'array', items: shape.schema, maxItems: most },
	check(value, path, problems) {
		if (!Array.isArray(value)) return refuse(problems, path, value, 'is not a list');
		if (value.length > most) return refuse(problems, path, value.length, `has more than ${most} entries`);
		return value.map((item, index) => shape.check(item, `${path}[${index}]`, problems));
	},
});

/** Fields that T has not always may be left out. */
export type Fields<T> = { [K in keyof T]-?: Shape<NonNullable<unknown> extends T[K] ? T[K] : Exclude<T[K], undefined>> };

/** @param optional names of fields that may be missing and then stay so */
export function object<T extends object>(fields: Fields<T>, optional: ReadonlyArray<keyof T & string> = []): Shape<T> {
	const entries = Object.entries(fields) as Array<[string, Shape<unknown>]>;
	const isOptional = (name: string) => (optional as readonly string[]).includes(name);
	return {
		schema: {
			type: 'object',
			properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
			required: entries.filter(([name, { fallback }]) => fallback === undefined && !isOptional(name)).map(([name]) => name),
			additionalProperties: false,
		},
		check(value, path, problems) {
			if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(problems, path, value, 'is not an object');
			const below = (name: string) => (path === '' ? name : `${path}.${name}`);
			const given: JsonObject = { ...value };
			for (const name of Object.keys(given)) {
				if (!Object.hasOwn(fields, name))
					problems.push(`${below(name)}: is not known here. Known are: ${entries.map(([known]) => known).join(', ')}.`);
			}
			const copy: Record<string, unknown> = {};
			for (const [name, shape] of entries) {
				if (Object.hasOwn(given, name) && given[name] !== undefined) copy[name] = shape.check(given[name], below(name), problems);
				else if (shape.fallback !== undefined) copy[name] = structuredClone(shape.fallback.value);
				else if (!isOptional(name)) problems.push(`${below(name)}: is missing.`);
			}
			return copy as T;
		},
	};
}

interface ChoiceOptions {
	/** What an object is that does not say it. */
	fallback?: string;
	/** Says why a name that is known elsewhere cannot stand here; null = it is known nowhere. */
	unknownChoice?(name: string): string | null;
}

/** Objects told apart by one field. */
export function choice<K extends string, T extends { [P in K]: string }>(
	key: K,
	shapes: { [V in T[K]]: Shape<Omit<Extract<T, { [P in K]: V }>, K>> },
	{ fallback, unknownChoice = () => null }: ChoiceOptions = {},
): Shape<T> {
	const entries = Object.entries(shapes) as Array<[string, Shape<object>]>;
	return {
		schema: {
			oneOf: entries.map(([name, { schema }]): JsonSchema => ({
				...schema,
				properties: { [key]: { const: name, ...(name === fallback && { default: name }) }, ...(schema.properties as JsonSchema) },
				required: [...(name === fallback ? [] : [key]), ...(schema.required as string[])],
			})),
		},
		check(value, path, problems) {
			if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(problems, path, value, 'is not an object');
			const { [key]: name = fallback, ...rest }: JsonObject = { ...value };
			const found = entries.find(([known]) => known === name);
			if (found === undefined) {
				const where = path === '' ? key : `${path}.${key}`;
				const known = entries.map(([each]) => each).join(', ');
				const other = typeof name === 'string' ? unknownChoice(name) : null;
				return refuse(problems, where, name, other === null ? `is not one of ${known}` : `${other}; use one of ${known}`);
			}
			return { [key]: name, ...found[1].check(rest, path, problems) } as T;
		},
	};
}
