/** What can be known of a sending: whether the warehouse has the order, may have it, or has it not. */
import { keysOf } from './keys';

interface StateDefinition {
	label: string;
	meaning: string;
	/** The warehouse has the order, or may have it: nothing may be decided as if it had not. */
	live: boolean;
}

export const SENDING_STATES = {
	none: { label: 'never sent', meaning: 'No request with the order ever went out.', live: false },
	may_be_there: {
		label: 'may be there',
		meaning: 'A request went out, or was about to, and nothing proves yet what came of it.',
		live: true,
	},
	there: { label: 'there', meaning: 'The warehouse confirmed it, reported on it, or a person found it there.', live: true },
	not_there: {
		label: 'not there',
		meaning: 'The warehouse refused it, was certainly not reached, still does not know it after *Late Acceptance*, or a person looked.',
		live: false,
	},
	canceled_there: { label: 'canceled there', meaning: 'The warehouse had it and canceled it. The reference is used up.', live: false },
} as const satisfies Record<string, StateDefinition>;

/** Of an order: what is known of its latest sending; `none` = it has none. */
export type SendingState = keyof typeof SENDING_STATES;

export const SENDING_STATE_NAMES = keysOf(SENDING_STATES);

/** Whether the warehouse has the order, or may have it. In doubt it may. @example isLive('may_be_there') // true */
export const isLive = (state: SendingState): boolean => SENDING_STATES[state].live;

/**
 * What is known of an order by all of its sendings, oldest first: one that is live counts, else what the latest came to.
 *
 * @example stateOf(['there', 'not_there']) // 'there'
 */
export const stateOf = (states: readonly SendingState[]): SendingState => states.findLast(isLive) ?? states.at(-1) ?? 'none';
