/**
 * All actions on orders: a new one is a file and its line here. Rule sets, their schema and messages list them in this order, so new ones come last; the editor
 * sorts them by name.
 */
import type { DataOf, RuleAction } from './common/action';
import { addLine } from './addLine';
import { addTags } from './addTags';
import { archive } from './archive';
import { bundle } from './bundle';
import { clearField } from './clearField';
import { fail } from './fail';
import { fitAddress } from './fitAddress';
import { hold } from './hold';
import { mapShippingMethod } from './mapShippingMethod';
import { removeLines } from './removeLines';
import { removeTags } from './removeTags';
import { replaceSkus } from './replaceSkus';
import { route } from './route';
import { routeLines } from './routeLines';
import { setField } from './setField';
import { skip } from './skip';
import { split } from './split';
import { stop } from './stop';

export const ACTIONS = {
	skip,
	removeLines,
	setField,
	mapShippingMethod,
	route,
	routeLines,
	split,
	hold,
	bundle,
	fail,
	clearField,
	addTags,
	removeTags,
	addLine,
	replaceSkus,
	archive,
	fitAddress,
	stop,
} as const satisfies Record<string, RuleAction<object>>;

/** An action of a rule as data, `{ kind: 'route', warehouse: 'BER' }`. */
export type Action = DataOf<typeof ACTIONS>;
