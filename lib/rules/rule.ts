/** What a rule is. Plain data: it comes from a node's parameters, later also from a rule set kept in the store. */
import type { Alert } from '../order/alerts';
import type { IsoDate, JsonValue, OrderContent } from '../order/order';
import type { FieldChange } from '../order/timeline';

/** The value of n8n's condition builder (`filter` parameter), left sides unresolved where they are plain paths. */
export interface ConditionSet {
	options: { caseSensitive: boolean; leftValue: string; typeValidation: 'strict' | 'loose'; version: 1 | 2 | 3 };
	conditions: Array<{
		id: string;
		leftValue: unknown;
		operator: { type: string; operation: string; rightType?: string; singleValue?: boolean };
		rightValue: unknown;
	}>;
	combinator: 'and' | 'or';
}

export type LineQuantifier = 'any' | 'all' | 'none';

export type Action =
	| { kind: 'skip'; reason: string | null }
	/** Removes the lines that meet the conditions; none left = Skipped. */
	| { kind: 'removeLines'; lines: ConditionSet }
	| { kind: 'setField'; path: string; value: JsonValue }
	| { kind: 'mapShippingMethod'; map: ShippingMethodMap }
	| { kind: 'route'; warehouse: string }
	| { kind: 'hold'; until: { kind: 'duration'; minutes: number } | { kind: 'date'; date: IsoDate } }
	| { kind: 'fail'; message: string };

export interface ShippingMethodMap {
	caseSensitive: boolean;
	entries: Array<{ method: string; carrier: string | null; serviceLevel: string | null; warehouse: string | null }>;
	/** What happens to a method that is not in the table. */
	unmapped: { kind: 'error' } | { kind: 'leave' } | { kind: 'default'; carrier: string | null; serviceLevel: string | null };
}

export interface Rule {
	name: string;
	enabled: boolean;
	/** No conditions = applies to every order. */
	conditions: ConditionSet | null;
	/** How conditions on fields of a line are meant. */
	lineQuantifier: LineQuantifier;
	actions: Action[];
	/** No later rule runs when this one applied. */
	stop: boolean;
}

export interface RuleContext {
	/** The clock of the run. */
	now: Date;
	/** Warehouses that the node lists; one = the default for orders that no rule routes. */
	warehouses: string[];
	/** Names of the rules whose hold was served. */
	servedHolds: string[];
	/** What conditions may read besides the content: store, cart, externalId, attempts, … */
	facts: Record<string, JsonValue>;
}

export type Decision =
	| { kind: 'route'; warehouse: string }
	| { kind: 'skip'; rule: string; reason: string }
	| { kind: 'hold'; rule: string; until: IsoDate }
	| { kind: 'error'; rule: string | null; alert: Alert };

export interface ConditionTrace {
	left: string;
	operator: string;
	leftValue: JsonValue;
	rightValue: JsonValue;
	met: boolean;
}

export interface RuleTrace {
	rule: string;
	/** off = switched off; stopped = an earlier rule stopped the processing. */
	result: 'applied' | 'not_met' | 'off' | 'stopped' | 'failed' | 'hold_served';
	conditions: ConditionTrace[];
	changes: FieldChange[];
	decided: string | null;
}

export interface RuleOutcome {
	decision: Decision;
	/** The order as the rules left it (also when they skip or hold it). */
	content: OrderContent;
	trace: RuleTrace[];
}
