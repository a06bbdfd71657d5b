/** What the states of Vendure mean for us: the table of `lib/carts/vendure/states.ts`, written down. */
import { FIRST_SEEN } from './cartStates';
import { STATES } from '../../lib/carts/vendure/states';
import { keysOf } from '../../lib/order/keys';
import { code, table } from './markdown';

export const vendureStates = (): string =>
	table(['state', 'means for us'], [...keysOf(STATES).map((state) => [code(state), 'held' in STATES[state] ? `${STATES[state].means} ${FIRST_SEEN}` : STATES[state].means]), ['a state of the shop’s own', 'Waits, unless *Other States* takes it.']]);
