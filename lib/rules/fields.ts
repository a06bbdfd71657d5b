/**
 * Which fields a subject has. A rule that names another one would read nothing for ever, so it is refused as it is written; a
 * field that an order leaves empty is something else, and reads as nothing.
 */
import { shown, type FulfillmentError } from '../order/errors';
import { isResolved, labelOf, plainPath, type PathKey } from './paths';
import { ruleProblem } from './problem';
import { LINE } from './subjects/line';
import type { Fields, RuleKind, Subject } from './subjects/subject';

/** What a text and a list have besides. */
const OF_LEAVES: readonly PathKey[] = ['length'];

/** Whose fields a part of a rule may name. */
export interface KnownFields {
	/** Such as "an order". */
	label: string;
	fields: { readonly [name: string]: Fields };
	aliases: Readonly<Record<string, readonly string[]>>;
}

/** What conditions may read; what actions may read, where fields of a line may stand without `lines[0]` as well. */
export function knownFieldsOf<K extends RuleKind>({
	label,
	fields,
	ofLines,
	aliases,
}: Subject<K>): { inConditions: KnownFields; inActions: KnownFields } {
	const below = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.below]));
	return { inConditions: { label, fields: below, aliases }, inActions: { label, fields: { ...ofLines, ...below }, aliases } };
}

/** Checks every plain path in a part of a rule. Throws FulfillmentError `rule_failed` for a field that the subject never has. */
export function assertKnownFields(part: unknown, known: KnownFields): void {
	for (const expression of expressionsIn(part)) {
		const { keys = [] } = plainPath(expression) ?? {};
		if (keys.length > 0) assertKnown(keys, known);
	}
}

function* expressionsIn(value: unknown): Generator<string> {
	if (typeof value === 'string') {
		if (value.startsWith('=')) yield value;
	} else if (typeof value === 'object' && value !== null && !isResolved(value)) {
		for (const inner of Object.values(value)) yield* expressionsIn(inner);
	}
}

function assertKnown(keys: readonly PathKey[], known: KnownFields): void {
	const names = keys.length > 1 && Object.hasOwn(known.aliases, String(keys[0])) ? known.aliases[String(keys[0])] : undefined;
	if (names !== undefined) throw unknownField(keys, 1, names, known);
	let { fields }: { fields: Fields } = known;
	for (const [index, key] of keys.entries()) {
		if (fields === 'free') return;
		if (fields === 'leaf') {
			// tags[0], notes.length
			if (typeof key === 'number' || OF_LEAVES.includes(key)) return;
			throw unknownField(keys, index, [], known);
		}
		// lines[0], lines.length
		if (fields === LINE && index === 1 && (typeof key === 'number' || OF_LEAVES.includes(key))) continue;
		const below: Fields | undefined = Object.hasOwn(fields, key) ? fields[String(key)] : undefined;
		if (below === undefined) throw unknownField(keys, index, Object.keys(fields), known);
		fields = below;
	}
}

function unknownField(keys: readonly PathKey[], index: number, names: readonly string[], { label }: KnownFields): FulfillmentError {
	const parent = index === 0 ? label : labelOf(keys.slice(0, index));
	const near = nearest(String(keys[index]), names);
	const remedy =
		near !== null
			? `Perhaps you mean ${labelOf([...keys.slice(0, index), near])}.`
			: names.length === 0
				? 'Choose a field that is a value by itself.'
				: `Choose one of: ${[...names].sort().join(', ')}. What a cart gives besides is below custom.`;
	return ruleProblem(
		`The rule reads ${shown(labelOf(keys))}, but ${parent} has no field ${shown(String(keys[index]))} that rules can read.`,
		remedy,
	);
}

/** The name that differs by a letter or two, or by case only. */
function nearest(wanted: string, names: readonly string[]): string | null {
	const lower = wanted.toLowerCase();
	const ranked = names
		.map((name) => ({ name, distance: distanceOf(lower, name.toLowerCase()) }))
		.filter(({ distance, name }) => distance <= Math.min(2, Math.floor(name.length / 2)))
		.sort((left, right) => left.distance - right.distance);
	return ranked[0]?.name ?? null;
}

/** Levenshtein's. */
function distanceOf(left: string, right: string): number {
	if (Math.abs(left.length - right.length) > 2) return Number.POSITIVE_INFINITY;
	let row = Array.from({ length: right.length + 1 }, (_, index) => index);
	for (const [i, letter] of [...left].entries()) {
		let [before, diagonal] = [i + 1, i];
		row = row.map((above, j) => {
			if (j > 0) before = Math.min(before + 1, above + 1, diagonal + (letter === right[j - 1] ? 0 : 1));
			diagonal = above;
			return before;
		});
	}
	return row.at(-1) ?? 0;
}
