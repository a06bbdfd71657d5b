/** What the states of a cart mean for us: the table that its adapter exports, written down. */
import { READINESS } from '../../lib/order/cartWord';
import type { CartStates } from '../../lib/carts/common/cartStates';
import { code, table } from './markdown';

/** Of an order that the store does not know. */
export const FIRST_SEEN = 'First seen so, it is recorded as Delayed.';

/** @param states by the cart's own value */
export const cartStateTable = (states: CartStates): string =>
	table(['in the cart', 'value', 'the cart’s word', 'means for us'], Object.entries(states).map(([value, { label, word, held, means }]) => [label, code(value), `${READINESS[word.readiness].label}${word.reason === null ? '' : `: ${word.reason}`}`, held === true ? `${means} ${FIRST_SEEN}` : means]));
