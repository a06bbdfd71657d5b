/** Checks an order against what a WMS accepts. Pure; every adapter uses it. */
import { shown, type FieldProblem } from '../../order/errors';
import type { FieldLimit } from '../Wms';
import { isObject } from './json';

interface Line {
	id: string;
	name?: string;
}

/** What can be checked: an order, or a request of the same shape. */
interface Checked {
	lines: readonly Line[];
}

/**
 * Every problem, not only the first, so that a person corrects them in one go. Lengths are in characters as people count them
 * (an emoji is one). A limit of `lines.<field>` holds for each line.
 */
export function fieldProblems(order: Checked, limits: readonly FieldLimit[]): FieldProblem[] {
	return limits.flatMap((limit) => {
		if (!limit.path.startsWith('lines.')) return problemsOf(limit, limit.path, valueAt(order, limit.path));
		const field = limit.path.slice('lines.'.length);
		return order.lines.flatMap((line) =>
			problemsOf(limit, `lines.${line.id}.${field}`, valueAt(line, field)).map((problem) => ofProduct(line, problem)),
		);
	});
}

/** The id of a line says nothing to people. */
const ofProduct = ({ name = '' }: Line, problem: FieldProblem): FieldProblem =>
	name.trim() === '' ? problem : { ...problem, problem: `${problem.problem}; the product is ${shown(name)}` };

function problemsOf({ maxLength, required, pattern }: FieldLimit, field: string, value: unknown): FieldProblem[] {
	const text = value === null || value === undefined ? '' : String(value);
	if (text.trim() === '') return required ? [{ field, problem: 'is missing', code: 'missing_field' }] : [];
	const problems: FieldProblem[] = [];
	const length = [...text].length;
	if (maxLength !== undefined && length > maxLength) {
		problems.push({ field, value, problem: `has ${length} characters, the warehouse accepts ${maxLength}`, code: 'field_too_long' });
	}
	if (pattern && !new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, '')).test(text)) {
		const code = field.includes('Address.') ? 'invalid_address' : 'rejected_by_wms';
		problems.push({ field, value, problem: 'is not in the form that the warehouse accepts', code });
	}
	return problems;
}

function valueAt(from: object, path: string): unknown {
	let value: unknown = from;
	for (const key of path.split('.')) {
		if (!isObject(value) || !Object.hasOwn(value, key)) return null;
		value = value[key];
	}
	return value;
}
