/** All actions. The table is exhaustive: an action without an entry does not compile. */
import { shown } from '../../order/errors';
import { ruleProblem } from '../problem';
import type { Action } from '../rule';
import type { ActionDefinition, ActionOf, RunAction } from './action';
import { addLine } from './addLine';
import { archive } from './archive';
import { bundle } from './bundle';
import { clearField } from './clearField';
import { fail } from './fail';
import { fitAddress } from './fitAddress';
import { hold } from './hold';
import { mapShippingMethod } from './mapShippingMethod';
import { removeLines } from './removeLines';
import { replaceSkus } from './replaceSkus';
import { route } from './route';
import { routeLines } from './routeLines';
import { setField } from './setField';
import { skip } from './skip';
import { split } from './split';
import { stop } from './stop';
import { addTags, removeTags } from './tags';

export const ACTIONS = {
	skip, removeLines, setField, mapShippingMethod, route, hold, fail, clearField, addTags, removeTags, addLine, replaceSkus, archive, stop, fitAddress,
	routeLines, split, bundle,
} as const satisfies {
	[K in Action['kind']]: ActionDefinition<ActionOf<K>>;
};

/** Throws FulfillmentError when the action is not known or not valid. */
export function compileAction(action: Action, rule: string): RunAction {
	const kind: unknown = (action as Action | null | undefined)?.kind;
	if (typeof kind !== 'string' || !Object.hasOwn(ACTIONS, kind)) {
		throw ruleProblem(`The action ${shown(kind)} is not known.`, `Choose one of: ${Object.keys(ACTIONS).join(', ')}.`);
	}
	return (ACTIONS[action.kind] as ActionDefinition<Action>).compile(action, rule);
}
