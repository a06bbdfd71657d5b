import type { ActionDefinition, ActionOf } from './action';

/** Ends the rules without a decision: the order goes on as it is at that moment. No later action of the rule runs either. */
export const stop: ActionDefinition<ActionOf<'stop'>> = {
	compile: () => (content) => ({ content, stops: true, note: 'no later rule runs' }),
};
