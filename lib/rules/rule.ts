/** What a rule is. Plain data: it comes from a node's parameters, or from a rule set that the order store keeps. */
import type { Action } from './actions/registry';
import type { ConditionSet, LineQuantifier } from './conditionSet';

export type Rule = RuleOf<Action>;

/** Rules for orders and rules for shipments differ in what they can do. */
export interface RuleOf<A> {
	name: string;
	enabled: boolean;
	/** No conditions = applies to every order. */
	conditions: ConditionSet | null;
	/** How conditions on fields of a line are meant. */
	lineQuantifier: LineQuantifier;
	actions: A[];
	/** No later rule runs when this one applied. */
	stop: boolean;
}

/** What happens to an order that no rule decided about: none chose its warehouse, none stopped. */
export type Undecided = 'accept' | 'skip' | 'error';

/** What belongs to a set of rules besides the rules. */
export interface RuleSettings {
	/** IANA zone in which weekdays and hours of dates are meant. Default: UTC. */
	zone?: string;
	/** Default: accept. */
	undecided?: Undecided;
}
