/** What an action is to the engine. A new action is a file beside this one and a line in registry.ts. */
import type { OrderContent } from '../../order/order';
import type { Splitter } from '../parts';
import type { Action, Decision, RuleContext } from '../rule';

export interface ActionResult {
	/** The content that was given, or a changed copy. Never changed in place. */
	content: OrderContent;
	/** Ends the evaluation: no later action or rule runs. */
	decision?: Decision;
	/** Ends the evaluation without a decision. */
	stops?: boolean;
	/** Divides what each warehouse gets, once all rules ran. */
	split?: Splitter;
	/** What happened, for people, where `changes` do not tell it. */
	note?: string;
	/** The action would have held the order, but the hold was served or is over. */
	holdServed?: boolean;
}

/** Carries the action out on one order. Throws FulfillmentError when it cannot. */
export type RunAction = (content: OrderContent, context: RuleContext) => ActionResult;

export interface ActionDefinition<A extends Action> {
	/** Checks the action and prepares it, once for many orders. Throws FulfillmentError when the action is not valid. */
	compile(action: A, rule: string): RunAction;
}

export type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;
