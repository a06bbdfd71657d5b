/** Reads the fields of an action as a person or an expression filled them in. */
import type { JsonValue } from '../../../order/order';
import { NO_CONDITIONS, type ConditionSet } from '../../conditionSet';
import { isPlainPath, resolved as asResolved } from '../../paths';
import { rowFieldsOf, type Field } from './field';

/** The parameters of an action, or a row of one of its tables. */
export type Given = Readonly<Record<string, unknown>>;

export const isExpression = (value: unknown): value is string => typeof value === 'string' && value.startsWith('=');

/** Has n8n resolve an expression; a literal passes. */
export type Resolve = <T>(value: unknown, fallback: T) => T;

/** Each throws an Error for a name that is no field of the action, and what `Resolve` throws. What was not entered is the default of the field. */
export interface FieldReader {
	text(name: string): string;
	/** Without spaces at the ends; null = empty. */
	textOrNull(name: string): string | null;
	/** Text with commas, semicolons or line breaks between its parts. */
	parts(name: string): string[];
	number(name: string): number;
	boolean(name: string): boolean;
	/** What the list offers is not checked here: the engine does. */
	choice<T extends string>(name: string): T;
	choices<T extends string | number>(name: string): T[];
	/** ISO. A bad one is left for the engine to name. */
	date(name: string): string;
	/** A fixed value, or a plain path that is read on each order when the rule runs. */
	value(name: string): JsonValue;
	/** Without a condition: a set that the engine refuses, since it would mean all lines, or none. */
	conditions(name: string): ConditionSet;
	rows(name: string): FieldReader[];
	/** The time zone of the workflow. */
	zone: string;
}

/** @example fieldReader(resolve, { warehouse: 'BER' }, [warehouse], 'UTC').text('warehouse') // "BER" */
export function fieldReader(resolve: Resolve, given: Given, fields: readonly Field[], zone: string): FieldReader {
	const fieldOf = (name: string): Field => {
		const field = fields.find((one) => one.name === name);
		if (field === undefined) throw new Error(`The action reads "${name}", which is none of its fields.`);
		return field;
	};
	const read = (name: string): unknown => resolve<unknown>(given[name], fieldOf(name).default);
	const text = (name: string): string => String(read(name));
	return {
		text,
		textOrNull: (name) => orNull(text(name)),
		parts: (name) =>
			text(name)
				.split(/[,;\n]/)
				.map((part) => part.trim())
				.filter((part) => part !== ''),
		number: (name) => Number(read(name)),
		boolean: (name) => read(name) as boolean,
		choice: <T extends string>(name: string) => read(name) as T,
		choices: <T extends string | number>(name: string) => read(name) as T[],
		date: (name) => dateOf(read(name)),
		value: (name) => resolveUnlessPath(resolve, given[name] ?? (fieldOf(name).default || null)) as JsonValue,
		conditions: (name) => readConditions(resolve, given[fieldOf(name).name]) ?? NO_CONDITIONS,
		rows: (name) => {
			const { list = [] } = (given[name] ?? {}) as { list?: Given[] };
			return list.map((row) => fieldReader(resolve, row, rowFieldsOf(fieldOf(name)), zone));
		},
		zone,
	};
}

const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());

/** A date as n8n gives it: text, a JavaScript date or a luxon DateTime. */
function dateOf(value: unknown): string {
	const time = typeof value === 'object' && value !== null ? Number(value.valueOf()) : Date.parse(String(value));
	return Number.isNaN(time) ? String(value) : new Date(time).toISOString();
}

/**
 * As `Resolve`, but a plain path stays as it is. What an expression gave is marked, so that a customer's text that looks like
 * an expression is never taken for one.
 */
function resolveUnlessPath(resolve: Resolve, value: unknown): unknown {
	if (!isExpression(value) || isPlainPath(value)) return value;
	return asResolved(resolve<JsonValue>(value, null));
}

/** Null = none were entered. */
export function readConditions(resolve: Resolve, value: unknown): ConditionSet | null {
	const set = value as Partial<ConditionSet> | undefined;
	if (!set?.conditions || set.conditions.length === 0) return null;
	return {
		options: { ...NO_CONDITIONS.options, ...set.options },
		combinator: set.combinator ?? 'and',
		conditions: set.conditions.map((condition) => ({
			...condition,
			leftValue: resolveUnlessPath(resolve, condition.leftValue),
			rightValue: resolveUnlessPath(resolve, condition.rightValue),
		})),
	};
}
