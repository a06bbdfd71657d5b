/** What the engine, the rule sets and the nodes take from a registry of actions. */
import { shown } from '../../../order/errors';
import { isObject } from '../../../order/json';
import { ruleProblem } from '../../problem';
import type { Shape } from '../../ruleSet/shape';
import type { RuleKind } from '../../subjects/subject';
import type { ActionForm, DataOf, RuleAction, RunAction } from './action';
import type { Field } from './field';
import { fieldReader, type Given, type Resolve } from './reading';

type Registry = Readonly<Record<string, ActionForm<object>>>;

/** Prepares an action. Throws FulfillmentError when it is not known or not valid. @param where such as " for shipments" */
export function compilerOf<K extends RuleKind>(
	registry: Readonly<Record<string, RuleAction<object, K>>>,
	where = '',
): (action: { kind: string }, rule: string) => RunAction<K> {
	const actions = new Map(Object.entries(registry));
	return (action, rule) => {
		// Of what a node or a rule set holds nothing is taken for granted.
		const kind: unknown = isObject(action) ? action['kind'] : undefined;
		const known = typeof kind === 'string' ? actions.get(kind) : undefined;
		if (known === undefined)
			throw ruleProblem(`The action ${shown(kind)} is not known${where}.`, `Choose one of: ${[...actions.keys()].join(', ')}.`);
		return known.compile(action, rule);
	};
}

/** For `choice`. */
export const shapesOf = <R extends Registry>(registry: R) =>
	Object.fromEntries(Object.entries(registry).map(([kind, { shape }]) => [kind, shape])) as {
		[K in DataOf<R>['kind']]: Shape<Omit<Extract<DataOf<R>, { kind: K }>, 'kind'>>;
	};

/**
 * Reads what the editor holds of an action. One that is not known, as a later version or a stranger's JSON may name, goes on as it is: the engine refuses it.
 *
 * @example readActionOf(ACTIONS)(resolve, { action: 'route', warehouse: 'BER' }, 'UTC') // { kind: 'route', warehouse: 'BER' }
 */
export const readActionOf =
	<R extends Registry>(registry: R) =>
	(resolve: Resolve, given: Given, zone: string): DataOf<R> => {
		const kind = String(given['action']);
		const action = new Map<string, ActionForm<object>>(Object.entries(registry)).get(kind);
		return { kind, ...action?.read(fieldReader(resolve, given, action.fields, zone)) } as DataOf<R>;
	};

/** The fields of all actions, each with the actions that have it. A shared one comes once, where it is met first; settings of tables come last. */
export function fieldsOf(registry: Registry): Array<{ field: Field; kinds: string[] }> {
	const kindsOf = new Map<Field, string[]>();
	for (const [kind, { fields }] of Object.entries(registry)) {
		for (const field of fields) kindsOf.set(field, [...(kindsOf.get(field) ?? []), kind]);
	}
	const all = [...kindsOf].map(([field, kinds]) => ({ field, kinds: kinds.sort() }));
	return [...all.filter(({ field }) => !field.belowTables), ...all.filter(({ field }) => field.belowTables)];
}
