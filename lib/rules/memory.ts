/**
 * Most orders have one of a few countries, methods or merchants: what conditions gave for the same values is given again, and is in memory once
 * for thousands of orders. Rules that look at the same fields look them up together.
 */
import type { Scope, ValueReader } from './paths';

/** So many combinations of values of the same fields are kept; fields with more of them are different in nearly every order. */
export const REMEMBERED = 500;

/** By the value of the first field, then by that of the second one …: what each rule gave, by its place among those with these fields. */
type Known<T> = Map<unknown, Known<T> | T[]>;

class SameFields<T> {
	/** Of rules with these fields. */
	rules = 0;
	private readonly known: Known<T> = new Map();
	private kept = 0;
	private scope: Scope | null = null;
	private results: T[] | null = null;

	constructor(private readonly fields: readonly ValueReader[]) {}

	/** What rules gave for these values, to be added to; null = such values are not kept. Rules run on one scope after the other. */
	resultsFor(scope: Scope): T[] | null {
		if (scope !== this.scope) {
			this.results = this.find(scope);
			this.scope = scope;
		}
		return this.results;
	}

	private find(scope: Scope): T[] | null {
		let found: Known<T> | T[] | undefined = this.known;
		for (const field of this.fields) {
			found = (found as Known<T>).get(field.read(scope));
			if (found === undefined) return this.add(scope);
		}
		return found as T[];
	}

	private add(scope: Scope): T[] | null {
		if (this.kept >= REMEMBERED) return null;
		const values = this.fields.map((field) => field.read(scope));
		// Two orders never share a list or an object, and hardly ever a long text.
		if (values.some((value) => (typeof value === 'object' && value !== null) || (typeof value === 'string' && value.length > 80)))
			return null;
		this.kept += 1;
		const last = values.pop();
		let level = this.known;
		for (const value of values) {
			const next = (level.get(value) as Known<T> | undefined) ?? new Map<unknown, Known<T> | T[]>();
			level.set(value, next);
			level = next;
		}
		const results: T[] = [];
		level.set(last, results);
		return results;
	}
}

/** Of the rules of one set. */
export class Memory<T> {
	private readonly byFields = new Map<string, SameFields<T>>();

	/**
	 * @param fields fields of the order; `check` must depend on them alone
	 * @param check what it throws is not kept
	 */
	remembering(fields: readonly ValueReader[], check: (scope: Scope) => T): (scope: Scope) => T {
		const key = JSON.stringify(fields.map(({ field }) => field));
		const same = this.byFields.get(key) ?? new SameFields<T>(fields);
		this.byFields.set(key, same);
		const place = same.rules++;
		return (scope) => {
			const results = same.resultsFor(scope);
			return results === null ? check(scope) : (results[place] ??= check(scope));
		};
	}
}
