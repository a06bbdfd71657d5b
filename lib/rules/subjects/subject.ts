/**
 * What rules judge and their actions change: an order (order.ts), or a shipment before the cart is told (shipment.ts). The engine knows of it what stands here.
 */
import type { OrderedLine } from '../../order/order';
import type { PathKey, Scope } from '../paths';
import type { RunContext } from '../run';

/** The types of a kind of rules. */
export interface RuleKind {
	/** What is judged. Actions give a changed copy. */
	content: { lines: OrderedLine[] };
	/** What a run is given besides. */
	context: RunContext;
	/** What a rule can decide besides that it failed. */
	decision: object;
	/** Divides what no rule decided about; never = it cannot be divided. */
	splitter: unknown;
}

/** leaf = nothing below it; free = any names below it, as carts give them; else the names. */
export type Fields = 'leaf' | 'free' | { readonly [name: string]: Fields };

/** A field that stands first in a path. */
export interface SubjectField<K extends RuleKind> {
	/** What a path may name below it. */
	below: Fields;
	read(content: K['content'], context: K['context']): unknown;
}

/** How the engine reads one kind of subject, and speaks of it. */
export interface Subject<K extends RuleKind> {
	/** Such as "an order". */
	label: string;
	/** All that rules may read of it, by name. */
	fields: Readonly<Record<string, SubjectField<K>>>;
	/** What actions may name besides, without `lines[0]`. */
	ofLines: Readonly<Record<string, Fields>>;
	/** The names below a word that paths know it by, such as "shipment"; when the engine meets one, it is of none of these. */
	aliases: Readonly<Record<string, readonly string[]>>;
	/** A decision for people, as the trace has it. */
	describe(decision: K['decision']): string;
}

/** The same field for each of several names. */
export const fieldsNamed = <N extends string, K extends RuleKind>(
	names: readonly N[],
	field: (name: N) => SubjectField<K>,
): Record<string, SubjectField<K>> => Object.fromEntries(names.map((name) => [name, field(name)]));

/** The scope of conditions on a subject, and of the values of actions. */
export const scopeOf = <K extends RuleKind>({ fields }: Subject<K>, content: K['content'], context: K['context']): Scope => ({
	lines: content.lines,
	now: context.now,
	zone: context.zone ?? 'UTC',
	line: null,
	// A path may start with a number, or with what every object inherits.
	field: (name: PathKey) => (Object.hasOwn(fields, name) ? fields[name]?.read(content, context) : undefined),
});
